//! A form that is read, not filled in. Everything comes from the eService's definition.

use countersign_domain::eservice::{ACTING_AS, COMPANY_INFORMATION, FROM};
use countersign_domain::field::{Purpose, Rows};
use countersign_domain::form::{Content, Filled, FilledRow, FilledValue, Form};
use countersign_domain::register::Standings;

use super::note::NoteView;
use crate::wording::Words;

/// A form and its values.
pub(crate) struct Shown {
    pub(crate) company_information: &'static str,
    pub(crate) from: &'static str,
    pub(crate) company: String,
    pub(crate) acting_as: &'static str,
    pub(crate) participantship: String,
    pub(crate) sections: Vec<ShownSection>,
}

pub(crate) struct ShownSection {
    pub(crate) title: &'static str,
    pub(crate) fields: Vec<ShownField>,
}

pub(crate) struct ShownField {
    /// Its label, unless the section's title says the same.
    pub(crate) label: Option<&'static str>,
    pub(crate) content: ShownContent,
}

pub(crate) enum ShownContent {
    Value(ShownValue),
    Declared {
        text: &'static str,
        is_made: bool,
    },
    /// Rows that are compared with each other.
    Table(Vec<Vec<ShownValue>>),
    /// Rows that are read one by one.
    Cards(Vec<Vec<ShownValue>>),
}

pub(crate) struct ShownValue {
    pub(crate) label: &'static str,
    pub(crate) text: String,
    /// Notes about it.
    pub(crate) notes: Vec<NoteView>,
}

impl Shown {
    pub(crate) fn of(form: &Form, company: &str, standings: Option<&Standings>, w: &Words) -> Self {
        let language = w.language;
        let section = |section: &countersign_domain::form::FilledSection<'_>| {
            let title = section.section.title.text(language);
            let is_alone = section.fields.len() == 1;
            ShownSection {
                title,
                fields: section
                    .fields
                    .iter()
                    .map(|filled| field(filled, title, is_alone, standings, w))
                    .collect(),
            }
        };
        Self {
            company_information: COMPANY_INFORMATION.text(language),
            from: FROM.text(language),
            company: company.to_owned(),
            acting_as: ACTING_AS.text(language),
            participantship: form.participantship().to_string(),
            sections: form.sections().iter().map(section).collect(),
        }
    }
}

fn field(
    filled: &Filled<'_>,
    title: &str,
    is_alone: bool,
    standings: Option<&Standings>,
    w: &Words,
) -> ShownField {
    let label = filled.field.label.text(w.language);
    let (label, content) = match &filled.content {
        Content::Value(found) => (
            Some(label).filter(|label| *label != title),
            ShownContent::Value(value(found, standings, w)),
        ),
        Content::Declared(declaration, is_made) => {
            let text = declaration.text.text(w.language);
            (
                None,
                ShownContent::Declared {
                    text,
                    is_made: *is_made,
                },
            )
        }
        Content::Rows(definition, filled) => (
            Some(label).filter(|_| !is_alone),
            rows(definition, filled, standings, w),
        ),
    };
    ShownField { label, content }
}

fn rows(
    definition: &Rows,
    filled: &[FilledRow<'_>],
    standings: Option<&Standings>,
    w: &Words,
) -> ShownContent {
    let row = |row: &FilledRow<'_>| {
        row.values
            .iter()
            .map(|(_, found)| value(found, standings, w))
            .collect()
    };
    let rows = filled.iter().map(row).collect();
    match definition.purpose {
        Purpose::Details => ShownContent::Table(rows),
        Purpose::ContactPersons => ShownContent::Cards(rows),
    }
}

fn value(filled: &FilledValue<'_>, standings: Option<&Standings>, w: &Words) -> ShownValue {
    ShownValue {
        label: filled.label.text(w.language),
        text: filled.shown(w.language),
        notes: NoteView::all(&filled.notes(standings), w.language),
    }
}
