//! The next run continues one that was cut off, and a company that can't be read does not block the others.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use countersign_local::Mail;
use countersign_tests::World;
use countersign_tests::market::{Firm, Market};
use countersign_tests::wire::Wire;
use serde_json::{Value, json};

use super::{EARLY, guideline_day, morning_of, remind};

/// More companies than the job lists at a time.
const FIRMS: usize = 70;

fn firm(number: usize) -> Firm {
    Firm {
        number,
        administrators: 1,
        registered: 0,
        has_checkers: true,
    }
}

fn firms() -> Vec<Firm> {
    (1..=FIRMS).map(firm).collect()
}

/// A world whose table refuses some of the calls of `remind` while the flag is set.
async fn world(is_refused: fn(&str, &Value) -> bool) -> (World, Wire, Arc<AtomicBool>) {
    let (wire, failing) = (Wire::lay().await, Arc::new(AtomicBool::new(true)));
    let world = World::with(wire.between(morning_of(EARLY, guideline_day()))).await;
    Market::open(&world, &firms()).await;
    let flag = failing.clone();
    wire.refuse(Box::new(move |function, operation, request| {
        flag.load(Ordering::Relaxed) && function == "remind" && is_refused(operation, request)
    }));
    (world, wire, failing)
}

/// The reminders that went out. The market's people got invitations, too.
async fn reminders(world: &World) -> Vec<Mail> {
    let mut mails = world.mails_since(0).await;
    mails.retain(|mail| mail.message.tags.contains_key("day"));
    mails
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_run_goes_on_where_one_was_cut_off() {
    // The job can read the first part of the list of companies, but not the second.
    let second_leg = |operation: &str, request: &Value| {
        let is_list = request["ExpressionAttributeValues"][":pk"]["S"] == "COMPANIES";
        operation == "Query" && is_list && request["ExclusiveStartKey"].is_object()
    };
    let (world, _wire, failing) = world(second_leg).await;
    let event = json!({"job": "reminders", "scheduled": format!("{EARLY}T01:00:00Z")});
    assert!(world.local.invoke("remind", event).await.is_err());
    let before = reminders(&world).await.len();
    assert!(
        before > 0,
        "the first leg's people are told whatever becomes of the rest"
    );

    failing.store(false, Ordering::Relaxed);
    let second = remind(&world, EARLY).await;
    let listed = FIRMS + 4;
    assert_eq!(second["companies"], listed - 50, "{second}");
    assert_eq!(second["repeated"], 0, "{second}");
    // After a complete run the job starts again, and finds that everyone has been told.
    let third = remind(&world, EARLY).await;
    assert_eq!(
        (&third["companies"], &third["digests"]),
        (&json!(listed), &json!(0))
    );
    let mails = reminders(&world).await.len();
    assert_eq!(third["repeated"], mails, "one mail for each digest");
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_that_cannot_be_read_keeps_none_of_the_others_from_being_reminded() {
    let one_company = |operation: &str, request: &Value| {
        operation == "Query" && request["ExpressionAttributeValues"][":pk"]["S"] == "COMPANY#firm0007"
    };
    let (world, _wire, failing) = world(one_company).await;
    let event = json!({"job": "reminders", "scheduled": format!("{EARLY}T01:00:00Z")});
    assert!(world.local.invoke("remind", event).await.is_err());
    let mails = reminders(&world).await;
    let to = |firm: &str| {
        mails
            .iter()
            .filter(|mail| mail.message.to[0].ends_with(firm))
            .count()
    };
    assert_eq!(
        (
            to("@firm0006.example"),
            to("@firm0007.example"),
            to("@firm0008.example")
        ),
        (3, 0, 3)
    );

    failing.store(false, Ordering::Relaxed);
    let second = remind(&world, EARLY).await;
    assert_eq!(second["digests"], 3, "{second}");
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_that_could_not_be_read_before_the_run_was_cut_off_is_reminded_by_a_later_run() {
    let one_company_and_second_leg = |operation: &str, request: &Value| {
        let partition = &request["ExpressionAttributeValues"][":pk"]["S"];
        let is_second_leg = partition == "COMPANIES" && request["ExclusiveStartKey"].is_object();
        operation == "Query" && (partition == "COMPANY#firm0007" || is_second_leg)
    };
    let (world, _wire, failing) = world(one_company_and_second_leg).await;
    let event = json!({"job": "reminders", "scheduled": format!("{EARLY}T01:00:00Z")});
    assert!(world.local.invoke("remind", event.clone()).await.is_err());

    failing.store(false, Ordering::Relaxed);
    // This run reaches the last company, and knows that it did not see all of them.
    assert!(world.local.invoke("remind", event).await.is_err());
    let third = remind(&world, EARLY).await;
    assert_eq!(
        (&third["companies"], &third["digests"]),
        (&json!(FIRMS + 4), &json!(3))
    );
    world.local.stop().await;
}
