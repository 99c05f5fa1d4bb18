//! The start-up check: an event that every function answers with whether it has started and can read its table. It causes no
//! work.
//!
//! A deployment sends it to a new version before any call reaches it, and the operator's tool after that. It is shaped
//! as an event of API Gateway, the only kind that some functions can read. API Gateway can't have such a route, and other events
//! have no route, so it can't come from outside.

use std::fmt;

use lambda_http::{Body, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::App;
use crate::store::layout::LAYOUT;

/// The route that makes an event this one.
pub(crate) const ROUTE: &str = "start-up check";

/// The event.
pub fn event() -> Value {
    json!({
        "version": "2.0",
        "routeKey": ROUTE,
        "rawPath": "/",
        "rawQueryString": "",
        "headers": {},
        "requestContext": {
            "routeKey": ROUTE,
            "stage": "$default",
            "timeEpoch": 0,
            "http": { "method": "GET", "path": "/", "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1" },
        },
        "isBase64Encoded": false,
    })
}

/// Whether it is the event.
pub(crate) fn is_one(event: &Value) -> bool {
    event["requestContext"]["routeKey"] == ROUTE
}

/// What a function that has started says of itself.
#[derive(Debug, Serialize, Deserialize)]
struct Started {
    release: String,
    /// The layout that it needs, and has found in its table.
    layout: u32,
}

/// Why a version can't take calls.
#[derive(Debug, PartialEq, Eq)]
pub enum NotStarted {
    /// The call failed. Holds the kind of the failure alone: what a function that failed says may contain anything, and its
    /// log has it.
    Failed(String),
    /// It runs and can't use its table. Holds its reason.
    NoTable(String),
    /// It says nothing that a function says to this event.
    OtherAnswer,
}

impl fmt::Display for NotStarted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(kind) => write!(f, "does not start ({kind}): see its log"),
            Self::NoTable(reason) => write!(f, "starts, but: {reason}"),
            Self::OtherAnswer => f.write_str("does not answer the start-up check"),
        }
    }
}

impl std::error::Error for NotStarted {}

/// Judges what Lambda answers to a call with the event: whether the function failed, and the payload. Returns the release of
/// a function that has started and has read its table.
pub fn verdict(is_failed: bool, payload: &[u8]) -> Result<String, NotStarted> {
    let answer: Value = serde_json::from_slice(payload).unwrap_or_default();
    if is_failed {
        let kind = answer["errorType"].as_str().unwrap_or("unknown");
        return Err(NotStarted::Failed(kind.to_owned()));
    }
    let body = answer["body"].as_str().unwrap_or_default();
    match answer["statusCode"].as_u64() {
        Some(200) => match serde_json::from_str(body) {
            Ok(Started { release, layout: _ }) => Ok(release),
            Err(_) => Err(NotStarted::OtherAnswer),
        },
        Some(503) if !body.is_empty() => Err(NotStarted::NoTable(body.to_owned())),
        _ => Err(NotStarted::OtherAnswer),
    }
}

/// What a function answers.
pub(crate) struct Answer {
    status: u16,
    body: String,
}

/// Reads the table, as the function's first call would have to.
pub(crate) async fn answer(app: &App) -> Answer {
    match app.store().check_layout().await {
        Ok(()) => Answer::started(),
        Err(error) => {
            tracing::error!(%error, "start-up check");
            Answer {
                status: 503,
                body: error.to_string(),
            }
        }
    }
}

impl Answer {
    fn started() -> Self {
        let started = Started {
            release: env!("CARGO_PKG_VERSION").to_owned(),
            layout: LAYOUT,
        };
        Self {
            status: 200,
            body: json!(started).to_string(),
        }
    }

    pub(crate) fn as_json(&self) -> Value {
        json!({ "statusCode": self.status, "body": self.body })
    }

    pub(crate) fn into_response(self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = lambda_http::http::StatusCode::from_u16(self.status).unwrap_or_default();
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_started_function_says_is_taken_for_a_start() {
        let said = |answer: Value| verdict(false, answer.to_string().as_bytes());
        let started = Answer::started().as_json();
        assert_eq!(said(started).as_deref(), Ok(env!("CARGO_PKG_VERSION")));
        for other in [
            json!({ "statusCode": 200 }),
            json!({ "statusCode": 200, "body": "" }),
            json!({ "statusCode": 200, "body": "<html>" }),
            json!({ "statusCode": 200, "body": r#"{"layout":2}"# }),
            json!({ "statusCode": 200, "body": r#"{"release":"1"}"# }),
            json!({ "statusCode": 403, "body": "" }),
            json!({ "statusCode": 404, "body": "Not found" }),
            json!({ "statusCode": 503, "body": "" }),
            json!({ "batchItemFailures": [] }),
            Value::Null,
        ] {
            assert_eq!(said(other.clone()), Err(NotStarted::OtherAnswer), "{other}");
        }
        assert_eq!(verdict(false, b""), Err(NotStarted::OtherAnswer));
    }

    #[test]
    fn a_function_that_failed_says_nothing_but_the_kind_of_its_failure() {
        let answer = json!({ "errorType": "Runtime.ExitError", "errorMessage": "for maker@abc.example" });
        let failed = verdict(true, answer.to_string().as_bytes()).unwrap_err();
        assert_eq!(
            failed.to_string(),
            "does not start (Runtime.ExitError): see its log"
        );
        let started = Answer::started().as_json().to_string();
        assert!(verdict(true, started.as_bytes()).is_err());
    }

    #[test]
    fn a_function_that_cannot_use_its_table_is_named_with_its_reason() {
        let answer = json!({ "statusCode": 503, "body": "the table is in layout 1" }).to_string();
        let refused = verdict(false, answer.as_bytes()).unwrap_err();
        assert_eq!(refused.to_string(), "starts, but: the table is in layout 1");
    }
}
