//! Two people of one name.

use std::collections::BTreeSet;

use countersign_domain::request::StateName;
use countersign_tests::admin::{admin, folder};
use countersign_tests::cast::Cast;
use countersign_tests::seed;
use serde_json::json;

use super::*;

/// What stands behind a name, wherever a page has it with something behind it.
fn marks(body: &str, name: &str) -> BTreeSet<String> {
    let lead = format!("{name} (");
    body.match_indices(&lead)
        .filter_map(|(at, _)| body[at + lead.len()..].split_once(')'))
        .map(|(mark, _)| mark.to_owned())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_of_a_company_who_share_a_name_are_told_apart_on_its_pages() {
    let world = World::start().await;
    let browser = world.browser("maker@abc.example").await;
    for path in [PATH, "/portal/requests?maker=all"] {
        assert_eq!(
            marks(&browser.get(path).await.expect(200).body, "D Wong"),
            BTreeSet::new()
        );
    }
    seed::items(
        &world,
        vec![entry("abc", "second", "D  WONG", "EU_UserMaintenance")],
    )
    .await;
    let cast = Cast::sign_in(&world).await;
    let claimed = cast.request_in(StateName::Claimed, 1).await;
    let on_company = browser.get(PATH).await.expect(200).body;
    let (first, second) = (marks(&on_company, "D Wong"), marks(&on_company, "D  WONG"));
    assert_eq!((first.len(), second.len()), (1, 1), "{on_company}");
    assert_ne!(first, second);
    for path in ["/portal/requests?maker=all", "/portal/audit"] {
        let body = browser.get(path).await.expect(200).body;
        assert_eq!(marks(&body, "D Wong"), first, "{path}: {body}");
    }
    // Where only one of them is named, the name is clear by itself.
    let page = browser.get(&format!("/portal/requests/{}", claimed.id())).await;
    assert_eq!(marks(&page.expect(200).body, "D Wong"), BTreeSet::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_checkers_of_one_name_from_before_the_rule_are_told_apart_at_home_in_lists_and_on_records() {
    let world = World::start().await;
    set(&world, ("abc", &person("03")), &[("name", text("D Wong"))]).await;
    let cast = Cast::sign_in(&world).await;
    let first = cast.request_in(StateName::Claimed, 1).await;
    let ready = cast.request_in(StateName::ReadyToSend, 2).await;
    let _ = cast.checker2.act(&ready, "claim").await.expect(200);
    let maker = world.browser("maker@abc.example").await;
    let mut told = Vec::new();
    for path in ["/", "/portal/tasks", "/portal/requests", "/portal/audit", PATH] {
        let body = maker.get(path).await.expect(200).body;
        let marks = marks(&body, "D Wong");
        assert_eq!(marks.len(), 2, "{path}: {body}");
        told.push(marks);
    }
    assert!(told.iter().all(|marks| *marks == told[0]), "{told:?}");
    // On one request both are named, too: one released it, the other has it.
    let released = cast.checker.act(&first, "release").await.expect(200);
    let _ = cast.checker2.act(&released, "claim").await.expect(200);
    for page in ["", "/record"] {
        let path = format!("/portal/requests/{}{page}", first.id());
        let body = maker.get(&path).await.expect(200).body;
        assert_eq!(marks(&body, "D Wong"), told[0], "{path}: {body}");
        let status = body.match_indices("Claimed By D Wong (").count();
        assert!(status > 0, "{path}: {body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_a_name_that_somebody_of_their_company_has_by_am_1_or_an_import() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    for name in ["D Wong", "d  wong", "D W\u{43e}ng"] {
        let form = json!({
            "eService": "AM1", "maintenanceRequest": "Add", "name": name, "email": "second@abc.example",
            "access": "MakeAndCheck", "managesUsers": "No",
        });
        let draft = cast.maker.create(&form).await.expect(201);
        let refused = cast.maker.act(&draft, "submit").await;
        assert_eq!(refused.status, 409, "{name}: {}", refused.body);
        assert_eq!(refused.pointers(), ["/name"], "{name}");
    }
    let people = "company_id,name,email,rights\nnew,D Wong,one@new.example,EU_UserMaintenance EU_ManageUsers\n\
                  new,d wong,two@new.example,EU_UserMaintenance EU_ManageUsers\n";
    let folder = folder(&[
        ("companies.csv", "company_id,name\nnew,New Company\n".to_owned()),
        (
            "participantships.csv",
            "company_id,participantship,participant_id\n".to_owned(),
        ),
        ("administrators.csv", "participant_id,user_id\n".to_owned()),
        ("people.csv", people.to_owned()),
    ]);
    let outcome = admin(&world, &["import", folder.path().to_str().unwrap(), "--write"]).await;
    let said = "people.csv:3: name: The person on line 2 has this name already";
    assert!(
        !outcome.is_success && outcome.output.contains(said),
        "{}",
        outcome.output
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_with_a_checkers_name_is_told_from_the_checker_in_the_history() {
    let world = World::start().await;
    let officer = "PERSON#c65f0d92-8e3b-4a19-a7d1-90b42f5ce801";
    set(&world, ("EXCHANGE", officer), &[("name", text("D Wong"))]).await;
    let cast = Cast::sign_in(&world).await;
    let completed = cast.request_in(StateName::Completed, 1).await;
    let browser = world.browser("maker@abc.example").await;
    let page = format!("/portal/requests/{}", completed.id());
    for path in [page.clone(), format!("{page}/record"), "/portal/audit".to_owned()] {
        let body = browser.get(&path).await.expect(200).body;
        assert_eq!(marks(&body, "D Wong").len(), 2, "{path}: {body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_names_a_maker_and_a_checker_of_one_name_tells_them_apart() {
    let world = World::start().await;
    set(&world, ("abc", &person("01")), &[("name", text("D Wong"))]).await;
    let cast = Cast::sign_in(&world).await;
    let _ = cast.request_in(StateName::Completed, 1).await;
    let mails = world.mails_since(0).await;
    let texts: Vec<&str> = mails
        .iter()
        .filter_map(|mail| mail.message.text.as_deref())
        .collect();
    let told = texts.iter().find(|text| marks(text, "D Wong").len() == 2);
    assert!(told.is_some(), "no letter tells the two apart");
}
