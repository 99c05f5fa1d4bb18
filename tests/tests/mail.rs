//! Who is notified of what: of each step of the workflow, once, in their language, whatever becomes of an e-mail.

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::request::StateName;
use countersign_tests::cast::{Cast, MESSAGE};
use countersign_tests::post::{inserted, text, told};
use countersign_tests::{Reply, World, form_for, guideline_form};
use serde_json::{Value, json};

/// The recipients of the latest e-mails, with the part of the subject after the reference.
async fn told_of(world: &World, seen: &mut usize) -> Vec<(String, String)> {
    let mails = world.mails_since(*seen).await;
    *seen += mails.len();
    let mut told: Vec<_> = mails
        .iter()
        .map(|mail| {
            let (to, subject) = told(mail);
            let (reference, what) = subject.split_once(": ").unwrap();
            assert!(reference.starts_with("DA3_"), "{subject}");
            (to, what.to_owned())
        })
        .collect();
    told.sort();
    told
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut pairs: Vec<_> = expected
        .iter()
        .map(|(to, what)| ((*to).to_owned(), (*what).to_owned()))
        .collect();
    pairs.sort();
    pairs
}

const CHECKER: &str = "checker@abc.example";
const CHECKER2: &str = "checker2@abc.example";
const MAKER: &str = "maker@abc.example";
const OFFICER: &str = "officer@exchange.example";
const OFFICER2: &str = "officer2@exchange.example";

#[tokio::test(flavor = "multi_thread")]
async fn each_step_of_a_company_tells_whom_the_workflows_last_column_says_and_nobody_else() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let mut seen = 0;

    let draft = cast.maker.create(&guideline_form()).await.expect(201);
    assert_eq!(
        told_of(&world, &mut seen).await,
        [],
        "a draft is nobody's business"
    );

    let ready = cast.maker.act(&draft, "submit").await.expect(200);
    let to_check = [
        (CHECKER, "ready for you to check"),
        (CHECKER2, "ready for you to check"),
    ];
    assert_eq!(told_of(&world, &mut seen).await, pairs(&to_check));

    let draft = cast.maker.act(&ready, "reclaim").await.expect(200);
    let withdrawn = [
        (CHECKER, "withdrawn, nothing to check"),
        (CHECKER2, "withdrawn, nothing to check"),
    ];
    assert_eq!(told_of(&world, &mut seen).await, pairs(&withdrawn));

    let ready = cast.maker.act(&draft, "submit").await.expect(200);
    assert_eq!(told_of(&world, &mut seen).await, pairs(&to_check));
    let claimed = cast.checker.act(&ready, "claim").await.expect(200);
    let returned = cast
        .checker
        .act_saying(&claimed, "return", MESSAGE)
        .await
        .expect(200);
    assert_eq!(
        told_of(&world, &mut seen).await,
        pairs(&[
            (MAKER, "returned to you"),
            (CHECKER2, "returned, nothing to check")
        ])
    );

    let ready = cast.maker.act(&returned, "submit").await.expect(200);
    told_of(&world, &mut seen).await;
    let claimed = cast.checker.act(&ready, "claim").await.expect(200);
    let sent = cast.checker.act(&claimed, "confirm").await.expect(200);
    let confirmed = [
        (MAKER, "sent to HKEX"),
        (CHECKER2, "confirmed, nothing to check"),
        (OFFICER, "new on the exchange desk"),
        (OFFICER2, "new on the exchange desk"),
    ];
    assert_eq!(told_of(&world, &mut seen).await, pairs(&confirmed));

    let claimed = cast.checker.act(&sent, "reclaim").await.expect(200);
    let off = [
        (OFFICER, "withdrawn from the exchange desk"),
        (OFFICER2, "withdrawn from the exchange desk"),
    ];
    assert_eq!(told_of(&world, &mut seen).await, pairs(&off));

    assert_eq!(claimed["state"], "Claimed");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_step_of_the_exchange_tells_whom_the_workflows_last_column_says_and_nobody_else() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let mut seen = 0;
    let sent = cast.request_in(StateName::Sent, 1).await;
    told_of(&world, &mut seen).await;
    let processing = cast.officer.act(&sent, "claim").await.expect(200);
    let returned = cast
        .officer
        .act_saying(&processing, "return", MESSAGE)
        .await
        .expect(200);
    let by_exchange = [
        (MAKER, "returned by HKEX"),
        (CHECKER, "returned by HKEX to its maker"),
    ];
    assert_eq!(told_of(&world, &mut seen).await, pairs(&by_exchange));

    let processing = cast.bring(returned, StateName::Processing).await;
    told_of(&world, &mut seen).await;
    let done = cast.officer.act(&processing, "complete").await.expect(200);
    assert_eq!(done["state"], "Completed");
    let completed = [
        (MAKER, "completed"),
        (CHECKER, "completed"),
        ("AAA@bank.com.hk", "completed"),
        ("ABC@bank.com.hk", "your e-mail address is registered"),
    ];
    assert_eq!(told_of(&world, &mut seen).await, pairs(&completed));

    let processing = cast.request_in(StateName::Processing, 2).await;
    told_of(&world, &mut seen).await;
    let done = cast
        .officer
        .act_saying(&processing, "reject", MESSAGE)
        .await
        .expect(200);
    assert_eq!(done["state"], "Rejected");
    let rejected = [(MAKER, "rejected by HKEX"), (CHECKER, "rejected by HKEX")];
    assert_eq!(told_of(&world, &mut seen).await, pairs(&rejected));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_says_who_did_what_when_and_leads_to_the_request() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    world.edit_person(CHECKER2, "language", text("zh-Hant-HK")).await;
    let ready = cast.maker.create(&guideline_form()).await.expect(201);
    let ready = cast
        .maker
        .act_saying(&ready, "submit", "Before noon,\nplease.")
        .await
        .expect(200);
    let mails = world.mails_since(0).await;
    let of = |to: &str| &mails.iter().find(|mail| mail.message.to == [to]).unwrap().message;

    let mail = of(CHECKER);
    let body = mail.text.as_deref().unwrap();
    let link = format!("{}/portal/requests/{}", world.local.url(), ready.id());
    for part in [
        "A Maker",
        "07-Feb-2023 10:43 HKT",
        "> Before noon,\n> please.",
        "B01234X1",
        "ABC@bank.com.hk",
        &link,
    ] {
        assert!(body.contains(part), "{part}: {body}");
    }
    assert!(mail.html.as_deref().unwrap().contains(&link));
    let header = |name: &str| {
        let header = mail.headers.iter().find(|header| header.name == name).unwrap();
        header.value.clone()
    };
    assert_eq!(header("Auto-Submitted"), "auto-generated");
    assert_eq!(header("X-Auto-Response-Suppress"), "All");
    assert!(header("List-Id").ends_with("<requests.countersign.example>"));
    assert_eq!(
        header("References"),
        format!("<{}@countersign.example>", ready.id())
    );
    assert_eq!(mail.from, "Countersign <no-reply@countersign.example>");

    let chinese = of(CHECKER2);
    assert!(
        chinese.subject.starts_with("DA3_00013361："),
        "{}",
        chinese.subject
    );
    assert!(chinese.html.as_deref().unwrap().contains("lang=\"zh-Hant-HK\""));
}

