//! What a request's colleagues hear: the other checkers that somebody has decided, and everyone with the right that a
//! request came back whose maker has left.

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::request::StateName;
use countersign_tests::cast::{Cast, MESSAGE};
use countersign_tests::post::told;
use countersign_tests::reply::Letter;
use countersign_tests::{World, guideline_form};
use serde_json::json;

const CHECKER: &str = "checker@abc.example";
const CHECKER2: &str = "checker2@abc.example";
const MAKER: &str = "maker@abc.example";
const CONFIRMED: &str = "confirmed, nothing to check";
const RETURNED: &str = "returned, nothing to check";
const MAKERLESS: &str = "returned, and its maker is not there";

/// What each person was told since the first e-mails, without the reference.
async fn told_to(world: &World, address: &str, skip: usize) -> Vec<String> {
    let mails = world.mails_since(skip).await;
    let own = mails.iter().map(told).filter(|(to, _)| to == address);
    own.map(|(_, subject)| subject.split_once(": ").unwrap().1.to_owned())
        .collect()
}

async fn count(world: &World) -> usize {
    world.mails_since(0).await.len()
}

async fn withdraw_right(world: &World, user: &str) {
    let none = AttributeValue::Ss(vec!["Something".to_owned()]);
    world.edit_person(user, "rights", none).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_other_checker_hears_once_and_in_the_same_thread_that_somebody_confirmed() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let ready = cast.maker.submit(&guideline_form()).await;
    let before = count(&world).await;
    let claimed = cast.checker.act(&ready, "claim").await.expect(200);
    assert_eq!(count(&world).await, before, "a claim decides nothing");
    let sent = cast.checker.act(&claimed, "confirm").await.expect(200);
    assert_eq!(told_to(&world, CHECKER2, before).await, [CONFIRMED]);
    assert!(told_to(&world, CHECKER, before).await.is_empty());

    let mails = world.mails_since(0).await;
    let threads = mails
        .iter()
        .filter(|mail| mail.message.to == [CHECKER2])
        .map(|mail| {
            let headers = mail.message.headers.iter();
            let mut references = headers.filter(|header| header.name == "References");
            references.next().unwrap().value.clone()
        });
    let threads: Vec<_> = threads.collect();
    assert!(threads.len() == 2 && threads[0] == threads[1], "{threads:?}");

    // Taken back and given again: they have heard.
    let claimed = cast.checker.act(&sent, "reclaim").await.expect(200);
    let sent = cast.checker.act(&claimed, "confirm").await.expect(200);
    assert_eq!(told_to(&world, CHECKER2, before).await, [CONFIRMED]);
    // Taken back and returned: what they have heard is no longer so.
    let claimed = cast.checker.act(&sent, "reclaim").await.expect(200);
    let _ = cast
        .checker
        .act_saying(&claimed, "return", MESSAGE)
        .await
        .expect(200);
    assert_eq!(told_to(&world, CHECKER2, before).await, [CONFIRMED, RETURNED]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_other_checker_hears_that_somebody_decided_by_mail() {
    for (command, subject) in [("CONFIRM", CONFIRMED), ("RETURN", RETURNED)] {
        let world = World::start().await;
        let cast = Cast::sign_in(&world).await;
        let ready = cast.maker.submit(&guideline_form()).await;
        let mails = world.mails_since(0).await;
        let task = mails.iter().find(|mail| mail.message.to == [CHECKER]).unwrap();
        let reference = ready["reference"].as_str().unwrap();
        let body = format!("{command} {reference} The address is not ours.");
        let body = if command == "CONFIRM" {
            format!("CONFIRM {reference}")
        } else {
            body
        };
        world.arrives(&Letter::of(CHECKER, task, &body)).await;
        assert_eq!(told_to(&world, CHECKER2, mails.len()).await, [subject]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_those_hear_of_a_decision_who_were_asked_and_want_to() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let ready = cast.maker.submit(&guideline_form()).await;
    let before = count(&world).await;
    // Somebody who switched off what only informs hears nothing.
    world
        .edit_person(CHECKER2, "progress_mail", AttributeValue::Bool(false))
        .await;
    let claimed = cast.checker.act(&ready, "claim").await.expect(200);
    let returned = cast
        .checker
        .act_saying(&claimed, "return", MESSAGE)
        .await
        .expect(200);
    assert!(told_to(&world, CHECKER2, before).await.is_empty());

    // Somebody whose address bounced when it was submitted was not asked, so they hear nothing either.
    world
        .edit_person(CHECKER2, "progress_mail", AttributeValue::Bool(true))
        .await;
    let bounces = AttributeValue::S("bounce@abc.example".to_owned());
    world.edit_person(CHECKER2, "email", bounces).await;
    let ready = cast.maker.act(&returned, "submit").await.expect(200);
    world.local.settle().await;
    let claimed = cast.checker.act(&ready, "claim").await.expect(200);
    let sent = cast.checker.act(&claimed, "confirm").await.expect(200);
    world.local.settle().await;
    let shown = cast.maker.read(&sent.id()).await;
    let told = shown["undelivered"].as_array().unwrap();
    assert!(
        told.iter().all(|mail| mail["audience"] == json!("checkers")),
        "{told:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_comes_back_after_its_maker_has_left_is_told_to_their_colleagues() {
    // By the checker: the colleagues are the two checkers.
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let claimed = cast.request_in(StateName::Claimed, 1).await;
    let before = count(&world).await;
    withdraw_right(&world, MAKER).await;
    let _ = cast
        .checker
        .act_saying(&claimed, "return", MESSAGE)
        .await
        .expect(200);
    assert_eq!(told_to(&world, CHECKER, before).await, [MAKERLESS]);
    assert_eq!(
        told_to(&world, CHECKER2, before).await,
        [MAKERLESS],
        "and nothing besides"
    );

    // What the letter says can be done: a colleague clones it, and a third person confirms.
    let draft = cast
        .checker2
        .action(&claimed.id(), "clone")
        .send()
        .await
        .expect(201);
    let ready = cast.checker2.act(&draft, "submit").await;
    assert_eq!(
        ready.problem(),
        "invalid",
        "the declaration is to be confirmed again"
    );
    let save = cast.checker2.action(&draft.id(), "save").if_match(&draft.etag());
    let draft = save
        .json(&countersign_tests::form_for(1))
        .send()
        .await
        .expect(200);
    let ready = cast.checker2.act(&draft, "submit").await.expect(200);
    let _ = cast.checker.act(&ready, "claim").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_exchanges_return_and_one_by_mail_reach_the_colleagues_of_a_maker_who_has_left() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let processing = cast.request_in(StateName::Processing, 1).await;
    let ready = cast.request_in(StateName::ReadyToSend, 2).await;
    let mails = world.mails_since(0).await;
    let before = mails.len();
    withdraw_right(&world, MAKER).await;
    let _ = cast
        .officer
        .act_saying(&processing, "return", MESSAGE)
        .await
        .expect(200);
    assert_eq!(told_to(&world, CHECKER, before).await, [MAKERLESS]);
    assert_eq!(told_to(&world, CHECKER2, before).await, [MAKERLESS]);

    let before = count(&world).await;
    let reference = ready["reference"].as_str().unwrap();
    let is_task = |subject: &str| subject.starts_with(reference) && subject.contains("to check");
    let task = mails
        .iter()
        .find(|mail| mail.message.to == [CHECKER] && is_task(&mail.message.subject))
        .unwrap();
    let reply = format!("RETURN {reference} The address is not ours.");
    world.arrives(&Letter::of(CHECKER, task, &reply)).await;
    assert_eq!(
        told_to(&world, CHECKER, before).await,
        ["you returned it by e-mail"]
    );
    assert_eq!(told_to(&world, CHECKER2, before).await, [MAKERLESS]);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_its_maker_is_there_a_returned_request_is_the_makers_alone() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let claimed = cast.request_in(StateName::Claimed, 1).await;
    let before = count(&world).await;
    let _ = cast
        .checker
        .act_saying(&claimed, "return", MESSAGE)
        .await
        .expect(200);
    assert_eq!(told_to(&world, MAKER, before).await, ["returned to you"]);
    assert_eq!(told_to(&world, CHECKER2, before).await, [RETURNED]);
    assert!(told_to(&world, CHECKER, before).await.is_empty());
}
