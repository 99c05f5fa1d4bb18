//! A form as it was typed, right or wrong. Every character is kept until the domain accepts it.

use std::collections::{BTreeMap, BTreeSet};

use countersign_domain::eservice::{EService, Effect, Field, RowsWithAddress};
use countersign_domain::field::{FieldKind, Milestones, Rows, ValueKind, text_of};
use countersign_domain::participantship::Participantship;
use serde_json::{Map, Value as Json, json};

use crate::body::Fields;

/// A form of any eService, field by field.
#[derive(Debug, Clone)]
pub(crate) struct FormInput {
    pub(crate) eservice: &'static EService,
    /// As it is shown: `HKSCC Participant (B01234)`.
    pub(crate) participantship: String,
    /// The person whom it was last filled in for; no part of the form.
    pub(crate) filled_for: String,
    values: BTreeMap<&'static str, String>,
    ticked: BTreeMap<&'static str, bool>,
    rows: BTreeMap<&'static str, Vec<RowInput>>,
    /// Pasted lines on their way into rows; no part of the form.
    lines: BTreeMap<&'static str, String>,
    /// The lines of a file on their way into rows; no part of the form.
    filed: BTreeMap<&'static str, String>,
}

/// What was typed into a row, column by column.
pub(crate) type RowInput = BTreeMap<&'static str, String>;

/// More rows than any form takes. Rows past it are ignored.
const MOST_ROWS: usize = 500;

/// User IDs that an address of the portal names at most, so that no address is too long.
pub(crate) const MAX_NAMED: usize = 50;

impl FormInput {
    fn empty(eservice: &'static EService) -> Self {
        Self {
            eservice,
            participantship: String::new(),
            filled_for: String::new(),
            values: BTreeMap::new(),
            ticked: BTreeMap::new(),
            rows: BTreeMap::new(),
            lines: BTreeMap::new(),
            filed: BTreeMap::new(),
        }
    }

    /// Reads what a browser sent. Row numbers may have gaps; only their order counts.
    pub(crate) fn of_fields(eservice: &'static EService, fields: &Fields) -> Self {
        let mut input = Self::empty(eservice);
        fields
            .get("participantship")
            .clone_into(&mut input.participantship);
        fields.get("filledFor").clone_into(&mut input.filled_for);
        let mut numbered: BTreeMap<&'static str, BTreeMap<usize, RowInput>> = BTreeMap::new();
        for (name, value) in fields.iter() {
            let parts: Vec<&str> = name.splitn(3, '.').collect();
            match parts.as_slice() {
                ["lines", name] => {
                    if let Some(field) = eservice.field(name) {
                        input.set_lines(field, value);
                    }
                }
                ["filed", name] => {
                    if let Some(field) = eservice.field(name).filter(|_| !value.trim().is_empty()) {
                        input.set_filed(field, value.to_owned());
                    }
                }
                [name] => input.take(name, value),
                [name, index, column] => {
                    let column = eservice.rows(name).and_then(|rows| rows.column(column));
                    let (Some(field), Some(column), Ok(index)) =
                        (eservice.field(name), column, index.parse())
                    else {
                        continue;
                    };
                    let rows = numbered.entry(field.name).or_default();
                    if rows.contains_key(&index) || rows.len() < MOST_ROWS {
                        rows.entry(index)
                            .or_default()
                            .insert(column.name, value.to_owned());
                    }
                }
                _ => {}
            }
        }
        for (name, rows) in numbered {
            input.rows.insert(name, rows.into_values().collect());
        }
        input
    }

    fn take(&mut self, name: &str, value: &str) {
        let Some(field) = self.eservice.field(name) else {
            return;
        };
        match &field.kind {
            FieldKind::Value { .. } => {
                self.values.insert(field.name, value.to_owned());
            }
            FieldKind::Declaration(_) => {
                self.ticked.insert(field.name, !value.is_empty());
            }
            FieldKind::Rows(_) => {}
        }
    }

    /// Reads a stored form, or the values that a new form starts with.
    pub(crate) fn of_json(eservice: &'static EService, form: &Json) -> Self {
        let mut input = Self::empty(eservice);
        if let Some(own) = form.get("participantship") {
            input.participantship = format!("{} ({})", text(own, "kind"), text(own, "id"));
        }
        if let Some(person) = eservice.changes_details_of(form) {
            input.filled_for = text(form, person.name);
        }
        for field in eservice.fields() {
            let Some(value) = form.get(field.name) else {
                continue;
            };
            match &field.kind {
                FieldKind::Value { .. } => {
                    input.values.insert(field.name, text_of(value));
                }
                FieldKind::Declaration(_) => {
                    input.ticked.insert(field.name, value == &Json::Bool(true));
                }
                FieldKind::Rows(rows) => {
                    let kept = value.as_array().map_or(&[][..], Vec::as_slice);
                    let row = |row: &Json| row_input(rows, |column| text(row, column));
                    input.rows.insert(field.name, kept.iter().map(row).collect());
                }
            }
        }
        input
    }

