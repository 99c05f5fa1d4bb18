//! Problems (RFC 9457): their format, and the errors in a call that are found before any rule is applied.

use countersign_domain::audit::Kind;
use countersign_domain::request::StateName;
use countersign_domain::workflow::Action;
use lambda_http::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use lambda_http::{Body, Response};
use serde::Serialize;

use crate::store::StoreError;
use crate::store::page::MAX_LIMIT;

/// How many seconds a caller waits before it retries when the store is busy.
const RETRY_AFTER_SECONDS: u16 = 1;

/// What the types of problems start with.
const URN: &str = "urn:countersign:problem:";

/// The kind of the problem that a response is: the last part of its type. The call's line in the log has it.
#[derive(Debug, Clone)]
pub(crate) struct ProblemKind(pub(crate) String);

/// A problem as it is sent.
#[derive(Debug, Serialize)]
pub struct Problem {
    #[serde(rename = "type")]
    kind: String,
    title: &'static str,
    status: u16,
    detail: String,
    #[serde(rename = "currentStatus", skip_serializing_if = "Option::is_none")]
    current_status: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<InvalidPart>,
    /// After how many seconds the caller may try again.
    #[serde(skip)]
    retry_after: Option<u16>,
}

/// What is wrong with one part of a body.
#[derive(Debug, Serialize)]
pub struct InvalidPart {
    /// The JSON Pointer of the part.
    pub pointer: String,
    /// What is wrong with it.
    pub detail: String,
}

/// What can be wrong with a call, whatever its operation.
#[derive(Debug, Clone)]
pub enum HttpError {
    /// Nothing exists at this address for the caller.
    NotFound,
    /// The body, a header or a parameter does not have the form it needs.
    Malformed(Malformed),
    /// The operation does not accept a query parameter as given. Holds the parameter's name.
    Parameter(String, ParameterFault),
    /// A member of the body occurs twice. Holds the member's JSON Pointer.
    RepeatedMember(String),
    /// The `Content-Type` does not declare JSON.
    NotJson,
    /// The body is longer than allowed. Holds the limit in bytes.
    TooLarge(usize),
    /// A system has made as many calls as it may. Holds in how many seconds it may go on.
    TooManyCalls(u16),
    /// A command has no `If-Match` with the tag of what was read.
    TagMissing,
    /// Something failed unexpectedly.
    Internal,
}

/// What is wrong with a query parameter, before its value is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterFault {
    /// The operation does not have this parameter.
    Unknown,
    /// It has no value.
    Empty,
    /// It occurs more than once.
    Repeated,
}

impl ParameterFault {
    fn wording(self, name: &str) -> String {
        match self {
            Self::Unknown => format!("There is no parameter {name} here."),
            Self::Empty => format!("{name} is empty. Give it a value, or leave it out."),
            Self::Repeated => format!("{name} occurs more than once. Give it once."),
        }
    }
}

/// The part of a call that does not have the form it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Malformed {
    /// The body.
    Body,
    /// The header `If-Match`.
    IfMatch,
    /// The header `Idempotency-Key`.
    IdempotencyKey,
    /// The parameter `limit`.
    Limit,
    /// The parameter `cursor`.
    Cursor,
    /// The parameter `state`.
    State,
    /// The parameter `reference`.
    Reference,
    /// The parameter `participant`.
    Participant,
    /// The parameter `behind`.
    Behind,
    /// The parameter `updatedSince`.
    UpdatedSince,
    /// The parameter `kind`.
    Kind,
    /// The parameter `person`.
    Person,
    /// The parameter `action`.
    Action,
    /// The parameter with this name, which is a day.
    Day(&'static str),
}

impl Malformed {
    fn wording(self) -> String {
        match self {
            Self::Body => "The body has to be JSON.".to_owned(),
            Self::IfMatch => "If-Match has to be one ETag in double quotes.".to_owned(),
            Self::IdempotencyKey => {
                "Idempotency-Key has to be 1 to 255 printable ASCII characters.".to_owned()
            }
            Self::Limit => format!("limit has to be a number from 1 to {MAX_LIMIT}."),
            Self::Cursor => "cursor has to be one that this list gave you.".to_owned(),
            Self::State => {
                let names = StateName::ALL.map(StateName::as_str).join(", ");
                format!("state has to be one of: {names}.")
            }
            Self::Reference => "reference has to be one like DA3_00013361.".to_owned(),
            Self::Behind => "behind has to be true or false.".to_owned(),
            Self::UpdatedSince => {
                "updatedSince has to be an instant like 2023-02-07T02:43:00.000Z.".to_owned()
            }
            Self::Kind => {
                let names = Kind::ALL.map(Kind::as_str).join(", ");
                format!("kind has to be one of: {names}.")
            }
            Self::Person => "person has to be a person's ID.".to_owned(),
            Self::Action => {
                let names = Action::ALL.map(Action::as_str).join(", ");
                format!("action has to be one of: {names}.")
            }
            Self::Day(name) => format!("{name} has to be a day like 2023-02-07."),
            Self::Participant => "participant has to name a participant, like B01234.".to_owned(),
        }
    }
}

