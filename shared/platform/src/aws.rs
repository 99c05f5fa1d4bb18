//! How AWS is called: credentials, time limits, retries and TLS, the same for every service.

use std::time::Duration;

use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{Credentials, Region, SharedHttpClient};
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use aws_types::SdkConfig;

use crate::config::Aws;

/// The root certificates that AWS's endpoints chain to. Embedding them saves a cold start from loading the host's whole
/// store.
const AMAZON_ROOTS: &[u8] = include_bytes!("../roots/amazon.pem");

/// Builds the configuration of every AWS client. Clients of one configuration share their connections.
pub(crate) fn sdk_config(aws: &Aws) -> SdkConfig {
    let credentials = Credentials::new(
        &aws.access_key,
        &aws.secret_key,
        aws.session_token.clone(),
        None,
        "environment",
    );
    // Three attempts have to fit into a function's own limit of ten seconds and leave time to answer.
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

/// The client that every call goes through. Without TLS for stand-ins on this machine.
pub fn http_client(tls: bool) -> SharedHttpClient {
    let builder = aws_smithy_http_client::Builder::new();
    if !tls {
        return builder.build_http();
    }
    builder
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .tls_context(tls_context(false))
        .build_https()
}

/// Trusts the root certificates that AWS's endpoints chain to, as the hosted sign-in does, and those of this machine only if
/// they are asked for.
pub(crate) fn tls_context(machines_roots: bool) -> TlsContext {
    let roots = TrustStore::empty()
        .with_native_roots(machines_roots)
        .with_pem_certificate(AMAZON_ROOTS);
    // The context is built from constants, so it can fail only in a build without the ring feature.
    TlsContext::builder()
        .with_trust_store(roots)
        .build()
        .unwrap_or_else(|error| {
            tracing::error!(%error, "the embedded roots");
            TlsContext::default()
        })
}
