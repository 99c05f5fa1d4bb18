//! Each function's real handler answers its sample event in `events/`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use countersign_local::template;
use countersign_tests::{Reply, World, guideline_form};
use serde_json::{Value, json};

/// The request's ID in the sample events. Each test replaces it with the ID of its own request.
const SAMPLE_ID: &str = "01GRMVYYK0NWNXQRDAKDQC3RND";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../events")
}

/// A function's sample event for this request, at the version of `on`.
fn event(function: &str, on: Option<&Reply>) -> Value {
    let text = fs::read_to_string(folder().join(format!("{function}.json"))).unwrap();
    let Some(on) = on else {
        return serde_json::from_str(&text).unwrap();
    };
    let mut event: Value = serde_json::from_str(&text.replace(SAMPLE_ID, &on.id())).unwrap();
    if event["headers"]["if-match"].is_string() {
        event["headers"]["if-match"] = json!(on.etag());
    }
    event
}

/// The answer's status and body.
async fn answer(world: &World, function: &str, on: Option<&Reply>) -> (u64, Value) {
    let answer = world.local.invoke(function, event(function, on)).await.unwrap();
    let body = answer["body"].as_str().unwrap_or_default();
    (
        answer["statusCode"].as_u64().unwrap(),
        serde_json::from_str(body).unwrap_or(Value::Null),
    )
}

