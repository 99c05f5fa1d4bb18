//! What a form accepts, and what it refuses.

use jiff::civil::date;
use serde_json::json;

use super::*;
use crate::campaign::Dates;
use crate::character::CharacterAt;
use crate::fault::NamedOption;
use crate::language::both;
use crate::time;

fn parse(draft: &Json) -> Result<Form, Vec<Fault>> {
    let rule = UserIdRule::new("[A-Z0-9]{1,4}").unwrap();
    Form::parse(draft, &Terms::kept(&rule))
}

/// Reads a draft as someone fills it in on a day, with the parallel run on 15 May 2023.
fn filled_in(draft: &Json, on: &str) -> Result<Form, Vec<Fault>> {
    let rule = UserIdRule::new("[A-Z0-9]{1,4}").unwrap();
    let campaign = Campaign::new(Dates {
        opens: date(2023, 3, 20),
        deadline: date(2023, 4, 28),
        parallel_run: Some(date(2023, 5, 15)),
        reminder_days: [].into(),
        reminder_time: jiff::civil::Time::midnight(),
    })
    .unwrap();
    Form::parse(
        draft,
        &Terms::filled_in(&rule, &campaign, time::parse(on).unwrap()),
    )
}

const BEFORE: &str = "2023-05-14T23:59:59+08:00";
const PARALLEL_RUN: &str = "2023-05-15T00:00:00+08:00";

const CHANGE: NamedOption = NamedOption {
    value: "Change",
    label: both("Change", "更改"),
};

fn guideline_form() -> Json {
    json!({
        "eService": "DA3",
        "participantship": {"kind": "HKSCC Participant", "id": "B01234"},
        "maintenanceRequest": "Change",
        "changes": [{"userId": "B01234X1", "email": "ABC@bank.com.hk"}],
        "remarks": "",
        "declaration": true,
        "contacts": [{"name": "AAA", "email": "AAA@bank.com.hk", "telephone": "29797111"}],
    })
}

fn faults(draft: &Json) -> Vec<(String, FaultKind)> {
    let faults = filled_in(draft, BEFORE)
        .and_then(|form| form.complete().map(|_| ()))
        .unwrap_err();
    faults
        .into_iter()
        .map(|fault| (fault.pointer, fault.kind))
        .collect()
}

#[test]
fn the_guidelines_form_is_complete_and_registers_its_row() {
    let form = parse(&guideline_form()).unwrap().complete().unwrap();
    let registrations = form.registrations();
    assert_eq!(registrations.len(), 1);
    assert_eq!(registrations[0].user_id, "B01234X1");
    assert_eq!(registrations[0].email, "ABC@bank.com.hk");
}

