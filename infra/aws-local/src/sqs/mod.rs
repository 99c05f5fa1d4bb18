//! Stands in for SQS: queues that take messages and keep them until they are handled, in a file too if there is one.
//!
//! Who reads a queue is Lambda's poller, one at a time. A queue that nobody reads holds what failed; people look at it on
//! a page or read it over the wire, and what is older than its newest `LIMIT` goes.

mod endpoint;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value as Json;
use tokio::sync::watch;

use crate::cloudformation::Queue as Settings;
use crate::files::KeptFile;
use crate::{Clock, Error};

pub use endpoint::router;

/// How many messages a queue keeps that sends none of them on.
const LIMIT: usize = 1_000;

/// The first pause before a message is received again; each further one is twice as long. SQS waits for the queue's
/// `VisibilityTimeout`; here nobody shall wait for that.
const FIRST_PAUSE: Duration = Duration::from_millis(20);

/// Queues by their logical IDs.
pub struct Queues {
    all: Mutex<BTreeMap<String, Queue>>,
    file: KeptFile,
    clock: Clock,
    /// The longest pause before a message is received again.
    longest_pause: Duration,
    sent: watch::Sender<()>,
}

/// A queue with its messages, oldest first.
struct Queue {
    settings: Settings,
    messages: Vec<Message>,
}

/// A message.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) id: String,
    pub(crate) body: Json,
    pub(crate) sent: jiff::Timestamp,
    /// How often it has been received.
    pub(crate) receives: u32,
    /// When it can be received.
    visible: Instant,
}

/// When a queue has a message to receive.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Due {
    /// It has so many now.
    Now(usize),
    /// It has one then.
    At(Instant),
    /// It is empty.
    Never,
}

impl Queues {
    /// Queues with what they held when the process ended.
    pub fn open(
        settings: &[Settings],
        file: Option<PathBuf>,
        clock: Clock,
        longest_pause: Duration,
    ) -> Result<Self, Error> {
        let file = KeptFile(file);
        let mut kept: BTreeMap<String, Vec<Json>> = file.load()?;
        let queue = |settings: &Settings| {
            let bodies = kept.remove(&settings.logical_id).unwrap_or_default();
            let messages = bodies
                .into_iter()
                .map(|body| Message::new(body, &clock))
                .collect();
            let settings = settings.clone();
            (settings.logical_id.clone(), Queue { settings, messages })
        };
        Ok(Self {
            all: Mutex::new(settings.iter().map(queue).collect()),
            file,
            clock,
            longest_pause,
            sent: watch::Sender::new(()),
        })
    }

    pub(crate) fn send(&self, name: &str, body: Json) {
        self.send_all([(name, body)]);
    }

