//! The function `readiness`, as a subscriber that fails, and to which events come twice and in any order.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use countersign_domain::request::StateName;
use countersign_local::Options;
use countersign_local::options::Data;
use countersign_tests::cast::Cast;
use countersign_tests::wire::Wire;
use countersign_tests::{World, guideline_day};
use serde_json::{Value, json};

use super::counts;

fn kept_in(folder: &Path) -> Options {
    Options {
        data: Data::Folder(folder.to_owned()),
        longest_retry_pause: Duration::from_millis(200),
        ..guideline_day()
    }
}

/// Opens some requests and closes others.
async fn act(cast: &Cast) {
    let _ = cast.request_in(StateName::Completed, 1).await;
    let _ = cast.request_in(StateName::ReadyToSend, 2).await;
    let returned = cast.request_in(StateName::Claimed, 3).await;
    let _ = cast.checker.attempt(&returned, "return").await.expect(200);
}

/// A running product kept in this folder, whose requests changed while `readiness` fails; its wire, which it needs to run;
/// and the flag that lets `readiness` go on.
async fn changed_while_failing(folder: &Path) -> (World, Cast, Wire, Arc<AtomicBool>) {
    let (wire, refuses) = broken_wire().await;
    let world = World::with(wire.between(kept_in(folder))).await;
    let cast = Cast::sign_in(&world).await;
    world.local.settle().await;
    refuses.store(true, Ordering::Relaxed);
    act(&cast).await;
    (world, cast, wire, refuses)
}

/// A wire on which the table refuses whatever `readiness` asks while the flag is set, and the flag.
async fn broken_wire() -> (Wire, Arc<AtomicBool>) {
    let (wire, refuses) = (Wire::lay().await, Arc::new(AtomicBool::new(false)));
    let flag = refuses.clone();
    wire.refuse(Box::new(move |function, _, _| {
        function == "readiness" && flag.load(Ordering::Relaxed)
    }));
    (wire, refuses)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscriber_that_failed_for_a_while_catches_up() {
    let place = tempfile::tempdir().unwrap();
    let (world, cast, _wire, refuses) = changed_while_failing(place.path()).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let (kept, now) = counts(&cast.officer, "abc").await;
    assert_ne!(kept, now);
    assert_eq!(now, [9, 1, 1, 0, 0, 7]);
    refuses.store(false, Ordering::Relaxed);
    world.local.settle().await;
    assert_eq!(counts(&cast.officer, "abc").await, (now, now));
    for queue in ["ReadinessChanges", "UncountedCompanies"] {
        assert_eq!(world.local.queue(queue), [Value::Null; 0], "{queue}");
    }
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscriber_catches_up_after_a_restart() {
    let place = tempfile::tempdir().unwrap();
    let (world, _, _wire, _) = changed_while_failing(place.path()).await;
    while world.local.queue("ReadinessChanges").is_empty() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    world.local.stop().await;

    let world = World::with(kept_in(place.path())).await;
    let cast = Cast::sign_in(&world).await;
    world.local.settle().await;
    let (kept, now) = counts(&cast.officer, "abc").await;
    assert_eq!((kept, now), ([9, 1, 1, 0, 0, 7], [9, 1, 1, 0, 0, 7]));
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_that_cannot_be_counted_to_the_last_is_in_the_failure_queue_and_holds_up_no_other() {
    let (wire, refuses) = broken_wire().await;
    let world = World::with(Options {
        longest_retry_pause: Duration::from_millis(1),
        ..wire.between(guideline_day())
    })
    .await;
    let cast = Cast::sign_in(&world).await;
    world.local.settle().await;
    refuses.store(true, Ordering::Relaxed);
    act(&cast).await;
    world.local.settle().await;
    let given_up = world.local.queue("UncountedCompanies");
    assert_eq!(given_up[0]["detail"]["company"], "abc");
    assert!(world.local.queue("ReadinessChanges").is_empty());
    refuses.store(false, Ordering::Relaxed);
    let _ = cast.request_in(StateName::ReadyToSend, 4).await;
    world.local.settle().await;
    let (kept, now) = counts(&cast.officer, "abc").await;
    assert_eq!(kept, now);
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events_that_come_twice_and_in_any_order_lead_to_the_same_counts() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    act(&cast).await;
    world.local.settle().await;
    let (kept, now) = counts(&cast.officer, "abc").await;
    assert_eq!(kept, now);
    let events = world.local.events();
    // Newest first, and then once more from the oldest on.
    let again = events.iter().chain(events.iter().rev());
    for (number, event) in again.enumerate() {
        let message = json!({"messageId": number.to_string(), "body": event.to_string()});
        let answer = world
            .local
            .invoke("readiness", json!({ "Records": [message] }))
            .await;
        assert_eq!(answer.unwrap(), json!({"batchItemFailures": []}));
    }
    assert_eq!(counts(&cast.officer, "abc").await, (now, now));
    world.local.stop().await;
}
