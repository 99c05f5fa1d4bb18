//! Importing companies that are there already.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::actor::Right;
use countersign_domain::directory::PersonChange;
use countersign_domain::id::{CompanyId, PersonId};
use countersign_domain::request::StateName;
use countersign_platform::App;
use countersign_platform::store::directory::DirectoryPerson;
use countersign_platform::store::transaction::Outcome;
use countersign_tests::admin::{admin, companies, folder, write};
use countersign_tests::cast::Cast;
use countersign_tests::market::app;
use countersign_tests::{World, guideline_day, guideline_form};
use serde_json::json;
use tempfile::TempDir;

use super::items;

/// A world with two imported companies, and the folder that they came from.
async fn imported() -> (World, TempDir) {
    let world = World::start().await;
    let folder = folder(&companies(2, 1));
    let written = import(&world, &folder, &["--write"]).await;
    assert!(written.contains("2 new"), "{written}");
    world.local.settle().await;
    (world, folder)
}

async fn import(world: &World, folder: &TempDir, more: &[&str]) -> String {
    let arguments = [&["import", folder.path().to_str().unwrap()], more].concat();
    admin(world, &arguments).await.output
}

/// Replaces a text in one of the files.
fn replace(folder: &TempDir, file: &'static str, from: &str, to: &str) {
    let text = std::fs::read_to_string(folder.path().join(file)).unwrap();
    assert!(text.contains(from), "{file} has no {from}");
    write(folder.path(), &[(file, text.replacen(from, to, 1))]);
}

async fn person(world: &World, address: &str) -> Option<DirectoryPerson> {
    let app = app(world, world.local.clock().clone());
    let people = app
        .store()
        .people(&CompanyId::parse("new0001").unwrap())
        .await
        .unwrap();
    people.into_iter().find(|person| person.email == address)
}

