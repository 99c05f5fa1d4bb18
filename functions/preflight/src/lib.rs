//! CodeDeploy's hook before it moves calls to a new version of a function: starts the version, and lets CodeDeploy go on only if
//! it has started. A version that can't start with its parameters and its table gets no call.

mod deployment;
#[cfg(test)]
mod tests;

use std::time::{Duration, Instant};

use aws_sdk_lambda::config::retry::RetryConfig;
use aws_sdk_lambda::config::timeout::TimeoutConfig;
use aws_sdk_lambda::error::DisplayErrorContext;
use aws_sdk_lambda::primitives::Blob;
use aws_types::SdkConfig;
use countersign_platform::aws_json::{CODEDEPLOY, Client};
use countersign_platform::lambda::Failure;
use countersign_platform::start_up_check::{self, NotStarted};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use deployment::Version;

/// How often a version that does not start is tried: the table may have been out of reach for a moment.
const TRIES: u32 = 3;
/// A start takes ten seconds at most, and Lambda repeats one that fails within the call.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);
/// The last try ends within the function's own limit of two minutes and leaves time to tell CodeDeploy. A version that answers
/// late each time gets all of its tries.
const PACE: Pace = Pace {
    pause: Duration::from_secs(2),
    last_try: Duration::from_secs(80),
};

/// The status of a call that Lambda throttles, for whatever reason.
const TOO_MANY_REQUESTS: u16 = 429;

/// When a version is tried again.
#[derive(Clone, Copy)]
struct Pace {
    /// How long to wait before the next try.
    pause: Duration,
    /// How long after the start, in which CodeDeploy is asked too, the last try may begin.
    last_try: Duration,
}

/// Why a version gets no calls.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    /// Lambda did not call it. That says nothing of the version, so it does not count as a try.
    #[error("could not be asked whether it starts: Lambda throttles calls")]
    Throttled,
    /// There is no answer of Lambda's, or another refusal.
    #[error("can't be called: {0}")]
    NotCalled(String),
    #[error(transparent)]
    NotStarted(#[from] NotStarted),
}

/// What CodeDeploy calls with.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Hook {
    deployment_id: String,
    lifecycle_event_hook_execution_id: String,
}

/// Starts the new version of the deployment that the event names, and tells CodeDeploy whether it has started.
pub async fn handle(sdk: SdkConfig, event: Value) -> Result<Value, Failure> {
    serve(&sdk, event, PACE).await
}

async fn serve(sdk: &SdkConfig, event: Value, pace: Pace) -> Result<Value, Failure> {
    let hook: Hook = serde_json::from_value(event).map_err(|error| {
        tracing::error!(%error, "not an event of CodeDeploy");
        Failure
    })?;
    let client = Client::new(sdk, CODEDEPLOY);
    let status = match check(sdk, &client, &hook.deployment_id, pace).await {
        Ok((version, release)) => {
            tracing::info!(deployment = hook.deployment_id, %version, release, "started");
            "Succeeded"
        }
        Err(reason) => {
            tracing::error!(deployment = hook.deployment_id, reason, "refused");
            "Failed"
        }
    };
    let told = json!({
        "deploymentId": hook.deployment_id,
        "lifecycleEventHookExecutionId": hook.lifecycle_event_hook_execution_id,
        "status": status,
    });
    let told = client.call("PutLifecycleEventHookExecutionStatus", &told).await;
    let _: IgnoredAny = told.map_err(|error| {
        tracing::error!(deployment = hook.deployment_id, %error, "CodeDeploy");
        Failure
    })?;
    Ok(json!({ "status": status }))
}

/// Starts the new version, and returns it with its release. Fails with the reason. Refuses a version that could not be asked,
/// too, because it might fail every call. The version before it keeps the calls until the next deployment.
async fn check(
    sdk: &SdkConfig,
    client: &Client,
    deployment: &str,
    pace: Pace,
) -> Result<(Version, String), String> {
    let began = Instant::now();
    let version = deployment::new_version(client, deployment)
        .await
        .map_err(|error| error.to_string())?;
    let lambda = lambda(sdk);
    let mut tries = 0;
    loop {
        let refusal = match start(&lambda, &version).await {
            Ok(release) => return Ok((version, release)),
            Err(refusal) => refusal,
        };
        tries += u32::from(!matches!(refusal, Refusal::Throttled));
        if tries == TRIES || began.elapsed() + pace.pause > pace.last_try {
            return Err(format!("{version} {refusal}"));
        }
        tracing::warn!(%version, %refusal, tries, "not started");
        tokio::time::sleep(pace.pause).await;
    }
}

/// A client that tries once: how often a version is tried is decided here alone.
fn lambda(sdk: &SdkConfig) -> aws_sdk_lambda::Client {
    let patient = TimeoutConfig::builder()
        .operation_attempt_timeout(ANSWER_WITHIN)
        .operation_timeout(ANSWER_WITHIN)
        .build();
    let config = aws_sdk_lambda::config::Builder::from(sdk)
        .timeout_config(patient)
        .retry_config(RetryConfig::disabled());
    aws_sdk_lambda::Client::from_conf(config.build())
}

/// Calls a version with the start-up check, and returns its release.
async fn start(lambda: &aws_sdk_lambda::Client, version: &Version) -> Result<String, Refusal> {
    let call = lambda
        .invoke()
        .function_name(&version.function)
        .qualifier(&version.number)
        .payload(Blob::new(start_up_check::event().to_string()));
    let answer = call.send().await.map_err(|error| {
        let status = error.raw_response().map(|response| response.status().as_u16());
        if status == Some(TOO_MANY_REQUESTS) {
            Refusal::Throttled
        } else {
            Refusal::NotCalled(DisplayErrorContext(error).to_string())
        }
    })?;
    let payload = answer.payload().map(Blob::as_ref).unwrap_or_default();
    Ok(start_up_check::verdict(
        answer.function_error().is_some(),
        payload,
    )?)
}
