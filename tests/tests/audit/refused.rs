//! Attempts that were refused.

use super::*;

/// The start of a stored instant: the test's clock runs on from the time that was set.
fn second(entry: &Value, name: &str) -> String {
    entry[name].as_str().unwrap()[..19].to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_that_was_refused_is_on_record_once_however_often_it_was_made() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let ready = cast.request_in(StateName::ReadyToSend, 1).await;
    for minute in 44..=46 {
        world.at(&format!("2023-02-07T10:{minute}:00+08:00"));
        let refused = cast.maker.act_saying(&ready, "claim", MESSAGE).await;
        assert_eq!(refused.problem(), "own-request");
    }
    let refused = cast.checker.act(&ready, "confirm").await;
    assert_eq!(refused.problem(), "not-possible");
    let whole = cast.checker2.read(&ready.id()).await;
    let attempts = whole["refusedAttempts"].as_array().unwrap();
    assert_eq!(attempts.len(), 2, "{attempts:?}");
    let own = attempts.iter().find(|attempt| attempt["action"] == "claim");
    let own = own.unwrap();
    assert_eq!(own["actor"], json!({"name": "A Maker"}));
    assert_eq!(
        (&own["reason"], &own["times"]),
        (&json!("own-request"), &json!(3))
    );
    assert_eq!(second(own, "first"), "2023-02-07T02:44:00");
    assert_eq!(second(own, "last"), "2023-02-07T02:46:00");
    // It changed nothing: neither the version nor the chain.
    assert_eq!(whole["version"], ready["version"]);
    assert_eq!(whole["history"].as_array().unwrap().len(), 2);
    assert_eq!(whole.etag(), ready.etag());
    let entries = audit(&cast.checker, "?kind=refused").await;
    assert_eq!(entries.len(), 2);
    assert!(entries.iter().all(|entry| entry["hash"] == ""));
    let text = format!("{entries:?}");
    assert!(!text.contains(MESSAGE), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_leaves_an_attempt_on_a_request_that_they_may_not_see() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let ready = cast.request_in(StateName::ReadyToSend, 1).await;
    for user in [&cast.stranger, &cast.officer] {
        assert_eq!(user.act(&ready, "claim").await.status, 404);
    }
    let whole = cast.maker.read(&ready.id()).await;
    assert_eq!(whole.body.get("refusedAttempts"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_not_filled_in_right_is_no_attempt_and_a_missing_message_is() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let mut form = form_for(1);
    form["declaration"] = json!(false);
    let draft = cast.maker.create(&form).await.expect(201);
    assert_eq!(cast.maker.act(&draft, "submit").await.status, 422);
    let claimed = cast.request_in(StateName::Claimed, 2).await;
    assert_eq!(cast.checker.act(&claimed, "return").await.status, 422);
    let entries = audit(&cast.maker, "?kind=refused").await;
    assert_eq!(members(&entries, "reason"), ["message-missing"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_companys_people_could_not_do_is_not_told_to_the_exchange() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let ready = cast.request_in(StateName::ReadyToSend, 1).await;
    assert_eq!(cast.maker.act(&ready, "claim").await.status, 403);
    let claimed = cast.checker.act(&ready, "claim").await.expect(200);
    let sent = cast.checker.act(&claimed, "confirm").await.expect(200);
    assert_eq!(
        cast.officer.act(&sent, "complete").await.problem(),
        "not-possible"
    );
    let reference = format!("?kind=refused&reference={}", sent["reference"].as_str().unwrap());
    let entries = audit(&cast.officer2, &reference).await;
    assert_eq!(members(&entries, "action"), ["complete"]);
    let entries = audit(&cast.maker, &reference).await;
    assert_eq!(members(&entries, "action"), ["complete", "claim"]);
    let whole = cast.officer.read(&sent.id()).await;
    assert_eq!(whole["refusedAttempts"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_printed_record_has_the_attempts_apart_from_the_history() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let ready = cast.request_in(StateName::ReadyToSend, 1).await;
    let path = format!("/portal/requests/{}/record", ready.id());
    let browser = world.browser("maker@abc.example").await;
    assert!(!browser.get(&path).await.expect(200).shows("Refused attempts"));
    assert_eq!(cast.maker.act(&ready, "claim").await.status, 403);
    let page = browser.get(&path).await.expect(200);
    assert!(page.shows("Refused attempts") && page.shows("made or edited it"));
    let page = browser.with_cookie("language=zh-Hant-HK").get(&path).await;
    assert!(page.expect(200).shows("曾填報或修改此申請"));
}
