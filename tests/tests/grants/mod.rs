//! Each function does exactly what template.yaml lets it do to the table: no permission is unused, and AWS would deny
//! no call. The calls are recorded on the wire during a walk that takes every route and every branch behind it.
//!
//! The walk consists of API calls, the portal's pages (`pages`), what happens to e-mails (`mail`), and what happens
//! because time passes (`clock`).
//!
//! The only exception is the statement `Layout`. `platform::lambda::start` makes its read while Lambda starts a function.
//! This process never does that: it builds the same functions without starting them. `.ci/real-binaries` starts each as a
//! program, which has this grant and its others and nothing else.

use std::collections::BTreeSet;

use countersign_domain::request::StateName;
use countersign_local::template::SOURCE;
use countersign_tests::cast::SECOND_CHECKER;
use countersign_tests::grants::{Grant, granted, used};
use countersign_tests::post::text;
use countersign_tests::stage::{Stage, form_with};
use countersign_tests::{Reply, User, form_for, guideline_form, seed};
use reqwest::Method;
use serde_json::{Value, json};

mod accounts;
mod clock;
mod mail;
mod pages;
mod people;

/// Takes a step twice with one key; the second call looks up the first answer.
async fn twice(user: &User, on: &Reply, action: &str, body: &Value) -> Reply {
    let call = async || {
        let call = user.action(&on.id(), action).if_match(&on.etag()).json(body);
        call.header("idempotency-key", &format!("{action} {}", on["version"]))
            .send()
            .await
    };
    let first = call().await.expect(200);
    assert_eq!(call().await.expect(200).body, first.body);
    first
}

/// Tries a step with two tags that fail before the store can refuse them: one that was never issued, and one from which
/// no row leads on.
async fn hopeless(user: &User, on: &Reply, action: &str) {
    let body = json!({"message": "For the record."});
    for etag in ["\"nothing-gave-this\"".to_owned(), on.etag()] {
        let call = user.action(&on.id(), action).if_match(&etag);
        let call = call.header("idempotency-key", "hopeless");
        let body = match action {
            "save" => guideline_form(),
            "discard" => json!({}),
            _ => body.clone(),
        };
        let refused = call.json(&body).send().await;
        assert!(
            matches!(refused.status, 403 | 404 | 409 | 412),
            "{action}: {}",
            refused.body
        );
    }
}

async fn drafts(stage: &Stage) {
    let form = form_for(1);
    let create = async || {
        let call = stage.maker.call(Method::POST, "/requests").json(&form);
        call.header("idempotency-key", "create").send().await.expect(201)
    };
    let draft = create().await;
    assert_eq!(create().await.id(), draft.id());
    let again = twice(&stage.maker, &draft, "save", &form).await;
    hopeless(&stage.checker, &again, "save").await;
    let outdated = stage.maker.act(&draft, "discard").await;
    assert_eq!(outdated.status, 412, "{}", outdated.body);
    let clone = stage.maker.action(&draft.id(), "clone").send().await.expect(201);
    let discarded = twice(&stage.maker, &clone, "discard", &json!({})).await;
    hopeless(&stage.maker, &discarded, "discard").await;
    let unseen = stage.stranger.action(&draft.id(), "clone").send().await;
    assert_eq!(unseen.status, 404, "{}", unseen.body);
    let mut foreign = form.clone();
    foreign["participantship"] = json!({"kind": "HKSCC Designated Bank", "id": "BNK109"});
    foreign["changes"] = json!([]);
    assert_eq!(stage.maker.create(&foreign).await.status, 422);
}

