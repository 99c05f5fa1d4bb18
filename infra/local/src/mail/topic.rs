//! Stands in for SNS and for what Lambda does with a call that nobody waits for: it is tried again, and at last told
//! to the failure queue.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use countersign_platform::Clock;
use serde_json::{Value as Json, json};

use super::event;
use crate::callee::Callee;
use crate::functions::Functions;
use crate::queue::Queues;
use crate::template::{Template, Unattended};

/// The pause before a call is tried again; the next one is twice as long. Lambda waits for minutes.
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// The topics by their logical IDs with the functions that listen to them.
pub(crate) struct Topics {
    subscribers: BTreeMap<String, Vec<Subscriber>>,
    queues: Arc<Queues>,
    clock: Clock,
    longest_pause: Duration,
}

/// A function that listens to a topic.
pub(crate) struct Subscriber {
    pub(crate) callee: Callee,
    pub(crate) unattended: Unattended,
}

impl Topics {
    /// The template's topics with the functions that listen to them.
    pub(crate) fn of(
        template: &Template,
        functions: &Functions,
        queues: &Arc<Queues>,
        clock: &Clock,
        longest_pause: Duration,
    ) -> Self {
        let mut subscribers: BTreeMap<String, Vec<Subscriber>> = BTreeMap::new();
        for function in &template.functions {
            let Some(callee) = Callee::of(function, functions) else {
                continue;
            };
            for topic in &function.topics {
                subscribers.entry(topic.clone()).or_default().push(Subscriber {
                    callee: callee.clone(),
                    unattended: function.unattended.clone(),
                });
            }
        }
        Self::new(subscribers, queues.clone(), clock.clone(), longest_pause)
    }

    /// Topics with these listeners.
    pub(crate) fn new(
        subscribers: BTreeMap<String, Vec<Subscriber>>,
        queues: Arc<Queues>,
        clock: Clock,
        longest_pause: Duration,
    ) -> Self {
        Self {
            subscribers,
            queues,
            clock,
            longest_pause,
        }
    }

    /// Hands an event to each function that listens, and returns when each has taken it or it was given up.
    pub(crate) async fn publish(&self, topic: &str, event: &Json) {
        for subscriber in self.subscribers.get(topic).into_iter().flatten() {
            let notification = event::notification(topic, event, self.clock.now());
            self.call(subscriber, notification).await;
        }
    }

    async fn call(&self, subscriber: &Subscriber, event: Json) {
        let Subscriber { callee, unattended } = subscriber;
        let mut pause = FIRST_PAUSE;
        for attempt in 0..=unattended.retries {
            if attempt > 0 {
                tokio::time::sleep(pause.min(self.longest_pause)).await;
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
            "timestamp": self.clock.now().to_string(),
            "requestContext": callee.request_context("RetriesExhausted", calls, &id),
            "requestPayload": event,
            "responseContext": Callee::response_context(),
            "responsePayload": { "errorType": "Failure", "errorMessage": "the function failed; see its log" },
        });
        self.queues.send(queue, message);
    }
}
