//! What the gateway itself refuses. API Gateway answers a bare `message`; the further members make it a problem
//! (RFC 9457).

use axum::http::header::WWW_AUTHENTICATE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use serde_json::json;

use super::authorizer::Unauthorized;
use crate::Site;
use crate::problem::Problem;

/// Why a call does not reach its function, or its function's answer not the caller.
#[derive(Debug)]
pub(super) enum Refusal {
    /// The path is no text.
    BadRequest,
    /// Nobody has signed in, or the token is no good.
    Unauthorized(Unauthorized),
    /// There is no such route.
    NotFound,
    /// The body is over the limit.
    BodyTooLarge,
    /// The body did not arrive in time.
    BodyTooSlow,
    /// The request line and the headers are over the limit.
    HeadTooLarge,
    /// The function failed.
    FunctionFailed,
    /// The function took longer than the gateway waits.
    TooSlow,
}

impl Refusal {
    pub(super) fn response(&self, site: Site) -> Response {
        let (status, kind, title, message, detail) = self.parts();
        let problem = Problem::new(status, kind, title, detail).with("message", json!(message));
        let mut response = problem.response(site);
        if let Self::Unauthorized(reason) = self {
            let challenge = HeaderValue::from_static(reason.challenge());
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        response
    }

    /// Status, problem type, title, API Gateway's message, and what a user reads.
    fn parts(&self) -> (StatusCode, &'static str, &'static str, &'static str, &'static str) {
        match self {
            Self::BadRequest => (
                StatusCode::BAD_REQUEST,
                "malformed",
                "Malformed",
                "Bad Request",
                "The address holds bytes that are no text.",
            ),
            Self::Unauthorized(_) => (
                StatusCode::UNAUTHORIZED,
                "not-signed-in",
                "Not signed in",
                "Unauthorized",
                "Sign in, then try again.",
            ),
            Self::NotFound => (
                StatusCode::NOT_FOUND,
                "not-found",
                "Not found",
                "Not Found",
                "There is nothing here.",
            ),
            Self::BodyTooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "too-large",
                "Too large",
                "Request Entity Too Large",
                "A request can have 10 MB at most.",
            ),
            Self::BodyTooSlow => (
                StatusCode::REQUEST_TIMEOUT,
                "request-timeout",
                "Request timeout",
                "Request Timeout",
                "The request's body did not arrive in time.",
            ),
            Self::HeadTooLarge => (
                StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
                "headers-too-large",
                "Headers too large",
                "Request Header Fields Too Large",
                "The address and the headers can have 10,240 bytes at most.",
            ),
            Self::FunctionFailed => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
                "Internal error",
                "Internal Server Error",
                "This failed. It has been logged.",
            ),
            Self::TooSlow => (
                StatusCode::SERVICE_UNAVAILABLE,
                "unavailable",
                "Unavailable",
                "Service Unavailable",
                "This took too long. Look whether it was done before you try again.",
            ),
        }
    }
}
