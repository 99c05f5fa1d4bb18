//! A function that something other than an HTTP call reaches, called as Lambda would.

use std::time::Duration;

use countersign_platform::lambda::{Failure, Invoke};
use serde_json::{Value as Json, json};

use crate::functions::Functions;
use crate::template::{ACCOUNT, Function, REGION};

/// A function and how long it may take.
#[derive(Clone)]
pub(crate) struct Callee {
    /// Its ARN.
    pub(crate) arn: String,
    invoke: Invoke,
    timeout: Duration,
}

impl Callee {
    /// A function by its logical ID.
    pub(crate) fn new(logical_id: &str, invoke: Invoke, timeout: Duration) -> Self {
        Self {
            arn: format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:countersign-{logical_id}"),
            invoke,
            timeout,
        }
    }

    /// A function of the template. Every one has been built, or the start would have failed before.
    pub(crate) fn of(function: &Function, functions: &Functions) -> Option<Self> {
        let invoke = functions.get(function.binary.as_str())?.clone();
        Some(Self::new(&function.logical_id, invoke, function.timeout))
    }

    /// Calls it. A panic or a call that takes too long is a failure like any other.
    pub(crate) async fn call(&self, event: Json) -> Result<Json, Failure> {
        let mut running = tokio::spawn((self.invoke)(event));
        if let Ok(ended) = tokio::time::timeout(self.timeout, &mut running).await {
            ended.unwrap_or(Err(Failure))
        } else {
            running.abort();
            tracing::warn!(function = self.arn, "the function took too long and was ended");
            Err(Failure)
        }
    }

    /// How Lambda tells of a call that failed.
    pub(crate) fn request_context(&self, condition: &str, calls: u32, id: &str) -> Json {
        json!({
            "requestId": id,
            "functionArn": self.arn,
            "condition": condition,
            "approximateInvokeCount": calls,
        })
    }

    /// How Lambda tells that a function answered with an error.
    pub(crate) fn response_context() -> Json {
        json!({ "statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled" })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[tokio::test]
    async fn a_call_that_panics_or_takes_too_long_is_a_failure() {
        let panics: Invoke = Arc::new(|_| Box::pin(async { panic!("a function's own business") }));
        let sleeps: Invoke = Arc::new(|_| Box::pin(std::future::pending()));
        for invoke in [panics, sleeps] {
            let callee = Callee::new("Function", invoke, Duration::from_millis(20));
            assert!(callee.call(json!({})).await.is_err());
        }
        let echoes: Invoke = Arc::new(|event| Box::pin(async { Ok(event) }));
        let callee = Callee::new("Function", echoes, Duration::from_secs(5));
        assert_eq!(callee.call(json!(1)).await.unwrap(), json!(1));
    }
}
