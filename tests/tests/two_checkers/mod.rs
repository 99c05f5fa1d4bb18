//! Where a company asks for two checkers, two people check a request before it goes to the exchange.

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::request::StateName;
use countersign_tests::cast::{Cast, MESSAGE, assert_unbroken};
use countersign_tests::{Reply, World, form_for};
use serde_json::json;

mod mail;
mod page;

const CHECKED_ONCE: &str = "Checked once";
const READY: &str = "Ready to Send to HKEX";

/// A world in which ABC Company asks for two checkers.
async fn of_two() -> (World, Cast) {
    let world = World::start().await;
    ask_for(&world, 2).await;
    let cast = Cast::sign_in(&world).await;
    (world, cast)
}

/// Lets ABC Company ask for this many checkers.
async fn ask_for(world: &World, checkers: u8) {
    let profile = ("COMPANY#abc".to_owned(), "PROFILE".to_owned());
    let checkers = AttributeValue::N(checkers.to_string());
    world.edit(profile, "checkers", checkers).await;
}

/// A request that the first checker has confirmed.
async fn checked_once(cast: &Cast) -> Reply {
    let claimed = cast.request_in(StateName::Claimed, 1).await;
    cast.checker.act(&claimed, "confirm").await.expect(200)
}

/// The same after the second checker has claimed it.
async fn claimed_last(cast: &Cast) -> Reply {
    let checked = checked_once(cast).await;
    cast.checker2.act(&checked, "claim").await.expect(200)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_confirmation_puts_it_back_on_the_desk_and_another_persons_sends_it() {
    let (world, cast) = of_two().await;
    let checked = checked_once(&cast).await;
    assert_eq!(
        (&checked["state"], &checked["status"]),
        (&json!("ReadyToSend"), &json!(CHECKED_ONCE))
    );
    let shown = cast.maker.read(&checked.id()).await;
    assert_eq!(shown["status"], CHECKED_ONCE);
    assert_eq!(shown["checksNeeded"], 2);
    assert_eq!(shown["firstCheck"]["name"], "D Wong");
    assert!(shown.body.get("confirmed").is_none(), "{}", shown.body);
    // It stays on the company's desk, and keeps its place there.
    let tasks = cast.checker2.get("/tasks").await.expect(200);
    assert_eq!(tasks["items"][0]["jobStatus"], CHECKED_ONCE);
    assert_eq!(tasks["items"][0]["waitingSince"], shown["submittedAt"]);
    let desk = cast.officer.get("/tasks").await.expect(200);
    assert_eq!(desk["items"], json!([]));

    let claimed = cast.checker2.act(&checked, "claim").await.expect(200);
    let sent = cast.checker2.act(&claimed, "confirm").await.expect(200);
    assert_eq!(sent["state"], "Sent");
    let shown = cast.officer.read(&sent.id()).await;
    assert_eq!(shown["firstCheck"]["name"], "D Wong");
    assert_eq!(shown["confirmed"]["name"], "C Two");
    let history = shown["history"].as_array().unwrap();
    let steps: Vec<_> = history
        .iter()
        .map(|row| (&row["action"], &row["status"]))
        .collect();
    assert_eq!(
        steps[3..],
        [
            (&json!("confirm"), &json!(CHECKED_ONCE)),
            (&json!("claim"), &claimed["status"]),
            (&json!("confirm"), &json!("Sent to HKEX")),
        ]
    );
    assert_unbroken(&shown);
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_the_first_checker_nor_the_maker_can_be_the_second() {
    let (world, cast) = of_two().await;
    let checked = checked_once(&cast).await;
    let refused = cast.checker.act(&checked, "claim").await;
    let refused = refused.refused(403, "checked-first");
    assert!(refused["detail"].as_str().unwrap().contains("another person"));
    let _ = cast
        .maker
        .act(&checked, "claim")
        .await
        .refused(403, "own-request");
    let shown = cast.checker.read(&checked.id()).await;
    assert_eq!(shown["allowedActions"], json!(["clone"]));
    // Even a claim that came about in another way would not let them.
    for (attribute, value) in [
        ("state", "Claimed"),
        ("holder", person_of("checker@abc.example")),
        ("holder_name", "D Wong"),
        ("holder_since", "2023-02-07T02:46:00.000Z"),
    ] {
        let head = (format!("REQ#{}", checked.id()), "HEAD".to_owned());
        world
            .edit(head, attribute, AttributeValue::S(value.to_owned()))
            .await;
    }
    let held = cast.checker.read(&checked.id()).await;
    assert_eq!(held["holder"]["name"], "D Wong");
    let _ = cast
        .checker
        .act(&held, "confirm")
        .await
        .refused(403, "checked-first");
    world.local.stop().await;
}

fn person_of(user: &str) -> &'static str {
    let mut people = countersign_local::demonstration::PEOPLE.iter();
    people.find(|person| person.user == user).unwrap().id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_with_one_other_checker_is_told_that_two_have_to_check() {
    let (world, cast) = of_two().await;
    let draft = cast.request_in(StateName::Draft, 1).await;
    let none = AttributeValue::Ss(vec!["none".to_owned()]);
    world.edit_person("checker2@abc.example", "rights", none).await;
    let refused = cast.maker.act(&draft, "submit").await;
    let refused = refused.refused(409, "no-other-checker");
    let detail = refused["detail"].as_str().unwrap();
    assert!(detail.starts_with("Two other people"), "{detail}");
    // One would do if the company asked for one.
    ask_for(&world, 1).await;
    let ready = cast.maker.act(&draft, "submit").await.expect(200);
    assert_eq!(ready["status"], READY);
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn how_many_check_it_is_settled_when_it_is_submitted() {
    let (world, cast) = of_two().await;
    let of_two = cast.request_in(StateName::Claimed, 1).await;
    ask_for(&world, 1).await;
    let of_one = cast.request_in(StateName::Claimed, 2).await;
    ask_for(&world, 2).await;
    let sent = cast.checker.act(&of_one, "confirm").await.expect(200);
    assert_eq!(sent["state"], "Sent");
    assert_eq!(cast.maker.read(&sent.id()).await["checksNeeded"], 1);
    ask_for(&world, 1).await;
    let checked = cast.checker.act(&of_two, "confirm").await.expect(200);
    assert_eq!(checked["status"], CHECKED_ONCE);
    // A draft that comes back is settled anew.
    let draft = cast.maker.act(&checked, "reclaim").await.expect(200);
    assert_eq!(cast.maker.read(&draft.id()).await["checksNeeded"], 1);
    let ready = cast.maker.act(&draft, "submit").await.expect(200);
    let claimed = cast.checker.act(&ready, "claim").await.expect(200);
    let sent = cast.checker.act(&claimed, "confirm").await.expect(200);
    assert_eq!(sent["state"], "Sent");
    world.local.stop().await;
}

/// Checks that a draft has to be checked twice again, also by whoever was first.
async fn hold_void(cast: &Cast, draft: &Reply) {
    assert_eq!(draft["state"], "Draft");
    let shown = cast.maker.read(&draft.id()).await;
    assert!(shown.body.get("firstCheck").is_none(), "{}", shown.body);
    let ready = cast.maker.act(draft, "submit").await.expect(200);
    assert_eq!(ready["status"], READY);
    let claimed = cast.checker.act(&ready, "claim").await.expect(200);
    let checked = cast.checker.act(&claimed, "confirm").await.expect(200);
    assert_eq!(checked["status"], CHECKED_ONCE);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_return_voids_the_first_check_whoever_returns_it() {
    let (world, cast) = of_two().await;
    let claimed = claimed_last(&cast).await;
    let draft = cast.checker2.act_saying(&claimed, "return", MESSAGE).await;
    hold_void(&cast, &draft.expect(200)).await;

    let claimed = cast.request_in(StateName::Claimed, 2).await;
    let checked = cast.checker.act(&claimed, "confirm").await.expect(200);
    let claimed = cast.checker2.act(&checked, "claim").await.expect(200);
    let sent = cast.checker2.act(&claimed, "confirm").await.expect(200);
    let claimed = cast.officer.act(&sent, "claim").await.expect(200);
    let draft = cast.officer.act_saying(&claimed, "return", MESSAGE).await;
    hold_void(&cast, &draft.expect(200)).await;
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_maker_takes_it_back_after_the_first_check_and_that_is_void() {
    let (world, cast) = of_two().await;
    let checked = checked_once(&cast).await;
    let draft = cast.maker.act(&checked, "reclaim").await.expect(200);
    hold_void(&cast, &draft).await;
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_and_the_end_of_a_claim_keep_the_first_check() {
    let (world, cast) = of_two().await;
    let claimed = claimed_last(&cast).await;
    let released = cast.checker2.act(&claimed, "release").await.expect(200);
    assert_eq!(released["status"], CHECKED_ONCE);
    let claimed = cast.checker2.act(&released, "claim").await.expect(200);
    world.at("2023-02-08T12:00:00+08:00");
    let run = world.local.run_schedule("claim-leases").await;
    assert!(run.is_ok(), "{run:?}");
    let cast = Cast::sign_in(&world).await;
    let ended = cast.maker.read(&claimed.id()).await;
    assert_eq!(
        (&ended["status"], &ended["firstCheck"]["name"]),
        (&json!(CHECKED_ONCE), &json!("D Wong"))
    );
    let _ = cast
        .checker
        .act(&ended, "claim")
        .await
        .refused(403, "checked-first");
    let claimed = cast.checker2.act(&ended, "claim").await.expect(200);
    let sent = cast.checker2.act(&claimed, "confirm").await.expect(200);
    assert_eq!(sent["state"], "Sent");
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_second_checker_takes_back_from_the_exchange_was_checked_once() {
    let (world, cast) = of_two().await;
    let claimed = claimed_last(&cast).await;
    let sent = cast.checker2.act(&claimed, "confirm").await.expect(200);
    let _ = cast
        .checker
        .act(&sent, "reclaim")
        .await
        .refused(403, "not-its-confirmer");
    let claimed = cast.checker2.act(&sent, "reclaim").await.expect(200);
    let shown = cast.maker.read(&claimed.id()).await;
    assert_eq!(
        (&shown["state"], &shown["firstCheck"]["name"]),
        (&json!("Claimed"), &json!("D Wong"))
    );
    let sent = cast.checker2.act(&claimed, "confirm").await.expect(200);
    assert_eq!(sent["state"], "Sent");
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clone_of_what_was_checked_once_can_be_checked_by_its_first_checker() {
    let (world, cast) = of_two().await;
    let checked = checked_once(&cast).await;
    let clone = cast.maker.act(&checked, "clone").await.expect(201);
    let saved = cast.maker.action(&clone.id(), "save").if_match(&clone.etag());
    let saved = saved.json(&form_for(2)).send().await.expect(200);
    hold_void(&cast, &saved).await;
    world.local.stop().await;
}
