//! What the gateway itself refuses. API Gateway answers a bare `message`; the further members make it a problem
//! (RFC 9457).

use axum::http::header::WWW_AUTHENTICATE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use serde_json::json;

use super::authorizer::Unauthorized;
use crate::problem::Problem;

/// Why a call does not reach its function, or its function's answer not the caller.
#[derive(Debug)]
pub(super) enum Refusal {
    /// The path is no text.
    BadRequest,
    /// Nobody has signed in, or the token is no good.
    Unauthorized(Unauthorized),
    NotFound,
    BodyTooLarge,
    /// The body did not arrive in time.
    BodyTooSlow,
    HeadTooLarge,
    FunctionFailed,
    /// The function took longer than the gateway waits.
    TooSlow,
}

impl Refusal {
    pub(super) fn response(&self, problem_types: &str) -> Response {
        let (status, kind, detail) = self.parts();
        let message = match self {
            // The name that the status had before RFC 9110.
            Self::BodyTooLarge => "Request Entity Too Large",
            _ => status.canonical_reason().unwrap_or_default(),
        };
        let problem = Problem::new(status, kind, detail).with("message", json!(message));
        let mut response = problem.json(problem_types);
        if let Self::Unauthorized(reason) = self {
            let challenge = HeaderValue::from_static(reason.challenge());
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        response
    }

    /// Status, problem type, and what a user reads.
    fn parts(&self) -> (StatusCode, &'static str, &'static str) {
        use StatusCode as S;
        match self {
            Self::BadRequest => (
                S::BAD_REQUEST,
                "malformed",
                "The address holds bytes that are no text.",
            ),
            Self::Unauthorized(_) => (S::UNAUTHORIZED, "not-signed-in", "Sign in, then try again."),
            Self::NotFound => (S::NOT_FOUND, "not-found", "There is nothing here."),
            Self::BodyTooLarge => (
                S::PAYLOAD_TOO_LARGE,
                "too-large",
                "A request can have 10 MB at most.",
            ),
            Self::BodyTooSlow => (
                S::REQUEST_TIMEOUT,
                "request-timeout",
                "The request's body did not arrive in time.",
            ),
            Self::HeadTooLarge => (
                S::REQUEST_HEADER_FIELDS_TOO_LARGE,
                "headers-too-large",
                "The address and the headers can have 10,240 bytes at most.",
            ),
            Self::FunctionFailed => (
                S::INTERNAL_SERVER_ERROR,
                "internal",
                "This failed. It has been logged.",
            ),
            Self::TooSlow => (
                S::SERVICE_UNAVAILABLE,
                "unavailable",
                "This took too long. Look whether it was done before you try again.",
            ),
        }
    }
}
