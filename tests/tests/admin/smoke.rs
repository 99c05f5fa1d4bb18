//! What the tool says of a deployment that answers, and of one that does not.

use countersign_platform::start_up_check;
use countersign_tests::World;
use countersign_tests::admin::{Outcome, admin};
use serde_json::Value;

use super::items;

fn result(told: &Outcome, check: &str) -> (String, String) {
    let all: Vec<Value> = serde_json::from_str(&told.output).unwrap();
    let found = all.iter().find(|finding| finding["check"] == check).unwrap();
    let text = |name: &str| found[name].as_str().unwrap().to_owned();
    (text("result"), text("found"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deployment_that_answers_passes_and_stays_as_it_is() {
    let world = World::start().await;
    let before = items(&world).await;
    let mails = world.mails_since(0).await.len();
    let told = admin(&world, &["smoke", "--json"]).await;
    assert!(told.is_success, "{}", told.output);
    for check in ["functions", "description", "locked", "portal", "assets", "issuer"] {
        assert_eq!(result(&told, check).0, "ok", "{check}: {}", told.output);
    }
    let functions = world.local.template().functions.len();
    assert_eq!(
        result(&told, "functions").1,
        format!(
            "{functions} live versions start, of release {}",
            env!("CARGO_PKG_VERSION")
        )
    );
    assert_eq!(items(&world).await, before);
    assert_eq!(world.mails_since(0).await.len(), mails);
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_function_says_that_it_has_started_and_does_no_work() {
    let world = World::start().await;
    for function in &world.local.template().functions {
        let answer = world
            .local
            .invoke(&function.binary, start_up_check::event())
            .await;
        let answer = answer.unwrap_or_else(|_| panic!("{} fails", function.binary));
        let release = start_up_check::verdict(false, answer.to_string().as_bytes());
        assert_eq!(
            release.as_deref(),
            Ok(env!("CARGO_PKG_VERSION")),
            "{}",
            function.binary
        );
    }
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_of_another_layout_is_what_every_function_says_and_a_line_says_what_to_do() {
    let world = World::start().await;
    let mark = ("LAYOUT".to_owned(), "LAYOUT".to_owned());
    let other = aws_sdk_dynamodb::types::AttributeValue::N("1".to_owned());
    world.edit(mark, "layout", other).await;
    let told = admin(&world, &["smoke"]).await;
    assert!(!told.is_success);
    let line = told
        .output
        .lines()
        .find(|line| line.contains("functions"))
        .unwrap();
    assert!(
        line.starts_with("NOT OK") && line.contains("the table is in layout 1"),
        "{line}"
    );
    assert!(
        line.contains("docs/RUNBOOK.md, A deployment was rolled back"),
        "{line}"
    );
    world.local.stop().await;
}