    /// Sends each of these bodies to the queue named with it.
    pub(crate) fn send_all<'n>(&self, bodies: impl IntoIterator<Item = (&'n str, Json)>) {
        let mut all = self.lock();
        for (name, body) in bodies {
            put(&mut all, name, Message::new(body, &self.clock));
        }
        self.save(&all);
        self.sent.send_replace(());
    }

    /// What a queue holds, oldest first.
    pub fn messages(&self, name: &str) -> Vec<Json> {
        self.lock().get(name).map(Queue::bodies).unwrap_or_default()
    }

    pub fn all(&self) -> BTreeMap<String, Vec<Json>> {
        bodies(&self.lock())
    }

    /// Changes whenever something has been sent.
    pub(crate) fn sent(&self) -> watch::Receiver<()> {
        self.sent.subscribe()
    }

    pub(crate) fn due(&self, name: &str) -> Due {
        let all = self.lock();
        let messages = all.get(name).map_or(&[][..], |queue| &queue.messages);
        let now = Instant::now();
        match messages.iter().filter(|message| message.visible <= now).count() {
            0 => messages
                .iter()
                .map(|message| message.visible)
                .min()
                .map_or(Due::Never, Due::At),
            count => Due::Now(count),
        }
    }

    /// Receives messages, the oldest first. They stay in the queue until they are [`settle`](Self::settle)d, which has to
    /// happen before anything else is received.
    pub(crate) fn receive(&self, name: &str, most: usize) -> Vec<Message> {
        let mut all = self.lock();
        let now = Instant::now();
        let messages = all
            .get_mut(name)
            .into_iter()
            .flat_map(|queue| &mut queue.messages);
        let visible = messages.filter(|message| message.visible <= now).take(most);
        visible
            .map(|message| {
                message.receives += 1;
                message.clone()
            })
            .collect()
    }

    /// Deletes received messages that were handled. Those that were not can be received again later, or go to the queue
    /// of the redrive policy.
    pub(crate) fn settle(&self, name: &str, received: &[Message], is_handled: impl Fn(&Message) -> bool) {
        let mut all = self.lock();
        let Some(queue) = all.get_mut(name) else { return };
        let mut given_up = Vec::new();
        queue.messages.retain_mut(|message| {
            let Some(received) = received.iter().find(|received| received.id == message.id) else {
                return true;
            };
            if is_handled(received) {
                return false;
            }
            let redrive = queue.settings.redrive.as_ref();
            if let Some(redrive) = redrive.filter(|redrive| message.receives >= redrive.max_receive_count) {
                given_up.push((redrive.queue.clone(), message.clone()));
                return false;
            }
            let pause = FIRST_PAUSE.saturating_mul(1 << message.receives.min(16));
            let longest = self.longest_pause.min(queue.settings.visibility_timeout);
            message.visible = Instant::now() + pause.min(longest);
            true
        });
        for (queue, message) in given_up {
            tracing::warn!(from = name, to = queue, "a message was given up");
            put(&mut all, &queue, message);
        }
        self.save(&all);
    }

    /// Receives messages of a queue that Lambda does not poll, the oldest first, and hides them for a while. `None` if there
    /// is no such queue.
    fn receive_hidden(&self, name: &str, most: usize, hidden: Duration) -> Option<Vec<Message>> {
        let mut all = self.lock();
        let queue = all
            .get_mut(name)
            .filter(|queue| queue.settings.redrive.is_none())?;
        let now = Instant::now();
        let visible = queue.messages.iter_mut().filter(|message| message.visible <= now);
        let received = visible.take(most).map(|message| {
            message.receives += 1;
            message.visible = now + hidden;
            message.clone()
        });
        Some(received.collect())
    }

    /// Deletes a message. `None` if there is no such queue.
    fn delete(&self, name: &str, id: &str) -> Option<()> {
        let mut all = self.lock();
        all.get_mut(name)?.messages.retain(|message| message.id != id);
        self.save(&all);
        Some(())
    }

    /// What is known of a queue, by the names that SQS has for it.
    fn attributes(&self, name: &str) -> Option<BTreeMap<&'static str, String>> {
        let all = self.lock();
        let queue = all.get(name)?;
        let now = Instant::now();
        let visible = queue
            .messages
            .iter()
            .filter(|message| message.visible <= now)
            .count();
        let mut attributes = BTreeMap::from([("ApproximateNumberOfMessages", visible.to_string())]);
        if let Some(redrive) = &queue.settings.redrive {
            let policy = serde_json::json!({
                "deadLetterTargetArn": format!("arn:aws:sqs:{}:{}:{}", crate::REGION, crate::ACCOUNT, redrive.queue),
                "maxReceiveCount": redrive.max_receive_count,
            });
            attributes.insert("RedrivePolicy", policy.to_string());
        }
        Some(attributes)
    }

    fn save(&self, all: &BTreeMap<String, Queue>) {
        if let Err(error) = self.file.save(&bodies(all)) {
            tracing::error!(%error, "a queue could not be kept");
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Queue>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    fn bodies(&self) -> Vec<Json> {
        self.messages.iter().map(|message| message.body.clone()).collect()
    }
}

impl Message {
    fn new(body: Json, clock: &Clock) -> Self {
        Self {
            id: crate::random::uuid(),
            body,
            sent: clock.now(),
            receives: 0,
            visible: Instant::now(),
        }
    }
}

fn put(all: &mut BTreeMap<String, Queue>, name: &str, message: Message) {
    let Some(queue) = all.get_mut(name) else { return };
    queue.messages.push(message);
    if queue.settings.redrive.is_none() {
        let surplus = queue.messages.len().saturating_sub(LIMIT);
        queue.messages.drain(..surplus);
    }
}

fn bodies(all: &BTreeMap<String, Queue>) -> BTreeMap<String, Vec<Json>> {
    all.iter()
        .map(|(name, queue)| (name.clone(), queue.bodies()))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::{QUEUE, SOURCE, queues, queues_in};

    #[test]
    fn a_queue_keeps_its_messages_over_a_restart_and_its_newest_when_there_are_too_many() {
        let place = tempfile::tempdir().unwrap();
        let file = Some(place.path().join("queues.json"));
        let queues = queues_in(file.clone()).unwrap();
        queues.send_all((0..=LIMIT).map(|number| (QUEUE, json!(number))));
        queues.send(QUEUE, json!("last"));
        queues.send_all((0..=LIMIT).map(|number| (SOURCE, json!(number))));
        let queues = queues_in(file).unwrap();
        let messages = queues.messages(QUEUE);
        assert_eq!(messages.len(), LIMIT);
        assert_eq!((&messages[0], &messages[LIMIT - 1]), (&json!(2), &json!("last")));
        let waiting = queues.messages(SOURCE).len();
        assert_eq!(waiting, LIMIT + 1, "what is still to be handled stays");
    }

    #[test]
    fn queues_that_cannot_be_read_are_a_start_error() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("queues.json");
        std::fs::write(&file, "nonsense").unwrap();
        assert!(matches!(queues_in(Some(file)), Err(Error::Damaged(..))));
    }

    #[test]
    fn a_message_that_is_not_handled_comes_back_after_a_while_and_goes_at_last_to_the_queue_for_it() {
        let queues = queues();
        queues.send(SOURCE, json!("bad"));
        queues.send(SOURCE, json!("good"));
        for time in 1..=3 {
            let received = queues.receive(SOURCE, 10);
            let bodies: Vec<_> = received.iter().map(|message| message.body.clone()).collect();
            let (message, expected) = (&received[0], if time == 1 { 2 } else { 1 });
            assert_eq!(
                (bodies.len(), &message.body, message.receives),
                (expected, &json!("bad"), time)
            );
            queues.settle(SOURCE, &received, |message| message.body == "good");
            match queues.due(SOURCE) {
                Due::At(then) => std::thread::sleep(then.saturating_duration_since(Instant::now())),
                due => assert_eq!((due, time), (Due::Never, 3)),
            }
        }
        assert_eq!(queues.messages(QUEUE), [json!("bad")]);
    }
}
