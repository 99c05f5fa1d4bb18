//! The DA 3 form as somebody typed it, right or wrong: every character is kept until the domain has taken it.

use countersign_domain::eservice::EServiceId;
use countersign_domain::form::Contact;
use countersign_domain::participantship::Participantship;
use serde_json::{Value as Json, json};

use crate::body::Fields;

/// A row of the details.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) user_id: String,
    pub(crate) email: String,
}

/// A contact person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ContactRow {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) telephone: String,
}

/// The form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Typed {
    /// As it is shown: `HKSCC Participant (B01234)`.
    pub(crate) participantship: String,
    pub(crate) maintenance_request: String,
    pub(crate) changes: Vec<Change>,
    pub(crate) remarks: String,
    pub(crate) declaration: bool,
    pub(crate) contacts: Vec<ContactRow>,
    /// Lines on their way into rows; no part of the form.
    pub(crate) csv: String,
}

/// More rows than any form takes; what is beyond is not looked at.
const MOST_ROWS: usize = 500;

/// User IDs that an address fills in at most: as many as a request can have.
pub(crate) const MAX_NAMED: usize = 50;

impl Typed {
    /// A new form, with the contact that it comes filled in with (guideline, step f).
    pub(crate) fn new(contact: &Contact) -> Self {
        Self {
            maintenance_request: "Change".to_owned(),
            changes: vec![Change::default()],
            contacts: vec![ContactRow {
                name: contact.name.clone(),
                email: contact.email.clone(),
                telephone: contact.telephone.clone(),
            }],
            ..Self::default()
        }
    }

    /// Begins a row for each of these User IDs, as many as a request can have.
    pub(crate) fn name(&mut self, user_ids: Vec<String>) {
        if !user_ids.is_empty() {
            let change = |user_id| Change {
                user_id,
                email: String::new(),
            };
            self.changes = user_ids.into_iter().take(MAX_NAMED).map(change).collect();
        }
    }

    /// What a browser sent. Rows may be numbered with gaps; their order counts.
    pub(crate) fn of_fields(fields: &Fields) -> Self {
        let mut changes = Numbered::default();
        let mut contacts: Numbered<ContactRow> = Numbered::default();
        for (name, value) in fields.iter() {
            let mut parts = name.splitn(3, '.');
            let (Some(member), Some(index), Some(column)) = (parts.next(), parts.next(), parts.next()) else {
                continue;
            };
            let Ok(index) = index.parse::<usize>() else {
                continue;
            };
            match (member, column) {
                ("changes", "userId") => {
                    changes.at(index, |row: &mut Change| value.clone_into(&mut row.user_id));
                }
                ("changes", "email") => changes.at(index, |row| value.clone_into(&mut row.email)),
                ("contacts", "name") => contacts.at(index, |row| value.clone_into(&mut row.name)),
                ("contacts", "email") => contacts.at(index, |row| value.clone_into(&mut row.email)),
                ("contacts", "telephone") => contacts.at(index, |row| value.clone_into(&mut row.telephone)),
                _ => {}
            }
        }
        Self {
            participantship: fields.get("participantship").to_owned(),
            maintenance_request: fields.get("maintenanceRequest").to_owned(),
            changes: changes.rows(),
            remarks: fields.get("remarks").to_owned(),
            declaration: !fields.get("declaration").is_empty(),
            contacts: contacts.rows(),
            csv: fields.get("csv").to_owned(),
        }
    }

    /// What the store has.
    pub(crate) fn of_json(form: &Json) -> Self {
        let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
        let rows = |name: &str| form[name].as_array().cloned().unwrap_or_default();
        let own = &form["participantship"];
        Self {
            participantship: format!("{} ({})", text(&own["kind"]), text(&own["id"])),
            maintenance_request: text(&form["maintenanceRequest"]),
            changes: rows("changes")
                .iter()
                .map(|row| Change {
                    user_id: text(&row["userId"]),
                    email: text(&row["email"]),
                })
                .collect(),
            remarks: text(&form["remarks"]),
            declaration: form["declaration"].as_bool().unwrap_or_default(),
            contacts: rows("contacts")
                .iter()
                .map(|row| ContactRow {
                    name: text(&row["name"]),
                    email: text(&row["email"]),
                    telephone: text(&row["telephone"]),
                })
                .collect(),
            csv: String::new(),
        }
    }

