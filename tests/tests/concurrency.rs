//! Many people act at once: one of them wins, the others learn who did, and the history is unbroken.

use std::collections::BTreeSet;

use countersign_domain::eservice::EServiceId;
use countersign_domain::request::StateName;
use countersign_platform::Clock;
use countersign_tests::cast::{Cast, OpenBook, assert_unbroken, name_of, needed_body};
use countersign_tests::market::app;
use countersign_tests::{Call, Reply, User, World, form_for, guideline_form, seed};
use serde_json::json;
use tokio::task::JoinSet;

/// How often two steps collide. Which one wins depends on the machine.
const ROUNDS: usize = 12;

/// Sends calls at the same time. The replies have the order of the calls.
async fn at_once(calls: Vec<Call>) -> Vec<Reply> {
    let mut under_way = JoinSet::new();
    for (index, call) in calls.into_iter().enumerate() {
        under_way.spawn(async move { (index, call.send().await) });
    }
    let mut replies = under_way.join_all().await;
    replies.sort_by_key(|(index, _)| *index);
    replies.into_iter().map(|(_, reply)| reply).collect()
}

/// A call that takes a step at the version of `on`, with whatever the step requires.
fn step(user: &User, on: &Reply, action: &str) -> Call {
    let call = user.action(&on.id(), action).if_match(&on.etag());
    match needed_body(action) {
        Some(body) => call.json(&body),
        None => call,
    }
}

/// Sends two steps at the same time and checks that exactly one wins. Returns the winner's index, the loser's reply and
/// the request.
async fn meet(maker: &User, first: Call, second: Call, on: &Reply) -> (usize, Reply, Reply) {
    let mut replies = at_once(vec![first, second]).await;
    let won: Vec<usize> = (0..2).filter(|index| replies[*index].status == 200).collect();
    assert_eq!(won.len(), 1, "{} and {}", replies[0].body, replies[1].body);
    let lost = replies.swap_remove(1 - won[0]);
    let request = maker.read(&on.id()).await;
    assert_unbroken(&request);
    assert_eq!(
        request["version"].as_u64(),
        on["version"].as_u64().map(|version| version + 1)
    );
    (won[0], lost, request)
}

