//! What people type: addresses and text, as the API accepts, stores and shows them.

use countersign_domain::request::StateName;
use countersign_tests::{World, cast::Cast, guideline_form, scene::Scene};
use serde_json::{Value, json};

fn with_address(email: &str) -> Value {
    let mut form = guideline_form();
    form["changes"] = json!([{"userId": "B01234X1", "email": email}]);
    form
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invisible_character_in_an_address_is_refused_by_name_and_place() {
    let scene = Scene::set().await;
    for (character, name) in [
        ('\u{200b}', "zero width space (U+200B)"),
        ('\u{ad}', "soft hyphen (U+00AD)"),
        ('\u{2060}', "word joiner (U+2060)"),
        ('\u{feff}', "zero width no-break space (U+FEFF)"),
        ('\u{fe0f}', "variation selector (U+FE0F)"),
        ('\u{180b}', "Mongolian variation selector (U+180B)"),
        ('\u{3164}', "Hangul filler (U+3164)"),
    ] {
        let form = with_address(&format!("da@bank.example{character}"));
        for reply in scene.both_ways(&form).await {
            let reply = reply.refused(422, "invalid");
            assert_eq!(reply.pointers(), ["/changes/0/email"]);
            assert_eq!(
                reply.details(),
                [format!("Take out the character at position 16: {name}.")]
            );
        }
    }
    scene.hold_unchanged().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_in_full_width_is_kept_in_its_canonical_form() {
    let scene = Scene::set().await;
    for typed in ["da@ｂａｎｋ.example", "da@bank。example", "DA＠BANK.example"] {
        let draft = scene.cast.maker.create(&with_address(typed)).await.expect(201);
        let kept = scene.cast.maker.read(&draft.id()).await;
        let email = kept["form"]["changes"][0]["email"].as_str().unwrap().to_owned();
        assert_eq!(email.to_ascii_lowercase(), "da@bank.example", "{typed}");
        assert_eq!(kept["notes"], Value::Null);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_not_ascii_has_its_ascii_form_beside_it_from_draft_to_register() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let ascii = "da@xn--bnk-6cd.example";
    // The second letter of the domain is Cyrillic.
    let draft = cast
        .maker
        .create(&with_address("da@b\u{430}nk.example"))
        .await
        .expect(201);
    let done = cast.bring(draft, StateName::Completed).await;
    let request = cast.maker.read(&done.id()).await;
    assert_eq!(
        request["notes"],
        json!([
            {
                "pointer": "/changes/0/email",
                "detail": format!("Mail goes to {ascii}"),
                "caution": false
            },
            {
                "pointer": "/changes/0/email",
                "detail": "Check this address: its domain mixes letters of several scripts.",
                "caution": true
            },
        ])
    );
    let listing = cast
        .maker
        .get("/delegated-administrators?participant=B01234")
        .await
        .expect(200);
    assert_eq!(listing["items"][0]["emailAscii"], ascii);
    world.local.settle().await;
    let document = cast.maker.get("/readiness.csv").await.expect(200);
    assert!(document.body.as_str().unwrap().contains(&format!(",{ascii}\r\n")));
    let page = world.browser("maker@abc.example").await;
    let page = page.get("/portal/delegated-administrators").await.expect(200);
    assert!(page.shows(ascii), "{}", page.body);
    let mails = world.mails_since(0).await;
    let to_check = mails
        .iter()
        .find(|mail| mail.message.subject.ends_with("ready for you to check"))
        .unwrap();
    let text = to_check.message.text.as_deref().unwrap();
    assert!(text.contains(ascii), "{text}");
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tab_becomes_a_blank_and_cr_lf_a_line_feed_in_remarks_and_messages() {
    let scene = Scene::set().await;
    let mut form = guideline_form();
    form["remarks"] = json!("a\tb\r\nc\rd");
    let draft = scene.cast.maker.create(&form).await.expect(201);
    let kept = scene.cast.maker.read(&draft.id()).await;
    assert_eq!(kept["form"]["remarks"], "a b\nc\nd");

    let call = scene.bodiless(("return", StateName::Claimed, "checker"));
    let returned = call
        .json(&json!({"message": "one\ttwo\r\nthree"}))
        .send()
        .await
        .expect(200);
    let history = scene.cast.maker.read(&returned.id()).await["history"].clone();
    assert_eq!(
        history.as_array().unwrap().last().unwrap()["message"],
        "one two\nthree"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn another_control_character_in_text_is_refused_by_name_and_place() {
    let scene = Scene::set().await;
    let mut form = guideline_form();
    form["remarks"] = json!("ab\u{8}c");
    for reply in scene.both_ways(&form).await {
        let reply = reply.refused(422, "invalid");
        assert_eq!(reply.pointers(), ["/remarks"]);
        assert_eq!(
            reply.details(),
            ["Take out the character at position 3: backspace (U+0008)."]
        );
    }
    form["remarks"] = json!("界".repeat(2_001));
    scene.hold_to_faults(&form, &["/remarks"]).await;
}
