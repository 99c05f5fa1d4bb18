//! Stands in for SQS: queues that take messages and keep them, in a file too if there is one.
//!
//! They are dead-letter queues, which nobody reads but people on the mailbox's page, so nothing is ever taken out; what
//! is older than the newest `LIMIT` goes.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value as Json;

use crate::Error;
use crate::files::KeptFile;

/// How many messages a queue keeps.
const LIMIT: usize = 1_000;

/// Queues by their logical IDs, each with its messages, oldest first.
#[derive(Debug)]
pub struct Queues {
    all: Mutex<BTreeMap<String, Vec<Json>>>,
    file: KeptFile,
}

impl Queues {
    /// Queues with what they held when the process ended.
    pub fn open(names: &[String], file: Option<PathBuf>) -> Result<Self, Error> {
        let file = KeptFile(file);
        let mut kept: BTreeMap<String, Vec<Json>> = file.load()?;
        let queue = |name: &String| (name.clone(), kept.remove(name).unwrap_or_default());
        Ok(Self {
            all: Mutex::new(names.iter().map(queue).collect()),
            file,
        })
    }

    pub(crate) fn send(&self, name: &str, message: Json) {
        let mut all = self.lock();
        let queue = all.entry(name.to_owned()).or_default();
        queue.push(message);
        let surplus = queue.len().saturating_sub(LIMIT);
        queue.drain(..surplus);
        if let Err(error) = self.file.save(&*all) {
            tracing::error!(%error, "a queue could not be kept");
        }
    }

    /// What a queue holds, oldest first.
    pub fn messages(&self, name: &str) -> Vec<Json> {
        self.lock().get(name).cloned().unwrap_or_default()
    }

    pub fn all(&self) -> BTreeMap<String, Vec<Json>> {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Vec<Json>>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_queue_keeps_its_messages_over_a_restart_and_its_newest_when_there_are_too_many() {
        let place = tempfile::tempdir().unwrap();
        let file = Some(place.path().join("queues.json"));
        let names = ["One".to_owned(), "Two".to_owned()];
        let queues = Queues::open(&names, file.clone()).unwrap();
        queues.lock().insert(
            "One".to_owned(),
            (0..=LIMIT).map(|number| json!(number)).collect(),
        );
        queues.send("One", json!("last"));
        let queues = Queues::open(&names, file).unwrap();
        let lengths: Vec<_> = queues
            .all()
            .into_iter()
            .map(|(name, messages)| (name, messages.len()))
            .collect();
        assert_eq!(lengths, [("One".to_owned(), LIMIT), ("Two".to_owned(), 0)]);
        let messages = queues.messages("One");
        assert_eq!((&messages[0], &messages[LIMIT - 1]), (&json!(2), &json!("last")));
    }

    #[test]
    fn queues_that_cannot_be_read_are_a_start_error() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("queues.json");
        std::fs::write(&file, "nonsense").unwrap();
        assert!(matches!(Queues::open(&[], Some(file)), Err(Error::Damaged(..))));
    }
}