/// Checks that the loser's reply says what has become of the request.
fn hold_late(lost: Reply, request: &Reply) {
    let lost = lost.refused(409, "not-possible");
    assert_eq!(lost["currentStatus"], request["status"]);
    assert!(
        lost["detail"]
            .as_str()
            .unwrap()
            .contains(request["status"].as_str().unwrap())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_64_checkers_who_claim_at_once_one_wins_and_63_are_told_who() {
    let book = OpenBook::start().await;
    let maker = book.world.sign_in("maker@abc.example").await;
    let submitted = maker.submit(&guideline_form()).await;
    let mut checkers = Vec::new();
    for number in 0..64 {
        checkers.push(book.hire(&format!("checker-{number:02}")).await);
    }
    let claims = checkers.iter().map(|checker| step(checker, &submitted, "claim"));
    let replies = at_once(claims.collect()).await;

    let won: Vec<usize> = (0..64).filter(|index| replies[*index].status == 200).collect();
    assert_eq!(won.len(), 1, "{won:?}");
    let winner = name_of(&format!("checker-{:02}", won[0]));
    let status = replies[won[0]]["status"].as_str().unwrap().to_owned();
    assert!(
        status.starts_with(&format!("Claimed By {winner} on 07-Feb-2023 ")),
        "{status}"
    );
    let claimed = maker.read(&submitted.id()).await;
    assert_unbroken(&claimed);
    assert_eq!(
        (&claimed["status"], &claimed["version"]),
        (&json!(status), &json!(3))
    );
    assert_eq!(claimed["holder"]["name"], winner);
    for (index, reply) in replies.into_iter().enumerate() {
        if index != won[0] {
            hold_late(reply, &claimed);
        }
    }
    // Only the winner can go on; a loser can claim the request once it is released.
    let (held, loser) = (&checkers[won[0]], &checkers[(won[0] + 1) % 64]);
    let _ = loser
        .attempt(&claimed, "confirm")
        .await
        .refused(409, "not-possible");
    let released = held.attempt(&claimed, "release").await.expect(200);
    let _ = loser.attempt(&released, "claim").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_and_the_step_that_takes_the_request_back_exclude_each_other() {
    let world = World::start().await;
    seed::administrators(&world, 0..200).await;
    let cast = Cast::sign_in(&world).await;
    for round in 0..ROUNDS {
        let waiting = cast.request_in(StateName::ReadyToSend, 2 * round).await;
        let claim = step(&cast.checker, &waiting, "claim");
        let reclaim = step(&cast.maker, &waiting, "reclaim");
        let (won, lost, request) = meet(&cast.maker, claim, reclaim, &waiting).await;
        assert_eq!(request["state"], ["Claimed", "Draft"][won]);
        hold_late(lost, &request);

        let sent = cast.request_in(StateName::Sent, 2 * round + 1).await;
        let claim = step(&cast.officer, &sent, "claim");
        let reclaim = step(&cast.checker, &sent, "reclaim");
        let (won, lost, request) = meet(&cast.maker, claim, reclaim, &sent).await;
        assert_eq!(request["state"], ["Processing", "Claimed"][won]);
        if won == 1 {
            // A request that the company took back is hidden from the officer again.
            let _ = lost.refused(404, "not-found");
        } else {
            hold_late(lost, &request);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_holder_who_decides_twice_at_once_decides_once() {
    let world = World::start().await;
    seed::administrators(&world, 0..200).await;
    let cast = Cast::sign_in(&world).await;
    let both_ways = [
        ("confirm", "release"),
        ("confirm", "return"),
        ("confirm", "confirm"),
        ("return", "release"),
    ];
    for (number, (one, other)) in both_ways.into_iter().cycle().take(ROUNDS).enumerate() {
        let claimed = cast.request_in(StateName::Claimed, number).await;
        let calls = [one, other].map(|action| step(&cast.checker, &claimed, action));
        let [one, other] = calls;
        let (_, lost, request) = meet(&cast.maker, one, other, &claimed).await;
        hold_late(lost, &request);
    }
    let both_ways = [
        ("complete", "reject"),
        ("complete", "return"),
        ("reject", "release"),
        ("complete", "complete"),
    ];
    for (number, (one, other)) in both_ways.into_iter().cycle().take(ROUNDS).enumerate() {
        let processing = cast.request_in(StateName::Processing, 100 + number).await;
        let [one, other] = [one, other].map(|action| step(&cast.officer, &processing, action));
        let (_, lost, request) = meet(&cast.maker, one, other, &processing).await;
        if request["state"] == "Draft" {
            let _ = lost.refused(404, "not-found");
        } else {
            hold_late(lost, &request);
        }
        let register = cast
            .maker
            .get("/delegated-administrators?limit=100")
            .await
            .expect(200);
        let rows = register["items"].as_array().unwrap();
        let is_registered = rows.iter().any(|row| row["request"] == processing.id());
        assert_eq!(
            is_registered,
            request["state"] == "Completed",
            "{}",
            register.body
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_maker_with_two_windows_keeps_what_came_first() {
    let world = World::start().await;
    seed::administrators(&world, 0..200).await;
    let cast = Cast::sign_in(&world).await;
    for (number, (one, other)) in [
        ("save", "submit"),
        ("save", "save"),
        ("submit", "discard"),
        ("save", "discard"),
    ]
    .into_iter()
    .cycle()
    .take(ROUNDS)
    .enumerate()
    {
        let draft = cast.request_in(StateName::Draft, number).await;
        let with = |action: &str, remarks: &str| {
            let call = cast.maker.action(&draft.id(), action).if_match(&draft.etag());
            let mut form = form_for(number);
            form["remarks"] = json!(remarks);
            if action == "save" { call.json(&form) } else { call }
        };
        let calls = (with(one, "one"), with(other, "other"));
        let (won, lost, request) = meet(&cast.maker, calls.0, calls.1, &draft).await;
        if request["state"] == "Draft" {
            let _ = lost.refused(412, "stale");
            assert_eq!(request["form"]["remarks"], ["one", "other"][won]);
        } else {
            hold_late(lost, &request);
            assert_eq!(request["form"]["remarks"], "");
        }
        let submitted = request["state"] == "ReadyToSend";
        assert_eq!(
            request["formHash"] == request["history"][0]["formHash"],
            request["form"]["remarks"] == ""
        );
        assert_eq!(request["reference"].is_string(), submitted);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_requests_for_the_same_user_id_one_is_submitted_and_the_others_are_told_which() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    // A closed request has the lock, so every submission has to take it over.
    let closed = cast.request_in(StateName::ReadyToSend, 1).await;
    let closed = cast.maker.attempt(&closed, "reclaim").await.expect(200);
    let mut drafts = Vec::new();
    for _ in 0..16 {
        drafts.push(cast.maker.create(&form_for(1)).await.expect(201));
    }
    let submits = drafts.iter().map(|draft| step(&cast.maker, draft, "submit"));
    let replies = at_once(submits.collect()).await;
    let won: Vec<&Reply> = replies.iter().filter(|reply| reply.status == 200).collect();
    assert_eq!(won.len(), 1);
    let reference = won[0]["reference"].as_str().unwrap().to_owned();
    for reply in replies.into_iter().filter(|reply| reply.status != 200) {
        let reply = reply.refused(409, "in-open-request");
        assert_eq!(reply.pointers(), ["/changes/0/userId"]);
        assert!(reply.details()[0].contains(&reference), "{}", reply.body);
    }
    let _ = cast
        .maker
        .attempt(&closed, "submit")
        .await
        .refused(409, "in-open-request");
    let waiting = cast.checker.get("/tasks").await.expect(200);
    assert_eq!(waiting.each("reference"), [reference]);
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_requests_that_are_submitted_at_once_get_fifty_references() {
    let world = World::start().await;
    seed::administrators(&world, 0..200).await;
    let maker = world.sign_in("maker@abc.example").await;
    let creates = (0..50).map(|number| {
        let call = maker.call(reqwest::Method::POST, "/requests");
        call.json(&form_for(number))
    });
    let drafts = at_once(creates.collect()).await;
    let submits = drafts.iter().map(|draft| step(&maker, draft, "submit"));
    let submitted = at_once(submits.collect()).await;
    let reference = |reply: &Reply| {
        assert_eq!(reply.status, 200, "{}", reply.body);
        reply["reference"].as_str().unwrap().to_owned()
    };
    let references: BTreeSet<String> = submitted.iter().map(reference).collect();
    assert_eq!(references.len(), 50);
    assert_eq!(references.first().unwrap(), "DA3_00013361");
    for reply in &submitted {
        let found = maker
            .get(&format!("/requests?reference={}", reference(reply)))
            .await;
        assert_eq!(found.each("id"), [reply.id()]);
    }
    let tasks = maker.get("/tasks?limit=100").await.expect(200);
    assert_eq!(
        tasks.each("reference").into_iter().collect::<BTreeSet<_>>(),
        references
    );
}

#[tokio::test]
async fn a_number_is_given_back_once_and_only_while_nobody_has_drawn_since() {
    let world = World::start().await;
    let app = app(&world, Clock::system());
    let store = app.store();
    let draw = async || store.draw_reference(EServiceId::SCard3).await.unwrap();
    let give_back = async |drawn| store.give_back(EServiceId::SCard3, drawn).await.unwrap();

    let first = draw().await;
    give_back(&first).await;
    let second = draw().await;
    assert_eq!(second.reference, first.reference);
    // The network repeats the first call. By now, the number belongs to another draw.
    give_back(&first).await;
    let third = draw().await;
    assert_ne!(third.reference, second.reference);
    // Others have drawn since, so this number is lost.
    give_back(&second).await;
    let fourth = draw().await;
    assert_ne!(fourth.reference, third.reference);
}
