//! Refusals as problems (RFC 9457).

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde_json::{Value, json};

/// Why a call is refused. As a response it has its status alone, and itself among the extensions: whoever knows what
/// the types start with, or shows pages, makes the answer of it.
#[derive(Debug, Clone)]
pub struct Problem {
    pub status: StatusCode,
    /// Its type's name in small letters with hyphens, which in words is its title.
    kind: &'static str,
    pub detail: String,
    /// Further members.
    members: Vec<(&'static str, Value)>,
}

impl Problem {
    pub fn new(status: StatusCode, kind: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            kind,
            detail: detail.into(),
            members: Vec::new(),
        }
    }

    #[must_use]
    pub fn with(mut self, name: &'static str, value: Value) -> Self {
        self.members.push((name, value));
        self
    }

    pub fn title(&self) -> String {
        let (first, rest) = self.kind.split_at(1);
        format!("{}{}", first.to_uppercase(), rest.replace('-', " "))
    }

    /// The problem as JSON, its type after `types`.
    pub fn json(self, types: &str) -> Response {
        let mut problem = json!({
            "type": format!("{types}{}", self.kind),
            "title": self.title(),
            "status": self.status.as_u16(),
            "detail": self.detail,
        });
        for (name, value) in self.members {
            problem[name] = value;
        }
        let headers = [
            (CONTENT_TYPE, "application/problem+json"),
            (CACHE_CONTROL, "no-store"),
        ];
        (self.status, headers, Json(problem)).into_response()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (self.status, Extension(self)).into_response()
    }
}