#[test]
fn there_is_one_sample_event_for_every_function() {
    let stems = fs::read_dir(folder())
        .unwrap()
        .map(|file| file.unwrap().path().file_stem().unwrap().to_owned());
    let events: BTreeSet<String> = stems.map(|stem| stem.into_string().unwrap()).collect();
    let template = template::load(&std::collections::BTreeMap::new()).unwrap();
    let functions: BTreeSet<String> = template
        .functions
        .into_iter()
        .map(|function| function.binary)
        .collect();
    assert_eq!(events, functions);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_makers_events_keep_submit_read_and_take_back() {
    let world = World::start().await;
    let (status, created) = answer(&world, "drafts", None).await;
    assert_eq!((status, &created["status"]), (201, &json!("Draft")));

    let maker = world.sign_in("maker@abc.example").await;
    let draft = maker
        .get(&format!("/requests/{}", created["id"].as_str().unwrap()))
        .await;
    let (status, submitted) = answer(&world, "submit", Some(&draft)).await;
    assert_eq!((status, &submitted["reference"]), (200, &json!("DA3_00013361")));

    let shown = maker.get(&format!("/requests/{}", draft.id())).await;
    let (status, read) = answer(&world, "requests", Some(&shown)).await;
    assert_eq!((status, &read["status"]), (200, &json!("Ready to Send to HKEX")));

    let (status, reclaimed) = answer(&world, "hand-back", Some(&shown)).await;
    assert_eq!((status, &reclaimed["status"]), (200, &json!("Draft")));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_checkers_and_the_officers_events_list_claim_confirm_and_complete() {
    let world = World::start().await;
    let maker = world.sign_in("maker@abc.example").await;
    let submitted = maker.submit(&guideline_form()).await;

    let (status, tasks) = answer(&world, "list-tasks", None).await;
    assert_eq!(
        (status, &tasks["items"][0]["reference"]),
        (200, &json!("DA3_00013361"))
    );

    let (status, claimed) = answer(&world, "claim", Some(&submitted)).await;
    assert_eq!((status, &claimed["state"]), (200, &json!("Claimed")));
    let held = maker.get(&format!("/requests/{}", submitted.id())).await;
    let (status, sent) = answer(&world, "confirm", Some(&held)).await;
    assert_eq!((status, &sent["status"]), (200, &json!("Sent to HKEX")));

    let officer = world.sign_in("officer@exchange.example").await;
    let sent = officer.get(&format!("/requests/{}", submitted.id())).await;
    let processing = officer.act(&sent, "claim").await.expect(200);
    let (status, completed) = answer(&world, "process", Some(&processing)).await;
    assert_eq!((status, &completed["status"]), (200, &json!("Completed")));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sign_in_event_gets_claims_and_rights_from_the_directory() {
    let world = World::start().await;
    let answer = world
        .local
        .invoke("sign-in", event("sign-in", None))
        .await
        .unwrap();
    let details = &answer["response"]["claimsAndScopeOverrideDetails"];
    let claims = &details["accessTokenGeneration"]["claimsToAddOrOverride"];
    assert_eq!(
        (&claims["company"], &claims["name"]),
        (&json!("abc"), &json!("D Wong"))
    );
    assert_eq!(
        details["groupOverrideDetails"]["groupsToOverride"],
        json!(["EU_UserMaintenance", "EU_ManageUsers"])
    );

    // A user whom the directory does not know gets no claims and no groups, whatever groups the pool has.
    let mut stranger = event("sign-in", None);
    stranger["request"]["userAttributes"]["custom:person"] = json!("0f2c8a51-0000-4d0a-9c57-1a4be0d35e02");
    let answer = world.local.invoke("sign-in", stranger).await.unwrap();
    let details = &answer["response"]["claimsAndScopeOverrideDetails"];
    assert_eq!(
        details["accessTokenGeneration"]["claimsToAddOrOverride"],
        json!({})
    );
    assert_eq!(details["groupOverrideDetails"]["groupsToOverride"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_events_of_the_stream_of_the_bus_and_of_mail_tell_publish_count_record_and_pass_over() {
    let world = World::start().await;
    let maker = world.sign_in("maker@abc.example").await;
    let submitted = maker.submit(&guideline_form()).await;
    world.local.settle().await;
    let told = world.local.mailbox();

    // The row was announced before, so nobody is notified again. A form's hash covers secrets of its request's own.
    let mut row = event("notify", Some(&submitted));
    let stored = maker.read(&submitted.id()).await;
    row["Records"][0]["dynamodb"]["NewImage"]["form_hash"]["S"] = stored["formHash"].clone();
    let answer = world.local.invoke("notify", row).await;
    assert_eq!(answer.unwrap(), json!({"batchItemFailures": []}));
    assert_eq!(world.local.mailbox().len(), told.len());

    // The row and the company are on the bus a second time.
    let on_the_bus = world.local.events().len();
    let answer = world
        .local
        .invoke("relay", event("relay", Some(&submitted)))
        .await;
    assert_eq!(answer.unwrap(), json!({"batchItemFailures": []}));
    assert_eq!(world.local.events().len(), on_the_bus + 2);

    // The company whose counts the event changes is counted again.
    let answer = world
        .local
        .invoke("readiness", event("readiness", Some(&submitted)))
        .await;
    assert_eq!(answer.unwrap(), json!({"batchItemFailures": []}));

    // The company's accounts are as the directory says.
    let answer = world.local.invoke("provision", event("provision", None)).await;
    assert_eq!(answer.unwrap(), json!({"batchItemFailures": []}));

    let text = event("feedback", Some(&submitted)).to_string();
    let recipient = countersign_domain::id::Digest::of(b"step checker@abc.example").to_string();
    let bounce = serde_json::from_str(&text.replace(&"0".repeat(64), &recipient)).unwrap();
    world.local.invoke("feedback", bounce).await.unwrap();
    let shown = maker.get(&format!("/requests/{}", submitted.id())).await;
    assert_eq!(shown["undelivered"][0]["status"], json!("bounced"));

    // The token in the sample was never issued.
    let answer = world
        .local
        .invoke("email-approval", event("email-approval", None))
        .await;
    assert_eq!(answer.unwrap(), Value::Null);
    let unchanged = maker.get(&format!("/requests/{}", submitted.id())).await;
    assert_eq!(unchanged["state"], json!("ReadyToSend"));
}
