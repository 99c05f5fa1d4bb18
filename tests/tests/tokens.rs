//! Whom the API lets in: bearers of an unexpired access token that the user pool issued to the portal's client, with
//! the rights in the token.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign_domain::request::StateName;
use countersign_tests::cast::{Cast, OpenBook, published};
use countersign_tests::contract::documented;
use countersign_tests::scene::{UNKNOWN, send};
use countersign_tests::{Reply, User, World, guideline_form};
use hmac::{Hmac, Mac as _};
use jsonwebtoken::{Algorithm, Header, encode};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::Sha256;

/// Checks that a reply says that nobody is signed in, and how to sign in.
fn hold_out(reply: Reply) -> Reply {
    let reply = reply.refused(401, "not-signed-in");
    let challenge = reply.header("www-authenticate").unwrap_or_default();
    assert!(challenge.starts_with("Bearer"), "{challenge}");
    reply
}

/// Checks that a user is refused everywhere.
async fn hold_out_of_everything(user: &User) {
    for path in [
        "/me",
        "/requests",
        "/tasks",
        "/eservices",
        "/delegated-administrators",
    ] {
        let _ = hold_out(user.get(path).await);
    }
    let _ = hold_out(user.create(&guideline_form()).await);
}

/// The same token with another header, such as one with another algorithm.
fn with_header(token: &str, header: &str) -> String {
    format!("{header}.{}", token.split_once('.').unwrap().1)
}

