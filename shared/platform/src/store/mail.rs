//! The ledger of e-mails. Each e-mail is marked before and after it is handed to SES.
//!
//! The first mark is a claim that expires, since its sender may crash: [`Store::begin_mail`] lets one sender at a time
//! through, and after the claim has expired the next sender sends the e-mail again. If a sender crashes between SES's
//! answer and the second mark, that one e-mail is sent twice. No e-mail is ever lost.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::daily::DailyDigest;
use countersign_domain::id::{Digest, RequestId};
use countersign_domain::mail::{Mail, MailStatus};
use countersign_domain::reminder;
use countersign_domain::time;
use countersign_domain::wording::ERASED_NAME;
use countersign_domain::workflow::Audience;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::condition::Expressions;
use super::item::{self, text};
use super::key::{self, Key, PK};
use super::reminder::KEPT;
use super::{SortKeys, Store, StoreError};

/// How long a sender may take for one e-mail. It exceeds the time limit of a call to SES, so no one sends what another
/// is still sending.
pub const CLAIM: Duration = Duration::from_secs(15);

/// Identifies an e-mail in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailId {
    /// An e-mail that announces a step of a request.
    Step {
        /// The request.
        request: RequestId,
        /// The version that the step made.
        version: u32,
        /// The digest of the recipient and their role.
        recipient: Digest,
    },
    /// The e-mail that reminds a person on a day.
    Reminder {
        /// The day.
        day: Date,
        /// The digest of the company and the person.
        whose: Digest,
    },
    /// The e-mail with a person's news of a day.
    Daily {
        /// The day.
        day: Date,
        /// The digest of the company and the person.
        whose: Digest,
    },
}

/// What the ledger holds about an e-mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// About an e-mail that announces a step.
    Step(Mail),
    /// About an e-mail that is written from a person's digest. DynamoDB deletes it together with the digest.
    Digest {
        /// The recipient's name.
        name: String,
        /// The recipient's address.
        address: String,
        /// Its delivery status.
        status: MailStatus,
    },
}

/// Whether to send an e-mail now.
#[derive(Debug, PartialEq, Eq)]
pub enum Begun {
    /// Send it. Holds the claim, to release if SES does not accept the e-mail.
    Send(MailClaim),
    /// Don't send it: it was sent, or never will be.
    Done,
    /// Another sender is sending it, or crashed while doing so.
    InProgress,
}

/// A sender's claim on an e-mail: the time at which it expires.
#[derive(Debug, PartialEq, Eq)]
pub struct MailClaim(String);

/// The item of an e-mail that announces a step.
#[derive(Serialize, Deserialize)]
pub(super) struct MailItem {
    version: u32,
    audience: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    address: String,
    among: u32,
    status: String,
    at: String,
    /// When the sender's claim expires, while the e-mail is being sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
}

/// The item of an e-mail that is written from a digest.
#[derive(Serialize)]
pub(super) struct DigestMailItem {
    name: String,
    address: String,
    status: String,
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
    /// When DynamoDB deletes the item, in seconds since 1970.
    expires_at: i64,
}

#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum EntryItem {
    Step(MailItem),
    Digest(DigestMailItem),
}

impl MailId {
    /// The e-mail that sends this reminder.
    pub fn of(digest: &reminder::Digest) -> Self {
        Self::Reminder {
            day: digest.day,
            whose: key::whose(&digest.company, &digest.person),
        }
    }

    /// The e-mail that sends this digest of the day's news.
    pub fn of_daily(digest: &DailyDigest) -> Self {
        Self::Daily {
            day: digest.day,
            whose: key::whose(&digest.company, &digest.person),
        }
    }

    pub(super) fn key(&self) -> Key {
        match self {
            Self::Step {
                request,
                version,
                recipient,
            } => key::mail(*request, *version, recipient),
            Self::Reminder { day, whose } => key::reminder_mail(*day, whose),
            Self::Daily { day, whose } => key::daily_mail(*day, whose),
        }
    }
}

impl Store {
    /// Marks an e-mail as being sent, unless it has been sent or another sender holds the claim.
    pub async fn begin_mail(&self, id: &MailId, entry: &Entry, now: Timestamp) -> Result<Begun, StoreError> {
        let until = time::stored(now.saturating_add(CLAIM).unwrap_or(now));
        let item = EntryItem::of(entry, now, Some(until.clone()));
        let mut expressions = Expressions::default();
        let (pk, status, ends) = (
            expressions.name(PK),
            expressions.name("status"),
            expressions.name("until"),
        );
        let sending = expressions.value(AttributeValue::S(MailStatus::Sending.as_str().to_owned()));
        let now = expressions.value(AttributeValue::S(time::stored(now)));
        let condition = format!("attribute_not_exists({pk}) OR ({status} = {sending} AND {ends} <= {now})");
        match self.put_where(id.key(), &item, condition, &expressions).await? {
            Ok(()) => Ok(Begun::Send(MailClaim(until))),
            Err(there) if text(&there, "status") == Some(MailStatus::Sending.as_str()) => {
                Ok(Begun::InProgress)
            }
            Err(_) => Ok(Begun::Done),
        }
    }

