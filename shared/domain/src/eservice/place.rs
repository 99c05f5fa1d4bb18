//! Places in a form, as JSON pointers name them, and what stands there.

use serde_json::Value as Json;

use super::{ACTING_AS, EService, Field};
use crate::field::{FieldKind, ValueKind};
use crate::id::PersonId;
use crate::language::Language;

/// The member that names a form's eService.
const ESERVICE: &str = "eService";
/// The member with the participantship that a form is for.
const PARTICIPANTSHIP: &str = "participantship";

impl EService {
    /// The name of a place in a form, such as `Request 2, Email Address`.
    pub fn place(&self, pointer: &str, language: Language) -> Option<String> {
        let mut parts = pointer.strip_prefix('/')?.split('/');
        let name = parts.next()?;
        if name == PARTICIPANTSHIP {
            return Some(ACTING_AS.text(language).to_owned());
        }
        let field = self.field(name)?;
        let (Some(rows), Some(index)) = (field.rows(), parts.next().and_then(|at| at.parse::<usize>().ok()))
        else {
            return Some(field.label.text(language).to_owned());
        };
        let row = format!("{} {}", rows.row_label.text(language), index.saturating_add(1));
        let comma = match language {
            Language::English => ", ",
            Language::TraditionalChinese => "，",
        };
        let column = parts.next().and_then(|name| rows.column(name));
        Some(match column {
            Some(column) => format!("{row}{comma}{}", column.label.text(language)),
            None => row,
        })
    }

    /// What to sort places of a form by, so that they come in the order in which it shows them: field, row and column.
    pub fn position(&self, pointer: &str) -> (usize, usize, usize) {
        let mut parts = pointer.trim_start_matches('/').split('/');
        let name = parts.next().unwrap_or_default();
        if name == PARTICIPANTSHIP {
            return (0, 0, 0);
        }
        let Some(at) = self.fields().position(|field| field.name == name) else {
            return (usize::MAX, 0, 0);
        };
        let row = parts.next().and_then(|row| row.parse::<usize>().ok());
        let columns = self.rows(name).map_or(&[][..], |rows| rows.columns);
        let column = parts
            .next()
            .and_then(|name| columns.iter().position(|column| column.name == name));
        let after = |place: Option<usize>| place.map_or(0, |place| place.saturating_add(1));
        (at.saturating_add(1), after(row), after(column))
    }

    /// Whether what stands at a place of a form can identify a person, so that erasing them empties it. What the
    /// definition does not know, such as a field of an earlier one, can.
    pub fn can_identify(&self, pointer: &str) -> bool {
        let mut parts = pointer.split('/').skip(1);
        let name = parts.next().unwrap_or_default();
        if name == ESERVICE || name == PARTICIPANTSHIP {
            return false;
        }
        match self.field(name).map(|field| &field.kind) {
            Some(FieldKind::Value { kind, .. }) => kind.can_identify(),
            Some(FieldKind::Declaration(_)) => false,
            Some(FieldKind::Rows(rows)) => parts.nth(1).is_some_and(|column| {
                let known = rows.column(column);
                known.is_none_or(|column| column.kind.can_identify())
            }),
            None => true,
        }
    }

    /// The person whom a stored form is about, if it is about one.
    pub fn about(&self, form: &Json) -> Option<PersonId> {
        let people = self.fields().filter(|field| field.is_person());
        let mut values = people.filter_map(|field| form.get(field.name)?.as_str());
        values.find_map(PersonId::parse)
    }
}

impl Field {
    /// Whether it takes a person of the company.
    pub(super) fn is_person(&self) -> bool {
        matches!(
            &self.kind,
            FieldKind::Value {
                kind: ValueKind::Person(_),
                ..
            }
        )
    }
}
