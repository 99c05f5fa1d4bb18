//! Stands in for what Lambda does with a call that nobody waits for: it is tried again, and at last told to the
//! failure queue.

use std::sync::Arc;
use std::time::Duration;

use countersign_platform::Clock;
use serde_json::{Value as Json, json};

use crate::callee::Callee;
use crate::functions::Functions;
use crate::queue::Queues;
use crate::template::{Function, Unattended};

/// The pause before a call is tried again; the next one is twice as long. Lambda waits for minutes.
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// A function that is called with what nobody waits for.
#[derive(Clone)]
pub(crate) struct Subscriber {
    pub(crate) callee: Callee,
    pub(crate) unattended: Unattended,
    /// The longest pause before it is called again.
    pub(crate) longest_pause: Duration,
}

impl Subscriber {
    /// A function of the template.
    pub(crate) fn of(function: &Function, functions: &Functions, longest_pause: Duration) -> Option<Self> {
        Some(Self {
            callee: Callee::of(function, functions)?,
            unattended: function.unattended.clone(),
            longest_pause,
        })
    }

    /// Calls it, and returns when it has taken the event or was given up.
    pub(crate) async fn call(&self, event: Json, queues: &Arc<Queues>, clock: &Clock) {
        let Self {
            callee,
            unattended,
            longest_pause,
        } = self;
        let mut pause = FIRST_PAUSE;
        for attempt in 0..=unattended.retries {
            if attempt > 0 {
                tokio::time::sleep(pause.min(*longest_pause)).await;
                pause *= 2;
            }
            if callee.call(event.clone()).await.is_ok() {
                return;
            }
        }
        tracing::warn!(function = callee.arn, "a call was given up");
        let Some(queue) = &unattended.on_failure else {
            return;
        };
        let id = crate::random::uuid();
        let calls = unattended.retries + 1;
        let message = json!({
            "version": "1.0",
            "timestamp": clock.now().to_string(),
            "requestContext": callee.request_context("RetriesExhausted", calls, &id),
            "requestPayload": event,
            "responseContext": Callee::response_context(),
            "responsePayload": { "errorType": "Failure", "errorMessage": "the function failed; see its log" },
        });
        queues.send(queue, message);
    }
}
