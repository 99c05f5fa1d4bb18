//! Reading a draft by its definition: every fault is found, each at its place.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::{Cells, Contact, Form, Value};
use crate::contact::{EmailAddress, Telephone, UserId, UserIdRule};
use crate::eservice::{CellKind, Column, EServiceId, Field, FieldKind, FormDefinition, RowsDefinition};
use crate::fault::{Fault, FaultKind, JsonType};
use crate::id::ParticipantId;
use crate::participantship::{Participantship, ParticipantshipKind};

pub(super) fn form(draft: &Json, rule: &UserIdRule, contact: Option<&Contact>) -> Result<Form, Vec<Fault>> {
    let Some(draft) = draft.as_object() else {
        return Err(vec![Fault::new("", FaultKind::NotA(JsonType::Object))]);
    };
    let mut faults = Vec::new();
    let eservice = read_eservice(draft).map_err(|fault| faults.push(fault)).ok();
    let participantship = read_participantship(draft, &mut faults);
    let mut values = Vec::new();
    if let Some((_, definition)) = eservice {
        let participant = participantship.as_ref().map(|own| &own.id);
        let reader = Reader {
            rule,
            participant,
            contact,
        };
        values = reader.members(definition, draft, &mut faults);
    }
    match (eservice, participantship, faults.is_empty()) {
        (Some((eservice, _)), Some(participantship), true) => Ok(Form {
            eservice,
            participantship,
            values,
        }),
        _ => Err(faults),
    }
}

