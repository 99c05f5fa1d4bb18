//! What is one's own: the record of a request, one's choices and whether mail keeps to them, help, and a claim that is kept.

use countersign_domain::request::StateName;
use countersign_local::Options;
use countersign_tests::cast::{Cast, MESSAGE};
use countersign_tests::{World, form_for, guideline_day};
use serde_json::json;

const MAKER: &str = "maker@abc.example";
const CHECKER: &str = "checker@abc.example";
const OFFICER: &str = "officer@exchange.example";
const PROFILE: &str = "/portal/profile";

/// What the profile's form sends with every choice at its default, without those left out and with those put in.
fn choices<'a>(without: &[&str], with: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let all = [
        ("language", "en"),
        ("mail_language", ""),
        ("progress", "at-once"),
        ("reminders", "on"),
        ("replies", "on"),
        ("shortcuts", "on"),
    ];
    let kept = all
        .into_iter()
        .filter(|(name, _)| !without.contains(name) && with.iter().all(|(other, _)| other != name));
    kept.chain(with.iter().copied()).collect()
}

/// The subjects of the mail to an address, without the reference.
async fn subjects(world: &World, address: &str) -> Vec<String> {
    let mails = world.mails_since(0).await;
    let own = mails.iter().filter(|mail| mail.message.to == [address]);
    own.map(|mail| mail.message.subject.clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_record_has_every_field_every_step_with_its_hashes_and_who_printed_it() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let claimed = cast.request_in(StateName::Claimed, 1).await;
    let draft = cast
        .checker
        .act_saying(&claimed, "return", MESSAGE)
        .await
        .expect(200);
    let whole = cast.maker.read(&draft.id()).await;
    let path = format!("/portal/requests/{}/record", draft.id());
    let plain = |body: &str| body.replace("</span><wbr><span class=\"nowrap\">", "");
    for (language, words) in [
        (
            "en",
            ["Printed by", "HKSCC Participant (B01234)", "End of record"],
        ),
        ("zh-Hant-HK", ["列印者", "香港結算參與者（B01234）", "記錄完"]),
    ] {
        let browser = world
            .browser(MAKER)
            .await
            .with_cookie(&format!("language={language}"));
        let page = browser.get(&path).await.expect(200);
        let text = plain(&page.body);
        for word in words {
            assert!(text.contains(word), "{word}: {text}");
        }
        for row in whole["history"].as_array().unwrap() {
            for hash in ["formHash", "hash"] {
                let hash = row[hash].as_str().unwrap_or_else(|| panic!("{row}"));
                assert!(text.contains(hash), "{hash}");
            }
        }
        let form = form_for(1);
        let contact = &form["contacts"][0];
        for value in [
            &form["changes"][0]["userId"],
            &form["changes"][0]["email"],
            &contact["name"],
            &contact["telephone"],
            &whole["reference"],
            &whole["id"],
            &json!(MESSAGE),
            &json!("A Maker"),
        ] {
            let value = value.as_str().unwrap();
            assert!(text.contains(value), "{value}: {text}");
        }
    }
    let stranger = world.browser("maker@bank.example").await;
    let _ = stranger.get(&path).await.expect(404);
    let officer = world.browser(OFFICER).await;
    let _ = officer.get(&path).await.expect(404);
    let request = world
        .browser(MAKER)
        .await
        .get(path.trim_end_matches("/record"))
        .await;
    assert!(request.shows(&format!("href=\"{path}\"")), "no way to the record");
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_that_only_informs_can_be_switched_off_and_mail_that_asks_for_an_action_cannot() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let maker = world.browser(MAKER).await;
    let page = maker.get(PROFILE).await.expect(200);
    assert!(
        page.shows("name=\"progress\" value=\"at-once\" checked"),
        "{}",
        page.body
    );
    let kept = maker
        .submit(PROFILE, &choices(&[], &[("progress", "never")]))
        .await;
    assert!(kept.shows("Your choices are saved."));
    let ready = cast.request_in(StateName::ReadyToSend, 1).await;
    let claimed = cast.checker.act(&ready, "claim").await.expect(200);
    let returned = cast
        .checker
        .act_saying(&claimed, "return", MESSAGE)
        .await
        .expect(200);
    let ready = cast.maker.act(&returned, "submit").await.expect(200);
    let claimed = cast.checker.act(&ready, "claim").await.expect(200);
    let sent = cast.checker.act(&claimed, "confirm").await.expect(200);
    let processing = cast.officer.act(&sent, "claim").await.expect(200);
    let _ = cast.officer.act(&processing, "complete").await.expect(200);
    let to_maker = subjects(&world, MAKER).await;
    assert_eq!(to_maker.len(), 1, "{to_maker:?}");
    assert!(to_maker[0].ends_with("returned to you"));
    let to_checker = subjects(&world, CHECKER).await;
    assert!(
        to_checker.iter().any(|subject| subject.ends_with("completed")),
        "{to_checker:?}"
    );
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_comes_in_the_language_chosen_for_mail_whatever_the_pages_are_in() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let checker = world.browser(CHECKER).await;
    let page = checker
        .submit(PROFILE, &choices(&[], &[("mail_language", "zh-Hant-HK")]))
        .await;
    assert!(page.shows("<html lang=\"en\">") && page.shows("lang=\"zh-Hant-HK\" selected"));
    let _ = cast.request_in(StateName::ReadyToSend, 1).await;
    let told = subjects(&world, CHECKER).await;
    assert!(
        told.iter().all(|subject| !subject.is_ascii()) && told.len() == 1,
        "{told:?}"
    );
    let _ = checker
        .post(PROFILE, &choices(&[], &[("mail_language", "fr")]))
        .await
        .expect(400);
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reminders_go_to_those_who_have_not_switched_them_off() {
    let world = World::with(Options {
        clock: "2023-04-25T09:00:00+08:00".parse().ok(),
        ..guideline_day()
    })
    .await;
    let maker = world.browser(MAKER).await;
    let _ = maker.submit(PROFILE, &choices(&["reminders"], &[])).await;
    let event = json!({"job": "reminders", "scheduled": "2023-04-25T01:00:00Z"});
    world.local.invoke("remind", event).await.unwrap();
    world.local.settle().await;
    assert_eq!(subjects(&world, MAKER).await, [""; 0]);
    assert_eq!(subjects(&world, CHECKER).await.len(), 1);
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_holder_is_warned_on_the_page_before_their_claim_ends_and_can_keep_it() {
    let world = World::start().await;
    world.at("2023-02-07T10:45:00+08:00");
    let cast = Cast::sign_in(&world).await;
    let claimed = cast.request_in(StateName::Claimed, 1).await;
    let path = format!("/portal/requests/{}", claimed.id());
    let warns = "<p>Your claim ends at";
    let warning = |body: &str| {
        body.split("<template data-lead=\"1800\"")
            .next()
            .unwrap_or_default()
            .contains(warns)
    };
    let early = world.browser(CHECKER).await.get(&path).await.expect(200);
    assert!(!warning(&early.body) && early.shows(warns), "{}", early.body);

    world.at("2023-02-08T09:20:00+08:00");
    let holder = world.browser(CHECKER).await;
    let page = holder.get(&path).await.expect(200);
    assert!(warning(&page.body), "{}", page.body);
    let other = world.browser(MAKER).await.get(&path).await.expect(200);
    assert!(!other.shows(warns));
    let keep = format!("{path}/claim");
    let (tag, key) = page.form(&keep);
    let kept = holder.submit(&keep, &[("tag", &tag), ("key", &key)]).await;
    assert!(
        kept.shows("Your claim starts again") && kept.shows("Claim kept"),
        "{}",
        kept.body
    );
    assert!(
        kept.shows("09-Feb-2023 09:00 HKT") || kept.shows("08-Feb-2023 17:20 HKT"),
        "{}",
        kept.body
    );

    // The end that it had before is none any more.
    world.at("2023-02-08T09:46:00+08:00");
    let event = json!({"job": "claim-leases", "scheduled": "2023-02-08T01:46:00Z"});
    world.local.invoke("remind", event).await.unwrap();
    let now = world.sign_in(MAKER).await.read(&claimed.id()).await;
    assert_eq!(now["state"], "Claimed");
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn help_has_the_steps_the_definitions_hints_and_the_colleagues_of_ones_own_company() {
    let world = World::start().await;
    let maker = world.browser(MAKER).await.get("/portal/help").await.expect(200);
    for text in [
        "You make a request",
        "You check a request",
        CHECKER,
        "Keyboard shortcuts",
        "DMS",
    ] {
        assert!(maker.shows(text), "{text}: {}", maker.body);
    }
    assert!(!maker.shows("bank.example") && !maker.shows(OFFICER));
    let officer = world.browser(OFFICER).await.get("/portal/help").await.expect(200);
    assert!(officer.shows("You handle a request") && !officer.shows(CHECKER));
    let _ = world
        .browser("norights@abc.example")
        .await
        .get("/portal/help")
        .await
        .expect(403);
    world.local.stop().await;
}