/// Every outcome of a submit, with every lock that it may find.
async fn submit(stage: &Stage) {
    let form = form_with(0, 2);
    let draft = stage.request(&form, StateName::Draft).await;
    let blocked = stage.request(&form, StateName::Draft).await;
    let ready = twice(
        &stage.maker,
        &draft,
        "submit",
        &json!({"message": "Please check."}),
    )
    .await;
    hopeless(&stage.checker, &ready, "submit").await;
    let clash = stage.maker.act(&blocked, "submit").await;
    assert_eq!((clash.status, clash.problem()), (409, "in-open-request"));
    let reclaimed = stage.maker.act(&ready, "reclaim").await.expect(200);
    let again = stage.maker.act(&reclaimed, "submit").await.expect(200);
    let closed = stage.maker.act(&again, "reclaim").await.expect(200);
    let takes_over = stage.maker.act(&blocked, "submit").await.expect(200);
    assert_eq!(takes_over["state"], "ReadyToSend");
    let outdated = stage.maker.act(&draft, "submit").await;
    assert_eq!((outdated.status, &closed["state"]), (412, &json!("Draft")));
    let mut unfinished = form.clone();
    unfinished["declaration"] = json!(false);
    let unfinished = stage.request(&unfinished, StateName::Draft).await;
    assert_eq!(stage.maker.act(&unfinished, "submit").await.status, 422);
    let alone = stage.world.sign_in("only@solo.example").await;
    let mut own = form;
    own["participantship"] = json!({"kind": "HKSCC Participant", "id": "B09999"});
    own["changes"] = json!([{"userId": "B09999X1", "email": "a@solo.example"}]);
    let own = alone.create(&own).await.expect(201);
    assert_eq!(alone.act(&own, "submit").await.problem(), "no-other-checker");
}

/// Takes fifty locks from fifty closed requests, which is more than one transaction can do.
async fn submit_with_locks_ahead(stage: &Stage) {
    for number in 100..150 {
        let closed = stage.request(&form_with(number, 1), StateName::ReadyToSend).await;
        let closed = stage.maker.act(&closed, "reclaim").await;
        assert_eq!(closed["state"], "Draft");
    }
    stage.request(&form_with(100, 50), StateName::ReadyToSend).await;
}

/// Someone goes away, or is back.
pub(crate) async fn away(stage: &Stage, user: &str, is_away: bool) {
    let until = if is_away { "2099-12-31" } else { "2000-01-02" };
    for (attribute, day) in [("away_from", "2000-01-01"), ("away_until", until)] {
        stage.world.edit_person(user, attribute, text(day)).await;
    }
}

async fn steps(stage: &Stage) {
    let (maker, checker, officer) = (&stage.maker, &stage.checker, &stage.officer);
    let said = json!({"message": "For the record."});
    let ready = stage.request(&form_for(2), StateName::ReadyToSend).await;
    let reclaimed = twice(maker, &ready, "reclaim", &said).await;
    hopeless(maker, &reclaimed, "reclaim").await;
    let ready = maker.act(&reclaimed, "submit").await.expect(200);
    let claimed = twice(checker, &ready, "claim", &said).await;
    hopeless(&stage.checker2, &claimed, "claim").await;
    let released = twice(checker, &claimed, "release", &said).await;
    hopeless(checker, &released, "release").await;
    let claimed = checker.act(&released, "claim").await.expect(200);
    let colleague = json!({"colleague": SECOND_CHECKER});
    let whole = checker.read(&claimed.id()).await;
    assert_eq!(whole["handOverTo"][0]["id"], SECOND_CHECKER);
    let handed = twice(checker, &claimed, "hand-over", &colleague).await;
    let returned = twice(&stage.checker2, &handed, "return", &said).await;
    hopeless(checker, &returned, "return").await;
    away(stage, "maker@abc.example", true).await;
    let taken = twice(checker, &returned, "take-over", &said).await;
    away(stage, "maker@abc.example", false).await;
    away(stage, "checker@abc.example", true).await;
    let returned = twice(maker, &taken, "take-over", &said).await;
    away(stage, "checker@abc.example", false).await;
    let ready = maker.act(&returned, "submit").await.expect(200);
    let checker = &stage.checker2;
    let claimed = checker.act(&ready, "claim").await.expect(200);
    let sent = twice(checker, &claimed, "confirm", &said).await;
    hopeless(checker, &sent, "confirm").await;
    let reclaimed = twice(checker, &sent, "reclaim", &said).await;
    let sent = checker.act(&reclaimed, "confirm").await.expect(200);
    let processing = twice(officer, &sent, "claim", &said).await;
    hopeless(&stage.officer2, &processing, "claim").await;
    let released = twice(officer, &processing, "release", &said).await;
    let processing = officer.act(&released, "claim").await.expect(200);
    let processing = twice(&stage.officer2, &processing, "take-over", &said).await;
    let processing = twice(officer, &processing, "take-over", &said).await;
    let returned = twice(officer, &processing, "return", &said).await;
    assert_eq!(returned["state"], "Draft");
}

