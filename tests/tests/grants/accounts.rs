//! Walks through what becomes of accounts.

use std::collections::HashMap;

use countersign_tests::post::text;
use countersign_tests::stage::Stage;
use countersign_tests::{form_for, seed, systems};
use serde_json::json;

/// Has the function look at every company, among them one with somebody who has the address of a colleague. The address is
/// somebody else's, so one account stays behind.
pub(crate) async fn walk(stage: &Stage) {
    let entry = [
        ("pk", "COMPANY#solo"),
        ("sk", "PERSON#another-person"),
        ("name", "S Other"),
        ("email", "only@solo.example"),
    ];
    let entry = entry.map(|(name, value)| (name.to_owned(), text(value)));
    seed::items(&stage.world, vec![HashMap::from(entry)]).await;
    let event = json!({"job": "accounts", "scheduled": "2023-02-07T03:00:00Z"});
    let looked = stage.world.local.invoke("provision", event).await.unwrap();
    assert_eq!(looked["waiting"], 1, "{looked}");
    let entry = ("COMPANY#solo".to_owned(), "PERSON#another-person".to_owned());
    stage.world.take_out(entry).await;
}

/// Has a company's own system do all that it may.
pub(crate) async fn systems(stage: &Stage) {
    let (world, maker, checker) = (&stage.world, &stage.maker, &stage.checker);
    let (id, _, system) = systems::system(world, maker, checker, "ABC Registrar").await;
    let draft = system.create(&form_for(7)).await.expect(201);
    let ready = system.act(&draft, "submit").await.expect(200);
    let draft = system.act(&ready, "reclaim").await.expect(200);
    let whole = system.get(&format!("/requests/{}", draft.id())).await;
    assert_eq!(whole.status, 200, "{}", whole.body);
    let removal = systems::removing(&id);
    systems::manage(world, maker, checker, &removal).await;
}
