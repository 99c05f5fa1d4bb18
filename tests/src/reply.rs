//! Replies to e-mails, as an e-mail program writes them and SES delivers them.

use countersign_local::Mail;
use serde_json::Value;

use crate::World;

/// A reply: its envelope, SES's verdicts, and the raw message.
#[derive(Debug, Clone)]
pub struct Letter {
    /// The envelope's sender.
    pub from: String,
    /// The envelope's recipient.
    pub to: String,
    /// SES's verdicts as further query parameters.
    pub found: String,
    /// The message.
    pub raw: Vec<u8>,
}

impl Letter {
    /// A short reply to an e-mail, as an e-mail program writes it.
    pub fn of(from: &str, to: &Mail, says: &str) -> Self {
        let address = to.message.reply_to.first();
        let address = address.unwrap_or_else(|| panic!("nobody can reply to {}", to.message.subject));
        let raw = format!(
            "From: {from}\r\nTo: {address}\r\nSubject: Re: {}\r\nMessage-ID: <reply-1@abc.example>\r\n\
             MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{says}\r\n\r\n\
             On 7 Feb 2023, Countersign wrote:\r\n> Ready for you to check\r\n",
            to.message.subject
        );
        let bare = from.rsplit('<').next().unwrap_or(from).trim_end_matches('>');
        Self {
            from: bare.to_owned(),
            to: address.clone(),
            found: String::new(),
            raw: raw.into_bytes(),
        }
    }

    /// The same reply with other verdicts of SES, such as `dmarc=FAIL`.
    #[must_use]
    pub fn found(self, found: &str) -> Self {
        Self {
            found: format!("&{found}"),
            ..self
        }
    }

    /// The same reply with another raw message.
    #[must_use]
    pub fn saying(self, raw: impl Into<Vec<u8>>) -> Self {
        Self {
            raw: raw.into(),
            ..self
        }
    }

    /// The same reply with one more header line.
    #[must_use]
    pub fn with_header(self, line: &str) -> Self {
        let raw = [line.as_bytes(), b"\r\n", &self.raw].concat();
        self.saying(raw)
    }
}

impl World {
    /// Delivers a reply and waits until it has a result.
    pub async fn arrives(&self, letter: &Letter) {
        self.hand_over(letter).await;
        self.local.settle().await;
    }

    /// Delivers a reply without waiting for its result.
    pub async fn hand_over(&self, letter: &Letter) -> Value {
        let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let url = format!(
            "{}/mailbox/inbound?from={}&to={}{}",
            self.local.url(),
            encoded(&letter.from),
            encoded(&letter.to),
            letter.found
        );
        let reply = self
            .http
            .post(url)
            .header("content-type", "message/rfc822")
            .body(letter.raw.clone())
            .send()
            .await
            .unwrap_or_else(|error| panic!("{error}"));
        let status = reply.status().as_u16();
        let body = reply.text().await.unwrap_or_default();
        assert_eq!(status, 202, "{body}");
        serde_json::from_str(&body).unwrap_or_default()
    }
}
