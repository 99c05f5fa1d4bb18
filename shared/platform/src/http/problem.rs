//! Problems (RFC 9457): the one place where what went wrong becomes a status and words.

use countersign_domain::actor::Right;
use countersign_domain::campaign::Campaign;
use countersign_domain::fault::{Fault, FaultKind};
use countersign_domain::request::StateName;
use countersign_domain::wording;
use countersign_domain::workflow::{Action, Refusal};
use lambda_http::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use lambda_http::{Body, Response};
use serde::Serialize;

use crate::App;
use crate::command::CommandError;
use crate::store::StoreError;
use crate::store::page::MAX_LIMIT;

/// Seconds after which a caller may ask again when the store throttles.
const RETRY_AFTER_SECONDS: &str = "1";

/// A problem as the wire has it.
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
}

#[derive(Debug, Serialize)]
struct InvalidPart {
    pointer: String,
    detail: String,
}

/// What can go wrong with a call, besides what a command can say.
#[derive(Debug)]
pub enum ProblemError {
    /// Nobody has signed in.
    NotSignedIn,
    /// The directory does not know who signed in.
    NotInDirectory,
    /// A right is missing.
    RightMissing(Right),
    /// There is nothing at this address for the caller.
    NotFound,
    /// The body, a header or a parameter has not the form it needs.
    Malformed(Malformed),
    /// A query parameter, by name, is not one that the operation takes as it is.
    Parameter(String, ParameterFault),
    /// A member of the body, by its JSON Pointer, occurs twice.
    RepeatedMember(String),
    /// The body does not say that it is JSON.
    NotJson,
    /// The body is longer than allowed; holds the most octets.
    TooLarge(usize),
    /// A command came without the tag of what was read.
    TagMissing,
    /// What was filled in is not right.
    Invalid(Vec<Fault>),
    /// The store gave no answer.
    Store(StoreError),
    /// Something failed that should not.
    Internal,
}

/// What is wrong with a query parameter, whatever its value means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterFault {
    /// The operation has no such parameter.
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

/// What has not the form it needs.
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
            Self::UpdatedSince => "updatedSince has to be an instant like 2023-02-07T02:43:00.000Z.".to_owned(),
            Self::Participant => "participant has to name a participant, like B01234.".to_owned(),
        }
    }
}

impl ProblemError {
    /// Something failed that should not; the log says what.
    pub fn internal(error: &dyn std::error::Error) -> Problem {
        tracing::error!(%error, "internal");
        Self::Internal.into()
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        ProblemError::Store(error).into()
    }
}

impl From<ProblemError> for Problem {
    fn from(error: ProblemError) -> Self {
        let (status, kind, title, detail) = match error {
            ProblemError::NotSignedIn => (
                401,
                "not-signed-in",
                "Not signed in",
                "Sign in, then try again.".to_owned(),
            ),
            ProblemError::NotInDirectory => (
                403,
                "not-in-directory",
                "Not in the directory",
                "Your sign-in belongs to no company here. Ask your administrator to register you.".to_owned(),
            ),
            ProblemError::RightMissing(right) => (
                403,
                "right-missing",
                "Access right missing",
                wording::right_missing(right),
            ),
            ProblemError::NotFound => (404, "not-found", "Not found", "There is nothing here.".to_owned()),
            ProblemError::Malformed(what) => (400, "malformed", "Malformed", what.wording()),
            ProblemError::Parameter(name, fault) => (400, "malformed", "Malformed", fault.wording(&name)),
            ProblemError::RepeatedMember(pointer) => return Self::repeated_member(pointer),
            ProblemError::NotJson => (
                415,
                "unsupported-media-type",
                "Not JSON",
                "Send the body as Content-Type: application/json.".to_owned(),
            ),
            ProblemError::TooLarge(octets) => (
                413,
                "too-large",
                "Too large",
                format!("A request can have {} KiB at most.", octets / 1024),
            ),
            ProblemError::TagMissing => (
                428,
                "tag-missing",
                "Say what you have read",
                "Send the request's ETag in If-Match, so that nothing you have not seen is decided."
                    .to_owned(),
            ),
            ProblemError::Invalid(faults) => return Self::invalid(&faults),
            ProblemError::Store(StoreError::Throttled) => {
                tracing::warn!("the store throttles");
                (
                    503,
                    "busy",
                    "Busy",
                    "Too much is going on just now. Try again in a moment.".to_owned(),
                )
            }
            ProblemError::Store(error @ (StoreError::Refused(_) | StoreError::Corrupt(_))) => {
                return ProblemError::internal(&error);
            }
            ProblemError::Store(error @ StoreError::Unavailable(_)) => {
                tracing::error!(%error, "store");
                (
                    503,
                    "unavailable",
                    "Unavailable",
                    "This can't be done just now. Try again in a moment.".to_owned(),
                )
            }
            ProblemError::Internal => (
                500,
                "internal",
                "Internal error",
                "This failed. It has been logged.".to_owned(),
            ),
        };
        Self::new(status, kind, title, detail)
    }
}

