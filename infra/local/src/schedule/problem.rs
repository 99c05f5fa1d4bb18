//! Why a schedule did not run, as the rest of the product says such things (RFC 9457).

use std::fmt;

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// Why a schedule that somebody asked for did not run, or not to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScheduleError {
    /// There is no schedule of that name.
    Unknown {
        /// The name that was asked for.
        name: String,
        /// The names that there are.
        known: Vec<String>,
    },
    /// The function of this package failed.
    Failed(String),
}

/// Why nothing ran for a call over HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Problem {
    /// Another site's page sent it.
    OtherOrigin,
    /// The schedule did not run.
    Schedule(ScheduleError),
}

impl fmt::Display for ScheduleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { name, known } if known.is_empty() => {
                write!(f, "There is no schedule {name}, and no other one.")
            }
            Self::Unknown { name, known } => {
                write!(f, "There is no schedule {name}; there is {}.", known.join(", "))
            }
            Self::Failed(function) => write!(f, "The function {function} failed. It has been logged."),
        }
    }
}

impl std::error::Error for ScheduleError {}

impl Problem {
    /// What a user reads.
    pub(super) fn detail(&self) -> String {
        match self {
            Self::OtherOrigin => "It was sent from another site's page.".to_owned(),
            Self::Schedule(error) => error.to_string(),
        }
    }

    pub(super) fn title(&self) -> &'static str {
        self.parts().2
    }

    pub(super) fn status(&self) -> StatusCode {
        self.parts().0
    }

    fn parts(&self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::OtherOrigin => (StatusCode::FORBIDDEN, "other-origin", "Sent from elsewhere"),
            Self::Schedule(ScheduleError::Unknown { .. }) => {
                (StatusCode::NOT_FOUND, "not-found", "Not found")
            }
            Self::Schedule(ScheduleError::Failed(_)) => {
                (StatusCode::BAD_GATEWAY, "function-failed", "The function failed")
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, kind, title) = self.parts();
        let mut problem = json!({
            "type": format!("urn:countersign:problem:{kind}"),
            "title": title,
            "status": status.as_u16(),
            "detail": self.detail(),
        });
        if let Self::Schedule(ScheduleError::Unknown { known, .. }) = self {
            problem["schedules"] = json!(known);
        }
        let headers = [
            (CONTENT_TYPE, "application/problem+json"),
            (CACHE_CONTROL, "no-store"),
        ];
        (status, headers, Json(problem)).into_response()
    }
}
