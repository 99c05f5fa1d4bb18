//! `If-Match` and `Idempotency-Key`: what a command requires, and what happens without it.

use countersign_domain::id::Digest;
use countersign_domain::receipt::Receipt;
use countersign_domain::request::StateName;
use countersign_tests::scene::{COMMANDS, Scene};
use countersign_tests::{Reply, guideline_form};
use reqwest::Method;

fn receipt(of: &Reply) -> Receipt {
    Receipt::parse(of.etag().trim_matches('"')).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_without_what_was_read_is_refused_on_every_command_route() {
    let scene = Scene::set().await;
    for command in COMMANDS {
        for call in [
            scene.untagged(command),
            scene.untagged(command).if_match("*"),
            scene.untagged(command).if_match(" * "),
        ] {
            let _ = call.send().await.refused(428, "tag-missing");
        }
    }
    scene.hold_unchanged().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_one_quoted_tag_is_malformed() {
    let scene = Scene::set().await;
    for command in COMMANDS {
        let right = scene.on(command.1).etag();
        let two = format!("{right}, \"other\"");
        let twice = format!("{right},{right}");
        for tag in [
            "", "unquoted", "\"open", "open\"", "\"a\"b\"", "W/", "W/x", "\"界\"", &two, &twice,
        ] {
            let reply = scene.untagged(command).if_match(tag).send().await;
            let _ = reply.refused(400, "malformed");
        }
        let repeated = scene.untagged(command).if_match(&right).if_match("\"other\"");
        let _ = repeated.send().await.refused(400, "malformed");
    }
    scene.hold_unchanged().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_weak_or_a_made_up_tag_is_stale_while_the_step_would_still_be_possible() {
    let scene = Scene::set().await;
    for command in COMMANDS {
        let right = scene.on(command.1).etag();
        let cut = format!("{}\"", &right[..right.len() - 2]);
        let flipped = right.replace('A', "B");
        let weak = format!("W/{right}");
        let empty = "\"\"";
        let long = format!("\"{}\"", "A".repeat(4_000));
        for tag in [&weak, &cut, &flipped, empty, "\"garbage\"", "\"*\"", &long] {
            let reply = scene.untagged(command).if_match(tag).send().await;
            let reply = reply.refused(412, "stale");
            let status = &scene.cast.maker.read(&scene.on(command.1).id()).await["status"];
            assert_eq!(&reply["currentStatus"], status, "{command:?} with {tag}");
        }
    }
    scene.hold_unchanged().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_that_lies_about_any_single_thing_is_stale() {
    let scene = Scene::set().await;
    for command @ (_, state, _) in COMMANDS {
        let truth = receipt(scene.on(state));
        let mut lies = vec![truth.clone(); 5];
        lies[0].version += 1;
        lies[1].version = u32::MAX - 1;
        lies[2].chain = Digest::of(b"another history");
        lies[3].form_hash = Digest::of(b"another form");
        lies[4].reference = match truth.reference {
            Some(_) => None,
            None => countersign_domain::id::Reference::new(countersign_domain::eservice::EServiceId::Da3, 1),
        };
        for lie in lies {
            let tag = format!("\"{}\"", lie.tag());
            let reply = scene.untagged(command).if_match(&tag).send().await;
            let _ = reply.refused(412, "stale");
        }
    }
    scene.hold_unchanged().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_that_names_another_state_leads_nowhere() {
    let scene = Scene::set().await;
    // A forged tag may claim a state in which the step would be possible. The request is not in that state.
    for (action, state, role) in COMMANDS {
        for other in [
            StateName::Draft,
            StateName::ReadyToSend,
            StateName::Claimed,
            StateName::Processing,
        ] {
            let mut lie = receipt(scene.on(other));
            let is_possible_in_both = matches!(
                (action, other),
                ("return", StateName::Processing) | ("claim", StateName::Claimed)
            );
            if lie.state == state || is_possible_in_both {
                continue;
            }
            lie.state = state;
            let user = scene.user(role);
            let call = user.action(&scene.on(other).id(), action);
            let call = match countersign_tests::cast::needed_body(action) {
                Some(body) => call.json(&body),
                None => call,
            };
            let reply = call.if_match(&format!("\"{}\"", lie.tag())).send().await;
            let is_refused = match (reply.status, reply.problem()) {
                (409, "not-possible") | (404, "not-found") => true,
                (403, problem) => matches!(problem, "own-request" | "not-its-maker"),
                _ => false,
            };
            assert!(
                is_refused,
                "{action} on {other:?}: {} {}",
                reply.status, reply.body
            );
        }
    }
    scene.hold_unchanged().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_tag_is_told_from_a_step_that_is_not_possible_any_more() {
    let scene = Scene::set().await;
    let cast = &scene.cast;
    let draft = scene.on(StateName::Draft);
    let saved = cast.maker.attempt(draft, "save").await.expect(200);
    let stale = cast.maker.attempt(draft, "submit").await.refused(412, "stale");
    assert_eq!(stale["currentStatus"], "Draft");
    let _ = cast.maker.attempt(&saved, "discard").await.expect(200);
    let late = cast
        .maker
        .attempt(&saved, "submit")
        .await
        .refused(409, "not-possible");
    assert_eq!(late["currentStatus"], "Discarded");

    let claimed = scene.on(StateName::Claimed);
    let held = cast.maker.read(&claimed.id()).await["status"].clone();
    assert!(
        held.as_str()
            .unwrap()
            .starts_with("Claimed By D Wong on 07-Feb-2023 ")
    );
    for tag in [claimed.etag(), "\"garbage\"".to_owned()] {
        let call = cast.checker2.action(&claimed.id(), "claim").if_match(&tag);
        let late = call.send().await.refused(409, "not-possible");
        assert_eq!(late["currentStatus"], held);
        assert!(late["detail"].as_str().unwrap().contains(held.as_str().unwrap()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clone_needs_no_tag_and_heeds_one_that_is_sent() {
    let scene = Scene::set().await;
    let cast = &scene.cast;
    for state in [StateName::Draft, StateName::Processing] {
        let on = scene.on(state);
        let clone = || cast.checker2.action(&on.id(), "clone");
        let _ = clone()
            .if_match("unquoted")
            .send()
            .await
            .refused(400, "malformed");
        let _ = clone().if_match("\"garbage\"").send().await.refused(412, "stale");
        let _ = clone()
            .if_match(&format!("W/{}", on.etag()))
            .send()
            .await
            .refused(412, "stale");
        scene.hold_unchanged().await;
    }
    let on = scene.on(StateName::Processing);
    let clone = || cast.checker2.action(&on.id(), "clone");
    for call in [clone(), clone().if_match("*"), clone().if_match(&on.etag())] {
        let _ = call.send().await.expect(201);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idempotency_key_is_1_to_255_visible_characters() {
    let scene = Scene::set().await;
    let maker = &scene.cast.maker;
    let too_long = "k".repeat(256);
    let bad = ["", " ", "\t", "k\tk", "ключ", &too_long];
    for key in bad {
        for command in COMMANDS {
            let call = scene.untagged(command).if_match(&scene.on(command.1).etag());
            let reply = call.header("idempotency-key", key).send().await;
            let _ = reply.refused(400, "malformed");
        }
        let create = maker.call(Method::POST, "/requests").json(&guideline_form());
        let clone = maker.action(&scene.on(StateName::Draft).id(), "clone");
        for call in [create, clone] {
            let _ = call
                .header("idempotency-key", key)
                .send()
                .await
                .refused(400, "malformed");
        }
    }
    scene.hold_unchanged().await;
    let longest = "k".repeat(255);
    for key in ["k", "a key, with \"punctuation\"", &longest] {
        let create = maker.call(Method::POST, "/requests").json(&guideline_form());
        let _ = create.header("idempotency-key", key).send().await.expect(201);
    }
}
