//! Reads a draft by its definition, and reports every fault at its place.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json, json};

use super::{Contact, Form, Terms};
use crate::directory::Names;
use crate::eservice::{EService, EServiceId, Field};
use crate::fault::{Fault, FaultKind, JsonType, NamedOption};
use crate::field::{Column, Context, Declaration, FieldKind, Purpose, Rows, ValueKind};
use crate::id::ParticipantId;
use crate::participantship::{Participantship, ParticipantshipKind};

/// A draft of a known eService, as far as it can be read.
pub(super) struct Reading {
    pub(super) eservice: &'static EService,
    /// The participantship; `None` if it can't be read, or the eService is not for one.
    participantship: Option<Participantship>,
    pub(super) values: Vec<(&'static str, Json)>,
    pub(super) faults: Vec<Fault>,
}

impl Reading {
    /// The form, if everything could be read.
    pub(super) fn form(self) -> Result<Form, Vec<Fault>> {
        let acts = self.eservice.is_for_a_participant();
        if !self.faults.is_empty() || acts != self.participantship.is_some() {
            return Err(self.faults);
        }
        Ok(Form {
            eservice: self.eservice,
            participantship: self.participantship,
            values: self.values,
            names: Names::new(),
            erased: BTreeSet::new(),
        })
    }
}

/// Reads a draft. Fails if it names no eService that could tell what the rest means.
pub(super) fn reading(draft: &Json, terms: &Terms<'_>) -> Result<Reading, Vec<Fault>> {
    let Some(members) = draft.as_object() else {
        return Err(vec![Fault::new("", FaultKind::NotA(JsonType::Object))]);
    };
    match read_eservice(members) {
        Ok(id) => Ok(reading_of(id.definition(), members, terms)),
        Err(fault) => {
            let mut faults = vec![fault];
            read_participantship(members, &mut faults);
            Err(faults)
        }
    }
}

/// Reads a draft of a known eService.
pub(super) fn reading_of(
    eservice: &'static EService,
    draft: &Map<String, Json>,
    terms: &Terms<'_>,
) -> Reading {
    let mut faults = Vec::new();
    let participantship = if eservice.is_for_a_participant() {
        read_participantship(draft, &mut faults)
    } else {
        None
    };
    let reader = Reader::new(terms, participantship.as_ref().map(|own| &own.id));
    let values = reader.members(eservice, draft, &mut faults);
    Reading {
        eservice,
        participantship,
        values,
        faults,
    }
}

/// Returns a new form of an eService, with its preselected and prefilled values.
pub fn blank(eservice: &'static EService, terms: &Terms<'_>) -> Json {
    let values = Reader::new(terms, None).members(eservice, &Map::new(), &mut Vec::new());
    let members = values.into_iter().map(|(name, value)| (name.to_owned(), value));
    let mut form: Map<String, Json> = members.collect();
    form.insert("eService".to_owned(), json!(eservice.code));
    Json::Object(form)
}

fn read_eservice(draft: &Map<String, Json>) -> Result<EServiceId, Fault> {
    let fault = |kind| Fault::new("/eService", kind);
    match draft.get("eService") {
        None | Some(Json::Null) => Err(fault(FaultKind::Missing)),
        Some(Json::String(code)) => EServiceId::parse(code).ok_or_else(|| fault(FaultKind::UnknownEService)),
        Some(_) => Err(fault(FaultKind::NotA(JsonType::Text))),
    }
}

fn read_participantship(draft: &Map<String, Json>, faults: &mut Vec<Fault>) -> Option<Participantship> {
    let members = match draft.get("participantship") {
        None | Some(Json::Null) => {
            faults.push(Fault::new("/participantship", FaultKind::Missing));
            return None;
        }
        Some(Json::Object(members)) => members,
        Some(_) => {
            faults.push(Fault::new("/participantship", FaultKind::NotA(JsonType::Object)));
            return None;
        }
    };
    for name in members
        .keys()
        .filter(|name| !matches!(name.as_str(), "kind" | "id"))
    {
        faults.push(Fault::new(
            format!("/participantship/{}", escaped(name)),
            FaultKind::Unknown,
        ));
    }
    let mut text = |name: &str| match members.get(name) {
        Some(Json::String(text)) if !text.is_empty() => Some(text.as_str()),
        other => {
            let missing = matches!(other, None | Some(Json::Null | Json::String(_)));
            let kind = if missing {
                FaultKind::Missing
            } else {
                FaultKind::NotA(JsonType::Text)
            };
            faults.push(Fault::new(format!("/participantship/{name}"), kind));
            None
        }
    };
    let (kind, id) = (text("kind"), text("id"));
    let kind = kind.and_then(|kind| {
        let parsed = ParticipantshipKind::parse(kind);
        if parsed.is_none() {
            let options = ParticipantshipKind::ALL.map(|kind| NamedOption {
                value: kind.as_str(),
                label: kind.label(),
            });
            faults.push(Fault::new(
                "/participantship/kind",
                FaultKind::NotAnOption(options.into()),
            ));
        }
        parsed
    });
    let id = id.and_then(|id| {
        let parsed = ParticipantId::parse(id);
        if parsed.is_none() {
            faults.push(Fault::new(
                "/participantship/id",
                FaultKind::NotOwnParticipantship,
            ));
        }
        parsed
    });
    Some(Participantship { kind: kind?, id: id? })
}

fn unknown_members(draft: &Map<String, Json>, eservice: &EService) -> Vec<Fault> {
    let known = |name: &str| match name {
        "eService" => true,
        "participantship" => eservice.is_for_a_participant(),
        _ => eservice.field(name).is_some(),
    };
    // What is not filled in is as good as left out.
    let unknown = draft
        .iter()
        .filter(|(name, value)| !(known(name) || name.as_str() == "participantship" && value.is_null()))
        .map(|(name, _)| name);
    unknown
        .map(|name| Fault::new(format!("/{}", escaped(name)), FaultKind::Unknown))
        .collect()
}

/// Escapes a member's name for a JSON Pointer (RFC 6901, section 3).
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Reads the members of a draft by their definitions.
struct Reader<'a> {
    context: Context<'a>,
    contact: Option<&'a Contact>,
}

