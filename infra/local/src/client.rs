//! A client of the table, for what the runner itself writes.

use aws_local::{REGION, one_line};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};

use crate::error::StartError;

pub(crate) fn client(endpoint: &str) -> Client {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static(REGION))
        .endpoint_url(endpoint)
        .credentials_provider(Credentials::new(
            "runner",
            "local",
            None,
            None,
            "countersign-local",
        ))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    Client::from_conf(config)
}

/// An SDK error with what caused it: its own text names the kind alone.
pub(crate) fn failed(error: &(dyn std::error::Error + 'static)) -> StartError {
    StartError::Engine(one_line(error))
}
