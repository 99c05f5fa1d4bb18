//! Erasing others than a maker and checker of today: a colleague who was handed a claim, somebody whom AM 1 added and
//! removed, an officer.

use countersign_domain::directory::PersonChange;
use countersign_domain::id::{CompanyId, PersonId};
use countersign_local::demonstration::PEOPLE;
use countersign_tests::Reply;
use countersign_tests::cast::{SECOND_CHECKER, assert_unbroken};
use countersign_tests::market::app;
use serde_json::{Value, json};

use super::erase::{assert_pages_name_nobody, mentions_of};
use super::*;

/// The ID that the directory has for a person of the demonstration.
fn id_of(user: &str) -> &'static str {
    PEOPLE.iter().find(|person| person.user == user).unwrap().id
}

/// Takes a request of AM 1 to its completion.
pub(super) async fn manage(cast: &Cast, form: &Value) -> Reply {
    let submitted = cast.maker.submit(form).await;
    let claimed = cast.checker.act(&submitted, "claim").await.expect(200);
    let done = cast.checker.act(&claimed, "confirm").await.expect(200);
    assert_eq!(done["state"], "Completed");
    done
}

fn removal(person: &str) -> Value {
    json!({"eService": "AM1", "maintenanceRequest": "Remove", "person": person})
}

async fn erase(world: &World, company: &str, person: &str) -> Outcome {
    admin(
        world,
        &["erase", "--company", company, "--person", person, "--write"],
    )
    .await
}

/// Erases a person, and checks that no item has a text of theirs and that the company's file verifies.
async fn erase_wholly(world: &World, (company, person): (&str, &str), theirs: &[&str], verified: &str) {
    assert!(!mentions_of(world, theirs).await.is_empty());
    let erased = erase(world, company, person).await;
    assert!(erased.is_success, "{}", erased.output);
    assert_eq!(mentions_of(world, theirs).await, Vec::<String>::new());
    let trail = Trail::export(world, &["--company", verified]).await;
    let outcome = trail.verify(&trail.lines).await;
    assert!(outcome.is_success, "{}", outcome.output);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_whom_a_claim_was_handed_to_is_erased_after_am_1_removed_them() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let claimed = cast.request_in(StateName::Claimed, 1).await;
    let handed = cast
        .checker
        .action(&claimed.id(), "hand-over")
        .if_match(&claimed.etag());
    let handed = handed.json(&json!({"colleague": SECOND_CHECKER, "message": "C Two, please."}));
    let handed = handed.send().await.expect(200);
    let released = cast.checker2.act(&handed, "release").await.expect(200);
    let claimed = cast.checker.act(&released, "claim").await.expect(200);
    let sent = cast.checker.act(&claimed, "confirm").await.expect(200);
    let taken = cast.officer.act(&sent, "claim").await.expect(200);
    let _ = cast.officer.act(&taken, "complete").await.expect(200);
    let removed = manage(&cast, &removal(SECOND_CHECKER)).await;
    world.local.settle().await;
    let before = cast.maker.read(&sent.id()).await;
    assert_eq!(before["history"][3]["handedTo"]["name"], "C Two");

    let theirs = ["C Two", "checker2@abc.example"];
    erase_wholly(&world, ("abc", SECOND_CHECKER), &theirs, "abc").await;
    let after = cast.maker.read(&sent.id()).await;
    assert_unbroken(&after);
    let handed = &after["history"][3];
    assert_eq!(handed["handedTo"]["name"], "Erased person");
    assert_eq!(handed["actor"]["name"], "D Wong");
    assert_eq!(handed.get("message"), None);
    assert_eq!(handed["hash"], before["history"][3]["hash"]);
    assert!(handed["seals"]["handed_to"]["commitment"].is_string());
    // The contact person is the one that their drafts started with.
    assert_pages_name_nobody(&world, &sent.id(), 3).await;
    // The request that removed them names them by their ID alone.
    assert_pages_name_nobody(&world, &removed.id(), 0).await;
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_am_1_added_and_removed_is_erased_in_the_form_that_added_them_too() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let added = json!({
        "eService": "AM1", "maintenanceRequest": "Add", "name": "N Joiner", "email": "joiner@abc.example",
        "access": "MakeAndCheck", "managesUsers": "No",
    });
    let added = manage(&cast, &added).await;
    let person = added.id();
    world.local.settle().await;
    let working = erase(&world, "abc", &person).await;
    assert!(
        working.output.contains("still works for abc"),
        "{}",
        working.output
    );
    let _ = manage(&cast, &removal(&person)).await;
    world.local.settle().await;

    let theirs = ["N Joiner", "joiner@abc.example"];
    erase_wholly(&world, ("abc", &person), &theirs, "abc").await;
    let after = cast.maker.read(&added.id()).await;
    assert_eq!(
        (&after["form"]["name"], &after["form"]["email"]),
        (&json!(""), &json!(""))
    );
    assert_eq!(after["form"]["access"], "MakeAndCheck");
    let browser = world.browser("maker@abc.example").await;
    let page = browser.get(&format!("/portal/requests/{}", added.id())).await;
    let page = page.expect(200);
    assert_eq!(page.body.matches("Erased").count(), 2, "{}", page.body);
    // Their name is free again.
    let again = json!({
        "eService": "AM1", "maintenanceRequest": "Add", "name": "N Joiner", "email": "other@abc.example",
        "access": "MakeAndCheck", "managesUsers": "No",
    });
    let _ = manage(&cast, &again).await;
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_is_erased_at_every_company_and_not_while_they_hold_a_request() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let sent = cast.request_in(StateName::Sent, 1).await;
    let taken = cast
        .officer2
        .act_saying(&sent, "claim", "E Two looks into it.")
        .await;
    let completed = cast
        .officer2
        .act(&taken.expect(200), "complete")
        .await
        .expect(200);
    let held = cast.request_in(StateName::Sent, 2).await;
    let held = cast.officer2.act(&held, "claim").await.expect(200);
    world.local.settle().await;
    let officer2 = id_of("officer2@exchange.example");
    let app = app(&world, world.local.clock().clone());
    let (exchange, person) = (CompanyId::exchange(), PersonId::parse(officer2).unwrap());
    let mut transaction = app.store().transaction();
    transaction.change_person(&exchange, &person, &PersonChange::Remove(app.now()), None);
    transaction.commit().await.unwrap();

    let blocked = erase(&world, "EXCHANGE", officer2).await;
    assert!(
        !blocked.is_success && blocked.output.contains("1 open requests need"),
        "{}",
        blocked.output
    );
    let released = cast.officer2.act(&held, "release").await.expect(200);
    let taken = cast.officer.act(&released, "claim").await.expect(200);
    let _ = cast.officer.act(&taken, "complete").await.expect(200);
    world.local.settle().await;

    let theirs = ["E Two", "officer2@exchange.example"];
    erase_wholly(&world, ("EXCHANGE", officer2), &theirs, "abc").await;
    let after = cast.maker.read(&completed.id()).await;
    assert_unbroken(&after);
    for step in [4, 5] {
        assert_eq!(after["history"][step]["actor"]["name"], "Erased person");
    }
    assert_eq!(after["history"][4].get("message"), None);
    assert_pages_name_nobody(&world, &completed.id(), 0).await;
    world.local.stop().await;
}
