//! The wire of the runtime API, at which the process of one execution environment asks for its events.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json as Body, Router};
use serde_json::{Value as Json, json};
use tokio::sync::{Mutex, mpsc, oneshot, watch};

use crate::lambda::FunctionError;

/// The longest answer, in octets.
const ANSWER_LIMIT: usize = 6_291_556;

/// A call that waits for the process.
pub(super) struct Invocation {
    pub(super) id: String,
    pub(super) event: String,
    pub(super) timeout: Duration,
    pub(super) answer: Caller,
}

/// Who waits for a call's answer.
pub(super) type Caller = oneshot::Sender<Result<Json, FunctionError>>;

/// Lambda's side of one execution environment.
pub(super) struct Runtime {
    /// The function's package, for its log.
    pub(super) function: String,
    pub(super) arn: String,
    pub(super) calls: Mutex<mpsc::UnboundedReceiver<Invocation>>,
    /// Whether INIT has ended: the process has asked for its first event.
    pub(super) is_ready: watch::Sender<bool>,
    /// The call that the process works on, by its ID.
    pub(super) under_way: Mutex<Option<(String, Caller)>>,
}

pub(super) fn router(runtime: Arc<Runtime>) -> Router {
    Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
        .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
        .route("/2018-06-01/runtime/init/error", post(init_error))
        .layer(DefaultBodyLimit::max(ANSWER_LIMIT))
        .with_state(runtime)
}

async fn next(State(runtime): State<Arc<Runtime>>) -> Response {
    runtime.is_ready.send_replace(true);
    let Some(call) = runtime.calls.lock().await.recv().await else {
        return StatusCode::GONE.into_response();
    };
    let deadline = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default() + call.timeout;
    let headers = [
        ("Lambda-Runtime-Aws-Request-Id", call.id.clone()),
        ("Lambda-Runtime-Deadline-Ms", deadline.as_millis().to_string()),
        ("Lambda-Runtime-Invoked-Function-Arn", runtime.arn.clone()),
    ];
    *runtime.under_way.lock().await = Some((call.id, call.answer));
    (headers, [(CONTENT_TYPE, "application/json")], call.event).into_response()
}

async fn response(State(runtime): State<Arc<Runtime>>, Path(id): Path<String>, body: Bytes) -> Response {
    // An answer that is not JSON fails the call.
    let answer = serde_json::from_slice(&body).map_err(|_| FunctionError);
    end(&runtime, &id, answer).await
}

async fn error(State(runtime): State<Arc<Runtime>>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let kind = kind(&headers);
    tracing::warn!(
        function = runtime.function,
        kind,
        "a function answered with an error"
    );
    end(&runtime, &id, Err(FunctionError)).await
}

async fn init_error(State(runtime): State<Arc<Runtime>>, headers: HeaderMap) -> Response {
    let kind = kind(&headers);
    tracing::warn!(function = runtime.function, kind, "a function's INIT failed");
    accepted()
}

/// The kind of an error. Its message may quote an event, so no log has it.
fn kind(headers: &HeaderMap) -> &str {
    let kind = headers.get("lambda-runtime-function-error-type");
    kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default()
}

async fn end(runtime: &Runtime, id: &str, answer: Result<Json, FunctionError>) -> Response {
    let mut under_way = runtime.under_way.lock().await;
    if let Some((_, caller)) = under_way.take_if(|(asked, _)| asked == id) {
        // A caller that waits no more has been told that the call took too long.
        let _ = caller.send(answer);
        return accepted();
    }
    let refusal = json!({ "errorType": "InvalidRequestID", "errorMessage": "Invalid request ID" });
    (StatusCode::BAD_REQUEST, Body(refusal)).into_response()
}

fn accepted() -> Response {
    (StatusCode::ACCEPTED, Body(json!({ "status": "OK" }))).into_response()
}
