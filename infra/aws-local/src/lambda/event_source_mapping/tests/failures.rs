//! Calls that fail, in whole or in part.

use super::*;

#[tokio::test]
async fn after_a_partial_failure_everything_from_the_lowest_failed_record_on_is_tried_again() {
    let database = database();
    for number in 0..4 {
        put(&database, &format!("EVT#{number}"));
    }
    let stage = Stage::start(&database, mapping(), None, |call, event| {
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
    stage.mappings.stop().await;
}

#[tokio::test]
async fn a_record_that_fails_the_call_ends_alone_on_the_queue_and_the_others_go_on() {
    let database = database();
    for number in 0..6 {
        put(&database, &format!("EVT#{number}"));
    }
    let handled: Arc<Mutex<Vec<String>>> = Arc::default();
    let stage = Stage::start(&database, mapping(), None, {
        let handled = handled.clone();
        move |_, event| {
            if keys(event).iter().any(|key| key == "EVT#2") {
                return Err(FunctionError);
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
    let messages = stage.queues.messages(QUEUE);
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
    stage.mappings.stop().await;
}

#[tokio::test]
async fn what_is_reported_failed_to_the_end_takes_the_rest_of_its_batch_along() {
    let database = database();
    for number in 0..5 {
        put(&database, &format!("EVT#{number}"));
    }
    let stage = Stage::start(&database, mapping(), None, |_, event| {
        Ok(failed(event, &["EVT#1"]))
    });
    let (all, rest) = (
        vec!["EVT#0", "EVT#1", "EVT#2", "EVT#3"],
        vec!["EVT#1", "EVT#2", "EVT#3"],
    );
    let expected = [all, rest.clone(), rest, vec!["EVT#4"]];
    assert_eq!(stage.calls().await, expected);
    let messages = stage.queues.messages(QUEUE);
    assert_eq!(
        (messages.len(), &messages[0]["DDBStreamBatchInfo"]["batchSize"]),
        (1, &json!(3))
    );
    stage.mappings.stop().await;
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
        let stage = Stage::start(&database, mapping(), None, {
            let answer = answer.clone();
            move |call, _| Ok(if call == 1 { answer.clone() } else { done() })
        });
        assert_eq!(stage.calls().await.len(), calls, "{answer}");
        stage.mappings.stop().await;
    }
}

#[tokio::test]
async fn without_reporting_an_answer_says_nothing_and_without_bisecting_the_whole_batch_is_given_up() {
    let plain = || EventSourceMapping {
        reports_batch_item_failures: false,
        bisects_batch_on_function_error: false,
        maximum_retry_attempts: Some(0),
        ..mapping()
    };
    let database = database();
    put(&database, "EVT#0");
    put(&database, "EVT#1");
    let stage = Stage::start(&database, plain(), None, |_, event| Ok(failed(event, &["EVT#0"])));
    assert_eq!(stage.calls().await, [["EVT#0", "EVT#1"]]);
    assert!(stage.queues.messages(QUEUE).is_empty());
    stage.mappings.stop().await;

    let stage = Stage::start(&database, plain(), None, |_, _| Err(FunctionError));
    assert_eq!(stage.calls().await, [["EVT#0", "EVT#1"]]);
    assert_eq!(
        stage.queues.messages(QUEUE)[0]["DDBStreamBatchInfo"]["batchSize"],
        2
    );
    stage.mappings.stop().await;
}

#[test]
fn a_pause_doubles_up_to_its_limit() {
    let pauses: Vec<_> = [1, 2, 3, 6, 40]
        .map(|failures| batch::pause(failures, Duration::from_secs(3)))
        .map(|pause| pause.as_millis())
        .into();
    assert_eq!(pauses, [20, 40, 80, 640, 3000]);
}
