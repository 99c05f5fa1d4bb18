//! A command with a bad body or message is refused and changes nothing.

use countersign_domain::request::StateName;
use countersign_tests::cast::MESSAGE;
use countersign_tests::guideline_form;
use countersign_tests::scene::{COMMANDS, Scene, commands_with_a_message};
use reqwest::Method;
use serde_json::{Value, json};

/// The most characters that a message may have.
const MAX_MESSAGE: usize = 2_000;

/// The most octets that a body may have.
const MAX_BODY: usize = 256 * 1024;

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_not_json_is_malformed_on_every_route_that_takes_one() {
    let scene = Scene::set().await;
    let deep = "[".repeat(100_000);
    let bodies: [&[u8]; 9] = [
        b"{",
        b"{'message': 'x'}",
        b"{\"message\": \"x\"} {}",
        b"{\"message\": NaN}",
        b"{\"message\": \"\xff\xfe\"}",
        b"\xef\xbb\xbf{\"message\": \"x\"}",
        b"{\"message\": \"\\ud800\"}",
        b"{\"message\": 1e999}",
        deep.as_bytes(),
    ];
    let maker = &scene.cast.maker;
    for body in bodies {
        for kind in ["application/json", "Application/JSON ; charset=utf-8"] {
            let commands = COMMANDS.into_iter().map(|command| scene.bodiless(command));
            let create = maker.call(Method::POST, "/requests");
            let clone = maker.action(&scene.on(StateName::Draft).id(), "clone");
            for call in commands.chain([create, clone]) {
                let call = call.header("content-type", kind).body(body.to_vec());
                let _ = call.send().await.refused(400, "malformed");
            }
        }
    }
    let save = scene.bodiless(("save", StateName::Draft, "maker"));
    for formless in [maker.call(Method::POST, "/requests"), save] {
        let _ = formless.send().await.refused(400, "malformed");
    }
    scene.hold_unchanged().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_a_text_and_nothing_stands_beside_it() {
    let scene = Scene::set().await;
    let cases = [
        (json!([]), vec![""]),
        (json!("text"), vec![""]),
        (json!(null), vec![""]),
        (json!({"message": 7}), vec!["/message"]),
        (json!({"message": ["x"]}), vec!["/message"]),
        (json!({"message": MESSAGE, "state": "Completed"}), vec!["/state"]),
        (
            json!({"message": 7, "a/b": 1, "c~d": 2}),
            vec!["/a~1b", "/c~0d", "/message"],
        ),
    ];
    for (body, pointers) in cases {
        for command in commands_with_a_message() {
            let reply = scene
                .bodiless(command)
                .json(&body)
                .send()
                .await
                .refused(422, "invalid");
            assert_eq!(reply.pointers(), pointers, "{command:?}: {}", reply.body);
        }
    }
    scene.hold_unchanged().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_holds_no_control_character_and_two_thousand_characters_at_most() {
    let scene = Scene::set().await;
    let controls = [
        "a\0",
        "\u{1}",
        "a\u{b}b",
        "a\u{1b}b",
        "\u{1b}[0m",
        "\u{7f}",
        "\u{85}",
        "\u{9f}",
    ];
    let too_long = "界".repeat(MAX_MESSAGE + 1);
    for message in controls.into_iter().chain([too_long.as_str()]) {
        for command in commands_with_a_message() {
            let call = scene.bodiless(command).json(&json!({"message": message}));
            let reply = call.send().await.refused(422, "invalid");
            assert_eq!(reply.pointers(), ["/message"], "{command:?}");
        }
    }
    scene.hold_unchanged().await;
    // The limit counts characters, not octets.
    let longest = "界".repeat(MAX_MESSAGE - 1) + "\n";
    for command @ (_, state, _) in [
        ("submit", StateName::Draft, "maker"),
        ("claim", StateName::ReadyToSend, "checker"),
        ("return", StateName::Claimed, "checker"),
        ("reject", StateName::Processing, "officer"),
    ] {
        let call = scene.bodiless(command).json(&json!({"message": longest}));
        let done = call.send().await.expect(200);
        let record = scene.cast.maker.read(&scene.on(state).id()).await;
        let row = record["history"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(
            (&row["version"], &row["message"]),
            (&done["version"], &json!(longest))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn saving_discarding_and_cloning_take_no_message() {
    let scene = Scene::set().await;
    let said = json!({"message": MESSAGE});
    let discard = scene.bodiless(("discard", StateName::Draft, "maker")).json(&said);
    assert_eq!(
        discard.send().await.refused(422, "invalid").pointers(),
        ["/message"]
    );
    let clone = scene
        .cast
        .maker
        .action(&scene.on(StateName::Draft).id(), "clone")
        .json(&said);
    assert_eq!(
        clone.send().await.refused(422, "invalid").pointers(),
        ["/message"]
    );
    let mut form = guideline_form();
    form["message"] = json!(MESSAGE);
    scene.hold_to_faults(&form, &["/message"]).await;
    scene.hold_unchanged().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_return_and_a_rejection_say_why() {
    let scene = Scene::set().await;
    let bodies = [
        json!({}),
        json!({"message": null}),
        json!({"message": ""}),
        json!({"message": " \n\u{3000}"}),
    ];
    for command in [
        ("return", StateName::Claimed, "checker"),
        ("return", StateName::Processing, "officer"),
        ("reject", StateName::Processing, "officer"),
    ] {
        let call = || scene.bodiless(command);
        let mut replies = vec![call().send().await, call().body("").send().await];
        for body in &bodies {
            replies.push(call().json(body).send().await);
        }
        for reply in replies {
            let reply = reply.refused(422, "invalid");
            assert_eq!(reply.pointers(), ["/message"], "{command:?}");
            assert_eq!(reply["detail"], "Say why in a message to the next-step user.");
        }
    }
    scene.hold_unchanged().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_over_256_kib_is_too_large_on_every_route() {
    let scene = Scene::set().await;
    let padded = |octets: usize| {
        let mut form = guideline_form().to_string();
        form.push_str(&" ".repeat(octets - form.len()));
        form
    };
    let maker = &scene.cast.maker;
    let create = || maker.call(Method::POST, "/requests");
    let clone = maker.action(&scene.on(StateName::Draft).id(), "clone");
    let commands = COMMANDS.into_iter().map(|command| scene.bodiless(command));
    for call in commands.chain([create(), clone]) {
        let reply = call
            .body(padded(MAX_BODY + 1))
            .send()
            .await
            .refused(413, "too-large");
        assert_eq!(reply["detail"], "A request can have 256 KiB at most.");
    }
    // More than the gateway itself accepts.
    let reply = create().body(padded(10 * 1024 * 1024 + 1)).send().await;
    let _ = reply.refused(413, "too-large");
    scene.hold_unchanged().await;
    let longest = create()
        .header("content-type", "application/json")
        .body(padded(MAX_BODY));
    let _: Value = longest.send().await.expect(201).body;
}
