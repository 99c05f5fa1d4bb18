//! The write units of each command, as the engine counts them, for the guideline's form with one row. The figures are
//! the same in every run, so each command has its own limit.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::id::CompanyId;
use countersign_domain::request::StateName;
use countersign_platform::telemetry;
use countersign_tests::market::app_over;
use countersign_tests::stage::Stage;
use countersign_tests::wire::RoundTrip;
use countersign_tests::{Reply, form_for, guideline_form};
use serde_json::Value;

/// The units that a call wrote to the table and its indexes.
fn written(call: &RoundTrip) -> f64 {
    if matches!(call.operation.as_str(), "BatchGetItem" | "GetItem" | "Query") {
        return 0.0;
    }
    // A transaction has a list of tables; there is only one.
    let consumed = &call.response["ConsumedCapacity"];
    let units = |consumed: &Value| consumed["CapacityUnits"].as_f64();
    units(consumed.get(0).unwrap_or(consumed)).unwrap_or_default()
}

/// Checks that a command writes at most this much; returns its reply and units.
async fn costs(stage: &Stage, name: &str, most: f64, command: impl Future<Output = Reply>) -> (Reply, f64) {
    stage.world.local.settle().await;
    let (reply, calls) = stage.wire.during(command).await;
    assert!(reply.status < 300, "{name}: {}", reply.body);
    // Functions that the stream or SES calls write for the mails and the counts.
    let own = calls
        .iter()
        .filter(|call| !["notify", "feedback", "readiness"].contains(&call.function.as_str()));
    let units: f64 = own.map(written).sum();
    assert!(units > 0.0 && units <= most, "{name} writes {units}, of {most}");
    (reply, units)
}

#[tokio::test(flavor = "multi_thread")]
async fn no_command_writes_more_than_its_budget() {
    let stage = Stage::set().await;
    stage.wire.ask_for_capacity();
    let (maker, checker, officer) = (&stage.maker, &stage.checker, &stage.officer);
    let form = guideline_form();
    let mut lifecycle = 0.0;
    let (draft, units) = costs(&stage, "save, a new draft", 7.0, maker.create(&form)).await;
    lifecycle += units;
    let save = maker.action(&draft.id(), "save").if_match(&draft.etag());
    let (saved, _) = costs(&stage, "save again", 7.0, save.json(&form).send()).await;
    let (ready, units) = costs(&stage, "submit", 10.0, maker.act(&saved, "submit")).await;
    lifecycle += units;
    let (draft, _) = costs(&stage, "reclaim, by the maker", 6.0, maker.act(&ready, "reclaim")).await;
    let (ready, _) = costs(&stage, "submit again", 8.0, maker.act(&draft, "submit")).await;
    let (claimed, units) = costs(&stage, "claim, by a checker", 6.0, checker.act(&ready, "claim")).await;
    lifecycle += units;
    let (ready, _) = costs(&stage, "release", 6.0, checker.act(&claimed, "release")).await;
    let claimed = checker.act(&ready, "claim").await;
    let returned = checker.act_saying(&claimed, "return", "The address is not ours.");
    let (draft, _) = costs(&stage, "return", 6.0, returned).await;
    let ready = maker.act(&draft, "submit").await;
    let claimed = checker.act(&ready, "claim").await;
    let (sent, units) = costs(&stage, "confirm", 9.0, checker.act(&claimed, "confirm")).await;
    lifecycle += units;
    let (processing, units) = costs(&stage, "claim, by an officer", 6.0, officer.act(&sent, "claim")).await;
    lifecycle += units;
    let (_, units) = costs(&stage, "complete", 10.0, officer.act(&processing, "complete")).await;
    lifecycle += units;
    assert!(lifecycle <= 48.0, "from a draft to the register: {lifecycle}");
    let twin = stage.request(&form, StateName::Draft).await;
    costs(&stage, "discard", 5.0, maker.act(&twin, "discard")).await;
    checked_twice(&stage).await;
    stage.strike().await;
}

