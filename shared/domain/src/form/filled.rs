//! A form as it is shown: section by section, each field with its definition and its value.

use serde_json::Value as Json;

use super::Form;
use crate::directory::Names;
use crate::eservice::{Field, Section};
use crate::fault::{Fault, FaultKind};
use crate::field::{Column, Declaration, FieldKind, Note, Rows, Standing, ValueKind};
use crate::language::{Bilingual, Language};
use crate::register::Standings;
use crate::wording::ERASED;

/// A section, with those of its fields that are part of the form.
#[derive(Debug)]
pub struct FilledSection<'a> {
    /// Its definition.
    pub section: &'static Section,
    /// Its fields.
    pub fields: Vec<Filled<'a>>,
}

/// A field with its content.
#[derive(Debug)]
pub struct Filled<'a> {
    /// Its definition.
    pub field: &'static Field,
    /// Its JSON Pointer.
    pub pointer: String,
    /// Its content.
    pub content: Content<'a>,
}

/// The content of a field.
#[derive(Debug)]
pub enum Content<'a> {
    /// One value.
    Value(FilledValue<'a>),
    /// A declaration, and whether it is made.
    Declared(&'static Declaration, bool),
    /// Rows.
    Rows(&'static Rows, Vec<FilledRow<'a>>),
}

/// A row of values.
#[derive(Debug)]
pub struct FilledRow<'a> {
    /// Its JSON Pointer.
    pub pointer: String,
    /// Its values, each with its column.
    pub values: Vec<(&'static Column, FilledValue<'a>)>,
}

/// A value with its kind.
#[derive(Debug, Clone)]
pub struct FilledValue<'a> {
    /// Its kind.
    pub kind: &'static ValueKind,
    /// The name that people read.
    pub label: Bilingual,
    /// Its JSON Pointer.
    pub pointer: String,
    /// The value.
    pub value: &'a Json,
    /// The name of the person that it is, if it is one whose name is known.
    pub name: Option<&'a str>,
    /// Whether it is erased.
    pub is_erased: bool,
}

impl FilledValue<'_> {
    /// The value as people read it. In place of what is erased they read that it is.
    pub fn shown(&self, language: Language) -> String {
        if self.is_erased {
            return ERASED.text(language).to_owned();
        }
        let name = self.name.map(str::to_owned);
        name.unwrap_or_else(|| self.kind.kind().shown(self.value, language))
    }

    /// What a reader should know besides the value.
    pub fn notes(&self, standings: Option<&Standings>) -> Vec<Note> {
        self.kind.notes(self.value, standings)
    }

    /// Whether the value is not filled in.
    pub fn is_blank(&self) -> bool {
        self.kind.is_blank(self.value)
    }
}

impl Form {
    /// Returns its sections, after the company section.
    pub fn sections(&self) -> Vec<FilledSection<'_>> {
        let section = |section: &'static Section| FilledSection {
            section,
            fields: section
                .fields
                .iter()
                .filter_map(|field| Some(self.filled(field, self.get(field.name)?)))
                .collect(),
        };
        self.eservice.sections.iter().map(section).collect()
    }

    /// Returns what a reader should know besides the values, each note with its value.
    pub fn notes(&self, standings: Option<&Standings>) -> Vec<(FilledValue<'_>, Note)> {
        let values = self.values().into_iter();
        values
            .flat_map(|value| {
                let notes = value.notes(standings);
                notes.into_iter().map(move |note| (value.clone(), note))
            })
            .collect()
    }

    /// Returns where the register contradicts the form: a User ID is missing that must be there, or is there but must
    /// not be.
    pub fn register_faults(&self, standings: &Standings) -> Vec<Fault> {
        let notes = self.notes(Some(standings)).into_iter();
        let fault = |(value, note): (FilledValue<'_>, Note)| {
            let kind = match note {
                Note::Register(Standing::Unknown) => FaultKind::NotInRegister,
                Note::Register(Standing::Taken) => FaultKind::InRegister,
                Note::Register(Standing::Registered(_) | Standing::WithoutAddress)
                | Note::AsciiForm(_)
                | Note::Caution(_) => return None,
            };
            Some(Fault::new(value.pointer, kind))
        };
        notes.filter_map(fault).collect()
    }

    fn filled<'a>(&'a self, field: &'static Field, value: &'a Json) -> Filled<'a> {
        let pointer = format!("/{}", field.name);
        let content = match &field.kind {
            FieldKind::Value { kind, .. } => {
                Content::Value(self.value(kind, field.label, pointer.clone(), value))
            }
            FieldKind::Declaration(declaration) => Content::Declared(declaration, value == &Json::Bool(true)),
            FieldKind::Rows(rows) => {
                let lines = value.as_array().map_or(&[][..], Vec::as_slice).iter().enumerate();
                let row = |(index, row)| self.row(rows, format!("{pointer}/{index}"), row);
                Content::Rows(rows, lines.map(row).collect())
            }
        };
        Filled {
            field,
            pointer,
            content,
        }
    }

    fn row<'a>(&'a self, rows: &'static Rows, pointer: String, row: &'a Json) -> FilledRow<'a> {
        let value = |column: &'static Column| {
            let filled = row.get(column.name).unwrap_or(&Json::Null);
            let place = format!("{pointer}/{}", column.name);
            (column, self.value(&column.kind, column.label, place, filled))
        };
        FilledRow {
            values: rows.columns.iter().map(value).collect(),
            pointer,
        }
    }

    fn value<'a>(
        &'a self,
        kind: &'static ValueKind,
        label: Bilingual,
        pointer: String,
        value: &'a Json,
    ) -> FilledValue<'a> {
        FilledValue {
            is_erased: self.erased.contains(&pointer),
            name: name(kind, value, &self.names),
            kind,
            label,
            pointer,
            value,
        }
    }

    /// Returns every value in the form, including values in rows.
    pub fn values(&self) -> Vec<FilledValue<'_>> {
        let fields = self.sections().into_iter().flat_map(|section| section.fields);
        fields.flat_map(Filled::into_values).collect()
    }
}

impl<'a> Filled<'a> {
    fn into_values(self) -> Vec<FilledValue<'a>> {
        match self.content {
            Content::Value(value) => vec![value],
            Content::Declared(..) => Vec::new(),
            Content::Rows(_, rows) => {
                let values = rows.into_iter().flat_map(|row| row.values);
                values.map(|(_, value)| value).collect()
            }
        }
    }
}

/// The name of the person that a value is.
fn name<'a>(kind: &ValueKind, value: &Json, names: &'a Names) -> Option<&'a str> {
    match kind {
        ValueKind::Person(_) => names.get(value.as_str()?).map(String::as_str),
        ValueKind::Choice(_)
        | ValueKind::Text(_)
        | ValueKind::Number(_)
        | ValueKind::Date(_)
        | ValueKind::Name(_)
        | ValueKind::Email(_)
        | ValueKind::Telephone(_)
        | ValueKind::Address(_)
        | ValueKind::UserId(_) => None,
    }
}
