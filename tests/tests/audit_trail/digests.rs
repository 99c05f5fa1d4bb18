//! What could tell an erased person from a list of names and addresses: digests that have no salt.

use countersign_domain::directory::name_digest;
use countersign_domain::id::{CompanyId, Digest, PersonId};
use countersign_platform::App;
use countersign_platform::store::import::Correction;
use countersign_tests::market::app;
use serde_json::{Value, json};

use super::erase::mentions_of;
use super::erased::manage;
use super::*;

const ADDRESS: &str = "joiner@abc.example";

fn add(name: &str, address: &str) -> Value {
    json!({
        "eService": "AM1", "maintenanceRequest": "Add", "name": name, "email": address,
        "access": "MakeAndCheck", "managesUsers": "No",
    })
}

/// Renames a person, as an import does.
async fn rename(app: &App, person: &str, name: &str) {
    let (company, id) = (CompanyId::parse("abc").unwrap(), PersonId::parse(person).unwrap());
    let there = app.store().person(&company, &id).await.unwrap().unwrap();
    let mut transaction = app.store().transaction();
    let correction = Correction {
        person: id,
        revision: there.revision,
        name: name.to_owned(),
        former: Some(there.name),
        rights: there.rights,
        contact: there.contact,
    };
    transaction.correct_person(&company, &correction);
    transaction.commit().await.unwrap();
}

fn digest(name: &str) -> String {
    name_digest(name).to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_digest_of_an_erased_persons_names_and_address_is_left_once_no_open_request_needs_them() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let app = app(&world, world.local.clock().clone());
    let misspelled = cast.maker.submit(&add("N Joyner", ADDRESS)).await;
    let returned = cast.maker.act(&misspelled, "reclaim").await.expect(200);
    let _ = cast.maker.act(&returned, "discard").await.expect(200);
    let person = manage(&cast, &add("N Joiner", ADDRESS)).await.id();
    // Somebody with the same name as one of theirs is about to be added.
    let open = cast.maker.submit(&add("N Between", "other@abc.example")).await;
    rename(&app, &person, "N Between").await;
    rename(&app, &person, "N Leaver").await;
    let remove = json!({"eService": "AM1", "maintenanceRequest": "Remove", "person": person});
    let _ = manage(&cast, &remove).await;
    world.local.settle().await;

    let names = ["N Joyner", "N Joiner", "N Between", "N Leaver"].map(digest);
    let names = names.each_ref().map(String::as_str);
    let lock = |name: &str| format!("LOCK#COMPANY#abc#NAME#{} LOCK", digest(name));
    let kept = |name: &str| format!("COMPANY#abc NAME#{}", digest(name));
    let mut expected = vec![
        kept("N Joiner"),
        kept("N Between"),
        kept("N Leaver"),
        lock("N Joyner"),
        lock("N Joiner"),
        lock("N Between"),
    ];
    expected.sort();
    assert_eq!(mentions_of(&world, &names).await, expected);
    let others = mentions_of(&world, &[&digest("C Two")]).await;
    assert!(!others.is_empty());

    let erase = ["erase", "--company", "abc", "--person", &person, "--write"];
    let erase = [&erase[..], &["--also", "N Joyner"]].concat();
    let refused = admin(&world, &erase).await;
    assert!(!refused.is_success && refused.output.contains("Nothing was erased"));
    assert_eq!(mentions_of(&world, &names).await, expected);
    let withdrawn = cast.maker.act(&open, "reclaim").await.expect(200);
    let _ = cast.maker.act(&withdrawn, "discard").await.expect(200);

    let erased = admin(&world, &erase).await;
    assert!(erased.is_success, "{}", erased.output);
    assert_eq!(mentions_of(&world, &names).await, Vec::<String>::new());
    let address = Digest::of(ADDRESS.as_bytes()).to_string();
    assert_eq!(
        mentions_of(&world, &[&address, ADDRESS]).await,
        Vec::<String>::new()
    );
    assert_eq!(mentions_of(&world, &[&digest("C Two")]).await, others);
    // Somebody else may have the name now.
    let other = cast.maker.submit(&add("N Between", "other@abc.example")).await;
    let claimed = cast.checker.act(&other, "claim").await.expect(200);
    let _ = cast.checker.act(&claimed, "confirm").await.expect(200);
    world.local.stop().await;
}