async fn process(stage: &Stage) {
    let said = json!({"message": "For the record."});
    let processing = stage.request(&form_for(3), StateName::Processing).await;
    let stolen = stage.officer2.act(&processing, "complete").await;
    assert_eq!(stolen.status, 409, "{}", stolen.body);
    let completed = twice(&stage.officer, &processing, "complete", &said).await;
    hopeless(&stage.officer, &completed, "complete").await;
    let processing = stage.request(&form_for(4), StateName::Processing).await;
    let rejected = twice(&stage.officer, &processing, "reject", &said).await;
    hopeless(&stage.officer, &rejected, "reject").await;
}

/// Reads every list to its last page, in pages of two.
async fn pages(user: &User, path: &str, parameters: &str) {
    let mut next = format!("{path}?limit=2{parameters}");
    loop {
        let page = user.get(&next).await.expect(200);
        match page["nextCursor"].as_str() {
            Some(cursor) => next = format!("{path}?limit=2{parameters}&cursor={cursor}"),
            None => break,
        }
    }
}

async fn reading(stage: &Stage) {
    let ready = stage.request(&form_for(5), StateName::ReadyToSend).await;
    let sent = stage.request(&form_for(6), StateName::Sent).await;
    let reference = sent["reference"].as_str().unwrap_or_default();
    for user in [&stage.maker, &stage.officer] {
        for path in ["/me", "/eservices", "/openapi.json"] {
            assert_eq!(user.get(path).await.status, 200, "{path}");
        }
        pages(user, "/tasks", "").await;
        pages(user, "/requests", "").await;
        pages(user, "/requests", "&state=Sent&q=b01234").await;
        pages(user, "/delegated-administrators", "&participant=B01234").await;
        for path in [
            "/readiness",
            "/readiness?company=abc",
            "/readiness.csv",
            "/audit.csv",
            "/audit.jsonl",
        ] {
            assert_eq!(user.get(path).await.status, 200, "{path}");
        }
        let found = user
            .get(&format!("/requests?reference={reference}"))
            .await
            .expect(200);
        assert_eq!(found["items"][0]["id"], sent["id"]);
        let none = user.get("/requests?reference=DA3_99999999").await.expect(200);
        assert_eq!(none["items"], json!([]));
        let whole = user.read(&sent.id()).await;
        assert_eq!(whole["id"], sent["id"]);
    }
    // Who saw what is recorded for a company that asks for it.
    seed::records_views(&stage.world, true).await;
    for user in [&stage.maker, &stage.officer] {
        let _ = user.read(&sent.id()).await;
    }
    seed::records_views(&stage.world, false).await;
    let audit = format!("/audit.jsonl?reference={reference}");
    let _ = stage.officer.get(&audit).await.expect(200);
    pages(&stage.officer, "/readiness/companies", "&behind=true").await;
    let round = json!({"job": "readiness", "scheduled": "2023-02-07T03:00:00Z"});
    let counted = stage.world.local.invoke("readiness", round).await;
    assert_eq!(counted.unwrap_or_default()["counted"], 3);
    let unseen = stage.officer.get(&format!("/requests/{}", ready.id())).await;
    assert_eq!(unseen.status, 404, "{}", unseen.body);
    let own = stage.maker.get("/delegated-administrators").await.expect(200);
    assert_eq!(own["items"][0]["userId"], "B012340000");
}

