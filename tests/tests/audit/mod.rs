//! The audit: every step, every attempt that was refused and, for a company that asks, who opened what.

use std::collections::HashMap;

use countersign_domain::request::StateName;
use countersign_tests::cast::{Cast, MESSAGE};
use countersign_tests::{Reply, User, World, form_for, seed};
use serde_json::{Value, json};

mod pages;
mod refused;
mod views;

/// The columns of the CSV file, by the names that these tests have for them.
const COLUMNS: [(&str, &str); 11] = [
    ("Kind", "kind"),
    ("Request", "request"),
    ("Action", "action"),
    ("Person", "person"),
    ("Handed Over To", "handedTo"),
    ("Handed Over To ID", "handedToId"),
    ("Message", "message"),
    ("Reason", "reason"),
    ("First", "first"),
    ("Form Hash", "formHash"),
    ("Hash", "hash"),
];
const NUMBERS: [(&str, &str); 2] = [("Version", "version"), ("Times", "times")];

/// The entries of a CSV file, without the line which says that there is more.
fn entries(reply: &Reply) -> Vec<Value> {
    let text = reply.body.as_str().unwrap().trim_start_matches('\u{feff}');
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<HashMap<String, String>> = reader.deserialize().collect::<Result<_, _>>().unwrap();
    let entry = |row: HashMap<String, String>| {
        let texts = COLUMNS.map(|(column, name)| (name.to_owned(), json!(row[column])));
        let numbers = NUMBERS.map(|(column, name)| (name.to_owned(), json!(row[column].parse::<u32>().ok())));
        Value::Object(texts.into_iter().chain(numbers).collect())
    };
    let rows = rows.into_iter().filter(|row| !row["Kind"].is_empty());
    rows.map(entry).collect()
}

/// A person's audit, as far as the first file goes.
async fn audit(user: &User, query: &str) -> Vec<Value> {
    entries(&user.get(&format!("/audit.csv{query}")).await.expect(200))
}

/// What each entry's member says.
fn members<'a>(entries: &'a [Value], name: &str) -> Vec<&'a str> {
    entries
        .iter()
        .map(|entry| entry[name].as_str().unwrap_or_default())
        .collect()
}

/// The address of the next file.
fn next(reply: &Reply) -> Option<String> {
    let link = reply.header("link")?.strip_prefix('<')?;
    Some(link.split_once('>')?.0.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_step_is_in_the_audit_newest_first_with_the_hash_that_it_has_on_record() {
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
    assert_eq!(entries[2]["message"], MESSAGE);
    let whole = cast.maker.read(&completed.id()).await;
    let history = whole["history"].as_array().unwrap().iter().rev();
    for (entry, row) in entries.iter().skip(1).zip(history) {
        assert_eq!(
            (&entry["version"], &entry["hash"]),
            (&row["version"], &row["hash"])
        );
        assert_eq!(entry["person"], row["actor"]["name"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hand_over_is_in_the_audit_with_the_colleague_and_no_other_step_has_one() {
    let world = World::start().await;
    let cast = Cast::sign_in(&world).await;
    let claimed = cast.request_in(StateName::Claimed, 1).await;
    let colleague = cast.checker.read(&claimed.id()).await["handOverTo"][0].clone();
    let _ = cast.checker.attempt(&claimed, "hand-over").await.expect(200);
    let entries = audit(&cast.maker, "").await;
    assert_eq!(
        members(&entries, "action"),
        ["hand-over", "claim", "submit", "save"]
    );
    let name = colleague["name"].as_str().unwrap();
    assert_eq!(members(&entries, "handedTo"), [name, "", "", ""]);
    let id = colleague["id"].as_str().unwrap();
    assert_eq!(members(&entries, "handedToId"), [id, "", "", ""]);
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
    let path = format!("/audit.csv?cursor={}", of_desk.encode());
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
    let first = cast.maker.get("/audit.csv?action=save").await.expect(200);
    assert_eq!(members(&entries(&first), "request"), [new.id()]);
    let address = next(&first).unwrap();
    assert!(address.starts_with("/audit.csv?action=save&cursor="), "{address}");
    let second = cast.maker.get(&address).await.expect(200);
    assert_eq!(members(&entries(&second), "request"), [old.id()]);
    assert_eq!(next(&second), None);
    assert!(first.body.as_str().unwrap().contains("There is more"));
}