/// A batch of the stream with every row of a request's history.
async fn batch(world: &World, request: &Reply) -> Value {
    let rows = world
        .local
        .dynamodb()
        .query()
        .table_name(world.local.table_name())
        .key_condition_expression("pk = :pk AND begins_with(sk, :row)")
        .expression_attribute_values(":pk", text(&format!("REQ#{}", request.id())))
        .expression_attribute_values(":row", text("EVT#"))
        .send()
        .await
        .unwrap();
    let records: Vec<Value> = rows.items().iter().map(inserted).collect();
    json!({ "Records": records })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_comes_again_tells_nobody_again() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let completed = cast.request_in(StateName::Completed, 1).await;
    let told = world.told_since(0).await;
    assert_eq!(told.len(), 10, "{told:?}");
    let event = batch(&world, &completed).await;
    for _ in 0..3 {
        let answer = world.local.invoke("notify", event.clone()).await.unwrap();
        assert_eq!(answer, json!({"batchItemFailures": []}));
    }
    assert_eq!(world.told_since(0).await, told);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_cannot_be_read_keeps_none_of_the_others_from_being_told() {
    let world = World::start().await;
    let maker = world.sign_in(MAKER).await;
    let submitted = maker.submit(&guideline_form()).await;
    world.local.settle().await;
    let mut event = batch(&world, &submitted).await;
    let poison = json!({"dynamodb": {
        "Keys": {"pk": {"S": "REQ#x"}, "sk": {"S": "EVT#0000000001"}}, "SequenceNumber": "7", "NewImage": {},
    }});
    event["Records"].as_array_mut().unwrap().insert(0, poison);
    let answer = world.local.invoke("notify", event).await.unwrap();
    assert_eq!(answer, json!({"batchItemFailures": [{"itemIdentifier": "7"}]}));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_comes_back_shows_at_the_request_to_its_company_alone() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    world
        .edit_person(CHECKER2, "email", text("bounce@abc.example"))
        .await;
    let ready = cast.maker.submit(&guideline_form()).await;
    world.local.settle().await;
    let shown = cast.maker.read(&ready.id()).await;
    let undelivered = shown["undelivered"].as_array().unwrap();
    assert_eq!(undelivered.len(), 1, "{undelivered:?}");
    let (mail, status) = (&undelivered[0], json!("bounced"));
    assert_eq!(
        (&mail["email"], &mail["status"]),
        (&json!("bounce@abc.example"), &status)
    );
    assert_eq!(
        (&mail["name"], &mail["audience"]),
        (&json!("C Two"), &json!("checkers"))
    );

    let page = world.browser(MAKER).await;
    let page = page.get(&format!("/portal/requests/{}", ready.id())).await;
    for part in ["Could not be delivered by e-mail", "C Two", "bounce@abc.example"] {
        assert!(page.shows(part), "{part}");
    }

    // The other checker was reached, so the maker is not told that no checker was.
    assert!(world.told_since(0).await.iter().all(|(to, _)| to != MAKER));
    let claimed = cast.checker.act(&ready, "claim").await.expect(200);
    let sent = cast.checker.act(&claimed, "confirm").await.expect(200);
    let seen = cast.officer.read(&sent.id()).await;
    assert_eq!(
        seen["undelivered"],
        json!([]),
        "whom a company tells is its own business"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn when_no_checker_can_be_reached_the_maker_is_told_once() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    world
        .edit_person(CHECKER, "email", text("bounce+1@abc.example"))
        .await;
    world
        .edit_person(CHECKER2, "email", text("bounce+2@abc.example"))
        .await;
    let unreachable = |told: &[(String, String)]| {
        told.iter()
            .filter(|(to, subject)| to == MAKER && subject.ends_with("no checker could be reached by e-mail"))
            .count()
    };
    cast.maker.submit(&form_for(1)).await;
    assert_eq!(unreachable(&world.told_since(0).await), 1);

    // Both addresses are suppressed by now, so nothing is sent to them, and the maker of the next request is told at
    // once.
    let before = world.told_since(0).await.len();
    let second = cast.maker.submit(&form_for(2)).await;
    let told = world.told_since(before).await;
    assert_eq!((told.len(), unreachable(&told)), (1, 1), "{told:?}");
    let shown = cast.maker.read(&second.id()).await;
    let statuses = shown["undelivered"]
        .as_array()
        .unwrap()
        .iter()
        .map(|mail| &mail["status"]);
    assert_eq!(
        statuses.collect::<Vec<_>>(),
        [&json!("suppressed"), &json!("suppressed")]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_of_the_directory_that_is_none_shows_as_not_told() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let broken = "checker\r\nBcc: everyone@abc.example";
    world.edit_person(CHECKER2, "email", text(broken)).await;
    let ready = cast.maker.submit(&guideline_form()).await;
    let told = world.told_since(0).await;
    assert_eq!(told.len(), 1, "{told:?}");
    let shown = cast.maker.read(&ready.id()).await;
    assert_eq!(shown["undelivered"][0]["status"], json!("suppressed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_lost_the_right_or_left_is_not_told() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let other = AttributeValue::Ss(vec!["Something".to_owned()]);
    world.edit_person(CHECKER2, "rights", other).await;
    cast.maker.submit(&guideline_form()).await;
    let told = world.told_since(0).await;
    assert_eq!(
        told.iter().map(|(to, _)| to.as_str()).collect::<Vec<_>>(),
        [CHECKER]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_internationalised_address_gets_its_mail_in_its_ascii_form() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let mut form = guideline_form();
    form["changes"][0]["email"] = json!("abc@銀行.hk");
    let draft = cast.maker.create(&form).await.expect(201);
    cast.bring(draft, StateName::Completed).await;
    let told = world.told_since(0).await;
    let ascii = told
        .iter()
        .find(|(_, subject)| subject.ends_with("your e-mail address is registered"));
    assert_eq!(ascii.unwrap().0, "abc@xn--jn2ax2s.hk");
}
