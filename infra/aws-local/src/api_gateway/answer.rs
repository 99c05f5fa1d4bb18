//! Turns a function's answer, payload format 2.0, into the HTTP answer.

use axum::body::Body;
use axum::http::header::{CONNECTION, CONTENT_LENGTH, SET_COOKIE, TRANSFER_ENCODING};
use axum::http::{HeaderName, HeaderValue, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value as Json;

/// The longest answer that Lambda hands back.
const BODY_LIMIT: usize = 6 * 1024 * 1024;

/// `None` if it is no answer of an HTTP function.
///
/// Format 2.0 has no multi-value headers: API Gateway leaves out what a function says there, and so does this.
pub(super) fn response(answer: &Json) -> Option<Response<Body>> {
    let status = u16::try_from(answer.get("statusCode")?.as_u64()?).ok()?;
    let mut response = Response::builder().status(status).body(Body::empty()).ok()?;
    let headers = response.headers_mut();
    for (name, value) in answer
        .get("headers")
        .and_then(Json::as_object)
        .into_iter()
        .flatten()
    {
        let name: HeaderName = name.parse().ok()?;
        // The connection's own headers are the server's business.
        if ![CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING].contains(&name) {
            headers.insert(name, header(value)?);
        }
    }
    for cookie in answer
        .get("cookies")
        .and_then(Json::as_array)
        .into_iter()
        .flatten()
    {
        headers.append(SET_COOKIE, header(cookie)?);
    }
    if let Some(body) = answer.get("body").and_then(Json::as_str) {
        if body.len() > BODY_LIMIT {
            return None;
        }
        let encoded = answer
            .get("isBase64Encoded")
            .and_then(Json::as_bool)
            .unwrap_or(false);
        *response.body_mut() = if encoded {
            Body::from(STANDARD.decode(body).ok()?)
        } else {
            Body::from(body.to_owned())
        };
    }
    Some(response)
}

fn header(value: &Json) -> Option<HeaderValue> {
    match value {
        Json::String(text) => HeaderValue::from_str(text).ok(),
        Json::Number(number) => HeaderValue::from_str(&number.to_string()).ok(),
        Json::Bool(flag) => HeaderValue::from_str(&flag.to_string()).ok(),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
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
        let response = response(&answer).unwrap();
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
            assert!(response(&answer).is_none());
        }
    }
}