/// Lets the first company's directory look as if a request had changed it.
async fn changed_by_a_request(world: &World) {
    let update = world.local.dynamodb().update_item();
    update
        .table_name(world.local.table_name())
        .key("pk", AttributeValue::S("COMPANY#new0001".to_owned()))
        .key("sk", AttributeValue::S("PROFILE".to_owned()))
        .update_expression("SET revision = :one")
        .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
        .send()
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changed_in_the_files_is_shown_and_corrected() {
    let (world, folder) = imported().await;
    replace(&folder, "companies.csv", "New Company 1", "Renamed Company");
    replace(
        &folder,
        "participantships.csv",
        "new0001,HKSCC Participant,N0001",
        "new0001,HKSCC Participant,N0001\nnew0001,SEOCH Participant,C0001",
    );
    replace(
        &folder,
        "administrators.csv",
        "N0001,N0001X1",
        "N0001,N0001X1\nN0001,N0001X2",
    );
    replace(
        &folder,
        "people.csv",
        "Person 3,person3@new0001.example,EU_UserMaintenance,",
        "Person 3,person3@new0001.example,EU_ViewOnly,",
    );
    replace(
        &folder,
        "people.csv",
        "Person 4,person4@new0001.example",
        "Person Four,person4@new0001.example",
    );
    let before = items(&world).await;
    let told = import(&world, &folder, &[]).await;
    for line in [
        "~ new0001 name: \"New Company 1\" -> \"Renamed Company\"",
        "~ new0001 participantships: \"HKSCC Participant (N0001)\" -> \"HKSCC Participant (N0001), SEOCH Participant (C0001)\"",
        "~ new0001 administrator N0001X2 of N0001: new",
        "~ new0001 person Person 3 <person3@new0001.example>: rights: \"EU_UserMaintenance\" -> \"EU_ViewOnly\"",
        "~ new0001 person Person 4 <person4@new0001.example>: name: \"Person 4\" -> \"Person Four\"",
        "2 companies: 0 new, 1 changed, 1 the same; 0 with something left as it is.",
    ] {
        assert!(told.lines().any(|told| told == line), "{line}\n{told}");
    }
    assert_eq!(items(&world).await, before);
    let written = import(&world, &folder, &["--write"]).await;
    assert!(written.ends_with("Everything is written.\n"), "{written}");
    let third = person(&world, "person3@new0001.example").await.unwrap();
    assert_eq!(third.rights.into_iter().collect::<Vec<_>>(), [Right::ViewOnly]);
    assert_eq!(
        person(&world, "person4@new0001.example").await.unwrap().name,
        "Person Four"
    );
    let again = import(&world, &folder, &["--write"]).await;
    assert!(again.contains("0 changed, 2 the same"), "{again}");
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_new_at_a_company_that_is_there_is_entered_and_subscribers_hear_of_it() {
    let (world, folder) = imported().await;
    replace(
        &folder,
        "people.csv",
        "new0001,Person 1,",
        "new0001,Person 5,person5@new0001.example,EU_ViewOnly,,,,\nnew0001,Person 1,",
    );
    let entered = |world: &World| {
        let of_company = |event: &&serde_json::Value| event["detail"]["company"] == "new0001";
        world.local.events().iter().filter(of_company).count()
    };
    let before = entered(&world);
    let written = import(&world, &folder, &["--write"]).await;
    assert!(
        written.contains("~ new0001 person Person 5 <person5@new0001.example>: new\n"),
        "{written}"
    );
    assert!(person(&world, "person5@new0001.example").await.is_some());
    assert_eq!(entered(&world), before + 1);
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_requests_changed_stays_unless_the_operator_says_otherwise() {
    let (world, folder) = imported().await;
    changed_by_a_request(&world).await;
    replace(
        &folder,
        "companies.csv",
        "company_id,name\nnew0001,New Company 1",
        "company_id,name,checkers\nnew0001,Renamed Company,2",
    );
    replace(
        &folder,
        "companies.csv",
        "new0002,New Company 2",
        "new0002,New Company 2,",
    );
    replace(
        &folder,
        "people.csv",
        "Person 3,person3@new0001.example,EU_UserMaintenance,",
        "Person 3,person3@new0001.example,EU_ViewOnly,",
    );
    let written = import(&world, &folder, &["--write"]).await;
    for line in [
        "~ new0001 name: \"New Company 1\" -> \"Renamed Company\"",
        "! new0001 checkers: 1 -> 2; left as it is, since requests have changed the company",
        "! new0001 person Person 3 <person3@new0001.example>: rights: \"EU_UserMaintenance\" -> \"EU_ViewOnly\"; left as it is, \
         since requests have changed the company",
    ] {
        assert!(written.lines().any(|told| told == line), "{line}\n{written}");
    }
    let rights = |person: DirectoryPerson| person.rights.into_iter().collect::<Vec<_>>();
    let address = "person3@new0001.example";
    assert_eq!(
        rights(person(&world, address).await.unwrap()),
        [Right::UserMaintenance]
    );
    let written = import(&world, &folder, &["--write", "--overwrite"]).await;
    assert!(
        written.contains("1 changed, 1 the same; 0 with something left"),
        "{written}"
    );
    assert_eq!(rights(person(&world, address).await.unwrap()), [Right::ViewOnly]);
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_import_leaves_a_company_without_two_people_who_manage_its_users() {
    let (world, folder) = imported().await;
    replace(
        &folder,
        "people.csv",
        "Person 1,person1@new0001.example,EU_UserMaintenance EU_ManageUsers,",
        "Person 1,person1@new0001.example,EU_UserMaintenance,",
    );
    let before = items(&world).await;
    let told = import(&world, &folder, &["--write"]).await;
    let expected =
        "companies.csv:2: company_id: The company new0001 would have 1 people with the right EU_ManageUsers.";
    assert!(told.starts_with(expected), "{told}");
    assert_eq!(items(&world).await, before);
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_somebody_of_the_company_has_had_is_refused() {
    let (world, folder) = imported().await;
    // The person with that name is no longer in the files, and still in the directory.
    let text = std::fs::read_to_string(folder.path().join("people.csv")).unwrap();
    let others: Vec<&str> = text
        .lines()
        .filter(|line| !line.contains("person4@new0001.example"))
        .collect();
    write(
        folder.path(),
        &[(
            "people.csv",
            others.join("\n") + "\nnew0001,person  4,another@new0001.example,EU_ViewOnly,,,,\n",
        )],
    );
    let written = import(&world, &folder, &["--write"]).await;
    assert!(
        written.contains(
            "companies.csv:2: new0001 was not written: somebody of the company has or had the name"
        ),
        "{written}"
    );
    assert!(person(&world, "another@new0001.example").await.is_none());
    world.local.stop().await;
}

/// The company whose files the tests change.
fn first() -> CompanyId {
    CompanyId::parse("new0001").unwrap()
}

async fn managers(app: &App) -> usize {
    let people = app.store().people(&first()).await.unwrap();
    let manages = |person: &&DirectoryPerson| person.rights.contains(&Right::ManageUsers);
    people.iter().filter(manages).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_changes_that_rely_on_the_same_reading_one_is_refused_if_the_other_is_an_import() {
    let (world, folder) = imported().await;
    let app = app(&world, world.local.clock().clone());
    let rights = "Person 3,person3@new0001.example,EU_UserMaintenance";
    let managing = "Person 3,person3@new0001.example,EU_UserMaintenance EU_ManageUsers";
    replace(&folder, "people.csv", rights, managing);
    import(&world, &folder, &["--write"]).await;
    assert_eq!(managers(&app).await, 3);
    // A request is about to remove one of the three, and two may go on.
    let read = app.store().company(&first()).await.unwrap().unwrap();
    let second = person(&world, "person2@new0001.example").await.unwrap();
    // An import takes the right from another one meanwhile. It is no request, so the files still decide.
    replace(&folder, "people.csv", managing, rights);
    let written = import(&world, &folder, &["--write"]).await;
    assert!(
        written.contains("1 changed, 1 the same; 0 with something left"),
        "{written}"
    );
    let mut request = app.store().transaction();
    request.change_person(&first(), &second.id, &PersonChange::Remove(app.now()), None);
    request.change_company(&first(), read.revision, None);
    assert!(matches!(request.commit().await.unwrap(), Outcome::Refused(_)));
    let mut import = app.store().transaction();
    import.import_company(&first(), read.revision, None);
    assert!(matches!(import.commit().await.unwrap(), Outcome::Refused(_)));
    assert_eq!(managers(&app).await, 2);
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_was_removed_hides_nobody_who_has_come_back_with_their_address() {
    let (world, folder) = imported().await;
    let app = app(&world, world.local.clock().clone());
    let address = "person3@new0001.example";
    let removed = person(&world, address).await.unwrap();
    // Their entry comes first of all.
    let back = PersonId::parse("00000000-0000-4000-8000-000000000000").unwrap();
    let rights = BTreeSet::from([Right::UserMaintenance]);
    let mut back = DirectoryPerson::new(back, "Person Three".to_owned(), address.to_owned(), rights);
    back.contact.clone_from(&removed.contact);
    let mut transaction = app.store().transaction();
    transaction.change_person(&first(), &removed.id, &PersonChange::Remove(app.now()), None);
    transaction.enter_person(&first(), &back);
    transaction.commit().await.unwrap();
    replace(
        &folder,
        "people.csv",
        "Person 3,person3@new0001.example,EU_UserMaintenance,",
        "Person Three,person3@new0001.example,EU_ViewOnly,",
    );
    let written = import(&world, &folder, &["--write"]).await;
    let line = "~ new0001 person Person Three <person3@new0001.example>: rights: \"EU_UserMaintenance\" -> \"EU_ViewOnly\"";
    assert!(written.lines().any(|told| told == line), "{written}");
    assert_eq!(
        person(&world, address).await.unwrap().rights,
        BTreeSet::from([Right::ViewOnly])
    );
    world.local.stop().await;
}

/// The files of the demonstration's company, with one administrator.
fn abc(user_id: &str) -> Vec<(&'static str, String)> {
    let rights = "EU_UserMaintenance EU_ManageUsers,,,,";
    let people = [("A Maker", "maker"), ("D Wong", "checker")];
    let people = people.map(|(name, user)| format!("abc,{name},{user}@abc.example,{rights}\n"));
    let head = "company_id,name,email,rights,language,contact_name,contact_email,contact_telephone\n";
    vec![
        ("companies.csv", "company_id,name\nabc,ABC Company\n".to_owned()),
        (
            "participantships.csv",
            "company_id,participantship,participant_id\nabc,HKSCC Participant,B01234\n".to_owned(),
        ),
        (
            "administrators.csv",
            format!("participant_id,user_id\nB01234,{user_id}\n"),
        ),
        ("people.csv", format!("{head}{}", people.concat())),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_whom_a_request_has_removed_comes_back_only_if_the_operator_says_so() {
    let world = World::with(guideline_day().set("CampaignParallelRun", "2023-05-15")).await;
    world.at("2023-05-15T09:00:00+08:00");
    let cast = Cast::sign_in(&world).await;
    let mut form = guideline_form();
    form.as_object_mut().unwrap().remove("changes");
    form["maintenanceRequest"] = json!("Delete");
    form["deletions"] = json!([{"userId": "B01234X9"}]);
    let draft = cast.maker.create(&form).await.expect(201);
    let _ = cast.bring(draft, StateName::Completed).await;

    let files = folder(&abc("B01234X9"));
    let told = import(&world, &files, &[]).await;
    let line = "! abc administrator B01234X9 of B01234: removed by a request";
    assert!(told.lines().any(|told| told.starts_with(line)), "{told}");
    let told = import(&world, &files, &["--overwrite"]).await;
    let line = "~ abc administrator B01234X9 of B01234: new";
    assert!(told.lines().any(|told| told == line), "{told}");
    // One that nobody has ever removed is the operator's to enter.
    let told = import(&world, &folder(&abc("B01234Z9")), &[]).await;
    let line = "~ abc administrator B01234Z9 of B01234: new";
    assert!(told.lines().any(|told| told == line), "{told}");
    world.local.stop().await;
}