#[test]
fn a_form_reads_back_what_it_writes_with_the_same_text() {
    let form = parse(&guideline_form()).unwrap();
    let again = parse(&serde_json::from_str(&form.text()).unwrap()).unwrap();
    assert_eq!((&again, again.text()), (&form, form.text()));
    assert!(
        form.text()
            .starts_with(r#"{"eService":"DA3","participantship":{"kind":"HKSCC Participant""#)
    );
}

#[test]
fn an_incomplete_form_can_be_saved_but_not_submitted() {
    let draft = json!({"eService": "DA3", "participantship": {"kind": "HKSCC Participant", "id": "B01234"},
        "changes": [{"userId": "B01234X1"}]});
    assert!(parse(&draft).is_ok());
    assert_eq!(
        faults(&draft),
        [
            ("/changes/0/email".into(), FaultKind::Missing),
            ("/declaration".into(), FaultKind::Undeclared),
            ("/contacts".into(), FaultKind::TooFewRows(1)),
        ]
    );
}

#[test]
fn every_fault_of_a_form_is_reported_at_its_place() {
    let mut draft = guideline_form();
    draft["changes"] = json!([
        {"userId": "B99999X1", "email": "a@b"},
        {"userId": "B01234X1", "email": 7},
        {"userId": "b01234x1", "email": "a@b.example", "e/mail": ""},
    ]);
    draft["remarks"] = json!("\u{0}");
    draft["declaration"] = json!("yes");
    draft["maintenanceRequest"] = json!("Delete");
    draft["contacts"] = json!([{"name": "A".repeat(101), "telephone": "1"}, "B"]);
    draft["extra"] = json!(1);
    assert_eq!(
        faults(&draft),
        [
            ("/maintenanceRequest".into(), FaultKind::NotAnOption(vec![CHANGE])),
            (
                "/changes/0/userId".into(),
                FaultKind::UserId {
                    participant: "B01234".into(),
                    suffix: "[A-Z0-9]{1,4}".into()
                }
            ),
            ("/changes/0/email".into(), FaultKind::Email),
            (
                "/changes/1/email".into(),
                FaultKind::NotA(crate::fault::JsonType::Text)
            ),
            ("/changes/2/e~1mail".into(), FaultKind::Unknown),
            ("/changes/2/userId".into(), FaultKind::Duplicate(2)),
            (
                "/remarks".into(),
                FaultKind::Character(CharacterAt {
                    character: '\0',
                    position: 1
                })
            ),
            (
                "/declaration".into(),
                FaultKind::NotA(crate::fault::JsonType::Flag)
            ),
            ("/contacts/0/name".into(), FaultKind::TooLong(100)),
            ("/contacts/0/telephone".into(), FaultKind::Telephone),
            (
                "/contacts/1".into(),
                FaultKind::NotA(crate::fault::JsonType::Object)
            ),
            ("/extra".into(), FaultKind::Unknown),
        ]
    );
}

#[test]
fn a_form_holds_fifty_changes_at_most() {
    let mut draft = guideline_form();
    let row = |n: usize| json!({"userId": format!("B01234X{n}"), "email": "a@b.example"});
    draft["changes"] = (0..50).map(row).collect();
    assert!(parse(&draft).is_ok());
    draft["changes"] = (0..51).map(row).collect();
    assert_eq!(faults(&draft), [("/changes".into(), FaultKind::TooManyRows(50))]);
}

#[test]
fn a_new_draft_comes_with_the_makers_contact() {
    let contact = Contact {
        name: "AAA".into(),
        email: "AAA@bank.com.hk".into(),
        telephone: "29797111".into(),
    };
    let rule = UserIdRule::new("[A-Z0-9]{1,4}").unwrap();
    let terms = Terms::kept(&rule).with_contact(&contact);
    let mut draft = guideline_form();
    draft.as_object_mut().unwrap().remove("contacts");
    let form = Form::parse(&draft, &terms).unwrap();
    assert_eq!(form.rows("contacts")[0]["name"], "AAA");
    assert_eq!(
        form.complete().unwrap().contact_persons(),
        std::slice::from_ref(&contact)
    );
    draft["contacts"] = json!([]);
    assert!(Form::parse(&draft, &terms).unwrap().rows("contacts").is_empty());
    let blank = blank(EServiceId::Da3.definition(), &terms);
    assert_eq!(
        (
            &blank["maintenanceRequest"],
            &blank["changes"],
            &blank["contacts"][0]["telephone"]
        ),
        (&json!("Change"), &json!([]), &json!("29797111"))
    );
}

#[test]
fn a_stored_form_of_before_keeps_its_text() {
    let stored = concat!(
        r#"{"eService":"DA3","participantship":{"kind":"HKSCC Participant","id":"B01234"},"maintenanceRequest":"Change","#,
        r#""changes":[{"email":"ABC@bank.com.hk","userId":"B01234X1"}],"remarks":"a\nb","declaration":true,"#,
        r#""contacts":[{"email":"AAA@bank.com.hk","name":"AAA","telephone":"29797111"}]}"#
    );
    let form = parse(&serde_json::from_str(stored).unwrap()).unwrap();
    assert_eq!(form.text(), stored);
}

#[test]
fn add_and_delete_are_taken_from_the_day_of_the_parallel_run_on() {
    for (chosen, member, row) in [
        (
            "Add",
            "additions",
            json!({"userId": "B01234N1", "email": "n@bank.example"}),
        ),
        ("Delete", "deletions", json!({"userId": "B01234X1"})),
    ] {
        let mut draft = guideline_form();
        draft.as_object_mut().unwrap().remove("changes");
        draft["maintenanceRequest"] = json!(chosen);
        draft[member] = json!([row]);
        let refused = filled_in(&draft, BEFORE).unwrap_err();
        let options = FaultKind::NotAnOption(vec![CHANGE]);
        assert_eq!(refused[0], Fault::new("/maintenanceRequest", options));
        let form = filled_in(&draft, PARALLEL_RUN).unwrap();
        assert!(form.get("changes").is_none());
        assert_eq!(form.complete().unwrap().register_changes().len(), 1);
        assert!(parse(&draft).is_ok(), "what was kept is read at any time");
    }
}

#[test]
fn each_choice_has_its_own_effect_on_the_register() {
    let mut draft = guideline_form();
    draft["maintenanceRequest"] = json!("Delete");
    draft["changes"] = json!([]);
    draft["deletions"] = json!([{"userId": "B01234X1"}, {"userId": "B01234X2"}]);
    let form = parse(&draft).unwrap().complete().unwrap();
    let changes = form.register_changes();
    assert_eq!(
        (changes[1].pointer.as_str(), &changes[1].kind),
        ("/deletions/1/userId", &RegisterChangeKind::Remove)
    );
    assert_eq!(form.registrations(), []);
}

#[test]
fn what_belongs_to_another_choice_is_refused_unless_it_is_empty() {
    let mut draft = guideline_form();
    draft["deletions"] = json!([{"userId": "B01234X1"}]);
    assert_eq!(faults(&draft), [("/deletions".into(), FaultKind::NotForChoice)]);
    draft["deletions"] = json!([]);
    assert!(parse(&draft).is_ok());
}

#[test]
fn an_eservice_that_is_not_in_the_catalogue_is_refused() {
    let mut draft = guideline_form();
    draft["eService"] = json!("DA9");
    assert_eq!(faults(&draft), [("/eService".into(), FaultKind::UnknownEService)]);
}

#[test]
fn an_order_of_readers_is_another_definition_and_no_other_code() {
    let draft = json!({
        "eService": "SCard3",
        "participantship": {"kind": "HKSCC Participant", "id": "B01234"},
        "quantity": 0,
        "users": [{"userId": "B01234U1", "name": "D Wong"}],
        "deliveryAddress": "Central",
        "neededBy": "tomorrow",
        "declaration": true,
        "contacts": [{"name": "AAA", "email": "AAA@bank.com.hk", "telephone": "29797111"}],
        "changes": [],
    });
    assert_eq!(
        faults(&draft),
        [
            ("/quantity".into(), FaultKind::Number { min: 1, max: 100 }),
            ("/deliveryAddress".into(), FaultKind::Address),
            ("/neededBy".into(), FaultKind::Date),
            ("/changes".into(), FaultKind::Unknown),
        ]
    );
    let mut right = draft.clone();
    right.as_object_mut().unwrap().remove("changes");
    right["quantity"] = json!(3);
    right["deliveryAddress"] = json!("8 Connaught Place\r\nCentral");
    right["neededBy"] = json!("2023-05-02");
    let form = parse(&right).unwrap().complete().unwrap();
    assert_eq!(form.register_changes(), []);
    let shown: Vec<String> = form
        .form()
        .values()
        .iter()
        .map(|value| {
            format!(
                "{}: {}",
                value.label.en,
                value.shown(crate::language::Language::English)
            )
        })
        .collect();
    assert_eq!(shown[0], "Number of Readers: 3");
    assert!(shown.contains(&"Needed By: 02-May-2023".to_owned()), "{shown:?}");
}

#[test]
fn a_clone_starts_undeclared() {
    let form = parse(&guideline_form()).unwrap().undeclared();
    let missing = form.complete().unwrap_err();
    assert_eq!(missing, [Fault::new("/declaration", FaultKind::Undeclared)]);
}

#[test]
fn what_can_not_be_read_and_what_is_missing_are_reported_at_once_and_nothing_is_reported_twice() {
    let rule = UserIdRule::new("[A-Z0-9]{1,4}").unwrap();
    let whole = |draft: &Json| {
        let read = Form::parse_whole(draft, &Terms::kept(&rule));
        let pointers = |faults: Vec<Fault>| faults.into_iter().map(|fault| fault.pointer).collect();
        read.map_err(|faults| -> Vec<String> { pointers(faults) })
    };
    let mut draft = json!({
        "eService": "DA3",
        "maintenanceRequest": "Change",
        "changes": [{"userId": "B01234X1", "email": "no address"}, {"userId": "", "email": "a@bank.example"}],
        "contacts": [{"name": "A", "email": "a@bank.example", "telephone": "29797111"}],
        "declaration": false,
    });
    // No participantship is chosen, an address can't be read, a User ID is missing, nothing is declared.
    assert_eq!(
        whole(&draft).unwrap_err(),
        [
            "/participantship",
            "/changes/0/email",
            "/changes/1/userId",
            "/declaration"
        ]
    );
    // Of rows that can't be read, none is missing.
    draft["changes"] = json!("B01234X1");
    draft["participantship"] = json!({"kind": "HKSCC Participant", "id": "B01234"});
    assert_eq!(whole(&draft).unwrap_err(), ["/changes", "/declaration"]);
    draft["changes"] = json!([{"userId": "B01234X1", "email": "a@bank.example"}]);
    draft["declaration"] = json!(true);
    assert!(whole(&draft).is_ok());
    draft["eService"] = json!("DA4");
    assert_eq!(whole(&draft).unwrap_err(), ["/eService"]);
}
