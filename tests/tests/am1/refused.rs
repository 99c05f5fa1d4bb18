//! What AM 1 refuses, and where it says so.

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::actor::Right;
use countersign_domain::directory::name_digest;
use countersign_domain::id::CompanyId;
use countersign_tests::post::text;
use countersign_tests::{Reply, guideline_form};
use serde_json::json;

use super::{CHECKER, CHECKER2, MAKER, Scene, about, add, change, id_of};
#[tokio::test(flavor = "multi_thread")]
async fn nobody_checks_a_request_about_themselves_whoever_made_it() {
    let scene = Scene::set().await;
    let submitted = scene.maker.submit(&change(CHECKER, "SeeOnly", "No")).await;
    let read = scene.checker.read(&submitted.id()).await;
    assert!(!read.body["allowedActions"].to_string().contains("claim"));
    let _ = scene
        .checker
        .attempt(&submitted, "claim")
        .await
        .refused(403, "about-you");
    let claimed = scene.checker2.attempt(&submitted, "claim").await.expect(200);
    let _ = scene.checker2.attempt(&claimed, "confirm").await.expect(200);
    // A change to oneself is made by oneself, and checked by another.
    let own = scene.maker.submit(&change(MAKER, "MakeAndCheck", "Yes")).await;
    let _ = scene
        .maker
        .attempt(&own, "claim")
        .await
        .refused(403, "own-request");
    let claimed = scene.checker2.attempt(&own, "claim").await.expect(200);
    assert_eq!(
        scene.checker2.attempt(&claimed, "confirm").await.expect(200)["state"],
        "Completed"
    );
    scene.world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_keeps_two_people_who_can_manage_its_users() {
    let scene = Scene::set().await;
    let _ = scene.done(&change(CHECKER2, "MakeAndCheck", "No")).await;
    for form in [change(MAKER, "MakeAndCheck", "No"), about("Remove", MAKER)] {
        let claimed = scene.claimed(&form).await;
        let refused = scene.checker.attempt(&claimed, "confirm").await;
        let _ = refused.refused(409, "too-few-managers");
        let person = scene.person(id_of(MAKER)).await;
        assert!(person.rights.contains(&Right::ManageUsers) && !person.is_removed());
        let _ = scene.checker.attempt(&claimed, "return").await.expect(200);
    }
    scene.world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_removals_that_are_confirmed_at_once_one_leaves_two_people_who_can_manage_users() {
    let scene = Scene::set().await;
    // The maker, the checker and the second checker manage users: one of them may go, not two.
    let one = scene.maker.submit(&about("Remove", CHECKER2)).await;
    let other = scene.checker2.submit(&about("Remove", MAKER)).await;
    let one = scene.checker.act(&one, "claim").await.expect(200);
    let other = scene.checker.act(&other, "claim").await.expect(200);
    let confirm = async |on: &Reply| scene.checker.act(on, "confirm").await;
    let (one, other) = tokio::join!(confirm(&one), confirm(&other));
    let mut ends = [one.status, other.status];
    ends.sort_unstable();
    assert_eq!(ends, [200, 409], "{} {}", one.body, other.body);
    let company = CompanyId::parse("abc").unwrap();
    let people = scene.app.store().people(&company).await.unwrap();
    let managers = people
        .iter()
        .filter(|person| person.rights.contains(&Right::ManageUsers));
    assert_eq!(managers.count(), 2);
    scene.world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_open_requests_are_never_about_the_same() {
    let scene = Scene::set().await;
    let company = json!({
        "eService": "AM1", "maintenanceRequest": "Company", "checkers": "1", "approvesByMail": "Yes", "recordsViews": "No",
    });
    for (form, other, pointer) in [
        (
            about("Invite", CHECKER2),
            change(CHECKER2, "None", "No"),
            "/person",
        ),
        (
            add("N Joiner", "joiner@abc.example"),
            add("n  JOINER", "other@abc.example"),
            "/name",
        ),
        (company.clone(), company, "/maintenanceRequest"),
    ] {
        let first = scene.maker.submit(&form).await;
        let second = scene.checker.create(&other).await.expect(201);
        let refused = scene
            .checker
            .act(&second, "submit")
            .await
            .refused(409, "in-open-request");
        assert_eq!(refused.pointers(), [pointer]);
        let reference = first["reference"].as_str().unwrap();
        assert!(
            refused.details()[0].contains(reference),
            "{:?}",
            refused.details()
        );
        let claimed = scene.checker.act(&first, "claim").await.expect(200);
        let _ = scene.checker.act(&claimed, "confirm").await.expect(200);
    }
    scene.world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_directory_cannot_take_is_refused_at_its_place() {
    let scene = Scene::set().await;
    let mut away = about("Away", CHECKER2);
    away["awayFrom"] = json!("2023-02-10");
    away["awayUntil"] = json!("2023-02-07");
    for (form, status, problem, pointer) in [
        (
            add("d WONG", "second@abc.example"),
            409,
            "directory-disagrees",
            "/name",
        ),
        (
            about("Invite", "maker@bank.example"),
            409,
            "directory-disagrees",
            "/person",
        ),
        (change(CHECKER2, "Process", "No"), 422, "invalid", "/access"),
        (away, 422, "invalid", "/awayUntil"),
    ] {
        let draft = scene.maker.create(&form).await.expect(201);
        let refused = scene.maker.act(&draft, "submit").await.refused(status, problem);
        assert_eq!(refused.pointers(), [pointer]);
    }
    // A person of another company has the same name and disturbs nobody.
    let _ = scene.done(&add("B Maker", "b@abc.example")).await;
    scene.world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_step_needs_the_right_to_manage_users_as_the_directory_has_it_now() {
    let scene = Scene::set().await;
    let others = AttributeValue::Ss(vec!["EU_UserMaintenance".to_owned()]);
    let joiner = add("N Joiner", "joiner@abc.example");
    let draft = scene.maker.create(&joiner).await.expect(201);
    let other = scene.maker.submit(&about("Invite", "viewer@abc.example")).await;
    let claimed = scene.claimed(&about("Back", "norights@abc.example")).await;
    for user in [MAKER, CHECKER] {
        scene.world.edit_person(user, "rights", others.clone()).await;
    }
    for (user, on, action) in [
        (&scene.maker, &draft, "submit"),
        (&scene.maker, &draft, "clone"),
        (&scene.maker, &draft, "discard"),
        (&scene.maker, &other, "reclaim"),
        (&scene.checker, &other, "claim"),
        (&scene.checker, &claimed, "claim"),
        (&scene.checker, &claimed, "confirm"),
        (&scene.checker, &claimed, "release"),
        (&scene.checker, &claimed, "return"),
    ] {
        let refused = user.attempt(on, action).await;
        assert_eq!(
            (refused.status, refused.problem()),
            (403, "right-withdrawn"),
            "{action}"
        );
    }
    let refused = scene.maker.create(&about("Back", CHECKER2)).await;
    let _ = refused.refused(403, "right-withdrawn");
    // Requests of the other eServices go by the token.
    let _ = scene.maker.create(&guideline_form()).await.expect(201);
    // Whoever signs in now learns that the right is missing.
    let maker = scene.world.sign_in(MAKER).await;
    let refused = maker.create(&about("Back", CHECKER2)).await;
    let refused = refused.refused(403, "right-missing");
    assert_eq!(refused["detail"], "This needs the access right EU_ManageUsers.");
    scene.world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_who_add_the_same_name_after_the_other_are_told_apart() {
    let scene = Scene::set().await;
    let claimed = scene.claimed(&add("N Joiner", "joiner@abc.example")).await;
    // The name is taken after the directory was read.
    let local = &scene.world.local;
    let put = local.dynamodb().put_item().table_name(local.table_name());
    let put = put.item("pk", text("COMPANY#abc"));
    let name = format!("NAME#{}", name_digest("n joiner"));
    put.item("sk", text(&name)).send().await.unwrap();
    let refused = scene.checker.attempt(&claimed, "confirm").await;
    let refused = refused.refused(409, "directory-disagrees");
    assert_eq!(refused.pointers(), ["/name"]);
    scene.world.local.stop().await;
}
