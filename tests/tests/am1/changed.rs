//! A person's name and address, changed by the same four eyes as their rights.

use std::collections::BTreeSet;

use countersign_tests::guideline_form;
use serde_json::{Value, json};

use super::{CHECKER, CHECKER2, MAKER, Scene, add, change, id_of};

/// A form that gives a person this name and this address, and leaves their rights.
fn renamed(user: &str, name: &str, address: &str) -> Value {
    let mut form = change(user, "MakeAndCheck", "Yes");
    form["newName"] = json!(name);
    form["newEmail"] = json!(address);
    form
}

/// Has the domain refuse a form at this place.
async fn refused_at(scene: &Scene, form: &Value, pointer: &str) {
    let draft = scene.maker.create(form).await.expect(201);
    let refused = scene.maker.act(&draft, "submit").await;
    let refused = refused.refused(409, "directory-disagrees");
    assert_eq!(refused.pointers(), [pointer]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_gets_another_name_and_address_and_the_history_keeps_the_name_of_the_time() {
    let scene = Scene::set().await;
    let before = scene.checker2.create(&guideline_form()).await.expect(201);
    let form = renamed(CHECKER2, "C Two-Wong", "c.wong@abc.example");
    let claimed = scene.claimed(&form).await;
    // Until the checker confirms it, nothing has changed.
    assert_eq!(scene.person(id_of(CHECKER2)).await.name, "C Two");
    let _ = scene.checker.act(&claimed, "confirm").await.expect(200);
    let person = scene.person(id_of(CHECKER2)).await;
    assert_eq!(
        (person.name.as_str(), person.email.as_str()),
        ("C Two-Wong", "c.wong@abc.example")
    );
    assert_eq!(person.former_names, BTreeSet::from(["C Two".to_owned()]));
    let whole = scene.maker.read(&before.id()).await;
    assert_eq!(whole["history"][0]["actor"]["name"], "C Two");

    // They sign in with the new address, and what they do from now on has the new name.
    scene.world.local.settle().await;
    let signed_in = scene.world.sign_in("c.wong@abc.example").await;
    let after = signed_in.create(&guideline_form()).await.expect(201);
    let whole = scene.maker.read(&after.id()).await;
    assert_eq!(whole["history"][0]["actor"]["name"], "C Two-Wong");
    let page = scene.world.browser(MAKER).await.get("/portal/company").await;
    let page = page.expect(200);
    assert!(page.shows("Formerly: <bdi>C Two</bdi>"), "{}", page.body);
    scene.world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_former_name_stays_theirs_and_an_address_is_one_persons() {
    let scene = Scene::set().await;
    let _ = scene
        .done(&renamed(CHECKER2, "C Wong", "c.wong@abc.example"))
        .await;
    refused_at(&scene, &add("c  TWO", "new@abc.example"), "/name").await;
    refused_at(&scene, &renamed(MAKER, "C Two", "maker@abc.example"), "/newName").await;
    refused_at(
        &scene,
        &renamed(MAKER, "A Maker", "C.Wong@abc.example"),
        "/newEmail",
    )
    .await;
    // The earlier address is free, and the earlier name is free for whoever had it.
    let _ = scene.done(&add("N Joiner", CHECKER2)).await;
    let _ = scene
        .done(&renamed(CHECKER2, "C Two", "c.wong@abc.example"))
        .await;
    assert_eq!(scene.person(id_of(CHECKER2)).await.name, "C Two");
    let _ = scene
        .done(&renamed(CHECKER2, "C Wong", "c.wong@abc.example"))
        .await;
    refused_at(&scene, &renamed(MAKER, "C Two", "maker@abc.example"), "/newName").await;
    scene.world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_change_leaves_empty_or_repeats_stays() {
    let scene = Scene::set().await;
    for form in [
        change(CHECKER2, "MakeAndCheck", "Yes"),
        renamed(CHECKER2, "C Two", CHECKER2),
    ] {
        let _ = scene.done(&form).await;
        let person = scene.person(id_of(CHECKER2)).await;
        assert_eq!((person.name.as_str(), person.email.as_str()), ("C Two", CHECKER2));
        assert!(person.former_names.is_empty());
    }
    // What somebody wants for themselves keeps nobody from changing them, whatever name both repeat.
    let _ = scene.maker.submit(&renamed(MAKER, "A Maker", MAKER)).await;
    let _ = scene.checker.submit(&renamed(MAKER, "A Maker", MAKER)).await;
    scene.world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_changes_that_give_one_name_the_later_confirmation_is_refused() {
    let scene = Scene::set().await;
    let one = scene.claimed(&add("N Joiner", "joiner@abc.example")).await;
    let form = renamed(CHECKER2, "N Joiner", CHECKER2);
    let other = scene.maker.submit(&form).await;
    let other = scene.checker.act(&other, "claim").await.expect(200);
    let _ = scene.checker.act(&one, "confirm").await.expect(200);
    let refused = scene.checker.attempt(&other, "confirm").await;
    let refused = refused.refused(409, "directory-disagrees");
    assert_eq!(refused.pointers(), ["/newName"]);
    assert_eq!(scene.person(id_of(CHECKER2)).await.name, "C Two");
    // Nobody changes their own name alone.
    let own = scene.maker.submit(&renamed(MAKER, "Another Name", MAKER)).await;
    let _ = scene
        .maker
        .attempt(&own, "claim")
        .await
        .refused(403, "own-request");
    let about = scene.maker.submit(&renamed(CHECKER, "D Other", CHECKER)).await;
    let _ = scene
        .checker
        .attempt(&about, "claim")
        .await
        .refused(403, "about-you");
    scene.world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_other_managers_are_asked_and_told_when_a_company_goes_back_to_one_checker() {
    let scene = Scene::set().await;
    let settings = |checkers: &str| {
        json!({
            "eService": "AM1", "maintenanceRequest": "Company", "checkers": checkers, "approvesByMail": "No",
            "recordsViews": "No",
        })
    };
    let _ = scene.done(&settings("2")).await;
    let before = scene.world.mails_since(0).await.len();
    let _ = scene.done(&settings("1")).await;
    assert_eq!(scene.company().await.checkers, 1);
    let mails = scene.world.mails_since(before).await;
    let told: Vec<_> = mails
        .iter()
        .filter(|mail| mail.message.to == [CHECKER2])
        .collect();
    let subjects: Vec<&str> = told.iter().map(|mail| mail.message.subject.as_str()).collect();
    let is_there = |text: &str| subjects.iter().any(|subject| subject.contains(text));
    assert!(
        is_there("ready for you to check") && is_there("confirmed, nothing to check"),
        "{subjects:?}"
    );
    let text = |mail: &&countersign_local::Mail| mail.message.text.clone().unwrap_or_default();
    assert!(
        told.iter()
            .map(text)
            .any(|text| text.contains("Checkers that a request needs"))
    );
    scene.world.local.stop().await;
}
