//! Reads a call: its route, its headers, its body, its parameters.

use countersign_domain::id::RequestId;
use countersign_domain::receipt::Receipt;
use lambda_http::http::header::{CONTENT_TYPE, IF_MATCH};
use lambda_http::{Request, RequestExt as _};
use serde_json::Value;

use super::json::{self, JsonFault};
use super::problem::{HttpError, Malformed, Problem};
use super::query::Query;
use crate::store::page::{Cursor, DEFAULT_LIMIT, MAX_LIMIT};

/// The longest body, in bytes.
pub const MAX_BODY_OCTETS: usize = 256 * 1024;

/// Finds the call's route among those that a function serves.
pub fn route<T: Copy>(request: &Request, routes: &[(&str, T)]) -> Result<T, Problem> {
    let key = super::route_key(request).unwrap_or_default();
    let found = routes.iter().find(|(route, _)| *route == key);
    found
        .map(|(_, route)| *route)
        .ok_or_else(|| HttpError::NotFound.into())
}

/// Returns the request ID in the path. Answers 404 for anything that is not an ID.
pub fn request_id(request: &Request) -> Result<RequestId, Problem> {
    let parameters = request.path_parameters();
    parameters
        .first("id")
        .and_then(RequestId::parse)
        .ok_or_else(|| HttpError::NotFound.into())
}

/// What `If-Match` says the caller has read.
#[derive(Debug)]
pub enum Tag {
    /// The receipt of a version.
    Receipt(Receipt),
    /// A tag that we never issued, or a weak one. It never matches (RFC 9110, section 13.1.1).
    Unreadable,
}

impl Tag {
    /// Returns the receipt, if there is one.
    pub fn receipt(self) -> Option<Receipt> {
        match self {
            Self::Receipt(receipt) => Some(receipt),
            Self::Unreadable => None,
        }
    }
}

/// Reads `If-Match`. `None` if it is absent, or if it is `*`, which names no version.
pub fn if_match(request: &Request) -> Result<Option<Tag>, Problem> {
    // API Gateway joins a repeated header with commas, and no tag contains one.
    let Some(value) = request.headers().get(IF_MATCH) else {
        return Ok(None);
    };
    let malformed = || HttpError::Malformed(Malformed::IfMatch);
    let text = value.to_str().map_err(|_| malformed())?.trim();
    if text == "*" {
        return Ok(None);
    }
    // A receipt is accepted with or without quotes: clients take it from a header or from a list's JSON.
    let unquoted = text.trim_matches('"');
    if let Some(receipt) = Receipt::parse(unquoted).filter(|_| !unquoted.contains('"')) {
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

/// Returns the body. Answers 413 if it is longer than [`MAX_BODY_OCTETS`].
pub fn body(request: &Request) -> Result<&[u8], Problem> {
    let body: &[u8] = request.body().as_ref();
    if body.len() > MAX_BODY_OCTETS {
        Err(HttpError::TooLarge(MAX_BODY_OCTETS).into())
    } else {
        Ok(body)
    }
}

/// Parses the body as JSON. The `Content-Type` has to be JSON, which a form of another site can't send.
pub fn json(request: &Request) -> Result<Value, Problem> {
    let body = body(request)?;
    let media_type = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let media_type = media_type
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default();
    if !body.is_empty() && !media_type.trim().eq_ignore_ascii_case("application/json") {
        return Err(HttpError::NotJson.into());
    }
    json::parse(body).map_err(|fault| match fault {
        JsonFault::NotJson => HttpError::Malformed(Malformed::Body).into(),
        JsonFault::Repeated(pointer) => HttpError::RepeatedMember(pointer).into(),
    })
}

/// The page of a list that the call asks for.
#[derive(Debug)]
pub struct PageQuery {
    /// The most rows that the page may have.
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
                .ok_or(HttpError::Malformed(Malformed::Limit))?,
        };
        Ok(Self {
            limit,
            cursor: query.get("cursor").map(str::to_owned),
        })
    }

    /// Returns where the page starts, as a list reads its cursors. Answers 400 if the cursor is not one of that list.
    pub fn cursor(&self, parse: impl FnOnce(&str) -> Option<Cursor>) -> Result<Option<Cursor>, Problem> {
        let malformed = HttpError::Malformed(Malformed::Cursor);
        match &self.cursor {
            None => Ok(None),
            Some(text) => parse(text).map(Some).ok_or_else(|| malformed.into()),
        }
    }

    /// Builds the address of the next page.
    pub fn link(&self, path: &str, parameters: &[(&str, String)], cursor: &str) -> String {
        let limit = [("limit", self.limit.to_string()), ("cursor", cursor.to_owned())];
        let pairs = parameters
            .iter()
            .chain(&limit)
            .map(|(name, value)| format!("{name}={}", percent_encoded(value)));
        format!("{path}?{}", pairs.collect::<Vec<_>>().join("&"))
    }
}

/// Percent-encodes a value for a query string: everything but RFC 3986's unreserved characters.
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
