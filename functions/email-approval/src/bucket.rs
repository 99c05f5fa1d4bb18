//! The bucket where SES stores messages.

use countersign_domain::contact::EmailAddress;
use countersign_platform::App;
use countersign_platform::config::InboundSettings;
use countersign_platform::s3::{self, ObjectError};
use countersign_reply::{Message, Reader, Unreadable};

/// The bucket of messages.
pub(crate) struct Bucket<'a> {
    pub(crate) app: &'a App,
    pub(crate) settings: &'a InboundSettings,
}

/// Why a message could not be fetched.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BucketError {
    #[error("the mail could not be fetched: {0}")]
    Refused(#[from] ObjectError),
    #[error("the mail could not be fetched: it broke off")]
    BrokeOff,
}

impl Bucket<'_> {
    /// Reads a message as it arrives from the bucket. Stops below its header if its author is not one of these.
    pub(crate) async fn message(
        &self,
        key: &str,
        is_expected: impl Fn(&EmailAddress) -> bool,
    ) -> Result<Result<Message, Unreadable>, BucketError> {
        let mut body = s3::get_object(self.app, &self.settings.bucket, key).await?;
        let mut reader = Reader::default();
        while let Some(chunk) = body.next().await {
            let chunk = chunk.map_err(|_| BucketError::BrokeOff)?;
            let is_read = reader.push(&chunk).is_break();
            if is_read || reader.author().is_some_and(|author| !is_expected(author)) {
                break;
            }
        }
        Ok(reader.finish())
    }
}
