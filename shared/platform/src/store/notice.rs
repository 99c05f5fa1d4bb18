//! Notices about steps: each is the order to tell somebody, left beside the request.

use countersign_domain::contact::EmailAddress;
use countersign_domain::id::RequestId;
use countersign_domain::time;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::condition::Expressions;
use super::key::{self, Key, PK};
use super::{Store, StoreError};

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
    /// When it was left, as [`time::stored`] writes it.
    pub at: String,
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

impl Store {
    /// Leaves the notice that nobody could be notified of a step, once.
    pub async fn leave_notice(&self, id: RequestId, version: u32, now: Timestamp) -> Result<(), StoreError> {
        self.keep_notice(id, version, NoticeKind::NobodyTold, now)
            .await
            .map(|_| ())
    }

    /// Leaves a notice, once. Returns whether it is new.
    pub async fn keep_notice(
        &self,
        id: RequestId,
        version: u32,
        kind: NoticeKind,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let notice = Notice {
            request: id.to_string(),
            version,
            kind,
            address: None,
            at: time::stored(now),
        };
        self.put_notice(key::notice(id, version), &notice).await
    }

    /// Leaves the notice that mail to a registered address comes back, once.
    pub async fn leave_bounce_notice(
        &self,
        id: RequestId,
        version: u32,
        address: &EmailAddress,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let notice = Notice {
            request: id.to_string(),
            version,
            kind: NoticeKind::AddressBounced,
            address: Some(address.as_str().to_owned()),
            at: time::stored(now),
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
}
