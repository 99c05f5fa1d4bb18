//! Why a message is not taken in, as the rest of the product says such things (RFC 9457).

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::arrival::Fault;

/// Why a message is not taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Problem {
    /// Parameters that can't be understood.
    Parameters(Vec<Fault>),
    /// There is no message.
    Empty,
    /// It is larger than SES takes.
    TooLarge,
    /// No receipt rule is for this recipient.
    NoRule(String),
    /// Another site's page sent it.
    OtherOrigin,
    /// This machine could not keep it.
    NotKept,
}

impl Problem {
    /// What a user reads.
    pub(crate) fn detail(&self) -> String {
        match self {
            Self::Parameters(faults) => {
                let faults = faults.iter();
                let each = faults.map(|fault| format!("{}: {}", fault.parameter, fault.detail));
                each.collect::<Vec<_>>().join(" ")
            }
            Self::Empty => "The body has to be the message (RFC 5322); it is empty.".to_owned(),
            Self::TooLarge => "A mail can have 40 MB at most.".to_owned(),
            // What the sender's server would be told over SMTP.
            Self::NoRule(recipient) => {
                format!("550 5.1.1 Mailbox does not exist: no receipt rule is for {recipient}.")
            }
            Self::OtherOrigin => "It was sent from another site's page.".to_owned(),
            Self::NotKept => "This failed. It has been logged.".to_owned(),
        }
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.parts().0
    }

    fn parts(&self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::Parameters(_) | Self::Empty => (StatusCode::BAD_REQUEST, "malformed", "Malformed"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too-large", "Too large"),
            Self::NoRule(_) => (StatusCode::NOT_FOUND, "not-found", "Not found"),
            Self::OtherOrigin => (StatusCode::FORBIDDEN, "other-origin", "Sent from elsewhere"),
            Self::NotKept => (StatusCode::INTERNAL_SERVER_ERROR, "internal", "Internal error"),
        }
    }

    fn json(&self) -> Value {
        let (status, kind, title) = self.parts();
        let mut problem = json!({
            "type": format!("urn:countersign:problem:{kind}"),
            "title": title,
            "status": status.as_u16(),
            "detail": self.detail(),
        });
        if let Self::Parameters(faults) = self {
            let faults = faults.iter();
            let errors = faults.map(|fault| json!({ "parameter": fault.parameter, "detail": fault.detail }));
            problem["errors"] = errors.collect();
        }
        problem
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let headers = [
            (CONTENT_TYPE, "application/problem+json"),
            (CACHE_CONTROL, "no-store"),
        ];
        (self.status(), headers, Json(self.json())).into_response()
    }
}