    /// Marks an e-mail as accepted by SES. Keeps a status that SES's feedback has set in the meantime.
    pub async fn mail_sent(&self, id: &MailId, message: &str, now: Timestamp) -> Result<(), StoreError> {
        let message = ("message_id", message.to_owned());
        self.mail_became(id, MailStatus::Sent, now, &[message])
            .await
            .map(|_| ())
    }

    /// Marks an e-mail with a status from SES's feedback, unless its present status is later or final. Returns whether
    /// it did.
    pub async fn mail_noticed(
        &self,
        id: &MailId,
        status: MailStatus,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.mail_became(id, status, now, &[]).await
    }

    /// Releases a claim after SES refused the e-mail, so that the next sender need not wait.
    pub async fn give_mail_up(
        &self,
        id: &MailId,
        claim: &MailClaim,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut expressions = Expressions::default();
        let until = expressions.name("until");
        let own = expressions.value(AttributeValue::S(claim.0.clone()));
        let now = expressions.value(AttributeValue::S(time::stored(now)));
        let (update, condition) = (format!("SET {until} = {now}"), format!("{until} = {own}"));
        self.update_where(id.key(), update, condition, &expressions)
            .await
            .map(|_| ())
    }

    /// Enters an e-mail that is never sent. Returns whether it was not there yet.
    pub async fn enter_mail(&self, id: &MailId, entry: &Entry, now: Timestamp) -> Result<bool, StoreError> {
        let mut expressions = Expressions::default();
        let condition = format!("attribute_not_exists({})", expressions.name(PK));
        let item = EntryItem::of(entry, now, None);
        let put = self.put_where(id.key(), &item, condition, &expressions).await?;
        Ok(put.is_ok())
    }

    /// Returns a request's e-mails, in the order of their steps.
    pub async fn mails(&self, id: RequestId) -> Result<Vec<Mail>, StoreError> {
        let items = self
            .partition(key::request(id), SortKeys::StartingWith(key::MAIL))
            .await?;
        items.into_iter().map(read).collect()
    }

    async fn mail_became(
        &self,
        id: &MailId,
        status: MailStatus,
        now: Timestamp,
        more: &[(&str, String)],
    ) -> Result<bool, StoreError> {
        let mut expressions = Expressions::default();
        let mut set = Vec::new();
        let of_status = [("status", status.as_str().to_owned()), ("at", time::stored(now))];
        for (name, value) in of_status.iter().chain(more) {
            let value = expressions.value(AttributeValue::S(value.clone()));
            set.push(format!("{} = {value}", expressions.name(name)));
        }
        let until = expressions.name("until");
        let update = format!("SET {} REMOVE {until}", set.join(", "));
        let before: Vec<String> = status
            .may_follow()
            .iter()
            .map(|before| expressions.value(AttributeValue::S(before.as_str().to_owned())))
            .collect();
        let condition = format!("{} IN ({})", expressions.name("status"), before.join(", "));
        self.update_where(id.key(), update, condition, &expressions).await
    }
}

impl EntryItem {
    pub(super) fn of(entry: &Entry, now: Timestamp, until: Option<String>) -> Self {
        match entry {
            Entry::Step(mail) => Self::Step(MailItem {
                version: mail.version,
                audience: mail.audience.as_str().to_owned(),
                name: mail.name.clone(),
                address: mail.address.clone(),
                among: mail.among,
                status: mail.status.as_str().to_owned(),
                at: time::stored(now),
                until,
            }),
            Entry::Digest {
                name,
                address,
                status,
            } => Self::Digest(DigestMailItem {
                name: name.clone(),
                address: address.clone(),
                status: status.as_str().to_owned(),
                at: time::stored(now),
                until,
                expires_at: now.as_second() + KEPT,
            }),
        }
    }
}

/// Reads an e-mail of a request's ledger from its item.
pub(super) fn read(item: item::Item) -> Result<Mail, StoreError> {
    item::read::<MailItem>(item)?.mail()
}

/// The item of an e-mail whose recipient is erased.
pub(super) fn erased(mail: &Mail) -> MailItem {
    MailItem {
        version: mail.version,
        audience: mail.audience.as_str().to_owned(),
        name: Some(ERASED_NAME.to_owned()),
        address: String::new(),
        among: mail.among,
        status: mail.status.as_str().to_owned(),
        at: time::stored(mail.at),
        until: None,
    }
}

impl MailItem {
    fn mail(self) -> Result<Mail, StoreError> {
        let read = || {
            Some(Mail {
                version: self.version,
                audience: Audience::parse(&self.audience)?,
                name: self.name.clone(),
                address: self.address.clone(),
                among: self.among,
                status: MailStatus::parse(&self.status)?,
                at: time::parse(&self.at)?,
            })
        };
        read().ok_or_else(|| StoreError::Corrupt("a mail in the ledger".to_owned()))
    }
}