    /// Starts one row for each User ID, up to the most that the form takes, where the row changes an address.
    pub(crate) fn name(&mut self, user_ids: Vec<String>) {
        let changes = |effect: &Effect| match effect {
            Effect::ChangeEmail(RowsWithAddress { rows, user_id, .. }) => Some((*rows, *user_id)),
            Effect::AddAdministrator(_) | Effect::RemoveAdministrator { .. } => None,
        };
        let Some((field, user_id)) = self.eservice.effects.iter().find_map(changes) else {
            return;
        };
        let most = self.eservice.rows(field).map_or(0, |rows| rows.max);
        if !user_ids.is_empty() {
            let row = |typed| RowInput::from([(user_id, typed)]);
            self.rows
                .insert(field, user_ids.into_iter().take(most).map(row).collect());
        }
    }

    /// As the domain reads it, with the fields that are part of the form by its choices. A participantship that is none
    /// is passed on for the domain to refuse.
    pub(crate) fn to_json(&self, milestones: Option<Milestones>) -> Json {
        let own = match Participantship::parse(&self.participantship) {
            Some(own) => json!(own),
            None if self.participantship.is_empty() => Json::Null,
            None => json!({"kind": self.participantship, "id": ""}),
        };
        let mut form = Map::new();
        for field in self.eservice.fields() {
            let value = match &field.kind {
                FieldKind::Value { kind, .. } => {
                    self.values.get(field.name).map(|text| kind.kind().typed(text))
                }
                FieldKind::Declaration(_) => Some(json!(self.is_ticked(field))),
                FieldKind::Rows(rows) => {
                    Some(self.rows(field).iter().map(|row| row_json(rows, row)).collect())
                }
            };
            if let Some(value) = value {
                form.insert(field.name.to_owned(), value);
            }
        }
        form.insert("eService".to_owned(), json!(self.eservice.code));
        if self.eservice.is_for_a_participant() {
            form.insert("participantship".to_owned(), own);
        }
        let whole = Json::Object(form.clone());
        for field in self.eservice.fields() {
            if !self.eservice.is_shown(field, &whole, milestones) {
                form.remove(field.name);
            }
        }
        Json::Object(form)
    }

    /// The text typed into a field with one value.
    pub(crate) fn value(&self, field: &Field) -> &str {
        self.values.get(field.name).map_or("", String::as_str)
    }

    pub(crate) fn set_value(&mut self, field: &'static Field, text: String) {
        self.values.insert(field.name, text);
    }

    /// Whether a declaration is ticked.
    pub(crate) fn is_ticked(&self, field: &Field) -> bool {
        self.ticked.get(field.name).copied().unwrap_or_default()
    }

    /// The rows of a field.
    pub(crate) fn rows(&self, field: &Field) -> &[RowInput] {
        self.rows.get(field.name).map_or(&[], Vec::as_slice)
    }

    /// The same, to be changed.
    pub(crate) fn rows_mut(&mut self, field: &Field) -> &mut Vec<RowInput> {
        self.rows.entry(field.name).or_default()
    }

    /// The User IDs that are typed into rows.
    pub(crate) fn user_ids(&self) -> BTreeSet<String> {
        let mut user_ids = BTreeSet::new();
        for field in self.eservice.fields() {
            let columns = field.rows().map_or(&[][..], |rows| rows.columns);
            let columns = columns
                .iter()
                .filter(|column| matches!(column.kind, ValueKind::UserId(_)));
            for column in columns {
                let typed = self.rows(field).iter().filter_map(|row| row.get(column.name));
                user_ids.extend(typed.map(|typed| typed.trim().to_ascii_uppercase()));
            }
        }
        user_ids.retain(|user_id| !user_id.is_empty());
        user_ids
    }

    /// Pasted lines on their way into the rows of a field.
    pub(crate) fn lines(&self, field: &Field) -> &str {
        self.lines.get(field.name).map_or("", String::as_str)
    }

    pub(crate) fn set_lines(&mut self, field: &Field, lines: &str) {
        self.lines.insert(field.name, lines.to_owned());
    }

    /// The lines of a file on their way into the rows of a field; `None` if no file was chosen.
    pub(crate) fn filed(&self, field: &Field) -> Option<&str> {
        self.filed.get(field.name).map(String::as_str)
    }

    pub(crate) fn set_filed(&mut self, field: &'static Field, text: String) {
        self.filed.insert(field.name, text);
    }

    /// Takes away the lines that are in the rows of a field now.
    pub(crate) fn clear_lines(&mut self, field: &Field) {
        self.lines.remove(field.name);
        self.filed.remove(field.name);
    }

    /// Takes out rows in which nothing was typed.
    pub(crate) fn compact(&mut self) {
        for rows in self.rows.values_mut() {
            rows.retain(holds_anything);
        }
    }

