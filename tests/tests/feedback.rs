//! What SES reports of an e-mail after it took it.

use countersign_domain::request::StateName;
use countersign_local::Mail;
use countersign_tests::cast::Cast;
use countersign_tests::post::text;
use countersign_tests::{Reply, World, form_for, guideline_form};
use serde_json::{Map, Value, json};

const MAKER: &str = "maker@abc.example";
const NOW: &str = "2023-02-07T02:43:00.000Z";

/// What SES reports of an e-mail that did not arrive (SES Developer Guide, "Bounce object").
fn bounce(kind: &str, at: &str, address: &str) -> Value {
    json!({"eventType": "Bounce", "bounce": {
        "bounceType": kind, "timestamp": at, "bouncedRecipients": [{"emailAddress": address}]}})
}

/// Has SES report something of the first e-mail that went to an address.
async fn report(world: &World, address: &str, mut event: Value) {
    let mails = world.mails_since(0).await;
    let mail = mails.iter().find(|mail| mail.message.to == [address]).unwrap();
    let tags = mail.message.tags.iter();
    let tags: Map<String, Value> = tags.map(|(name, value)| (name.clone(), json!([value]))).collect();
    event["mail"] = json!({ "tags": tags });
    let event = json!({"Records": [{"Sns": {"Message": event.to_string()}}]});
    world.local.invoke("feedback", event).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_arrived_shows_as_delivered_with_its_time_in_both_languages() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let ready = cast.maker.submit(&guideline_form()).await;
    world.local.settle().await;
    let page = world.browser("maker@abc.example").await;
    let path = format!("/portal/requests/{}", ready.id());
    let english = page.get(&path).await;
    for part in [
        "<bdi>D Wong</bdi> (delivered, <span class=\"nowrap\">07-Feb-2023 10:43 HKT</span>)",
        "<bdi>C Two</bdi> (delivered, <span class=\"nowrap\">07-Feb-2023 10:43 HKT</span>)",
    ] {
        assert!(english.body.contains(part), "{part}: {}", english.body);
    }
    let chinese = world.browser("maker@abc.example").await;
    let chinese = chinese.with_cookie("language=zh-Hant-HK").get(&path).await;
    assert!(
        chinese.body.contains("<bdi>D Wong</bdi> (已送達, "),
        "{}",
        chinese.body
    );
    let shown = cast.maker.read(&ready.id()).await;
    assert_eq!(shown["undelivered"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_a_server_took_and_then_returned_shows_as_bounced_whatever_comes_late() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let sent = cast.request_in(StateName::Sent, 1).await;
    world.local.settle().await;
    for event in [bounce("Transient", NOW, MAKER), json!({"eventType": "Delivery"})] {
        report(&world, MAKER, event).await;
    }
    let shown = cast.maker.read(&sent.id()).await;
    assert_eq!(
        shown["undelivered"][0]["status"],
        json!("bounced"),
        "{}",
        shown.body
    );
}

const OFFICER: &str = "officer@exchange.example";
const ABC: &str = "/portal/readiness?company=abc";

/// A form that registers this address for the guideline's User ID.
fn form_to(address: &str) -> Value {
    let mut form = guideline_form();
    form["changes"][0]["email"] = json!(address);
    form
}

/// Brings a request to its completion that registers an address.
async fn register(world: &World, cast: &Cast, address: &str) -> Reply {
    let draft = cast.maker.create(&form_to(address)).await.expect(201);
    let completed = cast.bring(draft, StateName::Completed).await;
    world.local.settle().await;
    completed
}

async fn listing(cast: &Cast) -> Value {
    let page = cast.maker.get("/delegated-administrators").await.expect(200);
    page["items"][0]["twoFactor"].clone()
}

async fn sent_to(world: &World, address: &str) -> usize {
    let mails = world.mails_since(0).await;
    mails.iter().filter(|mail| mail.message.to == [address]).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registered_address_that_bounces_shows_in_readiness_and_its_company_is_told_once() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let completed = register(&world, &cast, "bounce@bank.example").await;

    // Its maker and its checker are told once what to do, whatever is delivered twice.
    let told = |mails: Vec<Mail>| {
        let mails = mails.into_iter();
        let about = mails.filter(|mail| mail.message.subject.ends_with("a registered address bounced"));
        let mut to: Vec<_> = about.map(|mail| mail.message.to[0].clone()).collect();
        to.sort();
        to
    };
    let expected = ["checker@abc.example", MAKER];
    assert_eq!(told(world.mails_since(0).await), expected);
    let mails = world.mails_since(0).await;
    let mail = mails
        .iter()
        .find(|mail| mail.message.subject.ends_with("a registered address bounced"))
        .unwrap();
    let text = mail.message.text.as_deref().unwrap();
    for part in ["bounce@bank.example", "B01234X1", "Address bounced"] {
        assert!(text.contains(part), "{part}: {text}");
    }

    // The API, the CSV and the pages of both sides say so; the company's people can't let mail out.
    assert_eq!(listing(&cast).await, json!("addressBounced"));
    for (user, path) in [
        (&cast.maker, "/readiness"),
        (&cast.officer, "/readiness?company=abc"),
    ] {
        let counts = user.get(path).await.expect(200)["counts"].clone();
        assert_eq!(
            (&counts["addressBounced"], &counts["ready"]),
            (&json!(1), &json!(0))
        );
    }
    let csv = cast
        .maker
        .get("/readiness.csv")
        .await
        .expect(200)
        .body
        .to_string();
    assert!(
        csv.contains("bounce@bank.example") && csv.contains("addressBounced"),
        "{csv}"
    );
    let company = world.browser(MAKER).await;
    let page = company.get("/portal/readiness").await;
    assert!(page.shows("Address bounced") && page.shows("bounce@bank.example"));
    assert!(!page.body.contains("action=\"/portal/readiness\""));
    let chinese = company
        .with_cookie("language=zh-Hant-HK")
        .get("/portal/readiness")
        .await;
    assert!(chinese.shows("電郵被退回"));
    let officers = world.browser(OFFICER).await.get(ABC).await;
    assert!(officers.shows("Address bounced") && officers.shows("Let e-mail out again"));
    assert_eq!(completed["state"], json!("Completed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_lets_mail_out_again_and_nobody_else_can() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let address = "bounce@bank.example";
    register(&world, &cast, address).await;
    let fields = |company: &'static str, user: &'static str| {
        [("company", company), ("participant", "B01234"), ("user", user)]
    };
    // Neither the company itself, nor an officer for a company or a User ID that does not go with it.
    let maker = world.browser(MAKER).await;
    let refused = maker.post("/portal/readiness", &fields("abc", "B01234X1")).await;
    assert_eq!(refused.status, 403, "{}", refused.body);
    let officer = world.browser(OFFICER).await;
    for (company, user) in [("bank", "B01234X1"), ("abc", "B01234X2"), ("abc", "nobody")] {
        let nothing = officer.post("/portal/readiness", &fields(company, user)).await;
        assert_eq!(nothing.status, 404, "{company} {user}");
    }
    assert_eq!(listing(&cast).await, json!("addressBounced"));

    let done = officer
        .submit("/portal/readiness", &fields("abc", "B01234X1"))
        .await;
    assert!(
        done.shows("E-mail goes out to that address again."),
        "{}",
        done.body
    );
    assert_eq!(listing(&cast).await, json!("ready"));
    // The next mail is truly sent. This one comes back again, and the address shows so again.
    let before = sent_to(&world, address).await;
    world
        .edit_person("checker2@abc.example", "email", text(address))
        .await;
    let _ = cast.maker.submit(&form_for(2)).await.expect(200);
    assert_eq!(sent_to(&world, address).await, before + 1);
    assert_eq!(listing(&cast).await, json!("addressBounced"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_registered_anew_gets_its_mail_and_a_repeated_record_does_not_try_it_again() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let address = "bounce@bank.example";
    register(&world, &cast, address).await;
    assert_eq!(sent_to(&world, address).await, 1);
    world.at("2023-02-07T10:47:00+08:00");
    let again = register(&world, &cast, address).await;
    assert_eq!(sent_to(&world, address).await, 2, "it was registered anew");
    assert_eq!(
        listing(&cast).await,
        json!("addressBounced"),
        "and came back again"
    );
    let row = world
        .row(
            &again.id(),
            u32::try_from(again["version"].as_u64().unwrap()).unwrap(),
        )
        .await;
    let event = json!({ "Records": [row] });
    world.local.invoke("notify", event).await.unwrap();
    assert_eq!(sent_to(&world, address).await, 2);
    assert_eq!(listing(&cast).await, json!("addressBounced"));

    // Another address is fine from the moment it is registered.
    world.at("2023-02-07T10:51:00+08:00");
    register(&world, &cast, "right@bank.example").await;
    assert_eq!(listing(&cast).await, json!("ready"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_complaint_keeps_mail_away_and_says_nothing_about_readiness() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    register(&world, &cast, "complaint@bank.example").await;
    assert_eq!(listing(&cast).await, json!("ready"));
    let mails = world.told_since(0).await;
    assert!(
        mails.iter().all(|(_, subject)| !subject.contains("bounced")),
        "{mails:?}"
    );
    // Registering the address anew does not take the complaint back.
    world.at("2023-02-07T10:47:00+08:00");
    register(&world, &cast, "complaint@bank.example").await;
    assert_eq!(sent_to(&world, "complaint@bank.example").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bounce_of_before_that_is_read_late_says_nothing_about_an_address_registered_since() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let address = "da@bank.example";
    let _ = register(&world, &cast, address).await;
    let before = listing(&cast).await;
    report(
        &world,
        address,
        bounce("Permanent", "2023-02-01T00:00:00.000Z", address),
    )
    .await;
    assert_eq!(listing(&cast).await, before);

    let _ = register(&world, &cast, address).await;
    assert_eq!(sent_to(&world, address).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bounce_does_not_take_a_complaint_back() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let address = "da@bank.example";
    let _ = register(&world, &cast, address).await;
    let complaint = json!({"eventType": "Complaint", "complaint": {
        "timestamp": NOW, "complainedRecipients": [{"emailAddress": address}]}});
    report(&world, address, complaint).await;
    report(
        &world,
        address,
        bounce("Permanent", "2023-02-07T02:44:00.000Z", address),
    )
    .await;

    // A registration lifts a bounce. It says nothing about what the person wants.
    world.at("2023-02-07T10:45:00+08:00");
    let _ = register(&world, &cast, address).await;
    assert_eq!(sent_to(&world, address).await, 1);
}