    /// As the domain reads it. A participantship that is none is passed on for the domain to refuse.
    pub(crate) fn to_json(&self) -> Json {
        let own = match Participantship::parse(&self.participantship) {
            Some(own) => json!({"kind": own.kind, "id": own.id}),
            None if self.participantship.is_empty() => Json::Null,
            None => json!({"kind": self.participantship, "id": ""}),
        };
        let changes = self
            .changes
            .iter()
            .map(|row| json!({"userId": row.user_id, "email": row.email}));
        let contacts = self
            .contacts
            .iter()
            .map(|row| json!({"name": row.name, "email": row.email, "telephone": row.telephone}));
        json!({
            "eService": EServiceId::Da3.code(),
            "participantship": own,
            "maintenanceRequest": self.maintenance_request,
            "changes": changes.collect::<Vec<_>>(),
            "remarks": self.remarks,
            "declaration": self.declaration,
            "contacts": contacts.collect::<Vec<_>>(),
        })
    }

    /// Takes out rows in which nothing was typed.
    pub(crate) fn compact(&mut self) {
        self.changes.retain(|row| *row != Change::default());
        self.contacts.retain(|row| *row != ContactRow::default());
    }

    /// What was typed as plain lines, to be read or copied where the form can't be shown any more.
    pub(crate) fn lines(&self) -> String {
        let changes = self
            .changes
            .iter()
            .map(|row| format!("{},{}", row.user_id, row.email));
        let contacts = self
            .contacts
            .iter()
            .map(|row| format!("{}, {}, {}", row.name, row.email, row.telephone));
        let lines = std::iter::once(self.participantship.clone())
            .chain(changes)
            .chain([self.remarks.clone()]);
        let lines: Vec<String> = lines.chain(contacts).filter(|line| !line.is_empty()).collect();
        lines.join("\n")
    }
}

/// Rows by the number that a browser gave them.
struct Numbered<T>(std::collections::BTreeMap<usize, T>);

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self(std::collections::BTreeMap::new())
    }
}

impl<T: Default> Numbered<T> {
    fn at(&mut self, index: usize, change: impl FnOnce(&mut T)) {
        if self.0.contains_key(&index) || self.0.len() < MOST_ROWS {
            change(self.0.entry(index).or_default());
        }
    }

    fn rows(self) -> Vec<T> {
        self.0.into_values().collect()
    }
}

#[cfg(test)]
mod tests {
    use countersign_domain::contact::UserIdRule;
    use countersign_domain::form::{Form, Terms};

    use super::*;

    #[test]
    fn what_the_store_has_reads_back_as_it_was_typed() {
        let typed = Typed {
            participantship: "HKSCC Participant (B01234)".into(),
            maintenance_request: "Change".into(),
            changes: vec![Change {
                user_id: "B01234X1".into(),
                email: "a@b.example".into(),
            }],
            remarks: "one\ntwo".into(),
            declaration: true,
            contacts: vec![ContactRow {
                name: "AAA".into(),
                email: "AAA@bank.com.hk".into(),
                telephone: "29797111".into(),
            }],
            csv: String::new(),
        };
        let rule = UserIdRule::new("X[0-9]").unwrap();
        let form = Form::parse(&typed.to_json(), &Terms::kept(&rule)).unwrap();
        assert_eq!(
            Typed::of_json(&serde_json::from_str(&form.text()).unwrap()),
            typed
        );
    }

    #[test]
    fn a_participantship_that_is_none_is_refused_by_the_domain_at_its_place() {
        let rule = UserIdRule::new("X[0-9]").unwrap();
        for typed in ["", "HKSCC Participant", "x (y)"] {
            let typed = Typed {
                participantship: typed.into(),
                maintenance_request: "Change".into(),
                ..Typed::default()
            };
            let faults = Form::parse(&typed.to_json(), &Terms::kept(&rule)).unwrap_err();
            assert!(
                faults
                    .iter()
                    .all(|fault| fault.pointer.starts_with("/participantship")),
                "{faults:?}"
            );
        }
    }
}
