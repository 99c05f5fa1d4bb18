//! Malformed IDs, paths with `..`, and routes that don't exist.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use countersign_domain::request::StateName;
use countersign_tests::cast::{Cast, needed_body};
use countersign_tests::{World, guideline_form};
use reqwest::Method;
use serde_json::Value;

/// The actions whose routes contain a request's ID.
const ACTIONS: [&str; 11] = [
    "save", "clone", "discard", "submit", "reclaim", "claim", "release", "return", "confirm", "complete",
    "reject",
];

/// The status line for a target that is sent exactly as given, which no client would do.
async fn status_line(world: &World, target: &str, token: &str) -> String {
    let address = world.local.url().strip_prefix("http://").unwrap().to_owned();
    let call = format!(
        "GET {target} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\r\n"
    );
    let exchange = move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(call.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer)
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    tokio::task::spawn_blocking(exchange).await.unwrap()
}

async fn token(world: &World, user: &str) -> String {
    let body = format!(
        "grant_type=password&username={}&password=countersign-demo",
        user.replace('@', "%40")
    );
    let client = reqwest::Client::new().post(format!("{}/oauth2/token", world.local.url()));
    let call = client
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body);
    let answer: Value = call.send().await.unwrap().json().await.unwrap();
    answer["access_token"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_the_one_spelling_of_an_id_names_nothing_on_any_route() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let draft = cast.request_in(StateName::Draft, 1).await;
    let id = draft.id();
    let bad = [
        id.to_lowercase(),
        format!("{}I", &id[..25]),
        format!("8{}", &id[1..]),
        id[..25].to_owned(),
        format!("{id}0"),
        format!("%20{id}"),
        format!("{id}%0A"),
        format!("{id}%00"),
        format!("REQ%23{id}"),
        format!("..%2F{id}"),
        "..%2f..%2fme".to_owned(),
        "%7Bid%7D".to_owned(),
        "a%20b".to_owned(),
        "%22%3Cscript%3E".to_owned(),
        "a%3Fstate=Draft".to_owned(),
        "%E7%95%8C".to_owned(),
        "*".to_owned(),
        "0".repeat(26),
        "A".repeat(3_000),
    ];
    for bad in bad {
        let _ = cast
            .maker
            .get(&format!("/requests/{bad}"))
            .await
            .refused(404, "not-found");
        for action in ACTIONS {
            let call = cast.maker.action(&bad, action).if_match(&draft.etag());
            let call = match needed_body(action) {
                Some(body) => call.json(&body),
                None => call,
            };
            let _ = call.send().await.refused(404, "not-found");
        }
    }
    let _ = cast.maker.get("/requests/%FF").await.refused(400, "malformed");
    assert_eq!(cast.maker.read(&id).await.etag(), draft.etag());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_that_climbs_leads_nowhere() {
    let world = World::start().await;
    let maker = token(&world, "maker@abc.example").await;
    assert_eq!(status_line(&world, "/me", &maker).await, "HTTP/1.1 200 OK");
    for target in [
        "/requests/../me",
        "/requests/%2e%2e/me",
        "/requests/..",
        "/./me",
        "//me",
        "/me/",
        "/me;a=b",
        "/me%00",
        "/me%2f",
        "/ME",
        "/..;/me",
        "/requests//claim",
        "/openapi.json/../me",
        "/openapi.json%2f..%2fme",
    ] {
        assert_eq!(
            status_line(&world, target, &maker).await,
            "HTTP/1.1 404 Not Found",
            "{target}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn routes_and_methods_that_there_are_not_are_not_found() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let draft = cast.request_in(StateName::Draft, 1).await;
    let one = format!("/requests/{}", draft.id());
    for (method, path) in [
        (Method::GET, "/".to_owned() + "nowhere"),
        (Method::GET, "/requests/".to_owned()),
        (Method::PATCH, one.clone()),
        (Method::POST, one.clone()),
        (Method::GET, format!("{one}/claim")),
        (Method::PUT, format!("{one}/submit")),
        (Method::POST, format!("{one}/approve")),
        (Method::POST, format!("{one}/save")),
        (Method::POST, format!("{one}/confirm-by-mail")),
        (Method::POST, format!("{one}/submit/")),
        (Method::GET, format!("{one}/history")),
        (Method::DELETE, "/requests".to_owned()),
        (Method::POST, "/me".to_owned()),
        (Method::PUT, "/tasks".to_owned()),
        (Method::POST, "/openapi.json".to_owned()),
        (Method::OPTIONS, "/requests".to_owned()),
        (Method::TRACE, "/me".to_owned()),
    ] {
        let call = cast.maker.call(method, &path).if_match(&draft.etag());
        let _ = call
            .json(&guideline_form())
            .send()
            .await
            .refused(404, "not-found");
    }
    assert_eq!(cast.maker.read(&draft.id()).await.etag(), draft.etag());
}