/// The read with which a function opens its connection and checks the table's layout.
fn is_opening(grant: &Grant) -> bool {
    (
        grant.action.as_str(),
        grant.resource.as_str(),
        grant.keys.as_str(),
    ) == ("GetItem", "table", "LAYOUT")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_function_uses_all_that_it_is_granted_and_nothing_else() {
    let stage = Stage::set().await;
    drafts(&stage).await;
    submit(&stage).await;
    submit_with_locks_ahead(&stage).await;
    steps(&stage).await;
    process(&stage).await;
    people::walk(&stage).await;
    accounts::systems(&stage).await;
    reading(&stage).await;
    pages::walk(&stage).await;
    accounts::walk(&stage).await;
    mail::walk(&stage).await;
    clock::walk(&stage).await;
    let calls = stage.wire.take();
    let template = stage.world.local.template();
    let uses: BTreeSet<_> = calls.iter().flat_map(|call| used(template, call)).collect();
    let grants = granted(SOURCE);

    let denied: BTreeSet<_> = uses
        .iter()
        .filter(|done| !grants.iter().any(|grant| grant.covers(done)))
        .map(|done| done.clone().of_kind())
        .collect();
    assert!(denied.is_empty(), "AWS would deny {denied:#?}");
    let idle: Vec<_> = grants
        .iter()
        .filter(|grant| !is_opening(grant))
        .filter(|grant| !uses.iter().any(|done| grant.covers(done)))
        .collect();
    assert!(idle.is_empty(), "nothing needs {idle:#?}");
    stage.strike().await;
}

#[test]
fn every_function_may_read_the_mark_of_the_tables_layout() {
    let binaries: BTreeSet<_> = countersign_local::binaries().map(str::to_owned).collect();
    let opening = granted(SOURCE).into_iter().filter(is_opening);
    assert_eq!(
        opening.map(|grant| grant.function).collect::<BTreeSet<_>>(),
        binaries
    );
}

#[test]
fn notify_and_provision_alone_may_send_mail() {
    for function in functions() {
        let sends = ["Binary: notify\n", "Binary: provision\n"];
        let sends = sends.iter().any(|binary| function.contains(binary));
        assert_eq!(function.contains("ses:SendEmail"), sends, "{function}");
        // As a whole word, and not as the end of one such as `leases:`.
        let mut mentions = function.match_indices("ses:");
        let names_ses = mentions.any(|(at, _)| !function[..at].ends_with(char::is_alphanumeric));
        assert_eq!(names_ses, sends, "{function}");
    }
}

#[test]
fn relay_alone_may_publish_events_and_only_on_the_products_own_bus() {
    for function in functions() {
        let is_relay = function.contains("Binary: relay");
        let publishes = "Action: [events:PutEvents]\n              Resource: !GetAtt EventBus.Arn\n";
        assert_eq!(function.contains(publishes), is_relay, "{function}");
        let mentions = function.matches("events:PutEvents").count();
        assert_eq!(mentions, usize::from(is_relay), "{function}");
    }
}

/// The template's text, one part per function.
fn functions() -> Vec<&'static str> {
    SOURCE.split("Type: AWS::Serverless::Function").skip(1).collect()
}

#[test]
fn nothing_may_scan_and_nothing_of_a_request_or_its_history_may_be_deleted() {
    let allowed = [
        "BatchGetItem",
        "ConditionCheckItem",
        "GetItem",
        "PutItem",
        "Query",
        "UpdateItem",
    ];
    for grant in granted(SOURCE) {
        // An administrator whose deletion is completed, a suppression that is lifted, news that went into a digest, and what
        // the client of a system was for that is removed.
        let deletable = ["DA#*", "ADDRESS#*", "NEWS#*", "CLIENT#*"];
        let deletes = grant.action == "DeleteItem" && deletable.contains(&grant.keys.as_str());
        assert!(deletes || allowed.contains(&grant.action.as_str()), "{grant:?}");
    }
}

#[test]
fn the_portal_may_do_what_the_apis_functions_may_and_no_more() {
    let (of_portal, others): (Vec<_>, Vec<_>) = granted(SOURCE)
        .into_iter()
        .partition(|grant| grant.function == "portal");
    let is_others_too = |grant: &Grant| {
        // People's choices about themselves, which no route of the API changes, are attributes of what requests change.
        let what = |grant: &Grant| (grant.action.clone(), grant.resource.clone(), grant.keys.clone());
        let is_same =
            |other: &Grant| what(other) == what(grant) && other.attributes.is_subset(&grant.attributes);
        // No call of the API's reaches the ledger of accounts.
        let mut others = others.iter().filter(|other| other.function != "provision");
        others.any(is_same)
    };
    let own: Vec<_> = of_portal.iter().filter(|grant| !is_others_too(grant)).collect();
    assert!(own.is_empty(), "the portal alone may {own:#?}");
}
