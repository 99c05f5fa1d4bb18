//! DynamoDB's own wire, JSON over HTTP, for what the stand-ins ask of a table themselves.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{Method, Request};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value as Json;

use crate::{REGION, one_line};

/// How long an engine on this machine may take for an answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// The wire of one engine.
#[derive(Clone)]
pub(super) struct Wire {
    endpoint: String,
    client: Client<HttpConnector, Full<Bytes>>,
}

impl Wire {
    pub(super) fn to(endpoint: &str) -> Self {
        Self {
            endpoint: endpoint.to_owned(),
            client: Client::builder(TokioExecutor::new()).build_http(),
        }
    }

    pub(super) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Calls an operation of the table's API.
    pub(super) async fn table(&self, operation: &str, request: &Json) -> Result<Json, String> {
        self.call("DynamoDB_20120810", operation, request).await
    }

    /// Calls an operation of the API of streams.
    pub(super) async fn streams(&self, operation: &str, request: &Json) -> Result<Json, String> {
        self.call("DynamoDBStreams_20120810", operation, request).await
    }

    async fn call(&self, api: &str, operation: &str, request: &Json) -> Result<Json, String> {
        // An engine on this machine wants the header of a signature, but has no key to verify it with.
        let signature = format!(
            "AWS4-HMAC-SHA256 Credential=runner/20260101/{REGION}/dynamodb/aws4_request, SignedHeaders=host, Signature=none"
        );
        let request = Request::builder()
            .method(Method::POST)
            .uri(format!("{}/", self.endpoint))
            .header(CONTENT_TYPE, "application/x-amz-json-1.0")
            .header(AUTHORIZATION, signature)
            .header("x-amz-date", "20260101T000000Z")
            .header("x-amz-target", format!("{api}.{operation}"))
            .body(Full::new(Bytes::from(request.to_string())))
            .map_err(|error| one_line(&error))?;
        let answered = async {
            let answer = self
                .client
                .request(request)
                .await
                .map_err(|error| one_line(&error))?;
            let status = answer.status();
            let body = answer
                .into_body()
                .collect()
                .await
                .map_err(|error| one_line(&error))?;
            Ok::<_, String>((status, body.to_bytes()))
        };
        let (status, body) = tokio::time::timeout(ANSWER_WITHIN, answered)
            .await
            .map_err(|_| format!("{operation} had no answer in {} s", ANSWER_WITHIN.as_secs()))??;
        if status.is_success() {
            return serde_json::from_slice(&body).map_err(|error| one_line(&error));
        }
        Err(format!(
            "{operation}: {status} {}",
            String::from_utf8_lossy(&body)
        ))
    }
}
