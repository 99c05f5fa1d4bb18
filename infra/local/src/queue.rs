//! Stands in for SQS: queues that take messages and keep them, in the data folder too if there is one.
//!
//! What ends here failed for good. Nobody reads a queue but whoever looks at the mailbox page, so nothing is ever
//! taken out; what is older than the newest [`LIMIT`] goes.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use serde_json::Value as Json;

use crate::data;
use crate::error::StartError;

/// How many messages a queue keeps.
const LIMIT: usize = 1_000;

/// The queues of the template by their logical IDs.
#[derive(Debug)]
pub(crate) struct Queues {
    all: Mutex<BTreeMap<String, Vec<Json>>>,
    file: Option<PathBuf>,
}

impl Queues {
    /// The template's queues with what they held when the runner stopped.
    pub(crate) fn open(names: &[String], file: Option<PathBuf>) -> Result<Self, StartError> {
        let kept: BTreeMap<String, Vec<Json>> = match &file {
            Some(path) => data::read_json(path)?.unwrap_or_default(),
            None => BTreeMap::new(),
        };
        let queue = |name: &String| (name.clone(), kept.get(name).cloned().unwrap_or_default());
        Ok(Self {
            all: Mutex::new(names.iter().map(queue).collect()),
            file,
        })
    }

    /// Puts a message on a queue.
    pub(crate) fn send(&self, name: &str, message: Json) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let queue = all.entry(name.to_owned()).or_default();
        queue.push(message);
        let surplus = queue.len().saturating_sub(LIMIT);
        queue.drain(..surplus);
        if let Some(file) = &self.file
            && let Err(error) = data::replace_json(file, &*all)
        {
            tracing::error!(%error, "a queue could not be kept");
        }
    }

    /// What a queue holds, oldest first.
    pub(crate) fn messages(&self, name: &str) -> Vec<Json> {
        let all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(name).cloned().unwrap_or_default()
    }

    /// Each queue's name and how many messages it holds.
    pub(crate) fn lengths(&self) -> Vec<(String, usize)> {
        let all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter()
            .map(|(name, queue)| (name.clone(), queue.len()))
            .collect()
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
        for number in 0..=LIMIT {
            queues
                .all
                .lock()
                .unwrap()
                .entry("One".to_owned())
                .or_default()
                .push(json!(number));
        }
        queues.send("One", json!("last"));
        let queues = Queues::open(&names, file).unwrap();
        assert_eq!(
            queues.lengths(),
            [("One".to_owned(), LIMIT), ("Two".to_owned(), 0)]
        );
        let messages = queues.messages("One");
        assert_eq!((&messages[0], &messages[LIMIT - 1]), (&json!(2), &json!("last")));
    }

    #[test]
    fn queues_that_cannot_be_read_are_a_start_error() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("queues.json");
        std::fs::write(&file, "nonsense").unwrap();
        assert!(matches!(Queues::open(&[], Some(file)), Err(StartError::Data(..))));
    }
}
