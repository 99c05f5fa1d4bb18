//! Reads a command from a call: who asks, what they have read, and what they send.

use std::collections::HashMap;

use countersign_application::access::{AccessError, Caller};
use countersign_application::execute::{Command, Payload, Subject};
use countersign_domain::eservice::MAX_TEXT_CHARS;
use countersign_domain::fault::{Fault, FaultKind, JsonType};
use countersign_domain::field::free_text;
use countersign_domain::history::CommandKey;
use countersign_domain::id::PersonId;
use countersign_domain::workflow::Action;
use countersign_platform::http::{HttpError, Malformed, Problem, Query, body, if_match, json, request_id};
use lambda_http::request::RequestContext;
use lambda_http::{Request, RequestExt as _};
use serde_json::Value;

use crate::problem::{denied, invalid};

/// The longest idempotency key, in characters.
const MAX_KEY_CHARS: usize = 255;

/// Reads the caller from the claims that API Gateway's JWT authorizer has verified. Without claims nobody has signed
/// in.
pub fn caller(request: &Request) -> Result<Caller, Problem> {
    let claims = verified_claims(request).ok_or(AccessError::NotSignedIn);
    claims.and_then(Caller::of_claims).map_err(denied)
}

/// Reads the caller. Answers 403 if they have no right beyond reading who they are.
pub fn caller_with_a_right(request: &Request) -> Result<Caller, Problem> {
    caller(request)?.with_a_right().map_err(denied)
}

fn verified_claims(request: &Request) -> Option<&HashMap<String, String>> {
    match request.request_context_ref()? {
        RequestContext::ApiGatewayV2(context) => Some(&context.authorizer.as_ref()?.jwt.as_ref()?.claims),
        #[allow(
            unreachable_patterns,
            reason = "other variants exist when another crate turns their features on"
        )]
        _ => None,
    }
}

/// What the body of a step can have.
#[derive(Default)]
struct Said {
    message: Option<String>,
    colleague: Option<PersonId>,
}

/// Reads the message to the next-step user from the body. `None` if the body is missing or has no message.
pub fn message(request: &Request) -> Result<Option<String>, Problem> {
    Ok(said(request, &["message"])?.message)
}

/// Reads from the body whom a request is handed to, and the message to them.
pub(crate) fn handed_over(request: &Request) -> Result<Payload, Problem> {
    let Said { message, colleague } = said(request, &["message", "colleague"])?;
    Ok(Payload::HandOver { colleague, message })
}

fn said(request: &Request, known: &[&str]) -> Result<Said, Problem> {
    if body(request)?.is_empty() {
        return Ok(Said::default());
    }
    let body = json(request)?;
    let Some(members) = body.as_object() else {
        return Err(invalid(&[Fault::new("", FaultKind::NotA(JsonType::Object))]));
    };
    let unknown = members.keys().filter(|name| !known.contains(&name.as_str()));
    let escaped = |name: &String| name.replace('~', "~0").replace('/', "~1");
    let mut faults: Vec<Fault> = unknown
        .map(|name| Fault::new(format!("/{}", escaped(name)), FaultKind::Unknown))
        .collect();
    let text = |name: &str| match members.get(name).filter(|_| known.contains(&name)) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(typed)) => free_text(typed, MAX_TEXT_CHARS).map(Some),
        Some(_) => Err(FaultKind::NotA(JsonType::Text)),
    };
    let mut read = |name: &str| {
        let text = text(name);
        let text = text.map_err(|kind| faults.push(Fault::new(format!("/{name}"), kind)));
        text.ok().flatten().filter(|text| !text.trim().is_empty())
    };
    let (message, colleague) = (read("message"), read("colleague"));
    if !faults.is_empty() {
        return Err(invalid(&faults));
    }
    Ok(Said {
        message,
        // A text that is nobody's ID names nobody.
        colleague: colleague.and_then(|id| PersonId::parse(&id)),
    })
}

/// Refuses a message in a call that takes none.
pub fn no_message(request: &Request) -> Result<(), Problem> {
    match message(request)? {
        None => Ok(()),
        Some(_) => Err(invalid(&[Fault::new("/message", FaultKind::Unknown)])),
    }
}

/// Makes the key that identifies a repeated command, from the caller and their `Idempotency-Key`, and from what they
/// ask for.
pub fn command_key(request: &Request, caller: &Caller, subject: &str) -> Result<Option<CommandKey>, Problem> {
    let Some(value) = request.headers().get("idempotency-key") else {
        return Ok(None);
    };
    let malformed = || HttpError::Malformed(Malformed::IdempotencyKey);
    let key = value.to_str().map_err(|_| malformed())?;
    let is_key =
        (1..=MAX_KEY_CHARS).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
    if !is_key {
        return Err(malformed().into());
    }
    Ok(Some(caller.command_key(key, subject, body(request)?)))
}

/// Reads a command on the request in the path. Reports what is wrong with the call before anything is read from the
/// store.
pub fn command_of(
    request: &Request,
    caller: &Caller,
    action: Action,
    payload: Payload,
) -> Result<Command, Problem> {
    let id = request_id(request)?;
    Query::read(request, &[])?;
    let key = command_key(request, caller, action.as_str())?;
    let tag = if_match(request)?.ok_or(HttpError::TagMissing)?;
    Ok(Command {
        subject: Subject::Request(id),
        action,
        actor: caller.actor(),
        receipt: tag.receipt().into(),
        payload,
        key,
    })
}
