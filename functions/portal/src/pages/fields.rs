//! The fields of a form as it is filled in, each fault at its field. Everything comes from the eService's definition.

use std::collections::BTreeMap;

use countersign_domain::actor::Person;
use countersign_domain::eservice::{EService, Field, Section};
use countersign_domain::fault::{Fault, FaultKind};
use countersign_domain::field::{
    Column, FieldKind, Lines, Milestones, PostalAddress, Rows, UserIdValue, ValueKind, Whose,
};
use countersign_domain::id::ParticipantId;
use countersign_domain::register::Standings;
use serde_json::Value as Json;

use super::field_view::{
    Control, ControlKind, FieldContent, FieldView, FillInView, ImportView, OptionView, PersonView, RowView,
    RowsView, SectionView,
};
use super::import::Imports;
use super::note::NoteView;
use crate::form_input::{FormInput, RowInput};
use crate::wording::Words;

/// What fields are made from.
pub(crate) struct Maker<'a> {
    pub(crate) input: &'a FormInput,
    pub(crate) faults: &'a [Fault],
    pub(crate) imports: &'a Imports,
    pub(crate) milestones: Option<Milestones>,
    /// The participant whose User IDs are used in examples.
    pub(crate) participant: Option<&'a ParticipantId>,
    /// The register's entries for the participant's administrators.
    pub(crate) standings: Option<&'a Standings>,
    /// The User IDs that are in another open request.
    pub(crate) taken: &'a BTreeMap<String, FaultKind>,
    /// The people of the company.
    pub(crate) people: &'a [Person],
    pub(crate) w: &'a Words,
}

