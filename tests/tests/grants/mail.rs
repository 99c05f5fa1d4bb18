//! Walks through what can happen to an e-mail: it is sent, bounces, is suppressed, or leaves nobody to notify.

use countersign_domain::request::StateName;
use countersign_tests::form_for;
use countersign_tests::post::text;
use countersign_tests::reply::Letter;
use countersign_tests::stage::{Stage, form_with};
use serde_json::json;

/// Walks through everything that can happen to an e-mail. This breaks the addresses of the company's checkers, so it
/// comes last.
pub(crate) async fn walk(stage: &Stage) {
    let world = &stage.world;
    approvals(stage).await;
    told_late(stage).await;
    bounced_registration(stage).await;
    days_news(stage).await;
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

/// Registers an address that bounces, lets mail out to it again, and registers it anew.
async fn bounced_registration(stage: &Stage) {
    let world = &stage.world;
    let mut form = form_with(210, 1);
    form["changes"][0]["email"] = json!("bounce@bank.example");
    stage.request(&form, StateName::Completed).await;
    world.local.settle().await;
    stage.request(&form, StateName::Completed).await;
    world.local.settle().await;
    let user_id = form["changes"][0]["userId"].as_str().unwrap_or_default();
    let fields = [("company", "abc"), ("participant", "B01234"), ("user", user_id)];
    let officer = world.browser("officer@exchange.example").await;
    let done = officer.submit("/portal/readiness", &fields).await;
    assert_eq!(done.status, 200);
}

/// Collects news for somebody, makes a digest of it, and sends that.
async fn days_news(stage: &Stage) {
    let world = &stage.world;
    world
        .edit_person("maker@abc.example", "progress_mail", text("daily"))
        .await;
    stage.request(&form_with(211, 1), StateName::Sent).await;
    world.local.settle().await;
    let event = json!({"job": "daily-digest", "scheduled": "2023-02-07T09:00:00Z"});
    let done = world.local.invoke("remind", event).await;
    assert!(done.is_ok_and(|done| done["digests"] == 1));
    world.local.settle().await;
    world
        .edit_person("maker@abc.example", "progress_mail", text("at-once"))
        .await;
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
