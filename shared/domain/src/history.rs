//! The history: one immutable row per step, each with the digest of the row before it.

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
    /// The request that the step was taken on.
    #[serde(with = "text")]
    pub request: RequestId,
    /// The request's eService.
    pub eservice: EServiceId,
    /// The version that the step created.
    pub version: u32,
    /// The step.
    pub action: Action,
    /// Who took it: a person, or the clock.
    pub actor: Person,
    /// When it was taken, to the millisecond.
    #[serde(with = "instant")]
    pub at: Timestamp,
    /// The state before; `None` for a new request.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub from: Option<StateName>,
    /// The state after.
    pub to: StateName,
    /// The message to the next-step user.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub message: Option<String>,
    /// The colleague whom the request was handed to.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub handed_to: Option<Person>,
    /// The reference number, if the request has one after the step.
    #[serde(skip_serializing_if = "Option::is_none", default, with = "optional_text")]
    pub reference: Option<Reference>,
    /// The request that a new one is cloned from.
    #[serde(skip_serializing_if = "Option::is_none", default, with = "optional_text")]
    pub cloned_from: Option<RequestId>,
    /// The digest of the form at that version.
    #[serde(with = "text")]
    pub form_hash: Digest,
    /// The digest of the row before; [`Digest::ZERO`] in the first row.
    #[serde(with = "text")]
    pub previous: Digest,
    /// The command that took the step, if it came with an idempotency key.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub command: Option<CommandKey>,
}

/// Identifies a repeat of a command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandKey {
    /// The digest of the actor and the `Idempotency-Key` that they sent.
    #[serde(with = "text")]
    pub key: Digest,
    /// The digest of the command: its name and its body.
    #[serde(with = "text")]
    pub body: Digest,
}

impl HistoryRow {
    /// Whether the step saved the form of its version.
    pub fn saves_form(&self) -> bool {
        matches!(self.action, Action::Save | Action::Clone)
    }

    /// Who holds the request after the step.
    pub fn holder(&self) -> Option<&Person> {
        let holder = self.handed_to.as_ref().unwrap_or(&self.actor);
        self.to.is_held().then_some(holder)
    }

    /// The row's JSON text, with members in the order of the struct and without absent ones.
    pub fn record(&self) -> String {
        // A row holds only texts and numbers with fixed names, which JSON can always express.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The SHA-256 of [`Self::record`]. The record contains the digest of the row before, so the last row's digest
    /// vouches for all rows.
    pub fn digest(&self) -> Digest {
        Digest::of(self.record().as_bytes())
    }
}

/// Whether rows, oldest first, are a complete and unbroken history.
pub fn is_unbroken(rows: &[HistoryRow]) -> bool {
    let mut previous = Digest::ZERO;
    let mut state = None;
    (1..).zip(rows).all(|(version, row)| {
        let follows = row.version == version && row.previous == previous && row.from == state;
        (previous, state) = (row.digest(), Some(row.to));
        follows
    })
}
