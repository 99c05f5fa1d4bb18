//! Turns a function's answer, payload format 2.0, into the HTTP answer.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::Response;
use axum::http::header::{CONNECTION, CONTENT_LENGTH, SET_COOKIE, TRANSFER_ENCODING};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value as Json;

/// The longest answer that Lambda hands back.
const BODY_LIMIT: usize = 6 * 1024 * 1024;

/// Format 2.0 has no multi-value headers: API Gateway leaves out what a function says there, and so does this.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    status_code: u16,
    headers: Option<BTreeMap<String, String>>,
    cookies: Option<Vec<String>>,
    body: Option<String>,
    is_base64_encoded: Option<bool>,
}

/// `None` if it is no answer of an HTTP function.
pub(super) fn response(answer: Json) -> Option<Response<Body>> {
    let answer: Answer = serde_json::from_value(answer).ok()?;
    let mut response = Response::builder().status(answer.status_code);
    for (name, value) in answer.headers.unwrap_or_default() {
        response = response.header(name, value);
    }
    for cookie in answer.cookies.unwrap_or_default() {
        response = response.header(SET_COOKIE, cookie);
    }
    let body = answer.body.unwrap_or_default();
    if body.len() > BODY_LIMIT {
        return None;
    }
    let body = match answer.is_base64_encoded {
        Some(true) => Body::from(STANDARD.decode(body).ok()?),
        _ => Body::from(body),
    };
    let mut response = response.body(body).ok()?;
    // The connection's own headers are the server's business.
    for name in [CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING] {
        response.headers_mut().remove(name);
    }
    Some(response)
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;
    use serde_json::json;

    use super::*;

    #[tokio::test]
    async fn an_answer_becomes_the_http_answer() {
        let answer = json!({
            "statusCode": 201,
            "headers": { "Location": "/requests/1", "content-length": "99" },
            "multiValueHeaders": { "x-lost": ["1"] },
            "cookies": ["a=b; HttpOnly", "c=d"],
            "body": "aGk=",
            "isBase64Encoded": true,
        });
        let response = response(answer).unwrap();
        assert_eq!(response.status(), 201);
        assert_eq!(response.headers()["location"], "/requests/1");
        assert!(
            !response.headers().contains_key("content-length") && !response.headers().contains_key("x-lost")
        );
        assert_eq!(response.headers().get_all("set-cookie").iter().count(), 2);
        assert_eq!(to_bytes(response.into_body(), 10).await.unwrap(), "hi");
    }

    #[test]
    fn what_is_no_answer_of_an_http_function_is_refused() {
        for answer in [
            json!({ "body": "x" }),
            json!({ "statusCode": 99 }),
            json!({ "statusCode": 200, "headers": { "a b": "c" } }),
            json!({ "statusCode": 200, "body": "*", "isBase64Encoded": true }),
            json!({ "statusCode": 200, "body": "x".repeat(BODY_LIMIT + 1) }),
        ] {
            assert!(response(answer).is_none());
        }
    }
}
