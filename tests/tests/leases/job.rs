//! The job that ends claims copes when it is repeated, overlaps with itself, is cut off anywhere, or finds what it
//! can't handle.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::request::StateName;
use countersign_domain::workflow::Action;
use countersign_local::demonstration::COMPANIES;
use countersign_tests::cast::{Cast, assert_unbroken};
use countersign_tests::market::{Firm, Market, Role};
use countersign_tests::post::{inserted, text};
use countersign_tests::seed;
use countersign_tests::stage::{Stage, form_with};
use countersign_tests::wire::Wire;
use countersign_tests::{Reply, World, guideline_day};
use serde_json::json;

use super::{CHECKER, ENDED, ENDS_SOON, OVER, WARNED, claimed, read, report, run, told};

/// Checks that the clock released each request once, with one warning and one e-mail at the end.
async fn hold_released_once(world: &World, requests: &[Reply]) {
    for request in requests {
        let now = read(world, request).await;
        assert_unbroken(&now);
        assert_eq!(
            (&now["version"], &now["state"]),
            (&json!(4), &json!("ReadyToSend"))
        );
    }
    for what in [ENDS_SOON, ENDED] {
        assert_eq!(told(world, what).await, vec![CHECKER; requests.len()], "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn three_runs_side_by_side_warn_once_and_release_once() {
    let world = World::start().await;
    let requests: [Reply; 5] = claimed(&world).await;
    for (at, counted) in [(WARNED, "warned"), (OVER, "released")] {
        world.at(at);
        let reports = tokio::join!(run(&world), run(&world), run(&world));
        let counts = [&reports.0, &reports.1, &reports.2].map(|report| report[counted].as_u64().unwrap());
        assert_eq!(counts.iter().sum::<u64>(), 5, "{reports:?}");
        assert_eq!(run(&world).await, report(0, 0));
    }
    hold_released_once(&world, &requests).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_cut_off_anywhere_is_taken_on_by_the_next() {
    let wire = Wire::lay().await;
    let world = World::with(wire.between(guideline_day())).await;
    let requests: [Reply; 5] = claimed(&world).await;
    for at in [WARNED, OVER] {
        world.at(at);
        wire.hold(Duration::from_millis(20));
        for milliseconds in [10, 30, 35, 45, 50, 70] {
            let event = json!({"job": "claim-leases", "scheduled": at});
            let job = world.local.invoke("remind", event);
            // Whether the job has finished by then makes no difference to what follows.
            let _ = tokio::time::timeout(Duration::from_millis(milliseconds), job).await;
        }
        wire.hold(Duration::ZERO);
        run(&world).await;
        assert_eq!(run(&world).await, report(0, 0));
    }
    hold_released_once(&world, &requests).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_cannot_be_released_keeps_none_of_the_others_from_it() {
    let world = World::start().await;
    let [broken, other] = claimed(&world).await;
    let head = || (format!("REQ#{}", broken.id()), "HEAD".to_owned());
    world.edit(head(), "maker_name", AttributeValue::Bool(true)).await;
    world.at(OVER);
    let event = || json!({"job": "claim-leases", "scheduled": OVER});
    assert!(
        world.local.invoke("remind", event()).await.is_err(),
        "it is called again"
    );
    world.local.settle().await;
    assert_eq!(read(&world, &other).await["state"], "ReadyToSend");
    world.edit(head(), "maker_name", text("A Maker")).await;
    assert_eq!(run(&world).await, report(0, 1));
    assert_eq!(read(&world, &broken).await["state"], "ReadyToSend");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_cannot_be_read_does_not_block_the_other_desks() {
    let wire = Wire::lay().await;
    let world = World::with(wire.between(guideline_day())).await;
    let [at_checkers] = claimed(&world).await;
    let cast = Cast::sign_in(&world).await;
    let at_officers = cast.request_in(StateName::Processing, 2).await;
    world.at("2023-02-09T16:46:00+08:00");
    let is_unreadable = Arc::new(AtomicBool::new(true));
    let flag = is_unreadable.clone();
    wire.refuse(Box::new(move |function, operation, request| {
        let of_desk = request["IndexName"] == "by_desk" && request.to_string().contains("COMPANY#abc");
        flag.load(Ordering::Relaxed) && function == "remind" && operation == "Query" && of_desk
    }));
    let event = json!({"job": "claim-leases", "scheduled": OVER});
    assert!(
        world.local.invoke("remind", event).await.is_err(),
        "it is called again"
    );
    world.local.settle().await;
    assert_eq!(read(&world, &at_officers).await["state"], "Sent");
    assert_eq!(read(&world, &at_checkers).await["state"], "Claimed");
    is_unreadable.store(false, Ordering::Relaxed);
    assert_eq!(run(&world).await, report(0, 1));
    assert_eq!(read(&world, &at_checkers).await["state"], "ReadyToSend");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_warning_that_comes_too_late_is_not_sent_any_more() {
    let world = World::start().await;
    let [request] = claimed(&world).await;
    let notice = inserted(
        &[
            ("pk".to_owned(), text(&format!("REQ#{}", request.id()))),
            ("sk".to_owned(), text("NOTICE#0000000003")),
            ("request".to_owned(), text(&request.id())),
            ("version".to_owned(), AttributeValue::N("3".to_owned())),
            ("kind".to_owned(), text("claim-ends-soon")),
            ("at".to_owned(), text("2023-02-07T02:43:00.000Z")),
        ]
        .into(),
    );
    let tell = async || {
        let answer = world.local.invoke("notify", json!({"Records": [notice]})).await;
        assert_eq!(answer.ok(), Some(json!({"batchItemFailures": []})));
        told(&world, ENDS_SOON).await.len()
    };
    world.at(OVER);
    assert_eq!(tell().await, 0, "it has ended, if nobody has released it yet");
    run(&world).await;
    assert_eq!(tell().await, 0, "it is nobody's");
    let checker = world.sign_in(CHECKER).await;
    let released = checker.read(&request.id()).await;
    let claimed = checker.act(&released, "claim").await.expect(200);
    assert_eq!(claimed["state"], "Claimed");
    assert_eq!(tell().await, 0, "it is another claim");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_look_at_a_desk_finds_all_of_its_claims_and_one_more_the_people_where_there_are_any() {
    const CLAIMS: usize = 105;
    let stage = Stage::set().await;
    let world = &stage.world;
    for number in 0..CLAIMS {
        stage.request(&form_with(number, 1), StateName::Claimed).await;
    }
    world.at(OVER);
    let cast = Cast::sign_in(world).await;
    let form = form_with(CLAIMS, 1);
    seed::administrators_of(world, &form).await;
    let later = cast.maker.create(&form).await.expect(201);
    let later = cast.bring(later, StateName::Claimed).await;
    let (done, calls) = stage.wire.during(run(world)).await;
    assert_eq!(done, report(0, CLAIMS));
    let of_job: Vec<_> = calls.iter().filter(|call| call.function == "remind").collect();
    let desks = of_job
        .iter()
        .filter(|call| call.request["IndexName"] == "by_desk");
    let mut found: Vec<u64> = desks
        .map(|call| call.response["Count"].as_u64().unwrap())
        .collect();
    found.sort_unstable();
    // Each company has a desk, and the exchange has that of its officers as well.
    let desks = COMPANIES.len() + 1;
    assert_eq!(found.len(), desks, "one query a desk");
    assert_eq!(found.iter().sum::<u64>(), CLAIMS as u64 + 1, "{found:?}");
    let (listing, people) = (1, 1);
    assert_eq!(
        of_job.len(),
        listing + desks + people + CLAIMS,
        "a release is one transaction"
    );
    assert_eq!(read(world, &later).await["state"], "Claimed");
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn claims_are_ended_at_companies_beyond_the_first_that_are_listed() {
    let world = World::start().await;
    let firms: Vec<Firm> = (1..=120).map(firm).collect();
    let market = Market::open(&world, &firms).await;
    world.at("2023-03-27T10:45:00+08:00");
    let last = &firms[119];
    let id = market.draft(last, [1]).await;
    market.step(last, Role::Maker, id, Action::Submit).await;
    market.step(last, Role::Checker, id, Action::Claim).await;
    world.at("2023-03-28T09:46:00+08:00");
    assert_eq!(run(&world).await, report(0, 1));
    assert_eq!(run(&world).await, report(0, 0));
}

/// A company with three administrators.
fn firm(number: usize) -> Firm {
    Firm {
        number,
        administrators: 3,
        registered: 0,
        has_checkers: true,
    }
}