/// A token that is signed by HS256, which the API does not take (RFC 7518, section 3.2).
fn signed_by_hmac(header: &Header, claims: &Value, secret: &str) -> String {
    let part = |json: Vec<u8>| URL_SAFE_NO_PAD.encode(json);
    let header = part(serde_json::to_vec(header).unwrap());
    let signed = format!("{header}.{}", part(serde_json::to_vec(claims).unwrap()));
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(signed.as_bytes());
    format!("{signed}.{}", part(mac.finalize().into_bytes().to_vec()))
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_let_in_without_a_token_of_the_pool() {
    let book = OpenBook::start().await;
    let claims = book.claims("visitor");
    let token = book.token(&claims);
    let _ = book.world.bearer(&token).get("/me").await.expect(200);
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let other = book.token(&book.claims("somebody-else"));
    // {"alg":"none","typ":"JWT"} and {"alg":"None"}, which some implementations accept.
    let [none, none_in_capitals] = ["eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0", "eyJhbGciOiJOb25lIn0"];
    let bad = [
        String::new(),
        "x".to_owned(),
        "x.y.z".to_owned(),
        signed.to_owned(),
        format!("{signed}."),
        format!("{signed}.{}", other.rsplit_once('.').unwrap().1),
        format!("{signed}.{}", signature.chars().rev().collect::<String>()),
        format!("{token}.{signature}"),
        format!("{}.", with_header(signed, none)),
        with_header(&token, none),
        with_header(&token, none_in_capitals),
    ];
    for token in bad {
        hold_out_of_everything(&book.world.bearer(&token)).await;
    }
    let visitor = book.world.bearer("");
    for header in [
        token.clone(),
        format!("Basic {token}"),
        format!("Token {token}"),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        format!("Bearer {token}, Bearer {token}"),
    ] {
        let call = visitor.call(Method::GET, "/me").header("authorization", &header);
        let _ = hold_out(call.send().await);
    }
    let _ = hold_out(visitor.get(&format!("/me?access_token={token}")).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_another_key_or_another_kind_of_key_signed_is_refused() {
    let book = OpenBook::start().await;
    let claims = book.claims("visitor");
    let public = published(&book.world, "jwks.json").await["keys"][0].clone();
    let mut secrets: Vec<String> = ["x", "y"]
        .map(|half| public[half].as_str().unwrap().to_owned())
        .into();
    secrets.extend([public.to_string(), book.key_id.clone(), String::new()]);
    for secret in secrets {
        let mut header = Header::new(Algorithm::HS256);
        header.kid = Some(book.key_id.clone());
        let token = signed_by_hmac(&header, &claims, &secret);
        hold_out_of_everything(&book.world.bearer(&token)).await;
    }
    let another = OpenBook::start().await;
    let mut header = Header::new(Algorithm::ES256);
    for key_id in [Some(book.key_id.clone()), Some("another".to_owned()), None] {
        header.kid = key_id;
        let token = encode(&header, &claims, &another.key).unwrap();
        hold_out_of_everything(&book.world.bearer(&token)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_good_for_one_issuer_one_client_and_its_own_time() {
    let book = OpenBook::start().await;
    let now = book.world.local.clock().now().as_second();
    let absent = Value::Null;
    for (name, value) in [
        (
            "iss",
            json!("https://cognito-idp.ap-southeast-1.amazonaws.com/other"),
        ),
        ("iss", absent.clone()),
        ("client_id", json!("another-client")),
        ("client_id", absent.clone()),
        ("aud", json!("another-client")),
        ("aud", json!(["another-client"])),
        ("exp", json!(now)),
        ("exp", json!(now - 3_600)),
        ("exp", json!("tomorrow")),
        ("exp", absent.clone()),
        ("iat", json!(now + 3_600)),
        ("nbf", json!(now + 3_600)),
    ] {
        let mut claims = book.claims("visitor");
        claims[name] = value.clone();
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(name);
        }
        let token = book.token(&claims);
        let reply = book.world.bearer(&token).get("/me").await;
        assert_eq!(reply.status, 401, "{name}: {value}: {}", reply.body);
        hold_out_of_everything(&book.world.bearer(&token)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_token_is_no_access_token() {
    let book = OpenBook::start().await;
    let mut claims = book.claims("visitor");
    let members = claims.as_object_mut().unwrap();
    members.remove("client_id");
    members.insert("aud".to_owned(), json!(book.client()));
    members.insert("token_use".to_owned(), json!("id"));
    hold_out_of_everything(&book.bearer(&claims)).await;
    // A token without `token_use` is refused as well.
    claims.as_object_mut().unwrap().remove("token_use");
    hold_out_of_everything(&book.bearer(&claims)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_ends_after_a_quarter_of_an_hour() {
    let world = World::start().await;
    let maker = world.sign_in("maker@abc.example").await;
    world.at("2023-02-07T10:57:00+08:00");
    let _ = maker.get("/me").await.expect(200);
    world.at("2023-02-07T10:59:00+08:00");
    let reply = hold_out(maker.get("/me").await);
    let challenge = reply.header("www-authenticate").unwrap();
    assert!(challenge.contains("invalid_token"), "{challenge}");
    let _ = world
        .sign_in("maker@abc.example")
        .await
        .get("/me")
        .await
        .expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_the_directory_does_not_know_may_do_nothing() {
    let book = OpenBook::start().await;
    for missing in ["company", "company_name", "person", "name", "email"] {
        for value in [Value::Null, json!(""), json!("a#b")] {
            if value == "a#b" && matches!(missing, "company_name" | "name") {
                continue;
            }
            let mut claims = book.claims("visitor");
            claims[missing] = value;
            if claims[missing].is_null() {
                claims.as_object_mut().unwrap().remove(missing);
            }
            let stray = book.bearer(&claims);
            for path in [
                "/me",
                "/requests",
                "/tasks",
                "/eservices",
                "/delegated-administrators",
            ] {
                let _ = stray.get(path).await.refused(403, "not-in-directory");
            }
            let _ = stray
                .create(&guideline_form())
                .await
                .refused(403, "not-in-directory");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_counts_in_its_own_kind_of_company_alone() {
    let book = OpenBook::start().await;
    let cast = Cast::sign_in(&book.world).await;
    let waiting = cast.request_in(StateName::ReadyToSend, 1).await;
    let sent = cast.request_in(StateName::Sent, 2).await;
    let with = |person: &str, company: &str, rights: &[&str]| {
        let mut claims = book.claims(person);
        claims["company"] = json!(company);
        claims["cognito:groups"] = json!(rights);
        book.bearer(&claims)
    };
    let officer_at_a_company = with("one", "abc", &["HKEX_Operations"]);
    let checker_at_the_exchange = with("two", "EXCHANGE", &["EU_UserMaintenance"]);
    let nothing_known = with("three", "abc", &["Administrators", "eu_usermaintenance"]);
    for user in [officer_at_a_company, checker_at_the_exchange, nothing_known] {
        let _ = user.get("/me").await.expect(200);
        let _ = user.get("/requests").await.refused(403, "right-missing");
        let _ = user.get("/tasks").await.refused(403, "right-missing");
        let _ = user.create(&guideline_form()).await.refused(403, "right-missing");
        for on in [&waiting, &sent] {
            let _ = user.attempt(on, "claim").await.refused(403, "right-missing");
            let _ = user
                .get(&format!("/requests/{}", on.id()))
                .await
                .refused(403, "right-missing");
        }
    }
    // Having both rights does not make an officer of a company's person, nor a checker of one's own request.
    let both = with("four", "abc", &["HKEX_Operations", "EU_UserMaintenance"]);
    let _ = both.attempt(&sent, "claim").await.refused(409, "not-possible");
    let own = both.submit(&countersign_tests::form_for(3)).await;
    let _ = both.attempt(&own, "claim").await.refused(403, "own-request");
    let officer = with("five", "EXCHANGE", &["HKEX_Operations", "EU_UserMaintenance"]);
    let _ = officer
        .create(&guideline_form())
        .await
        .refused(403, "right-missing");
    let _ = officer.attempt(&own, "claim").await.refused(404, "not-found");
    let _ = officer.attempt(&sent, "claim").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_but_the_apis_description_asks_for_a_token_first() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let draft = cast.request_in(StateName::Draft, 1).await;
    let nobody = world.bearer("");
    let mut asked = 0;
    for (method, path, _) in documented() {
        for id in [&draft.id(), UNKNOWN, "nonsense"] {
            let tag = draft.etag();
            let reply = send(&nobody, (method, path), id, Some(&tag), &guideline_form()).await;
            if path == "/openapi.json" {
                assert_eq!(reply.status, 200);
                continue;
            }
            asked += 1;
            assert_eq!(hold_out(reply)["detail"], "Sign in, then try again.");
        }
    }
    assert_eq!(asked, 3 * (documented().count() - 1));
    assert_eq!(cast.maker.read(&draft.id()).await.etag(), draft.etag());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_without_the_right_learns_who_they_are_and_nothing_else() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let draft = cast.request_in(StateName::Draft, 1).await;
    for (method, path, _) in documented() {
        let (user, tag) = (&cast.norights, draft.etag());
        let reply = send(user, (method, path), &draft.id(), Some(&tag), &guideline_form()).await;
        if matches!(path, "/me" | "/eservices" | "/openapi.json") {
            assert_eq!(reply.status, 200);
            continue;
        }
        let reply = reply.refused(403, "right-missing");
        assert_eq!(reply["detail"], "This needs the access right EU_UserMaintenance.");
    }
    assert_eq!(cast.norights.get("/me").await["rights"], json!([]));
}
