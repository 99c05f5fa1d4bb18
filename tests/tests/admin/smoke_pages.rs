//! What the smoke test says of a deployment that does not answer as it should: each check fails for its own reason, and no
//! other check does.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use countersign_admin::{Cli, Parser as _};
use countersign_tests::admin::alone;
use serde_json::{Value, json};
use tokio::net::TcpListener;

const FUNCTION: &str = "/lambda/2015-03-31/functions/claim/invocations";
const CONFIGURATION: &str = "/pool/.well-known/openid-configuration";
const KEYS: &str = "/pool/.well-known/jwks.json";

/// What a deployment answers at a path.
#[derive(Clone, Default)]
struct Page {
    status: u16,
    headers: HeaderMap,
    body: String,
}

impl Page {
    fn new(status: u16, body: &str) -> Self {
        let (headers, body) = (HeaderMap::new(), body.to_owned());
        Self {
            status,
            headers,
            body,
        }
    }

    fn json(body: &Value) -> Self {
        Self::new(200, &body.to_string())
    }

    fn header(&mut self, name: &'static str, value: &'static str) {
        let name = HeaderName::from_static(name);
        self.headers.insert(name, HeaderValue::from_static(value));
    }
}

type Pages = BTreeMap<&'static str, Page>;

/// What the runner says of itself, with these parameters.
fn runner(url: &str, parameters: &Value) -> Page {
    let resource =
        |id: &str, kind: &str, name: &str| json!({ "logicalId": id, "type": kind, "physicalId": name });
    Page::json(&json!({
        "resources": [
            resource("Table", "AWS::DynamoDB::Table", "table"),
            resource("UserPool", "AWS::Cognito::UserPool", "pool"),
            resource("ClaimFunctionAliaslive", "AWS::Lambda::Alias", "claim"),
        ],
        "parameters": parameters,
        "endpoints": { "dynamodb": url, "lambda": format!("{url}/lambda") },
    }))
}

