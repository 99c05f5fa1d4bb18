//! What the runner answers where API Gateway and Cognito would.

use countersign_local::Local;
use countersign_local::options::Options;
use serde_json::{Value as Json, json};

use super::support::{Answer, Caller, form};

async fn started() -> (Local, Caller) {
    let local = Local::start(Options::in_memory()).await.unwrap();
    let maker = Caller::signed_in(local.url(), "maker@abc.example").await.unwrap();
    (local, maker)
}

fn assert_problem(answer: &Answer, status: u16, message: &str) {
    assert_eq!(answer.status, status, "{}", answer.body);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.body["status"], status);
    assert_eq!(answer.body["message"], message);
    for member in ["type", "title", "detail"] {
        assert!(answer.body[member].is_string(), "{member}: {}", answer.body);
    }
}

#[tokio::test]
async fn without_a_good_token_nobody_is_let_in() {
    let (local, maker) = started().await;
    let nobody = Caller::new(local.url()).get("/me").await.unwrap();
    assert_problem(&nobody, 401, "Unauthorized");
    assert_eq!(nobody.header("www-authenticate"), "Bearer");
    let broken = maker.with_token(&maker.token()[1..]).get("/me").await.unwrap();
    assert_problem(&broken, 401, "Unauthorized");
    assert!(
        broken
            .header("www-authenticate")
            .contains(r#"error="invalid_token""#)
    );
    local.stop().await;
}

#[tokio::test]
async fn a_token_expires_by_the_runners_clock() {
    let (local, maker) = started().await;
    let validity = local.template().user_pool.access_token_validity;
    local
        .clock()
        .set(local.clock().now() + validity + std::time::Duration::from_secs(1));
    assert_problem(&maker.get("/me").await.unwrap(), 401, "Unauthorized");
    local.stop().await;
}

#[tokio::test]
async fn an_unknown_route_is_not_found_before_anybody_has_to_sign_in() {
    let (local, maker) = started().await;
    for (method, path) in [
        ("GET", "/nowhere"),
        ("PATCH", "/requests"),
        ("GET", "/requests/"),
        ("POST", "/requests/1/claim/2"),
    ] {
        for caller in [&maker, &Caller::new(local.url())] {
            let answer = caller.call(method, path, &[], Vec::new()).await.unwrap();
            assert_problem(&answer, 404, "Not Found");
        }
    }
    let head = maker
        .call("HEAD", "/openapi.json", &[], Vec::new())
        .await
        .unwrap();
    assert_eq!(head.status, 404);
    local.stop().await;
}

#[tokio::test]
async fn open_routes_ask_nobody_to_sign_in() {
    let (local, _) = started().await;
    let nobody = Caller::new(local.url());
    assert_eq!(nobody.get("/openapi.json").await.unwrap().status, 200);
    let start = nobody.get("/").await.unwrap();
    assert!(matches!(start.status, 200 | 302 | 303), "{}", start.status);
    local.stop().await;
}

#[tokio::test]
async fn what_is_too_long_is_refused_as_by_api_gateway() {
    let (local, maker) = started().await;
    let body = vec![b' '; 10 * 1024 * 1024 + 1];
    let answer = maker.call("POST", "/requests", &[], body).await.unwrap();
    assert_problem(&answer, 413, "Request Entity Too Large");
    let long = "x".repeat(10_240);
    let answer = maker
        .call("GET", "/me", &[("x-long", &long)], Vec::new())
        .await
        .unwrap();
    assert_problem(&answer, 431, "Request Header Fields Too Large");
    local.stop().await;
}

#[tokio::test]
async fn a_body_reaches_the_function_whatever_type_it_says_it_has() {
    let (local, maker) = started().await;
    let body = form("B01234X1").to_string().into_bytes();
    for headers in [
        [("content-type", "application/json")].as_slice(),
        &[("content-type", "application/octet-stream")],
        &[],
    ] {
        let answer = maker
            .call("POST", "/requests", headers, body.clone())
            .await
            .unwrap();
        assert_ne!(answer.status, 500, "{}", answer.body);
    }
    local.stop().await;
}

#[tokio::test]
async fn odd_addresses_are_answered_with_a_problem() {
    let (local, maker) = started().await;
    for path in [
        "/requests/%20",
        "/requests/a%2Fb",
        "/requests/%3F",
        "/requests/%25",
        "/requests/%E6%B8%AF",
        "/requests/%00",
    ] {
        let answer = maker.get(path).await.unwrap();
        assert_eq!(answer.status, 404, "{path}: {}", answer.body);
        assert_eq!(
            answer.header("content-type"),
            "application/problem+json",
            "{path}"
        );
    }
    assert_problem(&maker.get("/requests/%FF").await.unwrap(), 400, "Bad Request");
    local.stop().await;
}

#[tokio::test]
async fn a_function_that_fails_is_an_internal_error_without_a_word_about_why() {
    let (local, maker) = started().await;
    // An event that is none makes any function fail.
    assert!(local.invoke("requests", json!({ "no": "event" })).await.is_err());
    assert!(local.invoke("nothing", json!({})).await.is_err());
    assert_eq!(maker.get("/me").await.unwrap().status, 200);
    local.stop().await;
}

#[tokio::test]
async fn tokens_are_refused_in_the_words_of_oauth() {
    let (local, _) = started().await;
    let nobody = Caller::new(local.url());
    for (form, error) in [
        ("", "invalid_request"),
        (
            "grant_type=password&username=maker@abc.example",
            "invalid_request",
        ),
        (
            "grant_type=password&username=maker@abc.example&password=wrong",
            "invalid_grant",
        ),
        (
            "grant_type=password&username=nobody@abc.example&password=countersign-demo",
            "invalid_grant",
        ),
        (
            "grant_type=password&username=a&password=b&client_id=other",
            "invalid_client",
        ),
        ("grant_type=device_code", "unsupported_grant_type"),
    ] {
        let answer = nobody.form("/oauth2/token", form).await.unwrap();
        assert_eq!(
            (answer.status, &answer.body["error"]),
            (400, &json!(error)),
            "{form}"
        );
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    local.stop().await;
}

#[tokio::test]
async fn an_access_token_says_what_cognitos_would() {
    let (local, maker) = started().await;
    let claims = claims(maker.token());
    assert_eq!(claims["token_use"], "access");
    assert_eq!(claims["client_id"], json!(local.template().user_pool.client));
    assert_eq!(
        claims["cognito:groups"],
        json!(["EU_UserMaintenance", "EU_ManageUsers"])
    );
    assert_eq!(claims["company"], "abc");
    assert_eq!(claims["contact_telephone"], "29797111");
    let from = claims["iat"].as_i64().unwrap();
    let validity = local.template().user_pool.access_token_validity.as_secs();
    assert_eq!(
        claims["exp"].as_i64().unwrap() - from,
        i64::try_from(validity).unwrap()
    );

    let issuer = claims["iss"].as_str().unwrap().strip_prefix(local.url()).unwrap();
    let nobody = Caller::new(local.url());
    let configuration = nobody
        .get(&format!("{issuer}/.well-known/openid-configuration"))
        .await
        .unwrap();
    assert_eq!(configuration.body["issuer"], claims["iss"]);
    let keys = nobody.get("/.well-known/jwks.json").await.unwrap();
    assert_eq!(keys.body["keys"][0]["kty"], "EC");
    assert!(
        keys.body["keys"][0].get("d").is_none(),
        "the private half stays here"
    );
    local.stop().await;
}

fn claims(token: &str) -> Json {
    use base64::Engine as _;
    let payload = token.split('.').nth(1).unwrap();
    let payload = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(payload)
        .unwrap();
    serde_json::from_slice(&payload).unwrap()
}

#[tokio::test]
async fn wrong_passwords_slow_down_whoever_tries_them_and_nobody_else() {
    let (local, _) = started().await;
    let nobody = Caller::new(local.url());
    let sign_in = async |user: &str, password: &str| {
        let form = format!("grant_type=password&username={user}&password={password}");
        nobody.form("/oauth2/token", &form).await.unwrap()
    };
    for _ in 0..200 {
        let wrong = sign_in("checker@abc.example", "wrong").await;
        assert_eq!(
            (wrong.status, &wrong.body["error"]),
            (400, &json!("invalid_grant"))
        );
    }
    let locked = sign_in("checker@abc.example", "countersign-demo").await;
    assert_eq!(locked.body["error_description"], "Password attempts exceeded");
    assert_eq!(sign_in("maker@abc.example", "countersign-demo").await.status, 200);
    let later = local.clock().now() + std::time::Duration::from_mins(15);
    local.clock().set(later);
    assert_eq!(
        sign_in("checker@abc.example", "countersign-demo").await.status,
        200
    );
    local.stop().await;
}
