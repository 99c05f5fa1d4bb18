//! After the deadline, every place that shows a request or a registration marks it as "not guaranteed".

use countersign_domain::request::StateName;
use countersign_local::Options;
use countersign_tests::cast::Cast;
use countersign_tests::portal::Browser;
use countersign_tests::{Reply, User, World, form_for};
use serde_json::{Value, json};

use super::administrator;

const LAST_SECOND: &str = "2023-04-28T23:59:59+08:00";
const ONE_SECOND_LATER: &str = "2023-04-29T00:00:00+08:00";
const TAG: &str = "tag warn\">Not guaranteed</strong>";
const WARNING: &str = "it is not guaranteed to be completed before the parallel run";

/// A world some minutes before the deadline, and its people.
async fn world() -> (World, Cast) {
    let clock = "2023-04-28T23:55:00+08:00".parse().ok();
    let world = World::with(Options {
        clock,
        ..Options::in_memory()
    })
    .await;
    let cast = Cast::sign_in(&world).await;
    (world, cast)
}

/// Takes a step within the deadline's last second. The clock runs on, so a slow machine may need another try.
async fn in_time(world: &World, user: &User, on: &[Reply], action: &str) -> Reply {
    for on in on {
        world.at(LAST_SECOND);
        let done = user.attempt(on, action).await.expect(200);
        if done["updatedAt"].as_str().unwrap() < "2023-04-28T16:00:00" {
            return done;
        }
    }
    panic!("the machine takes more than a second for one step");
}

/// The table row that contains a text.
fn row<'a>(body: &'a str, text: &str) -> &'a str {
    let rows = body.split("<tr").find(|row| row.contains(text));
    rows.unwrap_or_else(|| panic!("no {text}: {body}"))
}

