//! A filled-in form: data that its [`FormDefinition`] gives meaning to.
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
mod tests {
    use serde_json::json;

    use super::*;

    fn rule() -> UserIdRule {
        UserIdRule::new("[A-Z0-9]{1,4}").unwrap()
    }

    fn guideline_form() -> Json {
        json!({
            "eService": "DA3",
            "participantship": {"kind": "HKSCC Participant", "id": "B01234"},
            "maintenanceRequest": "Change",
            "changes": [{"userId": "B01234X1", "email": "ABC@bank.com.hk"}],
            "remarks": "",
            "declaration": true,
            "contacts": [{"name": "AAA", "email": "AAA@bank.com.hk", "telephone": "29797111"}],
        })
    }

    fn faults(draft: &Json) -> Vec<(String, FaultKind)> {
        let faults = Form::parse(draft, &rule(), None)
            .and_then(|form| form.complete().map(|_| ()))
            .unwrap_err();
        faults
            .into_iter()
            .map(|fault| (fault.pointer, fault.kind))
            .collect()
    }

    #[test]
    fn the_guidelines_form_is_complete_and_registers_its_row() {
        let form = Form::parse(&guideline_form(), &rule(), None)
            .unwrap()
            .complete()
            .unwrap();
        let registrations = form.registrations();
        assert_eq!(registrations.len(), 1);
        assert_eq!(registrations[0].user_id, "B01234X1");
        assert_eq!(registrations[0].email, "ABC@bank.com.hk");
    }

    #[test]
    fn a_form_reads_back_what_it_writes_with_the_same_digest() {
        let form = Form::parse(&guideline_form(), &rule(), None).unwrap();
        let again = Form::parse(&serde_json::from_str(&form.text()).unwrap(), &rule(), None).unwrap();
        assert_eq!((&again, again.digest()), (&form, form.digest()));
        assert!(
            form.text()
                .starts_with(r#"{"eService":"DA3","participantship":{"kind":"HKSCC Participant""#)
        );
    }

    #[test]
    fn an_incomplete_form_can_be_saved_but_not_submitted() {
        let draft = json!({"eService": "DA3", "participantship": {"kind": "HKSCC Participant", "id": "B01234"},
            "changes": [{"userId": "B01234X1"}]});
        assert!(Form::parse(&draft, &rule(), None).is_ok());
        assert_eq!(
            faults(&draft),
            [
                ("/changes/0/email".into(), FaultKind::Missing),
                ("/declaration".into(), FaultKind::Undeclared),
                ("/contacts".into(), FaultKind::TooFewRows(1)),
            ]
        );
    }

    #[test]
    fn every_fault_of_a_form_is_reported_at_its_place() {
        let mut draft = guideline_form();
        draft["changes"] = json!([
            {"userId": "B99999X1", "email": "a@b"},
            {"userId": "B01234X1", "email": 7},
            {"userId": "b01234x1", "email": "a@b.example", "e/mail": ""},
        ]);
        draft["remarks"] = json!("\u{0}");
        draft["declaration"] = json!("yes");
        draft["maintenanceRequest"] = json!("Delete");
        draft["contacts"] = json!([{"name": "A".repeat(101), "telephone": "1"}, "B"]);
        draft["extra"] = json!(1);
        assert_eq!(
            faults(&draft),
            [
                (
                    "/maintenanceRequest".into(),
                    FaultKind::NotAnOption(vec!["Change".into()])
                ),
                ("/changes/0/userId".into(), FaultKind::UserId("B01234".into())),
                ("/changes/0/email".into(), FaultKind::Email),
                (
                    "/changes/1/email".into(),
                    FaultKind::NotA(crate::fault::JsonType::Text)
                ),
                ("/changes/2/e~1mail".into(), FaultKind::Unknown),
                ("/changes/2/userId".into(), FaultKind::Duplicate(2)),
                ("/remarks".into(), FaultKind::ControlCharacter),
                (
                    "/declaration".into(),
                    FaultKind::NotA(crate::fault::JsonType::Flag)
                ),
                ("/contacts/0/name".into(), FaultKind::TooLong(100)),
                ("/contacts/0/telephone".into(), FaultKind::Telephone),
                (
                    "/contacts/1".into(),
                    FaultKind::NotA(crate::fault::JsonType::Object)
                ),
                ("/extra".into(), FaultKind::Unknown),
            ]
        );
    }

    #[test]
    fn a_form_holds_fifty_changes_at_most() {
        let mut draft = guideline_form();
        let row = |n: usize| json!({"userId": format!("B01234X{n}"), "email": "a@b.example"});
        draft["changes"] = (0..50).map(row).collect();
        assert!(Form::parse(&draft, &rule(), None).is_ok());
        draft["changes"] = (0..51).map(row).collect();
        assert_eq!(faults(&draft), [("/changes".into(), FaultKind::TooManyRows(50))]);
    }

    #[test]
    fn a_new_draft_comes_with_the_makers_contact() {
        let contact = Contact {
            name: "AAA".into(),
            email: "AAA@bank.com.hk".into(),
            telephone: "29797111".into(),
        };
        let mut draft = guideline_form();
        draft.as_object_mut().unwrap().remove("contacts");
        let form = Form::parse(&draft, &rule(), Some(&contact)).unwrap();
        assert_eq!(form.rows("contacts")[0]["name"], "AAA");
        draft["contacts"] = json!([]);
        assert!(
            Form::parse(&draft, &rule(), Some(&contact))
                .unwrap()
                .rows("contacts")
                .is_empty()
        );
    }

    #[test]
    fn a_smart_card_eservice_is_not_served_yet() {
        let mut draft = guideline_form();
        draft["eService"] = json!("SCard1");
        assert_eq!(
            faults(&draft),
            [("/eService".into(), FaultKind::EServiceNotServed)]
        );
        draft["eService"] = json!("DA9");
        assert_eq!(faults(&draft), [("/eService".into(), FaultKind::UnknownEService)]);
    }

    #[test]
    fn a_clone_starts_undeclared() {
        let form = Form::parse(&guideline_form(), &rule(), None)
            .unwrap()
            .undeclared();
        let missing = form.complete().unwrap_err();
        assert_eq!(missing, [Fault::new("/declaration", FaultKind::Undeclared)]);
    }
}
