//! The function may do to the user pool exactly what it does.

use std::collections::BTreeSet;

use countersign_local::template::SOURCE;
use countersign_tests::pool::PoolWire;
use countersign_tests::{World, seed};
use serde_json::{Value, json};

use crate::provision::company::{COMPANY, change, enter, enter_company, enter_system, message, text};

/// The operations of the user pool that the template grants anybody.
fn granted() -> BTreeSet<String> {
    let actions = SOURCE
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- cognito-idp:"));
    actions.map(str::to_owned).collect()
}

#[test]
fn provision_alone_may_change_the_user_pool_and_no_other_pool() {
    for function in SOURCE.split("Type: AWS::Serverless::Function").skip(1) {
        let is_own = function.contains("Binary: provision\n");
        assert_eq!(function.contains("- cognito-idp:"), is_own, "{function}");
    }
    let (_, actions) = SOURCE.split_once("            - Sid: Accounts\n").unwrap();
    let statement = actions.split("- Sid:").next().unwrap();
    assert!(
        statement.ends_with("Resource: !GetAtt UserPool.Arn\n            "),
        "{statement}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_that_provision_is_granted_is_one_that_it_needs() {
    let world = World::start().await;
    let wire = PoolWire::lay(&world).await;
    let app = wire.app(&world);
    let look = async || {
        let answer = provision::handle(app.clone(), json!({"Records": [message(1, COMPANY)]})).await;
        assert_eq!(answer.unwrap_or(Value::Null)["batchItemFailures"], json!([]));
    };
    enter_company(&world).await;
    enter(&world, "ann", "ann@firm.example").await;
    look().await;
    change(
        &world,
        "ann",
        &[("email", text("ann@new.example"))],
        &["second_factor_resets"],
    )
    .await;
    look().await;
    change(
        &world,
        "ann",
        &[("removed_at", text("2023-02-07T02:43:03.434Z"))],
        &[],
    )
    .await;
    look().await;
    enter(&world, "ben", "ann@new.example").await;
    enter_system(&world, "robot").await;
    // The making of another one's client was cut off.
    enter_system(&world, "other").await;
    let ledger = [
        ("pk", "COMPANY#firm"),
        ("sk", "ACCOUNT#other"),
        ("made_for", "system firm other"),
    ];
    let ledger = ledger.map(|(name, value)| (name.to_owned(), text(value)));
    seed::items(&world, vec![ledger.into()]).await;
    look().await;
    let removed = [("removed_at", text("2023-02-07T02:43:03.434Z"))];
    change(&world, "robot", &removed, &[]).await;
    look().await;
    assert_eq!(wire.operations(), granted());
    world.local.stop().await;
}
