//! What a checker looks at in a row: what the register has today, and what the row asks for.

use serde_json::json;

use super::{FilledRow, FilledValue};
use crate::field::{Note, Standing, ValueKind, text_of};
use crate::register::Standings;

/// What a row is, compared with the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// The register has no such User ID, but the request needs one.
    Unknown,
    /// The register has the User ID, but the request adds it.
    Taken,
    /// The address looks like another one.
    LookAlike,
    /// The address has letters other than ASCII.
    NotAscii,
    /// The register has no address yet.
    New,
    /// The register has another address.
    Changed,
    /// The register has this address already.
    Unchanged,
}

impl Mark {
    /// Every mark.
    pub const ALL: [Self; 7] = [
        Self::Unknown,
        Self::Taken,
        Self::LookAlike,
        Self::NotAscii,
        Self::New,
        Self::Changed,
        Self::Unchanged,
    ];

    /// Whether the checker should look at the row twice.
    pub fn is_to_look_at(self) -> bool {
        match self {
            Self::Unknown | Self::Taken | Self::LookAlike | Self::NotAscii | Self::Unchanged => true,
            Self::New | Self::Changed => false,
        }
    }
}

/// A row beside the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowCheck {
    /// The address that the register has today.
    pub registered: Option<String>,
    /// What the row is.
    pub marks: Vec<Mark>,
}

impl FilledRow<'_> {
    /// Compares the row with the register. `None` if the row has no User ID that the register decides about.
    pub fn check(&self, standings: &Standings) -> Option<RowCheck> {
        let values = || self.values.iter().map(|(_, value)| value);
        let whose = values().find(|value| matches!(value.kind, ValueKind::UserId(_)))?;
        let address = values().find(|value| matches!(value.kind, ValueKind::Email(_)));
        let user_id = text_of(whose.value).trim().to_ascii_uppercase();
        let registered = standings.get(&user_id).cloned().flatten();
        let mut marks: Vec<Mark> = values()
            .flat_map(|value| value.notes(Some(standings)))
            .filter_map(|note| of_note(&note))
            .collect();
        let is_known = !marks
            .iter()
            .any(|mark| matches!(mark, Mark::Unknown | Mark::Taken));
        if let Some(address) = address.filter(|address| is_known && !address.is_blank()) {
            marks.push(of_address(address, registered.as_deref()));
        }
        marks.sort_unstable();
        marks.dedup();
        Some(RowCheck { registered, marks })
    }
}

fn of_note(note: &Note) -> Option<Mark> {
    match note {
        Note::AsciiForm(_) => Some(Mark::NotAscii),
        Note::Caution(_) => Some(Mark::LookAlike),
        Note::Register(Standing::Unknown) => Some(Mark::Unknown),
        Note::Register(Standing::Taken) => Some(Mark::Taken),
        Note::Register(Standing::Registered(_) | Standing::WithoutAddress) => None,
    }
}

fn of_address(asked: &FilledValue<'_>, registered: Option<&str>) -> Mark {
    let kind = asked.kind.kind();
    match registered {
        None => Mark::New,
        Some(registered) if kind.key(&json!(registered)) == kind.key(asked.value) => Mark::Unchanged,
        Some(_) => Mark::Changed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eservice::EServiceId;
    use crate::field::{Column, FieldKind};

    fn marks(user_id: &str, email: &str) -> (Option<String>, Vec<Mark>) {
        let rows = EServiceId::Da3
            .definition()
            .fields()
            .find_map(|field| match &field.kind {
                FieldKind::Rows(rows) => Some(rows),
                _ => None,
            });
        let row = json!({"userId": user_id, "email": email});
        let value = |column: &'static Column| {
            let value = FilledValue {
                kind: &column.kind,
                label: column.label,
                pointer: String::new(),
                value: &row[column.name],
                name: None,
                is_erased: false,
            };
            (column, value)
        };
        let filled = FilledRow {
            pointer: String::new(),
            values: rows.unwrap().columns.iter().map(value).collect(),
        };
        let standings = Standings::from([
            ("B01234X1".to_owned(), Some("Old@bank.example".to_owned())),
            ("B01234X2".to_owned(), None),
        ]);
        let check = filled.check(&standings).unwrap();
        (check.registered, check.marks)
    }

    #[test]
    fn each_row_is_marked_by_what_the_register_has_and_what_it_asks_for() {
        let old = || Some("Old@bank.example".to_owned());
        for (user_id, email, registered, expected) in [
            ("B01234X1", "new@bank.example", old(), vec![Mark::Changed]),
            ("B01234X1", "old@BANK.example", old(), vec![Mark::Unchanged]),
            ("B01234X2", "new@bank.example", None, vec![Mark::New]),
            ("B01234X9", "new@bank.example", None, vec![Mark::Unknown]),
            (
                "B01234X2",
                "da@例子.example",
                None,
                vec![Mark::NotAscii, Mark::New],
            ),
            (
                "B01234X1",
                "da@b\u{430}nk.example",
                old(),
                vec![Mark::LookAlike, Mark::NotAscii, Mark::Changed],
            ),
            ("B01234X2", "", None, vec![]),
        ] {
            assert_eq!(marks(user_id, email), (registered, expected), "{user_id} {email}");
        }
    }
}
