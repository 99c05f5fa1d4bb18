//! The campaign's dates: nothing is accepted before the opening, nothing is guaranteed after the deadline.

use countersign_domain::request::StateName;
use countersign_local::Options;
use countersign_tests::cast::Cast;
use countersign_tests::{Reply, User, World, form_for, guideline_form};
use serde_json::{Value, json};

const BEFORE_THE_OPENING: &str = "2023-03-19T23:30:00+08:00";
const OPENING: &str = "2023-03-20T00:00:00+08:00";
const LAST_SECOND: &str = "2023-04-28T23:59:59+08:00";
const ONE_SECOND_LATER: &str = "2023-04-29T00:00:00+08:00";

/// A world with the guideline's dates, at this time.
async fn world_at(time: &str) -> World {
    let clock = time.parse().ok();
    World::with(Options {
        clock,
        ..Options::in_memory()
    })
    .await
}

fn hold_unopened(reply: Reply) {
    let reply = reply.refused(409, "not-open-yet");
    assert_eq!(reply["detail"], "Requests are accepted from 20-Mar-2023 on.");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_of_an_eservice_without_a_campaign_is_cloned_before_it_opens_with_a_tag_and_without() {
    let world = world_at(BEFORE_THE_OPENING).await;
    let maker = world.sign_in("maker@abc.example").await;
    let form = json!({
        "eService": "SCard1",
        "participantship": {"kind": "HKSCC Participant", "id": "B01234"},
    });
    let draft = maker.create(&form).await.expect(201);
    let untagged = maker.action(&draft.id(), "clone").send().await.expect(201);
    let tagged = maker.act(&draft, "clone").await.expect(201);
    for clone in [untagged, tagged] {
        let _ = maker.act(&clone, "discard").await.expect(200);
    }
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn before_the_campaign_opens_every_way_in_is_refused_with_the_date() {
    let world = world_at(OPENING).await;
    let cast = Cast::sign_in(&world).await;
    let draft = cast.request_in(StateName::Draft, 1).await;
    let completed = cast.request_in(StateName::Completed, 2).await;

    world.at(BEFORE_THE_OPENING);
    let cast = Cast::sign_in(&world).await;
    let clone = async |of: &Reply| cast.maker.action(&of.id(), "clone").send().await;
    hold_unopened(clone(&draft).await);
    hold_unopened(cast.maker.create(&guideline_form()).await);
    hold_unopened(cast.maker.attempt(&draft, "save").await);
    hold_unopened(cast.maker.attempt(&draft, "submit").await);
    hold_unopened(cast.maker.attempt(&draft, "clone").await);
    hold_unopened(cast.checker.attempt(&completed, "clone").await);
    // Faults in the form come first, so that a maker can correct it before the opening.
    let mut form = guideline_form();
    form["changes"][0]["email"] = json!("plain");
    assert_eq!(
        cast.maker.create(&form).await.refused(422, "invalid").pointers(),
        ["/changes/0/email"]
    );
    assert_eq!(
        cast.maker.read(&draft.id()).await["allowedActions"],
        json!(["discard"])
    );
    assert_eq!(cast.maker.read(&draft.id()).await.etag(), draft.etag());
    assert_eq!(cast.maker.get("/requests").await.each("id").len(), 2);
    let catalogue = cast.maker.get("/eservices").await.expect(200);
    let dates = json!({"opens": "20-Mar-2023", "deadline": "28-Apr-2023", "open": false});
    assert_eq!(catalogue["campaign"], dates);
    let _ = cast.maker.attempt(&draft, "discard").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn just_before_the_opening_is_too_early_and_its_first_second_is_not() {
    let world = world_at("2023-03-19T23:59:00+08:00").await;
    let maker = world.sign_in("maker@abc.example").await;
    world.at("2023-03-19T23:59:50+08:00");
    hold_unopened(maker.create(&guideline_form()).await);
    world.at(OPENING);
    let _ = maker.create(&guideline_form()).await.expect(201);
    assert_eq!(maker.get("/eservices").await["campaign"]["open"], true);
}

/// Takes a step within a certain second. The clock runs on, so a slow machine may need another try.
async fn in_the_last_second(world: &World, user: &User, on: &[Reply], action: &str) -> Reply {
    for on in on {
        world.at(LAST_SECOND);
        let done = user.attempt(on, action).await.expect(200);
        if done["updatedAt"].as_str().unwrap() < "2023-04-28T16:00:00" {
            return done;
        }
    }
    panic!("the machine takes more than a second for one step");
}

async fn guaranteed(user: &User, on: &Reply) -> Value {
    user.read(&on.id()).await["guaranteed"].clone()
}

/// Makes drafts of ABC Company.
async fn drafts(maker: &User) -> Vec<Reply> {
    let mut drafts = Vec::new();
    for number in 1..=5 {
        drafts.push(maker.create(&form_for(number)).await.expect(201));
    }
    drafts
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_of_the_deadlines_last_second_is_guaranteed_and_in_the_next_second_none_that_was_not_sent_is()
 {
    let world = world_at("2023-04-28T23:55:00+08:00").await;
    let cast = Cast::sign_in(&world).await;
    let drafts = drafts(&cast.maker).await;
    assert_eq!(guaranteed(&cast.maker, &drafts[0]).await, Value::Null);
    let in_time = in_the_last_second(&world, &cast.maker, &drafts, "submit").await;
    assert_eq!(guaranteed(&cast.maker, &in_time).await, true);

    world.at(ONE_SECOND_LATER);
    let late = cast.maker.submit(&form_for(9)).await;
    assert_eq!(guaranteed(&cast.maker, &late).await, false);
    let tasks = cast.checker.get("/tasks").await.expect(200);
    for row in tasks["items"].as_array().unwrap() {
        assert_eq!(row["guaranteed"], false, "{row}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn confirming_settles_again_whether_a_request_is_in_time() {
    let world = world_at("2023-04-28T23:55:00+08:00").await;
    let cast = Cast::sign_in(&world).await;
    let mut claimed = Vec::new();
    for number in 1..=6 {
        claimed.push(cast.request_in(StateName::Claimed, number).await);
    }
    let slow = claimed.pop().unwrap();
    assert_eq!(guaranteed(&cast.maker, &slow).await, true);
    let in_time = in_the_last_second(&world, &cast.checker, &claimed, "confirm").await;
    assert_eq!(guaranteed(&cast.maker, &in_time).await, true);

    world.at(ONE_SECOND_LATER);
    let late = cast.checker.attempt(&slow, "confirm").await.expect(200);
    assert_eq!(guaranteed(&cast.maker, &late).await, false);
    // What the officer does afterwards does not change either of them.
    for (sent, two_factor) in [(in_time, "ready"), (late, "notGuaranteed")] {
        let processing = cast.officer.attempt(&sent, "claim").await.expect(200);
        let completed = cast.officer.attempt(&processing, "complete").await.expect(200);
        let settled = cast.maker.read(&completed.id()).await;
        assert_eq!(settled["guaranteed"], two_factor == "ready");
        let register = cast.maker.get("/delegated-administrators").await.expect(200);
        let user_id = &settled["form"]["changes"][0]["userId"];
        let rows = register["items"].as_array().unwrap();
        let row = rows.iter().find(|row| row["userId"] == *user_id).unwrap();
        assert_eq!(row["twoFactor"], two_factor, "{row}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confirmation_that_is_taken_back_after_the_deadline_loses_its_guarantee() {
    let world = world_at("2023-04-28T23:55:00+08:00").await;
    let cast = Cast::sign_in(&world).await;
    let sent = cast.request_in(StateName::Sent, 1).await;
    assert_eq!(guaranteed(&cast.maker, &sent).await, true);
    world.at(ONE_SECOND_LATER);
    let reclaimed = cast.checker.attempt(&sent, "reclaim").await.expect(200);
    let again = cast.checker.attempt(&reclaimed, "confirm").await.expect(200);
    assert_eq!(guaranteed(&cast.maker, &again).await, false);
}
