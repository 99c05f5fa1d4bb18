//! What a form takes, and what it refuses.

use serde_json::json;

use super::*;

fn rule() -> UserIdRule {
    UserIdRule::new("[A-Z0-9]{1,4}").unwrap()
}

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
    let faults = Form::parse(draft, &rule(), None)
        .and_then(|form| form.complete().map(|_| ()))
        .unwrap_err();
    faults
        .into_iter()
        .map(|fault| (fault.pointer, fault.kind))
        .collect()
}

#[test]
fn the_guidelines_form_is_complete_and_registers_its_row() {
    let form = Form::parse(&guideline_form(), &rule(), None)
        .unwrap()
        .complete()
        .unwrap();
    let registrations = form.registrations();
    assert_eq!(registrations.len(), 1);
    assert_eq!(registrations[0].user_id, "B01234X1");
    assert_eq!(registrations[0].email, "ABC@bank.com.hk");
}

#[test]
fn a_form_reads_back_what_it_writes_with_the_same_digest() {
    let form = Form::parse(&guideline_form(), &rule(), None).unwrap();
    let again = Form::parse(&serde_json::from_str(&form.text()).unwrap(), &rule(), None).unwrap();
    assert_eq!((&again, again.digest()), (&form, form.digest()));
    assert!(
        form.text()
            .starts_with(r#"{"eService":"DA3","participantship":{"kind":"HKSCC Participant""#)
    );
}

#[test]
fn an_incomplete_form_can_be_saved_but_not_submitted() {
    let draft = json!({"eService": "DA3", "participantship": {"kind": "HKSCC Participant", "id": "B01234"},
        "changes": [{"userId": "B01234X1"}]});
    assert!(Form::parse(&draft, &rule(), None).is_ok());
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
            (
                "/maintenanceRequest".into(),
                FaultKind::NotAnOption(vec!["Change".into()])
            ),
            ("/changes/0/userId".into(), FaultKind::UserId("B01234".into())),
            ("/changes/0/email".into(), FaultKind::Email),
            (
                "/changes/1/email".into(),
                FaultKind::NotA(crate::fault::JsonType::Text)
            ),
            ("/changes/2/e~1mail".into(), FaultKind::Unknown),
            ("/changes/2/userId".into(), FaultKind::Duplicate(2)),
            ("/remarks".into(), FaultKind::ControlCharacter),
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
    assert!(Form::parse(&draft, &rule(), None).is_ok());
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
    let mut draft = guideline_form();
    draft.as_object_mut().unwrap().remove("contacts");
    let form = Form::parse(&draft, &rule(), Some(&contact)).unwrap();
    assert_eq!(form.rows("contacts")[0]["name"], "AAA");
    draft["contacts"] = json!([]);
    assert!(
        Form::parse(&draft, &rule(), Some(&contact))
            .unwrap()
            .rows("contacts")
            .is_empty()
    );
}

#[test]
fn a_smart_card_eservice_is_not_served_yet() {
    let mut draft = guideline_form();
    draft["eService"] = json!("SCard1");
    assert_eq!(
        faults(&draft),
        [("/eService".into(), FaultKind::EServiceNotServed)]
    );
    draft["eService"] = json!("DA9");
    assert_eq!(faults(&draft), [("/eService".into(), FaultKind::UnknownEService)]);
}

#[test]
fn a_clone_starts_undeclared() {
    let form = Form::parse(&guideline_form(), &rule(), None)
        .unwrap()
        .undeclared();
    let missing = form.complete().unwrap_err();
    assert_eq!(missing, [Fault::new("/declaration", FaultKind::Undeclared)]);
}
