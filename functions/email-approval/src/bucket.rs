//! The bucket that SES stores mails in.

use aws_sdk_s3::Client;
use aws_sdk_s3::error::{ProvideErrorMetadata as _, SdkError};
use countersign_platform::App;
use countersign_platform::config::InboundSettings;

use crate::message::{self, MAX_OCTETS, Message};

/// Where mails are.
pub(crate) struct Bucket<'a> {
    client: Client,
    settings: &'a InboundSettings,
}

/// Why a mail could not be fetched; holds the code for the log.
#[derive(Debug, thiserror::Error)]
#[error("the mail could not be fetched: {0}")]
pub(crate) struct BucketError(String);

impl<'a> Bucket<'a> {
    /// A client that shares the connections of all of the app's clients.
    pub(crate) fn new(app: &App, settings: &'a InboundSettings) -> Self {
        let local = app.config().s3_endpoint().map(str::to_owned);
        let mut config = aws_sdk_s3::config::Builder::from(app.sdk());
        // A local endpoint has no name for each bucket.
        config.set_force_path_style(Some(local.is_some()));
        config.set_endpoint_url(local);
        Self {
            client: Client::from_conf(config.build()),
            settings,
        }
    }

    /// Fetches and reads a mail; `None` if it can't be read, or is larger than one that is looked at.
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
