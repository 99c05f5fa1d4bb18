//! The poller, with the real engine and functions that are told how to answer.

mod failures;
mod gathering;
mod reading;

use std::sync::{Arc, Mutex};

use dynoxide::Database;
use dynoxide::storage_backend::ManualClock;
use serde_json::{Value as Json, json};
use tokio::sync::Notify;

use super::*;
use crate::clock::tests::TestClock;
use crate::cloudformation::StartingPosition;
use crate::lambda::{EventTarget, FunctionError, Invoke};
use crate::sqs::Queues;
use crate::testing::{QUEUE, queues};

/// A table with a stream in memory.
fn database() -> Database {
    database_with(Database::memory().unwrap())
}

fn database_with(database: Database) -> Database {
    let table = json!({
        "TableName": "table",
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{ "AttributeName": "pk", "AttributeType": "S" }],
        "KeySchema": [{ "AttributeName": "pk", "KeyType": "HASH" }],
        "StreamSpecification": { "StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES" },
    });
    database
        .create_table(serde_json::from_value(table).unwrap())
        .unwrap();
    database
}

fn stream(database: &Database) -> Stream {
    let clock = TestClock::at("2023-02-07T02:43:00Z").clock();
    Stream::of_database(database, "table", clock).unwrap()
}

fn put(database: &Database, pk: &str) {
    let item = json!({ "TableName": "table", "Item": { "pk": { "S": pk }, "n": { "N": "7" } } });
    database.put_item(serde_json::from_value(item).unwrap()).unwrap();
}

fn mapping() -> EventSourceMapping {
    EventSourceMapping {
        name: "FunctionRows".to_owned(),
        starting_position: StartingPosition::TrimHorizon,
        batch_size: 4,
        batching_window: Duration::ZERO,
        patterns: vec![r#"{"dynamodb":{"Keys":{"pk":{"S":[{"prefix":"EVT#"}]}}}}"#.to_owned()],
        reports_batch_item_failures: true,
        bisects_batch_on_function_error: true,
        maximum_retry_attempts: Some(2),
        on_failure: Some(QUEUE.to_owned()),
    }
}

/// The keys of the records of a call.
fn keys(event: &Json) -> Vec<String> {
    let records = event["Records"].as_array().unwrap();
    let key = |record: &Json| record["dynamodb"]["Keys"]["pk"]["S"].as_str().unwrap().to_owned();
    records.iter().map(key).collect()
}

/// The answer that names the records of these keys as failed.
fn failed(event: &Json, pks: &[&str]) -> Json {
    let records = event["Records"].as_array().unwrap().iter();
    let failures: Vec<_> = records
        .filter(|record| pks.iter().any(|pk| record["dynamodb"]["Keys"]["pk"]["S"] == *pk))
        .map(|record| json!({ "itemIdentifier": record["dynamodb"]["SequenceNumber"] }))
        .collect();
    json!({ "batchItemFailures": failures })
}

fn done() -> Json {
    json!({ "batchItemFailures": [] })
}

fn batch_target(mapping: EventSourceMapping, invoke: Invoke, queues: &Arc<Queues>) -> BatchTarget {
    BatchTarget {
        mapping,
        target: EventTarget::new("Function", invoke, Duration::from_secs(5)),
        queues: queues.clone(),
        clock: TestClock::at("2023-02-07T02:43:00Z").clock(),
        longest_pause: Duration::from_secs(3),
    }
}

/// A poller with a function that answers as `answer` says, and all that it was called with.
struct Stage {
    mappings: EventSourceMappings,
    calls: Arc<Mutex<Vec<Json>>>,
    queues: Arc<Queues>,
}

impl Stage {
    fn start(
        database: &Database,
        mapping: EventSourceMapping,
        file: Option<std::path::PathBuf>,
        answer: impl Fn(usize, &Json) -> Result<Json, FunctionError> + Send + Sync + 'static,
    ) -> Self {
        // These tests wait for the poller, never for its period.
        Self::start_polling(database, mapping, file, Duration::from_hours(1), answer)
    }

    fn start_polling(
        database: &Database,
        mapping: EventSourceMapping,
        file: Option<std::path::PathBuf>,
        period: Duration,
        answer: impl Fn(usize, &Json) -> Result<Json, FunctionError> + Send + Sync + 'static,
    ) -> Self {
        let calls: Arc<Mutex<Vec<Json>>> = Arc::default();
        let queues = queues();
        let invoke: Invoke = Arc::new({
            let calls = calls.clone();
            move |event| {
                let mut calls = calls.lock().unwrap();
                calls.push(event.clone());
                let answer = answer(calls.len(), &event);
                Box::pin(async { answer })
            }
        });
        let targets = vec![(batch_target(mapping, invoke, &queues), file)];
        let wake = Wake::default();
        let stream = stream(database);
        let mappings =
            EventSourceMappings::start_polling(targets, Vec::new(), &stream, &wake, period).unwrap();
        Self {
            mappings,
            calls,
            queues,
        }
    }

    /// The keys of each call so far, when everything has been handed over.
    async fn calls(&self) -> Vec<Vec<String>> {
        self.mappings.progress.drained().await;
        self.calls.lock().unwrap().iter().map(keys).collect()
    }
}
