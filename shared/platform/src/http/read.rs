//! Reading a call: its route, its headers, its body, its parameters.

use countersign_domain::eservice::MAX_TEXT_CHARS;
use countersign_domain::fault::{Fault, FaultKind, JsonType};
use countersign_domain::form::free_text;
use countersign_domain::history::CommandKey;
use countersign_domain::id::{Digest, RequestId};
use countersign_domain::receipt::Receipt;
use countersign_domain::workflow::Action;
use lambda_http::http::header::{CONTENT_TYPE, IF_MATCH};
use lambda_http::{Request, RequestExt as _};
use serde_json::Value;

use super::json::{self, JsonFault, escaped};
use super::query::Query;
use super::Caller;
use super::problem::{Malformed, Problem, ProblemError};
use crate::command::Command;
use crate::store::page::{Cursor, DEFAULT_LIMIT, MAX_LIMIT};

/// Octets of a body at most.
pub const MAX_BODY_OCTETS: usize = 256 * 1024;
/// Characters of an idempotency key at most.
const MAX_KEY_CHARS: usize = 255;

/// The route that a call took, among the ones that a function serves.
pub fn route<T: Copy>(request: &Request, routes: &[(&str, T)]) -> Result<T, Problem> {
    let key = super::route_key(request).unwrap_or_default();
    let found = routes.iter().find(|(route, _)| *route == key);
    found
        .map(|(_, route)| *route)
        .ok_or_else(|| ProblemError::NotFound.into())
}

/// The request that a path names. What is not an ID names nothing.
pub fn request_id(request: &Request) -> Result<RequestId, Problem> {
    let parameters = request.path_parameters();
    parameters
        .first("id")
        .and_then(RequestId::parse)
        .ok_or_else(|| ProblemError::NotFound.into())
}

/// What `If-Match` says was read.
#[derive(Debug)]
pub enum Tag {
    /// A receipt.
    Receipt(Receipt),
    /// A tag that nothing gave, or a weak one, which never matches (RFC 9110, section 13.1.1).
    Unreadable,
}

impl Tag {
    /// The receipt, if it is one.
    pub fn receipt(self) -> Option<Receipt> {
        match self {
            Self::Receipt(receipt) => Some(receipt),
            Self::Unreadable => None,
        }
    }
}

/// Reads `If-Match`; `None` without it. `*` names no version, so it is as good as none.
pub fn if_match(request: &Request) -> Result<Option<Tag>, Problem> {
    // API Gateway joins a repeated header with commas, which no tag holds.
    let Some(value) = request.headers().get(IF_MATCH) else {
        return Ok(None);
    };
    let malformed = || ProblemError::Malformed(Malformed::IfMatch);
    let text = value.to_str().map_err(|_| malformed())?.trim();
    if text == "*" {
        return Ok(None);
    }
    // A receipt is recognised however it was quoted: clients take it from a header, or out of a list's JSON.
    if let Some(receipt) = Receipt::parse(text.trim_matches('"')) {
        return Ok(Some(Tag::Receipt(receipt)));
    }
    let opaque = text.strip_prefix("W/").unwrap_or(text);
    let tag = opaque.strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
    let is_one = tag.is_some_and(|tag| !tag.contains('"'));
    if is_one {
        Ok(Some(Tag::Unreadable))
    } else {
        Err(malformed().into())
    }
}

fn body(request: &Request) -> Result<&[u8], Problem> {
    let body: &[u8] = request.body().as_ref();
    if body.len() > MAX_BODY_OCTETS {
        Err(ProblemError::TooLarge(MAX_BODY_OCTETS).into())
    } else {
        Ok(body)
    }
}

/// The JSON that a body holds; `None` without a body.
fn json(request: &Request) -> Result<Option<Value>, Problem> {
    let body = body(request)?;
    if body.is_empty() {
        return Ok(None);
    }
    let media_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = media_type.unwrap_or_default().split(';').next().unwrap_or_default();
    if !media_type.trim().eq_ignore_ascii_case("application/json") {
        return Err(ProblemError::NotJson.into());
    }
    json::parse(body).map(Some).map_err(|fault| match fault {
        JsonFault::NotJson => ProblemError::Malformed(Malformed::Body).into(),
        JsonFault::Repeated(pointer) => ProblemError::RepeatedMember(pointer).into(),
    })
}

/// The draft that a body holds.
pub fn draft(request: &Request) -> Result<Value, Problem> {
    json(request)?.ok_or_else(|| ProblemError::Malformed(Malformed::Body).into())
}

