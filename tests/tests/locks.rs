//! Open User IDs: a User ID is in one open request at a time, and the locks of closed requests block nobody.

use countersign_domain::request::StateName;
use countersign_tests::cast::{Cast, SECOND_CHECKER, assert_unbroken};
use countersign_tests::{Reply, User, World, form_for, guideline_form, seed};
use serde_json::{Value, json};
use tokio::task::JoinSet;

/// A form for several User IDs of ABC Company.
fn form_of(numbers: impl IntoIterator<Item = usize>) -> Value {
    let row =
        |number| json!({"userId": format!("B01234X{number}"), "email": format!("da{number}@bank.com.hk")});
    let mut form = guideline_form();
    form["changes"] = numbers.into_iter().map(row).collect();
    form
}

/// A world whose register has all of these User IDs.
async fn world() -> World {
    let world = World::start().await;
    seed::administrators(&world, 0..100).await;
    world
}

/// Saves and tries to submit a form; returns the draft and the reply.
async fn try_to_submit(user: &User, form: &Value) -> (Reply, Reply) {
    let draft = user.create(form).await.expect(201);
    let reply = user.attempt(&draft, "submit").await;
    (draft, reply)
}

/// Checks that a reply names these rows, each with the reference of the request that has its User ID.
fn hold_blocked(reply: Reply, rows: &[(usize, &Reply)]) {
    let reply = reply.refused(409, "in-open-request");
    let places: Vec<String> = rows
        .iter()
        .map(|(row, _)| format!("/changes/{row}/userId"))
        .collect();
    assert_eq!(reply.pointers(), places, "{}", reply.body);
    for (detail, (_, blocker)) in reply.details().into_iter().zip(rows) {
        let reference = blocker["reference"].as_str().unwrap();
        let sentence = format!(
            "This User ID is in the open request {reference} already. It can be in one open request only."
        );
        assert_eq!(detail, sentence);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clash_names_the_row_and_the_request_in_every_open_state() {
    let world = world().await;
    let cast = Cast::sign_in(&world).await;
    let open = [
        StateName::ReadyToSend,
        StateName::Claimed,
        StateName::Sent,
        StateName::Processing,
    ];
    for (index, state) in open.into_iter().enumerate() {
        let draft = cast
            .maker
            .create(&form_of([10 * index, 10 * index + 1]))
            .await
            .expect(201);
        let submitted = cast.maker.attempt(&draft, "submit").await.expect(200);
        let blocker = match state {
            StateName::ReadyToSend => submitted.clone(),
            _ => bring_on(&cast, &submitted, state).await,
        };
        // In anyone's draft, and in either case of the User ID's letters.
        let form = form_of([90 + index, 10 * index + 1]);
        let mut lower = form.clone();
        lower["changes"][1]["userId"] = json!(format!("b01234x{}", 10 * index + 1));
        for (user, form) in [(&cast.maker, &form), (&cast.checker2, &lower)] {
            let (draft, reply) = try_to_submit(user, form).await;
            hold_blocked(reply, &[(1, &submitted)]);
            let kept = user.read(&draft.id()).await;
            assert_eq!((kept.etag(), &kept["state"]), (draft.etag(), &json!("Draft")));
            assert_eq!(kept["reference"], Value::Null);
        }
        assert_eq!(cast.maker.read(&blocker.id()).await.etag(), blocker.etag());
        // The row that was free is still free: a refusal takes no lock.
        let _ = cast.maker.submit(&form_of([90 + index])).await;
    }
}

/// Takes a submitted request to a later open state.
async fn bring_on(cast: &Cast, submitted: &Reply, state: StateName) -> Reply {
    let steps = [
        (&cast.checker, "claim"),
        (&cast.checker, "confirm"),
        (&cast.officer, "claim"),
    ];
    let mut last = submitted.clone();
    for (user, action) in steps {
        last = user.attempt(&last, action).await.expect(200);
        if last["state"] == state.as_str() {
            break;
        }
    }
    last
}

#[tokio::test(flavor = "multi_thread")]
async fn every_row_that_clashes_is_named_at_once_each_with_its_own_blocker() {
    let world = world().await;
    let cast = Cast::sign_in(&world).await;
    let first = cast.maker.submit(&form_of([1, 3])).await;
    let second = cast.checker.submit(&form_of([5])).await;
    let closed = cast.maker.submit(&form_of([4])).await;
    let _ = cast.maker.attempt(&closed, "reclaim").await.expect(200);
    let (_, reply) = try_to_submit(&cast.maker, &form_of(0..7)).await;
    hold_blocked(reply, &[(1, &first), (3, &first), (5, &second)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_closed_request_held_is_taken_over_by_the_next_submit() {
    let world = world().await;
    let cast = Cast::sign_in(&world).await;
    for (number, (state, user, action)) in [
        (StateName::ReadyToSend, &cast.maker, "reclaim"),
        (StateName::Claimed, &cast.checker, "return"),
        (StateName::Processing, &cast.officer, "return"),
        (StateName::Processing, &cast.officer, "complete"),
        (StateName::Processing, &cast.officer, "reject"),
    ]
    .into_iter()
    .enumerate()
    {
        let held = cast.request_in(state, number).await;
        let (_, refused) = try_to_submit(&cast.checker2, &form_for(number)).await;
        assert_eq!(refused.problem(), "in-open-request");
        let closed = user.attempt(&held, action).await.expect(200);
        let next = cast.checker2.submit(&form_for(number)).await;
        assert_eq!(next["state"], "ReadyToSend");
        if closed["state"] == "Draft" {
            let refused = cast.maker.attempt(&closed, "submit").await;
            hold_blocked(refused, &[(0, &next)]);
            // Once the other request is closed, the first one can be submitted.
            let _ = cast.checker2.attempt(&next, "reclaim").await.expect(200);
            let again = cast.maker.attempt(&closed, "submit").await.expect(200);
            assert_eq!(again["state"], "ReadyToSend");
        }
    }
    let submitted = cast.request_in(StateName::ReadyToSend, 9).await;
    let reclaimed = cast.maker.attempt(&submitted, "reclaim").await.expect(200);
    let _ = cast.maker.attempt(&reclaimed, "discard").await.expect(200);
    assert_eq!(cast.checker2.submit(&form_for(9)).await["state"], "ReadyToSend");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_id_that_was_taken_out_of_a_draft_is_free_again() {
    let world = world().await;
    let cast = Cast::sign_in(&world).await;
    let submitted = cast.maker.submit(&form_of([1, 2])).await;
    let reclaimed = cast.maker.attempt(&submitted, "reclaim").await.expect(200);
    let save = cast
        .maker
        .action(&reclaimed.id(), "save")
        .if_match(&reclaimed.etag());
    let saved = save.json(&form_of([1])).send().await.expect(200);
    let other = cast.maker.submit(&form_of([2])).await;
    let again = cast.maker.attempt(&saved, "submit").await.expect(200);
    assert_eq!(again["reference"], submitted["reference"]);
    let (_, reply) = try_to_submit(&cast.maker, &form_of([2, 1])).await;
    hold_blocked(reply, &[(0, &other), (1, &again)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_id_that_a_resubmitted_request_no_longer_has_is_free_and_those_that_it_has_are_not() {
    let world = world().await;
    let cast = Cast::sign_in(&world).await;
    let draft = cast.maker.create(&form_of([1, 2])).await.expect(201);
    let submitted = cast.maker.act(&draft, "submit").await.expect(200);
    let reclaimed = cast.maker.act(&submitted, "reclaim").await.expect(200);
    let save = cast.maker.action(&draft.id(), "save").if_match(&reclaimed.etag());
    let saved = save.json(&form_of([2, 3])).send().await.expect(200);
    let again = cast.maker.act(&saved, "submit").await.expect(200);

    // It had row 1, has row 2 since then, and has row 3 now.
    let (_, refused) = try_to_submit(&cast.checker2, &form_of([1, 2, 3])).await;
    hold_blocked(refused, &[(1, &again), (2, &again)]);
    let (_, taken) = try_to_submit(&cast.checker2, &form_of([1])).await;
    assert_eq!(taken.expect(200)["state"], "ReadyToSend");
    let (_, refused) = try_to_submit(&cast.maker, &form_of([1])).await;
    assert_eq!(refused.problem(), "in-open-request");
}

/// Makes closed requests, each with the lock of the User ID of its number. Four run in parallel.
async fn leave_locks_behind(maker: &User, count: usize) -> Vec<Reply> {
    let numbers: Vec<usize> = (0..count).collect();
    let mut under_way = JoinSet::new();
    for some in numbers.chunks(count.div_ceil(4)) {
        let (maker, some) = (maker.clone(), some.to_vec());
        under_way.spawn(async move {
            let mut closed = Vec::new();
            for number in some {
                let submitted = maker.submit(&form_for(number)).await;
                let reclaimed = maker.attempt(&submitted, "reclaim").await.expect(200);
                closed.push((number, reclaimed));
            }
            closed
        });
    }
    let mut closed = under_way.join_all().await.concat();
    closed.sort_by_key(|(number, _)| *number);
    closed.into_iter().map(|(_, request)| request).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_rows_that_fifty_closed_requests_hold_still_submit() {
    let world = world().await;
    let cast = Cast::sign_in(&world).await;
    let closed = leave_locks_behind(&cast.maker, 98).await;
    // Exactly the hundred operations that fit into one transaction, and more than that.
    for rows in [0..48, 48..98] {
        let draft = cast.maker.create(&form_of(rows.clone())).await.expect(201);
        let submit = cast.maker.action(&draft.id(), "submit").if_match(&draft.etag());
        let submitted = submit.header("idempotency-key", "k").send().await.expect(200);
        for number in [rows.start, rows.end - 1] {
            let refused = cast.maker.attempt(&closed[number], "submit").await;
            hold_blocked(refused, &[(0, &submitted)]);
        }
        let whole = cast.maker.read(&draft.id()).await;
        assert_unbroken(&whole);
        assert_eq!(
            (&whole["state"], &whole["version"]),
            (&json!("ReadyToSend"), &json!(2))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_open_request_among_fifty_that_hold_rows_is_enough_to_refuse_and_changes_nothing() {
    let world = world().await;
    let cast = Cast::sign_in(&world).await;
    let closed = leave_locks_behind(&cast.maker, 50).await;
    let open = cast.maker.attempt(&closed[37], "submit").await.expect(200);
    let (draft, reply) = try_to_submit(&cast.maker, &form_of(0..50)).await;
    hold_blocked(reply, &[(37, &open)]);
    assert_eq!(cast.maker.read(&draft.id()).await.etag(), draft.etag());
    assert_eq!(cast.maker.read(&open.id()).await.etag(), open.etag());
    // The closed requests can still be submitted themselves.
    for number in [0, 36, 38, 49] {
        let now = cast.maker.attempt(&closed[number], "submit").await.expect(200);
        assert_eq!(
            now["reference"],
            cast.maker.read(&closed[number].id()).await["reference"]
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_return_and_a_resubmission_keep_the_reference_and_the_record() {
    let world = world().await;
    let cast = Cast::sign_in(&world).await;
    let submitted = cast.request_in(StateName::ReadyToSend, 1).await;
    let reference = submitted["reference"].clone();
    assert_eq!(reference, "DA3_00013361");
    let mut last = submitted;
    let way = [
        (&cast.checker, "claim"),
        (&cast.checker, "return"),
        (&cast.maker, "submit"),
        (&cast.checker2, "claim"),
        (&cast.checker2, "confirm"),
        (&cast.officer2, "claim"),
        (&cast.officer2, "return"),
        (&cast.maker, "save"),
        (&cast.maker, "submit"),
        (&cast.maker, "reclaim"),
        (&cast.maker, "submit"),
        (&cast.checker, "claim"),
        (&cast.checker, "confirm"),
        (&cast.officer, "claim"),
        (&cast.officer, "complete"),
    ];
    for (user, action) in way {
        last = user.attempt(&last, action).await.expect(200);
        assert_eq!(last["reference"], reference, "{action}");
    }
    let done = cast.maker.read(&last.id()).await;
    assert_unbroken(&done);
    assert_eq!((&done["reference"], &done["version"]), (&reference, &json!(17)));
    assert_eq!(done["confirmed"]["name"], "D Wong");
    let found = cast.maker.get("/requests?reference=DA3_00013361").await;
    assert_eq!(found.each("id"), [done.id()]);
    // No reference number was lost on the way.
    assert_eq!(cast.maker.submit(&form_for(2)).await["reference"], "DA3_00013362");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clone_gets_a_reference_of_its_own_and_clashes_with_its_open_source() {
    let world = world().await;
    let cast = Cast::sign_in(&world).await;
    let source = cast.request_in(StateName::Sent, 1).await;
    let clone = cast
        .checker2
        .action(&source.id(), "clone")
        .send()
        .await
        .expect(201);
    let whole = cast.checker2.read(&clone.id()).await;
    assert_eq!(
        (&whole["form"]["declaration"], &whole["reference"]),
        (&json!(false), &Value::Null)
    );
    assert_eq!(whole["history"][0]["clonedFrom"], source.id());
    let _ = cast
        .checker2
        .attempt(&clone, "submit")
        .await
        .refused(422, "invalid");
    let save = cast.checker2.action(&clone.id(), "save").if_match(&clone.etag());
    let declared = save.json(&form_for(1)).send().await.expect(200);
    hold_blocked(
        cast.checker2.attempt(&declared, "submit").await,
        &[(0, &cast.maker.read(&source.id()).await)],
    );
    let taken = cast.officer.attempt(&source, "claim").await.expect(200);
    let _ = cast.officer.attempt(&taken, "complete").await.expect(200);
    let submitted = cast.checker2.attempt(&declared, "submit").await.expect(200);
    assert_ne!(
        submitted["reference"],
        cast.maker.read(&source.id()).await["reference"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_can_submit_what_nobody_else_could_check() {
    let world = world().await;
    let only = world.sign_in("only@solo.example").await;
    let mut form = guideline_form();
    form["participantship"]["id"] = json!("B09999");
    form["changes"][0]["userId"] = json!("B09999X1");
    let (draft, reply) = try_to_submit(&only, &form).await;
    let reply = reply.refused(409, "no-other-checker");
    assert!(reply["detail"].as_str().unwrap().contains("EU_UserMaintenance"));
    let kept = only.read(&draft.id()).await;
    assert_eq!((kept.etag(), &kept["reference"]), (draft.etag(), &Value::Null));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_submission_takes_no_reference_number() {
    let world = world().await;
    let cast = Cast::sign_in(&world).await;
    let (_, first) = try_to_submit(&cast.maker, &form_of([1])).await;
    assert_eq!(first.expect(200)["reference"], "DA3_00013361");
    // User ID taken, form incomplete, and request changed since it was read.
    let (_, taken) = try_to_submit(&cast.maker, &form_of([1])).await;
    let _ = taken.refused(409, "in-open-request");
    let mut incomplete = form_of([2]);
    incomplete["declaration"] = json!(false);
    let (draft, missing) = try_to_submit(&cast.maker, &incomplete).await;
    let _ = missing.refused(422, "invalid");
    let save = cast.maker.action(&draft.id(), "save").if_match(&draft.etag());
    let saved = save.json(&form_of([2])).send().await.expect(200);
    let _ = cast.maker.attempt(&draft, "submit").await.refused(412, "stale");
    let submitted = cast.maker.attempt(&saved, "submit").await.expect(200);
    assert_eq!(submitted["reference"], "DA3_00013362");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_want_for_themselves_keeps_nobody_from_removing_them() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let of_second =
        |request: &str| json!({"eService": "AM1", "maintenanceRequest": request, "person": SECOND_CHECKER});
    let own = cast.checker2.submit(&of_second("Invite")).await;
    let (_, removal) = try_to_submit(&cast.maker, &of_second("Remove")).await;
    let claimed = cast
        .checker
        .attempt(&removal.expect(200), "claim")
        .await
        .expect(200);
    assert_eq!(
        cast.checker.attempt(&claimed, "confirm").await.expect(200)["state"],
        "Completed"
    );
    // There is nobody to invite any more.
    let claimed = cast.maker.attempt(&own, "claim").await.expect(200);
    let refused = cast.maker.attempt(&claimed, "confirm").await;
    let _ = refused.refused(409, "directory-disagrees");
    world.local.stop().await;
}
