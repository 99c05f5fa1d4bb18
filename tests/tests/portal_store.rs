//! What the portal says when its table does not answer: a defect is called one, and what may pass is worth another try.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use countersign_domain::request::StateName;
use countersign_tests::cast::Cast;
use countersign_tests::wire::Wire;
use countersign_tests::{World, guideline_day};

/// A world whose table refuses the portal's calls of this operation while the flag is set.
async fn refusing(operation: &'static str) -> (World, Wire, Arc<AtomicBool>) {
    let (wire, refuses) = (Wire::lay().await, Arc::new(AtomicBool::new(false)));
    let world = World::with(wire.between(guideline_day())).await;
    let flag = refuses.clone();
    wire.refuse(Box::new(move |function, called, _| {
        flag.load(Ordering::Relaxed) && function == "portal" && called == operation
    }));
    (world, wire, refuses)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_refuses_is_a_defect_and_one_out_of_reach_is_worth_another_try() {
    let (world, wire, refuses) = refusing("Query").await;
    let maker = world.browser("maker@abc.example").await;
    let _ = maker.get("/portal/requests").await.expect(200);
    refuses.store(true, Ordering::Relaxed);
    let defect = maker.get("/portal/requests").await.expect(500);
    assert!(defect.shows("Something went wrong") && defect.header("retry-after").is_empty());
    refuses.store(false, Ordering::Relaxed);
    drop(wire);
    let away = maker.get("/portal/requests").await.expect(503);
    assert!(away.shows("The system is busy"), "{}", away.body);
    assert_eq!(away.header("retry-after"), "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn several_that_failed_by_a_defect_are_not_told_to_be_tried_again() {
    let (world, _wire, refuses) = refusing("TransactWriteItems").await;
    let cast = Cast::sign_in(&world).await;
    let _ = cast.request_in(StateName::ReadyToSend, 1).await;
    let checker = world.browser("checker@abc.example").await;
    let page = checker.get("/portal/tasks").await.expect(200);
    let (pick, key) = (
        page.field_after("type=\"checkbox\"", "pick"),
        page.field_after("data-picks", "key"),
    );
    refuses.store(true, Ordering::Relaxed);
    let fields = [("key", key.as_str()), ("do", "claim"), ("pick", pick.as_str())];
    let told = checker.post("/portal/tasks", &fields).await.expect(200);
    assert!(told.shows("0 of 1 claimed"), "{}", told.body);
    assert!(told.shows("Something went wrong"), "{}", told.body);
    assert!(!told.shows("Try again"), "{}", told.body);
}
