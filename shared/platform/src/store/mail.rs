//! The ledger of mails: each is marked before and after it is handed to SES.
//!
//! The mark before it is a claim that ends by itself, since its sender may go down: [`Store::begin_mail`] lets one
//! sender at a time through, and whoever comes after the claim's end sends it again. So a sender that goes down between
//! SES's answer and the mark after it doubles that one mail, and no mail is ever lost.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::contact::EmailAddress;
use countersign_domain::id::{Digest, RequestId};
use countersign_domain::mail::{Mail, MailStatus};
use countersign_domain::reminder;
use countersign_domain::time;
use countersign_domain::workflow::Audience;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::condition::Expressions;
use super::item::{self, text};
use super::key::{self, Key, PK};
use super::reminder::KEPT;
use super::{SortKeys, Store, StoreError};

/// How long a sender may take over one mail. Longer than SES is waited for, so that nobody sends what another still does.
pub const CLAIM: Duration = Duration::from_secs(15);

/// Which mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailId {
    /// One that tells of a step of a request.
    Step {
        /// The request.
        request: RequestId,
        /// The version that the step made.
        version: u32,
        /// The digest of whom it is to and as what.
        recipient: Digest,
    },
    /// The one that reminds a person on a day.
    Reminder {
        /// The day.
        day: Date,
        /// The digest of the company and the person.
        whose: Digest,
    },
}

/// What the ledger says of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// Of one that tells of a step.
    Step(Mail),
    /// Of one that reminds a person. It goes when what they are reminded of does.
    Reminder {
        /// The recipient's name.
        name: String,
        /// The recipient's address.
        address: String,
        /// Where it stands.
        status: MailStatus,
    },
}

/// Whether a mail is to be sent now.
#[derive(Debug, PartialEq, Eq)]
pub enum Begun {
    /// Yes; the claim, to give up again if SES takes no mail.
    Send(MailClaim),
    /// No: it is done with, one way or another.
    Done,
    /// Another sender is at it, or was and went down.
    Busy,
}

/// A sender's claim on a mail.
#[derive(Debug, PartialEq, Eq)]
pub struct MailClaim(String);

/// A notice of something about a step, as the stream shows it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Notice {
    /// The request's ID.
    pub request: String,
    /// The version that the step made.
    pub version: u32,
    /// What about it.
    #[serde(default)]
    pub kind: NoticeKind,
}

/// What a notice is about. No step has more than one: the first is about steps that wait for a checker, the second about
/// those that one has claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeKind {
    /// Nobody could be told of the step who has to be.
    #[default]
    NobodyTold,
    /// The claim that the step made ends soon.
    ClaimEndsSoon,
}

/// The item of a mail that tells of a step.
#[derive(Serialize, Deserialize)]
struct MailItem {
    version: u32,
    audience: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    address: String,
    among: u32,
    status: String,
    at: String,
    /// Until when the sender's claim lasts, while the mail is on its way.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
}

/// The item of a mail that reminds.
#[derive(Serialize)]
struct ReminderItem {
    name: String,
    address: String,
    status: String,
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
    /// Seconds since 1970; DynamoDB deletes it then.
    expires_at: i64,
}

#[derive(Serialize)]
#[serde(untagged)]
enum EntryItem {
    Step(MailItem),
    Reminder(ReminderItem),
}

impl MailId {
    /// The mail with which a person is reminded.
    pub fn of(digest: &reminder::Digest) -> Self {
        Self::Reminder {
            day: digest.day,
            whose: key::whose(&digest.company, &digest.person),
        }
    }

    fn key(&self) -> Key {
        match self {
            Self::Step {
                request,
                version,
                recipient,
            } => key::mail(*request, *version, recipient),
            Self::Reminder { day, whose } => key::reminder_mail(*day, whose),
        }
    }
}

impl Store {
    /// Marks a mail as being sent, unless it has been or somebody is at it.
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
            Err(there) if text(&there, "status") == Some(MailStatus::Sending.as_str()) => Ok(Begun::Busy),
            Err(_) => Ok(Begun::Done),
        }
    }

    /// Marks a mail as taken by SES. What a notice has said of it since stays.
    pub async fn mail_sent(&self, id: &MailId, message: &str, now: Timestamp) -> Result<(), StoreError> {
        let message = ("message_id", message.to_owned());
        self.mail_became(id, MailStatus::Sent, now, &[message])
            .await
            .map(|_| ())
    }

    /// Marks a mail as what a notice says of it, unless it is past that. Says whether it was marked.
    pub async fn mail_noticed(
        &self,
        id: &MailId,
        status: MailStatus,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.mail_became(id, status, now, &[]).await
    }

    /// Gives a claim up, because SES said that it took no mail: whoever tries next need not wait.
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

    /// Enters a mail that is not to be sent at all.
    pub async fn enter_mail(&self, id: &MailId, entry: &Entry, now: Timestamp) -> Result<(), StoreError> {
        let mut expressions = Expressions::default();
        let condition = format!("attribute_not_exists({})", expressions.name(PK));
        let item = EntryItem::of(entry, now, None);
        self.put_where(id.key(), &item, condition, &expressions)
            .await
            .map(|_| ())
    }

    /// A request's mails, in the order of their steps.
    pub async fn mails(&self, id: RequestId) -> Result<Vec<Mail>, StoreError> {
        let items = self
            .partition(key::request(id), SortKeys::StartingWith(key::MAIL))
            .await?;
        let mails = items.into_iter().map(|item| item::read::<MailItem>(item)?.mail());
        mails.collect()
    }

    /// Leaves the notice that nobody could be told of a step, once.
    pub async fn leave_notice(&self, id: RequestId, version: u32) -> Result<(), StoreError> {
        self.keep_notice(id, version, NoticeKind::NobodyTold)
            .await
            .map(|_| ())
    }

    /// Leaves a notice, once. Says whether it is new.
    pub async fn keep_notice(
        &self,
        id: RequestId,
        version: u32,
        kind: NoticeKind,
    ) -> Result<bool, StoreError> {
        let mut expressions = Expressions::default();
        let condition = format!("attribute_not_exists({})", expressions.name(PK));
        let notice = Notice {
            request: id.to_string(),
            version,
            kind,
        };
        let key = key::notice(id, version);
        let kept = self.put_where(key, &notice, condition, &expressions).await?;
        Ok(kept.is_ok())
    }

    /// Whether mail to an address is known to come back.
    pub async fn is_suppressed(&self, address: &EmailAddress) -> Result<bool, StoreError> {
        Ok(self.get(key::address(address)).await?.is_some())
    }

    /// Keeps that mail to an address comes back, or is not wanted there.
    pub async fn suppress(
        &self,
        address: &EmailAddress,
        why: MailStatus,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut item = key::address(address).into_attributes();
        item.extend([
            ("status".to_owned(), AttributeValue::S(why.as_str().to_owned())),
            ("at".to_owned(), AttributeValue::S(time::stored(now))),
        ]);
        self.client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item))
            .send()
            .await?;
        Ok(())
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
    fn of(entry: &Entry, now: Timestamp, until: Option<String>) -> Self {
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
            Entry::Reminder {
                name,
                address,
                status,
            } => Self::Reminder(ReminderItem {
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
