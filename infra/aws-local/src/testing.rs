//! What tests of several stand-ins need: functions that record what they are called with.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value as Json;

use crate::Clock;
use crate::cloudformation::EventInvokeConfig;
use crate::lambda::{AsyncTarget, EventTarget, FunctionError, Invoke};
use crate::sqs::Queues;

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

pub(crate) fn queues() -> Arc<Queues> {
    Arc::new(Queues::open(&[QUEUE.to_owned()], None).unwrap())
}
