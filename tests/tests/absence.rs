//! Nobody is stuck on who is away: claims are handed over, drafts and officers' claims are taken over, who is away gets no
//! task by e-mail, and a company where too few people are there is told.

use countersign_domain::request::StateName;
use countersign_tests::cast::{Cast, MESSAGE, SECOND_CHECKER, assert_unbroken};
use countersign_tests::post::{text, told};
use countersign_tests::reply::Letter;
use countersign_tests::{Reply, User, World, form_for, guideline_form};
use serde_json::{Value, json};

const MAKER: &str = "maker@abc.example";
const CHECKER: &str = "checker@abc.example";
const CHECKER2: &str = "checker2@abc.example";
const OFFICER: &str = "officer@exchange.example";

/// Marks someone away on the guideline's day and long after, or not away any more.
async fn away(world: &World, user: &str, is_away: bool) {
    let until = if is_away { "2023-12-31" } else { "2023-02-06" };
    world.edit_person(user, "away_from", text("2023-02-01")).await;
    world.edit_person(user, "away_until", text(until)).await;
}

async fn hand_over(user: &User, on: &Reply, body: &Value) -> Reply {
    let call = user.action(&on.id(), "hand-over").if_match(&on.etag());
    call.json(body).send().await
}

/// Whom the e-mails since then went to, with their subjects.
async fn told_since(world: &World, skip: usize) -> Vec<(String, String)> {
    let mails = world.mails_since(skip).await;
    let told = mails.iter().map(told);
    told.map(|(to, subject)| (to, subject.split_once(": ").unwrap().1.to_owned()))
        .collect()
}