fn read_eservice(draft: &Map<String, Json>) -> Result<(EServiceId, &'static FormDefinition), Fault> {
    let fault = |kind| Fault::new("/eService", kind);
    let code = match draft.get("eService") {
        None | Some(Json::Null) => return Err(fault(FaultKind::Missing)),
        Some(Json::String(code)) => code,
        Some(_) => return Err(fault(FaultKind::NotA(JsonType::Text))),
    };
    let id = EServiceId::parse(code).ok_or_else(|| fault(FaultKind::UnknownEService))?;
    let definition = id
        .definition()
        .form
        .ok_or_else(|| fault(FaultKind::EServiceNotServed))?;
    Ok((id, definition))
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
            let options = ParticipantshipKind::ALL
                .map(|kind| kind.as_str().to_owned())
                .to_vec();
            faults.push(Fault::new(
                "/participantship/kind",
                FaultKind::NotAnOption(options),
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

fn unknown_members(draft: &Map<String, Json>, definition: &FormDefinition) -> Vec<Fault> {
    let known = |name: &str| {
        matches!(name, "eService" | "participantship")
            || definition.fields.iter().any(|field| field.name == name)
    };
    let unknown = draft.keys().filter(|name| !known(name));
    unknown
        .map(|name| Fault::new(format!("/{}", escaped(name)), FaultKind::Unknown))
        .collect()
}

/// A member's name inside a JSON Pointer (RFC 6901, section 3).
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Reads members by their definition.
struct Reader<'a> {
    rule: &'a UserIdRule,
    participant: Option<&'a ParticipantId>,
    contact: Option<&'a Contact>,
}

impl Reader<'_> {
    /// Every member of a form, by whatever definition it has.
    fn members(
        &self,
        definition: &FormDefinition,
        draft: &Map<String, Json>,
        faults: &mut Vec<Fault>,
    ) -> Vec<(&'static str, Value)> {
        let member = |field: &Field| (field.name, self.field(field, draft.get(field.name), faults));
        let values = definition.fields.iter().map(member).collect();
        faults.extend(unknown_members(draft, definition));
        values
    }

    fn field(&self, field: &Field, given: Option<&Json>, faults: &mut Vec<Fault>) -> Value {
        let given = given.filter(|value| !value.is_null());
        let pointer = format!("/{}", field.name);
        match &field.kind {
            FieldKind::Choice(options) => Value::Text(choice(&pointer, options, given, faults)),
            FieldKind::Text(max) => Value::Text(text(&pointer, *max, given, faults)),
            FieldKind::Declaration => Value::Flag(flag(&pointer, given, faults)),
            FieldKind::Rows(definition) => Value::Rows(self.rows(&pointer, definition, given, faults)),
        }
    }

    fn rows(
        &self,
        pointer: &str,
        definition: &RowsDefinition,
        given: Option<&Json>,
        faults: &mut Vec<Fault>,
    ) -> Vec<Cells> {
        let rows = match given {
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
        let rows: Vec<Cells> = rows.iter().enumerate().map(read).collect();
        faults.extend(duplicates(pointer, definition, &rows));
        rows
    }

    fn prefilled(&self, definition: &RowsDefinition) -> Vec<Cells> {
        let Some(contact) = self.contact.filter(|_| definition.prefilled_contact) else {
            return Vec::new();
        };
        let given = |kind| match kind {
            CellKind::Name(_) => contact.name.as_str(),
            CellKind::Email => contact.email.as_str(),
            CellKind::Telephone => contact.telephone.as_str(),
            CellKind::UserId => "",
        };
        // What the directory holds is held to the form's rules too; what isn't right is left to be filled in.
        let cell = |column: &Column| self.cell(column.kind, given(column.kind)).unwrap_or_default();
        vec![
            definition
                .columns
                .iter()
                .map(|column| (column.name, cell(column)))
                .collect(),
        ]
    }

    fn row(&self, pointer: &str, definition: &RowsDefinition, row: &Json, faults: &mut Vec<Fault>) -> Cells {
        let Some(members) = row.as_object() else {
            faults.push(Fault::new(pointer, FaultKind::NotA(JsonType::Object)));
            return Cells::new();
        };
        let known = |name: &str| definition.columns.iter().any(|column| column.name == name);
        let unknown = members.keys().filter(|name| !known(name));
        faults.extend(
            unknown.map(|name| Fault::new(format!("{pointer}/{}", escaped(name)), FaultKind::Unknown)),
        );
        let cell = |column: &Column| {
            let pointer = format!("{pointer}/{}", column.name);
            let cell = match members.get(column.name) {
                None | Some(Json::Null) => Ok(String::new()),
                Some(Json::String(typed)) => self.cell(column.kind, typed.trim()),
                Some(_) => Err(FaultKind::NotA(JsonType::Text)),
            };
            let cell = cell
                .map_err(|kind| faults.push(Fault::new(pointer, kind)))
                .unwrap_or_default();
            (column.name, cell)
        };
        definition.columns.iter().map(cell).collect()
    }

    /// What a filled-in cell holds; an empty one is a gap, not a fault.
    fn cell(&self, kind: CellKind, typed: &str) -> Result<String, FaultKind> {
        if typed.is_empty() {
            return Ok(String::new());
        }
        if typed.chars().any(char::is_control) {
            return Err(FaultKind::ControlCharacter);
        }
        match kind {
            CellKind::Email => EmailAddress::parse(typed).map(|email| email.as_str().to_owned()),
            CellKind::Telephone => Telephone::parse(typed).map(|number| number.as_str().to_owned()),
            CellKind::Name(max) if typed.chars().count() > max => Err(FaultKind::TooLong(max)),
            CellKind::Name(_) => Ok(typed.to_owned()),
            // Without a participantship there is nothing to hold the User ID against; its absence is reported.
            CellKind::UserId => match self.participant {
                Some(participant) => {
                    UserId::parse(typed, participant, self.rule).map(|id| id.as_str().to_owned())
                }
                None => Ok(typed.to_owned()),
            },
        }
    }
}

fn choice(pointer: &str, options: &[&str], given: Option<&Json>, faults: &mut Vec<Fault>) -> String {
    let chosen = match given {
        None => options.first().copied(),
        Some(given) => options
            .iter()
            .copied()
            .find(|option| given.as_str() == Some(option)),
    };
    if chosen.is_none() {
        let options = options.iter().map(|&option| option.to_owned()).collect();
        faults.push(Fault::new(pointer, FaultKind::NotAnOption(options)));
    }
    chosen.unwrap_or_default().to_owned()
}

fn flag(pointer: &str, given: Option<&Json>, faults: &mut Vec<Fault>) -> bool {
    match given {
        None => false,
        Some(Json::Bool(flag)) => *flag,
        Some(_) => {
            faults.push(Fault::new(pointer, FaultKind::NotA(JsonType::Flag)));
            false
        }
    }
}

fn text(pointer: &str, max: usize, given: Option<&Json>, faults: &mut Vec<Fault>) -> String {
    match given {
        None => String::new(),
        Some(Json::String(typed)) => match free_text(typed, max) {
            Ok(text) => text,
            Err(kind) => {
                faults.push(Fault::new(pointer, kind));
                String::new()
            }
        },
        Some(_) => {
            faults.push(Fault::new(pointer, FaultKind::NotA(JsonType::Text)));
            String::new()
        }
    }
}

/// Text of several lines. Lines end with a line feed; no other control character is taken.
pub fn free_text(typed: &str, max_chars: usize) -> Result<String, FaultKind> {
    if typed.chars().any(|c| c.is_control() && c != '\n') {
        Err(FaultKind::ControlCharacter)
    } else if typed.chars().count() > max_chars {
        Err(FaultKind::TooLong(max_chars))
    } else {
        Ok(typed.to_owned())
    }
}

fn duplicates(pointer: &str, definition: &RowsDefinition, rows: &[Cells]) -> Vec<Fault> {
    let Some(unique) = definition.unique else {
        return Vec::new();
    };
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut faults = Vec::new();
    for (index, value) in rows
        .iter()
        .enumerate()
        .filter_map(|(index, cells)| Some((index, cells.get(unique)?)))
    {
        if value.is_empty() {
            continue;
        }
        match seen.get(value.as_str()) {
            Some(earlier) => {
                faults.push(Fault::new(
                    format!("{pointer}/{index}/{unique}"),
                    FaultKind::Duplicate(earlier + 1),
                ));
            }
            None => {
                seen.insert(value, index);
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests;
