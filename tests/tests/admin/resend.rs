//! Sending again what failed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use countersign_domain::request::StateName;
use countersign_local::{Fault, Options};
use countersign_tests::admin::admin;
use countersign_tests::cast::Cast;
use countersign_tests::{World, guideline_day};

/// When nobody who was sending can still be sending.
const LATER: &str = "2023-02-07T10:50:00+08:00";

/// A world whose SES and event bus refuse everything while the flag is set, and the flag. Nobody waits long there.
async fn world() -> (World, Arc<AtomicBool>) {
    let fails = Arc::new(AtomicBool::new(false));
    let (mails, events) = (fails.clone(), fails.clone());
    let world = World::with(Options {
        ses_faults: Some(Arc::new(move |_| {
            if mails.load(Ordering::Relaxed) {
                Fault::FailBefore
            } else {
                Fault::Deliver
            }
        })),
        event_faults: Some(Arc::new(move |_| events.load(Ordering::Relaxed))),
        longest_retry_pause: Duration::from_millis(1),
        ..guideline_day()
    })
    .await;
    (world, fails)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_failure_queues_hold_is_shown_and_then_sent_once() {
    let (world, fails) = world().await;
    let cast = Cast::sign_in(&world).await;
    world.local.settle().await;
    fails.store(true, Ordering::Relaxed);
    let submitted = cast.request_in(StateName::ReadyToSend, 1).await;
    world.local.settle().await;
    assert!(world.local.mailbox().is_empty());
    fails.store(false, Ordering::Relaxed);
    world.at(LATER);

    let told = admin(&world, &["resend"]).await;
    assert!(
        told.is_success && told.output.contains("UnsentMail: "),
        "{}",
        told.output
    );
    assert!(told.output.contains("UnpublishedEvents: "), "{}", told.output);
    assert!(told.output.ends_with("run the same command with --send.\n"));
    assert!(world.local.mailbox().is_empty());

    let sent = admin(&world, &["resend", "--send"]).await;
    assert!(
        sent.is_success && sent.output.ends_with("Everything was sent again.\n"),
        "{}",
        sent.output
    );
    let mails = world.local.mailbox().len();
    assert!(mails > 0, "the checkers have their mail");
    let on_bus = |event: &&serde_json::Value| event["detail"]["request"] == submitted.id();
    assert!(world.local.events().iter().filter(on_bus).count() >= 2);
    for queue in ["UnsentMail", "UnpublishedEvents"] {
        assert!(world.local.queue(queue).is_empty(), "{queue}");
    }
    let again = admin(&world, &["resend", "--send"]).await;
    assert_eq!(again.output, "The failure queues are empty.\n");
    assert_eq!(world.local.mailbox().len(), mails);
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_requests_mails_that_never_left_are_sent_and_those_that_did_are_not() {
    let (world, fails) = world().await;
    let cast = Cast::sign_in(&world).await;
    fails.store(true, Ordering::Relaxed);
    let submitted = cast.request_in(StateName::ReadyToSend, 1).await;
    world.local.settle().await;
    fails.store(false, Ordering::Relaxed);
    world.at(LATER);
    let reference = submitted["reference"].as_str().unwrap().to_owned();

    let told = admin(&world, &["resend", "--request", &reference]).await;
    assert!(told.output.contains("sending since"), "{}", told.output);
    assert!(world.local.mailbox().is_empty());
    let sent = admin(&world, &["resend", "--request", &reference, "--send"]).await;
    assert!(sent.is_success, "{}", sent.output);
    let mails = world.local.mailbox().len();
    assert!(mails > 0);
    let since = admin(
        &world,
        &["resend", "--since", "2023-02-07T00:00:00+08:00", "--send"],
    )
    .await;
    assert!(since.is_success, "{}", since.output);
    assert_eq!(world.local.mailbox().len(), mails, "nothing leaves twice");
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_again_stays_in_its_queue() {
    let (world, fails) = world().await;
    let cast = Cast::sign_in(&world).await;
    world.local.settle().await;
    fails.store(true, Ordering::Relaxed);
    cast.request_in(StateName::ReadyToSend, 1).await;
    world.local.settle().await;
    let before = world.local.queue("UnsentMail").len();
    let sent = admin(&world, &["resend", "--send"]).await;
    assert!(
        !sent.is_success && sent.output.contains("messages failed again and stay"),
        "{}",
        sent.output
    );
    assert_eq!(world.local.queue("UnsentMail").len(), before);
    world.local.stop().await;
}

#[test]
fn every_failure_queue_of_the_template_can_be_sent_again() {
    let template = countersign_local::template::load(&std::collections::BTreeMap::new()).unwrap();
    for queue in template.queues.iter().filter(|queue| queue.redrive.is_none()) {
        assert!(
            countersign_admin::resend::is_known(&queue.logical_id),
            "{}",
            queue.logical_id
        );
    }
}
