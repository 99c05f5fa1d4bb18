//! The difference between two versions of a form.

use serde::Deserialize as _;
use serde_json::Value as Json;

use crate::directory::Names;
use crate::eservice::{ACTING_AS, EService, Field};
use crate::field::{FieldKind, Rows, ValueKind, text_of};
use crate::language::Language;
use crate::participantship::Participantship;

/// A place that differs. An empty text means that the place did not exist, or no longer exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The name of the place.
    pub place: String,
    /// The text before.
    pub before: String,
    /// The text now.
    pub after: String,
}

/// Returns what differs between two forms of an eService, in the order of the form. Either form may hold unchecked
/// input. Rows with a unique column are matched by its value, so that an inserted row shows as one addition; others are
/// matched by their number. Declarations are left out: they are made anew for every version.
pub fn difference(
    eservice: &EService,
    before: &Json,
    after: &Json,
    names: &Names,
    language: Language,
) -> Vec<Changed> {
    let text = |kind: &ValueKind, value: &Json| {
        let known = value.as_str().filter(|_| matches!(kind, ValueKind::Person(_)));
        let name = known.and_then(|id| names.get(id)).cloned();
        name.unwrap_or_else(|| kind.kind().shown(value, language))
    };
    let mut changed = Vec::new();
    let mut compare = |place: String, before: String, after: String| {
        if before != after {
            changed.push(Changed { place, before, after });
        }
    };
    let acting_as = ACTING_AS.text(language).to_owned();
    compare(
        acting_as,
        participantship(before, language),
        participantship(after, language),
    );
    for field in eservice.fields() {
        let shown = [before, after].map(|form| {
            let is_shown = eservice.is_shown(field, form, None);
            form.get(field.name).filter(|_| is_shown)
        });
        match &field.kind {
            FieldKind::Value { kind, .. } => {
                let [before, after] =
                    shown.map(|value| value.map_or_else(String::new, |value| text(kind, value)));
                compare(field.label.text(language).to_owned(), before, after);
            }
            FieldKind::Declaration(_) => {}
            FieldKind::Rows(rows) => {
                let lines = |value: Option<&Json>| lines(field, rows, value, language);
                let (before, after) = (lines(shown[0]), lines(shown[1]));
                let text = |lines: &[(String, String)], place: &String| {
                    let found = lines.iter().find(|(known, _)| known == place);
                    found.map(|(_, text)| text.clone()).unwrap_or_default()
                };
                for (place, was) in &before {
                    compare(place.clone(), was.clone(), text(&after, place));
                }
                for (place, is) in &after {
                    if text(&before, place).is_empty() {
                        compare(place.clone(), String::new(), is.clone());
                    }
                }
            }
        }
    }
    changed
}

/// What cannot be read as a participantship is shown as it was typed.
fn participantship(form: &Json, language: Language) -> String {
    let own = form.get("participantship").unwrap_or(&Json::Null);
    if let Ok(own) = Participantship::deserialize(own) {
        return own.shown(language);
    }
    let part = |name| text_of(own.get(name).unwrap_or(&Json::Null));
    match (part("kind"), part("id")) {
        (kind, id) if id.is_empty() => kind,
        (kind, id) => format!("{kind} ({id})"),
    }
}

/// Splits each row into the text that identifies it and the text of its other values. A row with no other values still
/// gets a text, so that it does not look missing.
fn lines(field: &Field, rows: &Rows, value: Option<&Json>, language: Language) -> Vec<(String, String)> {
    let filled = value.and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
    let line = |(index, row): (usize, &Json)| {
        let shown = |name: &str| {
            let column = rows.column(name)?;
            let value = row.get(name)?;
            let text = column.kind.kind().shown(value, language);
            (!text.is_empty()).then_some(text)
        };
        let numbered = || format!("{} {}", rows.row_label.text(language), index + 1);
        let unique = rows.unique.and_then(|name| {
            let label = rows.column(name)?.label.text(language);
            Some(format!("{label} {}", shown(name)?))
        });
        let others: Vec<String> = rows
            .columns
            .iter()
            .filter(|column| unique.is_none() || Some(column.name) != rows.unique)
            .filter_map(|column| shown(column.name))
            .collect();
        let text = match (others.is_empty(), rows.columns.len()) {
            (false, _) => others.join(", "),
            // Such a row says only that it is there.
            (true, 1) => field.label.text(language).to_owned(),
            (true, _) => "…".to_owned(),
        };
        (unique.unwrap_or_else(numbered), text)
    };
    filled.iter().enumerate().map(line).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::eservice::EServiceId;

    fn changed(before: &Json, after: &Json) -> Vec<(String, String, String)> {
        let da3 = EServiceId::Da3.definition();
        let changed = difference(da3, before, after, &Names::new(), Language::English).into_iter();
        changed.map(|at| (at.place, at.before, at.after)).collect()
    }

    fn row(user_id: &str, email: &str) -> Json {
        json!({"userId": user_id, "email": email})
    }

    #[test]
    fn rows_are_told_apart_by_their_user_id() {
        let before = json!({"changes": [row("X1", "a@b.example"), row("X2", "c@d.example"), row("X3", "")]});
        let after = json!({"changes": [row("X0", "n@e.example"), row("X1", "a@b.example"), row("X3", "g@h.example")]});
        let expected = [
            ("User ID X2", "c@d.example", ""),
            ("User ID X3", "…", "g@h.example"),
            ("User ID X0", "", "n@e.example"),
        ]
        .map(|(place, before, after)| (place.to_owned(), before.to_owned(), after.to_owned()));
        assert_eq!(changed(&before, &after), expected);
        assert_eq!(changed(&before, &before), []);
    }

    #[test]
    fn what_another_choice_shows_comes_and_goes_with_it() {
        let before = json!({"maintenanceRequest": "Change", "changes": [row("X1", "a@b.example")]});
        let after = json!({"maintenanceRequest": "Delete", "deletions": [{"userId": "X1"}]});
        let places: Vec<String> = changed(&before, &after)
            .into_iter()
            .map(|(place, ..)| place)
            .collect();
        assert_eq!(places, ["Maintenance Request", "User ID X1", "User ID X1"]);
    }

    #[test]
    fn rows_with_nothing_unique_go_by_their_number_and_what_is_wrong_is_compared_as_typed() {
        let before = json!({"contacts": [{"name": "A", "email": "a@b.example", "telephone": "29797111"}]});
        let after = json!({"contacts": [{"name": "A", "email": "a@b", "telephone": 7}], "remarks": "x",
            "participantship": {"kind": "HKSCC Participant", "id": "B01234"}});
        let expected = [
            ("As", "", "HKSCC Participant (B01234)"),
            ("Remarks", "", "x"),
            ("Contact person 1", "A, a@b.example, 29797111", "A, a@b, 7"),
        ]
        .map(|(place, before, after)| (place.to_owned(), before.to_owned(), after.to_owned()));
        assert_eq!(changed(&before, &after), expected);
    }
}
