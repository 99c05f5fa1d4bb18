//! What differs between two states of a form.

use crate::typed::{Change, ContactRow, Typed};
use crate::wording::Words;

/// A field that differs. An empty text says that there was nothing, or is nothing any more.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) field: String,
    pub(crate) before: String,
    pub(crate) after: String,
}

/// What differs, under its headings.
pub(crate) struct Difference {
    pub(crate) title: &'static str,
    pub(crate) before: &'static str,
    pub(crate) after: &'static str,
    pub(crate) rows: Vec<Row>,
}

/// The fields that differ. Rows of the details are told apart by their User ID, so that one put in between shows as
/// one added.
pub(crate) fn rows(before: &Typed, after: &Typed, w: &Words) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut compare = |field: String, before: &str, after: &str| {
        if before != after {
            rows.push(Row {
                field,
                before: before.to_owned(),
                after: after.to_owned(),
            });
        }
    };
    compare(
        w.acting_as.to_owned(),
        &before.participantship,
        &after.participantship,
    );
    let choice = |typed: &Typed| (w.choice)(&typed.maintenance_request);
    compare(w.maintenance_request.to_owned(), &choice(before), &choice(after));
    let email = |rows: &[Change], user_id: &str| {
        let found = rows.iter().find(|row| row.user_id == user_id);
        found.map(|row| row.email.clone())
    };
    for row in &before.changes {
        let now = email(&after.changes, &row.user_id);
        compare(
            row.user_id.clone(),
            &shown(Some(&row.email)),
            &shown(now.as_deref()),
        );
    }
    for row in &after.changes {
        if email(&before.changes, &row.user_id).is_none() {
            compare(row.user_id.clone(), "", &shown(Some(&row.email)));
        }
    }
    compare(w.remarks.to_owned(), &before.remarks, &after.remarks);
    let contact = |row: Option<&ContactRow>| {
        let line = |row: &ContactRow| format!("{}, {}, {}", row.name, row.email, row.telephone);
        row.map(line).unwrap_or_default()
    };
    for index in 0..before.contacts.len().max(after.contacts.len()) {
        let field = format!("{} {}", w.contact_row, index + 1);
        compare(
            field,
            &contact(before.contacts.get(index)),
            &contact(after.contacts.get(index)),
        );
    }
    rows
}

/// A row that is there without an address is shown as such, not as one that is missing.
fn shown(email: Option<&str>) -> String {
    match email {
        Some("") => "…".to_owned(),
        Some(email) => email.to_owned(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wording::{Language, words};

    fn typed(changes: &[(&str, &str)]) -> Typed {
        let change = |(user_id, email): &(&str, &str)| Change {
            user_id: (*user_id).to_owned(),
            email: (*email).to_owned(),
        };
        Typed {
            changes: changes.iter().map(change).collect(),
            ..Typed::default()
        }
    }

    #[test]
    fn rows_are_told_apart_by_their_user_id() {
        let before = typed(&[
            ("X1", "a@b.example"),
            ("X2", "c@d.example"),
            ("X3", "e@f.example"),
        ]);
        let after = typed(&[
            ("X0", "n@e.example"),
            ("X1", "a@b.example"),
            ("X3", "g@h.example"),
        ]);
        let rows = rows(&before, &after, words(Language::English));
        let told: Vec<_> = rows
            .iter()
            .map(|row| (row.field.as_str(), row.before.as_str(), row.after.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                ("X2", "c@d.example", ""),
                ("X3", "e@f.example", "g@h.example"),
                ("X0", "", "n@e.example"),
            ]
        );
    }

    #[test]
    fn the_same_form_differs_in_nothing() {
        let form = typed(&[("X1", "a@b.example")]);
        assert_eq!(rows(&form, &form, words(Language::English)), []);
    }
}
