//! How AWS is reached: credentials, time limits, retries and TLS, the same for every service.

use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{Credentials, Region, SharedHttpClient};
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};

use crate::config::Aws;

/// The roots that AWS's endpoints chain to. Embedding them spares a cold start the host's whole store.
const AMAZON_ROOTS: &[u8] = include_bytes!("../roots/amazon.pem");

/// What every client is built from. Clients of one configuration share their connections.
pub(crate) fn sdk_config(aws: &Aws) -> SdkConfig {
    let credentials = Credentials::new(
        &aws.access_key,
        &aws.secret_key,
        aws.session_token.clone(),
        None,
        "environment",
    );
    // Three attempts within a function's own limit of ten seconds; the sums leave room to answer.
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(1))
        .operation_attempt_timeout(Duration::from_secs(3))
        .operation_timeout(Duration::from_secs(7))
        .build();
    let is_local = aws.dynamodb_endpoint.is_some();
    let builder = SdkConfig::builder()
        .behavior_version(aws_sdk_dynamodb::config::BehaviorVersion::latest())
        .region(Region::new(aws.region.clone()))
        .credentials_provider(aws_sdk_dynamodb::config::SharedCredentialsProvider::new(
            credentials,
        ))
        .retry_config(RetryConfig::standard().with_max_attempts(3))
        .timeout_config(timeouts)
        .http_client(http_client(!is_local));
    builder.build()
}

fn http_client(tls: bool) -> SharedHttpClient {
    let builder = aws_smithy_http_client::Builder::new();
    if !tls {
        return builder.build_http();
    }
    builder
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .tls_context(tls_context())
        .build_https()
}

/// Trust in the roots that AWS's endpoints chain to, the hosted sign-in's among them.
pub(crate) fn tls_context() -> TlsContext {
    let roots = TrustStore::empty().with_pem_certificate(AMAZON_ROOTS);
    // The context is made of literals alone: the one way to fail is a build without the ring feature.
    TlsContext::builder()
        .with_trust_store(roots)
        .build()
        .unwrap_or_else(|error| {
            tracing::error!(%error, "the embedded roots");
            TlsContext::default()
        })
}
