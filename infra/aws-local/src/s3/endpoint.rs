//! The wire of S3, as far as the product speaks it: `GetObject`, with the bucket in the path.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, ETAG, LAST_MODIFIED, RANGE};
use axum::http::{HeaderName, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::fmt::rfc2822::DateTimePrinter;
use sha2::{Digest as _, Sha256};

use super::{Object, Storage};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-amz-request-id");

/// Why S3 does not give an object: its status, code and message.
struct Refusal(StatusCode, &'static str, &'static str);

const NOT_IMPLEMENTED: Refusal = Refusal(
    StatusCode::NOT_IMPLEMENTED,
    "NotImplemented",
    "This stand-in knows GetObject of a whole object alone.",
);

const NO_SUCH_BUCKET: Refusal = Refusal(
    StatusCode::NOT_FOUND,
    "NoSuchBucket",
    "The specified bucket does not exist",
);

const NO_SUCH_KEY: Refusal = Refusal(
    StatusCode::NOT_FOUND,
    "NoSuchKey",
    "The specified key does not exist.",
);

const INTERNAL_ERROR: Refusal = Refusal(
    StatusCode::INTERNAL_SERVER_ERROR,
    "InternalError",
    "We encountered an internal error. Please try again.",
);

/// The endpoint. An operation that isn't there is refused as S3 does.
pub fn router(storage: Arc<Storage>) -> Router {
    Router::new().fallback(serve).with_state(storage)
}

async fn serve(State(storage): State<Arc<Storage>>, request: Request) -> Result<Object, Refusal> {
    let (bucket, key) = object_of(&request).ok_or(NOT_IMPLEMENTED)?;
    let bucket = storage.bucket(bucket).ok_or(NO_SUCH_BUCKET)?;
    let found = storage.get(bucket, key).map_err(|error| {
        tracing::error!(%error, "an object could not be read");
        INTERNAL_ERROR
    })?;
    found.ok_or(NO_SUCH_KEY)
}

/// The bucket and the key of the object that a request asks for as a whole; `None` if it asks for anything else.
fn object_of(request: &Request) -> Option<(&str, &str)> {
    let query = request.uri().query().unwrap_or_default();
    // The SDK names the operation; whatever else stands there changes what is asked for.
    let is_get_object = matches!(query, "" | "x-id=GetObject");
    if request.method() != Method::GET || !is_get_object || request.headers().contains_key(RANGE) {
        return None;
    }
    let (bucket, key) = request.uri().path().strip_prefix('/')?.split_once('/')?;
    (!key.is_empty()).then_some((bucket, key))
}

impl IntoResponse for Object {
    fn into_response(self) -> Response {
        // A time that this can't print is none of this age of the world.
        let at = DateTimePrinter::new().timestamp_to_rfc9110_string(&self.stored_at);
        // Its octets decide; which digest S3 makes of them is not for anybody to rely on.
        let digest = format!("{:x}", Sha256::digest(&self.content));
        let headers = [
            (ETAG, format!("\"{}\"", digest.get(..32).unwrap_or_default())),
            (LAST_MODIFIED, at.unwrap_or_default()),
            (CONTENT_TYPE, "application/octet-stream".to_owned()),
            (REQUEST_ID, crate::random::hex::<8>().to_ascii_uppercase()),
        ];
        // The length comes from the body.
        (headers, self.content).into_response()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self(status, code, message) = self;
        let id = crate::random::hex::<8>().to_ascii_uppercase();
        let body = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message>\
             <RequestId>{id}</RequestId></Error>"
        );
        let headers = [(CONTENT_TYPE, "application/xml".to_owned()), (REQUEST_ID, id)];
        (status, headers, body).into_response()
    }
}
