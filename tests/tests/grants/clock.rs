//! Walks through what happens because time passes.

use countersign_domain::request::StateName;
use countersign_tests::cast::Cast;
use countersign_tests::guideline_form;
use countersign_tests::post::text;
use countersign_tests::seed;
use countersign_tests::stage::{Stage, form_with};
use serde_json::{Value, json};

/// Runs every job. The jobs move the clock past the end of all sessions, so they come last.
pub(crate) async fn walk(stage: &Stage) {
    reminders(stage).await;
    claim_leases(stage).await;
    deletions(stage).await;
}

async fn job(stage: &Stage, event: Value) -> Value {
    let Ok(answer) = stage.world.local.invoke("remind", event).await else {
        unreachable!("every job has done what it could");
    };
    stage.world.local.settle().await;
    answer
}

/// Writes the digests of a day on which everyone is reminded.
async fn reminders(stage: &Stage) {
    let event = json!({"job": "reminders", "scheduled": "2023-04-25T01:00:00Z"});
    let told = job(stage, event).await;
    assert_ne!(told["digests"], 0, "{told}");
}

/// Warns of a claim's end, and then ends it.
async fn claim_leases(stage: &Stage) {
    stage.request(&form_with(200, 1), StateName::Claimed).await;
    for (at, key) in [
        ("2023-02-07T17:50:00+08:00", "warned"),
        ("2023-02-08T10:00:00+08:00", "released"),
    ] {
        stage.world.at(at);
        let event = json!({"job": "claim-leases", "scheduled": at});
        let done = job(stage, event).await;
        assert_ne!(done[key], 0, "{done}");
    }
    let cast = Cast::sign_in(&stage.world).await;
    let form = form_with(201, 1);
    seed::administrators_of(&stage.world, &form).await;
    let draft = cast.maker.create(&form).await.expect(201);
    cast.bring(draft, StateName::Claimed).await;
    for (attribute, day) in [("away_from", "2023-02-08"), ("away_until", "2023-02-09")] {
        let (user, day) = ("checker@abc.example", text(day));
        stage.world.edit_person(user, attribute, day).await;
    }
    let event = json!({"job": "claim-leases", "scheduled": "2023-02-08T10:00:00+08:00"});
    assert_eq!(job(stage, event).await["released"], 1);
}

/// Takes administrators out of the register, which a request may ask for once the parallel run has started: one is
/// completed through the API, one in the portal.
async fn deletions(stage: &Stage) {
    stage.world.at("2023-05-15T09:00:00+08:00");
    let cast = Cast::sign_in(&stage.world).await;
    let mut ready = Vec::new();
    for user_id in ["B01234X1", "B01234X2"] {
        let mut form = guideline_form();
        form.as_object_mut().map(|form| form.remove("changes"));
        form["maintenanceRequest"] = json!("Delete");
        form["deletions"] = json!([{ "userId": user_id }]);
        let draft = cast.maker.create(&form).await.expect(201);
        ready.push(cast.bring(draft, StateName::Processing).await);
    }
    let [by_api, by_page] = ready.as_slice() else {
        unreachable!("two were made ready");
    };
    let completed = cast.officer.act(by_api, "complete").await.expect(200);
    assert_eq!(completed["state"], "Completed");
    let officer = stage.world.browser("officer@exchange.example").await;
    let page = officer.get(&format!("/portal/requests/{}", by_page.id())).await;
    let page = officer.take(&page, "complete", "").await;
    assert!(page.shows("Completed"));
}
