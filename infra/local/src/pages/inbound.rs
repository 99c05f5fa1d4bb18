//! Where scripts send a mail that comes in: `POST /mailbox/inbound?from=…&to=…` with the message as the body.
//!
//! The envelope is `from` (empty for a bounce) and one or more `to`. `spam`, `virus`, `spf`, `dkim` and `dmarc` say what
//! SES finds, PASS unless it is said; `truncated=true` has the event leave headers out. The answer is 202 with
//! `{"messageId": …}` once the message is stored.

use aws_local::problem::Problem;
use aws_local::ses::receiving::{Envelope, ReceiveError};
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

use super::Pages;

pub(super) async fn receive(
    State(pages): State<Pages>,
    Query(parameters): Query<Vec<(String, String)>>,
    message: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let envelope = Envelope::parse(parameters).map_err(malformed)?;
    let message = message.map_err(|_| too_large())?;
    if message.is_empty() {
        return Err(malformed(
            "The body has to be the message (RFC 5322); it is empty.",
        ));
    }
    let id = pages
        .receiving
        .receive(&envelope, &message)
        .map_err(not_received)?;
    Ok(super::json(StatusCode::ACCEPTED, &json!({ "messageId": id })))
}

pub(super) fn malformed(detail: impl Into<String>) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "malformed", detail)
}

pub(super) fn too_large() -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "too-large",
        "A mail can have 40 MB at most.",
    )
}

pub(super) fn not_received(error: ReceiveError) -> Problem {
    match error {
        // What the sender's server would be told over SMTP.
        ReceiveError::NoRule(recipient) => {
            let detail = format!("550 5.1.1 Mailbox does not exist: no receipt rule is for {recipient}.");
            Problem::new(StatusCode::NOT_FOUND, "not-found", detail)
        }
        ReceiveError::NotStored => {
            let detail = "The mail could not be stored; see the log.";
            Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail)
        }
    }
}
