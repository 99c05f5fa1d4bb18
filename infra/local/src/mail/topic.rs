//! Stands in for SNS: hands what is published to a topic to the functions that listen to it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use countersign_platform::Clock;
use serde_json::Value as Json;

use super::event;
use crate::functions::Functions;
use crate::queue::Queues;
use crate::template::Template;
use crate::unattended::Subscriber;

/// The topics by their logical IDs with the functions that listen to them.
pub(crate) struct Topics {
    subscribers: BTreeMap<String, Vec<Subscriber>>,
    queues: Arc<Queues>,
    clock: Clock,
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
            let Some(subscriber) = Subscriber::of(function, functions, longest_pause) else {
                continue;
            };
            for topic in &function.topics {
                let of_topic = subscribers.entry(topic.clone()).or_default();
                of_topic.push(subscriber.clone());
            }
        }
        Self::new(subscribers, queues.clone(), clock.clone())
    }

    /// Topics with these listeners.
    pub(crate) fn new(
        subscribers: BTreeMap<String, Vec<Subscriber>>,
        queues: Arc<Queues>,
        clock: Clock,
    ) -> Self {
        Self {
            subscribers,
            queues,
            clock,
        }
    }

    /// Hands an event to each function that listens, and returns when each has taken it or it was given up.
    pub(crate) async fn publish(&self, topic: &str, event: &Json) {
        for subscriber in self.subscribers.get(topic).into_iter().flatten() {
            let notification = event::notification(topic, event, self.clock.now());
            subscriber.call(notification, &self.queues, &self.clock).await;
        }
    }
}
