//! Hands e-mails to SES (API v2).

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::config::retry::RetryConfig;
use aws_sdk_sesv2::config::timeout::TimeoutConfig;
use aws_sdk_sesv2::error::{ProvideErrorMetadata as _, SdkError};
use aws_sdk_sesv2::operation::send_email::SendEmailError;
use aws_sdk_sesv2::primitives::Blob;
use aws_sdk_sesv2::types::{
    Attachment, AttachmentContentDisposition, AttachmentContentTransferEncoding, Body, Content, Destination,
    EmailContent, Message, MessageHeader, MessageTag,
};
use countersign_domain::contact::EmailAddress;
use countersign_platform::App;
use countersign_platform::config::MailSettings;
use countersign_platform::store::mail::{CLAIM, MailId};

use crate::letter::{File, Letter};

/// How often an e-mail is tried while SES throttles. After that, the stream's retries take over.
const MAX_TRIES: u32 = 5;
/// The first pause. Each further pause is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// SES, with the settings to send by.
pub(crate) struct Ses<'a> {
    app: &'a App,
    /// Made for the first e-mail: most batches send none.
    client: OnceLock<Client>,
    settings: &'a MailSettings,
    /// No e-mail is started after this time.
    until: Instant,
}

/// What an e-mail carries besides its letter.
pub(crate) struct Envelope<'a> {
    /// Its ID in the ledger.
    pub(crate) id: &'a MailId,
    /// The conversation it belongs to, as a Message-ID names it.
    pub(crate) conversation: String,
    /// The recipient.
    pub(crate) to: &'a EmailAddress,
    /// The reply address, if replies are read.
    pub(crate) reply_to: Option<&'a str>,
    /// The Message-ID of the e-mail it answers.
    pub(crate) in_reply_to: Option<&'a str>,
}

/// Why an e-mail was not handed over.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SesError {
    /// SES refused it, with this code.
    #[error("SES refuses the mail: {0}")]
    Refused(String),
    /// There was no answer, so SES may or may not have accepted it.
    #[error("SES gave no answer: {0}")]
    Unknown(&'static str),
}

impl<'a> Ses<'a> {
    pub(crate) fn new(app: &'a App, settings: &'a MailSettings, until: Instant) -> Self {
        Self {
            app,
            client: OnceLock::new(),
            settings,
            until,
        }
    }

    /// Whether there is time for another e-mail.
    pub(crate) fn has_time(&self) -> bool {
        Instant::now() < self.until
    }

    fn client(&self) -> &Client {
        self.client.get_or_init(|| client(self.app))
    }

    /// The domain that e-mails come from and replies go to.
    pub(crate) fn domain(&self) -> &str {
        self.settings.from.ascii().rsplit('@').next().unwrap_or_default()
    }

    /// The portal's origin, for links.
    pub(crate) fn portal_url(&self) -> &str {
        &self.settings.portal_url
    }

    /// Hands a letter over and returns the message's ID. Retries for a while if SES throttles.
    pub(crate) async fn send(&self, envelope: &Envelope<'_>, letter: &Letter) -> Result<String, SesError> {
        let mut pause = FIRST_PAUSE;
        for _ in 1..MAX_TRIES {
            match self.try_to_send(envelope, letter).await {
                Err(SesError::Refused(code)) if code == "TooManyRequestsException" => {
                    tokio::time::sleep(pause).await;
                    pause *= 2;
                }
                ended => return ended,
            }
        }
        self.try_to_send(envelope, letter).await
    }

    async fn try_to_send(&self, envelope: &Envelope<'_>, letter: &Letter) -> Result<String, SesError> {
        let message = self
            .message(envelope, letter)
            .map_err(|_| SesError::Refused("malformed".to_owned()))?;
        let answer = self
            .client()
            .send_email()
            .from_email_address(format!("Countersign <{}>", self.settings.from.ascii()))
            .destination(Destination::builder().to_addresses(envelope.to.ascii()).build())
            .content(EmailContent::builder().simple(message).build())
            .configuration_set_name(&self.settings.configuration_set)
            .set_reply_to_addresses(envelope.reply_to.map(|address| vec![address.to_owned()]))
            .set_email_tags(tags(envelope.id).ok())
            .send()
            .await;
        match answer {
            Ok(sent) => Ok(sent.message_id.unwrap_or_default()),
            Err(error) => Err(reason(&error)),
        }
    }

