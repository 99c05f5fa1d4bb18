//! Walks through what can happen to an e-mail: it is sent, bounces, is suppressed, or leaves nobody to notify.

use countersign_tests::form_for;
use countersign_tests::post::text;
use countersign_tests::reply::Letter;
use countersign_tests::stage::Stage;
use serde_json::json;

/// Walks through everything that can happen to an e-mail. This breaks the addresses of the company's checkers, so it
/// comes last.
pub(crate) async fn walk(stage: &Stage) {
    let world = &stage.world;
    approvals(stage).await;
    told_late(stage).await;
    for (number, user) in ["checker@abc.example", "checker2@abc.example"].iter().enumerate() {
        let bounces = format!("bounce+{number}@abc.example");
        world.edit_person(user, "email", text(&bounces)).await;
    }
    for number in [8, 9] {
        stage.maker.submit(&form_for(number)).await;
        world.local.settle().await;
    }
    let last = world.local.mailbox();
    let to_maker = last
        .iter()
        .take_while(|mail| mail.message.to == ["maker@abc.example"]);
    assert_eq!(
        to_maker.count(),
        2,
        "the maker is told of each that nobody heard of"
    );
    reminders(stage).await;
}

/// Sends three reminders: one arrives, one bounces, and one is suppressed, because the checkers' addresses are broken
/// by now.
async fn reminders(stage: &Stage) {
    let world = &stage.world;
    world
        .edit_person("norights@abc.example", "email", text("bounce+2@abc.example"))
        .await;
    let before = world.local.mailbox().len();
    let event = json!({"job": "reminders", "scheduled": "2023-04-27T01:00:00Z"});
    let done = world.local.invoke("remind", event).await;
    assert!(done.is_ok_and(|done| done["digests"] != 0));
    let told = world.told_since(before).await;
    for to in ["maker@abc.example", "bounce+2@abc.example", "only@solo.example"] {
        assert!(told.iter().any(|(told, _)| told == to), "{to}: {told:?}");
    }
    assert!(told.iter().all(|(told, _)| told != "bounce+0@abc.example"));
}

/// Sends a reply that does nothing, and one that takes the step.
async fn approvals(stage: &Stage) {
    let world = &stage.world;
    let ready = stage.maker.submit(&form_for(7)).await;
    world.local.settle().await;
    let mails = world.local.mailbox();
    let mut to_checker = mails
        .iter()
        .filter(|mail| mail.message.to == ["checker@abc.example"]);
    // The mailbox is sorted newest first.
    let Some(mail) = to_checker.next() else {
        unreachable!("the checker was told before");
    };
    let reference = ready["reference"].as_str().unwrap_or_default();
    for says in ["Hello?", &format!("CONFIRM {reference}")] {
        world
            .arrives(&Letter::of("checker@abc.example", mail, says))
            .await;
    }
    let sent = stage.maker.read(&ready.id()).await;
    assert_eq!(sent["state"], "Sent");
}

/// Announces a row after its form has been replaced.
async fn told_late(stage: &Stage) {
    let world = &stage.world;
    let ready = stage.maker.submit(&form_for(8)).await;
    let draft = stage.maker.act(&ready, "reclaim").await.expect(200);
    let mut form = form_for(8);
    form["remarks"] = json!("Another form.");
    let save = stage.maker.action(&draft.id(), "save").if_match(&draft.etag());
    let saved = save.json(&form).send().await.expect(200);
    world.local.settle().await;
    let row = world.row(&saved.id(), 2).await;
    let answer = world.local.invoke("notify", json!({"Records": [row]})).await;
    assert_eq!(answer.ok(), Some(json!({"batchItemFailures": []})));
}
