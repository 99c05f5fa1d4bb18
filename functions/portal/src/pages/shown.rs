//! A form that is read, not filled in. Everything comes from the eService's definition.

use countersign_domain::eservice::{ACTING_AS, COMPANY_INFORMATION, FROM};
use countersign_domain::field::{Purpose, Rows};
use countersign_domain::form::{Content, Filled, FilledRow, FilledValue, Form, Mark, RowCheck};
use countersign_domain::register::Standings;

use super::note::NoteView;
use crate::wording::Words;

/// A form and its values.
pub(crate) struct Shown {
    pub(crate) company_information: &'static str,
    pub(crate) from: &'static str,
    pub(crate) company: String,
    pub(crate) acting_as: &'static str,
    /// The participantship, unless the form is for the company itself.
    pub(crate) participantship: Option<String>,
    pub(crate) sections: Vec<ShownSection>,
}

pub(crate) struct ShownSection {
    pub(crate) title: &'static str,
    pub(crate) fields: Vec<ShownField>,
    /// How many of its rows are to be looked at, if there are any.
    pub(crate) to_look_at: Option<String>,
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
    /// Rows that are compared with the register.
    Checked(Vec<CheckedRow>),
    /// Rows that are read one by one.
    Cards(Vec<Vec<ShownValue>>),
}

/// A row beside what the register has.
pub(crate) struct CheckedRow {
    pub(crate) values: Vec<ShownValue>,
    pub(crate) registered: Option<String>,
    /// Whether the register has the User ID, with an address or without one.
    pub(crate) is_known: bool,
    pub(crate) marks: Vec<MarkView>,
    pub(crate) is_to_look_at: bool,
}

/// A mark on a row, with the class of its tag.
pub(crate) struct MarkView {
    pub(crate) text: &'static str,
    pub(crate) tag: &'static str,
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
            let fields: Vec<ShownField> = section
                .fields
                .iter()
                .map(|filled| field(filled, title, is_alone, standings, w))
                .collect();
            let to_look_at = fields.iter().map(ShownField::to_look_at).sum();
            ShownSection {
                title,
                fields,
                to_look_at: (to_look_at > 0).then(|| (w.on_desk.to_look_at)(to_look_at)),
            }
        };
        Self {
            company_information: COMPANY_INFORMATION.text(language),
            from: FROM.text(language),
            company: company.to_owned(),
            acting_as: ACTING_AS.text(language),
            participantship: form.participantship().map(|own| own.shown(language)),
            sections: form.sections().iter().map(section).collect(),
        }
    }
}

impl Shown {
    /// What was filled in, without what was left empty: each value with its label.
    pub(crate) fn lines(self) -> Vec<(&'static str, String)> {
        let values = |content: ShownContent| match content {
            ShownContent::Value(value) => vec![value],
            ShownContent::Declared { .. } => Vec::new(),
            ShownContent::Table(rows) | ShownContent::Cards(rows) => rows.into_iter().flatten().collect(),
            ShownContent::Checked(rows) => rows.into_iter().flat_map(|row| row.values).collect(),
        };
        let sections = self.sections.into_iter();
        let fields = sections.flat_map(|section| {
            let title = section.title;
            section.fields.into_iter().map(move |field| (title, field))
        });
        let lines = fields.flat_map(|(title, field)| {
            let label = field.label.unwrap_or(title);
            values(field.content).into_iter().map(move |value| {
                let label = if value.label.is_empty() {
                    label
                } else {
                    value.label
                };
                (label, value.text)
            })
        });
        lines.filter(|(_, text)| !text.is_empty()).collect()
    }
}

impl ShownField {
    fn to_look_at(&self) -> usize {
        match &self.content {
            ShownContent::Checked(rows) => rows.iter().filter(|row| row.is_to_look_at).count(),
            ShownContent::Value(_)
            | ShownContent::Declared { .. }
            | ShownContent::Table(_)
            | ShownContent::Cards(_) => 0,
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
    let compared: Option<Vec<RowCheck>> =
        standings.and_then(|standings| filled.iter().map(|row| row.check(standings)).collect());
    if let Some(checks) = compared.filter(|checks| !checks.is_empty()) {
        let rows = filled.iter().zip(checks);
        return ShownContent::Checked(rows.map(|(row, check)| checked(row, check, w)).collect());
    }
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

fn checked(row: &FilledRow<'_>, check: RowCheck, w: &Words) -> CheckedRow {
    let view = |mark: &Mark| MarkView {
        text: (w.on_desk.mark)(*mark),
        tag: match mark {
            Mark::Unknown | Mark::Taken | Mark::LookAlike => "bad",
            Mark::NotAscii | Mark::Unchanged => "warn",
            Mark::New => "info",
            Mark::Changed => "accent",
        },
    };
    let is_known = !check
        .marks
        .iter()
        .any(|mark| matches!(mark, Mark::Unknown | Mark::Taken));
    CheckedRow {
        // What the register says stands in a column of its own.
        values: row
            .values
            .iter()
            .map(|(_, found)| value(found, None, w))
            .collect(),
        marks: check.marks.iter().map(view).collect(),
        is_to_look_at: check.marks.iter().any(|mark| mark.is_to_look_at()),
        registered: check.registered,
        is_known,
    }
}

fn value(filled: &FilledValue<'_>, standings: Option<&Standings>, w: &Words) -> ShownValue {
    let text = filled.shown(w.language);
    ShownValue {
        label: filled.label.text(w.language),
        text: filled.name.map_or(text, |name| w.named(name)),
        notes: NoteView::all(&filled.notes(standings), w.language),
    }
}
