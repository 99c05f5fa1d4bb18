//! The history: one immutable row a step, each holding the digest of the row before it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::actor::Person;
use crate::eservice::EServiceId;
use crate::id::{Digest, Reference, RequestId};
use crate::request::StateName;
use crate::spelled::{instant, optional_text, text};
use crate::workflow::Action;

/// One step on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryRow {
    /// Whose step.
    #[serde(with = "text")]
    pub request: RequestId,
    /// Which eService.
    pub eservice: EServiceId,
    /// The version that the step made.
    pub version: u32,
    /// What was done.
    pub action: Action,
    /// By whom: a person, or the clock.
    pub actor: Person,
    /// When, to the millisecond.
    #[serde(with = "instant")]
    pub at: Timestamp,
    /// The state before; none for a new request.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub from: Option<StateName>,
    /// The state after.
    pub to: StateName,
    /// The message to the next-step user.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub message: Option<String>,
    /// The reference, if the request has one by then.
    #[serde(skip_serializing_if = "Option::is_none", default, with = "optional_text")]
    pub reference: Option<Reference>,
    /// The request that a new one was cloned from.
    #[serde(skip_serializing_if = "Option::is_none", default, with = "optional_text")]
    pub cloned_from: Option<RequestId>,
    /// The digest of the form at that version.
    #[serde(with = "text")]
    pub form_hash: Digest,
    /// The digest of the row before; [`Digest::ZERO`] before the first.
    #[serde(with = "text")]
    pub previous: Digest,
    /// The command that took the step, if it came with an idempotency key.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub command: Option<CommandKey>,
}

/// What tells a repeated command from another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandKey {
    /// The digest of the actor and the `Idempotency-Key` they sent.
    #[serde(with = "text")]
    pub key: Digest,
    /// The digest of the command: its name and its body.
    #[serde(with = "text")]
    pub body: Digest,
}

impl HistoryRow {
    /// Whether with this step a request came under way, or ended being so. No other step changes how many administrators
    /// are how ready.
    pub fn opens_or_closes(&self) -> bool {
        self.from.is_some_and(StateName::is_open) != self.to.is_open()
    }

    /// The row's JSON text, members in the order of the struct, absent ones left out.
    pub fn record(&self) -> String {
        // A row holds texts and numbers with fixed names alone, which JSON can always express.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The SHA-256 of [`Self::record`]. It holds the digest of the row before, so the last row's digest vouches for all
    /// of them.
    pub fn digest(&self) -> Digest {
        Digest::of(self.record().as_bytes())
    }
}

/// Whether rows, oldest first, are a whole and unbroken history.
pub fn is_unbroken(rows: &[HistoryRow]) -> bool {
    let mut previous = Digest::ZERO;
    let mut state = None;
    (1..).zip(rows).all(|(version, row)| {
        let follows = row.version == version && row.previous == previous && row.from == state;
        (previous, state) = (row.digest(), Some(row.to));
        follows
    })
}
