//! Calls a function of the deployment.

use aws_sdk_lambda::Client;
use aws_sdk_lambda::primitives::Blob;
use serde_json::Value as Json;

use crate::{AdminError, Deployment};

/// Calls the version of a function that everything else calls, and waits for its answer. `None` if the function failed; its log says why.
pub(super) async fn invoke(
    deployment: &Deployment,
    logical_id: &str,
    event: &Json,
) -> Result<Option<Json>, AdminError> {
    let known = deployment
        .service("lambda")
        .zip(deployment.physical(&format!("{logical_id}Aliaslive")));
    let Some((config, name)) = known else {
        let reason = format!(
            "{} has no function {logical_id} that can be called",
            deployment.name
        );
        return Err(AdminError::Deployment(reason));
    };
    let call = Client::new(&config)
        .invoke()
        .function_name(name)
        .payload(Blob::new(event.to_string()));
    let answer = call
        .send()
        .await
        .map_err(|error| AdminError::aws("Lambda", &error))?;
    if answer.function_error().is_some() {
        return Ok(None);
    }
    let payload = answer.payload().map(Blob::as_ref).unwrap_or_default();
    Ok(Some(serde_json::from_slice(payload).unwrap_or_default()))
}

/// Whether a function that reports partial failures has handled a whole batch.
pub(super) fn is_handled(answer: Option<&Json>) -> bool {
    answer.is_some_and(|answer| answer["batchItemFailures"].as_array().is_none_or(Vec::is_empty))
}