impl<'a> Reader<'a> {
    fn new(terms: &Terms<'a>, participant: Option<&'a ParticipantId>) -> Self {
        Self {
            context: Context {
                user_ids: terms.user_ids,
                participant,
                milestones: terms.milestones,
            },
            contact: terms.contact,
        }
    }

    /// Reads every member that is part of the form.
    fn members(
        &self,
        eservice: &EService,
        draft: &Map<String, Json>,
        faults: &mut Vec<Fault>,
    ) -> Vec<(&'static str, Json)> {
        let form = Json::Object(draft.clone());
        let mut values = Vec::new();
        for field in eservice.fields() {
            let sent = draft.get(field.name).filter(|value| !value.is_null());
            if eservice.is_shown(field, &form, self.context.milestones) {
                values.push((field.name, self.field(field, sent, faults)));
            } else if sent.is_some_and(holds_something) {
                faults.push(Fault::new(format!("/{}", field.name), FaultKind::NotForChoice));
            }
        }
        faults.extend(unknown_members(draft, eservice));
        values
    }

    fn field(&self, field: &Field, sent: Option<&Json>, faults: &mut Vec<Fault>) -> Json {
        let pointer = format!("/{}", field.name);
        let read = match (&field.kind, sent) {
            (FieldKind::Rows(rows), _) => return Json::Array(self.rows(&pointer, rows, sent, faults)),
            (FieldKind::Value { kind, .. }, None) => Ok(self.unfilled(kind)),
            (FieldKind::Value { kind, .. }, Some(sent)) => kind.kind().read(sent, &self.context),
            (FieldKind::Declaration(_), None) => Ok(json!(false)),
            (FieldKind::Declaration(_), Some(sent)) => Declaration::read(sent).map(Json::from),
        };
        read.unwrap_or_else(|kind| {
            faults.push(Fault::new(pointer, kind));
            Json::Null
        })
    }

    /// The value of a field that nobody has filled in.
    fn unfilled(&self, kind: &ValueKind) -> Json {
        let preselected = match kind {
            ValueKind::Choice(choice) => choice.preselection(self.context.milestones),
            ValueKind::Text(_)
            | ValueKind::Number(_)
            | ValueKind::Date(_)
            | ValueKind::Name(_)
            | ValueKind::Email(_)
            | ValueKind::Telephone(_)
            | ValueKind::Address(_)
            | ValueKind::UserId(_)
            | ValueKind::Person(_) => None,
        };
        preselected.map_or_else(|| kind.kind().blank(), Json::from)
    }

