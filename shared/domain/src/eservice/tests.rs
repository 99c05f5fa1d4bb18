//! What every definition must have.

use std::collections::BTreeSet;

use super::*;
use crate::field::{UserIdValue, Whose};
use crate::language::Language;

#[test]
fn the_catalogue_begins_with_the_four_rows_of_the_guideline() {
    let rows: Vec<_> = EServiceId::ALL
        .iter()
        .map(|id| id.definition())
        .map(|row| (row.classification.en, row.label, row.function.en))
        .take(4)
        .collect();
    assert_eq!(
        rows,
        [
            (
                "User Maintenance CC",
                "SCard2",
                "Smartcard Maintenance for User (PG or Special Request)"
            ),
            (
                "User Maintenance CH",
                "SCard1",
                "Smartcard Maintenance for User and DA"
            ),
            ("User Maintenance CH", "SCard3", "Order Smartcard Reader(s)"),
            (
                "User Maintenance CC",
                "DA 3",
                "CCASS/ CCMS Delegated Administrator Application/ Maintenance Form"
            ),
        ]
    );
}

#[test]
fn every_eservice_goes_by_a_code_of_its_own() {
    let mut codes = BTreeSet::new();
    for id in EServiceId::ALL {
        let eservice = id.definition();
        assert_eq!((eservice.id, EServiceId::parse(id.code())), (id, Some(id)));
        assert!(codes.insert(id.code().to_ascii_uppercase()), "{id}");
        assert!(id.code().bytes().all(|b| b.is_ascii_alphanumeric()), "{id}");
    }
}

fn texts(eservice: &EService) -> Vec<Bilingual> {
    let mut texts = vec![eservice.function];
    texts.extend(eservice.sections.iter().map(|section| section.title));
    for field in eservice.fields() {
        texts.push(field.label);
        texts.extend(field.hint);
        texts.extend(field.help);
        let choice = match &field.kind {
            FieldKind::Value { .. } => field.choice(),
            FieldKind::Declaration(declaration) => {
                texts.extend([declaration.text, declaration.confirmation]);
                None
            }
            FieldKind::Rows(rows) => {
                texts.extend([rows.row_label, rows.add_label]);
                texts.extend(rows.columns.iter().map(|column| column.label));
                None
            }
        };
        texts.extend(
            choice
                .into_iter()
                .flat_map(|choice| choice.options)
                .map(|option| option.label),
        );
    }
    texts
}

#[test]
fn every_label_is_there_in_both_languages() {
    for id in EServiceId::ALL {
        for text in texts(id.definition()) {
            assert!(
                !text.en.trim().is_empty() && !text.zh.trim().is_empty(),
                "{id}: {text:?}"
            );
            assert_ne!(text.en, text.zh, "{id}");
            assert!(text.en.is_ascii(), "{id}: {text:?}");
        }
    }
}

#[test]
fn names_are_unique_and_what_refers_to_them_finds_them() {
    for id in EServiceId::ALL {
        let eservice = id.definition();
        let mut names: BTreeSet<&str> = ["eService", "participantship"].into();
        for field in eservice.fields() {
            assert!(names.insert(field.name), "{id}: {}", field.name);
            if let Some(when) = field.shown {
                let choice = eservice.field(when.field).and_then(Field::choice).unwrap();
                let has = |value: &&str| choice.options.iter().any(|option| option.value == *value);
                assert!(when.is.iter().all(has), "{id}: {}", field.name);
            }
            if let Some(rows) = field.rows() {
                let columns: BTreeSet<&str> = rows.columns.iter().map(|column| column.name).collect();
                assert_eq!(columns.len(), rows.columns.len(), "{id}: {}", field.name);
                assert!(rows.unique.is_none_or(|unique| columns.contains(unique)));
                assert!(rows.min <= rows.max);
            }
        }
        for effect in eservice.effects {
            let (rows, columns) = match effect {
                Effect::ChangeEmail(at) | Effect::AddAdministrator(at) => {
                    (at.rows, vec![at.user_id, at.email])
                }
                Effect::RemoveAdministrator { rows, user_id } => (*rows, vec![*user_id]),
            };
            let rows = eservice.rows(rows).unwrap();
            assert!(
                columns.into_iter().all(|name| rows.column(name).is_some()),
                "{id}"
            );
            assert!(rows.unique.is_some(), "{id}: one User ID would get two effects");
        }
    }
}