    fn message(
        &self,
        envelope: &Envelope<'_>,
        letter: &Letter,
    ) -> Result<Message, aws_sdk_sesv2::error::BuildError> {
        let text = |data: &str| Content::builder().data(data).charset("UTF-8").build();
        let body = Body::builder()
            .text(text(&letter.text)?)
            .html(text(&letter.html)?)
            .build();
        let mut message = Message::builder().subject(text(&letter.subject)?).body(body);
        if let Some(file) = &letter.file {
            message = message.attachments(attachment(file)?);
        }
        for (name, value) in self.headers(envelope) {
            message = message.headers(MessageHeader::builder().name(name).value(value).build()?);
        }
        Ok(message.build())
    }

    /// Headers besides those that SES writes. They contain nothing that a person typed.
    fn headers(&self, envelope: &Envelope<'_>) -> [(&'static str, String); 5] {
        let domain = self.domain();
        // SES gives each message an ID of its own, so all mails of a conversation follow a first one that never was.
        let conversation = format!("<{}@{domain}>", envelope.conversation);
        [
            // RFC 3834, section 5: nothing that answers by itself shall answer this.
            ("Auto-Submitted", "auto-generated".to_owned()),
            // The same for Exchange (MS-OXCMAIL, section 2.2.3.2.14).
            ("X-Auto-Response-Suppress", "All".to_owned()),
            // RFC 2919.
            ("List-Id", format!("Countersign <requests.{domain}>")),
            // RFC 5322, section 3.6.4: one request is one conversation, and so are a company's reminders.
            (
                "In-Reply-To",
                envelope
                    .in_reply_to
                    .map_or_else(|| conversation.clone(), str::to_owned),
            ),
            ("References", conversation),
        ]
    }
}

/// A client that shares its connections with the app's other clients.
///
/// It does not retry: an e-mail without an answer may have been sent, and the ledger decides what to do then.
fn client(app: &App) -> Client {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(2))
        .operation_timeout(CLAIM / 2)
        .build();
    let mut config = aws_sdk_sesv2::config::Builder::from(app.sdk())
        .retry_config(RetryConfig::disabled())
        .timeout_config(timeouts);
    config.set_endpoint_url(app.config().ses_endpoint().map(str::to_owned));
    Client::from_conf(config.build())
}

fn attachment(file: &File) -> Result<Attachment, aws_sdk_sesv2::error::BuildError> {
    Attachment::builder()
        .file_name(file.name)
        .content_type(file.content_type)
        .content_disposition(AttachmentContentDisposition::Attachment)
        // SES takes seven bits unless it is told otherwise.
        .content_transfer_encoding(AttachmentContentTransferEncoding::Base64)
        .raw_content(Blob::new(file.content.as_bytes()))
        .build()
}

/// Tags by which feedback finds the e-mail in the ledger.
fn tags(id: &MailId) -> Result<Vec<MessageTag>, aws_sdk_sesv2::error::BuildError> {
    let tags = match id {
        MailId::Step {
            request,
            version,
            recipient,
        } => vec![
            ("request", request.to_string()),
            ("version", version.to_string()),
            ("recipient", recipient.to_string()),
        ],
        MailId::Reminder { day, whose } => vec![("day", day.to_string()), ("whose", whose.to_string())],
        MailId::Daily { day, whose } => vec![("daily", day.to_string()), ("whose", whose.to_string())],
    };
    tags.into_iter()
        .map(|(name, value)| MessageTag::builder().name(name).value(value).build())
        .collect()
}

/// Only a status of 400 to 499 means that SES refused. After anything else the e-mail may have been sent.
fn reason(error: &SdkError<SendEmailError>) -> SesError {
    match error {
        SdkError::ServiceError(answer) if answer.raw().status().is_client_error() => {
            SesError::Refused(error.code().unwrap_or("no code").to_owned())
        }
        SdkError::ServiceError(_) => SesError::Unknown("it failed"),
        SdkError::TimeoutError(_) => SesError::Unknown("it took too long"),
        SdkError::ResponseError(_) => SesError::Unknown("its answer can't be read"),
        SdkError::ConstructionFailure(_) => SesError::Refused("malformed".to_owned()),
        _ => SesError::Unknown("it was not reached"),
    }
}
