//! The wire of SQS, as far as looking into a queue goes and emptying one that holds what failed. Queues go by their logical
//! IDs in place of URLs.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header::CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json as Body, Router};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{Message, Queues};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Call {
    queue_url: String,
    max_number_of_messages: Option<usize>,
    /// In seconds.
    visibility_timeout: Option<u64>,
    receipt_handle: Option<String>,
}

/// Why a call is refused: the exception and its message.
struct Refusal(&'static str, String);

/// The endpoint. An operation that isn't there is refused as AWS does.
pub fn router(queues: Arc<Queues>) -> Router {
    Router::new().route("/", post(serve)).with_state(queues)
}

async fn serve(
    State(queues): State<Arc<Queues>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    let call: Call = serde_json::from_slice(&body)
        .map_err(|error| Refusal("SerializationException", error.to_string()))?;
    let operation = headers
        .get("x-amz-target")
        .and_then(|target| target.to_str().ok());
    let operation = operation.and_then(|target| target.strip_prefix("AmazonSQS."));
    let operation = operation.unwrap_or_default().to_owned();
    // A queue is kept in a file, which blocks.
    let served = tokio::task::spawn_blocking(move || answer(&queues, &operation, &call));
    let answer = served
        .await
        .map_err(|error| Refusal("InternalException", error.to_string()))??;
    Ok(([(CONTENT_TYPE, "application/x-amz-json-1.0")], Body(answer)).into_response())
}

fn answer(queues: &Queues, operation: &str, call: &Call) -> Result<Json, Refusal> {
    let name = call.queue_url.as_str();
    let answer = match operation {
        "GetQueueAttributes" => queues
            .attributes(name)
            .map(|attributes| json!({ "Attributes": attributes })),
        "ReceiveMessage" => {
            let hidden = Duration::from_secs(call.visibility_timeout.unwrap_or(30));
            let received = queues.receive_hidden(name, call.max_number_of_messages.unwrap_or(1), hidden);
            received.map(|messages| json!({ "Messages": messages.iter().map(shown).collect::<Vec<_>>() }))
        }
        "DeleteMessage" => {
            let handle = call.receipt_handle.as_deref().unwrap_or_default();
            queues.delete(name, handle).map(|()| json!({}))
        }
        _ => {
            let reason = "This stand-in knows GetQueueAttributes, ReceiveMessage and DeleteMessage alone.";
            return Err(Refusal("UnknownOperationException", reason.to_owned()));
        }
    };
    answer.ok_or_else(|| {
        Refusal(
            "QueueDoesNotExist",
            "The specified queue does not exist.".to_owned(),
        )
    })
}

fn shown(message: &Message) -> Json {
    json!({ "MessageId": message.id, "ReceiptHandle": message.id, "Body": message.body.to_string() })
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self(exception, message) = self;
        let body = Body(json!({ "__type": exception, "message": message }));
        (StatusCode::BAD_REQUEST, body).into_response()
    }
}
