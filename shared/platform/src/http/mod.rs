//! HTTP as API Gateway passes it on: reads calls, and writes answers and problems.

use countersign_domain::id::Digest;
use lambda_http::http::HeaderName;
use lambda_http::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, LINK, LOCATION};
use lambda_http::{Body, Request, Response};
use serde::Serialize;

mod finish;
mod json;
mod problem;
mod query;
mod read;

pub(crate) use finish::Wishes;
pub use finish::{gzip, takes_gzip};
pub(crate) use problem::ProblemKind;
pub use problem::{HttpError, InvalidPart, Malformed, ParameterFault, Problem};
pub use query::Query;
pub use read::{MAX_BODY_OCTETS, PageQuery, Tag, body, if_match, json, percent_encoded, request_id, route};

/// The header that marks an answer to a repeated command.
const IDEMPOTENT_REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// How many hexadecimal digits of the body's digest an `ETag` contains.
const VALIDATOR_DIGITS: usize = 12;

/// A handler's result.
pub type Answer = Result<Response<Body>, Problem>;

/// Turns a handler's result into a response. This is the only place where a problem becomes a response.
pub fn respond(answer: Answer) -> Response<Body> {
    answer.unwrap_or_else(Problem::into_response)
}

/// A JSON response in the making.
pub struct Json<T> {
    status: u16,
    body: T,
    etag: Option<String>,
    validates: bool,
    location: Option<String>,
    next: Option<String>,
    is_replay: bool,
}

impl<T: Serialize> Json<T> {
    /// Answers 200 with a body.
    pub fn ok(body: T) -> Self {
        Self {
            status: 200,
            body,
            etag: None,
            validates: false,
            location: None,
            next: None,
            is_replay: false,
        }
    }

    /// Answers 201 with a body and the address of what was created.
    pub fn created(body: T, location: String) -> Self {
        Self {
            status: 201,
            location: Some(location),
            ..Self::ok(body)
        }
    }

    /// Adds the tag as the `ETag`.
    #[must_use]
    pub fn tagged(mut self, tag: &str) -> Self {
        self.etag = Some(format!("\"{tag}\""));
        self
    }

    /// Adds an `ETag` made of the tag and a digest of the body, so that it changes with anything in the answer.
    /// `If-Match` accepts it too: it reads only the receipt and ignores the digest, which serves `If-None-Match`.
    #[must_use]
    pub fn tagged_as_read(mut self, tag: &str) -> Self {
        self.etag = Some(tag.to_owned());
        self.validates = true;
        self
    }

    /// Adds a `Link` to the next page, if there is one.
    #[must_use]
    pub fn with_next(mut self, next: Option<String>) -> Self {
        self.next = next;
        self
    }

    /// Marks the answer as a replay, if it is one.
    #[must_use]
    pub fn replayed(mut self, is_replay: bool) -> Self {
        self.is_replay = is_replay;
        self
    }

    /// Builds the response. It holds a company's own data, so no cache between here and the caller may store it.
    pub fn into_answer(self) -> Answer {
        let body = serde_json::to_string(&self.body).map_err(|error| HttpError::internal(&error))?;
        let mut response = Response::builder()
            .status(self.status)
            .header(CONTENT_TYPE, "application/json")
            .header(CACHE_CONTROL, "no-store");
        let etag = match self.etag {
            Some(tag) if self.validates => Some(validator(&tag, &body)),
            tag => tag,
        };
        let headers = [
            (ETAG, etag),
            (LOCATION, self.location),
            (LINK, self.next.as_deref().map(next_link)),
            (IDEMPOTENT_REPLAYED, self.is_replay.then(|| "true".to_owned())),
        ];
        for (name, value) in headers {
            if let Some(value) = value {
                response = response.header(name, value);
            }
        }
        response
            .body(Body::Text(body))
            .map_err(|error| HttpError::internal(&error))
    }
}

/// The value of the `Content-Disposition` header that makes a browser save a document under this name.
pub fn disposition(name: &str) -> String {
    format!("attachment; filename=\"{name}\"")
}

/// The value of the `Link` header that names the next page.
fn next_link(next: &str) -> String {
    format!("<{next}>; rel=\"next\"")
}

/// Returns a strong validator: the receipt, if there is one, and the start of the body's digest.
fn validator(receipt: &str, body: &str) -> String {
    let digest = Digest::of(body.as_bytes()).to_string();
    let digest = &digest[..VALIDATOR_DIGITS];
    if receipt.is_empty() {
        format!("\"{digest}\"")
    } else {
        format!("\"{receipt}.{digest}\"")
    }
}

/// Answers with a document of a company's own data, which the browser saves under this name, and with the address of the
/// document that continues it.
pub fn download(name: &str, media: &str, text: String, next: Option<&str>) -> Answer {
    let mut response = Response::builder()
        .header(CONTENT_TYPE, media)
        .header(CONTENT_DISPOSITION, disposition(name))
        .header(CACHE_CONTROL, "no-store");
    if let Some(next) = next {
        response = response.header(LINK, next_link(next));
    }
    response
        .body(Body::Text(text))
        .map_err(|error| HttpError::internal(&error))
}

/// Answers with a JSON document that anyone may read and cache.
pub fn document(json: String) -> Answer {
    let response = Response::builder()
        .header(CONTENT_TYPE, "application/json")
        .header(CACHE_CONTROL, "public, max-age=300")
        .header(ETAG, validator("", &json));
    response
        .body(Body::Text(json))
        .map_err(|error| HttpError::internal(&error))
}

/// Returns the method and path template that API Gateway matched, for example `POST /requests/{id}/claim`.
pub fn route_key(request: &Request) -> Option<&str> {
    use lambda_http::RequestExt as _;
    use lambda_http::request::RequestContext;
    match request.request_context_ref()? {
        RequestContext::ApiGatewayV2(context) => context.route_key.as_deref(),
        #[allow(
            unreachable_patterns,
            reason = "other variants exist when another crate turns their features on"
        )]
        _ => None,
    }
}
