//! How AWS is called: credentials, time limits, retries and TLS, the same for every service.

use std::time::Duration;

use aws_runtime::auth::sigv4::{SCHEME_ID, SigV4AuthScheme};
use aws_runtime::auth::{SigV4OperationSigningConfig, SigningOptions};
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{Credentials, Region, SharedHttpClient};
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::auth::AuthSchemeOptionResolverParams;
use aws_smithy_runtime_api::client::auth::static_resolver::StaticAuthSchemeOptionResolver;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_runtime_api::client::runtime_plugin::{SharedRuntimePlugin, StaticRuntimePlugin};
use aws_smithy_types::config_bag::Layer;
use aws_types::{SdkConfig, SigningName};

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

/// What gives calls without a generated client the configuration's way of calling AWS, and signs them for a service.
pub(crate) fn signed_calls(
    sdk: &SdkConfig,
    service: &'static str,
    signing_options: SigningOptions,
) -> SharedRuntimePlugin {
    let mut config = Layer::new(service);
    config
        .store_or_unset(sdk.retry_config().cloned())
        .store_or_unset(sdk.timeout_config().cloned())
        .store_put(AuthSchemeOptionResolverParams::new(()))
        .store_put(SigV4OperationSigningConfig {
            region: sdk.region().cloned().map(Into::into),
            name: Some(SigningName::from_static(service)),
            signing_options,
            ..SigV4OperationSigningConfig::default()
        });
    let mut components = RuntimeComponentsBuilder::new(service)
        .with_http_client(sdk.http_client())
        .with_time_source(sdk.time_source())
        .with_auth_scheme(SigV4AuthScheme::new())
        .with_auth_scheme_option_resolver(Some(StaticAuthSchemeOptionResolver::new(vec![SCHEME_ID])));
    if let Some(credentials) = sdk.credentials_provider() {
        components.set_identity_resolver(SCHEME_ID, credentials);
    }
    SharedRuntimePlugin::new(
        StaticRuntimePlugin::new()
            .with_config(config.freeze())
            .with_runtime_components(components),
    )
}
