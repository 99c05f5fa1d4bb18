//! The function `relay`, while the bus fails.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::request::StateName;
use countersign_local::Options;
use countersign_tests::cast::Cast;
use countersign_tests::market::app_with;
use countersign_tests::{World, guideline_day};
use serde_json::{Value, json};

use super::{counts, versions};

/// A world whose bus refuses events while the flag is set, and the flag.
async fn world(longest_retry_pause: Duration) -> (World, Arc<AtomicBool>) {
    let refuses = Arc::new(AtomicBool::new(false));
    let flag = refuses.clone();
    let world = World::with(Options {
        event_faults: Some(Arc::new(move |_| flag.load(Ordering::Relaxed))),
        longest_retry_pause,
        ..guideline_day()
    })
    .await;
    (world, refuses)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_does_not_wait_for_a_bus_that_refuses_and_its_event_comes_once_the_bus_takes_it() {
    let (world, refuses) = world(Duration::from_millis(200)).await;
    let cast = Cast::sign_in(&world).await;
    world.local.settle().await;
    refuses.store(true, Ordering::Relaxed);
    let completed = cast.request_in(StateName::Completed, 1).await;
    let open = cast.request_in(StateName::ReadyToSend, 2).await;
    assert_eq!(versions(&world, &completed.id()), [0; 0]);
    refuses.store(false, Ordering::Relaxed);
    world.local.settle().await;
    assert_eq!(versions(&world, &completed.id()), [1, 2, 3, 4, 5, 6]);
    assert_eq!(versions(&world, &open.id()), [1, 2]);
    assert!(world.local.queue("UnpublishedEvents").is_empty());
    let (kept, now) = counts(&cast.officer, "abc").await;
    assert_eq!((kept, now), ([9, 1, 1, 0, 0, 7], [9, 1, 1, 0, 0, 7]));
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_published_is_in_the_failure_queue_and_can_be_published_from_the_table() {
    let (world, refuses) = world(Duration::from_millis(1)).await;
    let cast = Cast::sign_in(&world).await;
    world.local.settle().await;
    refuses.store(true, Ordering::Relaxed);
    let submitted = cast.request_in(StateName::ReadyToSend, 1).await;
    world.local.settle().await;
    let given_up = world.local.queue("UnpublishedEvents");
    assert!(given_up[0]["DDBStreamBatchInfo"]["startSequenceNumber"].is_string());
    assert_eq!(versions(&world, &submitted.id()), [0; 0]);
    let (kept, now) = counts(&cast.officer, "abc").await;
    assert_ne!(kept, now);

    // As docs/RUNBOOK.md says.
    refuses.store(false, Ordering::Relaxed);
    let mut rows = Vec::new();
    for version in [1, 2] {
        rows.push(world.row(&submitted.id(), version).await);
    }
    let answer = world.local.invoke("relay", json!({ "Records": rows })).await;
    assert_eq!(answer.unwrap(), json!({"batchItemFailures": []}));
    world.local.settle().await;
    assert_eq!(versions(&world, &submitted.id()), [1, 2]);
    let (kept, now) = counts(&cast.officer, "abc").await;
    assert_eq!(kept, now);
    world.local.stop().await;
}

/// Records of the stream for the rows of a request, numbered from 1.
async fn records(world: &World, request: &str, count: u32) -> Vec<Value> {
    let mut records = Vec::new();
    for version in 1..=count {
        let mut record = world.row(request, version).await;
        record["dynamodb"]["SequenceNumber"] = json!(version.to_string());
        records.push(record);
    }
    records
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_the_bus_refuses_keeps_no_other_from_it() {
    let world = World::with(Options {
        event_faults: Some(Arc::new(|detail| {
            detail["version"] == 3 && detail["action"] == "claim"
        })),
        ..guideline_day()
    })
    .await;
    let cast = Cast::sign_in(&world).await;
    let completed = cast.request_in(StateName::Completed, 1).await;
    let mut batch = records(&world, &completed.id(), 6).await;
    batch.extend(records(&world, &completed.id(), 6).await);
    for (place, record) in (1..).zip(&mut batch) {
        record["dynamodb"]["SequenceNumber"] = json!(place.to_string());
    }
    // Twelve events take two calls of the bus.
    let answer = world
        .local
        .invoke("relay", json!({ "Records": batch }))
        .await
        .unwrap();
    let failed = json!([{"itemIdentifier": "3"}, {"itemIdentifier": "9"}]);
    assert_eq!(answer, json!({ "batchItemFailures": failed }));
    assert_eq!(versions(&world, &completed.id()).len(), 5);
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_cannot_be_read_whole_holds_up_no_event() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let submitted = cast.request_in(StateName::ReadyToSend, 1).await;
    let head = (format!("REQ#{}", submitted.id()), "HEAD".to_owned());
    world.edit(head, "maker_name", AttributeValue::Bool(true)).await;
    let batch = records(&world, &submitted.id(), 2).await;
    let answer = world.local.invoke("relay", json!({ "Records": batch })).await;
    assert_eq!(answer.unwrap(), json!({"batchItemFailures": []}));
    assert_eq!(versions(&world, &submitted.id()), [1, 2]);
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bus_that_cannot_be_reached_fails_the_records_and_a_record_that_cannot_be_read_fails_the_call() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let submitted = cast.request_in(StateName::ReadyToSend, 1).await;
    let mut batch = records(&world, &submitted.id(), 2).await;
    let app = app_with(
        &world,
        &[
            ("EVENT_BUS", "x"),
            ("AWS_ENDPOINT_URL_EVENTBRIDGE", "http://localhost:9"),
        ],
    );
    let answer = relay::handle(app, json!({ "Records": batch })).await.unwrap();
    let failed = json!([{"itemIdentifier": "1"}, {"itemIdentifier": "2"}]);
    assert_eq!(answer, json!({ "batchItemFailures": failed }));

    world.local.settle().await;
    let before = world.local.events().len();
    batch[1]["dynamodb"]["NewImage"]["version"] = json!({"S": "two"});
    assert!(
        world
            .local
            .invoke("relay", json!({ "Records": batch }))
            .await
            .is_err()
    );
    assert_eq!(
        world.local.events().len(),
        before,
        "the stream halves the batch first"
    );
    world.local.stop().await;
}
