//! What the document says about a step follows from the workflow's table: who is refused and why, and which state it
//! leads to.

use std::collections::BTreeSet;

use countersign_domain::request::StateName;
use countersign_domain::workflow::{Action, From, Guard, Party, Row, TABLE};
use countersign_tests::contract::validator;
use serde_json::Value;

use super::{operation, problems, schema, texts};

/// The rows that the API serves, without those that only a reply by e-mail or the clock can take.
fn rows() -> impl Iterator<Item = &'static Row> {
    TABLE
        .iter()
        .filter(|row| row.who != Party::Clock && !row.needs(Guard::MailToken))
}

fn route(row: &Row) -> (&'static str, String) {
    match (row.action, row.from) {
        (Action::Save, From::Nothing) => ("POST", "/requests".to_owned()),
        (Action::Save, From::Any | From::State(_)) => ("PUT", "/requests/{id}".to_owned()),
        (Action::Discard, _) => ("DELETE", "/requests/{id}".to_owned()),
        (
            Action::Clone
            | Action::Submit
            | Action::Reclaim
            | Action::Claim
            | Action::Release
            | Action::ReleaseForAbsence
            | Action::HandOver
            | Action::TakeOver
            | Action::Return
            | Action::Confirm
            | Action::ConfirmByMail
            | Action::ReturnByMail
            | Action::Complete
            | Action::Reject,
            _,
        ) => ("POST", format!("/requests/{{id}}/{}", row.action.as_str())),
    }
}

/// The operation that serves a row, with all rows that it serves.
fn operations() -> impl Iterator<Item = (String, &'static Value, Vec<&'static Row>)> {
    rows().map(|row| {
        let (method, path) = route(row);
        let together = rows().filter(|other| route(other) == route(row)).collect();
        (format!("{method} {path}"), operation(method, &path), together)
    })
}

/// The problems for someone who is not this party.
fn of_party(who: Party) -> &'static [&'static str] {
    match who {
        Party::Colleague
        | Party::Manager
        | Party::Officer
        | Party::OtherOfficer
        | Party::HoldingOfficer
        | Party::Clock => &[],
        Party::ItsMaker => &["not-its-maker"],
        Party::Checker | Party::Holder => &["own-request", "checked-first"],
        Party::Confirmer => &["not-its-confirmer"],
    }
}

/// The problem if a guard conflicts with the present state.
fn of_guard(guard: Guard) -> Option<&'static str> {
    match guard {
        Guard::CampaignOpen => Some("not-open-yet"),
        Guard::AnotherChecker => Some("no-other-checker"),
        Guard::RegisterAgrees => Some("register-disagrees"),
        Guard::UserIdsFree => Some("in-open-request"),
        Guard::MakerGone => Some("maker-is-there"),
        Guard::ColleagueCanCheck => Some("colleague-cannot-check"),
        Guard::FirstOfTwoChecks
        | Guard::LastCheck
        | Guard::Unclaimed
        | Guard::LeaseEnded
        | Guard::HolderGone
        | Guard::MailToken
        | Guard::GoesToTheExchange
        | Guard::EndsAtTheCompany => Some("not-possible"),
        Guard::DirectoryAgrees => Some("directory-disagrees"),
        Guard::TwoManagersStay => Some("too-few-managers"),
        // These are faults in the form or message, 422, or the caller is the fault, 403.
        Guard::ClaimedParticipantship
        | Guard::OwnParticipantship
        | Guard::FormComplete
        | Guard::MessageGiven
        | Guard::Entitled
        | Guard::EntitledToManage
        | Guard::NotAboutSelf => None,
    }
}

#[test]
fn whoever_is_not_the_party_is_refused_as_documented() {
    for (name, operation, rows) in operations() {
        let mut expected = BTreeSet::from(["not-in-directory", "right-missing"]);
        expected.extend(rows.iter().flat_map(|row| of_party(row.who)));
        let needs = |guard| rows.iter().any(|row| row.needs(guard));
        if needs(Guard::Entitled) || needs(Guard::EntitledToManage) {
            expected.insert("right-withdrawn");
        }
        if needs(Guard::NotAboutSelf) {
            expected.insert("about-you");
        }
        assert_eq!(problems(operation, "403"), expected, "{name}");
    }
}

