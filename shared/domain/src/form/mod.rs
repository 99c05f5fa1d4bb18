//! A filled-in form: data to which the definition of its eService gives meaning.
//!
//! A [`Form`] may be incomplete, but its values are well-formed. A [`CompleteForm`] is ready to submit.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Serialize, Serializer, ser::SerializeMap as _};
use serde_json::Value as Json;

use crate::campaign::Campaign;
use crate::contact::UserIdRule;
use crate::directory::Names;
use crate::eservice::{EService, EServiceId};
use crate::fault::{Fault, FaultKind};
use crate::field::{FieldKind, Milestones, Rows};
use crate::participantship::Participantship;

mod check;
mod complete;
mod difference;
mod directory;
mod filled;
mod read;
mod schema;
mod seal;

pub use check::{Mark, RowCheck};
pub use complete::{CompleteForm, RegisterChange, RegisterChangeKind, Registration};
pub use difference::{Changed, difference};
pub use directory::{DirectoryChange, DirectoryChangeKind};
pub use filled::{Content, Filled, FilledRow, FilledSection, FilledValue};
pub use read::blank;
pub use schema::schemas;
pub use seal::{FormSeal, leaves};

/// A filled-in form. It may be incomplete, but every value that is filled in is well-formed.
#[derive(Debug, Clone)]
pub struct Form {
    eservice: &'static EService,
    participantship: Option<Participantship>,
    /// The values of the fields that are part of the form, in the order of the definition.
    values: Vec<(&'static str, Json)>,
    /// The names of the people whom it is about, for whoever shows it.
    names: Names,
    /// The JSON Pointers of the values that are erased. An empty text stands there, and nothing is missing.
    erased: BTreeSet<String>,
}

/// The contact details that prefill a new draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// The contact person's name.
    pub name: String,
    /// Their e-mail address.
    pub email: String,
    /// Their telephone number.
    pub telephone: String,
}

/// How a form is read: which User IDs and options it accepts, and what prefills it.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    user_ids: &'a UserIdRule,
    milestones: Option<Milestones>,
    contact: Option<&'a Contact>,
}

impl<'a> Terms<'a> {
    /// Terms for a form that someone fills in now: accepts only the options offered at that time.
    pub fn filled_in(user_ids: &'a UserIdRule, campaign: &Campaign, now: Timestamp) -> Self {
        Self {
            user_ids,
            milestones: Some(Milestones::at(campaign, now)),
            contact: None,
        }
    }

    /// Terms for a stored form: accepts every option of the definition.
    pub fn kept(user_ids: &'a UserIdRule) -> Self {
        Self {
            user_ids,
            milestones: None,
            contact: None,
        }
    }

    /// The same terms for a new draft: contact persons that are left out are prefilled.
    #[must_use]
    pub fn with_contact(self, contact: &'a Contact) -> Self {
        Self {
            contact: Some(contact),
            ..self
        }
    }

    /// The dates that decide which options are offered; `None` if all are.
    pub fn milestones(&self) -> Option<Milestones> {
        self.milestones
    }
}

impl Form {
    /// Reads a draft. Reports every fault at its place. A member that is left out is empty.
    pub fn parse(draft: &Json, terms: &Terms<'_>) -> Result<Self, Vec<Fault>> {
        read::reading(draft, terms)?.form()
    }

    /// Reads a draft that is to be submitted next. Reports what can't be read and what is missing, all at once.
    pub fn parse_whole(draft: &Json, terms: &Terms<'_>) -> Result<Self, Vec<Fault>> {
        let reading = read::reading(draft, terms)?;
        // What can't be read is not missing.
        let is_read = |gap: &Fault| !reading.faults.iter().any(|fault| fault.overlaps(gap));
        let missing: Vec<Fault> = all_gaps(reading.eservice, &reading.values)
            .filter(is_read)
            .collect();
        if missing.is_empty() {
            return reading.form();
        }
        Err([reading.faults, missing].concat())
    }

    /// The eService that the form belongs to.
    pub fn eservice(&self) -> EServiceId {
        self.eservice.id
    }

