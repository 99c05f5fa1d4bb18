//! A function that an event other than an HTTP call reaches.

use std::time::Duration;

use serde_json::{Value as Json, json};

use super::{FunctionError, Functions, Invoke};
use crate::cloudformation::Function;
use crate::{ACCOUNT, REGION};

/// A function and how long it may take.
#[derive(Clone)]
pub struct EventTarget {
    pub(crate) arn: String,
    invoke: Invoke,
    timeout: Duration,
}

impl EventTarget {
    pub fn new(logical_id: &str, invoke: Invoke, timeout: Duration) -> Self {
        Self {
            arn: format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{logical_id}"),
            invoke,
            timeout,
        }
    }

    /// A function of the template; `None` if it has not been built.
    pub fn of(function: &Function, functions: &Functions) -> Option<Self> {
        let invoke = functions.get(function.binary.as_str())?.clone();
        Some(Self::new(&function.logical_id, invoke, function.timeout))
    }

    /// Calls it. A panic or a call that takes too long is a failure like any other.
    pub async fn call(&self, event: Json) -> Result<Json, FunctionError> {
        let mut running = tokio::spawn((self.invoke)(event));
        if let Ok(ended) = tokio::time::timeout(self.timeout, &mut running).await {
            ended.unwrap_or(Err(FunctionError))
        } else {
            running.abort();
            tracing::warn!(function = self.arn, "the function took too long and was ended");
            Err(FunctionError)
        }
    }

    /// How Lambda tells of a call that failed.
    pub(crate) fn request_context(&self, condition: &str, calls: u32) -> Json {
        json!({
            "requestId": crate::random::uuid(),
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
            let target = EventTarget::new("Function", invoke, Duration::from_millis(20));
            assert!(target.call(json!({})).await.is_err());
        }
        let echoes: Invoke = Arc::new(|event| Box::pin(async { Ok(event) }));
        let target = EventTarget::new("Function", echoes, Duration::from_secs(5));
        assert_eq!(target.call(json!(1)).await.unwrap(), json!(1));
    }
}
