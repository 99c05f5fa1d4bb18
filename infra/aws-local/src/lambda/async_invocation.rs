//! Stands in for Lambda's asynchronous invocation: a call that fails is tried again, and at last goes to the function's
//! dead-letter destination.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value as Json, json};
use tokio::sync::watch;

use super::EventTarget;
use crate::Clock;
use crate::cloudformation::EventInvokeConfig;
use crate::sqs::Queues;

/// The pause before a call is tried again; the next one is twice as long. Lambda waits for minutes.
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// A function that is called asynchronously.
#[derive(Clone)]
pub struct AsyncTarget {
    pub target: EventTarget,
    pub config: EventInvokeConfig,
    pub queues: Arc<Queues>,
    pub clock: Clock,
    /// The longest pause before it is called again.
    pub longest_pause: Duration,
}

impl AsyncTarget {
    pub fn arn(&self) -> &str {
        &self.target.arn
    }

    /// Calls it, and returns when it has taken the event or was given up.
    pub async fn call(&self, event: Json) {
        let mut pause = FIRST_PAUSE;
        for attempt in 0..=self.config.retries {
            if attempt > 0 {
                tokio::time::sleep(pause.min(self.longest_pause)).await;
                pause *= 2;
            }
            if self.target.call(event.clone()).await.is_ok() {
                return;
            }
        }
        tracing::warn!(function = self.arn(), "an asynchronous call was given up");
        let Some(queue) = &self.config.on_failure else {
            return;
        };
        let calls = self.config.retries + 1;
        let message = json!({
            "version": "1.0",
            "timestamp": self.clock.now().to_string(),
            "requestContext": self.target.request_context("RetriesExhausted", calls),
            "requestPayload": event,
            "responseContext": EventTarget::response_context(),
            "responsePayload": { "errorType": "FunctionError", "errorMessage": super::FunctionError.to_string() },
        });
        self.queues.send(queue, message);
    }
}

/// Tasks of a stand-in that run in the background, for whoever waits for them.
pub struct UnderWay(watch::Sender<usize>);

impl Default for UnderWay {
    fn default() -> Self {
        Self(watch::Sender::new(0))
    }
}

impl UnderWay {
    /// Runs a task in the background.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.0.send_modify(|count| *count += 1);
        let ended = Ended(self.0.clone());
        tokio::spawn(async move {
            task.await;
            drop(ended);
        });
    }

    /// Waits until no task runs.
    pub async fn quiet(&self) {
        // The sender is this one's own, so it is there.
        let _ = self.0.subscribe().wait_for(|&count| count == 0).await;
    }

    pub fn is_quiet(&self) -> bool {
        *self.0.borrow() == 0
    }
}

/// Counts a task down when it ends, also by a panic.
struct Ended(watch::Sender<usize>);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}