impl Maker<'_> {
    /// The sections after that of the company.
    pub(crate) fn sections(&self) -> Vec<SectionView> {
        let eservice = self.input.eservice;
        let form = self.input.to_json(None);
        let section = |section: &'static Section| {
            let fields = section
                .fields
                .iter()
                .filter(|field| self.can_be_shown(eservice, field));
            SectionView {
                title: section.title.text(self.w.language),
                fields: fields.map(|field| self.field(section, field, &form)).collect(),
            }
        };
        eservice.sections.iter().map(section).collect()
    }

    /// Whether any option that is offered shows the field.
    fn can_be_shown(&self, eservice: &EService, field: &Field) -> bool {
        field.shown.is_none_or(|when| {
            let choice = eservice.field(when.field).and_then(Field::choice);
            let offered = choice
                .into_iter()
                .flat_map(|choice| choice.offered(self.milestones));
            offered.into_iter().any(|option| when.is.contains(&option.value))
        })
    }

    fn field(&self, section: &Section, field: &'static Field, form: &Json) -> FieldView {
        let language = self.w.language;
        let pointer = format!("/{}", field.name);
        let content = match &field.kind {
            FieldKind::Value { kind, .. } => {
                let value = self.input.value(field).to_owned();
                let mut control = self.control(
                    field.name.to_owned(),
                    field.name.to_owned(),
                    &pointer,
                    kind,
                    value,
                );
                control.label = field.label.text(language);
                control.is_field = field.label != section.title;
                control.hint = field
                    .hint
                    .map(|hint| hint.text(language).to_owned())
                    .or(control.hint);
                if let ControlKind::Select(options, shows_others) = &mut control.kind {
                    let depends = |other: &Field| other.shown.is_some_and(|when| when.field == field.name);
                    *shows_others = options.len() > 1 && self.input.eservice.fields().any(depends);
                }
                if let ControlKind::People(_, fill_in) = &mut control.kind {
                    *fill_in = self.fill_in(field, form);
                }
                FieldContent::Value(control)
            }
            FieldKind::Declaration(declaration) => FieldContent::Declaration {
                text: declaration.text.text(language),
                confirmation: declaration.confirmation.text(language),
                is_ticked: self.input.is_ticked(field),
            },
            FieldKind::Rows(rows) => FieldContent::Rows(self.rows(field, rows)),
        };
        FieldView {
            name: field.name,
            heading: (field.rows().is_some() && section.fields.len() > 1).then(|| field.label.text(language)),
            help: field.help.map(|help| help.text(language)),
            error: self.fault(&pointer),
            asks_the_register: field
                .rows()
                .is_some_and(|rows| rows.columns.iter().any(|column| column.kind.is_known_user_id())),
            is_hidden: !self.input.eservice.is_shown(field, form, self.milestones),
            depends: field.shown.map(|when| (when.field, when.is.join(" "))),
            content,
        }
    }

    fn fill_in(&self, person: &Field, form: &Json) -> Option<FillInView> {
        let effect = self.input.eservice.changing_details_of(person.name)?;
        Some(FillInView {
            depends: (effect.field, effect.is),
            is_hidden: form.get(effect.field).and_then(Json::as_str) != Some(effect.is),
        })
    }

    fn fault(&self, pointer: &str) -> Option<String> {
        let fault = self.faults.iter().find(|fault| fault.pointer == pointer);
        fault.map(|fault| (self.w.fault)(&fault.kind))
    }

    fn rows(&self, field: &'static Field, rows: &'static Rows) -> RowsView {
        let row = |index: usize, name: &str, row: &RowInput| RowView {
            index,
            number: index + 1,
            cells: rows
                .columns
                .iter()
                .map(|column| self.cell(field, name, column, row))
                .collect(),
        };
        let typed = self.input.rows(field).iter().enumerate();
        let mut entries: Vec<RowView> = typed
            .map(|(index, typed)| row(index, &index.to_string(), typed))
            .collect();
        let blank = RowInput::new();
        if entries.is_empty() {
            entries.push(row(0, "0", &blank));
        }
        let language = self.w.language;
        RowsView {
            name: field.name,
            legend: rows.row_label.text(language),
            add: rows.add_label.text(language),
            most: rows.max,
            entries,
            blank: row(0, "__", &blank),
            import: rows.import.then(|| self.import(field, rows)),
        }
    }

    fn cell(&self, field: &Field, row: &str, column: &'static Column, typed: &RowInput) -> Control {
        let (field, name) = (field.name, column.name);
        let value = typed.get(name).cloned().unwrap_or_default();
        let pointer = format!("/{field}/{row}/{name}");
        let mut control = self.control(
            format!("{field}-{row}-{name}"),
            format!("{field}.{row}.{name}"),
            &pointer,
            &column.kind,
            value,
        );
        control.label = column.label.text(self.w.language);
        control
    }

    fn control(
        &self,
        id: String,
        name: String,
        pointer: &str,
        kind: &'static ValueKind,
        value: String,
    ) -> Control {
        let words = self.w.on_forms;
        let mut limit = None;
        let (hint, shape) = match kind {
            ValueKind::Choice(choice) => {
                let none = (!choice.preselected).then_some(("", ""));
                let offered = choice.offered(self.milestones);
                let offered = offered.map(|option| (option.value, option.label.text(self.w.language)));
                let option = |(option, label)| OptionView {
                    value: option,
                    label,
                    is_chosen: value == option,
                };
                let options = none.into_iter().chain(offered).map(option).collect();
                (None, ControlKind::Select(options, false))
            }
            ValueKind::Text(text) => {
                limit = Some((text.max, (words.at_most)(text.max)));
                match text.lines {
                    Lines::One => (None, ControlKind::Line("")),
                    Lines::Several => (None, ControlKind::Lines),
                }
            }
            ValueKind::Number(number) => {
                let hint = (words.between)(number.min, number.max);
                (Some(hint), ControlKind::Line("numeric"))
            }
            ValueKind::Date(_) => (Some(words.date_hint.to_owned()), ControlKind::Line("")),
            ValueKind::Address(_) => {
                let hint = (words.address_hint)(PostalAddress::MIN_LINES, PostalAddress::MAX_LINES);
                (Some(hint), ControlKind::Lines)
            }
            ValueKind::Email(_) => (None, ControlKind::Line("email")),
            ValueKind::Telephone(_) => (None, ControlKind::Line("tel")),
            ValueKind::Person(_) => {
                let view = |person: &Person| PersonView {
                    id: person.id.to_string(),
                    name: person.name.clone(),
                    is_chosen: person.id.as_str() == value,
                };
                (
                    None,
                    ControlKind::People(self.people.iter().map(view).collect(), None),
                )
            }
            kind if kind.is_known_user_id() && self.standings.is_some() => (None, ControlKind::Administrator),
            ValueKind::Name(_) | ValueKind::UserId(_) => (None, ControlKind::Line("")),
        };
        Control {
            id,
            name,
            label: "",
            is_field: false,
            is_first: false,
            hint,
            notes: self.notes(kind, &value),
            error: self.fault(pointer),
            value,
            limit,
            kind: shape,
        }
    }

    fn notes(&self, kind: &ValueKind, value: &str) -> Vec<NoteView> {
        let notes = kind.notes(&kind.kind().typed(value), self.standings);
        let mut notes = NoteView::all(&notes, self.w.language);
        if let ValueKind::UserId(UserIdValue {
            whose: Whose::Known | Whose::New,
        }) = kind
        {
            let taken = self.taken.get(&value.trim().to_ascii_uppercase());
            notes.extend(taken.map(|fault| NoteView {
                text: (self.w.fault)(fault),
                is_caution: true,
            }));
        }
        notes
    }

    fn import(&self, field: &Field, rows: &Rows) -> ImportView {
        let (language, words) = (self.w.language, self.w.on_forms);
        let labels: Vec<&str> = rows
            .columns
            .iter()
            .map(|column| column.label.text(language))
            .collect();
        let example = |participant: &ParticipantId| {
            let cell = |column: &Column| {
                let value = column.kind.kind().example(participant, 1);
                column.kind.kind().shown(&value, language)
            };
            rows.columns.iter().map(cell).collect::<Vec<_>>().join(",")
        };
        let import = self.imports.get(field.name);
        let faults = import.map_or(&[][..], |import| &import.faults);
        let left_out = import.map_or(&[][..], |import| &import.left_out);
        ImportView {
            label: (words.import_paste)(&labels),
            hint: (words.import_hint)(self.participant.map(example).as_deref(), rows.max),
            lines: self.input.lines(field).to_owned(),
            filed: self.input.filed(field).unwrap_or_default().to_owned(),
            errors: faults.iter().map(words.import_fault).collect(),
            left_out: (!left_out.is_empty()).then(|| left_out.join(words.list_separator)),
        }
    }
}
