//! Erasing a person.

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::directory::PersonChange;
use countersign_domain::history::RowParts;
use countersign_domain::id::{CompanyId, PersonId};
use countersign_domain::request::StateName;
use countersign_tests::admin::{Outcome, admin};
use countersign_tests::cast::{Cast, assert_unbroken};
use countersign_tests::market::app;
use countersign_tests::{Reply, World, form_for};

use super::Trail;

/// D Wong, the demonstration's checker.
const WONG: &str = "0f2c8a51-6b1e-4d0a-9c57-1a4be0d35e02";

/// A form that names D Wong as a contact person.
fn form(number: usize) -> serde_json::Value {
    let mut form = form_for(number);
    form["contacts"][0] =
        serde_json::json!({"name": "D Wong", "email": "checker@abc.example", "telephone": "29797112"});
    form
}

/// A request of D Wong's company that names them, confirmed by them, in a state.
async fn request(cast: &Cast, number: usize, state: StateName) -> Reply {
    let draft = cast.maker.create(&form(number)).await.expect(201);
    cast.bring(draft, state).await
}

/// A name that D Wong had before.
const FORMER: &str = "Wong Dai-man";

async fn erase(world: &World, more: &[&str]) -> Outcome {
    let all = [&["erase", "--company", "abc", "--person", WONG], more].concat();
    admin(world, &all).await
}

/// Removes D Wong, as a request of AM 1 does.
async fn remove(world: &World) {
    let app = app(world, world.local.clock().clone());
    let (company, person) = (CompanyId::parse("abc").unwrap(), PersonId::parse(WONG).unwrap());
    let mut transaction = app.store().transaction();
    transaction.change_person(&company, &person, &PersonChange::Remove(app.now()), None);
    transaction.commit().await.unwrap();
}

/// The items of the table that mention D Wong, by their keys.
async fn mentions(world: &World) -> Vec<String> {
    mentions_of(world, &["D Wong", FORMER, "checker@abc.example", "29797112"]).await
}

/// The items of the table that have one of these texts, by their keys.
pub(super) async fn mentions_of(world: &World, theirs: &[&str]) -> Vec<String> {
    let scan = world.local.dynamodb().scan().table_name(world.local.table_name());
    let mut items = scan.into_paginator().items().send();
    let mut found = Vec::new();
    while let Some(item) = items.next().await {
        let item = item.unwrap();
        let text = format!("{item:?}");
        if theirs.iter().any(|theirs| text.contains(theirs)) {
            let key = |name: &str| item[name].as_s().unwrap().clone();
            found.push(format!("{} {}", key("pk"), key("sk")));
        }
    }
    found.sort();
    found
}

/// Every step has the hash that it had, and an erased person's has no name.
fn assert_history_is_kept(after: &Reply, before: &Reply) {
    for (row, was) in after["history"]
        .as_array()
        .unwrap()
        .iter()
        .zip(before["history"].as_array().unwrap())
    {
        assert_eq!((&row["hash"], &row["record"]), (&was["hash"], &was["record"]));
        let is_wong = was["actor"]["name"] == "D Wong";
        let name = if is_wong {
            "Erased person"
        } else {
            was["actor"]["name"].as_str().unwrap()
        };
        assert_eq!(row["actor"]["name"], name);
    }
}

