//! A form that is ready to submit, and what completing its request changes.

use serde_json::Value as Json;

use super::{Contact, Form};
use crate::directory::Names;
use crate::eservice::{Effect, RowsWithAddress};
use crate::field::{ValueKind, text_of};

/// A form with nothing missing and every declaration made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompleteForm(Form);

/// What completing the request changes in the register for one User ID.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterChange {
    /// The place of the User ID in the form, e.g. `/changes/0/userId`.
    pub pointer: String,
    /// The User ID.
    pub user_id: String,
    /// The change.
    pub kind: RegisterChangeKind,
}

/// The kinds of change to the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RegisterChangeKind {
    /// An administrator in the register gets this address.
    ChangeEmail(String),
    /// A new administrator is added with this address.
    Add(String),
    /// An administrator in the register is removed.
    Remove,
}

/// A User ID in a request, and the e-mail address to register for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// The place of the User ID in the form, e.g. `/changes/0/userId`.
    pub pointer: String,
    /// The User ID.
    pub user_id: String,
    /// The address to register.
    pub email: String,
}

impl CompleteForm {
    pub(super) fn of(form: Form) -> Self {
        Self(form)
    }

    /// The same form, to be shown with these names.
    #[must_use]
    pub fn naming(self, names: Names) -> Self {
        Self(self.0.naming(names))
    }

    /// The form.
    pub fn form(&self) -> &Form {
        &self.0
    }

    /// Returns what completing the request changes in the register, in the order of the form.
    pub fn register_changes(&self) -> Vec<RegisterChange> {
        let effects = self.0.eservice.effects.iter();
        effects.flat_map(|effect| self.changes_by(effect)).collect()
    }

    /// Returns the addresses that completing the request registers.
    pub fn registrations(&self) -> Vec<Registration> {
        let changes = self.register_changes().into_iter();
        let registration = |change: RegisterChange| match change.kind {
            RegisterChangeKind::ChangeEmail(email) | RegisterChangeKind::Add(email) => Some(Registration {
                pointer: change.pointer,
                user_id: change.user_id,
                email,
            }),
            RegisterChangeKind::Remove => None,
        };
        changes.filter_map(registration).collect()
    }

    /// Returns the contact persons.
    pub fn contact_persons(&self) -> Vec<Contact> {
        let mut persons = Vec::new();
        for (field, rows) in self.0.eservice.contact_fields() {
            for row in self.0.rows(field.name) {
                let mut person = Contact {
                    name: String::new(),
                    email: String::new(),
                    telephone: String::new(),
                };
                for column in rows.columns {
                    if let Some(part) = person.part(&column.kind) {
                        *part = text_of(row.get(column.name).unwrap_or(&Json::Null));
                    }
                }
                persons.push(person);
            }
        }
        persons
    }

    fn changes_by(&self, effect: &Effect) -> Vec<RegisterChange> {
        match *effect {
            Effect::ChangeEmail(at) => self.with_address(at, RegisterChangeKind::ChangeEmail),
            Effect::AddAdministrator(at) => self.with_address(at, RegisterChangeKind::Add),
            Effect::RemoveAdministrator { rows, user_id } => {
                self.changes(rows, user_id, |_| RegisterChangeKind::Remove)
            }
        }
    }

    fn with_address(
        &self,
        at: RowsWithAddress,
        kind: fn(String) -> RegisterChangeKind,
    ) -> Vec<RegisterChange> {
        self.changes(at.rows, at.user_id, |row| {
            kind(text_of(row.get(at.email).unwrap_or(&Json::Null)))
        })
    }

    fn changes(
        &self,
        rows: &str,
        user_id: &str,
        kind: impl Fn(&Json) -> RegisterChangeKind,
    ) -> Vec<RegisterChange> {
        let change = |(index, row): (usize, &Json)| RegisterChange {
            pointer: format!("/{rows}/{index}/{user_id}"),
            user_id: text_of(row.get(user_id).unwrap_or(&Json::Null)),
            kind: kind(row),
        };
        self.0.rows(rows).iter().enumerate().map(change).collect()
    }
}

impl Contact {
    /// The part of the contact that belongs in a column of this kind.
    pub(super) fn part(&mut self, kind: &ValueKind) -> Option<&mut String> {
        match kind {
            ValueKind::Name(_) => Some(&mut self.name),
            ValueKind::Email(_) => Some(&mut self.email),
            ValueKind::Telephone(_) => Some(&mut self.telephone),
            ValueKind::Choice(_)
            | ValueKind::Text(_)
            | ValueKind::Number(_)
            | ValueKind::Date(_)
            | ValueKind::Address(_)
            | ValueKind::UserId(_)
            | ValueKind::Person(_) => None,
        }
    }
}