#[test]
fn every_conflict_of_a_step_is_documented_and_no_other() {
    for (name, operation, rows) in operations() {
        let guards = rows
            .iter()
            .flat_map(|row| row.guards)
            .filter_map(|guard| of_guard(*guard));
        let mut expected: BTreeSet<&str> = guards.collect();
        if rows.iter().any(|row| matches!(row.from, From::State(_))) {
            expected.insert("not-possible");
        }
        assert_eq!(problems(operation, "409"), expected, "{name}");
    }
}

#[test]
fn a_step_on_what_was_read_needs_its_tag() {
    for (name, operation, rows) in operations() {
        let needs_tag = rows.iter().any(|row| matches!(row.from, From::State(_)));
        assert_eq!(
            problems(operation, "428").contains("tag-missing"),
            needs_tag,
            "{name}"
        );
        let takes = |parameter: &str| {
            let reference = format!("#/components/parameters/{parameter}");
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            parameters
                .into_iter()
                .any(|one| one["$ref"] == reference.as_str())
        };
        assert_eq!(takes("IfMatch"), needs_tag, "{name}");
        assert!(takes("IdempotencyKey"), "{name}");
    }
}

#[test]
fn a_step_leads_where_the_table_says() {
    for (name, operation, rows) in operations() {
        let responses = &operation["responses"];
        let done = responses.get("200").or(responses.get("201")).unwrap();
        let done = &done["content"]["application/json"];
        assert_eq!(
            done["schema"]["$ref"], "#/components/schemas/StepResult",
            "{name}"
        );
        let mut said = BTreeSet::new();
        for (state, example) in done["examples"].as_object().unwrap() {
            let example = &example["value"];
            assert_eq!(example["state"], *state, "{name}");
            assert!(
                validator("/components/schemas/StepResult").is_valid(example),
                "{name}: {example}"
            );
            said.insert(state.as_str());
        }
        let expected: BTreeSet<_> = rows.iter().map(|row| row.to.as_str()).collect();
        assert_eq!(said, expected, "{name}");
    }
}

#[test]
fn a_message_can_go_with_every_step_on_a_request_but_save_discard_and_clone() {
    for (name, operation, rows) in operations() {
        let body = &operation["requestBody"];
        let takes = body["content"]["application/json"]["schema"]["$ref"].as_str();
        let expected = match rows[0].action {
            Action::Save => Some("#/components/schemas/Draft"),
            Action::Discard | Action::Clone => None,
            Action::HandOver => Some("#/components/schemas/HandOver"),
            Action::Submit
            | Action::Reclaim
            | Action::Claim
            | Action::Release
            | Action::ReleaseForAbsence
            | Action::TakeOver
            | Action::Return
            | Action::Confirm
            | Action::ConfirmByMail
            | Action::ReturnByMail
            | Action::Complete
            | Action::Reject => Some(if rows[0].needs(Guard::MessageGiven) {
                "#/components/schemas/Reason"
            } else {
                "#/components/schemas/Message"
            }),
        };
        assert_eq!(takes, expected, "{name}");
        let needs_body = matches!(
            takes,
            Some(
                "#/components/schemas/Draft"
                    | "#/components/schemas/Reason"
                    | "#/components/schemas/HandOver"
            )
        );
        assert_eq!(body["required"] == true, needs_body, "{name}");
    }
}

#[test]
fn the_actions_to_offer_are_those_that_the_api_serves() {
    let served: Vec<_> = Action::ALL
        .into_iter()
        .filter(|action| rows().any(|row| row.action == *action))
        .map(Action::as_str)
        .collect();
    assert_eq!(texts(&schema("AllowedActions")["items"]["enum"]), served);
    assert_eq!(texts(&schema("Action")["enum"]), Action::ALL.map(Action::as_str));
}

#[test]
fn a_task_is_in_a_state_that_a_desk_has() {
    let on_a_desk: Vec<_> = StateName::ALL
        .into_iter()
        .filter(|state| state.desk().is_some())
        .map(StateName::as_str)
        .collect();
    assert_eq!(texts(&schema("Task")["properties"]["state"]["enum"]), on_a_desk);
}
