//! Rows of values.

use super::ValueKind;
use crate::language::{Bilingual, Language};

/// Rows of values in columns.
#[derive(Debug)]
pub struct Rows {
    /// The columns.
    pub columns: &'static [Column],
    /// The name of one row, before its number: `Request`.
    pub row_label: Bilingual,
    /// The label of the button that adds a row: `+ Request`.
    pub add_label: Bilingual,
    /// The minimum number of rows, to submit.
    pub min: usize,
    /// The maximum number of rows, always.
    pub max: usize,
    /// The column whose values identify rows and must differ from row to row.
    pub unique: Option<&'static str>,
    /// Whether rows may be pasted or uploaded, with columns matched by their headings.
    pub import: bool,
    /// What the rows are for.
    pub purpose: Purpose,
}

/// What rows are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The subject of the request.
    Details,
    /// Contact persons. In a new draft, the maker is the first (guideline, step f). They are notified when the request
    /// is completed.
    ContactPersons,
}

/// A column of rows.
#[derive(Debug)]
pub struct Column {
    /// The member's name on the wire.
    pub name: &'static str,
    /// The name that people read.
    pub label: Bilingual,
    /// What it accepts.
    pub kind: ValueKind,
    /// Whether it must be filled in, in every row, to submit.
    pub required: bool,
    /// Further headings that spreadsheets use for it, besides its name and its labels.
    pub headings: &'static [&'static str],
}

impl Rows {
    /// The column with this name.
    pub fn column(&self, name: &str) -> Option<&'static Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Finds a column by a spreadsheet heading. Ignores case, spaces and punctuation.
    pub fn column_headed(&self, heading: &str) -> Option<&'static Column> {
        let plain = |text: &str| {
            let letters = text.chars().filter(|c| c.is_alphanumeric());
            letters.flat_map(char::to_lowercase).collect::<String>()
        };
        let wanted = plain(&crate::character::narrow(heading));
        let is_called = |column: &&Column| {
            let labels = Language::ALL.map(|language| column.label.text(language));
            let names = std::iter::once(column.name)
                .chain(labels)
                .chain(column.headings.iter().copied());
            !wanted.is_empty() && names.into_iter().any(|name| plain(name) == wanted)
        };
        self.columns.iter().find(is_called)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::{Email, UserIdValue, Whose};
    use crate::language::both;

    static ROWS: Rows = Rows {
        columns: &[
            Column {
                name: "userId",
                label: both("User ID", "用戶識別碼"),
                kind: ValueKind::UserId(UserIdValue { whose: Whose::Known }),
                required: true,
                headings: &["用戶編號"],
            },
            Column {
                name: "email",
                label: both("Email Address", "電郵地址"),
                kind: ValueKind::Email(Email),
                required: true,
                headings: &["E-mail"],
            },
        ],
        row_label: both("Request", "申請"),
        add_label: both("+ Request", "+ 申請"),
        min: 1,
        max: 50,
        unique: Some("userId"),
        import: true,
        purpose: Purpose::Details,
    };

    #[test]
    fn a_column_goes_by_what_people_call_it() {
        for (heading, name) in [
            ("USER ID", "userId"),
            ("User_Id", "userId"),
            ("用戶編號", "userId"),
            ("用戶識別碼", "userId"),
            ("email", "email"),
            ("E-Mail", "email"),
            ("Ｅｍａｉｌ Address", "email"),
            ("電郵地址", "email"),
        ] {
            let found = ROWS.column_headed(heading).map(|column| column.name);
            assert_eq!(found, Some(name), "{heading}");
        }
        for none in ["", "-", "Department"] {
            assert!(ROWS.column_headed(none).is_none(), "{none}");
        }
    }
}
