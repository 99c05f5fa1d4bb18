//! A claim ends: its holder is warned, and then the clock puts the request back on the desk, once, however often,
//! however late and however incompletely the job runs.
//!
//! This file tests what people see, `job` tests what the job has to cope with.

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::request::StateName;
use countersign_tests::cast::{Cast, assert_unbroken};
use countersign_tests::post::text;
use countersign_tests::{GUIDELINE_START, Reply, World, form_for};
use serde_json::{Value, json};

mod job;

const OFFICER: &str = "officer@exchange.example";
const CHECKER: &str = "checker@abc.example";
const ENDS_SOON: &str = "your claim ends soon";
const ENDED: &str = "your claim has ended";

/// When the claims of these tests begin, when their holders are warned, and when they end.
const CLAIMED: &str = "2023-02-07T10:45:00+08:00";
const WARNED: &str = "2023-02-07T17:46:00+08:00";
const OVER: &str = "2023-02-08T09:46:00+08:00";

/// Runs the job and waits until the e-mails are sent.
async fn run(world: &World) -> Value {
    let event = json!({"job": "claim-leases", "scheduled": "2023-02-07T02:45:00Z"});
    let report = world.local.invoke("remind", event).await.expect("the job fails");
    world.local.settle().await;
    report
}

fn report(warned: usize, released: usize) -> Value {
    json!({"warned": warned, "released": released, "overtaken": 0, "failed": 0})
}

/// Requests that the checker has claimed.
async fn claimed<const N: usize>(world: &World) -> [Reply; N] {
    world.at(CLAIMED);
    let cast = Cast::sign_in(world).await;
    let mut claimed = Vec::new();
    for number in 1..=N {
        claimed.push(cast.request_in(StateName::Claimed, number).await);
    }
    claimed.try_into().unwrap()
}

/// The recipients of the e-mails about claims whose subject ends like this.
async fn told(world: &World, what: &str) -> Vec<String> {
    let mails = world.mails_since(0).await;
    let about = mails.iter().filter(|mail| mail.message.subject.ends_with(what));
    about.map(|mail| mail.message.to.join(", ")).collect()
}

/// The request as a colleague reads it now.
async fn read(world: &World, request: &Reply) -> Reply {
    world.sign_in("maker@abc.example").await.read(&request.id()).await
}

