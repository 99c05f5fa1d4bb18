//! The document has the domain's words and limits.

use std::collections::BTreeSet;

use countersign_domain::actor::{Person, Right};
use countersign_domain::contact::{EmailAddress, UserIdRule};
use countersign_domain::eservice::{CellKind, EServiceId, Field, FieldKind, MAX_TEXT_CHARS};
use countersign_domain::form::Form;
use countersign_domain::id::{PersonId, Reference, RequestId};
use countersign_domain::participantship::ParticipantshipKind;
use countersign_domain::register::Readiness;
use countersign_domain::request::{State, StateName, Taken};
use countersign_domain::{time, wording};
use countersign_platform::store::page::{DEFAULT_LIMIT, MAX_LIMIT};
use countersign_tests::contract::validator;
use serde_json::{Value, json};

use super::{node, schema, texts};

fn is_valid(name: &str, value: &Value) -> bool {
    validator(&format!("/components/schemas/{name}")).is_valid(value)
}

#[test]
fn states_rights_kinds_and_codes_are_the_domains() {
    assert_eq!(
        texts(&schema("State")["enum"]),
        StateName::ALL.map(StateName::as_str)
    );
    assert_eq!(texts(&schema("Right")["enum"]), Right::ALL.map(Right::as_str));
    assert_eq!(
        texts(&schema("ParticipantshipKind")["enum"]),
        ParticipantshipKind::ALL.map(ParticipantshipKind::as_str)
    );
    assert_eq!(
        texts(&schema("EServiceCode")["enum"]),
        EServiceId::ALL.map(EServiceId::code)
    );
    let classifications: BTreeSet<_> = EServiceId::ALL.map(|id| id.definition().classification).into();
    assert_eq!(
        texts(&schema("Classification")["enum"]),
        Vec::from_iter(classifications)
    );
    assert_eq!(
        texts(&schema("DelegatedAdministrator")["properties"]["twoFactor"]["enum"]),
        Readiness::ALL.map(Readiness::as_str)
    );
}

#[test]
fn every_state_has_the_status_text_of_the_guideline() {
    let at = time::parse("2023-02-07T10:45:00+08:00").unwrap();
    let by = Person {
        id: PersonId::parse("1").unwrap(),
        name: "D Wong".to_owned(),
    };
    let claimed = wording::status(&State::Claimed {
        holder: Taken { by, at },
        lease_ends: None,
    });
    let text = |state| match state {
        StateName::Claimed => claimed.as_str(),
        state => wording::plain_status(state),
    };
    for state in StateName::ALL {
        assert!(is_valid("Status", &json!(text(state))), "{state:?}");
        for other in StateName::ALL {
            let standing = json!({ "state": state.as_str(), "status": text(other) });
            assert_eq!(is_valid("Standing", &standing), state == other, "{standing}");
        }
    }
    assert!(!is_valid(
        "Status",
        &json!(wording::plain_status(StateName::Claimed))
    ));
}

#[test]
fn ids_and_times_have_the_domains_spelling() {
    let at = time::parse("2023-02-07T10:43:00.999999+08:00").unwrap();
    for (name, good, bad) in [
        (
            "RequestId",
            RequestId::from_parts(1_675_737_780_000, u128::MAX).to_string(),
            RequestId::from_bytes([255; 16]).to_string().to_lowercase(),
        ),
        (
            "Reference",
            Reference::new(EServiceId::Da3, 13361).unwrap().to_string(),
            "DA3_13361".to_owned(),
        ),
        ("Instant", time::stored(at), at.to_string()),
        ("ShownTime", time::shown(at), time::shown_date(at)),
        ("ShownDay", time::shown_day(time::day_of(at)), time::shown(at)),
    ] {
        assert!(is_valid(name, &json!(good)), "{name}: {good}");
        assert!(!is_valid(name, &json!(bad)), "{name}: {bad}");
    }
}

