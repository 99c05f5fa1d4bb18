//! The wire of Lambda, as far as calling a function and waiting for its answer goes. A function goes by its program.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json as Body, Router};
use serde_json::{Value as Json, json};

use super::Functions;

/// The endpoint.
pub fn router(functions: Functions) -> Router {
    Router::new()
        .route("/2015-03-31/functions/{name}/invocations", post(invoke))
        .with_state(functions)
}

async fn invoke(State(functions): State<Functions>, Path(name): Path<String>, body: Bytes) -> Response {
    let Some(function) = functions.get(name.as_str()).cloned() else {
        let headers = [("x-amzn-errortype", "ResourceNotFoundException")];
        let body = Body(json!({ "Type": "User", "Message": format!("Function not found: {name}") }));
        return (StatusCode::NOT_FOUND, headers, body).into_response();
    };
    let event: Json = match serde_json::from_slice(&body) {
        Ok(event) => event,
        Err(error) => {
            let headers = [("x-amzn-errortype", "InvalidRequestContentException")];
            let body = Body(json!({ "Type": "User", "Message": error.to_string() }));
            return (StatusCode::BAD_REQUEST, headers, body).into_response();
        }
    };
    match function(event).await {
        Ok(answer) => Body(answer).into_response(),
        // A call that fails is answered with 200 all the same.
        Err(error) => {
            let body = Body(json!({ "errorType": "FunctionError", "errorMessage": error.to_string() }));
            ([("x-amz-function-error", "Unhandled")], body).into_response()
        }
    }
}