    /// The participantship that the form is for; `None` if its eService is for the company itself.
    pub fn participantship(&self) -> Option<&Participantship> {
        self.participantship.as_ref()
    }

    /// The same form, to be shown with these names.
    #[must_use]
    pub fn naming(self, names: Names) -> Self {
        Self { names, ..self }
    }

    /// The same form, in which what its seal says is erased shows as erased.
    #[must_use]
    pub fn sealed_by(self, seal: &FormSeal) -> Self {
        let erased = seal.erased().into_iter().map(str::to_owned).collect();
        Self { erased, ..self }
    }

    /// The form as it is stored: JSON with its members in the order of the definition, so that equal forms have equal
    /// texts.
    pub fn text(&self) -> String {
        // A form holds only JSON values with text keys, which JSON can always express.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The same form for a clone, with every declaration unticked: nobody has declared anything about the clone yet.
    #[must_use]
    pub fn undeclared(mut self) -> Self {
        for (_, value) in &mut self.values {
            if value.is_boolean() {
                *value = Json::Bool(false);
            }
        }
        self
    }

    /// The value of a field; `None` if it is not part of the form.
    pub fn get(&self, name: &str) -> Option<&Json> {
        let found = self.values.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value)
    }

    /// The rows of a field; empty if it has none.
    pub fn rows(&self, name: &str) -> &[Json] {
        self.get(name).and_then(Json::as_array).map_or(&[], Vec::as_slice)
    }

    /// Checks that the form is complete, as a submit requires. Reports every gap at its place. What is erased was there
    /// when the form was submitted.
    pub fn complete(self) -> Result<CompleteForm, Vec<Fault>> {
        let gaps = all_gaps(self.eservice, &self.values);
        let faults: Vec<Fault> = gaps.filter(|gap| !self.erased.contains(&gap.pointer)).collect();
        if faults.is_empty() {
            Ok(CompleteForm::of(self))
        } else {
            Err(faults)
        }
    }
}

/// What the values of a form lack before it can be submitted.
fn all_gaps(eservice: &EService, values: &[(&'static str, Json)]) -> impl Iterator<Item = Fault> {
    let known = values
        .iter()
        .filter_map(|(name, value)| Some((eservice.field(name)?, value)));
    known.flat_map(|(field, value)| gaps(&format!("/{}", field.name), &field.kind, value))
}

impl PartialEq for Form {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

impl Eq for Form {}

impl Serialize for Form {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(Some(self.values.len() + 2))?;
        members.serialize_entry("eService", self.eservice.code)?;
        if let Some(participantship) = &self.participantship {
            members.serialize_entry("participantship", participantship)?;
        }
        for (name, value) in &self.values {
            members.serialize_entry(name, value)?;
        }
        members.end()
    }
}

fn gaps(pointer: &str, kind: &FieldKind, value: &Json) -> Vec<Fault> {
    let fault = |kind| vec![Fault::new(pointer, kind)];
    match kind {
        FieldKind::Value { kind, required } if *required && kind.is_blank(value) => fault(FaultKind::Missing),
        FieldKind::Declaration(_) if value != &Json::Bool(true) => fault(FaultKind::Undeclared),
        FieldKind::Value { .. } | FieldKind::Declaration(_) => Vec::new(),
        FieldKind::Rows(rows) => {
            let filled = value.as_array().map_or(&[][..], Vec::as_slice);
            if filled.len() < rows.min {
                return fault(FaultKind::TooFewRows(rows.min));
            }
            let gaps = |(index, row)| gaps_of_row(&format!("{pointer}/{index}"), rows, row);
            filled.iter().enumerate().flat_map(gaps).collect()
        }
    }
}

fn gaps_of_row(pointer: &str, rows: &Rows, row: &Json) -> Vec<Fault> {
    let is_missing = |name| row.get(name).unwrap_or(&Json::Null);
    let missing = rows
        .columns
        .iter()
        .filter(|column| column.required && column.kind.is_blank(is_missing(column.name)));
    missing
        .map(|column| Fault::new(format!("{pointer}/{}", column.name), FaultKind::Missing))
        .collect()
}

#[cfg(test)]
mod tests;