/// The fields that an effect on the directory names.
fn fields_of(fields: &DirectoryFields) -> Vec<&'static str> {
    let settings = |settings: &SettingsFields| {
        let rights = settings.rights.iter().map(|(when, _)| when.field);
        let others = [settings.language, settings.progress, settings.reminders];
        rights.chain(others).collect::<Vec<_>>()
    };
    match fields {
        DirectoryFields::Enter {
            name,
            email,
            settings: with,
        } => [vec![*name, *email], settings(with)].concat(),
        DirectoryFields::EnterSystem { name } => vec![*name],
        DirectoryFields::Details {
            person,
            name,
            email,
            settings: with,
        } => [vec![*person, *name, *email], settings(with)].concat(),
        DirectoryFields::Away { person, from, until } => vec![*person, *from, *until],
        DirectoryFields::Back { person }
        | DirectoryFields::Remove { person }
        | DirectoryFields::Invite { person }
        | DirectoryFields::ResetSecondFactor { person } => vec![*person],
        DirectoryFields::Company {
            checkers,
            approves_by_mail,
            records_views,
        } => vec![*checkers, *approves_by_mail, *records_views],
    }
}

#[test]
fn each_option_of_the_choice_changes_the_directory_by_the_fields_that_it_shows() {
    for eservice in EServiceId::ALL.map(EServiceId::definition) {
        let Some(first) = eservice.directory.first() else {
            continue;
        };
        let choice = eservice.field(first.field).and_then(Field::choice).unwrap();
        let options: BTreeSet<&str> = choice.options.iter().map(|option| option.value).collect();
        let effects: BTreeSet<&str> = eservice.directory.iter().map(|effect| effect.is).collect();
        assert_eq!(options, effects, "{}", eservice.code);
        for effect in eservice.directory {
            let form = serde_json::json!({first.field: effect.is});
            for name in fields_of(&effect.fields) {
                let field = eservice.field(name).unwrap();
                assert!(eservice.is_shown(field, &form, None), "{}: {name}", effect.is);
            }
        }
        assert_eq!((eservice.end, eservice.effects.len()), (End::AtTheCompany, 0));
    }
}

/// The columns whose User IDs must be in the register, or must not be: field, column, and whether they must be.
fn columns_of_the_register(eservice: &EService) -> BTreeSet<(&'static str, &'static str, bool)> {
    let mut columns = BTreeSet::new();
    for field in eservice.fields() {
        if let FieldKind::Value { kind, .. } = &field.kind {
            assert!(!matches!(kind, ValueKind::UserId(id) if id.whose != Whose::Anyone));
        }
        for column in field.rows().map_or(&[][..], |rows| rows.columns) {
            match &column.kind {
                ValueKind::UserId(UserIdValue { whose: Whose::Known }) => {
                    columns.insert((field.name, column.name, true));
                }
                ValueKind::UserId(UserIdValue { whose: Whose::New }) => {
                    columns.insert((field.name, column.name, false));
                }
                _ => {}
            }
        }
    }
    columns
}

/// A User ID that is checked against the register at submission is checked again at completion.
#[test]
fn completing_changes_the_register_for_just_those_user_ids_that_are_held_against_it() {
    for id in EServiceId::ALL {
        let eservice = id.definition();
        let effects = eservice.effects.iter().map(|effect| match effect {
            Effect::ChangeEmail(at) => (at.rows, at.user_id, true),
            Effect::AddAdministrator(at) => (at.rows, at.user_id, false),
            Effect::RemoveAdministrator { rows, user_id } => (*rows, *user_id, true),
        });
        let effects: BTreeSet<_> = effects.collect();
        assert_eq!(columns_of_the_register(eservice), effects, "{id}");
        assert_eq!(eservice.relies_on_the_register(), !effects.is_empty(), "{id}");
    }
}

#[test]
fn every_form_for_the_exchange_has_a_declaration_and_somebody_to_turn_to() {
    let sent = EServiceId::ALL.map(EServiceId::definition).into_iter();
    for eservice in sent.filter(|eservice| eservice.end == End::AtTheExchange) {
        let id = eservice.id;
        let is_declaration = |field: &Field| matches!(field.kind, FieldKind::Declaration(_));
        assert!(eservice.fields().any(is_declaration), "{id}");
        assert_eq!(eservice.contact_fields().count(), 1, "{id}");
    }
}

