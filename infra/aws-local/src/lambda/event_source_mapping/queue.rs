//! Polls a queue, by Lambda's rules for SQS: messages are gathered until the batch is full or its window ends. Those that
//! were handled are deleted; the others come back when their queue shows them again.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value as Json, json};
use tokio::sync::watch;
use tokio::time::Instant;

use super::wake::Woken;
use super::{PollerProgress, Stopped};
use crate::cloudformation::QueueMapping;
use crate::lambda::EventTarget;
use crate::sqs::{Due, Message, Queues};
use crate::{ACCOUNT, REGION};

/// Who handles the messages of a queue.
#[derive(Clone)]
pub struct QueueTarget {
    pub mapping: QueueMapping,
    pub target: EventTarget,
    pub queues: Arc<Queues>,
}

impl QueueTarget {
    pub(super) async fn run(
        self,
        progress: watch::Sender<PollerProgress>,
        mut stopped: Stopped,
        mut woken: Woken,
    ) {
        let mut sent = self.queues.sent();
        while !stopped.yet() {
            woken.reset();
            sent.mark_unchanged();
            match self.queues.due(&self.mapping.queue) {
                Due::Now(count) => {
                    if self.gathers(count, &mut sent, &mut woken, &mut stopped).await {
                        self.hand_over().await;
                        progress.send_modify(|progress| progress.batches += 1);
                    }
                }
                Due::At(then) => tokio::select! {
                    () = tokio::time::sleep_until(then.into()) => {}
                    _ = sent.changed() => {}
                    () = stopped.wait() => {}
                },
                Due::Never => {
                    progress.send_modify(|progress| progress.idle_polls += 1);
                    tokio::select! {
                        _ = sent.changed() => {}
                        () = woken.woken() => {}
                        () = stopped.wait() => {}
                    }
                }
            }
        }
    }

    /// Waits until the batch is full, its window has ended or somebody waits for it; whether there is still a call to
    /// make.
    async fn gathers(
        &self,
        mut count: usize,
        sent: &mut watch::Receiver<()>,
        woken: &mut Woken,
        stopped: &mut Stopped,
    ) -> bool {
        let ends = Instant::now() + self.mapping.batching_window;
        while count < self.mapping.batch_size && !woken.is_hurried() {
            tokio::select! {
                () = tokio::time::sleep_until(ends) => break,
                () = woken.hurried() => break,
                () = stopped.wait() => return false,
                _ = sent.changed() => {}
            }
            if let Due::Now(now) = self.queues.due(&self.mapping.queue) {
                count = now;
            }
        }
        true
    }

    async fn hand_over(&self) {
        let queue = &self.mapping.queue;
        let messages = self.queues.receive(queue, self.mapping.batch_size);
        let records: Json = messages.iter().map(|message| record(queue, message)).collect();
        let unhandled = match self.target.call(json!({ "Records": records })).await {
            Ok(answer) if self.mapping.reports_batch_item_failures => unhandled(&answer, &messages),
            Ok(_) => Some(BTreeSet::new()),
            Err(_) => None,
        };
        let (queues, queue) = (self.queues.clone(), queue.clone());
        // A queue is kept in a file, which blocks.
        let settled = tokio::task::spawn_blocking(move || {
            let is_handled = |message: &Message| {
                let unhandled = unhandled.as_ref();
                unhandled.is_some_and(|unhandled| !unhandled.contains(&message.id))
            };
            queues.settle(&queue, &messages, is_handled);
        });
        if let Err(error) = settled.await {
            tracing::error!(%error, "a batch of a queue was not settled");
        }
    }
}

/// A message as Lambda hands it over.
fn record(queue: &str, message: &Message) -> Json {
    json!({
        "messageId": message.id,
        "receiptHandle": message.id,
        "body": message.body.to_string(),
        "attributes": {
            "ApproximateReceiveCount": message.receives.to_string(),
            "SentTimestamp": message.sent.as_millisecond().to_string(),
        },
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": format!("arn:aws:sqs:{REGION}:{ACCOUNT}:{queue}"),
        "awsRegion": REGION,
    })
}

/// The messages that an answer names as failed; `None` if it can't be understood or names another, which fails all.
pub(super) fn unhandled(answer: &Json, messages: &[Message]) -> Option<BTreeSet<String>> {
    let failures = match answer {
        Json::Null => return Some(BTreeSet::new()),
        answer => match answer.as_object()?.get("batchItemFailures") {
            None | Some(Json::Null) => return Some(BTreeSet::new()),
            Some(failures) => failures.as_array()?,
        },
    };
    let named = |failure: &Json| {
        let id = failure.get("itemIdentifier")?.as_str()?;
        let mut known = messages.iter();
        known.any(|message| message.id == id).then(|| id.to_owned())
    };
    failures.iter().map(named).collect()
}