#[test]
fn limits_are_the_domains() {
    for name in ["Message", "Reason"] {
        assert_eq!(schema(name)["properties"]["message"]["maxLength"], MAX_TEXT_CHARS);
    }
    let limit = &node("/components/parameters/Limit")["schema"];
    assert_eq!(
        *limit,
        json!({ "type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT })
    );
    for name in [
        "RequestList",
        "TaskList",
        "DelegatedAdministratorList",
        "CompanyCountsList",
    ] {
        assert_eq!(schema(name)["properties"]["items"]["maxItems"], MAX_LIMIT);
    }
}

/// The schemas of drafts or of kept forms, by eService.
fn forms(name: &str) -> Vec<(&'static str, &'static Value)> {
    let each = schema(name)["oneOf"].as_array().unwrap().iter();
    each.map(|one| node(&one["$ref"].as_str().unwrap()[1..]))
        .map(|form| (form["properties"]["eService"]["const"].as_str().unwrap(), form))
        .collect()
}

#[test]
fn every_eservice_that_is_served_has_its_form_in_the_document() {
    for name in ["Draft", "Form"] {
        let served: Vec<_> = EServiceId::ALL
            .into_iter()
            .filter(|id| id.definition().form.is_some())
            .collect();
        let codes: Vec<_> = forms(name).into_iter().map(|(code, _)| code).collect();
        assert_eq!(codes, served.iter().map(|id| id.code()).collect::<Vec<_>>());
        for (code, form) in forms(name) {
            let definition = EServiceId::parse(code).unwrap().definition().form.unwrap();
            let members: BTreeSet<_> = form["properties"]
                .as_object()
                .unwrap()
                .keys()
                .map(String::as_str)
                .collect();
            let fields = definition.fields.iter().map(|field| field.name);
            assert_eq!(members, fields.chain(["eService", "participantship"]).collect());
            for field in definition.fields {
                hold_field(&form["properties"][field.name], field);
            }
        }
    }
}

/// Holds a member's schema to what the form's definition says of it.
fn hold_field(said: &'static Value, field: &Field) {
    match &field.kind {
        FieldKind::Choice(options) => assert_eq!(texts(&said["enum"]), *options),
        FieldKind::Text(max) => assert_eq!(said["maxLength"], *max),
        FieldKind::Declaration => assert!(said["type"].to_string().contains("boolean")),
        FieldKind::Rows(rows) => {
            assert_eq!(said["maxItems"], rows.max, "{}", field.name);
            let cells = node(&said["items"]["$ref"].as_str().unwrap()[1..])["properties"]
                .as_object()
                .unwrap();
            let columns: BTreeSet<_> = rows.columns.iter().map(|column| column.name).collect();
            assert_eq!(cells.keys().map(String::as_str).collect::<BTreeSet<_>>(), columns);
            for column in rows.columns {
                let most = &cells[column.name]["maxLength"];
                match column.kind {
                    CellKind::Name(max) => assert_eq!(*most, max),
                    CellKind::Email => assert_eq!(*most, EmailAddress::MAX_OCTETS),
                    CellKind::UserId => assert!(most.is_number()),
                    CellKind::Telephone => assert!(cells[column.name]["pattern"].is_string()),
                }
            }
        }
    }
}

#[test]
fn a_draft_that_the_document_shows_is_taken_and_kept_as_the_document_says() {
    let rule = UserIdRule::new("[A-Z0-9]{1,4}").unwrap();
    for (code, _) in forms("Draft") {
        let name = format!("{}Draft", code[..1].to_uppercase() + &code[1..].to_lowercase());
        let examples = schema(&name)["examples"].as_array().unwrap();
        let null = examples[0].as_object().unwrap().iter().map(|(name, value)| {
            let keep = matches!(name.as_str(), "eService" | "participantship");
            (name.clone(), if keep { value.clone() } else { Value::Null })
        });
        for draft in examples.iter().cloned().chain([Value::Object(null.collect())]) {
            assert!(is_valid("Draft", &draft), "{draft}");
            let form = Form::parse(&draft, &rule, None).unwrap();
            assert!(is_valid("Form", &serde_json::to_value(&form).unwrap()), "{draft}");
        }
    }
}

#[test]
fn text_takes_lines_and_no_other_control_character() {
    for (text, is_text) in [
        ("a\nb 陳", true),
        ("a\rb", false),
        ("a\tb", false),
        ("\u{0}", false),
        ("\u{85}", false),
    ] {
        assert_eq!(
            countersign_domain::form::free_text(text, MAX_TEXT_CHARS).is_ok(),
            is_text,
            "{text:?}"
        );
        assert_eq!(
            is_valid("Message", &json!({ "message": text })),
            is_text,
            "{text:?}"
        );
    }
    let longest = "陳".repeat(MAX_TEXT_CHARS);
    assert!(is_valid("Message", &json!({ "message": longest })));
    assert!(!is_valid("Message", &json!({ "message": format!("{longest}.") })));
    assert!(!is_valid("Reason", &json!({ "message": " \n" })) && !is_valid("Reason", &json!({})));
}