/// A second check costs a claim and a confirmation that stays on the company's desk.
async fn checked_twice(stage: &Stage) {
    let profile = ("COMPANY#abc".to_owned(), "PROFILE".to_owned());
    let two = AttributeValue::N("2".to_owned());
    stage.world.edit(profile, "checkers", two).await;
    let second = stage.world.sign_in("checker2@abc.example").await;
    let draft = stage.request(&form_for(2), StateName::Draft).await;
    let submit = stage.maker.act(&draft, "submit");
    let (ready, _) = costs(stage, "submit for two checkers", 10.0, submit).await;
    let claim = stage.checker.act(&ready, "claim");
    let (claimed, _) = costs(stage, "claim, by the first checker", 6.0, claim).await;
    let confirm = stage.checker.act(&claimed, "confirm");
    let (checked, units) = costs(stage, "confirm, as the first of two", 9.0, confirm).await;
    assert_eq!(checked["status"], "Checked once");
    println!("confirm, as the first of two: {units}");
    let claimed = second.act(&checked, "claim");
    let (claimed, units) = costs(stage, "claim, by the second checker", 7.0, claimed).await;
    println!("claim, by the second checker: {units}");
    let (sent, _) = costs(
        stage,
        "confirm, as the second",
        9.0,
        second.act(&claimed, "confirm"),
    )
    .await;
    assert_eq!(sent["state"], "Sent");
}

/// The functions' lines in the log have the units that DynamoDB reports, so each call has to ask for them.
#[tokio::test(flavor = "multi_thread")]
async fn every_call_of_the_table_asks_what_it_consumes() {
    let stage = Stage::set().await;
    stage.wire.take();
    stage.request(&guideline_form(), StateName::Completed).await;
    stage.maker.get("/requests").await;
    stage.world.local.settle().await;
    let calls = stage.wire.take();
    let silent = calls
        .iter()
        .filter(|call| call.request["ReturnConsumedCapacity"] != "TOTAL");
    let silent: BTreeSet<(&str, &str)> = silent
        .map(|call| (call.function.as_str(), call.operation.as_str()))
        .collect();
    assert_eq!(silent, BTreeSet::new());
    let asked: BTreeSet<&str> = calls.iter().map(|call| call.operation.as_str()).collect();
    for operation in [
        "BatchGetItem",
        "GetItem",
        "Query",
        "TransactWriteItems",
        "UpdateItem",
    ] {
        assert!(asked.contains(operation), "{operation}: {asked:?}");
    }
    stage.strike().await;
}

/// What the store's client counts is what the wire saw, also of pieces of work side by side.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_counted_of_the_table_is_what_the_wire_saw() {
    let stage = Stage::set().await;
    stage.request(&guideline_form(), StateName::ReadyToSend).await;
    stage.world.local.settle().await;
    let app = app_over(stage.wire.url(), &stage.world, stage.world.local.clock().clone());
    let company = CompanyId::parse("abc").unwrap();
    let people = telemetry::measure(app.store().people(&company));
    let twice = telemetry::measure(async {
        let (first, second) = tokio::join!(app.store().company(&company), app.store().company(&company));
        first.is_ok() && second.is_ok()
    });
    let both = telemetry::measure(async { tokio::join!(people, twice) });
    let ((((people, once), (is_there, twice)), all), calls) = stage.wire.during(both).await;
    assert!(people.is_ok() && is_there);
    let units: Option<f64> = calls
        .iter()
        .map(|call| call.response["ConsumedCapacity"]["CapacityUnits"].as_f64())
        .sum();
    assert_eq!((once.calls, twice.calls, all.calls), (1, 2, 3));
    assert_eq!(Some(all.read_units), units);
    assert_eq!(Some(once.read_units + twice.read_units), units);
    assert!(once.read_units > 0.0 && twice.read_units > 0.0 && all.write_units == 0.0);
    stage.strike().await;
}
