//! A person who wants what only informs once a day reads everything that happened in one e-mail, and nothing that asks for
//! something waits for it.

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::request::StateName;
use countersign_tests::World;
use countersign_tests::cast::{Cast, MESSAGE};
use countersign_tests::post::text;
use serde_json::{Value, json};

const MAKER: &str = "maker@abc.example";
const CHECKER2: &str = "checker2@abc.example";
const PROFILE: &str = "/portal/profile";

async fn choose(world: &World, user: &str, choice: &str) {
    let fields = [
        ("language", "en"),
        ("mail_language", ""),
        ("progress", choice),
        ("reminders", "on"),
        ("replies", "on"),
    ];
    let browser = world.browser(user).await;
    let page = browser.submit(PROFILE, &fields).await;
    let chosen = format!("id=\"progress-{choice}\" name=\"progress\" value=\"{choice}\" checked");
    assert!(page.shows(&chosen), "{}", page.body);
}

async fn run(world: &World, day: &str) -> Value {
    let event = json!({"job": "daily-digest", "scheduled": format!("{day}T09:00:00Z")});
    world.local.invoke("remind", event).await.unwrap()
}

async fn to(world: &World, address: &str) -> Vec<(String, String)> {
    let mails = world.mails_since(0).await;
    let own = mails.into_iter().filter(|mail| mail.message.to == [address]);
    own.map(|mail| (mail.message.subject, mail.message.text.unwrap_or_default()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_days_news_comes_as_one_mail_and_what_asks_for_something_comes_at_once() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    choose(&world, MAKER, "daily").await;
    // Returned: it asks the maker to correct something. Sent and completed: they only inform.
    let claimed = cast.request_in(StateName::Claimed, 1).await;
    let _ = cast
        .checker
        .act_saying(&claimed, "return", MESSAGE)
        .await
        .expect(200);
    let completed = cast.request_in(StateName::Completed, 2).await;
    let before = to(&world, MAKER).await;
    assert_eq!(before.len(), 1, "{before:?}");
    assert!(before[0].0.ends_with("returned to you"));
    let page = world.browser(MAKER).await;
    let page = page.get(&format!("/portal/requests/{}", completed.id())).await;
    assert!(
        page.shows("<bdi>A Maker</bdi> (in the day’s e-mail)"),
        "{}",
        page.body
    );

    let report = run(&world, "2023-02-07").await;
    assert_eq!(report["digests"], json!(1), "{report}");
    let mails = to(&world, MAKER).await;
    assert_eq!(mails.len(), 2, "{mails:?}");
    let (subject, body) = &mails[1];
    assert_eq!(subject, "07-Feb-2023: 2 updates on your requests");
    for part in [
        "sent to HKEX. D Wong",
        "completed. ",
        "DA3_00013362",
        &completed.id(),
    ] {
        assert!(body.contains(part), "{part}: {body}");
    }

    // Neither a second run nor the same record again sends any of it again, and a day without news has no mail.
    let row = world.row(&completed.id(), 4).await;
    world
        .local
        .invoke("notify", json!({ "Records": [row] }))
        .await
        .unwrap();
    for day in ["2023-02-07", "2023-02-08", "2023-02-09"] {
        assert_eq!(run(&world, day).await["digests"], json!(0), "{day}");
    }
    assert_eq!(to(&world, MAKER).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_choice_loses_nothing_and_a_holiday_waits_for_the_next_working_day() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    choose(&world, CHECKER2, "daily").await;
    let claimed = cast.request_in(StateName::Claimed, 1).await;
    let _ = cast.checker.act(&claimed, "confirm").await.expect(200);
    world.local.settle().await;
    choose(&world, CHECKER2, "never").await;
    let claimed = cast.request_in(StateName::Claimed, 2).await;
    let _ = cast.checker.act(&claimed, "confirm").await.expect(200);
    world.local.settle().await;
    choose(&world, CHECKER2, "at-once").await;
    let task_mails = to(&world, CHECKER2).await.len();

    // A Saturday, and Good Friday.
    for day in ["2023-02-11", "2023-04-07"] {
        let report = run(&world, day).await;
        assert_eq!((&report["companies"], &report["digests"]), (&json!(0), &json!(0)));
    }
    assert_eq!(run(&world, "2023-02-13").await["digests"], json!(1));
    let mails = to(&world, CHECKER2).await;
    assert_eq!(mails.len(), task_mails + 1);
    let (subject, body) = mails.last().unwrap();
    assert_eq!(subject, "13-Feb-2023: 1 update on your requests");
    assert!(body.contains("confirmed, nothing to check. D Wong"), "{body}");
    assert!(
        !body.contains("DA3_00013362"),
        "what was declined stays away: {body}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officers_news_is_collected_and_whoever_has_left_by_the_evening_gets_none() {
    let officer = "officer2@exchange.example";
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    choose(&world, officer, "daily").await;
    choose(&world, MAKER, "daily").await;
    let sent = cast.request_in(StateName::Sent, 1).await;
    let _ = cast.checker.act(&sent, "reclaim").await.expect(200);
    world.local.settle().await;
    let before = to(&world, officer).await.len();
    world
        .take_out((
            "COMPANY#abc".to_owned(),
            format!(
                "PERSON#{}",
                countersign_local::demonstration::PEOPLE
                    .iter()
                    .find(|person| person.user == MAKER)
                    .unwrap()
                    .id
            ),
        ))
        .await;
    assert_eq!(run(&world, "2023-02-07").await["digests"], json!(2));
    let mails = to(&world, officer).await;
    assert_eq!(mails.len(), before + 1);
    assert!(
        mails
            .last()
            .unwrap()
            .1
            .contains("withdrawn from the exchange desk")
    );
    assert!(to(&world, MAKER).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_choice_that_an_earlier_release_stored_counts_and_another_one_is_refused() {
    let world = World::start().await;
    world
        .edit_person(MAKER, "progress_mail", AttributeValue::Bool(false))
        .await;
    let maker = world.browser(MAKER).await;
    let page = maker.get(PROFILE).await;
    assert!(page.shows("value=\"never\" checked"), "{}", page.body);
    world
        .edit_person(MAKER, "progress_mail", AttributeValue::Bool(true))
        .await;
    assert!(maker.get(PROFILE).await.shows("value=\"at-once\" checked"));
    world.edit_person(MAKER, "progress_mail", text("daily")).await;
    assert!(maker.get(PROFILE).await.shows("value=\"daily\" checked"));
    let chinese = maker.with_cookie("language=zh-Hant-HK").get(PROFILE).await;
    assert!(chinese.shows("於工作日每日一封電郵，載列所有進度"));
    let fields = [("language", "en"), ("mail_language", ""), ("progress", "weekly")];
    let refused = world.browser(MAKER).await.post(PROFILE, &fields).await;
    assert_eq!(refused.status, 400);
}