    /// The typed values as plain lines, to read or copy when the form can no longer be shown.
    pub(crate) fn as_lines(&self) -> String {
        let mut lines = vec![self.participantship.clone()];
        for field in self.eservice.fields() {
            match &field.kind {
                FieldKind::Value { .. } => lines.push(self.value(field).to_owned()),
                FieldKind::Declaration(_) => {}
                FieldKind::Rows(rows) => {
                    let cells = |row: &RowInput| {
                        let cell = |name| row.get(name).cloned().unwrap_or_default();
                        rows.columns
                            .iter()
                            .map(|column| cell(column.name))
                            .collect::<Vec<_>>()
                    };
                    lines.extend(self.rows(field).iter().map(|row| cells(row).join(", ")));
                }
            }
            lines.extend([self.lines(field), self.filed(field).unwrap_or_default()].map(str::to_owned));
        }
        lines.retain(|line| !line.is_empty());
        lines.join("\n")
    }
}

/// Whether anything was typed into a row.
pub(crate) fn holds_anything(row: &RowInput) -> bool {
    row.values().any(|cell| !cell.is_empty())
}

/// A row of these cells, in the order of the columns.
pub(crate) fn row_of(rows: &Rows, cells: &[String]) -> RowInput {
    let columns = rows.columns.iter().zip(cells);
    columns
        .map(|(column, cell)| (column.name, cell_of(&column.kind, cell)))
        .collect()
}

/// The value of a spreadsheet cell. Options are recognised by their labels as well as by their names.
fn cell_of(kind: &ValueKind, cell: &str) -> String {
    match kind {
        ValueKind::Choice(choice) => {
            let is_it = |label: &str| label.eq_ignore_ascii_case(cell);
            let option = choice
                .options
                .iter()
                .find(|option| is_it(option.value) || is_it(option.label.en) || is_it(option.label.zh));
            option.map_or(cell, |option| option.value).to_owned()
        }
        ValueKind::Text(_)
        | ValueKind::Number(_)
        | ValueKind::Date(_)
        | ValueKind::Name(_)
        | ValueKind::Email(_)
        | ValueKind::Telephone(_)
        | ValueKind::Address(_)
        | ValueKind::UserId(_)
        | ValueKind::Person(_) => cell.to_owned(),
    }
}

fn row_input(rows: &Rows, cell: impl Fn(&str) -> String) -> RowInput {
    rows.columns
        .iter()
        .map(|column| (column.name, cell(column.name)))
        .collect()
}

fn row_json(rows: &Rows, row: &RowInput) -> Json {
    let cell = |name| row.get(name).map_or("", String::as_str);
    let members = rows.columns.iter().map(|column| {
        let value = column.kind.kind().typed(cell(column.name));
        (column.name.to_owned(), value)
    });
    Json::Object(members.collect())
}

fn text(object: &Json, name: &str) -> String {
    object.get(name).map(text_of).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use countersign_domain::contact::UserIdRule;
    use countersign_domain::eservice::EServiceId;
    use countersign_domain::form::{Form, Terms};
    use countersign_domain::id::ParticipantId;

    use super::*;

    fn rule() -> UserIdRule {
        UserIdRule::new("X[0-9]").unwrap()
    }

    /// A form with everything filled in that its choices show.
    fn example(eservice: &'static EService) -> Json {
        let participant = ParticipantId::parse("B01234").unwrap();
        let mut form = json!({"eService": eservice.code});
        if eservice.is_for_a_participant() {
            form["participantship"] = json!({"kind": "HKSCC Participant", "id": "B01234"});
        }
        for field in eservice.fields() {
            if eservice.is_shown(field, &form, None) {
                form[field.name] = field.example(&participant);
            }
        }
        form
    }

    #[test]
    fn what_the_store_has_reads_back_as_it_was_typed_in_every_eservice() {
        let rule = rule();
        for id in EServiceId::ALL {
            let eservice = id.definition();
            let form = Form::parse(&example(eservice), &Terms::kept(&rule)).unwrap();
            let kept: Json = serde_json::from_str(&form.text()).unwrap();
            let input = FormInput::of_json(eservice, &kept);
            let again = Form::parse(&input.to_json(None), &Terms::kept(&rule)).unwrap();
            assert_eq!(again.text(), form.text());
        }
    }

    #[test]
    fn a_participantship_that_is_none_is_refused_by_the_domain_at_its_place() {
        let rule = rule();
        for typed in ["", "HKSCC Participant", "x (y)"] {
            let mut input = FormInput::empty(EServiceId::Da3.definition());
            typed.clone_into(&mut input.participantship);
            let faults = Form::parse(&input.to_json(None), &Terms::kept(&rule)).unwrap_err();
            let is_there = |pointer: &str| pointer.starts_with("/participantship");
            assert!(faults.iter().all(|fault| is_there(&fault.pointer)), "{faults:?}");
        }
    }
}
