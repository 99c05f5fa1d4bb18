//! Hands letters to SES (API v2).

use std::time::Duration;

use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::config::retry::RetryConfig;
use aws_sdk_sesv2::error::{BuildError, ProvideErrorMetadata as _, SdkError};
use aws_sdk_sesv2::operation::send_email::SendEmailError;
use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message, MessageHeader, MessageTag};
use countersign_domain::contact::EmailAddress;
use countersign_domain::id::{CompanyId, PersonId};
use countersign_platform::App;
use countersign_platform::config::MailSettings;

use crate::error::AccountError;
use crate::letter::Letter;

/// How often a letter is tried while SES throttles. After that, the queue's retries take over.
const MAX_TRIES: u32 = 5;
/// The first pause. Each further pause is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// SES, with the settings to send by.
pub(crate) struct Ses<'a> {
    client: Client,
    settings: &'a MailSettings,
}

impl<'a> Ses<'a> {
    /// A client that shares its connections with the app's other clients. It does not retry by itself: a second letter
    /// with the same password would do no harm, but one is enough.
    pub(crate) fn new(app: &App, settings: &'a MailSettings) -> Self {
        let mut config =
            aws_sdk_sesv2::config::Builder::from(app.sdk()).retry_config(RetryConfig::disabled());
        config.set_endpoint_url(app.config().ses_endpoint().map(str::to_owned));
        let client = Client::from_conf(config.build());
        Self { client, settings }
    }

    /// The portal's origin, for links.
    pub(crate) fn portal_url(&self) -> &str {
        &self.settings.portal_url
    }

    /// Hands a letter to a person of a company over. Retries for a while if SES throttles.
    pub(crate) async fn send(
        &self,
        to: &EmailAddress,
        whose: (&CompanyId, &PersonId),
        letter: askama::Result<Letter>,
    ) -> Result<(), AccountError> {
        let malformed = || AccountError::Mail("malformed".to_owned());
        let letter = letter.map_err(|_| malformed())?;
        let message = message(letter).map_err(|_| malformed())?;
        let tags = tags(whose).map_err(|_| malformed())?;
        let mut pause = FIRST_PAUSE;
        for _ in 1..MAX_TRIES {
            match self.try_to_send(to, message.clone(), tags.clone()).await {
                Err(code) if code == "TooManyRequestsException" => {
                    tokio::time::sleep(pause).await;
                    pause *= 2;
                }
                ended => return ended.map_err(AccountError::Mail),
            }
        }
        self.try_to_send(to, message, tags)
            .await
            .map_err(AccountError::Mail)
    }

    async fn try_to_send(
        &self,
        to: &EmailAddress,
        message: Message,
        tags: Vec<MessageTag>,
    ) -> Result<(), String> {
        let answer = self
            .client
            .send_email()
            .from_email_address(format!("Countersign <{}>", self.settings.from.ascii()))
            .destination(Destination::builder().to_addresses(to.ascii()).build())
            .content(EmailContent::builder().simple(message).build())
            .configuration_set_name(&self.settings.configuration_set)
            .set_email_tags(Some(tags))
            .send()
            .await;
        answer.map(|_| ()).map_err(|error| code(&error))
    }
}

fn message(letter: Letter) -> Result<Message, BuildError> {
    let text = |data: String| Content::builder().data(data).charset("UTF-8").build();
    let body = Body::builder()
        .text(text(letter.text)?)
        .html(text(letter.html)?)
        .build();
    let mut message = Message::builder()
        .subject(text(letter.subject.to_owned())?)
        .body(body);
    let headers = [
        // RFC 3834, section 5: nothing that answers by itself shall answer this.
        ("Auto-Submitted", "auto-generated"),
        // The same for Exchange (MS-OXCMAIL, section 2.2.3.2.14).
        ("X-Auto-Response-Suppress", "All"),
    ];
    for (name, value) in headers {
        message = message.headers(MessageHeader::builder().name(name).value(value).build()?);
    }
    Ok(message.build())
}

/// Tags by which feedback knows what came back.
fn tags((company, person): (&CompanyId, &PersonId)) -> Result<Vec<MessageTag>, BuildError> {
    [("company", company.as_str()), ("person", person.as_str())]
        .map(|(name, value)| MessageTag::builder().name(name).value(value).build())
        .into_iter()
        .collect()
}

/// The code alone: the message may repeat an address.
fn code(error: &SdkError<SendEmailError>) -> String {
    let code = match error {
        SdkError::ServiceError(_) => error.code().unwrap_or("no code"),
        SdkError::TimeoutError(_) => "it took too long",
        SdkError::ResponseError(_) => "its answer can't be read",
        SdkError::ConstructionFailure(_) => "malformed",
        _ => "it was not reached",
    };
    code.to_owned()
}