/// The message to the next-step user that a body holds. No body, or an empty one, holds none.
pub fn message(request: &Request) -> Result<Option<String>, Problem> {
    let Some(body) = json(request)? else {
        return Ok(None);
    };
    let Some(members) = body.as_object() else {
        return Err(ProblemError::Invalid(vec![Fault::new("", FaultKind::NotA(JsonType::Object))]).into());
    };
    let unknown = members.keys().filter(|name| *name != "message");
    let mut faults: Vec<Fault> = unknown
        .map(|name| Fault::new(format!("/{}", escaped(name)), FaultKind::Unknown))
        .collect();
    let message = match members.get("message") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(typed)) => free_text(typed, MAX_TEXT_CHARS).map(Some),
        Some(_) => Err(FaultKind::NotA(JsonType::Text)),
    };
    let message = message
        .map_err(|kind| faults.push(Fault::new("/message", kind)))
        .ok()
        .flatten();
    if faults.is_empty() {
        Ok(message.filter(|message| !message.trim().is_empty()))
    } else {
        Err(ProblemError::Invalid(faults).into())
    }
}

/// Holds a call that takes no message to bringing none.
pub fn no_message(request: &Request) -> Result<(), Problem> {
    match message(request)? {
        None => Ok(()),
        Some(_) => Err(ProblemError::Invalid(vec![Fault::new("/message", FaultKind::Unknown)]).into()),
    }
}

impl Caller {
    /// What tells a repeat of a command: the caller and their `Idempotency-Key`, and what they ask for.
    pub fn command_key(&self, request: &Request, subject: &str) -> Result<Option<CommandKey>, Problem> {
        let Some(value) = request.headers().get("idempotency-key") else {
            return Ok(None);
        };
        let malformed = || ProblemError::Malformed(Malformed::IdempotencyKey);
        let key = value.to_str().map_err(|_| malformed())?;
        let is_key = (1..=MAX_KEY_CHARS).contains(&key.len())
            && key.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
        if !is_key {
            return Err(malformed().into());
        }
        Ok(Some(self.command_key_for(key, subject, body(request)?)))
    }

    /// What tells a repeat of a command: the caller and a key of theirs, and what they ask for.
    pub fn command_key_for(&self, key: &str, subject: &str, said: &[u8]) -> CommandKey {
        let key = Digest::of(format!("{}\n{key}", self.member.person.id).as_bytes());
        let mut body = format!("{subject}\n").into_bytes();
        body.extend(said);
        CommandKey {
            key,
            body: Digest::of(&body),
        }
    }
}

impl Command {
    /// Reads a command on the request that the path names. What is wrong with the call is told before anything is
    /// looked up.
    pub fn read(
        request: &Request,
        caller: &Caller,
        action: Action,
        message: Option<String>,
    ) -> Result<Self, Problem> {
        let id = request_id(request)?;
        let key = caller.command_key(request, action.as_str())?;
        let tag = if_match(request)?.ok_or(ProblemError::TagMissing)?;
        Ok(Self {
            id,
            action,
            actor: caller.actor(),
            receipt: tag.receipt(),
            message,
            key,
        })
    }
}

/// Which part of a list is asked for.
#[derive(Debug)]
pub struct PageQuery {
    /// Rows at most.
    pub limit: usize,
    cursor: Option<String>,
}

impl PageQuery {
    /// Reads `limit` and `cursor`.
    pub fn read(query: &Query) -> Result<Self, Problem> {
        let limit = match query.get("limit") {
            None => DEFAULT_LIMIT,
            Some(text) => text
                .parse()
                .ok()
                .filter(|limit| (1..=MAX_LIMIT).contains(limit))
                .ok_or(ProblemError::Malformed(Malformed::Limit))?,
        };
        Ok(Self {
            limit,
            cursor: query.get("cursor").map(str::to_owned),
        })
    }

    /// Where the part starts in a list. A cursor of another list, or of none, is refused.
    pub fn cursor(&self, list: &str) -> Result<Option<Cursor>, Problem> {
        let malformed = ProblemError::Malformed(Malformed::Cursor);
        match &self.cursor {
            None => Ok(None),
            Some(text) => Cursor::parse(text, list)
                .map(Some)
                .ok_or_else(|| malformed.into()),
        }
    }

    /// The address of the next part of a list.
    pub fn link(&self, path: &str, parameters: &[(&str, String)], cursor: &str) -> String {
        let limit = [("limit", self.limit.to_string()), ("cursor", cursor.to_owned())];
        let pairs = parameters
            .iter()
            .chain(&limit)
            .map(|(name, value)| format!("{name}={}", percent_encoded(value)));
        format!("{path}?{}", pairs.collect::<Vec<_>>().join("&"))
    }
}

/// A value inside a query string: everything but RFC 3986's unreserved characters is percent-encoded.
pub fn percent_encoded(value: &str) -> String {
    let is_unreserved = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    let encoded = |b: u8| {
        if is_unreserved(b) {
            char::from(b).to_string()
        } else {
            format!("%{b:02X}")
        }
    };
    value.bytes().map(encoded).collect()
}
