//! The file that a company downloads itself: the operator's lines, and nothing that its people may not see.

use countersign_tests::portal::Browser;
use countersign_tests::stage::form_with;
use countersign_tests::{User, seed};
use serde_json::Value;

use super::*;

const MANAGER: &str = "checker@abc.example";

/// What a person downloads from the portal.
async fn from_portal(browser: &Browser, query: &str) -> Trail {
    let page = browser
        .get(&format!("/portal/audit.jsonl{query}"))
        .await
        .expect(200);
    Trail::downloaded(&page.body)
}

/// What a person downloads over the API.
async fn from_api(user: &User, query: &str) -> Trail {
    let reply = user.get(&format!("/audit.jsonl{query}")).await.expect(200);
    Trail::downloaded(reply.body.as_str().unwrap())
}

/// What `verify` says of a file, without a network.
async fn verified(trail: &Trail) -> String {
    let outcome = trail.verify(&trail.lines).await;
    assert!(outcome.is_success, "{}", outcome.output);
    outcome.output
}

/// The lines between the first and the last, of each request together.
fn body(trail: &Trail) -> Vec<String> {
    let requests: Vec<String> = trail.lines[1..trail.lines.len() - 1]
        .join("\n")
        .split("{\"line\":\"request\",")
        .map(str::trim_end)
        .map(str::to_owned)
        .collect();
    let mut requests = requests;
    requests.sort();
    requests
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_companys_manager_downloads_verifies_without_a_network_and_tampering_is_found() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let [completed, returned, _] = history(&cast).await;
    seed::records_views(&world, true).await;
    let browser = world.browser(MANAGER).await;
    let _ = browser
        .get(&format!("/portal/requests/{completed}"))
        .await
        .expect(200);
    let ready = cast.request_in(StateName::ReadyToSend, 3).await;
    assert_eq!(cast.maker.act(&ready, "claim").await.problem(), "own-request");
    let trail = from_portal(&browser, "").await;
    let exported = Trail::export(&world, &["--company", "abc"]).await;
    // The operator's file has the same lines.
    assert_eq!(body(&trail), body(&exported));
    assert_eq!(body(&from_api(&cast.maker, "").await), body(&exported));
    world.local.stop().await;

    let told = verified(&trail).await;
    assert!(told.contains("4 requests, 5 forms,"), "{told}");
    let (refused, viewed) = (trail.of_kind("refused"), trail.of_kind("viewed"));
    assert_eq!((refused.len(), viewed.len()), (1, 1));
    assert!(refused[0].contains(r#""reason":"own-request""#) && refused[0].contains(r#""name":"A Maker""#));
    let step = trail.step(&completed, 4);
    let form = trail.form(&returned, 1);
    let attempt = trail.lines.iter().position(|line| line == refused[0]).unwrap();
    let last = trail.lines.len() - 1;
    let changed = |index: usize, from: &str, to: &str| {
        let mut lines = trail.lines.clone();
        lines[index] = lines[index].replacen(from, to, 1);
        assert_ne!(lines[index], trail.lines[index], "{from}");
        lines
    };
    let without = |index: usize| {
        let mut lines = trail.lines.clone();
        lines.remove(index);
        lines
    };
    let mut swapped = trail.lines.clone();
    swapped.swap(step, step + 1);
    let mut moved = without(attempt);
    moved.insert(1, trail.lines[attempt].clone());
    for (what, at, lines) in [
        ("a step changed", step, changed(step, "confirm", "reclaim")),
        (
            "a name changed",
            step,
            changed(step, r#""name":"D Wong","#, r#""name":"E Wong","#),
        ),
        ("a step dropped", step, without(step)),
        ("steps in another order", step, swapped),
        ("a value changed", form + 1, changed(form, "B01234X2", "B01234X9")),
        ("a form dropped", form, without(form)),
        ("an attempt dropped", last - 1, without(attempt)),
        ("an attempt moved", 1, moved),
    ] {
        let outcome = trail.verify(&lines).await;
        let line = format!("line {}:", at + 1);
        assert!(!outcome.is_success, "{what}: {}", outcome.output);
        assert!(
            outcome.output.contains(&line),
            "{what}, {line} {}",
            outcome.output
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_for_chooses_whole_requests_so_that_the_file_still_verifies() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let [completed, returned, clone] = history(&cast).await;
    for (query, asked, expected) in [
        ("?action=confirm".to_owned(), "action confirm", vec![&completed]),
        (
            "?action=return&kind=step".to_owned(),
            "action return, kind step",
            vec![&returned],
        ),
        ("?action=clone".to_owned(), "action clone", vec![&clone]),
        ("?kind=refused".to_owned(), "kind refused", vec![]),
        ("?to=2023-02-06".to_owned(), "to 2023-02-06", vec![]),
        (
            "?reference=DA3_00013361".to_owned(),
            "reference DA3_00013361",
            vec![&completed],
        ),
    ] {
        let trail = from_api(&cast.checker2, &query).await;
        let told = verified(&trail).await;
        assert!(told.contains(&format!("asked for: {asked}.")), "{query}: {told}");
        let requests = trail.of_kind("request");
        assert_eq!(requests.len(), expected.len(), "{query}");
        assert!(
            requests
                .iter()
                .zip(expected)
                .all(|(line, id)| line.contains(id.as_str()))
        );
    }
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_holds_what_its_reader_may_see_and_nothing_of_others() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let _ = history(&cast).await;
    seed::records_views(&world, true).await;
    let mut draft = cast.maker.create(&form_for(3)).await.expect(201);
    let mut form = form_for(3);
    for remarks in ["Nobody but us reads this.", "For the exchange."] {
        form["remarks"] = remarks.into();
        let save = cast.maker.action(&draft.id(), "save").if_match(&draft.etag());
        draft = save.json(&form).send().await.expect(200);
    }
    let ready = cast.maker.act(&draft, "submit").await.expect(200);
    assert_eq!(cast.maker.act(&ready, "claim").await.problem(), "own-request");
    let claimed = cast.checker.act(&ready, "claim").await.expect(200);
    let sent = cast.checker.act(&claimed, "confirm").await.expect(200);
    let _ = cast.checker2.read(&sent.id()).await;
    assert_eq!(
        cast.officer.act(&sent, "complete").await.problem(),
        "not-possible"
    );

    let own = from_api(&cast.maker, "").await;
    assert!(verified(&own).await.contains("4 requests, 7 forms,"));
    let all = own.lines.join("\n");
    for shown in [
        "Nobody but us",
        "For the exchange",
        "own-request",
        "not-possible",
        r#""line":"viewed""#,
    ] {
        assert!(all.contains(shown), "{shown}");
    }
    // The exchange reads the form as it was sent, and what its own people tried.
    let of_officer = from_api(&cast.officer2, "").await;
    let told = verified(&of_officer).await;
    assert!(told.contains("1 requests, 1 forms, 6 steps"), "{told}");
    let all = of_officer.lines.join("\n");
    assert!(
        all.contains("For the exchange") && all.contains("not-possible"),
        "{all}"
    );
    for hidden in ["Nobody but us", "own-request", r#""line":"viewed""#] {
        assert!(!all.contains(hidden), "{hidden}");
    }
    // Without that form it does not verify, nor as a company's own file.
    let last = of_officer.form(&sent.id(), 3);
    let mut lines = of_officer.lines.clone();
    lines.remove(last);
    assert!(!of_officer.verify(&lines).await.is_success);
    let mut lines = of_officer.lines.clone();
    lines[0] = lines[0].replace("EXCHANGE", "abc");
    assert!(!of_officer.verify(&lines).await.is_success);

    let of_stranger = from_api(&cast.stranger, "").await;
    assert_eq!(of_stranger.lines.len(), 2, "{:?}", of_stranger.lines);
    assert_eq!(cast.norights.get("/audit.jsonl").await.status, 403);
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_audit_that_is_too_long_for_one_file_goes_on_in_the_next_and_each_verifies() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let mut made = Vec::new();
    for first in [100, 200] {
        let mut form = form_with(first, 50);
        form["remarks"] = "註".repeat(2_000).into();
        let mut draft = cast.maker.create(&form).await.expect(201);
        for _ in 0..SAVES {
            let save = cast.maker.action(&draft.id(), "save").if_match(&draft.etag());
            draft = save.json(&form).send().await.expect(200);
        }
        made.push(draft.id());
    }
    let (mut query, mut parts, mut found) = (String::new(), 0, Vec::<String>::new());
    loop {
        let trail = from_api(&cast.maker, &query).await;
        parts += 1;
        assert!(trail.lines.iter().map(String::len).sum::<usize>() < 6_000_000);
        let told = verified(&trail).await;
        let requests = trail.of_kind("request");
        let is_there = |id: &&String| requests.iter().any(|line| line.contains(id.as_str()));
        found.extend(made.iter().filter(is_there).cloned());
        let end: Value = serde_json::from_str(trail.lines.last().unwrap()).unwrap();
        let Some(next) = end["next"].as_str() else {
            break;
        };
        assert!(
            told.contains(&format!("the next one starts at cursor={next}.")),
            "{told}"
        );
        query = format!("?cursor={next}");
        // The portal's page takes the last line's word as well.
        let browser = world.browser("maker@abc.example").await;
        let page = browser.get("/portal/audit?kind=step").await.expect(200);
        assert!(page.shows("action=\"/portal/audit.jsonl\"") && page.shows("name=\"cursor\""));
        assert!(page.shows("<input type=\"hidden\" name=\"kind\" value=\"step\">"));
        let file = browser
            .get(&format!("/portal/audit.jsonl{query}"))
            .await
            .expect(200);
        let of_api = from_api(&cast.maker, &query).await;
        assert_eq!(file.body.lines().count(), of_api.lines.len());
    }
    found.sort();
    made.sort();
    assert_eq!((parts, found), (2, made));
    world.local.stop().await;
}

/// How often a request of 50 rows is saved for its lines to fill more than half of a file.
const SAVES: usize = 150;
