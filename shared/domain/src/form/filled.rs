//! A form as something to show: section by section, each field with its definition and what stands in it.

use serde_json::Value as Json;

use super::Form;
use crate::eservice::{Field, Section};
use crate::fault::{Fault, FaultKind};
use crate::field::{Column, Declaration, FieldKind, Note, Rows, Standing, ValueKind};
use crate::language::{Bilingual, Language};
use crate::register::Standings;

/// A section with the fields that are part of the form.
#[derive(Debug)]
pub struct FilledSection<'a> {
    /// Its definition.
    pub section: &'static Section,
    /// Its fields.
    pub fields: Vec<Filled<'a>>,
}

/// A field with what stands in it.
#[derive(Debug)]
pub struct Filled<'a> {
    /// Its definition.
    pub field: &'static Field,
    /// Where it is, as a JSON Pointer.
    pub pointer: String,
    /// What stands in it.
    pub content: Content<'a>,
}

/// What stands in a field.
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
    /// Where it is, as a JSON Pointer.
    pub pointer: String,
    /// Its values, each under its column.
    pub values: Vec<(&'static Column, FilledValue<'a>)>,
}

/// A value with its kind.
#[derive(Debug, Clone)]
pub struct FilledValue<'a> {
    /// Its kind.
    pub kind: &'static ValueKind,
    /// What people read as its name.
    pub label: Bilingual,
    /// Where it is, as a JSON Pointer.
    pub pointer: String,
    /// The value.
    pub value: &'a Json,
}

impl FilledValue<'_> {
    /// The value as people read it.
    pub fn shown(&self, language: Language) -> String {
        self.kind.kind().shown(self.value, language)
    }

    /// What a reader has to know of it besides.
    pub fn notes(&self, standings: Option<&Standings>) -> Vec<Note> {
        self.kind.notes(self.value, standings)
    }

    /// Whether nothing is filled in.
    pub fn is_blank(&self) -> bool {
        self.kind.is_blank(self.value)
    }
}

impl Form {
    /// Its sections, after that of the company.
    pub fn sections(&self) -> Vec<FilledSection<'_>> {
        let section = |section: &'static Section| FilledSection {
            section,
            fields: section
                .fields
                .iter()
                .filter_map(|field| Some(filled(field, self.get(field.name)?)))
                .collect(),
        };
        self.eservice.sections.iter().map(section).collect()
    }

    /// What a reader has to know of its values besides, each beside the value.
    pub fn notes(&self, standings: Option<&Standings>) -> Vec<(FilledValue<'_>, Note)> {
        let values = self.values().into_iter();
        values
            .flat_map(|value| {
                let notes = value.notes(standings);
                notes.into_iter().map(move |note| (value.clone(), note))
            })
            .collect()
    }

    /// Where the register is not as the form needs it: a User ID that it should have and has not, or the reverse.
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

    /// Every value that stands in it, those in rows too.
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

fn filled<'a>(field: &'static Field, value: &'a Json) -> Filled<'a> {
    let pointer = format!("/{}", field.name);
    let content = match &field.kind {
        FieldKind::Value { kind, .. } => Content::Value(FilledValue {
            kind,
            label: field.label,
            pointer: pointer.clone(),
            value,
        }),
        FieldKind::Declaration(declaration) => Content::Declared(declaration, value == &Json::Bool(true)),
        FieldKind::Rows(rows) => {
            let lines = value.as_array().map_or(&[][..], Vec::as_slice).iter().enumerate();
            let row = |(index, row)| filled_row(rows, format!("{pointer}/{index}"), row);
            Content::Rows(rows, lines.map(row).collect())
        }
    };
    Filled {
        field,
        pointer,
        content,
    }
}

fn filled_row<'a>(rows: &'static Rows, pointer: String, row: &'a Json) -> FilledRow<'a> {
    let value = |column: &'static Column| {
        let value = FilledValue {
            kind: &column.kind,
            label: column.label,
            pointer: format!("{pointer}/{}", column.name),
            value: row.get(column.name).unwrap_or(&Json::Null),
        };
        (column, value)
    };
    FilledRow {
        values: rows.columns.iter().map(value).collect(),
        pointer,
    }
}
