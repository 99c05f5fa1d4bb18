//! The portal without script, where two people check a request.

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::request::StateName;
use countersign_tests::cast::MESSAGE;
use countersign_tests::form_for;

use super::{CHECKED_ONCE, checked_once, of_two};

const CHECKER: &str = "checker@abc.example";
const CHECKER2: &str = "checker2@abc.example";
const MAKER: &str = "maker@abc.example";

#[tokio::test(flavor = "multi_thread")]
async fn the_page_says_who_checked_it_first_and_what_a_confirmation_leads_to() {
    let (world, cast) = of_two().await;
    let claimed = cast.request_in(StateName::Claimed, 1).await;
    let path = format!("/portal/requests/{}", claimed.id());
    let (checker, second) = (world.browser(CHECKER).await, world.browser(CHECKER2).await);
    let page = checker.get(&path).await.expect(200);
    assert!(
        page.shows("First check:") && page.shows("nobody yet"),
        "{}",
        page.body
    );
    assert!(page.shows("The record will go back to the desk."));
    let page = checker.take(&page, "confirm", "Seen.").await;
    assert!(
        page.shows("Confirmed. Another person has to check it too."),
        "{}",
        page.body
    );
    assert!(page.shows("Told by e-mail: the maker, the company"));
    assert!(page.shows(CHECKED_ONCE) && page.shows("Confirmed: Checked once"));
    assert!(
        !page.shows(&format!("href=\"{path}/claim\"")),
        "the first checker is not the second"
    );

    let page = second.get(&path).await.expect(200);
    assert!(page.shows("<bdi>D Wong</bdi>") && page.shows("First check:"));
    let page = second.take(&page, "claim", "").await;
    assert!(page.shows("The record will be sent to HKEX."));
    let page = second.take(&page, "confirm", "").await;
    assert!(page.shows("Sent to HKEX") && page.shows("<bdi>D Wong</bdi>"));
    let record = second.get(&format!("{path}/record")).await.expect(200);
    assert!(record.shows("First checked by") && record.shows("D Wong, "));
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_and_their_files_say_that_it_was_checked_once() {
    let (world, cast) = of_two().await;
    checked_once(&cast).await;
    let maker = world.browser(MAKER).await;
    for path in [
        "/",
        "/portal/tasks",
        "/portal/requests",
        "/portal/requests?q=checked+once",
    ] {
        let page = maker.get(path).await.expect(200);
        assert!(page.shows(CHECKED_ONCE), "{path}: {}", page.body);
    }
    for path in ["/portal/tasks.csv", "/portal/requests.csv"] {
        let file = maker.get(path).await.expect(200);
        assert!(file.shows(CHECKED_ONCE), "{path}: {}", file.body);
    }
    let first = world.browser(CHECKER).await.get("/").await.expect(200);
    assert!(first.shows("Nothing waits to be checked."), "{}", first.body);
    let second = world.browser(CHECKER2).await.get("/").await.expect(200);
    assert!(second.shows(CHECKED_ONCE) && !second.shows("Nothing waits to be checked."));
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_checker_sees_what_changed_since_it_was_last_submitted() {
    let (world, cast) = of_two().await;
    let claimed = cast.request_in(StateName::Claimed, 1).await;
    let draft = cast
        .checker
        .act_saying(&claimed, "return", MESSAGE)
        .await
        .expect(200);
    let save = cast.maker.action(&draft.id(), "save").if_match(&draft.etag());
    let mut form = form_for(1);
    form["remarks"] = "Another remark.".into();
    let saved = save.json(&form).send().await.expect(200);
    let ready = cast.maker.act(&saved, "submit").await.expect(200);
    let claimed = cast.checker.act(&ready, "claim").await.expect(200);
    let checked = cast.checker.act(&claimed, "confirm").await.expect(200);
    let second = world.browser(CHECKER2).await;
    let page = second
        .get(&format!("/portal/requests/{}", checked.id()))
        .await
        .expect(200);
    assert!(
        page.shows("What changed since it was last submitted"),
        "{}",
        page.body
    );
    assert!(page.shows("Another remark."));
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_says_that_too_few_people_could_check_it() {
    let (world, cast) = of_two().await;
    let none = AttributeValue::Ss(vec!["none".to_owned()]);
    world.edit_person(CHECKER2, "rights", none).await;
    let draft = cast.request_in(StateName::Draft, 1).await;
    let maker = world.browser(MAKER).await;
    let form = maker
        .get(&format!("/portal/requests/{}/edit", draft.id()))
        .await
        .expect(200);
    assert!(form.shows("Two other people of your company have to check this request"));
    let path = format!("/portal/requests/{}/submit", draft.id());
    let question = maker.get(&path).await.expect(200);
    let (tag, key) = question.form(&path);
    let refused = maker.post(&path, &[("tag", &tag), ("key", &key)]).await;
    let refused = refused.expect(409);
    assert!(refused.shows("Two other people of your company have to check this request"));
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_confirmed_at_once_are_checked_once_each() {
    let (world, cast) = of_two().await;
    let checker = world.browser(CHECKER).await;
    let mut picked = Vec::new();
    for number in 1..=2 {
        let claimed = cast.request_in(StateName::Claimed, number).await;
        let page = checker.get(&format!("/portal/requests/{}", claimed.id())).await;
        assert_eq!(page.status, 200);
        picked.push(format!("{} {}", claimed.id(), claimed.etag().trim_matches('"')));
    }
    let mut fields = vec![("key", "one-key"), ("do", "confirm")];
    fields.extend(picked.iter().map(|value| ("pick", value.as_str())));
    let told = checker.post("/portal/tasks", &fields).await.expect(200);
    assert!(told.shows("2 of 2 confirmed"), "{}", told.body);
    let tasks = cast.checker2.get("/tasks").await.expect(200);
    assert_eq!(tasks.each("jobStatus"), [CHECKED_ONCE, CHECKED_ONCE]);
    world.local.stop().await;
}