impl HttpError {
    /// Logs an unexpected error and returns the problem for the caller, which does not say what failed.
    pub fn internal(error: &dyn std::error::Error) -> Problem {
        tracing::error!(%error, "internal");
        Self::Internal.into()
    }
}

impl From<HttpError> for Problem {
    fn from(error: HttpError) -> Self {
        let (status, kind, title, detail) = match error {
            HttpError::NotFound => (404, "not-found", "Not found", "There is nothing here.".to_owned()),
            HttpError::Malformed(what) => (400, "malformed", "Malformed", what.wording()),
            HttpError::Parameter(name, fault) => (400, "malformed", "Malformed", fault.wording(&name)),
            HttpError::RepeatedMember(pointer) => return Self::repeated_member(pointer),
            HttpError::NotJson => (
                415,
                "unsupported-media-type",
                "Not JSON",
                "Send the body as Content-Type: application/json.".to_owned(),
            ),
            HttpError::TooLarge(octets) => (
                413,
                "too-large",
                "Too large",
                format!("A request can have {} KiB at most.", octets / 1024),
            ),
            HttpError::TooManyCalls(seconds) => return Self::too_many_calls(seconds),
            HttpError::TagMissing => (
                428,
                "tag-missing",
                "Say what you have read",
                "Send the request's ETag in If-Match, so that nothing you have not seen is decided."
                    .to_owned(),
            ),
            HttpError::Internal => (
                500,
                "internal",
                "Internal error",
                "This failed. It has been logged.".to_owned(),
            ),
        };
        Self::new(status, kind, title, detail)
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let (title, detail) = match error {
            StoreError::Busy => {
                tracing::warn!("the store is busy");
                ("Busy", "Too much is going on just now. Try again in a moment.")
            }
            StoreError::Refused(_) | StoreError::Corrupt(_) | StoreError::OtherLayout(_) => {
                return HttpError::internal(&error);
            }
            StoreError::Unavailable(_) => {
                tracing::error!(%error, "store");
                (
                    "Unavailable",
                    "This can't be done just now. Try again in a moment.",
                )
            }
        };
        Self {
            retry_after: Some(RETRY_AFTER_SECONDS),
            ..Self::new(503, error.kind(), title, detail.to_owned())
        }
    }
}

impl Problem {
    /// Makes a problem. `kind` is the last part of its type's URN.
    pub fn new(status: u16, kind: &str, title: &'static str, detail: String) -> Self {
        let kind = format!("{URN}{kind}");
        Self {
            kind,
            title,
            status,
            detail,
            current_status: None,
            errors: Vec::new(),
            retry_after: None,
        }
    }

    fn too_many_calls(seconds: u16) -> Self {
        let detail =
            format!("This system has made as many calls as it may in a minute. Go on in {seconds} s.");
        Self {
            retry_after: Some(seconds),
            ..Self::new(429, "too-many-calls", "Too many calls", detail)
        }
    }

    fn repeated_member(pointer: String) -> Self {
        let detail = format!("The member {pointer} occurs more than once.");
        let part = InvalidPart {
            pointer,
            detail: "This member occurs more than once.".to_owned(),
        };
        Self::new(400, "malformed", "Malformed", detail).with_errors(vec![part])
    }

    /// Adds the parts of the body that are wrong.
    #[must_use]
    pub fn with_errors(mut self, errors: Vec<InvalidPart>) -> Self {
        self.errors = errors;
        self
    }

    /// Adds the request's current status text, if it is known.
    #[must_use]
    pub fn with_current_status(mut self, status: Option<String>) -> Self {
        self.current_status = status;
        self
    }

    pub(super) fn into_response(self) -> Response<Body> {
        let body = serde_json::to_string(&self).unwrap_or_default();
        let mut response = Response::new(Body::Text(body));
        *response.status_mut() = self.status.try_into().unwrap_or_default();
        let kind = self.kind.strip_prefix(URN).unwrap_or_default();
        response.extensions_mut().insert(ProblemKind(kind.to_owned()));
        let headers = response.headers_mut();
        let constant = lambda_http::http::HeaderValue::from_static;
        headers.insert(CONTENT_TYPE, constant("application/problem+json"));
        headers.insert(CACHE_CONTROL, constant("no-store"));
        if self.status == 401 {
            headers.insert(WWW_AUTHENTICATE, constant("Bearer"));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, seconds.into());
        }
        response
    }
}
