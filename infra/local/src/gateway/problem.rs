//! What the gateway itself refuses. API Gateway answers a bare `message`, which is kept; the rest of the members make
//! it a problem (RFC 9457) as every function answers.

use axum::Json;
use axum::http::header::{CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::authorizer::Unauthorized;

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
    /// The request line and the headers are over the limit.
    HeadTooLarge,
    /// The function failed.
    FunctionFailed,
    /// The function took longer than the gateway waits.
    TooSlow,
}

#[derive(Serialize)]
struct Problem {
    #[serde(rename = "type")]
    kind: String,
    title: &'static str,
    status: u16,
    detail: &'static str,
    message: &'static str,
}

impl Refusal {
    /// The problem's title, the same as the functions give to its type.
    fn title(&self) -> &'static str {
        match self {
            Self::BadRequest => "Malformed",
            Self::Unauthorized(_) => "Not signed in",
            Self::NotFound => "Not found",
            Self::BodyTooLarge => "Too large",
            Self::HeadTooLarge => "Headers too large",
            Self::FunctionFailed => "Internal error",
            Self::TooSlow => "Unavailable",
        }
    }

    /// Status, problem type, API Gateway's message, and what a user reads.
    fn parts(&self) -> (StatusCode, &'static str, &'static str, &'static str) {
        match self {
            Self::BadRequest => (
                StatusCode::BAD_REQUEST,
                "malformed",
                "Bad Request",
                "The address holds octets that are no text.",
            ),
            Self::Unauthorized(_) => (
                StatusCode::UNAUTHORIZED,
                "not-signed-in",
                "Unauthorized",
                "Sign in, then try again.",
            ),
            Self::NotFound => (
                StatusCode::NOT_FOUND,
                "not-found",
                "Not Found",
                "There is nothing here.",
            ),
            Self::BodyTooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "too-large",
                "Request Entity Too Large",
                "A request can have 10 MB at most.",
            ),
            Self::HeadTooLarge => (
                StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
                "headers-too-large",
                "Request Header Fields Too Large",
                "The address and the headers can have 10,240 octets at most.",
            ),
            Self::FunctionFailed => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
                "Internal Server Error",
                "This failed. It has been logged.",
            ),
            Self::TooSlow => (
                StatusCode::SERVICE_UNAVAILABLE,
                "unavailable",
                "Service Unavailable",
                "This took too long. Look whether it was done before you try again.",
            ),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, kind, message, detail) = self.parts();
        let problem = Problem {
            kind: format!("urn:countersign:problem:{kind}"),
            title: self.title(),
            status: status.as_u16(),
            detail,
            message,
        };
        let mut response = (status, Json(problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Self::Unauthorized(reason) = self {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(reason.challenge()));
        }
        response
    }
}