fn minute(instant: &Value) -> &str {
    instant.as_str().map_or("", |text| &text[..16])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_at_10_45_with_8_hours_ends_on_the_next_working_day_at_09_45() {
    let world = World::start().await;
    for (number, (at, ends, shown)) in [
        (CLAIMED, "2023-02-08T01:45", "08-Feb-2023 09:45 HKT"),
        // Across a weekend.
        (
            "2023-02-10T10:45:00+08:00",
            "2023-02-13T01:45",
            "13-Feb-2023 09:45 HKT",
        ),
        // Across Good Friday, the following Saturday, and Easter Monday.
        (
            "2023-04-06T10:45:00+08:00",
            "2023-04-11T01:45",
            "11-Apr-2023 09:45 HKT",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        world.at(at);
        let cast = Cast::sign_in(&world).await;
        let claimed = cast.request_in(StateName::Claimed, number + 1).await;
        let whole = cast.maker.read(&claimed.id()).await;
        assert_eq!(minute(&whole["holder"]["claimEnds"]), ends, "{}", whole.body);
        let status = whole["status"].as_str().unwrap();
        assert!(status.starts_with("Claimed By D Wong on ") && status.ends_with(" HKT"));

        let page = world.browser(CHECKER).await;
        let page = page.get(&format!("/portal/requests/{}", claimed.id())).await;
        let fact = format!("<dt>Claim ends:</dt><dd>{shown}</dd>");
        assert!(page.shows(&fact), "{}", page.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officers_claim_ends_after_16_working_hours_with_a_warning_and_the_officer_alone_is_told() {
    let world = World::start().await;
    world.at(CLAIMED);
    let cast = Cast::sign_in(&world).await;
    let processing = cast.request_in(StateName::Processing, 1).await;
    let whole = cast.maker.read(&processing.id()).await;
    assert_eq!(whole["holder"]["name"], "E Officer");
    assert_eq!(minute(&whole["holder"]["claimEnds"]), "2023-02-08T09:45");
    world.at("2023-02-08T16:00:00+08:00");
    assert_eq!(run(&world).await, report(0, 0));
    world.at("2023-02-08T16:46:00+08:00");
    assert_eq!(run(&world).await, report(1, 0));
    assert_eq!(told(&world, ENDS_SOON).await, [OFFICER]);

    let officer = world.sign_in(OFFICER).await;
    let kept = officer.read(&processing.id()).await;
    let kept = officer.act(&kept, "claim").await.expect(200);
    let page = world.browser(OFFICER).await;
    let page = page.get(&format!("/portal/requests/{}", kept.id())).await;
    assert!(page.shows("Keep the claim"), "{}", page.body);
    world.at("2023-02-09T08:46:00+08:00");
    assert_eq!(run(&world).await, report(0, 0), "the time started again");
    world.at("2023-02-10T15:47:00+08:00");
    assert_eq!(run(&world).await, report(0, 1));
    let now = read(&world, &processing).await;
    assert_unbroken(&now);
    assert_eq!((&now["state"], &now["holder"]), (&json!("Sent"), &Value::Null));
    assert_eq!(told(&world, ENDED).await, [OFFICER]);
}

/// Marks someone of the directory away on these days.
async fn away(world: &World, user: &str, [from, until]: [&str; 2]) {
    world.edit_person(user, "away_from", text(from)).await;
    world.edit_person(user, "away_until", text(until)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_claims_of_who_goes_away_are_released_at_once_and_those_who_can_claim_them_are_told() {
    let world = World::start().await;
    let [request] = claimed(&world).await;
    let officers = Cast::sign_in(&world)
        .await
        .request_in(StateName::Processing, 2)
        .await;
    away(&world, CHECKER, ["2023-02-08", "2023-02-10"]).await;
    away(&world, OFFICER, ["2023-02-08", "2023-02-08"]).await;
    world.at("2023-02-07T12:00:00+08:00");
    assert_eq!(run(&world).await, report(0, 0), "the absence has not begun");
    world.at("2023-02-08T00:05:00+08:00");
    assert_eq!(run(&world).await, report(0, 2));
    assert_eq!(run(&world).await, report(0, 0));
    let now = read(&world, &request).await;
    assert_unbroken(&now);
    assert_eq!(
        (&now["state"], &now["holder"]),
        (&json!("ReadyToSend"), &Value::Null)
    );
    let last = now["history"].as_array().unwrap().last().unwrap();
    assert_eq!(last["action"], "release-for-absence");
    assert_eq!(last["actor"]["name"], "The clock");
    assert_eq!(read(&world, &officers).await["state"], "Sent");
    let mut all = told(&world, "back on the Tasks list").await;
    all.sort();
    assert_eq!(all, ["checker2@abc.example", "officer2@exchange.example"]);
    let page = world.browser("checker2@abc.example").await;
    let page = page.get(&format!("/portal/requests/{}", request.id())).await;
    assert!(
        page.shows("Released, since its holder is away or has left"),
        "{}",
        page.body
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_claims_while_away_works_all_the_same_and_who_has_left_holds_nothing() {
    let world = World::start().await;
    away(&world, CHECKER, ["2023-02-06", "2023-02-10"]).await;
    let [request] = claimed(&world).await;
    assert_eq!(
        run(&world).await,
        report(0, 0),
        "the claim came after the absence began"
    );
    assert_eq!(read(&world, &request).await["state"], "Claimed");
    let none = AttributeValue::Ss(vec!["none".to_owned()]);
    world.edit_person(CHECKER, "rights", none).await;
    assert_eq!(run(&world).await, report(0, 1), "the right is gone");
    assert_eq!(read(&world, &request).await["state"], "ReadyToSend");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_whose_holder_is_back_when_the_clock_comes_to_it_stays() {
    let world = World::start().await;
    let [request] = claimed(&world).await;
    away(&world, CHECKER, ["2023-02-07", "2023-02-07"]).await;
    world.at("2023-02-08T00:05:00+08:00");
    assert_eq!(run(&world).await, report(1, 0), "it ends in the morning");
    assert_eq!(read(&world, &request).await["state"], "Claimed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_holder_is_warned_once_and_not_before_it_is_time() {
    let world = World::start().await;
    let [request] = claimed(&world).await;
    assert_eq!(run(&world).await, report(0, 0));
    assert_eq!(told(&world, ENDS_SOON).await, [""; 0]);
    world.at(WARNED);
    assert_eq!(run(&world).await, report(1, 0));
    assert_eq!(run(&world).await, report(0, 0), "a second run warns nobody");
    assert_eq!(told(&world, ENDS_SOON).await, [CHECKER]);
    let mails = world.mails_since(0).await;
    let warning = mails.last().unwrap();
    let text = warning.message.text.as_deref().unwrap_or_default();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        text.contains("Your claim ends on 08-Feb-2023 09:45 HKT."),
        "{text}"
    );
    let now = read(&world, &request).await;
    assert_eq!(
        (&now["state"], &now["version"]),
        (&json!("Claimed"), &request["version"])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clock_releases_what_was_claimed_for_too_long_and_the_history_says_so() {
    let world = World::start().await;
    let [request] = claimed(&world).await;
    world.at(OVER);
    assert_eq!(run(&world).await, report(0, 1));

    let now = read(&world, &request).await;
    assert_unbroken(&now);
    assert_eq!(now["status"], "Ready to Send to HKEX");
    assert_eq!(now["holder"], Value::Null);
    let last = now["history"].as_array().unwrap().last().unwrap();
    assert_eq!(last["action"], "release");
    assert_eq!(last["actor"]["name"], "The clock");
    assert_eq!(last["shownAt"], "08-Feb-2023 09:46 HKT");

    assert_eq!(
        told(&world, ENDED).await,
        [CHECKER],
        "the last holder alone is told"
    );
    assert_eq!(
        told(&world, ENDS_SOON).await,
        [""; 0],
        "there is nothing left to warn of"
    );

    let browser = world.browser(CHECKER).await;
    let address = format!("/portal/requests/{}", request.id());
    for (cookie, what, who) in [
        ("language=en", "Released: the claim ended", "The clock"),
        ("language=zh-Hant-HK", "已放回：認領時限屆滿", "系統時鐘"),
    ] {
        let session = world.sign_in(CHECKER).await;
        let browser = world.stranger().with_session(session.token()).with_cookie(cookie);
        let page = browser.get(&address).await.expect(200);
        assert!(page.shows(what) && page.shows(who), "{}", page.body);
        assert!(!page.shows("Claim ends:") && !page.shows("認領結束："));
    }
    assert!(browser.get(&address).await.shows("Released: the claim ended"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_confirms_what_the_clock_has_released_is_told_how_it_stands_and_loses_no_word() {
    let world = World::start().await;
    let [request] = claimed(&world).await;
    world.at(WARNED);
    let browser = world.browser(CHECKER).await;
    let question = format!("/portal/requests/{}/confirm", request.id());
    let (tag, key) = browser.get(&question).await.expect(200).form(&question);
    world.at(OVER);
    run(&world).await;

    let checker = world.sign_in(CHECKER).await;
    let refused = checker
        .act(&request, "confirm")
        .await
        .refused(409, "not-possible");
    let detail = refused["detail"].as_str().unwrap();
    assert!(detail.contains("Ready to Send to HKEX"), "{detail}");

    let fields = [
        ("tag", tag.as_str()),
        ("key", key.as_str()),
        ("message", "As agreed."),
    ];
    let browser = world.browser(CHECKER).await;
    let page = browser.post(&question, &fields).await.expect(409);
    for told in ["Ready to Send to HKEX", "As agreed.", "Released: the claim ended"] {
        assert!(page.shows(told), "{told}: {}", page.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_holder_who_decides_in_time_is_left_alone() {
    let world = World::start().await;
    let [confirmed, returned] = claimed(&world).await;
    let checker = world.sign_in(CHECKER).await;
    let sent = checker.act(&confirmed, "confirm").await.expect(200);
    world.at(WARNED);
    assert_eq!(run(&world).await, report(1, 0));
    let checker = world.sign_in(CHECKER).await;
    let draft = checker
        .act_saying(&returned, "return", "Row 1.")
        .await
        .expect(200);
    world.at(OVER);
    assert_eq!(run(&world).await, report(0, 0));
    for (request, left) in [(&confirmed, sent), (&returned, draft)] {
        assert_eq!(read(&world, request).await["version"], left["version"]);
    }
    assert_eq!(told(&world, ENDED).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_clock_has_released_another_checker_can_claim_for_a_time_of_their_own() {
    let world = World::start().await;
    let [request] = claimed(&world).await;
    world.at(OVER);
    run(&world).await;
    let other = world.sign_in("checker2@abc.example").await;
    let released = other.read(&request.id()).await;
    let taken = other.act(&released, "claim").await.expect(200);
    let whole = other.read(&request.id()).await;
    assert_eq!(whole["holder"]["name"], "C Two");
    assert_eq!(minute(&whole["holder"]["claimEnds"]), "2023-02-08T09:46");
    assert_eq!(run(&world).await, report(0, 0));
    let sent = other.act(&taken, "confirm").await.expect(200);
    assert_eq!(sent["state"], "Sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_a_confirmation_back_holds_it_for_a_time_of_its_own() {
    let world = World::start().await;
    world.at(GUIDELINE_START);
    let cast = Cast::sign_in(&world).await;
    let sent = cast.request_in(StateName::Sent, 1).await;
    world.at("2023-02-08T15:00:00+08:00");
    let checker = world.sign_in(CHECKER).await;
    let claimed = checker.act(&sent, "reclaim").await.expect(200);
    assert_eq!(claimed["state"], "Claimed");
    let whole = checker.read(&sent.id()).await;
    assert_eq!(minute(&whole["holder"]["claimEnds"]), "2023-02-09T06:00");
    assert_eq!(run(&world).await, report(0, 0));
    world.at("2023-02-09T14:01:00+08:00");
    assert_eq!(run(&world).await, report(0, 1));
    assert_eq!(read(&world, &sent).await["state"], "ReadyToSend");
    assert_eq!(told(&world, ENDED).await, [CHECKER]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_beyond_the_list_of_holidays_goes_on_without_an_end_and_the_job_says_so() {
    let world = World::start().await;
    world.at("2027-12-31T09:30:00+08:00");
    let cast = Cast::sign_in(&world).await;
    let before = cast.request_in(StateName::Claimed, 1).await;
    let whole = cast.maker.read(&before.id()).await;
    assert_eq!(minute(&whole["holder"]["claimEnds"]), "2027-12-31T09:30");
    world.at("2027-12-31T17:45:00+08:00");
    let cast = Cast::sign_in(&world).await;
    let beyond = cast.maker.submit(&form_for(2)).await;
    let beyond = cast.checker.act(&beyond, "claim").await.expect(200);
    let whole = cast.maker.read(&beyond.id()).await;
    assert_eq!(whole["holder"]["claimEnds"], Value::Null);

    let event = json!({"job": "claim-leases", "scheduled": "2027-12-31T09:45:00Z"});
    let failed = world.local.invoke("remind", event).await;
    assert!(failed.is_err(), "the job says that the list has run out");
    world.local.settle().await;
    assert_eq!(
        read(&world, &before).await["state"],
        "ReadyToSend",
        "what could be done is done"
    );
    assert_eq!(told(&world, ENDED).await, [CHECKER]);
    let checker = world.sign_in(CHECKER).await;
    let sent = checker.act(&beyond, "confirm").await.expect(200);
    assert_eq!(sent["state"], "Sent");
}
