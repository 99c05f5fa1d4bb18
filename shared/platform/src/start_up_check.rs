//! The start-up check: an event that every function answers with whether it has started and can read its table. It causes no
//! work.
//!
//! A deployment sends it to a new version before any call reaches it, and the operator's tool after that. It is shaped
//! as an event of API Gateway, the only kind that some functions can read. API Gateway can't have such a route, and other events
//! have no route, so it can't come from outside.

use lambda_http::{Body, Response};
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

/// Whether an answer says that the function has started. If not, returns what the function says instead; empty if it is no
/// answer to this event.
pub fn read(answer: &Value) -> Result<(), String> {
    let said = |body: &Value| body.as_str().unwrap_or_default().to_owned();
    match answer["statusCode"].as_u64() {
        Some(200) => Ok(()),
        _ => Err(said(&answer["body"])),
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
        Ok(()) => Answer {
            status: 200,
            body: json!({ "release": env!("CARGO_PKG_VERSION"), "layout": LAYOUT }).to_string(),
        },
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
    pub(crate) fn as_json(&self) -> Value {
        json!({ "statusCode": self.status, "body": self.body })
    }

    pub(crate) fn into_response(self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = lambda_http::http::StatusCode::from_u16(self.status).unwrap_or_default();
        response
    }
}
