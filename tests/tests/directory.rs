//! The directory's writes: each is conditional, and a part of a transaction.

use std::collections::BTreeSet;

use countersign_domain::actor::Right;
use countersign_domain::directory::{Absence, CompanySettings, PersonChange, PersonDetails, PersonSettings};
use countersign_domain::id::{CompanyId, PersonId};
use countersign_domain::language::Language;
use countersign_domain::mail::ProgressMail;
use countersign_platform::App;
use countersign_platform::store::directory::{Company, DirectoryPerson};
use countersign_platform::store::transaction::{Outcome, Part, Refused, Transaction};
use countersign_tests::World;
use countersign_tests::market::app;
use jiff::civil::date;

fn company() -> CompanyId {
    CompanyId::parse("new").unwrap()
}

fn id(person: &str) -> PersonId {
    PersonId::parse(person).unwrap()
}

fn person(person: &str, name: &str) -> DirectoryPerson {
    let address = format!("{person}@new.example");
    DirectoryPerson::new(id(person), name.to_owned(), address, [Right::ManageUsers].into())
}

async fn commit(app: &App, write: impl FnOnce(&mut Transaction<'_>)) -> Result<(), Refused> {
    let mut transaction = app.store().transaction();
    write(&mut transaction);
    match transaction.commit().await.unwrap() {
        Outcome::Committed => Ok(()),
        Outcome::Refused(refused) => Err(refused),
    }
}

async fn change(app: &App, person: &str, change: PersonChange) -> Result<(), Refused> {
    commit(app, |transaction| {
        transaction.change_person(&company(), &id(person), &change, None);
    })
    .await
}

async fn started() -> (World, App) {
    let world = World::start().await;
    let app = app(&world, world.local.clock().clone());
    let entered = commit(&app, |transaction| {
        let company_to_enter = Company {
            name: "New Company".to_owned(),
            participantships: BTreeSet::new(),
            approves_by_mail: false,
            checkers: 1,
            records_views: false,
            revision: 0,
            imports: 0,
        };
        transaction.enter_company(&company(), &company_to_enter);
        transaction.enter_person(&company(), &person("one", "D Wong"));
    });
    entered.await.unwrap();
    (world, app)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_is_entered_is_read_back() {
    let (world, app) = started().await;
    let (profile, people) = app.store().directory(&company()).await.unwrap().unwrap();
    assert_eq!((profile.name.as_str(), profile.checkers), ("New Company", 1));
    let [one] = people.as_slice() else {
        panic!("{people:?}")
    };
    assert_eq!(
        (&one.id, one.name.as_str(), one.revision),
        (&id("one"), "D Wong", 1)
    );
    assert_eq!(one.rights, BTreeSet::from([Right::ManageUsers]));
    let listed = app.store().companies(None, None).await.unwrap();
    assert!(listed.iter().any(|listed| listed.id == company()));
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_enters_a_company_under_a_name_that_somebody_has_or_had() {
    let (world, app) = started().await;
    let enter = async |number: &str, name: &str| {
        commit(&app, |transaction| {
            transaction.enter_person(&company(), &person(number, name));
        })
        .await
    };
    let refused = enter("two", "d  WONG").await.unwrap_err();
    assert!(refused.has(Part::PersonName) && !refused.has(Part::Person));
    enter("two", "D Wong (Settlement)").await.unwrap();
    let at = app.now();
    change(&app, "one", PersonChange::Remove(at)).await.unwrap();
    assert!(enter("three", "D Wong").await.unwrap_err().has(Part::PersonName));
    let refused = enter("one", "Another Name").await.unwrap_err();
    assert!(refused.has(Part::Person));
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_removed_keeps_an_entry_without_rights_and_is_listed_no_more() {
    let (world, app) = started().await;
    let at = app.now();
    change(&app, "one", PersonChange::Remove(at)).await.unwrap();
    assert!(app.store().people(&company()).await.unwrap().is_empty());
    let (_, people) = app.store().directory(&company()).await.unwrap().unwrap();
    assert!(people.is_empty());
    let all = app.store().everybody(&company()).await.unwrap();
    assert_eq!((all.len(), all[0].is_removed(), all[0].revision), (1, true, 2));
    assert!(all[0].rights.is_empty());
    // Nothing changes them any more.
    let again = change(&app, "one", PersonChange::Invite).await.unwrap_err();
    assert!(again.has(Part::Person));
    let unknown = change(&app, "nobody", PersonChange::Invite).await.unwrap_err();
    assert!(unknown.has(Part::Person));
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_change_of_a_person_counts() {
    let (world, app) = started().await;
    let absence = Absence {
        from: date(2023, 2, 7),
        until: date(2023, 2, 8),
    };
    let settings = PersonSettings {
        rights: [Right::UserMaintenance, Right::ViewOnly].into(),
        language: Some(Language::TraditionalChinese),
        progress: Some(ProgressMail::Daily),
        reminders: None,
    };
    for one in [
        PersonChange::Away(Some(absence)),
        PersonChange::Details(PersonDetails {
            name: None,
            email: Some("moved@new.example".to_owned()),
            settings: settings.clone(),
        }),
        PersonChange::Invite,
        PersonChange::ResetSecondFactor,
    ] {
        change(&app, "one", one).await.unwrap();
    }
    let read = async || app.store().person(&company(), &id("one")).await.unwrap().unwrap();
    let one = read().await;
    assert_eq!(
        (one.revision, one.invitations, one.second_factor_resets),
        (5, 2, 1)
    );
    assert_eq!(one.rights, settings.rights);
    assert_eq!(one.mail_language(), Some(Language::TraditionalChinese.tag()));
    assert_eq!(
        (one.mail.progress, one.mail.reminders),
        (ProgressMail::Daily, true)
    );
    assert_eq!(one.absence, Some(absence));
    // The guideline's day, and the last moment before it in Hong Kong.
    assert!(one.is_away("2023-02-06T16:00:00Z".parse().unwrap()));
    assert!(!one.is_away("2023-02-06T15:59:59Z".parse().unwrap()));
    assert!(one.is_away("2023-02-08T15:59:59Z".parse().unwrap()));
    assert!(!one.is_away("2023-02-08T16:00:00Z".parse().unwrap()));
    change(&app, "one", PersonChange::Away(None)).await.unwrap();
    assert_eq!(read().await.absence, None);
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_changes_of_a_company_that_rely_on_the_same_reading_one_fails() {
    let (world, app) = started().await;
    let settings = CompanySettings {
        checkers: 2,
        approves_by_mail: true,
        records_views: true,
    };
    let settle = async |read, settings: Option<&CompanySettings>| {
        commit(&app, |transaction| {
            transaction.change_company(&company(), read, settings);
        })
        .await
    };
    settle(0, Some(&settings)).await.unwrap();
    assert!(settle(0, None).await.unwrap_err().has(Part::Company));
    settle(1, None).await.unwrap();
    let now = app.store().company(&company()).await.unwrap().unwrap();
    assert_eq!((now.checkers, now.revision), (2, 2));
    assert!(now.approves_by_mail && now.records_views);
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_right_that_the_directory_has_now_is_held() {
    let (world, app) = started().await;
    let hold = async |person: &str, right| {
        commit(&app, |transaction| {
            transaction.hold_entitled(&company(), &id(person), right);
        })
        .await
    };
    hold("one", Right::ManageUsers).await.unwrap();
    for (person, right) in [("one", Right::UserMaintenance), ("nobody", Right::ManageUsers)] {
        assert!(hold(person, right).await.unwrap_err().has(Part::Entitled));
    }
    change(&app, "one", PersonChange::Remove(app.now()))
        .await
        .unwrap();
    assert!(
        hold("one", Right::ManageUsers)
            .await
            .unwrap_err()
            .has(Part::Entitled)
    );
    world.local.stop().await;
}
