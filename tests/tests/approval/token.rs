//! What a token is good for, for how long, and for whom.

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_tests::post::text;
use countersign_tests::reply::Letter;
use countersign_tests::{World, form_for, guideline_form};
use serde_json::{Value, json};

use super::{CHECKER, MAKER, Waiting, to};

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_for_one_request() {
    let waiting = Waiting::set().await;
    waiting.cast.maker.submit(&form_for(2)).await;
    waiting.world.local.settle().await;
    let other = Letter::of(CHECKER, &waiting.mail, "CONFIRM DA3_00013362");
    assert_eq!(waiting.refused("the other's reference", &other).await, [CHECKER]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_for_one_version() {
    let waiting = Waiting::set().await;
    let draft = waiting
        .cast
        .maker
        .act(&waiting.ready, "reclaim")
        .await
        .expect(200);
    let again = waiting.cast.maker.act(&draft, "submit").await.expect(200);
    assert_eq!(again["state"], "ReadyToSend");
    waiting.world.local.settle().await;
    assert_eq!(
        waiting.refused("an earlier version", &waiting.confirms()).await,
        [CHECKER]
    );
}

/// A request that is submitted before a weekend, on Friday, 10-Feb-2023, at 10:43.
async fn on_friday() -> Waiting {
    let world = World::start().await;
    world.at("2023-02-10T10:43:00+08:00");
    Waiting::within(world).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_weekend_takes_nothing_from_the_three_working_days_of_a_token() {
    let waiting = on_friday().await.at("2023-02-15T10:42:00+08:00").await;
    let shown = waiting.mail.message.text.as_deref().unwrap();
    assert!(shown.contains("15-Feb-2023 10:43 HKT"), "{shown}");
    waiting.answered(&waiting.confirms()).await;
    assert_eq!(waiting.now().await["state"], "Sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_ends_after_three_working_days() {
    let waiting = on_friday().await.at("2023-02-15T10:43:01+08:00").await;
    assert_eq!(waiting.refused("too late", &waiting.confirms()).await, [CHECKER]);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_deadline_nobody_is_asked_to_reply() {
    let world = World::start().await;
    world.at("2023-04-29T00:00:00+08:00");
    let maker = world.sign_in(MAKER).await;
    maker.submit(&guideline_form()).await;
    let mails = world.mails_since(0).await;
    assert_eq!(to(&mails, CHECKER).message.reply_to, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_that_is_withdrawn_or_a_switch_that_is_off_ends_it() {
    let waiting = Waiting::set().await;
    let world = &waiting.world;
    let off = AttributeValue::Bool(false);
    world.edit_person(CHECKER, "approves_by_mail", off.clone()).await;
    assert_eq!(
        waiting.refused("own switch", &waiting.confirms()).await,
        [CHECKER]
    );
    world
        .edit_person(CHECKER, "approves_by_mail", AttributeValue::Bool(true))
        .await;
    let company = || ("COMPANY#abc".to_owned(), "PROFILE".to_owned());
    world.edit(company(), "approves_by_mail", off).await;
    assert_eq!(
        waiting.refused("the company's switch", &waiting.confirms()).await,
        [CHECKER]
    );
    world
        .edit(company(), "approves_by_mail", AttributeValue::Bool(true))
        .await;
    let none = AttributeValue::Ss(vec!["Nothing".to_owned()]);
    world.edit_person(CHECKER, "rights", none).await;
    assert_eq!(waiting.refused("right", &waiting.confirms()).await, [CHECKER]);
    // Their old address may belong to somebody else now.
    world
        .edit_person(CHECKER, "email", text("d.wong@abc.example"))
        .await;
    assert_eq!(waiting.refused("address", &waiting.confirms()).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_that_did_not_ask_for_it_is_never_asked_to_reply() {
    let world = World::start().await;
    let maker = world.sign_in("maker@bank.example").await;
    let mut form = guideline_form();
    form["participantship"] = json!({"kind": "HKSCC Designated Bank", "id": "BNK109"});
    form["changes"] = json!([{"userId": "BNK109X1", "email": "a@bank.example"}]);
    maker.submit(&form).await;
    let mails = world.mails_since(0).await;
    let mail = &to(&mails, "checker@bank.example").message;
    assert_eq!(mail.reply_to, [""; 0]);
    assert!(!mail.text.as_deref().unwrap().contains("CONFIRM"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_table_holds_no_token_that_could_be_used_and_a_record_of_each_mail() {
    let waiting = Waiting::set().await;
    let address = &waiting.mail.message.reply_to[0];
    let token = address.split(['+', '@']).nth(1).unwrap();
    waiting
        .refused("chatter", &Letter::of(CHECKER, &waiting.mail, "Hello?"))
        .await;
    waiting.world.arrives(&waiting.confirms()).await;
    let items = waiting
        .world
        .local
        .dynamodb()
        .scan()
        .table_name(waiting.world.local.table_name())
        .send()
        .await
        .unwrap();
    let mut results: Vec<String> = Vec::new();
    for item in items.items() {
        assert!(!format!("{item:?}").contains(token), "{item:?}");
        if item["sk"].as_s().unwrap().starts_with("RECEIVED#") {
            results.push(item["result"].as_s().unwrap().clone());
        }
    }
    results.sort();
    assert_eq!(results, ["not-understood", "taken"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn people_turn_it_off_for_themselves_in_the_portal() {
    let waiting = Waiting::set().await;
    let browser = waiting.world.browser(CHECKER).await;
    let profile = browser.get("/portal/profile").await.expect(200);
    let chosen = "aria-describedby=\"replies-hint\" checked";
    assert!(profile.shows(chosen), "{}", profile.body);
    let choices = [("language", "en"), ("progress", "at-once"), ("reminders", "on")];
    assert!(!browser.submit("/portal/profile", &choices).await.shows(chosen));
    assert_eq!(
        waiting.refused("switched off", &waiting.confirms()).await,
        [CHECKER]
    );
    let none: Value = json!(null);
    assert_eq!(waiting.now().await["holder"], none);
}