#[test]
fn every_kind_of_value_is_used_by_some_eservice() {
    let name = |kind: &ValueKind| match kind {
        ValueKind::Choice(_) => "choice",
        ValueKind::Text(_) => "text",
        ValueKind::Number(_) => "number",
        ValueKind::Date(_) => "date",
        ValueKind::Name(_) => "name",
        ValueKind::Email(_) => "email",
        ValueKind::Telephone(_) => "telephone",
        ValueKind::Address(_) => "address",
        ValueKind::UserId(_) => "user ID",
        ValueKind::Person(_) => "person",
    };
    let mut used = BTreeSet::new();
    for field in EServiceId::ALL
        .into_iter()
        .flat_map(|id| id.definition().fields())
    {
        match &field.kind {
            FieldKind::Value { kind, .. } => {
                used.insert(name(kind));
            }
            FieldKind::Rows(rows) => used.extend(rows.columns.iter().map(|column| name(&column.kind))),
            FieldKind::Declaration(_) => {}
        }
    }
    assert_eq!(used.len(), 10, "{used:?}");
}

#[test]
fn a_place_is_named_as_the_form_names_it() {
    let da3 = EServiceId::Da3.definition();
    for (pointer, english, chinese) in [
        ("/changes/1/email", "Request 2, Email Address", "申請 2，電郵地址"),
        ("/changes", "Details of change request", "更改申請詳情"),
        ("/participantship/id", "As", "身分"),
        ("/remarks", "Remarks", "備註"),
    ] {
        assert_eq!(da3.place(pointer, Language::English).as_deref(), Some(english));
        assert_eq!(
            da3.place(pointer, Language::TraditionalChinese).as_deref(),
            Some(chinese)
        );
    }
    assert_eq!(da3.place("/nothing", Language::English), None);
}

#[test]
fn places_are_sorted_as_the_form_shows_them() {
    let da3 = EServiceId::Da3.definition();
    let shown = [
        "/participantship",
        "/maintenanceRequest",
        "/changes",
        "/changes/1/userId",
        "/changes/1/email",
        "/changes/10/userId",
        "/remarks",
        "/declaration",
        "/contacts/0/email",
        "/nothing",
    ];
    let mut sorted = shown.map(String::from);
    sorted.reverse();
    sorted.sort_by_key(|pointer| da3.position(pointer));
    assert_eq!(sorted, shown);
}

#[test]
fn what_ends_at_the_company_is_checked_once() {
    for eservice in EServiceId::ALL.map(EServiceId::definition) {
        let ends_here = eservice.end == End::AtTheCompany;
        assert_eq!(ends_here, eservice.checkers == Checkers::One, "{}", eservice.code);
    }
}

#[test]
fn an_eservice_may_ask_for_two_checkers_whatever_the_company_asks_for() {
    for (company, checks) in [(1, Checks::One), (2, Checks::FirstOfTwo)] {
        assert_eq!(Checkers::CompanyDecides.checks(company), checks);
        assert_eq!(Checkers::Two.checks(company), Checks::FirstOfTwo);
        assert_eq!(Checkers::One.checks(company), Checks::One);
    }
}

#[test]
fn only_what_people_type_freely_can_identify_somebody_wherever_it_stands() {
    let am1 = EServiceId::Am1.definition();
    for (pointer, can) in [
        ("/eService", false),
        ("/maintenanceRequest", false),
        ("/person", false),
        ("/awayFrom", false),
        ("/name", true),
        ("/email", true),
        ("/remarks", true),
        ("/of-an-earlier-definition", true),
    ] {
        assert_eq!(am1.can_identify(pointer), can, "{pointer}");
    }
    let da3 = EServiceId::Da3.definition();
    for (pointer, can) in [
        ("/participantship/id", false),
        ("/changes", false),
        ("/changes/0/userId", false),
        ("/changes/0/email", true),
        ("/contacts/1/telephone", true),
        ("/contacts/1/of-an-earlier-definition", true),
    ] {
        assert_eq!(da3.can_identify(pointer), can, "{pointer}");
    }
    for field in da3
        .fields()
        .filter(|field| matches!(field.kind, FieldKind::Declaration(_)))
    {
        assert!(!da3.can_identify(&format!("/{}", field.name)), "{}", field.name);
    }
}
