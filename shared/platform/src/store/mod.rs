//! The DynamoDB table. The SDK's endpoint is the only seam: there is no other store.

use std::fmt;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{Credentials, Region, SharedHttpClient};
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use countersign_domain::request::Impossible;

use crate::Config;
use crate::config::Aws;

pub mod condition;
pub mod directory;
pub mod item;
pub mod key;
pub mod page;
pub mod register;
pub mod requests;
pub mod transaction;

/// The roots that AWS's endpoints chain to. Embedding them spares a cold start the host's whole store.
const AMAZON_ROOTS: &[u8] = include_bytes!("../../roots/amazon.pem");

/// The table.
pub struct Store {
    client: Client,
    table: String,
}

/// Why the store gave no answer. What a condition refused is not among these.
#[derive(Debug)]
pub enum StoreError {
    /// It asks to be left alone for a moment.
    Throttled,
    /// It could not be reached, or failed; holds the error's code for the log. Another try may succeed.
    Unavailable(String),
    /// It takes the call for wrong: a permission, a table or an expression is. No other try helps.
    Refused(String),
    /// It holds something that no command can have written.
    Corrupt(String),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Throttled => f.write_str("the store throttles"),
            Self::Unavailable(code) => write!(f, "the store is unavailable: {code}"),
            Self::Refused(code) => write!(f, "the store refuses the call: {code}"),
            Self::Corrupt(what) => write!(f, "the store holds something impossible: {what}"),
        }
    }
}

impl std::error::Error for StoreError {}

impl From<Impossible> for StoreError {
    fn from(impossible: Impossible) -> Self {
        Self::Corrupt(impossible.to_string())
    }
}

impl<E: ProvideErrorMetadata, R> From<SdkError<E, R>> for StoreError {
    fn from(error: SdkError<E, R>) -> Self {
        match error.code() {
            Some(
                "ThrottlingException" | "ProvisionedThroughputExceededException" | "RequestLimitExceeded",
            ) => Self::Throttled,
            Some(code @ ("InternalServerError" | "InternalFailure" | "ServiceUnavailable")) => {
                Self::Unavailable(code.to_owned())
            }
            Some(code) => Self::Refused(code.to_owned()),
            None => Self::Unavailable(
                match error {
                    SdkError::ConstructionFailure(_) => "construction failure",
                    SdkError::TimeoutError(_) => "timeout",
                    SdkError::DispatchFailure(_) => "dispatch failure",
                    SdkError::ResponseError(_) => "unreadable response",
                    _ => "service error without a code",
                }
                .to_owned(),
            ),
        }
    }
}

impl Store {
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            client: Client::new(&sdk_config(&config.aws)),
            table: config.table.clone(),
        }
    }

    /// Opens the connection, which costs a TLS handshake, ahead of the first call. It reads a key that holds nothing
    /// and that every function may read; if even that fails, the first call will say so.
    pub(crate) async fn connect(&self) {
        if let Err(error) = self.get(key::connection()).await {
            tracing::warn!(%error, "connecting ahead");
        }
    }

    async fn get(&self, key: key::Key) -> Result<Option<item::Item>, StoreError> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key.into_attributes()))
            .consistent_read(true)
            .send()
            .await?;
        Ok(answer.item)
    }
}

fn sdk_config(aws: &Aws) -> aws_config::SdkConfig {
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
    let mut builder = aws_config::SdkConfig::builder()
        .behavior_version(aws_sdk_dynamodb::config::BehaviorVersion::latest())
        .region(Region::new(aws.region.clone()))
        .credentials_provider(aws_sdk_dynamodb::config::SharedCredentialsProvider::new(
            credentials,
        ))
        .retry_config(RetryConfig::standard().with_max_attempts(3))
        .timeout_config(timeouts)
        .http_client(http_client(aws.dynamodb_endpoint.is_none()));
    builder.set_endpoint_url(aws.dynamodb_endpoint.clone());
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
