//! A command that is sent again with its `Idempotency-Key` is carried out once, and always gets its first answer.

use countersign_domain::request::StateName;
use countersign_tests::cast::{Cast, MESSAGE, assert_unbroken, needed_body};
use countersign_tests::scene::{COMMANDS, Scene};
use countersign_tests::{Call, Reply, User, World, form_for, guideline_form, seed};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

/// The header that marks a repeated answer.
const REPLAYED: &str = "idempotent-replayed";

/// A step with a key and this tag.
fn keyed(user: &User, on: &Reply, action: &str, key: &str, tag: &str) -> Call {
    let call = user
        .action(&on.id(), action)
        .header("idempotency-key", key)
        .if_match(tag);
    match needed_body(action) {
        Some(body) => call.json(&body),
        None => call,
    }
}

fn create(user: &User, form: &Value, key: &str) -> Call {
    let call = user
        .call(Method::POST, "/requests")
        .header("idempotency-key", key);
    call.json(form)
}

/// Checks that a reply repeats the first answer (status, body, tag and location) and is marked as a repeat.
fn hold_same(again: &Reply, first: &Reply) {
    assert_eq!(again.header(REPLAYED), Some("true"));
    assert_eq!(first.header(REPLAYED), None);
    assert_eq!((again.status, &again.body), (first.status, &first.body));
    assert_eq!(again.etag(), first.etag());
    assert_eq!(again.header("location"), first.header("location"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_command_gives_its_first_answer_whatever_it_says_to_have_read() {
    let scene = Scene::set().await;
    seed::administrators(&scene.world, 10..20).await;
    for command @ (action, state, role) in COMMANDS {
        // Each command gets its own request, because its effect is permanent.
        let number = 10 + COMMANDS.iter().position(|other| *other == command).unwrap();
        let on = scene.cast.request_in(state, number).await;
        let user = scene.user(role);
        let first = keyed(user, &on, action, "again", &on.etag())
            .send()
            .await
            .expect(200);
        let after = scene.cast.maker.read(&on.id()).await;
        for tag in [
            on.etag(),
            first.etag(),
            format!("W/{}", on.etag()),
            "\"garbage\"".to_owned(),
        ] {
            let again = keyed(user, &on, action, "again", &tag).send().await;
            assert_eq!(again.status, 200, "{action} with {tag}: {}", again.body);
            hold_same(&again, &first);
        }
        assert_eq!(
            scene.cast.maker.read(&on.id()).await.body,
            after.body,
            "{action} was done again"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_answer_stays_the_same_after_every_later_step() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let made = create(&cast.maker, &guideline_form(), "make")
        .send()
        .await
        .expect(201);
    let steps = [
        (&cast.maker, "submit"),
        (&cast.maker, "reclaim"),
        (&cast.maker, "save"),
        (&cast.maker, "submit"),
        (&cast.checker, "claim"),
        (&cast.checker, "release"),
        (&cast.checker, "claim"),
        (&cast.checker, "return"),
        (&cast.maker, "submit"),
        (&cast.checker, "claim"),
        (&cast.checker, "confirm"),
        (&cast.checker, "reclaim"),
        (&cast.checker, "confirm"),
        (&cast.officer, "claim"),
        (&cast.officer, "release"),
        (&cast.officer, "claim"),
        (&cast.officer, "complete"),
    ];
    let mut answers: Vec<(&User, &str, String, Reply)> = Vec::new();
    let mut last = made.clone();
    for (number, (user, action)) in steps.into_iter().enumerate() {
        let key = format!("step {number}");
        let tag = last.etag();
        last = keyed(user, &made, action, &key, &tag).send().await.expect(200);
        answers.push((user, action, tag, last.clone()));
    }
    let done = cast.maker.read(&made.id()).await;
    assert_eq!(
        (&done["state"], &done["version"]),
        (&json!("Completed"), &json!(18))
    );
    assert_unbroken(&done);
    world.at("2023-12-24T18:00:00+08:00");
    let later = Cast::sign_in(&world).await;
    for (number, (_, action, tag, first)) in answers.iter().enumerate() {
        let user = match steps[number].0 {
            user if std::ptr::eq(user, &raw const cast.maker) => &later.maker,
            user if std::ptr::eq(user, &raw const cast.checker) => &later.checker,
            _ => &later.officer,
        };
        let again = keyed(user, &made, action, &format!("step {number}"), tag)
            .send()
            .await;
        hold_same(&again, first);
    }
    let again = create(&later.maker, &guideline_form(), "make").send().await;
    hold_same(&again, &made);
    assert_eq!(later.maker.read(&made.id()).await["version"], 18);
    assert_eq!(later.maker.get("/requests").await.each("id"), [made.id()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_submit_gives_its_first_answer_even_if_it_could_not_be_done_any_more() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let draft = cast.request_in(StateName::Draft, 1).await;
    let first = keyed(&cast.maker, &draft, "submit", "k", &draft.etag())
        .send()
        .await
        .expect(200);
    let reclaimed = cast.maker.attempt(&first, "reclaim").await.expect(200);

    // Now the form is incomplete.
    let mut form = form_for(1);
    form["declaration"] = json!(false);
    let save = cast.maker.action(&draft.id(), "save").if_match(&reclaimed.etag());
    let saved = save.json(&form).send().await.expect(200);
    for tag in [draft.etag(), reclaimed.etag(), saved.etag()] {
        hold_same(
            &keyed(&cast.maker, &draft, "submit", "k", &tag).send().await,
            &first,
        );
    }
    // Now another open request has its User ID.
    let save = cast.maker.action(&draft.id(), "save").if_match(&saved.etag());
    let saved = save.json(&form_for(1)).send().await.expect(200);
    let _ = cast.maker.submit(&form_for(1)).await;
    hold_same(
        &keyed(&cast.maker, &draft, "submit", "k", &saved.etag())
            .send()
            .await,
        &first,
    );
    let now = cast.maker.read(&draft.id()).await;
    assert_eq!((&now["state"], &now["version"]), (&json!("Draft"), &json!(5)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_create_or_clone_makes_one_request() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let first = create(&cast.maker, &guideline_form(), "k")
        .send()
        .await
        .expect(201);
    hold_same(&create(&cast.maker, &guideline_form(), "k").send().await, &first);

    let clone = |key: &str| {
        let call = cast.checker.action(&first.id(), "clone");
        call.header("idempotency-key", key)
    };
    let cloned = clone("k").send().await.expect(201);
    assert_ne!(cloned.id(), first.id());
    let tagged = clone("tagged").if_match(&first.etag()).send().await.expect(201);
    // What happens to the source or to the clone makes no difference.
    let _ = cast.maker.attempt(&first, "discard").await.expect(200);
    let _ = cast.checker.attempt(&cloned, "discard").await.expect(200);
    hold_same(&clone("k").send().await, &cloned);
    hold_same(&clone("tagged").if_match(&first.etag()).send().await, &tagged);
    hold_same(&clone("tagged").if_match("\"garbage\"").send().await, &tagged);
    hold_same(&clone("tagged").send().await, &tagged);
    hold_same(&create(&cast.maker, &guideline_form(), "k").send().await, &first);
    assert_eq!(cast.maker.get("/requests").await.each("id").len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_came_with_another_command_is_refused() {
    let scene = Scene::set().await;
    let cast = &scene.cast;
    let ready = scene.on(StateName::ReadyToSend);
    let claim = |key: &str, tag: &str| {
        cast.checker
            .action(&ready.id(), "claim")
            .header("idempotency-key", key)
            .if_match(tag)
    };
    let first = claim("k", &ready.etag()).send().await.expect(200);
    for (call, what) in [
        (
            claim("k", &ready.etag()).json(&json!({"message": MESSAGE})),
            "with a message",
        ),
        (claim("k", &ready.etag()).json(&json!({})), "with an empty object"),
        (
            keyed(&cast.checker, ready, "release", "k", &first.etag()),
            "release",
        ),
        (
            keyed(&cast.checker, ready, "confirm", "k", &first.etag()),
            "confirm",
        ),
        (
            keyed(&cast.checker, ready, "return", "k", &first.etag()),
            "return",
        ),
        (
            keyed(&cast.checker, ready, "return", "k", "\"garbage\""),
            "return with a made-up tag",
        ),
    ] {
        let reply = call.send().await;
        assert_eq!(reply.problem(), "key-reused", "{what}: {}", reply.body);
        let _ = reply.refused(422, "key-reused");
    }
    assert_eq!(cast.maker.read(&ready.id()).await.etag(), first.etag());

    let made = create(&cast.maker, &guideline_form(), "make")
        .send()
        .await
        .expect(201);
    let _ = create(&cast.maker, &form_for(2), "make")
        .send()
        .await
        .refused(422, "key-reused");
    let clone = |of: &Reply| {
        cast.maker
            .action(&of.id(), "clone")
            .header("idempotency-key", "make")
    };
    let _ = clone(&made).send().await.refused(422, "key-reused");
    let cloned = cast
        .maker
        .action(&made.id(), "clone")
        .header("idempotency-key", "clone");
    let cloned = cloned.send().await.expect(201);
    let of_another = cast
        .maker
        .action(&cloned.id(), "clone")
        .header("idempotency-key", "clone");
    let _ = of_another.send().await.refused(422, "key-reused");
    let _ = create(&cast.maker, &guideline_form(), "clone")
        .send()
        .await
        .refused(422, "key-reused");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_of_another_person_or_on_another_request_is_another_command() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let mine = create(&cast.maker, &guideline_form(), "k")
        .send()
        .await
        .expect(201);
    let theirs = create(&cast.checker, &guideline_form(), "k")
        .send()
        .await
        .expect(201);
    assert_ne!(mine.id(), theirs.id());
    let submitted = keyed(&cast.maker, &mine, "submit", "s", &mine.etag())
        .send()
        .await
        .expect(200);
    // A colleague who sends the maker's key and tag gets their own refusal, not the maker's answer.
    let colleague = keyed(&cast.checker2, &mine, "submit", "s", &mine.etag())
        .send()
        .await;
    let _ = colleague.refused(403, "not-its-maker");
    let claimed = keyed(&cast.checker2, &mine, "claim", "s", &submitted.etag())
        .send()
        .await
        .expect(200);
    assert_eq!(claimed["version"], 3);
    let other = cast.request_in(StateName::ReadyToSend, 2).await;
    let also = keyed(&cast.checker2, &other, "claim", "s", &other.etag())
        .send()
        .await
        .expect(200);
    assert_ne!(also.id(), claimed.id());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_command_leaves_its_key_free() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let mut incomplete = guideline_form();
    incomplete["declaration"] = json!(false);
    let mut bad = guideline_form();
    bad["participantship"]["id"] = json!("B77777");
    bad["changes"] = json!([]);
    let _ = create(&cast.maker, &bad, "k")
        .send()
        .await
        .refused(422, "invalid");
    let draft = create(&cast.maker, &incomplete, "k").send().await.expect(201);
    let submit = |tag: &str| keyed(&cast.maker, &draft, "submit", "submit", tag);
    let _ = submit("\"garbage\"").send().await.refused(412, "stale");
    let _ = submit(&draft.etag()).send().await.refused(422, "invalid");
    let saved = cast.maker.attempt(&draft, "save").await.expect(200);
    let first = submit(&saved.etag()).send().await.expect(200);
    hold_same(&submit(&draft.etag()).send().await, &first);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_command_sent_many_times_at_once_is_done_once() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let made = all_the_same(|| create(&cast.maker, &guideline_form(), "make"), 201).await;
    let cloned = all_the_same(
        || {
            cast.maker
                .action(&made.id(), "clone")
                .header("idempotency-key", "c")
        },
        201,
    )
    .await;
    let mut ids = cast.maker.get("/requests").await.each("id");
    ids.sort();
    let mut expected = [made.id(), cloned.id()];
    expected.sort();
    assert_eq!(ids, expected);

    let mut last = made;
    for (user, action) in [
        (&cast.maker, "save"),
        (&cast.maker, "submit"),
        (&cast.checker, "claim"),
        (&cast.checker, "confirm"),
        (&cast.officer, "claim"),
        (&cast.officer, "complete"),
    ] {
        last = all_the_same(|| keyed(user, &last, action, action, &last.etag()), 200).await;
    }
    let done = cast.maker.read(&last.id()).await;
    assert_eq!(
        (&done["state"], &done["version"]),
        (&json!("Completed"), &json!(7))
    );
    assert_unbroken(&done);
}

/// Sends a call eight times at once and checks that all replies are the same, and all but one are marked as repeats.
async fn all_the_same(call: impl Fn() -> Call, status: u16) -> Reply {
    let mut under_way = JoinSet::new();
    for _ in 0..8 {
        under_way.spawn(call().send());
    }
    let replies = under_way.join_all().await;
    let is_first = |reply: &&Reply| reply.header(REPLAYED).is_none();
    let firsts: Vec<&Reply> = replies.iter().filter(is_first).collect();
    assert_eq!(firsts.len(), 1, "first answers");
    let first = firsts[0];
    assert_eq!(first.status, status, "{}", first.body);
    for again in replies.iter().filter(|reply| !is_first(reply)) {
        hold_same(again, first);
    }
    first.clone()
}