impl Problem {
    fn new(status: u16, kind: &str, title: &'static str, detail: String) -> Self {
        let kind = format!("urn:countersign:problem:{kind}");
        Self {
            kind,
            title,
            status,
            detail,
            current_status: None,
            errors: Vec::new(),
        }
    }

    fn repeated_member(pointer: String) -> Self {
        let detail = format!("The member {pointer} occurs more than once.");
        let part = InvalidPart {
            pointer,
            detail: "This member occurs more than once.".to_owned(),
        };
        Self {
            errors: vec![part],
            ..Self::new(400, "malformed", "Malformed", detail)
        }
    }

    /// Faults in what was filled in, all of them at once.
    fn invalid(faults: &[Fault]) -> Self {
        let in_open_request = |fault: &Fault| matches!(fault.kind, FaultKind::InOpenRequest(_));
        let (status, kind, title) = if faults.iter().all(in_open_request) {
            (409, "in-open-request", "In another open request")
        } else {
            (422, "invalid", "Not filled in right")
        };
        let detail = match faults {
            [fault] => wording::fault(&fault.kind),
            faults => format!("{} things need your attention.", faults.len()),
        };
        let part = |fault: &Fault| InvalidPart {
            pointer: fault.pointer.clone(),
            detail: wording::fault(&fault.kind),
        };
        Self {
            errors: faults.iter().map(part).collect(),
            ..Self::new(status, kind, title, detail)
        }
    }

    /// What a command said.
    pub fn of_command(error: CommandError, app: &App) -> Self {
        match error {
            CommandError::Refused {
                refusal,
                action,
                status,
            } => Self::refused(&refusal, action, status, &app.config().campaign),
            CommandError::Invalid(faults) => Self::invalid(&faults),
            CommandError::NoOtherChecker => Self::new(
                409,
                "no-other-checker",
                "Nobody to check it",
                wording::NO_OTHER_CHECKER.to_owned(),
            ),
            CommandError::KeyReused => Self::new(
                422,
                "key-reused",
                "Idempotency key used before",
                "This Idempotency-Key came with another command before. Give every command a key of its own."
                    .to_owned(),
            ),
            CommandError::Store(error) => error.into(),
        }
    }

    fn refused(refusal: &Refusal, action: Action, status: Option<String>, campaign: &Campaign) -> Self {
        let detail = wording::refusal(refusal, action, status.as_deref(), campaign);
        let (code, kind, title) = match refusal {
            Refusal::NotFound => (404, "not-found", "Not found"),
            Refusal::RightMissing(_) => (403, "right-missing", "Access right missing"),
            Refusal::OwnRequest => (403, "own-request", "Your own request"),
            Refusal::NotItsMaker => (403, "not-its-maker", "Not your request"),
            Refusal::NotItsConfirmer => (403, "not-its-confirmer", "Not your confirmation"),
            Refusal::NoLongerPossible => (409, "not-possible", "Not possible now"),
            Refusal::NotOpenYet => (409, "not-open-yet", "Not open yet"),
            Refusal::Stale => (412, "stale", "Changed since you read it"),
            Refusal::MessageMissing => {
                let fault = Fault::new("/message", FaultKind::Missing);
                return Self {
                    detail,
                    ..Self::invalid(&[fault])
                };
            }
        };
        // Whoever may not know of the request is told nothing of it.
        let current_status = status.filter(|_| matches!(code, 409 | 412));
        Self {
            current_status,
            ..Self::new(code, kind, title, detail)
        }
    }

    pub(super) fn into_response(self) -> Response<Body> {
        let body = serde_json::to_string(&self).unwrap_or_default();
        let mut response = Response::new(Body::Text(body));
        *response.status_mut() = self.status.try_into().unwrap_or_default();
        let headers = response.headers_mut();
        let constant = lambda_http::http::HeaderValue::from_static;
        headers.insert(CONTENT_TYPE, constant("application/problem+json"));
        headers.insert(CACHE_CONTROL, constant("no-store"));
        if self.status == 401 {
            headers.insert(WWW_AUTHENTICATE, constant("Bearer"));
        }
        if self.status == 503 {
            headers.insert(RETRY_AFTER, constant(RETRY_AFTER_SECONDS));
        }
        response
    }
}
