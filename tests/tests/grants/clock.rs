//! Walks through what happens because time passes.

use countersign_domain::request::StateName;
use countersign_tests::stage::{Stage, form_with};
use serde_json::{Value, json};

/// Runs every job. The jobs move the clock past the end of all sessions, so they come last.
pub(crate) async fn walk(stage: &Stage) {
    reminders(stage).await;
    claim_leases(stage).await;
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
}
