//! The document has the domain's terms and limits.

use std::collections::BTreeSet;

use countersign_domain::actor::{Person, Right};
use countersign_domain::audit::{Kind, Reason};
use countersign_domain::contact::UserIdRule;
use countersign_domain::eservice::{EServiceId, End, MAX_TEXT_CHARS};
use countersign_domain::form::{Form, Terms};
use countersign_domain::id::{PersonId, Reference, RequestId};
use countersign_domain::language::Language;
use countersign_domain::participantship::ParticipantshipKind;
use countersign_domain::register::Readiness;
use countersign_domain::request::{State, StateName, Taken};
use countersign_domain::{time, wording};
use countersign_platform::store::page::{DEFAULT_LIMIT, MAX_LIMIT};
use countersign_tests::contract::{USER_ID_SUFFIX, validator};
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
    let classifications: BTreeSet<_> = EServiceId::ALL.map(|id| id.definition().classification.en).into();
    assert_eq!(
        texts(&schema("Classification")["enum"]),
        Vec::from_iter(classifications)
    );
    assert_eq!(
        texts(&schema("DelegatedAdministrator")["properties"]["twoFactor"]["enum"]),
        Readiness::ALL.map(Readiness::as_str)
    );
    assert_eq!(
        texts(&schema("RefusedAttempt")["properties"]["reason"]["enum"]),
        Reason::ALL.map(Reason::as_str)
    );
    assert_eq!(
        texts(&node("/components/parameters/AuditKind")["schema"]["enum"]),
        Kind::ALL.map(Kind::as_str)
    );
}

#[test]
fn every_state_has_the_status_text_of_the_guideline() {
    let at = time::parse("2023-02-07T10:45:00+08:00").unwrap();
    let by = Person {
        id: PersonId::parse("1").unwrap(),
        name: "D Wong".to_owned(),
    };
    let first_check = Some(Taken { by: by.clone(), at });
    let checked = State::ReadyToSend { first_check };
    let claimed = State::Claimed {
        first_check: None,
        holder: Taken { by, at },
        lease_ends: None,
    };
    for end in [End::AtTheExchange, End::AtTheCompany] {
        let checked = wording::status(&checked, end, Language::English);
        for state in StateName::ALL {
            let standing = json!({ "state": state.as_str(), "status": checked });
            let is_right = state == StateName::ReadyToSend;
            assert_eq!(is_valid("Standing", &standing), is_right, "{standing}");
        }
        assert!(is_valid("Status", &json!(checked)));
        let claimed = wording::status(&claimed, end, Language::English);
        let text = |state| match state {
            StateName::Claimed => claimed.as_str(),
            state => wording::status_in(state, end, Language::English),
        };
        for state in StateName::ALL {
            assert!(is_valid("Status", &json!(text(state))), "{state:?}");
            for other in StateName::ALL {
                let standing = json!({ "state": state.as_str(), "status": text(other) });
                assert_eq!(is_valid("Standing", &standing), state == other, "{standing}");
            }
        }
    }
    assert!(!is_valid(
        "Status",
        &json!(wording::plain_status(StateName::Claimed, Language::English))
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

#[test]
fn a_draft_that_the_document_shows_is_taken_and_kept_as_the_document_says() {
    let rule = UserIdRule::new(USER_ID_SUFFIX).unwrap();
    for code in EServiceId::ALL.map(EServiceId::code) {
        let name = format!("{}Draft", code[..1].to_uppercase() + &code[1..].to_lowercase());
        let examples = schema(&name)["examples"].as_array().unwrap();
        let null = examples[0].as_object().unwrap().iter().map(|(name, value)| {
            let keep = matches!(name.as_str(), "eService" | "participantship");
            (name.clone(), if keep { value.clone() } else { Value::Null })
        });
        for draft in examples.iter().cloned().chain([Value::Object(null.collect())]) {
            assert!(is_valid("Draft", &draft), "{draft}");
            let form = Form::parse(&draft, &Terms::kept(&rule)).unwrap();
            assert!(is_valid("Form", &serde_json::to_value(&form).unwrap()), "{draft}");
        }
    }
}

#[test]
fn a_user_id_that_is_taken_has_the_pattern_of_a_draft_and_what_has_it_not_is_refused() {
    let rule = UserIdRule::new(USER_ID_SUFFIX).unwrap();
    for (user_id, is_taken) in [
        ("B01234X1", true),
        (" b01234x1\t", true),
        ("\u{3000}Ｂ０１２３４ｘ１", true),
        ("B01234-1", false),
        ("B01234 X1", false),
        ("B01234é", false),
    ] {
        let mut draft = schema("Da3Draft")["examples"][0].clone();
        draft["maintenanceRequest"] = json!("Change");
        draft["additions"] = Value::Null;
        draft["deletions"] = Value::Null;
        draft["changes"] = json!([{"userId": user_id, "email": "da@bank.example"}]);
        assert_eq!(is_valid("Da3Draft", &draft), is_taken, "{user_id:?}");
        assert_eq!(
            Form::parse(&draft, &Terms::kept(&rule)).is_ok(),
            is_taken,
            "{user_id:?}"
        );
    }
}

#[test]
fn every_email_address_in_the_document_has_its_format() {
    fn look(place: &str, node: &Value) {
        match node {
            Value::Object(members) => {
                let properties = members.get("properties").and_then(Value::as_object);
                for (name, property) in properties.into_iter().flatten() {
                    let is_address = name == "email" || name.ends_with("Email");
                    // What is kept of a form may be empty.
                    let has_format = !place.ends_with("Form");
                    let is_format = property["format"] == "idn-email";
                    assert!(!is_address || is_format == has_format, "{place}/{name}");
                }
                members
                    .iter()
                    .for_each(|(name, node)| look(&format!("{place}/{name}"), node));
            }
            Value::Array(items) => items.iter().for_each(|node| look(place, node)),
            _ => {}
        }
    }
    look("", node("/components/schemas"));
}

#[test]
fn text_takes_lines_and_no_other_control_character() {
    for (text, is_text) in [
        ("a\nb 陳", true),
        ("a\r\nb", true),
        ("a\tb", true),
        ("\u{b}", false),
        ("\u{0}", false),
        ("\u{85}", false),
    ] {
        assert_eq!(
            countersign_domain::field::free_text(text, MAX_TEXT_CHARS).is_ok(),
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
