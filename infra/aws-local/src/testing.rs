//! What tests of several stand-ins need: functions that record what they are called with.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value as Json;

use crate::clock::tests::TestClock;
use crate::cloudformation::{EventInvokeConfig, Queue, Redrive};
use crate::lambda::{AsyncTarget, EventTarget, FunctionError, Invoke};
use crate::sqs::Queues;
use crate::{Clock, Error};

/// The dead-letter queue of [`target`].
pub(crate) const QUEUE: &str = "DeadLetters";

/// A function that notes what it is called with, and fails so many times before it answers.
pub(crate) fn recorder(calls: &Arc<Mutex<Vec<Json>>>, failing_calls: usize, answer: Json) -> Invoke {
    let calls = calls.clone();
    Arc::new(move |event| {
        let mut calls = calls.lock().unwrap();
        calls.push(event);
        let answer = if calls.len() <= failing_calls {
            Err(FunctionError)
        } else {
            Ok(answer.clone())
        };
        Box::pin(async { answer })
    })
}

/// The function of that name, which is called twice more when it fails.
pub(crate) fn target(name: &str, invoke: Invoke, queues: &Arc<Queues>, clock: &Clock) -> AsyncTarget {
    AsyncTarget {
        target: EventTarget::new(name, invoke, Duration::from_secs(5)),
        config: EventInvokeConfig {
            retries: 2,
            on_failure: Some(QUEUE.to_owned()),
        },
        queues: queues.clone(),
        clock: clock.clone(),
        longest_pause: Duration::from_millis(20),
    }
}

/// A queue from which a message goes to [`QUEUE`] when it has been received three times.
pub(crate) const SOURCE: &str = "Source";

pub(crate) fn queues() -> Arc<Queues> {
    Arc::new(queues_in(None).unwrap())
}

pub(crate) fn queues_in(file: Option<PathBuf>) -> Result<Queues, Error> {
    let queue = |name: &str, redrive| Queue {
        logical_id: name.to_owned(),
        visibility_timeout: Duration::from_secs(30),
        redrive,
    };
    let redrive = Redrive {
        queue: QUEUE.to_owned(),
        max_receive_count: 3,
    };
    let settings = [queue(QUEUE, None), queue(SOURCE, Some(redrive))];
    let clock = TestClock::at("2023-02-07T02:43:00Z").clock();
    Queues::open(&settings, file, clock, Duration::from_secs(3))
}
