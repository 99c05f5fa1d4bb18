//! The poller, with the real engine and functions that are told how to answer.

use std::sync::Mutex;

use countersign_platform::lambda::{Failure, Invoke};
use dynoxide::Database;
use dynoxide::storage_backend::ManualClock;
use serde_json::{Value as Json, json};

use super::*;

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

fn put(database: &Database, pk: &str) {
    let item = json!({ "TableName": "table", "Item": { "pk": { "S": pk }, "n": { "N": "7" } } });
    database.put_item(serde_json::from_value(item).unwrap()).unwrap();
}

fn trigger() -> StreamTrigger {
    StreamTrigger {
        name: "FunctionRows".to_owned(),
        from_oldest: true,
        batch_size: 4,
        patterns: vec![r#"{"dynamodb":{"Keys":{"pk":{"S":[{"prefix":"EVT#"}]}}}}"#.to_owned()],
        reports_failures: true,
        bisects: true,
        retries: Some(2),
        on_failure: Some("Unsent".to_owned()),
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

/// A poller with a function that answers as `answer` says, and all that it was called with.
struct Stage {
    streams: Streams,
    calls: Arc<Mutex<Vec<Json>>>,
    queues: Arc<Queues>,
}

impl Stage {
    fn start(
        database: &Database,
        trigger: StreamTrigger,
        file: Option<std::path::PathBuf>,
        answer: impl Fn(usize, &Json) -> Result<Json, Failure> + Send + Sync + 'static,
    ) -> Self {
        let calls: Arc<Mutex<Vec<Json>>> = Arc::default();
        let queues = Arc::new(Queues::open(&["Unsent".to_owned()], None).unwrap());
        let invoke: Invoke = Arc::new({
            let calls = calls.clone();
            move |event| {
                let mut calls = calls.lock().unwrap();
                calls.push(event.clone());
                let answer = answer(calls.len(), &event);
                Box::pin(async { answer })
            }
        });
        let handler = Handler {
            trigger,
            callee: Callee::new("Function", invoke, Duration::from_secs(5)),
            queues: queues.clone(),
            clock: Clock::system(),
        };
        let source = Source::open(database.clone(), "table").unwrap();
        let poller = Poller::new(handler, source, Position::open(file).unwrap()).unwrap();
        let (stop, stopped) = watch::channel(false);
        let pollers = vec![poller.start(Stopped(stopped))];
        Self {
            streams: Streams { pollers, stop },
            calls,
            queues,
        }
    }

    /// The keys of each call so far, when everything has been handed over.
    async fn calls(&self) -> Vec<Vec<String>> {
        self.streams.drained().await;
        self.calls.lock().unwrap().iter().map(keys).collect()
    }
}

#[tokio::test]
async fn records_come_in_order_filtered_and_in_batches() {
    let database = database();
    for number in 0..6 {
        put(&database, &format!("EVT#{number}"));
        put(&database, &format!("HEAD#{number}"));
    }
    let stage = Stage::start(&database, trigger(), None, |_, _| Ok(done()));
    let expected = [vec!["EVT#0", "EVT#1", "EVT#2", "EVT#3"], vec!["EVT#4", "EVT#5"]];
    assert_eq!(stage.calls().await, expected);
    put(&database, "EVT#6");
    assert_eq!(stage.calls().await[2..], [["EVT#6"]]);
    stage.streams.stop().await;
}

#[tokio::test]
async fn a_record_has_the_shape_that_lambda_gives_it() {
    let database = database();
    put(&database, "EVT#0");
    let stage = Stage::start(&database, trigger(), None, |_, _| Ok(Json::Null));
    stage.streams.drained().await;
    let record = stage.calls.lock().unwrap()[0]["Records"][0].clone();
    let change = &record["dynamodb"];
    assert_eq!(record["eventName"], "INSERT");
    assert_eq!(record["eventVersion"], "1.1");
    assert_eq!(record["eventSource"], "aws:dynamodb");
    assert_eq!(record["awsRegion"], "ap-southeast-1");
    assert!(record["eventID"].is_string());
    let arn = record["eventSourceARN"].as_str().unwrap();
    assert!(
        arn.starts_with("arn:aws:dynamodb:ap-southeast-1:000000000000:table/table/stream/"),
        "{arn}"
    );
    assert_eq!(change["Keys"], json!({ "pk": { "S": "EVT#0" } }));
    assert_eq!(change["NewImage"]["n"], json!({ "N": "7" }));
    assert!(change.get("OldImage").is_none());
    assert_eq!(change["StreamViewType"], "NEW_AND_OLD_IMAGES");
    assert_eq!(change["SequenceNumber"].as_str().unwrap().len(), 21);
    assert!(change["SizeBytes"].is_number());
    let created = change["ApproximateCreationDateTime"].as_f64().unwrap();
    let created = Timestamp::from_duration(jiff::SignedDuration::from_secs_f64(created)).unwrap();
    assert!((Timestamp::now() - created).as_secs().abs() < 60, "{created}");
    stage.streams.stop().await;
}

#[tokio::test]
async fn after_a_partial_failure_everything_from_the_lowest_failed_record_on_is_tried_again() {
    let database = database();
    for number in 0..4 {
        put(&database, &format!("EVT#{number}"));
    }
    let stage = Stage::start(&database, trigger(), None, |call, event| {
        Ok(if call == 1 {
            failed(event, &["EVT#3", "EVT#1"])
        } else {
            done()
        })
    });
    let expected = [
        vec!["EVT#0", "EVT#1", "EVT#2", "EVT#3"],
        vec!["EVT#1", "EVT#2", "EVT#3"],
    ];
    assert_eq!(stage.calls().await, expected);
    stage.streams.stop().await;
}

#[tokio::test]
async fn a_record_that_fails_the_call_ends_alone_on_the_queue_and_the_others_go_on() {
    let database = database();
    for number in 0..6 {
        put(&database, &format!("EVT#{number}"));
    }
    let handled: Arc<Mutex<Vec<String>>> = Arc::default();
    let stage = Stage::start(&database, trigger(), None, {
        let handled = handled.clone();
        move |_, event| {
            if keys(event).iter().any(|key| key == "EVT#2") {
                return Err(Failure);
            }
            handled.lock().unwrap().extend(keys(event));
            Ok(done())
        }
    });
    let calls = stage.calls().await;
    assert_eq!(
        *handled.lock().unwrap(),
        ["EVT#0", "EVT#1", "EVT#3", "EVT#4", "EVT#5"]
    );
    let alone = calls.iter().filter(|keys| **keys == ["EVT#2"]).count();
    assert_eq!(alone, 3, "once and two retries: {calls:?}");
    let messages = stage.queues.messages("Unsent");
    assert_eq!(messages.len(), 1);
    let message = &messages[0];
    assert_eq!(message["requestContext"]["condition"], "RetryAttemptsExhausted");
    assert_eq!(message["requestContext"]["approximateInvokeCount"], 3);
    assert_eq!(message["responseContext"]["functionError"], "Unhandled");
    let place = &message["DDBStreamBatchInfo"];
    let poison = stage.calls.lock().unwrap()[0]["Records"][2]["dynamodb"]["SequenceNumber"].clone();
    assert_eq!(
        (&place["startSequenceNumber"], &place["endSequenceNumber"]),
        (&poison, &poison)
    );
    assert_eq!(place["batchSize"], 1);
    assert!(
        place["streamArn"]
            .as_str()
            .unwrap()
            .contains(":table/table/stream/")
    );
    assert!(place["shardId"].as_str().unwrap().starts_with("shardId-"));
    stage.streams.stop().await;
}

#[tokio::test]
async fn what_is_reported_failed_to_the_end_takes_the_rest_of_its_batch_along() {
    let database = database();
    for number in 0..5 {
        put(&database, &format!("EVT#{number}"));
    }
    let stage = Stage::start(&database, trigger(), None, |_, event| {
        Ok(failed(event, &["EVT#1"]))
    });
    let (all, rest) = (
        vec!["EVT#0", "EVT#1", "EVT#2", "EVT#3"],
        vec!["EVT#1", "EVT#2", "EVT#3"],
    );
    let expected = [all, rest.clone(), rest, vec!["EVT#4"]];
    assert_eq!(stage.calls().await, expected);
    let messages = stage.queues.messages("Unsent");
    assert_eq!(
        (messages.len(), &messages[0]["DDBStreamBatchInfo"]["batchSize"]),
        (1, &json!(3))
    );
    stage.streams.stop().await;
}

#[tokio::test]
async fn an_answer_that_cannot_be_understood_is_a_failure_and_an_empty_one_is_success() {
    for (answer, calls) in [
        (Json::Null, 1),
        (json!({}), 1),
        (json!({ "batchItemFailures": null }), 1),
        (json!({ "batchItemFailures": [] }), 1),
        (json!({ "batchItemFailures": [{ "itemIdentifier": "" }] }), 2),
        (json!({ "batchItemFailures": [{ "itemIdentifier": null }] }), 2),
        (json!({ "batchItemFailures": [{ "id": "1" }] }), 2),
        (
            json!({ "batchItemFailures": [{ "itemIdentifier": "100000000000000000001" }] }),
            2,
        ),
        (json!({ "batchItemFailures": "1" }), 2),
        (json!("done"), 2),
    ] {
        let database = database();
        put(&database, "EVT#0");
        let stage = Stage::start(&database, trigger(), None, {
            let answer = answer.clone();
            move |call, _| Ok(if call == 1 { answer.clone() } else { done() })
        });
        assert_eq!(stage.calls().await.len(), calls, "{answer}");
        stage.streams.stop().await;
    }
}

#[tokio::test]
async fn without_reporting_an_answer_says_nothing_and_without_bisecting_the_whole_batch_is_given_up() {
    let plain = || StreamTrigger {
        reports_failures: false,
        bisects: false,
        retries: Some(0),
        ..trigger()
    };
    let database = database();
    put(&database, "EVT#0");
    put(&database, "EVT#1");
    let stage = Stage::start(&database, plain(), None, |_, event| Ok(failed(event, &["EVT#0"])));
    assert_eq!(stage.calls().await, [["EVT#0", "EVT#1"]]);
    assert!(stage.queues.messages("Unsent").is_empty());
    stage.streams.stop().await;

    let stage = Stage::start(&database, plain(), None, |_, _| Err(Failure));
    assert_eq!(stage.calls().await, [["EVT#0", "EVT#1"]]);
    assert_eq!(
        stage.queues.messages("Unsent")[0]["DDBStreamBatchInfo"]["batchSize"],
        2
    );
    stage.streams.stop().await;
}

#[tokio::test]
async fn a_restart_goes_on_behind_the_last_batch_that_was_handled() {
    let place = tempfile::tempdir().unwrap();
    let file = Some(place.path().join("stream.json"));
    let database = database();
    for number in 0..6 {
        put(&database, &format!("EVT#{number}"));
    }
    let stage = Stage::start(&database, trigger(), file.clone(), |_, event| {
        if keys(event).contains(&"EVT#4".to_owned()) {
            Err(Failure)
        } else {
            Ok(done())
        }
    });
    while stage.calls.lock().unwrap().len() < 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    stage.streams.stop().await;

    let stage = Stage::start(&database, trigger(), file, |_, _| Ok(done()));
    assert_eq!(stage.calls().await, [["EVT#4", "EVT#5"]]);
    assert!(stage.queues.messages("Unsent").is_empty());
    stage.streams.stop().await;
}

#[tokio::test]
async fn a_stop_finishes_the_call_that_is_under_way_and_keeps_that() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("stream.json");
    let database = database();
    put(&database, "EVT#0");
    let (begun, ended) = (Arc::new(Notify::new()), Arc::new(Mutex::new(false)));
    let slow: Invoke = Arc::new({
        let (begun, ended) = (begun.clone(), ended.clone());
        move |_| {
            let (begun, ended) = (begun.clone(), ended.clone());
            Box::pin(async move {
                begun.notify_one();
                tokio::time::sleep(Duration::from_millis(100)).await;
                *ended.lock().unwrap() = true;
                Ok(done())
            })
        }
    });
    let handler = Handler {
        trigger: trigger(),
        callee: Callee::new("Function", slow, Duration::from_secs(5)),
        queues: Arc::new(Queues::open(&[], None).unwrap()),
        clock: Clock::system(),
    };
    let source = Source::open(database.clone(), "table").unwrap();
    let poller = Poller::new(handler, source, Position::open(Some(file.clone())).unwrap()).unwrap();
    let (stop, stopped) = watch::channel(false);
    let streams = Streams {
        pollers: vec![poller.start(Stopped(stopped))],
        stop,
    };
    begun.notified().await;
    streams.stop().await;
    assert!(*ended.lock().unwrap());
    assert!(Position::open(Some(file)).unwrap().get().is_some());
}

#[tokio::test]
async fn a_first_start_passes_over_what_dynamodb_would_have_dropped_and_a_later_one_does_not() {
    let now = u64::try_from(Timestamp::now().as_second()).unwrap();
    let kept = u64::try_from(KEPT_SECONDS).unwrap();
    let clock = Arc::new(ManualClock::new(now - kept - 60));
    let database = database_with(Database::memory_with_clock(clock.clone()).unwrap());
    put(&database, "EVT#old");
    clock.set(now);
    put(&database, "EVT#new");
    let stage = Stage::start(&database, trigger(), None, |_, _| Ok(done()));
    assert_eq!(stage.calls().await, [["EVT#new"]]);
    stage.streams.stop().await;

    // The machine was switched off for a day: nobody else could have handled what waits.
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("stream.json");
    std::fs::write(&file, r#"{"sequence_number":"100000000000000000001"}"#).unwrap();
    let stage = Stage::start(&database, trigger(), Some(file), |_, _| Ok(done()));
    assert_eq!(stage.calls().await, [["EVT#old", "EVT#new"]]);
    stage.streams.stop().await;
}

#[tokio::test]
async fn a_pattern_that_is_not_understood_is_a_start_error() {
    let handler = Handler {
        trigger: StreamTrigger {
            patterns: vec![r#"{"eventName":[{"wildcard":"*"}]}"#.to_owned()],
            ..trigger()
        },
        callee: Callee::new("Function", Arc::new(|event| Box::pin(async { Ok(event) })), IDLE),
        queues: Arc::new(Queues::open(&[], None).unwrap()),
        clock: Clock::system(),
    };
    let source = Source::open(database(), "table").unwrap();
    match Poller::new(handler, source, Position::open(None).unwrap()) {
        Err(error) => assert!(error.to_string().contains("wildcard"), "{error}"),
        Ok(_) => panic!("it was understood"),
    }
}

#[test]
fn a_pause_doubles_up_to_its_limit() {
    let pauses: Vec<_> = [1, 2, 3, 6, 40]
        .map(batch::pause)
        .map(|pause| pause.as_millis())
        .into();
    assert_eq!(pauses, [100, 200, 400, 3000, 3000]);
}