    fn rows(
        &self,
        pointer: &str,
        definition: &Rows,
        sent: Option<&Json>,
        faults: &mut Vec<Fault>,
    ) -> Vec<Json> {
        let rows = match sent {
            None => return self.prefilled(definition),
            Some(Json::Array(rows)) => rows,
            Some(_) => {
                faults.push(Fault::new(pointer, FaultKind::NotA(JsonType::List)));
                return Vec::new();
            }
        };
        if rows.len() > definition.max {
            faults.push(Fault::new(pointer, FaultKind::TooManyRows(definition.max)));
            return Vec::new();
        }
        let read = |(index, row)| self.row(&format!("{pointer}/{index}"), definition, row, faults);
        let rows: Vec<Json> = rows.iter().enumerate().map(read).collect();
        faults.extend(duplicates(pointer, definition, &rows));
        rows
    }

    fn prefilled(&self, definition: &Rows) -> Vec<Json> {
        match (self.contact, definition.purpose) {
            (Some(contact), Purpose::ContactPersons) => {
                let mut contact = contact.clone();
                let value = |column: &Column| {
                    // The form's rules apply to the directory's data too. A value that breaks them is left blank.
                    let part = contact.part(&column.kind).map(|part| json!(part));
                    let read = part.and_then(|part| column.kind.kind().read(&part, &self.context).ok());
                    (column.name, read.unwrap_or_else(|| column.kind.kind().blank()))
                };
                vec![object(definition.columns.iter().map(value))]
            }
            (_, Purpose::ContactPersons | Purpose::Details) => Vec::new(),
        }
    }

    fn row(&self, pointer: &str, definition: &Rows, row: &Json, faults: &mut Vec<Fault>) -> Json {
        let Some(members) = row.as_object() else {
            faults.push(Fault::new(pointer, FaultKind::NotA(JsonType::Object)));
            return json!({});
        };
        let unknown = members.keys().filter(|name| definition.column(name).is_none());
        faults.extend(
            unknown.map(|name| Fault::new(format!("{pointer}/{}", escaped(name)), FaultKind::Unknown)),
        );
        let value = |column: &'static Column| {
            let sent = members.get(column.name).filter(|value| !value.is_null());
            let read = sent.map_or_else(
                || Ok(column.kind.kind().blank()),
                |sent| column.kind.kind().read(sent, &self.context),
            );
            let value = read.unwrap_or_else(|kind| {
                faults.push(Fault::new(format!("{pointer}/{}", column.name), kind));
                column.kind.kind().blank()
            });
            (column.name, value)
        };
        object(definition.columns.iter().map(value))
    }
}

/// Makes a row with its members sorted by name, as in a stored form.
fn object(members: impl Iterator<Item = (&'static str, Json)>) -> Json {
    let members: BTreeMap<&str, Json> = members.collect();
    json!(members)
}

/// Whether the value would be lost in a form without this field.
fn holds_something(sent: &Json) -> bool {
    match sent {
        Json::Null | Json::Bool(false) => false,
        Json::String(text) => !text.trim().is_empty(),
        Json::Array(rows) => !rows.is_empty(),
        Json::Bool(true) | Json::Number(_) | Json::Object(_) => true,
    }
}

fn duplicates(pointer: &str, definition: &Rows, rows: &[Json]) -> Vec<Fault> {
    let Some(unique) = definition.unique.and_then(|name| definition.column(name)) else {
        return Vec::new();
    };
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut faults = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let value = row.get(unique.name).unwrap_or(&Json::Null);
        if unique.kind.is_blank(value) {
            continue;
        }
        let earlier = *seen.entry(unique.kind.kind().key(value)).or_insert(index);
        if earlier != index {
            let pointer = format!("{pointer}/{index}/{}", unique.name);
            faults.push(Fault::new(pointer, FaultKind::Duplicate(earlier + 1)));
        }
    }
    faults
}

#[cfg(test)]
mod tests;
