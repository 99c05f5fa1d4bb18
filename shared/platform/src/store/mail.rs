//! The ledger of e-mails. Each e-mail is marked before and after it is handed to SES.
//!
//! The first mark is a claim that expires, since its sender may crash: [`Store::begin_mail`] lets one sender at a time
//! through, and after the claim has expired the next sender sends the e-mail again. If a sender crashes between SES's
//! answer and the second mark, that one e-mail is sent twice. No e-mail is ever lost.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::contact::EmailAddress;
use countersign_domain::daily::DailyDigest;
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
    Busy,
}

/// A sender's claim on an e-mail: the time at which it expires.
#[derive(Debug, PartialEq, Eq)]
pub struct MailClaim(String);

/// That no e-mail goes to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suppression {
    /// What became of the last e-mail: it bounced, or its recipient complained.
    pub why: MailStatus,
    /// Since when.
    pub since: Timestamp,
}

impl Suppression {
    fn read(item: &item::Item) -> Result<Self, StoreError> {
        let why = text(item, "status").and_then(MailStatus::parse);
        let read = why.zip(text(item, "at").and_then(time::parse));
        let (why, since) = read.ok_or_else(|| StoreError::Corrupt("a suppressed address".to_owned()))?;
        Ok(Self { why, since })
    }
}

/// A notice about a step, as the table's stream carries it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Notice {
    /// The request's ID.
    pub request: String,
    /// The version that the step made.
    pub version: u32,
    /// What it is about.
    #[serde(default)]
    pub kind: NoticeKind,
    /// The registered address from which mail comes back, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// What a notice is about. No step has more than one kind: the first is about steps that wait for a checker, the second
/// about steps by which a checker claimed the request, and the third about completions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeKind {
    /// None of those who have to act on the step could be notified.
    #[default]
    NobodyTold,
    /// The claim that the step made ends soon.
    ClaimEndsSoon,
    /// Mail to an address that the step registered comes back. Each such address has its own notice.
    AddressBounced,
}

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
            Err(there) if text(&there, "status") == Some(MailStatus::Sending.as_str()) => Ok(Begun::Busy),
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

    /// Enters an e-mail that is never sent.
    pub async fn enter_mail(&self, id: &MailId, entry: &Entry, now: Timestamp) -> Result<(), StoreError> {
        let mut expressions = Expressions::default();
        let condition = format!("attribute_not_exists({})", expressions.name(PK));
        let item = EntryItem::of(entry, now, None);
        self.put_where(id.key(), &item, condition, &expressions)
            .await
            .map(|_| ())
    }

    /// Returns a request's e-mails, in the order of their steps.
    pub async fn mails(&self, id: RequestId) -> Result<Vec<Mail>, StoreError> {
        let items = self
            .partition(key::request(id), SortKeys::StartingWith(key::MAIL))
            .await?;
        let mails = items.into_iter().map(|item| item::read::<MailItem>(item)?.mail());
        mails.collect()
    }

    /// Leaves the notice that nobody could be notified of a step, once.
    pub async fn leave_notice(&self, id: RequestId, version: u32) -> Result<(), StoreError> {
        self.keep_notice(id, version, NoticeKind::NobodyTold)
            .await
            .map(|_| ())
    }

    /// Leaves a notice, once. Returns whether it is new.
    pub async fn keep_notice(
        &self,
        id: RequestId,
        version: u32,
        kind: NoticeKind,
    ) -> Result<bool, StoreError> {
        let notice = Notice {
            request: id.to_string(),
            version,
            kind,
            address: None,
        };
        self.put_notice(key::notice(id, version), &notice).await
    }

    /// Leaves the notice that mail to a registered address comes back, once.
    pub async fn leave_bounce_notice(
        &self,
        id: RequestId,
        version: u32,
        address: &EmailAddress,
    ) -> Result<(), StoreError> {
        let notice = Notice {
            request: id.to_string(),
            version,
            kind: NoticeKind::AddressBounced,
            address: Some(address.as_str().to_owned()),
        };
        self.put_notice(key::bounce_notice(id, version, address), &notice)
            .await
            .map(|_| ())
    }

    async fn put_notice(&self, key: Key, notice: &Notice) -> Result<bool, StoreError> {
        let mut expressions = Expressions::default();
        let condition = format!("attribute_not_exists({})", expressions.name(PK));
        let kept = self.put_where(key, notice, condition, &expressions).await?;
        Ok(kept.is_ok())
    }

    /// Returns why no e-mail goes to this address, if none does.
    pub async fn suppression(&self, address: &EmailAddress) -> Result<Option<Suppression>, StoreError> {
        let item = self.get(key::address(address)).await?;
        item.as_ref().map(Suppression::read).transpose()
    }

    /// Returns the suppressions of those addresses to which no e-mail goes, by the partition of each address.
    pub(super) async fn suppressions(
        &self,
        addresses: &[EmailAddress],
    ) -> Result<BTreeMap<String, Suppression>, StoreError> {
        let keys: BTreeMap<String, Key> = addresses
            .iter()
            .map(|address| key::address(address))
            .map(|key| (key.pk.clone(), key))
            .collect();
        let items = self.get_all(keys.into_values().collect()).await?;
        items
            .iter()
            .map(|item| {
                let pk = text(item, PK).unwrap_or_default().to_owned();
                Ok((pk, Suppression::read(item)?))
            })
            .collect()
    }

    /// Lets e-mail out to an address again, if nothing came back after this time. Returns whether it was suppressed.
    pub async fn lift_suppression(
        &self,
        address: &EmailAddress,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut expressions = Expressions::default();
        let until = expressions.value(AttributeValue::S(time::stored(until)));
        let condition = format!("{} <= {until}", expressions.name("at"));
        let answer = self
            .client
            .delete_item()
            .table_name(&self.table)
            .set_key(Some(key::address(address).into_attributes()))
            .condition_expression(condition)
            .set_expression_attribute_names(expressions.names())
            .set_expression_attribute_values(expressions.values())
            .send()
            .await;
        match answer {
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(DeleteItemError::is_conditional_check_failed_exception) =>
            {
                Ok(false)
            }
            answer => Ok(answer.map(|_| true)?),
        }
    }

    /// Records that e-mail to an address bounces or is unwanted there.
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
