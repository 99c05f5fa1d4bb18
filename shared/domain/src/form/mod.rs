//! A filled-in form: data that its [`FormDefinition`](crate::eservice::FormDefinition) gives meaning to.
//!
//! A [`Form`] may be incomplete, but what stands in it is well-formed. A [`CompleteForm`] is ready to submit.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer, ser::SerializeMap as _};
use serde_json::Value as Json;

use crate::contact::UserIdRule;
use crate::eservice::{EServiceId, Effect, FieldKind, RowsDefinition};
use crate::fault::{Fault, FaultKind};
use crate::id::Digest;
use crate::participantship::Participantship;

mod read;

pub use read::free_text;

/// The value of one member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
enum Value {
    Text(String),
    Flag(bool),
    Rows(Vec<Cells>),
}

/// A row's cells by column name. An empty text is a cell that is not filled in yet.
pub type Cells = BTreeMap<&'static str, String>;

/// A filled-in form, perhaps incomplete. Whatever is filled in is well-formed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    eservice: EServiceId,
    participantship: Participantship,
    values: Vec<(&'static str, Value)>,
}

/// The contact details that a new draft is filled in with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Name of contact person.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Telephone number.
    pub telephone: String,
}

impl Form {
    /// Reads a draft. Every fault is reported, each at its place. A member that is left out is empty; a member that
    /// the definition prefills takes `contact` then.
    pub fn parse(draft: &Json, rule: &UserIdRule, contact: Option<&Contact>) -> Result<Self, Vec<Fault>> {
        read::form(draft, rule, contact)
    }

    /// Which eService it is a form of.
    pub fn eservice(&self) -> EServiceId {
        self.eservice
    }

    /// For which participantship it is filled in.
    pub fn participantship(&self) -> &Participantship {
        &self.participantship
    }

    /// The form as storage has it: JSON with the members in the order of the definition, so that the same form
    /// always has the same text, and so the same digest.
    pub fn text(&self) -> String {
        // A form holds texts, flags and rows with text keys alone, which JSON can always express.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The SHA-256 of [`Self::text`].
    pub fn digest(&self) -> Digest {
        Digest::of(self.text().as_bytes())
    }

    /// The same form for a clone: every declaration is clear, since nobody has declared anything about it yet.
    #[must_use]
    pub fn undeclared(mut self) -> Self {
        for (_, value) in &mut self.values {
            if let Value::Flag(flag) = value {
                *flag = false;
            }
        }
        self
    }

    /// What a text field or a choice holds; empty if there is none of that name.
    pub fn written(&self, member: &str) -> &str {
        match self.values.iter().find(|(name, _)| *name == member) {
            Some((_, Value::Text(text))) => text,
            _ => "",
        }
    }

    /// The rows of a member; none if it has no rows.
    pub fn rows(&self, member: &str) -> &[Cells] {
        match self.values.iter().find(|(name, _)| *name == member) {
            Some((_, Value::Rows(rows))) => rows,
            _ => &[],
        }
    }

    /// Checks that nothing is missing, which submitting needs. Every gap is reported, each at its place.
    pub fn complete(self) -> Result<CompleteForm, Vec<Fault>> {
        let mut faults = Vec::new();
        let fields = self
            .eservice
            .definition()
            .form
            .map_or(&[][..], |definition| definition.fields);
        for (field, (name, value)) in fields.iter().zip(&self.values) {
            match (&field.kind, value) {
                (FieldKind::Declaration, Value::Flag(false)) => {
                    faults.push(Fault::new(format!("/{name}"), FaultKind::Undeclared));
                }
                (FieldKind::Rows(definition), Value::Rows(rows)) => {
                    faults.extend(gaps(name, definition, rows));
                }
                (
                    FieldKind::Choice(_) | FieldKind::Text(_) | FieldKind::Declaration | FieldKind::Rows(_),
                    _,
                ) => {}
            }
        }
        if faults.is_empty() {
            Ok(CompleteForm(self))
        } else {
            Err(faults)
        }
    }
}

impl Serialize for Form {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(Some(self.values.len() + 2))?;
        members.serialize_entry("eService", &self.eservice)?;
        members.serialize_entry("participantship", &self.participantship)?;
        for (name, value) in &self.values {
            members.serialize_entry(name, value)?;
        }
        members.end()
    }
}

fn gaps(name: &str, definition: &RowsDefinition, rows: &[Cells]) -> Vec<Fault> {
    if rows.len() < definition.min {
        return vec![Fault::new(
            format!("/{name}"),
            FaultKind::TooFewRows(definition.min),
        )];
    }
    let empty = |(index, cells): (usize, &Cells)| {
        let missing = definition
            .columns
            .iter()
            .filter(|column| cells.get(column.name).is_none_or(String::is_empty));
        missing
            .map(|column| Fault::new(format!("/{name}/{index}/{}", column.name), FaultKind::Missing))
            .collect::<Vec<_>>()
    };
    rows.iter().enumerate().flat_map(empty).collect()
}

/// A form in which nothing is missing and everything is declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompleteForm(Form);

/// A User ID that a request names, and the e-mail address it asks to register for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// Where it stands in the form, e.g. `/changes/0/userId`.
    pub pointer: String,
    /// The User ID.
    pub user_id: String,
    /// The address to register.
    pub email: String,
}

impl CompleteForm {
    /// The form.
    pub fn form(&self) -> &Form {
        &self.0
    }

    /// What completing the request puts into the register.
    pub fn registrations(&self) -> Vec<Registration> {
        let effect = self
            .0
            .eservice
            .definition()
            .form
            .map(|definition| &definition.effect);
        let Some(Effect::RegisterEmails { rows, user_id, email }) = effect else {
            return Vec::new();
        };
        let registration = |(index, cells): (usize, &Cells)| {
            Some(Registration {
                pointer: format!("/{rows}/{index}/{user_id}"),
                user_id: cells.get(user_id)?.clone(),
                email: cells.get(email)?.clone(),
            })
        };
        self.0
            .rows(rows)
            .iter()
            .enumerate()
            .filter_map(registration)
            .collect()
    }
}

#[cfg(test)]
mod tests;