/// The request's pages say in both languages that somebody was erased, and so many values of the form.
pub(super) async fn assert_pages_name_nobody(world: &World, request: &str, values: usize) {
    for (tag, name, erased) in [
        ("en", "Erased person", "Erased"),
        ("zh-Hant-HK", "已刪除的人士", "已刪除"),
    ] {
        let browser = world.browser("maker@abc.example").await;
        let browser = browser.with_cookie(&format!("language={tag}"));
        for page in ["", "/record"] {
            let page = browser.get(&format!("/portal/requests/{request}{page}")).await;
            let page = page.expect(200);
            let [people, all] = [name, erased].map(|text| page.body.matches(text).count());
            assert!(people > 0, "{tag}: {}", page.body);
            assert_eq!(all - people, values, "{tag}: {}", page.body);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_was_erased_is_gone_from_the_table_and_every_hash_still_verifies() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let completed = request(&cast, 1, StateName::Completed).await;
    // A refused attempt stays on record, too.
    assert_eq!(cast.checker.act(&completed, "confirm").await.status, 409);
    let completed = completed.id();
    let claimed = cast.request_in(StateName::Claimed, 2).await;
    let returned = cast
        .checker
        .act_saying(&claimed, "return", &format!("Ask {FORMER}, please."))
        .await;
    let discarded = cast.maker.act(&returned, "discard").await.expect(200).id();
    world.local.settle().await;
    let before = cast.maker.read(&completed).await;
    let entry = ("COMPANY#abc".to_owned(), format!("PERSON#{WONG}"));
    let former = AttributeValue::Ss(vec![FORMER.to_owned()]);
    world.edit(entry, "former_names", former).await;
    remove(&world).await;
    let mentioned = mentions(&world).await;
    assert!(mentioned.len() > 8, "{mentioned:?}");

    let dry = erase(&world, &["--also", "2979 7112"]).await;
    assert!(dry.is_success, "{}", dry.output);
    for told in [
        "DA3_00013361 (Completed): the name in steps 3, 4; in the form of version 1 /contacts/0/email, /contacts/0/name, \
         /contacts/0/telephone; the name at the request;",
        "DA3_00013362 (Discarded): the name in steps 3, 4; the messages of steps 4;",
        "the name in 1 entries of the audit",
        "e-mails in the ledger",
        "Nothing was erased.",
    ] {
        assert!(dry.output.contains(told), "{told}: {}", dry.output);
    }
    assert!(
        !dry.output.contains("D Wong") && !dry.output.contains("checker@"),
        "{}",
        dry.output
    );
    assert_eq!(mentions(&world).await, mentioned);

    let written = erase(&world, &["--also", "2979 7112", "--write"]).await;
    assert!(written.is_success, "{}", written.output);
    assert_eq!(mentions(&world).await, Vec::<String>::new());
    let trail = Trail::export(&world, &["--company", "abc"]).await;
    let verified = trail.verify(&trail.lines).await;
    assert!(verified.is_success, "{}", verified.output);
    let form = trail.form(&completed, 1) + 1;
    let told = format!("line {form}: /contacts/0/name is erased\n");
    assert!(verified.output.contains(&told), "{}", verified.output);

    // People read that somebody was there, under the same hashes.
    let after = cast.maker.read(&completed).await;
    assert_unbroken(&after);
    assert_eq!(after["formHash"], before["formHash"]);
    assert_history_is_kept(&after, &before);
    assert_eq!(after["form"]["contacts"][0]["name"], "");
    let seal = &after["formSeal"]["seals"]["/contacts/0/name"];
    assert!(seal["commitment"].is_string() && after["formSeal"]["secret"].is_null());
    assert_pages_name_nobody(&world, &completed, 3).await;
    let message = cast.maker.read(&discarded).await;
    assert_eq!(message["history"][3].get("message"), None);
    // A clone of what is left starts with what is left.
    let clone = cast.maker.action(&completed, "clone").send().await.expect(201);
    let clone = cast.maker.read(&clone.id()).await;
    assert_eq!(clone["form"]["contacts"][0]["email"], "");

    let again = erase(&world, &["--write"]).await;
    assert!(
        again.is_success && again.output.ends_with("is erased already.\n"),
        "{}",
        again.output
    );
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_erased_who_still_works_there_or_whom_an_open_request_needs() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let draft = request(&cast, 1, StateName::Draft).await;
    let held = cast.request_in(StateName::Claimed, 2).await;
    let employed = erase(&world, &["--write"]).await;
    assert!(
        !employed.is_success && employed.output.contains("still works for abc"),
        "{}",
        employed.output
    );
    remove(&world).await;
    let mentioned = mentions(&world).await;
    let open = erase(&world, &["--write"]).await;
    assert!(!open.is_success, "{}", open.output);
    assert!(open.output.contains("2 open requests need"), "{}", open.output);
    assert_eq!(mentions(&world).await, mentioned);
    assert_eq!(cast.maker.act(&draft, "discard").await.status, 200);
    let blocked = erase(&world, &["--write"]).await;
    assert!(
        blocked.output.contains("1 open requests need"),
        "{}",
        blocked.output
    );
    let nobody = admin(&world, &["erase", "--company", "abc", "--person", "nobody"]).await;
    assert!(!nobody.is_success);
    drop(held);
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_was_cut_off_is_run_again() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let completed = request(&cast, 1, StateName::Completed).await.id();
    remove(&world).await;
    // As far as the first run came: one row.
    let app = app(&world, world.local.clock().clone());
    let id = countersign_domain::id::RequestId::parse(&completed).unwrap();
    let row = app.store().history_row(id, 3).await.unwrap().unwrap();
    let name = RowParts {
        name: true,
        ..RowParts::default()
    };
    assert!(app.store().erase_in_row(&row, name).await.unwrap());
    // The same write comes too late a second time.
    assert!(!app.store().erase_in_row(&row, name).await.unwrap());
    let again = erase(&world, &["--also", "29797112", "--write"]).await;
    assert!(
        again.is_success && again.output.contains("the name in steps 4;"),
        "{}",
        again.output
    );
    assert_eq!(mentions(&world).await, Vec::<String>::new());
    let kept = world
        .local
        .dynamodb()
        .get_item()
        .table_name(world.local.table_name())
        .key("pk", AttributeValue::S("COMPANY#abc".to_owned()))
        .key("sk", AttributeValue::S(format!("PERSON#{WONG}")))
        .send()
        .await
        .unwrap();
    let kept = kept.item.unwrap();
    assert!(
        kept.contains_key("removed_at") && kept.contains_key("erased_at"),
        "{kept:?}"
    );
    world.local.stop().await;
}
