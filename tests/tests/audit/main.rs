//! The audit: every step, every attempt that was refused and, for a company that asks, who opened what.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use countersign_domain::commitment::Seal;
use countersign_domain::id::Digest;
use countersign_domain::request::StateName;
use countersign_tests::cast::{Cast, MESSAGE};
use countersign_tests::{Reply, User, World, form_for, seed};
use serde_json::{Value, json};

mod pages;
mod refused;
mod views;

/// The entries of a file of JSON Lines.
fn lines(reply: &Reply) -> Vec<Value> {
    let text = reply.body.as_str().unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// A person's audit, as far as the first file goes.
async fn audit(user: &User, query: &str) -> Vec<Value> {
    lines(&user.get(&format!("/audit.jsonl{query}")).await.expect(200))
}

/// What each entry's member says.
fn members<'a>(entries: &'a [Value], name: &str) -> Vec<&'a str> {
    entries
        .iter()
        .map(|entry| entry[name].as_str().unwrap_or_default())
        .collect()
}

/// The start of a stored instant: the test's clock runs on from the time that was set.
fn second(entry: &Value, name: &str) -> String {
    entry[name].as_str().unwrap()[..19].to_owned()
}

/// The address of the next file.
fn next(reply: &Reply) -> Option<String> {
    let link = reply.header("link")?.strip_prefix('<')?;
    Some(link.split_once('>')?.0.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_step_is_in_the_audit_newest_first_and_its_record_can_be_verified() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let sent = cast.request_in(StateName::Sent, 1).await;
    let taken = cast.officer.act_saying(&sent, "claim", MESSAGE).await.expect(200);
    let completed = cast.officer.act(&taken, "complete").await.expect(200);
    world.at("2023-02-07T10:50:00+08:00");
    let draft = cast.request_in(StateName::Draft, 2).await;
    let entries = audit(&cast.checker2, "").await;
    let actions = ["save", "complete", "claim", "confirm", "claim", "submit", "save"];
    assert_eq!(members(&entries, "action"), actions);
    assert_eq!(entries[0]["request"], draft.id());
    let steps: Vec<&Value> = entries.iter().skip(1).rev().collect();
    let mut previous = Digest::ZERO.to_string();
    for (version, step) in (1..).zip(&steps) {
        let record = step["record"].as_str().unwrap();
        let hash = Digest::of(record.as_bytes()).to_string();
        assert_eq!(step["hash"], hash);
        let record: Value = serde_json::from_str(record).unwrap();
        assert_eq!(record["previous"], previous);
        assert_eq!(
            (&record["version"], &step["version"]),
            (&json!(version), &json!(version))
        );
        assert_eq!(record["actor"], step["actor"]["id"]);
        for (sealed, seal, value) in [
            ("actor_name", "name", &step["actor"]["name"]),
            ("message", "message", &step["message"]),
        ] {
            let Some(value) = value.as_str() else {
                assert!(record[sealed].is_null() && step["seals"][seal].is_null());
                continue;
            };
            let seal: Seal = serde_json::from_value(step["seals"][seal].clone()).unwrap();
            assert_eq!(record[sealed], seal.commitment(value).to_string());
        }
        previous = hash;
    }
    let whole = cast.maker.read(&completed.id()).await;
    assert_eq!(
        whole["history"].as_array().unwrap().last().unwrap()["hash"],
        previous
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_is_narrowed_by_kind_person_step_reference_and_day() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let ready = cast.request_in(StateName::ReadyToSend, 1).await;
    assert_eq!(cast.maker.act(&ready, "claim").await.problem(), "own-request");
    world.at("2023-02-09T09:00:00+08:00");
    let cast = Cast::sign_in(&world).await;
    let other = cast.request_in(StateName::Claimed, 2).await;
    let maker = cast.maker.get("/me").await.expect(200);
    let person = maker["user"]["id"].as_str().unwrap();
    let reference = other["reference"].as_str().unwrap();
    for (query, expected) in [
        ("?kind=refused".to_owned(), vec!["claim"]),
        ("?kind=step&to=2023-02-07".to_owned(), vec!["submit", "save"]),
        ("?from=2023-02-08&to=2023-02-08".to_owned(), vec![]),
        ("?from=2023-02-09".to_owned(), vec!["claim", "submit", "save"]),
        ("?action=claim".to_owned(), vec!["claim", "claim"]),
        (format!("?reference={reference}"), vec!["claim", "submit", "save"]),
        (
            format!("?person={person}&reference={reference}"),
            vec!["submit", "save"],
        ),
    ] {
        let entries = audit(&cast.checker, &query).await;
        assert_eq!(members(&entries, "action"), expected, "{query}");
    }
    for query in [
        "kind=all",
        "person=%20x",
        "action=approve",
        "reference=13361",
        "from=yesterday",
        "to=2023-02-30",
        "cursor=x",
        "cursor=e30",
    ] {
        let refused = cast.maker.get(&format!("/audit.csv?{query}")).await;
        let refused = refused.refused(400, "malformed");
        let name = query.split('=').next().unwrap();
        assert!(refused["detail"].as_str().unwrap().starts_with(name), "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_sees_its_own_requests_alone_and_the_exchange_what_has_come_before_it() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let draft = cast.request_in(StateName::Draft, 1).await;
    let sent = cast.request_in(StateName::Sent, 2).await;
    let completed = cast.request_in(StateName::Completed, 3).await;
    assert!(audit(&cast.stranger, "").await.is_empty());
    let ids = |entries: &[Value]| -> Vec<String> {
        let mut ids: Vec<String> = members(entries, "request")
            .into_iter()
            .map(str::to_owned)
            .collect();
        ids.dedup();
        ids
    };
    assert_eq!(ids(&audit(&cast.officer, "").await), [sent.id()]);
    for (request, expected) in [(&sent, true), (&completed, true)] {
        let query = format!("?reference={}", request["reference"].as_str().unwrap());
        assert_eq!(!audit(&cast.officer, &query).await.is_empty(), expected);
        assert!(audit(&cast.stranger, &query).await.is_empty());
    }
    assert!(ids(&audit(&cast.maker, "").await).contains(&draft.id()));
    let refused = cast.norights.get("/audit.csv").await;
    assert_eq!((refused.status, refused.problem()), (403, "right-missing"));
    // The place of another's list is none of one's own.
    let of_desk = countersign_application::audit::Place {
        list: 1,
        block: None,
        after: None,
    };
    let path = format!("/audit.jsonl?cursor={}", of_desk.encode());
    let _ = cast.maker.get(&path).await.refused(400, "malformed");
    let _ = cast.officer.get(&path).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_spreadsheet_would_compute_is_text_in_the_csv() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let ready = cast.request_in(StateName::ReadyToSend, 1).await;
    let typed = "=HYPERLINK(\"https://evil.example\")";
    let _ = cast.checker.act_saying(&ready, "claim", typed).await.expect(200);
    let document = cast.maker.get("/audit.csv").await.expect(200);
    assert_eq!(
        document.header("content-disposition"),
        Some("attachment; filename=\"audit-2023-02-07.csv\"")
    );
    let text = document.body.as_str().unwrap();
    assert_eq!(text.lines().count(), 4, "{text}");
    let guarded = format!(",\"'{}\",", typed.replace('"', "\"\""));
    assert!(text.contains(&guarded), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_beyond_the_first_five_hundred_are_in_the_next_file() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let old = cast.request_in(StateName::Draft, 1).await;
    world.at("2023-02-08T09:00:00+08:00");
    let cast = Cast::sign_in(&world).await;
    let new = cast.request_in(StateName::ReadyToSend, 2).await;
    seed::open_requests_like(&world, &new.id(), 520).await;
    let first = cast.maker.get("/audit.jsonl?action=save").await.expect(200);
    assert_eq!(members(&lines(&first), "request"), [new.id()]);
    let address = next(&first).unwrap();
    assert!(
        address.starts_with("/audit.jsonl?action=save&cursor="),
        "{address}"
    );
    let second = cast.maker.get(&address).await.expect(200);
    assert_eq!(members(&lines(&second), "request"), [old.id()]);
    assert_eq!(next(&second), None);
    let document = cast.maker.get("/audit.csv").await.expect(200);
    assert!(document.body.as_str().unwrap().contains("There is more"));
}
