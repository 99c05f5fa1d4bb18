//! Every function's live version starts and reads its table.

use aws_sdk_lambda::Client;
use aws_sdk_lambda::primitives::Blob;
use countersign_platform::start_up_check;
use futures_util::future::join_all;
use serde_json::Value;

use crate::doctor::finding::Finding;
use crate::{AdminError, Deployment};

const CHECK: &str = "functions";

/// Calls the alias of each function with the start-up check.
pub(super) async fn check(deployment: &Deployment) -> Finding {
    let aliases: Vec<_> = deployment.of_kind("AWS::Lambda::Alias").collect();
    let Some(config) = deployment.service("lambda").filter(|_| !aliases.is_empty()) else {
        return Finding::not_ok(
            CHECK,
            "no function has a live version",
            "Deploy the stack again (docs/DEPLOY.md, Build and deploy)",
        );
    };
    let client = Client::new(&config);
    let calls = aliases.iter().map(|alias| start(&client, &alias.physical_id));
    let answers = join_all(calls).await;
    let wrong = aliases.iter().zip(answers).filter_map(|(alias, answer)| {
        let reason = answer.err()?;
        Some(format!("{} {reason}", alias.logical_id))
    });
    let wrong: Vec<String> = wrong.collect();
    let remedy = "See the functions' log (docs/RUNBOOK.md, A deployment was rolled back)";
    Finding::of(
        CHECK,
        &wrong,
        format!("{} live versions start", aliases.len()),
        remedy,
    )
}

async fn start(client: &Client, alias: &str) -> Result<(), String> {
    let event = Blob::new(start_up_check::event().to_string());
    let answer = client.invoke().function_name(alias).payload(event).send().await;
    let answer = answer.map_err(|error| AdminError::aws("Lambda", &error).to_string())?;
    if answer.function_error().is_some() {
        return Err("does not start".to_owned());
    }
    let payload = answer.payload().map(Blob::as_ref).unwrap_or_default();
    let payload: Value = serde_json::from_slice(payload).unwrap_or_default();
    start_up_check::read(&payload).map_err(|said| format!("starts, but: {said}"))
}
