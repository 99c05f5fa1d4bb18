//! CodeDeploy's hook before it moves calls to a new version of a function: starts the version, and lets CodeDeploy go on only if
//! it has started. A version that can't start with its parameters and its table gets no call.

mod deployment;
#[cfg(test)]
mod tests;

use std::time::Duration;

use aws_sdk_codedeploy::error::DisplayErrorContext;
use aws_sdk_codedeploy::types::LifecycleEventStatus;
use aws_sdk_lambda::config::retry::RetryConfig;
use aws_sdk_lambda::config::timeout::TimeoutConfig;
use aws_sdk_lambda::primitives::Blob;
use aws_types::SdkConfig;
use countersign_platform::lambda::Failure;
use countersign_platform::start_up_check;
use serde::Deserialize;
use serde_json::{Value, json};

use deployment::Version;

/// How often a version that does not start is tried: the table may have been out of reach for a moment.
const TRIES: u32 = 3;
/// How long to wait before the next try.
const PAUSE: Duration = Duration::from_secs(2);
/// A start takes ten seconds at most, and Lambda repeats one that fails within the call.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// What CodeDeploy calls with.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Hook {
    deployment_id: String,
    lifecycle_event_hook_execution_id: String,
}

/// Starts the new version of the deployment that the event names, and tells CodeDeploy whether it has started.
pub async fn handle(sdk: SdkConfig, event: Value) -> Result<Value, Failure> {
    let hook: Hook = serde_json::from_value(event).map_err(|error| {
        tracing::error!(%error, "not an event of CodeDeploy");
        Failure
    })?;
    let client = aws_sdk_codedeploy::Client::new(&sdk);
    let status = match check(&sdk, &client, &hook.deployment_id).await {
        Ok((version, release)) => {
            tracing::info!(deployment = hook.deployment_id, %version, release, "started");
            LifecycleEventStatus::Succeeded
        }
        Err(reason) => {
            tracing::error!(deployment = hook.deployment_id, reason, "refused");
            LifecycleEventStatus::Failed
        }
    };
    let told = client
        .put_lifecycle_event_hook_execution_status()
        .deployment_id(&hook.deployment_id)
        .lifecycle_event_hook_execution_id(&hook.lifecycle_event_hook_execution_id)
        .status(status.clone());
    told.send().await.map_err(|error| {
        tracing::error!(deployment = hook.deployment_id, error = %DisplayErrorContext(error), "CodeDeploy");
        Failure
    })?;
    Ok(json!({ "status": status.as_str() }))
}

/// Starts the new version, and returns it with its release. Fails with the reason.
async fn check(
    sdk: &SdkConfig,
    client: &aws_sdk_codedeploy::Client,
    deployment: &str,
) -> Result<(Version, String), String> {
    let version = deployment::new_version(client, deployment)
        .await
        .map_err(|error| error.to_string())?;
    let lambda = lambda(sdk);
    let mut tries = 1;
    loop {
        match start(&lambda, &version).await {
            Ok(release) => return Ok((version, release)),
            Err(reason) if tries == TRIES => return Err(format!("{version} {reason}")),
            Err(reason) => tracing::warn!(%version, reason, tries, "not started"),
        }
        tries += 1;
        tokio::time::sleep(PAUSE).await;
    }
}

fn lambda(sdk: &SdkConfig) -> aws_sdk_lambda::Client {
    let patient = TimeoutConfig::builder()
        .operation_attempt_timeout(ANSWER_WITHIN)
        .operation_timeout(ANSWER_WITHIN)
        .build();
    let config = aws_sdk_lambda::config::Builder::from(sdk)
        .timeout_config(patient)
        .retry_config(RetryConfig::standard());
    aws_sdk_lambda::Client::from_conf(config.build())
}

/// Calls a version with the start-up check, and returns its release.
async fn start(lambda: &aws_sdk_lambda::Client, version: &Version) -> Result<String, String> {
    let call = lambda
        .invoke()
        .function_name(&version.function)
        .qualifier(&version.number)
        .payload(Blob::new(start_up_check::event().to_string()));
    let answer = call
        .send()
        .await
        .map_err(|error| format!("can't be called: {}", DisplayErrorContext(error)))?;
    let payload = answer.payload().map(Blob::as_ref).unwrap_or_default();
    let verdict = start_up_check::verdict(answer.function_error().is_some(), payload);
    verdict.map_err(|reason| reason.to_string())
}
