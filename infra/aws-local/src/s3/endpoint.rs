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
use crate::html::escaped;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-amz-request-id");

/// Why S3 does not give an object.
struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: &'static str,
    resource: String,
}

/// The endpoint. An operation that isn't there is refused as S3 does.
pub fn router(storage: Arc<Storage>) -> Router {
    Router::new().fallback(serve).with_state(storage)
}

async fn serve(State(storage): State<Arc<Storage>>, request: Request) -> Response {
    storage
        .answer(&request)
        .unwrap_or_else(IntoResponse::into_response)
}

impl Storage {
    fn answer(&self, request: &Request) -> Result<Response, Refusal> {
        let path = request.uri().path();
        let refusal = |status, code, message| Refusal {
            status,
            code,
            message,
            resource: path.to_owned(),
        };
        let Some((bucket, key)) = object_of(request) else {
            return Err(refusal(
                StatusCode::NOT_IMPLEMENTED,
                "NotImplemented",
                "This stand-in knows GetObject of a whole object alone.",
            ));
        };
        let bucket = self.bucket(bucket).ok_or_else(|| {
            refusal(
                StatusCode::NOT_FOUND,
                "NoSuchBucket",
                "The specified bucket does not exist",
            )
        })?;
        let found = self.get(bucket, key).map_err(|error| {
            tracing::error!(%error, "an object could not be read");
            refusal(
                StatusCode::INTERNAL_SERVER_ERROR,
                "InternalError",
                "We encountered an internal error. Please try again.",
            )
        })?;
        let object = found.ok_or_else(|| {
            refusal(
                StatusCode::NOT_FOUND,
                "NoSuchKey",
                "The specified key does not exist.",
            )
        })?;
        Ok(object.into_response())
    }
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
        let id = crate::random::hex::<8>().to_ascii_uppercase();
        let body = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{}</Code><Message>{}</Message>\
             <Resource>{}</Resource><RequestId>{id}</RequestId></Error>",
            self.code,
            self.message,
            escaped(&self.resource)
        );
        let headers = [(CONTENT_TYPE, "application/xml".to_owned()), (REQUEST_ID, id)];
        (self.status, headers, body).into_response()
    }
}