/// A deployment that answers as it should.
fn sound(url: &str) -> Pages {
    let started = json!({ "statusCode": 200, "body": r#"{"release":"1","layout":2}"# });
    let html = r#"<link rel="stylesheet" href="/assets/a.css"><script src="/assets/a.js"></script>"#;
    let mut sign_in = Page::new(200, html);
    sign_in.header("content-security-policy", "default-src 'none'; script-src 'self'");
    sign_in.header("strict-transport-security", "max-age=31536000");
    sign_in.header("x-content-type-options", "nosniff");
    [
        ("/deployment", runner(url, &json!({}))),
        (FUNCTION, Page::json(&started)),
        ("/openapi.json", Page::json(&json!({ "paths": { "/me": {} } }))),
        ("/me", Page::new(401, "")),
        ("/systems/me", Page::new(401, "")),
        ("/sign-in", sign_in),
        ("/assets/a.css", Page::new(200, "body {}")),
        ("/assets/a.js", Page::new(200, ";")),
        (
            CONFIGURATION,
            Page::json(&json!({ "issuer": format!("{url}/pool") })),
        ),
        (KEYS, Page::json(&json!({ "keys": [{}] }))),
    ]
    .into()
}

/// What each check that is not ok says of a deployment in which something was changed. `URL` stands for its address.
async fn faults(change: impl FnOnce(&mut Pages, &str)) -> Vec<(String, String)> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let mut pages = sound(&url);
    change(&mut pages, &url);
    let pages = Arc::new(pages);
    let serve = move |uri: Uri| {
        let page = pages.get(uri.path()).cloned();
        let page = page.unwrap_or_else(|| Page::new(404, ""));
        async move {
            (
                StatusCode::from_u16(page.status).unwrap(),
                page.headers,
                page.body,
            )
        }
    };
    let server = tokio::spawn(axum::serve(listener, Router::new().fallback(serve)).into_future());
    let told = alone(&["--endpoint", &url, "smoke", "--json"]).await;
    server.abort();
    let findings: Vec<Value> = serde_json::from_str(&told.output).unwrap();
    assert_eq!(findings.len(), 6, "{}", told.output);
    let bad = findings.iter().filter(|finding| finding["result"] != "ok");
    let text = |value: &Value| value.as_str().unwrap().replace(&url, "URL");
    let bad: Vec<_> = bad
        .map(|finding| (text(&finding["check"]), text(&finding["found"])))
        .collect();
    assert_eq!(told.is_success, bad.is_empty());
    bad
}

/// Whether a check alone fails, with these words, where a page is another one.
async fn fails(check: &str, found: &str, path: &'static str, page: Page) {
    let faults = faults(|pages, _| drop(pages.insert(path, page))).await;
    assert_eq!(faults, [(check.to_owned(), found.to_owned())]);
}

#[tokio::test]
async fn a_deployment_in_which_all_answer_has_no_fault() {
    assert_eq!(faults(|_, _| ()).await, []);
}

#[tokio::test]
async fn a_function_that_does_not_say_that_it_has_started_is_named() {
    let alias = |reason: &str| format!("ClaimFunctionAliaslive {reason}");
    for (answer, reason) in [
        (
            json!({ "statusCode": 200, "body": "" }),
            "does not answer the start-up check",
        ),
        (
            json!({ "statusCode": 503, "body": "no table" }),
            "starts, but: no table",
        ),
    ] {
        fails("functions", &alias(reason), FUNCTION, Page::json(&answer)).await;
    }
    let mut crashed = Page::json(&json!({ "errorType": "Runtime.ExitError" }));
    crashed.header("x-amz-function-error", "Unhandled");
    let reason = alias("does not start (Runtime.ExitError): see its log");
    fails("functions", &reason, FUNCTION, crashed).await;
    let faults = faults(|pages, _| drop(pages.remove(FUNCTION))).await;
    assert!(
        matches!(&faults[..], [(check, found)] if check == "functions" && found.contains("could not be asked: Lambda")),
        "{faults:?}"
    );
}

#[tokio::test]
async fn an_api_without_its_description_fails() {
    for (status, body) in [(404, "{}"), (200, "<html>"), (200, r#"{"paths":{}}"#)] {
        let found = format!("/openapi.json answers {status}");
        fails("description", &found, "/openapi.json", Page::new(status, body)).await;
    }
}

#[tokio::test]
async fn whoever_is_let_in_without_a_token_is_named_by_path() {
    for (path, status) in [
        ("/me", 200),
        ("/systems/me", 200),
        ("/me", 403),
        ("/systems/me", 500),
    ] {
        let found = format!("{path} answers {status} without a token");
        fails("locked", &found, path, Page::new(status, "{}")).await;
    }
}

#[tokio::test]
async fn a_header_that_the_sign_in_page_lacks_is_named() {
    for (name, weak) in [
        ("content-security-policy", "default-src *"),
        ("strict-transport-security", "off"),
        ("x-content-type-options", "sniff"),
    ] {
        let expected = [("portal".to_owned(), format!("{name} is missing"))];
        let missing = faults(|pages, _| {
            pages.get_mut("/sign-in").unwrap().headers.remove(name);
        });
        assert_eq!(missing.await, expected);
        let weak = faults(|pages, _| pages.get_mut("/sign-in").unwrap().header(name, weak));
        assert_eq!(weak.await, expected);
    }
}

#[tokio::test]
async fn a_portal_without_a_sign_in_page_says_what_its_address_answers() {
    let assets = ("assets", "the page that loads them did not come");
    let both =
        |found: &str| [("portal", found), assets].map(|(check, found)| (check.to_owned(), found.to_owned()));
    let refused = faults(|pages, _| drop(pages.insert("/sign-in", Page::new(403, "")))).await;
    assert_eq!(refused, both("URL/sign-in answers 403"));
    let elsewhere = json!({ "PortalUrl": "https://127.0.0.1:1" });
    let unreached = faults(|pages, url| drop(pages.insert("/deployment", runner(url, &elsewhere)))).await;
    assert!(
        unreached[0].1.starts_with("https://127.0.0.1:1/sign-in: ") && unreached[0].1.contains("refused"),
        "{unreached:?}"
    );
    assert_eq!(unreached[1..], both("")[1..]);
}

#[tokio::test]
async fn what_the_sign_in_page_loads_in_vain_is_named() {
    let style = "/assets/a.css";
    fails("assets", "/assets/a.css answers 404", style, Page::new(404, "")).await;
    fails("assets", "/assets/a.css answers 200", style, Page::new(200, "")).await;
    let faults = faults(|pages, _| pages.get_mut("/sign-in").unwrap().body.clear()).await;
    assert_eq!(faults, [("assets".to_owned(), "the page loads none".to_owned())]);
}

#[tokio::test]
async fn an_issuer_that_publishes_something_else_fails() {
    let other = Page::json(&json!({ "issuer": "https://issuer.example" }));
    fails("issuer", "openid-configuration answers 200", CONFIGURATION, other).await;
    for (status, body) in [(200, r#"{"keys":[]}"#), (404, "")] {
        let found = format!("jwks.json answers {status} without a key");
        fails("issuer", &found, KEYS, Page::new(status, body)).await;
    }
    let faults = faults(|pages, _| {
        let described = pages.get_mut("/deployment").unwrap();
        described.body = described.body.replace("UserPool", "OtherPool");
    });
    let found = "the stack has no user pool";
    assert_eq!(faults.await, [("issuer".to_owned(), found.to_owned())]);
}

#[tokio::test]
async fn an_address_at_which_nothing_answers_is_refused_with_the_reason() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let cli = Cli::try_parse_from(["countersign-admin", "--endpoint", &url, "smoke"]).unwrap();
    let error = Box::pin(cli.run(&mut Vec::new())).await.unwrap_err().to_string();
    assert!(
        error.starts_with(&format!("{url} is no runner of Countersign: ")) && error.contains("refused"),
        "{error}"
    );
}
