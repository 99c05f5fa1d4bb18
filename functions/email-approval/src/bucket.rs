//! The bucket where SES stores messages.

use aws_sdk_s3::Client;
use aws_sdk_s3::error::{ProvideErrorMetadata as _, SdkError};
use countersign_domain::contact::EmailAddress;
use countersign_platform::App;
use countersign_platform::config::InboundSettings;
use countersign_reply::{Message, Reader, Unreadable};

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

    /// Reads a message as it arrives from the bucket. Stops below its header if its author is not one of these.
    pub(crate) async fn message(
        &self,
        key: &str,
        is_expected: impl Fn(&EmailAddress) -> bool,
    ) -> Result<Result<Message, Unreadable>, BucketError> {
        let object = self
            .client
            .get_object()
            .bucket(&self.settings.bucket)
            .key(key)
            .send()
            .await;
        let mut body = object.map_err(|error| BucketError(code(&error)))?.body;
        let mut reader = Reader::default();
        while let Some(chunk) = body.next().await {
            let chunk = chunk.map_err(|_| BucketError("it broke off".to_owned()))?;
            let is_read = reader.push(&chunk).is_break();
            if is_read || reader.author().is_some_and(|author| !is_expected(author)) {
                break;
            }
        }
        Ok(reader.finish())
    }
}

fn code<E: aws_sdk_s3::error::ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> String {
    error.code().unwrap_or("no answer").to_owned()
}