/// Checks that every place that shows an open request marks it as late, or that none does.
async fn hold_open(cast: &Cast, pages: &[Browser; 2], request: &Reply, user_id: &str, is_late: bool) {
    let [maker, checker] = pages;
    let whole = cast.maker.read(&request.id()).await;
    assert_eq!(whole["guaranteed"], !is_late, "{}", whole.body);
    let reference = whole["reference"].as_str().unwrap();
    let found = cast.maker.get(&format!("/requests?reference={reference}")).await;
    assert_eq!(found["items"][0]["guaranteed"], !is_late);
    let of_desk = if whole["state"] == "Sent" {
        &cast.officer
    } else {
        &cast.checker
    };
    let tasks = of_desk.get("/tasks").await.expect(200);
    let task = tasks["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|task| task["id"] == request.id());
    assert_eq!(task.unwrap()["guaranteed"], !is_late);
    assert_eq!(
        administrator(&cast.maker, user_id).await["pending"]["guaranteed"],
        !is_late
    );
    let guaranteed = if is_late { "no" } else { "yes" };
    let document = cast.maker.get("/readiness.csv").await.expect(200);
    let line = format!("{user_id},,,pending,{guaranteed},");
    assert!(
        document.body.as_str().unwrap().contains(&line),
        "{}",
        document.body
    );

    let page = maker
        .get(&format!("/portal/requests/{}", request.id()))
        .await
        .expect(200);
    assert_eq!(page.shows(WARNING), is_late);
    for path in ["/portal/readiness", "/portal/delegated-administrators"] {
        let page = maker.get(path).await.expect(200);
        assert_eq!(
            row(&page.body, &format!("{user_id}<")).contains(TAG),
            is_late,
            "{path}"
        );
    }
    let page = maker.get("/portal/requests").await.expect(200);
    assert_eq!(row(&page.body, reference).contains(TAG), is_late, "My requests");
    if whole["state"] == "ReadyToSend" {
        let page = checker.get("/portal/tasks").await.expect(200);
        assert_eq!(row(&page.body, reference).contains(TAG), is_late, "Tasks");
    }
}

/// Completes a request, and checks that every place that shows the registration marks it as late, or that none does.
async fn hold_registered(cast: &Cast, maker: &Browser, sent: &Reply, user_id: &str, is_late: bool) {
    let processing = cast.officer.attempt(sent, "claim").await.expect(200);
    let _ = cast.officer.attempt(&processing, "complete").await.expect(200);
    let row_of = administrator(&cast.maker, user_id).await;
    let expected = if is_late { "notGuaranteed" } else { "ready" };
    assert_eq!(
        (&row_of["twoFactor"], &row_of["pending"]),
        (&json!(expected), &Value::Null)
    );
    let page = maker.get("/portal/delegated-administrators").await.expect(200);
    assert_eq!(row(&page.body, &format!("{user_id}<")).contains(TAG), is_late);
    let page = maker.get("/portal/readiness").await.expect(200);
    assert_eq!(
        page.shows(&format!("{user_id}<")),
        is_late,
        "whoever is not ready is listed"
    );
    let document = cast.maker.get("/readiness.csv").await.expect(200);
    let line = document
        .body
        .as_str()
        .unwrap()
        .lines()
        .find(|line| line.contains(user_id));
    let guaranteed = if is_late {
        ",notGuaranteed,no,"
    } else {
        ",ready,yes,"
    };
    assert!(line.unwrap().contains(guaranteed), "{line:?}");
}

/// Checks that the e-mails about a request say that it is late, or that none does.
async fn hold_mails(world: &World, request: &Reply, is_late: bool) {
    let reference = request["reference"].as_str().unwrap();
    let passed = ONE_SECOND_LATER.parse().unwrap();
    let mails = world.mails_since(0).await.into_iter().filter(|mail| {
        let is_about_it = mail.message.subject.contains(reference);
        is_about_it && (!is_late || mail.sent_at >= passed)
    });
    let mails: Vec<_> = mails.collect();
    assert!(!mails.is_empty(), "{reference}");
    for mail in mails {
        let (subject, text) = (&mail.message.subject, mail.message.text.unwrap_or_default());
        assert_eq!(text.contains("Not guaranteed"), is_late, "{subject}\n{text}");
    }
}

async fn pages(world: &World) -> [Browser; 2] {
    [
        world.browser("maker@abc.example").await,
        world.browser("checker@abc.example").await,
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_submitted_in_the_last_second_and_not_sent_is_marked_everywhere_a_second_later() {
    let (world, cast) = world().await;
    let mut drafts = Vec::new();
    for number in 1..=5 {
        drafts.push(cast.maker.create(&form_for(number)).await.expect(201));
    }
    let in_time = in_time(&world, &cast.maker, &drafts, "submit").await;
    let whole = cast.maker.read(&in_time.id()).await;
    let user_id = whole["form"]["changes"][0]["userId"].as_str().unwrap().to_owned();

    world.at(ONE_SECOND_LATER);
    let pages = pages(&world).await;
    let draft = cast.maker.create(&form_for(9)).await.expect(201);
    // The maker of a draft is warned before submitting: in the list, on its page, and in the question.
    let [maker, _] = &pages;
    let address = format!("/portal/requests/{}", draft.id());
    let listed = maker.get("/portal/requests").await.expect(200);
    assert!(row(&listed.body, &draft.id()).contains(TAG));
    let page = maker.get(&address).await.expect(200);
    assert_eq!(
        page.body.matches(WARNING).count(),
        1 + page.body.matches("<dialog id=\"dialog-").count()
    );
    assert!(
        maker
            .get(&format!("{address}/submit"))
            .await
            .expect(200)
            .shows(WARNING)
    );

    let late = cast.maker.act(&draft, "submit").await.expect(200);
    hold_open(&cast, &pages, &in_time, &user_id, true).await;
    hold_open(&cast, &pages, &late, "B01234X9", true).await;
    let chinese = world
        .browser("maker@abc.example")
        .await
        .with_cookie("language=zh-Hant-HK");
    for path in [
        "/portal/requests",
        "/portal/readiness",
        "/portal/delegated-administrators",
    ] {
        let page = chinese.get(path).await.expect(200);
        assert!(page.shows("tag warn\">不保證如期</strong>"), "{path}");
    }
    assert!(
        chinese
            .get(&address)
            .await
            .expect(200)
            .shows("不保證於並行運作開始前完成")
    );
    for (request, is_late) in [(&in_time, false), (&late, true)] {
        hold_mails(&world, request, is_late).await;
    }
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn confirming_in_the_last_second_is_in_time_and_a_second_later_is_marked_to_the_register() {
    let (world, cast) = world().await;
    let mut claimed = Vec::new();
    for number in 1..=5 {
        claimed.push(cast.request_in(StateName::Claimed, number).await);
    }
    let slow = cast.request_in(StateName::Claimed, 9).await;
    // The e-mails so far go out before the deadline passes, so they must not say that anything is late.
    world.local.settle().await;
    let in_time = in_time(&world, &cast.checker, &claimed, "confirm").await;
    let whole = cast.maker.read(&in_time.id()).await;
    let user_id = whole["form"]["changes"][0]["userId"].as_str().unwrap().to_owned();

    world.at(ONE_SECOND_LATER);
    let pages = pages(&world).await;
    let [maker, checker] = &pages;
    // It was submitted in time, but it has not been sent, and each page about it says so.
    let address = format!("/portal/requests/{}", slow.id());
    assert!(
        checker
            .get(&format!("{address}/confirm"))
            .await
            .expect(200)
            .shows(WARNING)
    );
    assert!(
        checker
            .get(&format!("{address}/release"))
            .await
            .expect(200)
            .shows(WARNING)
    );
    let late = cast.checker.attempt(&slow, "confirm").await.expect(200);
    hold_open(&cast, &pages, &in_time, &user_id, false).await;
    hold_open(&cast, &pages, &late, "B01234X9", true).await;

    hold_registered(&cast, maker, &in_time, &user_id, false).await;
    hold_registered(&cast, maker, &late, "B01234X9", true).await;
    let readiness = cast.maker.get("/readiness").await.expect(200);
    assert_eq!(
        (
            &readiness["counts"]["ready"],
            &readiness["counts"]["notGuaranteed"]
        ),
        (&json!(1), &json!(1))
    );
    assert_eq!(readiness["campaign"]["daysLeft"], Value::Null);
    assert!(
        maker
            .get("/portal/readiness")
            .await
            .shows("The deadline has passed.")
    );
    for (request, is_late) in [(&in_time, false), (&late, true)] {
        hold_mails(&world, &cast.maker.read(&request.id()).await, is_late).await;
    }
    world.local.stop().await;
}
