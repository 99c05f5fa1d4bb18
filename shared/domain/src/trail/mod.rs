//! An audit trail as a file: what is written for each request, and what proves that nothing was changed.
//!
//! A file is JSON Lines; `docs/AUDIT.md` describes them. [`verify`] needs nothing but the file.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::actor::Person;
use crate::audit::{Attempt, View};
use crate::eservice::EServiceId;
use crate::form::FormSeal;
use crate::history::{HistoryRow, RowSeals};
use crate::id::{CompanyId, Digest, PersonId, Reference, RequestId};
use crate::request::{Head, StateName};
use crate::spelled::{instant, optional_text, text};

mod current;
mod erased;
mod eyes;
mod finding;
mod identity;
mod kept;
mod standing;
#[cfg(test)]
mod tests;
mod verify;

pub use erased::{Erased, Place};
pub use finding::{Finding, What};
pub use identity::Identity;
pub use kept::Kept;
pub use verify::{Verdict, verify};

/// The format that this release writes and reads.
pub const FORMAT: u32 = 1;

/// A line of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "kebab-case")]
pub enum Line {
    /// The first: what the file is about.
    File(Scope),
    /// A request as it is now. Its forms and steps follow, then what else is kept of it.
    Request(RequestLine),
    /// The form that the next step saved.
    Form(FormLine),
    /// A step of the history.
    Step(StepLine),
    /// A person's attempts at a step that were refused.
    Refused(Beside<Attempt>),
    /// That a person opened a version of the request.
    Viewed(Beside<View>),
    /// The last: how much there is.
    End(End),
}

/// What a file is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Scope {
    /// The format of the file.
    pub format: u32,
    /// Whose audit it is. A company's has its own requests. The exchange's has any company's that have come before it,
    /// and of these the form that was saved last.
    #[serde(with = "text")]
    pub company: CompanyId,
    /// What was asked for. The file has the requests that have an entry for which all of it holds, each request whole.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub asked: BTreeMap<String, String>,
    /// When it was written.
    #[serde(with = "instant")]
    pub exported_at: Timestamp,
}

/// A request as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestLine {
    /// Its ID.
    #[serde(with = "text")]
    pub request: RequestId,
    /// Its eService.
    #[serde(rename = "eService")]
    pub eservice: EServiceId,
    /// The company whose request it is.
    #[serde(with = "text")]
    pub company: CompanyId,
    /// Its state.
    pub state: StateName,
    /// Steps taken so far.
    pub version: u32,
    /// Its reference number, if it has one.
    #[serde(skip_serializing_if = "Option::is_none", default, with = "optional_text")]
    pub reference: Option<Reference>,
    /// The hash of the last step.
    #[serde(with = "text")]
    pub chain: Digest,
    /// The hash of the form.
    #[serde(with = "text")]
    pub form_hash: Digest,
    /// Everyone who has edited it, or what it was cloned from.
    pub editors: BTreeSet<PersonId>,
}

impl RequestLine {
    /// The line of a request with this head.
    pub fn of(head: &Head) -> Self {
        Self {
            request: head.id,
            eservice: head.eservice,
            company: head.company.clone(),
            state: head.state.name(),
            version: head.version,
            reference: head.reference.clone(),
            chain: head.chain,
            form_hash: head.form_hash,
            editors: head.editors.clone(),
        }
    }
}

/// A form as a step saved it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FormLine {
    /// The request.
    #[serde(with = "text")]
    pub request: RequestId,
    /// The version that the step made.
    pub version: u32,
    /// The form.
    pub form: Json,
    /// What its hash is computed with.
    pub seal: FormSeal,
}

/// A step of a history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StepLine {
    /// The request.
    #[serde(with = "text")]
    pub request: RequestId,
    /// The version that the step made.
    pub version: u32,
    /// What the hash covers, to the octet.
    pub record: String,
    /// The hash.
    #[serde(with = "text")]
    pub hash: Digest,
    /// The name of who took the step, unless it is erased.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub name: Option<String>,
    /// The message, unless there is none or it is erased.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub message: Option<String>,
    /// The name of the colleague whom the request was handed to, unless there is none or it is erased.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub handed_to: Option<String>,
    /// What keeps names and message verifiable.
    pub seals: RowSeals,
}

impl StepLine {
    /// The line of a history row.
    pub fn of(row: &HistoryRow) -> Self {
        let Person { name, .. } = &row.actor;
        let is_kept = row.seals.handed_to.is_some_and(|seal| !seal.is_erased());
        let handed_to = row.handed_to.as_ref().filter(|_| is_kept);
        Self {
            request: row.request,
            version: row.version,
            record: row.record(),
            hash: row.digest(),
            name: (!row.seals.name.is_erased()).then(|| name.clone()),
            message: row.message.clone(),
            handed_to: handed_to.map(|colleague| colleague.name.clone()),
            seals: row.seals.clone(),
        }
    }
}

/// What is kept of a request beside its history. No hash covers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beside<T> {
    /// The request.
    #[serde(with = "text")]
    pub request: RequestId,
    /// What is kept.
    #[serde(flatten)]
    pub kept: T,
}

/// The end of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct End {
    /// How much the file has.
    #[serde(flatten)]
    pub totals: Totals,
    /// Where the next file of the same audit starts, if there is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub next: Option<String>,
}

/// How much a file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Totals {
    /// Its requests.
    pub requests: u32,
    /// Its forms.
    pub forms: u32,
    /// Its steps.
    pub steps: u32,
    /// Its entries of refused attempts.
    #[serde(default)]
    pub refused: u32,
    /// Its entries of who opened what.
    #[serde(default)]
    pub viewed: u32,
}

impl Totals {
    /// Counts a line.
    pub fn count(&mut self, line: &Line) {
        match line {
            Line::Request(_) => self.requests += 1,
            Line::Form(_) => self.forms += 1,
            Line::Step(_) => self.steps += 1,
            Line::Refused(_) => self.refused += 1,
            Line::Viewed(_) => self.viewed += 1,
            Line::File(_) | Line::End(_) => {}
        }
    }
}

impl Line {
    /// The line as the file has it, without its end.
    pub fn write(&self) -> String {
        // Its members are texts, numbers and JSON, which JSON can always express.
        serde_json::to_string(self).unwrap_or_default()
    }
}
