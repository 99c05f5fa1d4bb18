//! Entering companies.

use std::collections::BTreeSet;
use std::time::Duration;

use countersign_admin::{Cli, Parser as _};
use countersign_domain::actor::Right;
use countersign_domain::id::{CompanyId, ParticipantId};
use countersign_tests::admin::{admin, companies, folder};
use countersign_tests::market::app;
use countersign_tests::wire::Wire;
use countersign_tests::{World, guideline_day, seed};

use super::items;

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_says_what_is_new_and_writes_nothing() {
    let world = World::start().await;
    let before = items(&world).await;
    let folder = folder(&companies(3, 2));
    let told = admin(&world, &["import", folder.path().to_str().unwrap()]).await;
    assert!(told.is_success);
    assert!(
        told.output
            .contains("+ new0002 New Company 2: 1 participantships, 2 administrators, 4 people\n"),
        "{}",
        told.output
    );
    assert!(told.output.contains("3 companies: 3 new, 0 changed, 0 the same"));
    assert!(told.output.ends_with("run the same command with --write.\n"));
    assert_eq!(items(&world).await, before);
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_is_entered_with_its_people_and_a_second_run_has_nothing_to_do() {
    let world = World::start().await;
    let folder = folder(&companies(3, 2));
    let path = folder.path().to_str().unwrap();
    let written = admin(&world, &["import", path, "--write"]).await;
    assert!(
        written.is_success && written.output.ends_with("Everything is written.\n"),
        "{}",
        written.output
    );
    let app = app(&world, world.local.clock().clone());
    let id = CompanyId::parse("new0002").unwrap();
    let (company, people) = app.store().directory(&id).await.unwrap().unwrap();
    assert_eq!((company.name.as_str(), company.checkers), ("New Company 2", 1));
    assert_eq!(
        company.participants().into_iter().collect::<Vec<_>>(),
        [ParticipantId::parse("N0002").unwrap()]
    );
    let managers: BTreeSet<&str> = people
        .iter()
        .filter(|person| person.rights.contains(&Right::ManageUsers))
        .map(|person| person.name.as_str())
        .collect();
    assert_eq!(
        (people.len(), managers),
        (4, BTreeSet::from(["Person 1", "Person 2"]))
    );
    let first = people.iter().find(|person| person.name == "Person 1").unwrap();
    assert_eq!(
        (first.email.as_str(), first.mail_language()),
        ("person1@new0002.example", Some("en"))
    );
    assert_eq!(first.contact[2].as_deref(), Some("29797111"));
    let standings = app
        .store()
        .standings(&ParticipantId::parse("N0002").unwrap())
        .await
        .unwrap();
    assert_eq!(standings.into_keys().collect::<Vec<_>>(), ["N0002X1", "N0002X2"]);
    let after = items(&world).await;
    let again = admin(&world, &["import", path, "--write"]).await;
    assert!(
        again
            .output
            .starts_with("3 companies: 0 new, 0 changed, 3 the same"),
        "{}",
        again.output
    );
    assert_eq!(items(&world).await, after);
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn subscribers_hear_of_a_company_that_is_entered() {
    let world = World::start().await;
    let folder = folder(&companies(1, 3));
    admin(&world, &["import", folder.path().to_str().unwrap(), "--write"]).await;
    world.local.settle().await;
    let entered = |event: &&serde_json::Value| {
        event["detail-type"] == "Company Entered" && event["detail"]["company"] == "new0001"
    };
    assert_eq!(world.local.events().iter().filter(entered).count(), 1);
    let app = app(&world, world.local.clock().clone());
    let listed = app.store().companies(None, None).await.unwrap();
    let new = listed
        .iter()
        .find(|company| company.id.as_str() == "new0001")
        .unwrap();
    let (progress, _) = new.progress.as_ref().unwrap();
    assert_eq!(
        progress.counts.not_registered, 3,
        "its administrators were there when it was counted"
    );
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_cut_off_leaves_whole_companies_and_the_next_one_goes_on() {
    const COMPANIES: usize = 40;
    let wire = Wire::lay().await;
    let world = World::with(wire.between(guideline_day())).await;
    let before = items(&world).await.len();
    let folder = folder(&companies(COMPANIES, 2));
    let path = folder.path().to_str().unwrap().to_owned();
    wire.hold(Duration::from_millis(3));
    for most in [3, 6, 9] {
        let arguments = ["import", &path, "--write", "--at-once", "2"];
        wire.take();
        tokio::select! {
            told = admin(&world, &arguments) => panic!("it was not cut off: {}", told.output),
            () = transactions(&wire, most) => {}
        }
        assert!(entered(&world).await < COMPANIES);
    }
    let last = admin(&world, &["import", &path, "--write"]).await;
    assert!(last.is_success, "{}", last.output);
    assert_eq!(entered(&world).await, COMPANIES);
    // A company, its place in the list, two administrators, and four people with their names.
    let ours = items(&world).await;
    let ours = ours.keys().filter(|(pk, sk)| {
        let of_company = pk.starts_with("COMPANY#new") && !sk.starts_with("ACCOUNT#");
        of_company || pk.starts_with("DA#N") || sk.starts_with("COMPANY#new")
    });
    assert_eq!(ours.count(), COMPANIES * 12, "{before} items were there before");
    world.local.stop().await;
}

/// Waits for so many transactions of the tool.
async fn transactions(wire: &Wire, most: usize) {
    let mut count = 0;
    while count < most {
        let taken = wire.take().into_iter();
        count += taken
            .filter(|one| one.function == "admin" && one.operation == "TransactWriteItems")
            .count();
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// How many of the new companies are there. None is there by half.
async fn entered(world: &World) -> usize {
    let app = app(world, world.local.clock().clone());
    let listed = app.store().companies(None, None).await.unwrap();
    let new: Vec<_> = listed
        .into_iter()
        .filter(|company| company.id.as_str().starts_with("new"))
        .collect();
    for company in &new {
        let (_, people) = app.store().directory(&company.id).await.unwrap().unwrap();
        assert_eq!(people.len(), 4, "{}", company.id);
    }
    new.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_runs_at_once_enter_each_company_once() {
    let world = World::start().await;
    let folder = folder(&companies(20, 2));
    let path = folder.path().to_str().unwrap();
    let arguments = ["import", path, "--write"];
    let (one, other) = tokio::join!(admin(&world, &arguments), admin(&world, &arguments));
    assert!(
        one.is_success && other.is_success,
        "{}{}",
        one.output,
        other.output
    );
    assert_eq!(entered(&world).await, 20);
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_who_do_not_fit_into_a_companys_transaction_are_entered_before_it() {
    let world = World::start().await;
    let folder = folder(&companies(1, 250));
    let written = admin(&world, &["import", folder.path().to_str().unwrap(), "--write"]).await;
    assert!(written.is_success, "{}", written.output);
    let app = app(&world, world.local.clock().clone());
    let standings = app
        .store()
        .standings(&ParticipantId::parse("N0001").unwrap())
        .await
        .unwrap();
    assert_eq!((standings.len(), entered(&world).await), (250, 1));
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_import_marks_an_empty_table() {
    let world = World::start().await;
    let folder = folder(&companies(1, 1));
    let arguments = ["import", folder.path().to_str().unwrap(), "--write"];
    seed::lose(&world, &seed::everything(&world).await).await;
    let written = admin(&world, &arguments).await;
    assert!(
        written.output.contains("The table was empty; it is now marked"),
        "{}",
        written.output
    );
    let mark = (String::from("LAYOUT"), String::from("LAYOUT"));
    let marked = items(&world).await;
    assert!(marked.contains_key(&mark) && entered(&world).await == 1);
    let again = admin(&world, &arguments).await;
    assert!(!again.output.contains("The table was empty"), "{}", again.output);
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_table_is_marked_without_anybody_to_import_and_no_other_one_is() {
    let world = World::start().await;
    let all = seed::everything(&world).await;
    let (mark, others): (Vec<_>, Vec<_>) = all
        .into_iter()
        .partition(|item| item["pk"].as_s().unwrap() == "LAYOUT");
    seed::lose(&world, &mark).await;
    let target = ["countersign-admin", "--endpoint", world.local.url()];
    let full = Cli::try_parse_from([&target[..], &["import", "--mark", "--write"]].concat()).unwrap();
    let refused = Box::pin(full.run(&mut Vec::new())).await.unwrap_err().to_string();
    assert!(refused.contains("no mark of its layout"), "{refused}");
    seed::lose(&world, &others).await;

    let shown = admin(&world, &["import", "--mark"]).await;
    assert!(shown.output.contains("To mark it,"), "{}", shown.output);
    assert!(items(&world).await.is_empty());
    let marked = admin(&world, &["import", "--mark", "--write"]).await;
    assert!(marked.output.contains("it is now marked"), "{}", marked.output);
    assert_eq!(items(&world).await.len(), 1);
    for again in [&["import", "--mark"][..], &["import", "--mark", "--write"]] {
        let told = admin(&world, again).await;
        assert_eq!(told.output, "The table has the mark of this release's layout.\n");
    }
    world.local.stop().await;
}
