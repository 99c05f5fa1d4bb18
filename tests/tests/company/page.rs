//! The company's page.

use countersign_tests::cast::Cast;
use countersign_tests::seed;
use serde_json::json;

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn the_page_says_who_may_do_what_and_how_the_company_handles_its_requests() {
    let world = World::start().await;
    for (language, words) in [
        (
            "en",
            [
                "Makes and checks requests",
                "1 person besides the maker",
                "Who can check what",
                "Approval by reply to e-mails",
                "HKSCC Participant (B01234)",
            ],
        ),
        (
            "zh-Hant-HK",
            [
                "填報及覆核申請",
                "填報人以外 1 人",
                "各電子服務的覆核人",
                "以回覆電郵批核",
                "香港結算參與者（B01234）",
            ],
        ),
    ] {
        let browser = world.browser("checker@abc.example").await;
        let browser = browser.with_cookie(&format!("language={language}"));
        let page = browser.get(PATH).await.expect(200);
        assert!(page.shows("href=\"/portal/company\" aria-current=\"page\""));
        for word in words {
            assert!(page.shows(word), "{word}: {}", page.body);
        }
        for name in ["A Maker", "D Wong", "EU_UserMaintenance", "checker@abc.example"] {
            assert!(page.shows(name), "{name}: {}", page.body);
        }
        for foreign in ["Example Bank", "BNK109", "bank.example", "E Officer"] {
            assert!(!page.shows(foreign), "{foreign}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_away_is_shown_so_and_a_company_with_too_few_checkers_is_told() {
    let world = World::start().await;
    let browser = world.browser("checker@abc.example").await;
    let page = browser.get(PATH).await.expect(200);
    assert!(!page.shows("Away from") && !page.shows("too few"));
    let away = |from: &str, until: &str| [("away_from", text(from)), ("away_until", text(until))];
    set(&world, ("abc", &person("02")), &away("2023-02-06", "2023-02-07")).await;
    let page = browser.get(PATH).await.expect(200);
    assert!(page.shows("<strong class=\"tag warn\">Away from 06-Feb-2023 to 07-Feb-2023</strong>"));
    assert!(!page.shows("too few"));
    let two = [("checkers", AttributeValue::N("2".to_owned()))];
    set(&world, ("abc", "PROFILE"), &two).await;
    let page = browser.get(PATH).await.expect(200);
    assert!(page.shows("2 people besides the maker"));
    assert!(
        page.shows("2 there now: too few for a maker and 2 checkers"),
        "{}",
        page.body
    );
    // An absence that is to come is shown without alarm, one that is over is not.
    set(&world, ("abc", &person("02")), &away("2023-02-20", "2023-02-21")).await;
    let page = browser.get(PATH).await.expect(200);
    assert!(page.shows("Away from 20-Feb-2023") && !page.shows("too few"));
    set(&world, ("abc", &person("02")), &away("2023-02-01", "2023-02-06")).await;
    let page = browser.get(PATH).await.expect(200);
    assert!(!page.shows("Away from") && !page.shows("too few"));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_those_who_manage_users_see_when_others_last_signed_in() {
    let world = World::start().await;
    let signed_in = AttributeValue::L(vec![text("2023-02-06T01:02:03.000Z")]);
    set(&world, ("abc", &person("02")), &[("sign_ins", signed_in)]).await;
    let manager = world.browser("maker@abc.example").await;
    let page = manager.get(PATH).await.expect(200);
    assert!(
        page.shows("Last sign-in") && page.shows("06-Feb-2023 09:02 HKT"),
        "{}",
        page.body
    );
    let other = world.browser("viewer@abc.example").await;
    let page = other.get(PATH).await.expect(200);
    assert!(!page.shows("Last sign-in") && !page.shows("06-Feb-2023 09:02"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_removed_is_named_apart_and_can_check_nothing() {
    let world = World::start().await;
    seed::items(
        &world,
        vec![entry("abc", "gone", "Left <b>Person</b>", "EU_UserMaintenance")],
    )
    .await;
    set(
        &world,
        ("abc", "PERSON#gone"),
        &[("removed_at", text("2023-02-01T01:00:00.000Z"))],
    )
    .await;
    let browser = world.browser("maker@abc.example").await;
    let page = browser.get(PATH).await.expect(200);
    let (before, after) = page.body.split_once("People who have left").unwrap();
    assert!(!before.contains("Left") && after.contains("01-Feb-2023 09:00 HKT"));
    assert!(
        after.contains("Left &#60;b&#62;Person") && !page.shows("<b>Person"),
        "{after}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_exchange_has_a_page_of_its_own_and_whoever_has_no_right_has_none() {
    let world = World::start().await;
    let officer = world.browser("officer@exchange.example").await;
    let page = officer.get(PATH).await.expect(200);
    assert!(page.shows("The exchange") && page.shows("Processes requests"));
    for foreign in ["A Maker", "D Wong", "ABC Company"] {
        assert!(!page.shows(foreign), "{foreign}");
    }
    let stranger = world.stranger();
    let _ = stranger.get(PATH).await.expect(303);
    let norights = world.browser("norights@abc.example").await;
    let _ = norights.get(PATH).await.expect(403);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_request_changed_is_shown_with_who_asked_and_who_checked() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let browser = world.browser("checker2@abc.example").await;
    let page = browser.get(PATH).await.expect(200);
    assert!(page.shows("No change has been made by a request yet."));
    assert!(
        page.shows("href=\"/portal/requests/new?form=AM1\""),
        "{}",
        page.body
    );
    let viewer = world.browser("viewer@abc.example").await;
    assert!(!viewer.get(PATH).await.expect(200).shows("form=AM1"));
    let removal = json!({"eService": "AM1", "maintenanceRequest": "Remove", "person": &person("05")[7..]});
    let submitted = cast.maker.submit(&removal).await;
    let claimed = cast.checker.act(&submitted, "claim").await.expect(200);
    let completed = cast.checker.act(&claimed, "confirm").await.expect(200);
    assert_eq!(completed["state"], "Completed");
    let page = browser.get(PATH).await.expect(200);
    let (_, changes) = page.body.split_once("What changed").unwrap();
    let (changes, removed) = changes.split_once("People who have left").unwrap();
    let reference = completed["reference"].as_str().unwrap();
    for shown in [reference, "Remove", "V Reader", "A Maker", "D Wong"] {
        assert!(changes.contains(shown), "{shown}: {changes}");
    }
    assert!(removed.contains("V Reader"));
}