async fn count(world: &World) -> usize {
    world.mails_since(0).await.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checker_hands_a_claim_to_a_colleague_who_is_told_and_decides_in_a_time_of_their_own() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let claimed = cast.request_in(StateName::Claimed, 1).await;
    let whole = cast.checker.read(&claimed.id()).await;
    assert_eq!(
        whole["handOverTo"],
        json!([{"id": SECOND_CHECKER, "name": "C Two"}]),
        "neither the maker nor who has no right"
    );
    let other = cast.checker2.read(&claimed.id()).await;
    assert_eq!(other["handOverTo"], Value::Null, "it is not theirs to hand over");
    let before = count(&world).await;
    world.at("2023-02-07T15:00:00+08:00");
    let checker = world.sign_in(CHECKER).await;
    let body = json!({"colleague": SECOND_CHECKER, "message": "I am away from noon on."});
    let handed = hand_over(&checker, &claimed, &body).await.expect(200);
    assert_eq!(handed["status"], "Claimed By C Two on 07-Feb-2023 15:00 HKT");
    let now = checker.read(&claimed.id()).await;
    assert_unbroken(&now);
    assert_eq!(now["holder"]["name"], "C Two");
    let ends = now["holder"]["claimEnds"].as_str().unwrap();
    assert!(ends.starts_with("2023-02-08T06:00:00"), "{ends}");
    let last = now["history"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&last["actor"]["name"], &last["handedTo"]["name"]),
        (&json!("D Wong"), &json!("C Two"))
    );
    let expected = (CHECKER2.to_owned(), "handed over to you to check".to_owned());
    assert_eq!(told_since(&world, before).await, [expected]);
    let mails = world.mails_since(before).await;
    let letter = mails[0].message.text.as_deref().unwrap();
    assert!(letter.contains("I am away from noon on."), "{letter}");
    let _ = checker.act(&handed, "confirm").await.refused(409, "not-possible");
    let checker2 = world.sign_in(CHECKER2).await;
    let sent = checker2.act(&handed, "confirm").await.expect(200);
    assert_eq!(sent["state"], "Sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_goes_to_nobody_who_could_not_check_it_and_to_nobody_unnamed() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let claimed = cast.request_in(StateName::Claimed, 1).await;
    let people = countersign_local::demonstration::PEOPLE;
    let id_of = |user: &str| people.iter().find(|person| person.user == user).unwrap().id;
    for user in [
        MAKER,
        CHECKER,
        "norights@abc.example",
        "checker@bank.example",
        OFFICER,
    ] {
        let refused = hand_over(&cast.checker, &claimed, &json!({ "colleague": id_of(user) })).await;
        let _ = refused.refused(409, "colleague-cannot-check");
    }
    away(&world, CHECKER2, true).await;
    let to_second = json!({ "colleague": SECOND_CHECKER });
    let refused = hand_over(&cast.checker, &claimed, &to_second).await;
    let _ = refused.refused(409, "colleague-cannot-check");
    let whole = cast.checker.read(&claimed.id()).await;
    assert_eq!(whole["handOverTo"], Value::Null);
    let offered = whole["allowedActions"].as_array().unwrap();
    assert!(
        !offered.contains(&json!("hand-over")),
        "there is nobody: {offered:?}"
    );
    away(&world, CHECKER2, false).await;
    for body in [
        json!({}),
        json!({"message": "Please."}),
        json!({"colleague": " "}),
    ] {
        let refused = hand_over(&cast.checker, &claimed, &body)
            .await
            .refused(422, "invalid");
        assert_eq!(refused["errors"][0]["pointer"], "/colleague");
    }
    let _ = hand_over(&cast.checker2, &claimed, &to_second)
        .await
        .refused(409, "not-possible");
    let _ = hand_over(&cast.maker, &claimed, &to_second)
        .await
        .refused(403, "own-request");
    assert_eq!(cast.checker.read(&claimed.id()).await["holder"]["name"], "D Wong");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_portal_hands_a_claim_over_without_script() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let claimed = cast.request_in(StateName::Claimed, 1).await;
    let browser = world.browser(CHECKER).await;
    let path = format!("/portal/requests/{}/hand-over", claimed.id());
    let question = browser.get(&path).await.expect(200);
    let option = format!("<option value=\"{SECOND_CHECKER}\">C Two</option>");
    assert!(question.shows(&option), "{}", question.body);
    assert_eq!(question.body.matches("<option").count(), 2, "{}", question.body);
    let (tag, key) = question.form(&path);
    let fields = |colleague| {
        [
            ("tag", tag.as_str()),
            ("key", key.as_str()),
            ("message", "Over to you."),
            ("colleague", colleague),
        ]
    };
    let again = browser.post(&path, &fields("")).await.expect(422);
    assert!(
        again.shows("Say which colleague") && again.shows("Over to you."),
        "{}",
        again.body
    );
    let done = browser.submit(&path, &fields(SECOND_CHECKER)).await;
    assert!(done.shows("Handed over to C Two"), "{}", done.body);
    assert!(done.shows("Told by e-mail: who holds it now"), "{}", done.body);
    let session = world.sign_in(CHECKER).await;
    let chinese = world
        .stranger()
        .with_session(session.token())
        .with_cookie("language=zh-Hant-HK");
    let page = chinese.get(&format!("/portal/requests/{}", claimed.id())).await;
    assert!(page.shows("已轉交給 C Two"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_takes_over_the_draft_of_who_is_away_and_neither_can_check_it_then() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let draft = cast.maker.create(&form_for(1)).await.expect(201);
    let address = format!("/portal/requests/{}", draft.id());
    let browser = world.browser(CHECKER).await;
    let offers =
        |page: &countersign_tests::portal::Page| page.shows(&format!("href=\"{address}/take-over\""));
    assert!(
        !offers(&browser.get(&address).await.expect(200)),
        "its maker is there"
    );
    let _ = cast
        .checker
        .act(&draft, "take-over")
        .await
        .refused(409, "maker-is-there");
    away(&world, MAKER, true).await;
    assert!(
        !offers(&world.browser(MAKER).await.get(&address).await),
        "it is theirs"
    );
    let page = browser.get(&address).await.expect(200);
    assert!(offers(&page));
    let page = browser.take(&page, "take-over", "").await;
    assert!(page.shows("Taken over"), "{}", page.body);

    let taken = cast.checker.read(&draft.id()).await;
    assert_eq!(
        (&taken["maker"]["name"], &taken["state"]),
        (&json!("D Wong"), &json!("Draft"))
    );
    let _ = cast
        .maker
        .act(&taken, "submit")
        .await
        .refused(403, "not-its-maker");
    let ready = cast.checker.act(&taken, "submit").await.expect(200);
    for user in [&cast.maker, &cast.checker] {
        let _ = user.act(&ready, "claim").await.refused(403, "own-request");
    }
    let claimed = cast.checker2.act(&ready, "claim").await.expect(200);
    let returned = cast
        .checker2
        .act_saying(&claimed, "return", MESSAGE)
        .await
        .expect(200);
    // The one who had it is back, and the one who took it is away.
    away(&world, MAKER, false).await;
    away(&world, CHECKER, true).await;
    let again = cast.maker.act(&returned, "take-over").await.expect(200);
    assert_eq!(again["state"], "Draft");
    let whole = cast.maker.read(&draft.id()).await;
    assert_unbroken(&whole);
    assert_eq!(whole["maker"]["name"], "A Maker");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_taken_over_from_who_has_left_but_not_by_who_may_not_manage_users() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let draft = cast.maker.create(&form_for(1)).await.expect(201);
    let only = aws_sdk_dynamodb::types::AttributeValue::Ss;
    world
        .edit_person(MAKER, "removed_at", text("2023-02-07T02:00:00.000Z"))
        .await;
    let _ = world
        .sign_in("viewer@abc.example")
        .await
        .act(&draft, "take-over")
        .await
        .refused(403, "right-missing");
    world
        .edit_person(CHECKER, "rights", only(vec!["EU_UserMaintenance".to_owned()]))
        .await;
    let refused = cast.checker.act(&draft, "take-over").await;
    let _ = refused.refused(403, "right-withdrawn");
    let taken = cast.checker2.act(&draft, "take-over").await.expect(200);
    assert_eq!(taken["state"], "Draft");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_takes_over_another_officers_claim_with_a_reason_and_the_other_is_told() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let processing = cast.request_in(StateName::Processing, 1).await;
    let _ = cast
        .officer2
        .act(&processing, "take-over")
        .await
        .refused(422, "invalid");
    let _ = cast
        .officer
        .act_saying(&processing, "take-over", MESSAGE)
        .await
        .refused(409, "not-possible");
    let before = count(&world).await;
    let taken = cast
        .officer2
        .act_saying(&processing, "take-over", MESSAGE)
        .await
        .expect(200);
    assert_eq!(taken["state"], "Processing");
    let expected = (OFFICER.to_owned(), "taken over by another officer".to_owned());
    assert_eq!(told_since(&world, before).await, [expected]);
    let _ = cast
        .officer
        .act(&taken, "complete")
        .await
        .refused(409, "not-possible");
    let completed = cast.officer2.act(&taken, "complete").await.expect(200);
    assert_eq!(completed["state"], "Completed");
    let undelivered = cast.maker.read(&processing.id()).await;
    assert_eq!(undelivered["undelivered"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_away_gets_no_task_and_a_colleague_hears_in_the_place_of_a_maker_who_is_away() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    away(&world, CHECKER, true).await;
    let ready = cast.maker.submit(&guideline_form()).await;
    let asked = (CHECKER2.to_owned(), "ready for you to check".to_owned());
    assert_eq!(told_since(&world, 0).await, [asked]);
    let claimed = cast.checker2.act(&ready, "claim").await.expect(200);
    away(&world, MAKER, true).await;
    away(&world, CHECKER, false).await;
    let before = count(&world).await;
    let _ = cast
        .checker2
        .act_saying(&claimed, "return", MESSAGE)
        .await
        .expect(200);
    let mut told = told_since(&world, before).await;
    told.sort_by_key(|(to, _)| to.replace('@', " "));
    let makerless = "returned, and its maker is not there".to_owned();
    assert_eq!(
        told,
        [
            (CHECKER.to_owned(), makerless.clone()),
            (CHECKER2.to_owned(), makerless)
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_to_an_earlier_mail_counts_although_its_checker_is_away_by_now() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let ready = cast.maker.submit(&guideline_form()).await;
    let mails = world.mails_since(0).await;
    let task = mails.iter().find(|mail| mail.message.to == [CHECKER]).unwrap();
    away(&world, CHECKER, true).await;
    let reference = ready["reference"].as_str().unwrap();
    world
        .arrives(&Letter::of(CHECKER, task, &format!("CONFIRM {reference}")))
        .await;
    let now = cast.maker.read(&ready.id()).await;
    assert_eq!(
        (&now["state"], &now["confirmed"]["name"]),
        (&json!("Sent"), &json!("D Wong"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_where_too_few_people_are_there_reads_so_on_the_home_page_in_both_languages() {
    let world = World::start().await;
    let short = "Too few people";
    assert!(
        world
            .browser("only@solo.example")
            .await
            .get("/")
            .await
            .shows(short)
    );
    assert!(!world.browser(OFFICER).await.get("/").await.shows(short));
    assert!(!world.browser(MAKER).await.get("/").await.shows(short));
    for user in [CHECKER, CHECKER2] {
        away(&world, user, true).await;
    }
    let page = world.browser(MAKER).await.get("/").await;
    let says = "but only one person can do so now, since 2 others are away";
    assert!(page.shows(short) && page.shows(says), "{}", page.body);
    let session = world.sign_in(MAKER).await;
    let chinese = world
        .stranger()
        .with_session(session.token())
        .with_cookie("language=zh-Hant-HK");
    let page = chinese.get("/").await;
    assert!(
        page.shows("現時可處理的只有 1 人，另有 2 人暫離"),
        "{}",
        page.body
    );
}
