//! The write units of each command, as the engine counts them, for the guideline's form with one row. The figures are
//! the same in every run, so each command has its own limit.

use countersign_domain::request::StateName;
use countersign_tests::stage::Stage;
use countersign_tests::wire::RoundTrip;
use countersign_tests::{Reply, guideline_form};
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
    stage.strike().await;
}
