//! A form follows its definition. The one here has every kind of field.

use super::*;
use crate::actor::Right;
use crate::contact::UserIdRule;
use crate::eservice::{Checkers, End, Period, Section};
use crate::field::{
    Choice, ChoiceOption, DateValue, Email, Lines, Offered, PersonName, PostalAddress, TelephoneNumber, Text,
    UserIdValue, WholeNumber, Whose,
};
use crate::language::{Language, both};

static EVERY_KIND: EService = EService {
    id: EServiceId::Da3,
    code: "SAMPLE",
    classification: both("Test", "測試"),
    label: "Sample",
    function: both("Sample", "樣本"),
    period: Period::Always,
    checkers: Checkers::CompanyDecides,
    right: Right::UserMaintenance,
    end: End::AtTheExchange,
    sections: &[Section {
        title: both("Everything", "所有"),
        fields: &[
            field(
                "line",
                one(ValueKind::Text(Text {
                    max: 9,
                    lines: Lines::One,
                })),
            ),
            field(
                "lines",
                one(ValueKind::Text(Text {
                    max: 99,
                    lines: Lines::Several,
                })),
            ),
            field("number", one(ValueKind::Number(WholeNumber { min: 1, max: 9 }))),
            field("day", one(ValueKind::Date(DateValue))),
            field("address", one(ValueKind::Address(PostalAddress))),
            field("person", one(ValueKind::Name(PersonName { max: 99 }))),
            field("email", one(ValueKind::Email(Email))),
            field("telephone", one(ValueKind::Telephone(TelephoneNumber))),
            field(
                "userId",
                one(ValueKind::UserId(UserIdValue { whose: Whose::Anyone })),
            ),
            field("colour", one(COLOUR)),
            field(
                "declaration",
                FieldKind::Declaration(Declaration {
                    text: both("True.", "真確。"),
                    confirmation: both("Yes", "是"),
                }),
            ),
            field(
                "rows",
                FieldKind::Rows(Rows {
                    columns: &[
                        column("colour", COLOUR),
                        column("number", ValueKind::Number(WholeNumber { min: 1, max: 9 })),
                        column("email", ValueKind::Email(Email)),
                    ],
                    row_label: both("Row", "列"),
                    add_label: both("+ Row", "+ 列"),
                    min: 1,
                    max: 2,
                    unique: Some("email"),
                    import: true,
                    purpose: Purpose::Details,
                }),
            ),
        ],
    }],
    effects: &[],
    directory: &[],
};

const COLOUR: ValueKind = ValueKind::Choice(Choice {
    options: &[
        ChoiceOption {
            value: "Red",
            label: both("Red", "紅"),
            offered: Offered::ALWAYS,
        },
        ChoiceOption {
            value: "Blue",
            label: both("Blue", "藍"),
            offered: Offered::ALWAYS,
        },
    ],
    preselected: false,
});

const fn one(kind: ValueKind) -> FieldKind {
    FieldKind::Value { kind, required: true }
}

const fn field(name: &'static str, kind: FieldKind) -> Field {
    Field {
        name,
        label: both("Label", "標籤"),
        hint: None,
        help: None,
        kind,
        shown: None,
    }
}

const fn column(name: &'static str, kind: ValueKind) -> Column {
    Column {
        name,
        label: both("Label", "標籤"),
        kind,
        required: true,
        headings: &[],
    }
}

fn read(draft: &Json) -> Result<Form, Vec<Fault>> {
    let rule = UserIdRule::new("[A-Z0-9]{1,4}").unwrap();
    reading_of(&EVERY_KIND, draft.as_object().unwrap(), &Terms::kept(&rule)).form()
}

fn examples() -> Json {
    let participant = ParticipantId::parse("B01234").unwrap();
    let mut draft = json!({"participantship": {"kind": "HKSCC Participant", "id": "B01234"}});
    for field in EVERY_KIND.fields() {
        draft[field.name] = match &field.kind {
            FieldKind::Value { kind, .. } => kind.kind().example(&participant, 1),
            FieldKind::Declaration(_) => json!(true),
            FieldKind::Rows(rows) => {
                let row = |n| {
                    let value = |column: &Column| (column.name, column.kind.kind().example(&participant, n));
                    object(rows.columns.iter().map(value))
                };
                json!([row(1), row(2)])
            }
        };
    }
    draft
}

#[test]
fn a_form_with_every_kind_of_field_reads_back_what_it_keeps() {
    let form = read(&examples()).unwrap();
    let stored: Json = serde_json::from_str(&form.text()).unwrap();
    assert_eq!(read(&stored).unwrap(), form);
    assert!(form.complete().is_ok());
}

#[test]
fn every_kind_of_field_may_be_left_out_of_a_draft_and_is_missed_when_submitting() {
    let draft = json!({"participantship": {"kind": "HKSCC Participant", "id": "B01234"}});
    let missing = read(&draft).unwrap().complete().unwrap_err();
    assert_eq!(missing.len(), EVERY_KIND.fields().count(), "{missing:?}");
}

#[test]
fn every_kind_of_field_refuses_what_is_of_another_type_at_its_place() {
    let mut draft = examples();
    for field in EVERY_KIND.fields() {
        draft[field.name] = json!({"is": "none"});
    }
    let faults = read(&draft).unwrap_err();
    let places: Vec<&str> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
    let expected: Vec<String> = EVERY_KIND
        .fields()
        .map(|field| format!("/{}", field.name))
        .collect();
    assert_eq!(places, expected);
}

#[test]
fn every_kind_of_field_is_shown_and_described() {
    let form = read(&examples()).unwrap();
    for value in form.values() {
        for language in Language::ALL {
            assert!(!value.shown(language).is_empty(), "{}", value.pointer);
        }
        for stage in [crate::field::Stage::Sent, crate::field::Stage::Kept] {
            let schema = value.kind.kind().schema(stage, "[A-Z0-9]{1,4}");
            assert!(
                schema["type"].is_string() || schema["type"].is_array(),
                "{}",
                value.pointer
            );
        }
    }
}

#[test]
fn rows_that_are_told_apart_by_the_same_mailbox_are_one_too_many() {
    let mut draft = examples();
    draft["rows"][1]["email"] = json!("PERSON1@bank.example");
    assert_eq!(
        read(&draft).unwrap_err(),
        [Fault::new("/rows/1/email", FaultKind::Duplicate(1))]
    );
}
