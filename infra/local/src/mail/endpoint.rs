//! The wire of SES v2, as far as the product speaks it: `SendEmail`.

use std::io;
use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::json;

use super::message::{Outgoing, Refusal};
use super::{Fault, Ses};

/// Where the exception's name is, which the body doesn't say.
const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");

/// The largest mail that SES takes.
const MAIL_LIMIT: usize = 40 * 1024 * 1024;

/// The endpoint. An operation that isn't there is refused as AWS does.
pub(crate) fn router(ses: Arc<Ses>) -> Router {
    Router::new()
        .route("/v2/email/outbound-emails", post(send_email))
        .fallback(|| async {
            Refusal::new(
                404,
                "UnknownOperationException",
                "This stand-in knows SendEmail alone.",
            )
        })
        .with_state(ses)
}

async fn send_email(State(ses): State<Arc<Ses>>, request: Request) -> Response {
    match to_bytes(request.into_body(), MAIL_LIMIT).await {
        Ok(body) => ses.answer(&body).unwrap_or_else(IntoResponse::into_response),
        Err(_) => Refusal::new(400, "BadRequestException", "The mail is too large.").into_response(),
    }
}

impl Ses {
    fn answer(self: &Arc<Self>, body: &Bytes) -> Result<Response, Refusal> {
        let request = serde_json::from_slice(body)
            .map_err(|error| Refusal::new(400, "SerializationException", error.to_string()))?;
        let message = Outgoing::read(request, &self.rules())?;
        let fault = self
            .faults
            .as_ref()
            .map_or(Fault::Deliver, |fault| fault(&message));
        match fault {
            Fault::Deliver => {
                let id = self.take(message)?;
                Ok(Json(json!({ "MessageId": id })).into_response())
            }
            Fault::Throttle => Err(Refusal::new(
                429,
                "TooManyRequestsException",
                "Maximum sending rate exceeded.",
            )),
            Fault::FailBefore => Err(Refusal::new(500, "InternalFailure", "The service failed.")),
            Fault::TakeThenDrop => {
                self.take(message)?;
                Ok(broken())
            }
        }
    }
}

/// An answer that breaks off before it says anything.
fn broken() -> Response {
    let lost = futures_util::stream::once(async { Err::<Bytes, _>(io::Error::other("a test's fault")) });
    Response::new(Body::from_stream(lost))
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = Json(json!({ "message": self.message }));
        (status, [(ERROR_TYPE, self.kind)], body).into_response()
    }
}
