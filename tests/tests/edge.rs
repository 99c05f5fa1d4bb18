//! Behind CloudFront, the functions answer calls that came through it, and no others.

use countersign_domain::id::Digest;
use countersign_tests::{World, guideline_day};
use reqwest::{Method, StatusCode};

const SECRET: &str = "x-countersign-edge";

/// CloudFront reaches a domain, which has a certificate.
const CERTIFICATE: &str =
    "arn:aws:acm:ap-southeast-1:000000000000:certificate/00000000-0000-4000-8000-000000000000";

/// A world behind CloudFront, whose secret is being changed from `old` to `new`.
async fn behind_cloudfront() -> World {
    let digests = ["old", "new"].map(|secret| Digest::of(secret.as_bytes()).to_string());
    let day = guideline_day().set("CertificateArn", CERTIFICATE);
    World::with(day.set("EdgeDigests", &digests.join(","))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_went_around_cloudfront_is_answered_on_no_route() {
    let world = behind_cloudfront().await;
    let checker = world.sign_in("checker@abc.example").await;
    let mut called = 0;
    for (route, function) in world.local.template().routes() {
        let path = route.path.replace(['{', '}', '+'], "");
        let method: Method = route.method.parse().unwrap();
        for secret in [None, Some("guess"), Some("")] {
            let mut call = reqwest::Client::new()
                .request(method.clone(), format!("{}{path}", world.local.url()))
                .bearer_auth(checker.token());
            if let Some(secret) = secret {
                call = call.header(SECRET, secret);
            }
            let reply = call.send().await.unwrap();
            let place = format!("{} {method} {path}", function.binary);
            assert_eq!(reply.status(), StatusCode::FORBIDDEN, "{place}");
            assert!(
                reply.headers().contains_key("strict-transport-security"),
                "{place}"
            );
            assert_eq!(reply.text().await.unwrap(), "", "{place}");
        }
        called += 1;
    }
    assert!(called >= 70, "{called}");
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_through_cloudfront_is_answered_with_either_secret_during_a_change() {
    let world = behind_cloudfront().await;
    let checker = world.sign_in("checker@abc.example").await;
    for secret in ["old", "new"] {
        let me = checker
            .call(Method::GET, "/me")
            .header(SECRET, secret)
            .send()
            .await;
        assert_eq!(me.status, 200);
        let page = reqwest::Client::new()
            .get(format!("{}/sign-in", world.local.url()))
            .header(SECRET, secret);
        assert_eq!(page.send().await.unwrap().status(), StatusCode::OK);
    }
    world.local.stop().await;
}
