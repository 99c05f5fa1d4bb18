//! What each right lets a person do, and from when on a right that is withdrawn lets them do nothing.

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::request::StateName;
use countersign_tests::cast::Cast;
use countersign_tests::scene::Scene;
use countersign_tests::{World, form_for, guideline_form};
use serde_json::json;

/// The states of the scene's requests.
const STATES: [StateName; 4] = [
    StateName::Draft,
    StateName::ReadyToSend,
    StateName::Claimed,
    StateName::Processing,
];

/// Takes every right that is withdrawn from the directory; the person's token keeps it.
async fn withdraw(world: &World, user: &str) {
    let rest = AttributeValue::Ss(vec!["EU_ViewOnly".to_owned()]);
    world.edit_person(user, "rights", rest).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn someone_who_may_only_see_reads_every_request_of_their_company_and_takes_no_step() {
    let scene = Scene::set().await;
    let viewer = scene.world.sign_in("viewer@abc.example").await;
    let own = viewer.get("/requests").await.expect(200);
    assert_eq!(own.each("id").len(), STATES.len());
    for state in STATES {
        let on = scene.on(state);
        let seen = viewer.read(&on.id()).await;
        assert_eq!((&seen["state"], seen.etag()), (&json!(state.as_str()), on.etag()));
        let allowed = &seen["allowedActions"];
        assert!(
            allowed.as_array().is_some_and(Vec::is_empty),
            "{state:?}: {allowed}"
        );
        for action in [
            "submit", "claim", "confirm", "return", "release", "reclaim", "clone",
        ] {
            let refused = viewer.attempt(on, action).await.refused(403, "right-missing");
            assert_eq!(
                refused["detail"],
                "This needs the access right EU_UserMaintenance."
            );
        }
    }
    let _ = viewer.create(&form_for(8)).await.refused(403, "right-missing");
    let other = scene.world.sign_in("maker@bank.example").await;
    let _ = other
        .get(&format!("/requests/{}", own.each("id")[0]))
        .await
        .refused(404, "not-found");
    scene.hold_unchanged().await;
    scene.world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_offer_someone_who_may_only_see_nothing_to_start() {
    let world = World::start().await;
    let viewer = world.browser("viewer@abc.example").await;
    let start = "/portal/requests/new";
    for path in ["/", "/portal/user-maintenance", "/portal/readiness"] {
        assert!(!viewer.get(path).await.expect(200).shows(start), "{path}");
    }
    let maker = world.browser("maker@abc.example").await;
    for path in ["/", "/portal/user-maintenance", "/portal/readiness"] {
        assert!(maker.get(path).await.expect(200).shows(start), "{path}");
    }
    assert!(viewer.get(start).await.expect(403).shows("EU_UserMaintenance"));
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_that_is_withdrawn_after_the_claim_confirms_nothing() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let claimed = cast.request_in(StateName::Claimed, 1).await;
    withdraw(&world, "checker@abc.example").await;
    let refused = cast.checker.attempt(&claimed, "confirm").await;
    let refused = refused.refused(403, "right-withdrawn");
    assert!(
        refused["detail"]
            .as_str()
            .unwrap()
            .contains("you no longer have the access right EU_UserMaintenance")
    );
    let now = cast.maker.read(&claimed.id()).await;
    assert_eq!((now.etag(), &now["state"]), (claimed.etag(), &json!("Claimed")));
    // Whoever has it still can.
    let released = cast.checker.attempt(&claimed, "release").await.expect(200);
    let again = cast.checker2.attempt(&released, "claim").await.expect(200);
    let sent = cast.checker2.attempt(&again, "confirm").await.expect(200);
    assert_eq!(sent["state"], "Sent");
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_whose_right_is_withdrawn_decides_nothing() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let held = cast.request_in(StateName::Processing, 1).await;
    withdraw(&world, "officer@exchange.example").await;
    for action in ["complete", "reject"] {
        let refused = cast.officer.attempt(&held, action).await;
        let _ = refused.refused(403, "right-withdrawn");
    }
    assert_eq!(cast.maker.read(&held.id()).await.etag(), held.etag());
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeat_of_a_confirmation_is_answered_though_the_right_is_withdrawn_since() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let claimed = cast.request_in(StateName::Claimed, 1).await;
    let confirm = async || {
        let call = cast.checker.action(&claimed.id(), "confirm");
        let call = call.if_match(&claimed.etag()).header("idempotency-key", "once");
        call.send().await.expect(200)
    };
    let first = confirm().await;
    withdraw(&world, "checker@abc.example").await;
    assert_eq!(confirm().await.body, first.body);
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_removed_signs_in_as_nobody() {
    let world = World::start().await;
    let at = AttributeValue::S("2023-02-07T02:43:00.000Z".to_owned());
    world.edit_person("checker@abc.example", "removed_at", at).await;
    let removed = world.sign_in("checker@abc.example").await;
    let _ = removed.get("/me").await.refused(403, "not-in-directory");
    let _ = removed
        .create(&guideline_form())
        .await
        .refused(403, "not-in-directory");
    world.local.stop().await;
}
