//! Every function's live version starts and reads its table.

use std::collections::BTreeSet;

use aws_sdk_lambda::Client;
use aws_sdk_lambda::primitives::Blob;
use countersign_platform::start_up_check;
use futures_util::future::join_all;

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
    let (mut releases, mut wrong) = (BTreeSet::new(), Vec::new());
    for (alias, answer) in aliases.iter().zip(answers) {
        match answer {
            Ok(release) => _ = releases.insert(release),
            Err(reason) => wrong.push(format!("{} {reason}", alias.logical_id)),
        }
    }
    let releases: Vec<String> = releases.into_iter().collect();
    let fine = format!(
        "{} live versions start, of release {}",
        aliases.len(),
        releases.join(", ")
    );
    let remedy = "See the functions' log (docs/RUNBOOK.md, A deployment was rolled back)";
    Finding::of(CHECK, &wrong, fine, remedy)
}

/// Returns the function's release, or why it can't take calls.
async fn start(client: &Client, alias: &str) -> Result<String, String> {
    let event = Blob::new(start_up_check::event().to_string());
    let answer = client.invoke().function_name(alias).payload(event).send().await;
    let answer =
        answer.map_err(|error| format!("could not be asked: {}", AdminError::aws("Lambda", &error)))?;
    let payload = answer.payload().map(Blob::as_ref).unwrap_or_default();
    let verdict = start_up_check::verdict(answer.function_error().is_some(), payload);
    verdict.map_err(|reason| reason.to_string())
}
