//! Batching windows, and queues.

use super::*;
use crate::cloudformation::QueueMapping;
use crate::testing::SOURCE;

/// The poller of a queue whose window is an hour, with a function that fails at the messages that say "bad".
fn queue_stage() -> Stage {
    let calls: Arc<Mutex<Vec<Json>>> = Arc::default();
    let queues = queues();
    let invoke: Invoke = Arc::new({
        let calls = calls.clone();
        move |event| {
            let records = event["Records"].as_array().unwrap().iter();
            let failed = records.filter(|record| record["body"] == "\"bad\"");
            let failed = failed.map(|record| json!({ "itemIdentifier": record["messageId"] }));
            let answer = json!({ "batchItemFailures": failed.collect::<Json>() });
            calls.lock().unwrap().push(event);
            Box::pin(async { Ok(answer) })
        }
    });
    let target = QueueTarget {
        mapping: QueueMapping {
            queue: SOURCE.to_owned(),
            batch_size: 3,
            batching_window: Duration::from_hours(1),
            reports_batch_item_failures: true,
        },
        target: EventTarget::new("Function", invoke, Duration::from_secs(5)),
        queues: queues.clone(),
    };
    let (database, wake) = (database(), Wake::default());
    let mappings = EventSourceMappings::start(Vec::new(), vec![target], &stream(&database), &wake).unwrap();
    Stage {
        mappings,
        calls,
        queues,
    }
}

/// The bodies of the messages of each call so far.
fn bodies(stage: &Stage) -> Vec<Vec<String>> {
    let calls = stage.calls.lock().unwrap();
    let body = |record: &Json| record["body"].as_str().unwrap().to_owned();
    let of_call = |event: &Json| event["Records"].as_array().unwrap().iter().map(body).collect();
    calls.iter().map(of_call).collect()
}

#[tokio::test]
async fn a_queue_gathers_messages_until_a_batch_is_full_or_somebody_waits() {
    let stage = queue_stage();
    stage.queues.send(SOURCE, json!("one"));
    stage.queues.send(SOURCE, json!("two"));
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(bodies(&stage).is_empty(), "the window is open");
    stage.queues.send(SOURCE, json!("three"));
    stage.queues.send(SOURCE, json!("four"));
    stage.mappings.progress.drained().await;
    let expected = [vec!["\"one\"", "\"two\"", "\"three\""], vec!["\"four\""]];
    assert_eq!(bodies(&stage), expected);
    assert!(stage.queues.messages(SOURCE).is_empty());
    stage.mappings.stop().await;
}

#[tokio::test]
async fn a_message_that_fails_comes_again_alone_until_it_goes_to_the_dead_letters() {
    let stage = queue_stage();
    stage.queues.send(SOURCE, json!("good"));
    stage.queues.send(SOURCE, json!("bad"));
    stage.mappings.progress.drained().await;
    let expected = [vec!["\"good\"", "\"bad\""], vec!["\"bad\""], vec!["\"bad\""]];
    assert_eq!(bodies(&stage), expected);
    let counts = stage.calls.lock().unwrap();
    assert_eq!(
        counts[2]["Records"][0]["attributes"]["ApproximateReceiveCount"],
        "3"
    );
    assert_eq!(stage.queues.messages(QUEUE), [json!("bad")]);
}

#[test]
fn an_answer_that_names_no_message_of_the_batch_handles_none_of_it() {
    let queues = queues();
    queues.send(SOURCE, json!("one"));
    let messages = queues.receive(SOURCE, 10);
    let id = messages[0].id.clone();
    let unhandled = |answer: Json| super::super::queue::unhandled(&answer, &messages);
    let failed = |id: &str| json!({ "batchItemFailures": [{ "itemIdentifier": id }] });
    for answer in [
        Json::Null,
        json!({}),
        done(),
        json!({ "batchItemFailures": null }),
    ] {
        assert_eq!(unhandled(answer), Some([].into()));
    }
    assert_eq!(unhandled(failed(&id)), Some([id].into()));
    for answer in [
        failed("another"),
        json!("text"),
        json!({ "batchItemFailures": [{}] }),
    ] {
        assert_eq!(unhandled(answer), None);
    }
}

#[tokio::test]
async fn a_stream_gathers_records_in_its_window_unless_somebody_waits() {
    let database = database();
    let window = EventSourceMapping {
        batching_window: Duration::from_hours(1),
        ..mapping()
    };
    let stage = Stage::start(&database, window, None, |_, _| Ok(done()));
    assert_eq!(stage.calls().await, Vec::<Vec<String>>::new());
    put(&database, "EVT#1");
    stage.mappings.progress.wake.wake();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(stage.calls.lock().unwrap().is_empty(), "the window is open");
    put(&database, "EVT#2");
    assert_eq!(stage.calls().await, [["EVT#1", "EVT#2"]]);
    stage.mappings.stop().await;
}
