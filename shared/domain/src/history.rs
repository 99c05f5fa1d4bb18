//! The history: one immutable row per step, each with the digest of the row before it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::actor::Person;
use crate::commitment::{Salt, Seal};
use crate::eservice::EServiceId;
use crate::id::{Digest, PersonId, Reference, RequestId};
use crate::request::{Checks, StateName};
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
    /// The checks that the request needs after the step.
    #[serde(skip_serializing_if = "Checks::is_one", default)]
    pub checks: Checks,
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
    /// What keeps the actor's name and the message verifiable once they are erased.
    pub seals: RowSeals,
}

/// What keeps the personal data of a row verifiable. The chain covers a commitment to each instead of the value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowSeals {
    /// The seal of the actor's name.
    pub name: Seal,
    /// The seal of the message, if there is one or was one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub message: Option<Seal>,
    /// The seal of the name of the colleague whom the request was handed to, if it was.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub handed_to: Option<Seal>,
}

/// The parts of a row that can be erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RowParts {
    /// The actor's name.
    pub name: bool,
    /// The message.
    pub message: bool,
    /// The name of the colleague whom the request was handed to.
    pub colleague: bool,
}

impl RowParts {
    /// Whether there is any.
    pub fn is_something(self) -> bool {
        self != Self::default()
    }
}

/// The random salts that a new row needs.
#[derive(Debug, Clone, Copy)]
pub struct RowSalts {
    /// For the actor's name.
    pub name: Salt,
    /// For the message.
    pub message: Salt,
    /// For the name of the colleague whom the request is handed to.
    pub handed_to: Salt,
}

impl RowSalts {
    /// The seals of a row with this message, which hands the request to this colleague.
    pub fn seals(self, message: Option<&String>, handed_to: Option<&Person>) -> RowSeals {
        RowSeals {
            name: Seal::Salt(self.name),
            message: message.map(|_| Seal::Salt(self.message)),
            handed_to: handed_to.map(|_| Seal::Salt(self.handed_to)),
        }
    }
}

/// The record of a row: what its hash covers.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Record {
    #[serde(with = "text")]
    pub(crate) request: RequestId,
    pub(crate) eservice: EServiceId,
    pub(crate) version: u32,
    pub(crate) action: Action,
    pub(crate) actor: PersonId,
    #[serde(with = "text")]
    pub(crate) actor_name: Digest,
    #[serde(with = "instant")]
    pub(crate) at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) from: Option<StateName>,
    pub(crate) to: StateName,
    #[serde(skip_serializing_if = "Checks::is_one", default)]
    pub(crate) checks: Checks,
    #[serde(skip_serializing_if = "Option::is_none", default, with = "optional_text")]
    pub(crate) message: Option<Digest>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) handed_to: Option<PersonId>,
    #[serde(skip_serializing_if = "Option::is_none", default, with = "optional_text")]
    pub(crate) handed_to_name: Option<Digest>,
    #[serde(skip_serializing_if = "Option::is_none", default, with = "optional_text")]
    pub(crate) reference: Option<Reference>,
    #[serde(skip_serializing_if = "Option::is_none", default, with = "optional_text")]
    pub(crate) cloned_from: Option<RequestId>,
    #[serde(with = "text")]
    pub(crate) form_hash: Digest,
    #[serde(with = "text")]
    pub(crate) previous: Digest,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    command: Option<CommandKey>,
}

impl Record {
    /// Parses what [`HistoryRow::record`] returns, and nothing that only means the same.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let record: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if record.text() == text {
            Ok(record)
        } else {
            Err("a record that no step writes".to_owned())
        }
    }

    fn text(&self) -> String {
        // A record holds only texts and numbers with fixed names, which JSON can always express.
        serde_json::to_string(self).unwrap_or_default()
    }
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
        self.action.saves_form()
    }

    /// Who holds the request after the step.
    pub fn holder(&self) -> Option<&Person> {
        let holder = self.handed_to.as_ref().unwrap_or(&self.actor);
        self.to.is_held().then_some(holder)
    }

    /// The row as the chain has it: JSON text with members in a fixed order and without absent ones, and with a
    /// commitment in place of the names and of the message.
    pub fn record(&self) -> String {
        // A member that is added is in the record, or says here why it is not.
        let Self {
            request,
            eservice,
            version,
            action,
            actor,
            at,
            from,
            to,
            checks,
            message,
            handed_to,
            reference,
            cloned_from,
            form_hash,
            previous,
            command,
            seals,
        } = self;
        let record = Record {
            request: *request,
            eservice: *eservice,
            version: *version,
            action: *action,
            actor: actor.id.clone(),
            actor_name: seals.name.commitment(&actor.name),
            at: *at,
            from: *from,
            to: *to,
            checks: *checks,
            message: commitment_to(message.as_deref(), seals.message),
            handed_to: handed_to.as_ref().map(|colleague| colleague.id.clone()),
            handed_to_name: commitment_to(
                handed_to.as_ref().map(|colleague| colleague.name.as_str()),
                seals.handed_to,
            ),
            reference: reference.clone(),
            cloned_from: *cloned_from,
            form_hash: *form_hash,
            previous: *previous,
            command: command.clone(),
        };
        record.text()
    }

    /// The same row without these parts. Its record and its digest stay.
    #[must_use]
    pub fn erased(&self, parts: RowParts) -> Self {
        let mut row = self.clone();
        if parts.name {
            row.seals.name = self.seals.name.erased(&self.actor.name);
            row.actor = Person::erased(self.actor.id.clone());
        }
        if parts.message {
            let text = row.message.take().unwrap_or_default();
            row.seals.message = self.seals.message.map(|seal| seal.erased(&text));
        }
        if let (true, Some(colleague)) = (parts.colleague, &self.handed_to) {
            row.seals.handed_to = self.seals.handed_to.map(|seal| seal.erased(&colleague.name));
            row.handed_to = Some(Person::erased(colleague.id.clone()));
        }
        row
    }

    /// The SHA-256 of [`Self::record`]. The record contains the digest of the row before, so the last row's digest
    /// vouches for all rows.
    pub fn digest(&self) -> Digest {
        Digest::of(self.record().as_bytes())
    }
}

/// The commitment to a message. One without a seal was put there by no step, so the record shows it as it is not: with
/// the digest of nothing.
fn commitment_to(message: Option<&str>, seal: Option<Seal>) -> Option<Digest> {
    match (message, seal) {
        (message, Some(seal)) => Some(seal.commitment(message.unwrap_or_default())),
        (Some(_), None) => Some(Digest::ZERO),
        (None, None) => None,
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
