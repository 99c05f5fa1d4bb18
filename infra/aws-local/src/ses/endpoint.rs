//! The wire of SES v2, as far as `SendEmail` goes.

use std::io;
use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::json;

use super::send_email::{SendEmail, SendError};
use super::{Fault, Ses};

/// Where the exception's name is, which the body doesn't say.
const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");

/// The largest mail that SES takes.
pub const MAIL_LIMIT: usize = 40 * 1024 * 1024;

/// The endpoint. An operation that isn't there is refused as AWS does.
pub fn router(ses: Arc<Ses>) -> Router {
    let unknown = || async {
        let message = "This stand-in knows SendEmail alone.";
        SendError::new(404, "UnknownOperationException", message)
    };
    Router::new()
        .route("/v2/email/outbound-emails", post(send_email))
        .fallback(unknown)
        .with_state(ses)
}

async fn send_email(State(ses): State<Arc<Ses>>, request: Request) -> Result<Response, SendError> {
    let body = to_bytes(request.into_body(), MAIL_LIMIT)
        .await
        .map_err(|_| SendError::new(400, "BadRequestException", "The mail is too large."))?;
    let request: SendEmail = serde_json::from_slice(&body).map_err(|error| {
        let exception = if error.is_data() {
            "BadRequestException"
        } else {
            "SerializationException"
        };
        SendError::new(400, exception, error.to_string())
    })?;
    let message = request.checked(&ses.settings)?;
    let fault = ses
        .faults
        .as_ref()
        .map_or(Fault::Deliver, |fault| fault(&message));
    match fault {
        Fault::Deliver => {
            let id = ses.take(message)?;
            Ok(Json(json!({ "MessageId": id })).into_response())
        }
        Fault::Throttle => Err(SendError::new(
            429,
            "TooManyRequestsException",
            "Maximum sending rate exceeded.",
        )),
        Fault::FailBefore => Err(SendError::new(500, "InternalFailure", "The service failed.")),
        Fault::TakeThenDrop => {
            ses.take(message)?;
            Ok(broken())
        }
    }
}

/// An answer that breaks off before it says anything.
fn broken() -> Response {
    let lost = futures_util::stream::once(async { Err::<Bytes, _>(io::Error::other("a test's fault")) });
    Response::new(Body::from_stream(lost))
}

impl IntoResponse for SendError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = Json(json!({ "message": self.message }));
        (status, [(ERROR_TYPE, self.exception)], body).into_response()
    }
}
