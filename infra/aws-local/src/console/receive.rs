//! Where scripts hand in a message: `POST /mailbox/inbound?from=…&to=…` with the message as the body.
//!
//! The envelope is `from` (empty for a bounce) and one or more `to`. `spam`, `virus`, `spf`, `dkim` and `dmarc` say what
//! SES finds, PASS unless it is said; `truncated=true` has the event leave headers out. The answer is 202 with
//! `{"messageId": …}` once the message is stored.

use axum::Json;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::Console;
use crate::problem::Problem;
use crate::ses::receiving::{Envelope, ParameterError, ReceiveError};

/// The largest mail that SES takes.
pub(super) const MAIL_LIMIT: usize = 40 * 1024 * 1024;

pub(super) async fn receive(State(console): State<Console>, request: Request) -> Response {
    match received(&console, request).await {
        Ok(id) => {
            let answer = Json(json!({ "messageId": id }));
            (StatusCode::ACCEPTED, [(CACHE_CONTROL, "no-store")], answer).into_response()
        }
        Err(problem) => problem.response(console.site),
    }
}

async fn received(console: &Console, request: Request) -> Result<String, Problem> {
    console.check_origin(request.headers())?;
    let query = request.uri().query().unwrap_or_default();
    let envelope =
        Envelope::parse(form_urlencoded::parse(query.as_bytes())).map_err(|errors| malformed(&errors))?;
    let message = to_bytes(request.into_body(), MAIL_LIMIT)
        .await
        .map_err(|_| too_large())?;
    if message.is_empty() {
        let detail = "The body has to be the message (RFC 5322); it is empty.";
        return Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "malformed",
            "Malformed",
            detail,
        ));
    }
    console
        .receiving
        .receive(&envelope, &message)
        .map_err(not_received)
}

pub(super) fn malformed(errors: &[ParameterError]) -> Problem {
    let each = errors
        .iter()
        .map(|error| format!("{}: {}", error.parameter, error.detail));
    let detail = each.collect::<Vec<_>>().join(" ");
    let errors: Value = errors
        .iter()
        .map(|error| json!({ "parameter": error.parameter, "detail": error.detail }))
        .collect();
    Problem::new(StatusCode::BAD_REQUEST, "malformed", "Malformed", detail).with("errors", errors)
}

pub(super) fn too_large() -> Problem {
    let detail = "A mail can have 40 MB at most.";
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "Too large", detail)
}

pub(super) fn not_received(error: ReceiveError) -> Problem {
    match error {
        // What the sender's server would be told over SMTP.
        ReceiveError::NoRule(recipient) => Problem::new(
            StatusCode::NOT_FOUND,
            "not-found",
            "Not found",
            format!("550 5.1.1 Mailbox does not exist: no receipt rule is for {recipient}."),
        ),
        ReceiveError::NotStored => Problem::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Internal error",
            "The mail could not be stored; see the log.",
        ),
    }
}
