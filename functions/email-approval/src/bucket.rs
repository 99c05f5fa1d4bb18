//! The bucket where SES stores messages.

use aws_sdk_s3::Client;
use aws_sdk_s3::error::{ProvideErrorMetadata as _, SdkError};
use countersign_platform::App;
use countersign_platform::config::InboundSettings;

use crate::message::{self, MAX_OCTETS, Message};

/// The bucket of messages.
pub(crate) struct Bucket<'a> {
    client: Client,
    settings: &'a InboundSettings,
}

/// Why a message could not be fetched, with the code for the log.
#[derive(Debug, thiserror::Error)]
#[error("the mail could not be fetched: {0}")]
pub(crate) struct BucketError(String);

impl<'a> Bucket<'a> {
    /// A client that shares its connections with the app's other clients.
    pub(crate) fn new(app: &App, settings: &'a InboundSettings) -> Self {
        let local = app.config().s3_endpoint().map(str::to_owned);
        let mut config = aws_sdk_s3::config::Builder::from(app.sdk());
        // A local endpoint has no host name for each bucket.
        config.set_force_path_style(Some(local.is_some()));
        config.set_endpoint_url(local);
        Self {
            client: Client::from_conf(config.build()),
            settings,
        }
    }

    /// Fetches and reads a message; `None` if it is too large or can't be read.
    pub(crate) async fn message(&self, key: &str) -> Result<Option<Message>, BucketError> {
        let object = self
            .client
            .get_object()
            .bucket(&self.settings.bucket)
            .key(key)
            .send()
            .await;
        let object = object.map_err(|error| BucketError(code(&error)))?;
        let length = object
            .content_length()
            .and_then(|length| usize::try_from(length).ok());
        if length.is_none_or(|length| length > MAX_OCTETS) {
            return Ok(None);
        }
        let octets = object.body.collect().await;
        let octets = octets.map_err(|_| BucketError("it broke off".to_owned()))?;
        Ok(message::read(&octets.into_bytes()).ok())
    }
}

fn code<E: aws_sdk_s3::error::ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> String {
    error.code().unwrap_or("no answer").to_owned()
}
