//! Each row's step, and each company that is entered, is an event that its schema in `docs/events` describes.

use std::time::Duration;

use countersign_domain::request::StateName;
use countersign_domain::workflow::{Action, From, Row, TABLE};
use countersign_local::Options;
use countersign_tests::World;
use jsonschema::Validator;
use serde_json::{Value, json};

use super::guards::make_ready;
use super::play::{IN_THE_CAMPAIGN, Play};

/// The schemas of steps and of companies. A consumer has to accept members that it does not know; here, a member that the
/// schema does not describe is a failure.
fn schemas() -> [Validator; 2] {
    let texts = [
        include_str!("../../../docs/events/request-step-taken-1.json"),
        include_str!("../../../docs/events/company-entered-1.json"),
    ];
    texts.map(|text| {
        let mut schema: Value = serde_json::from_str(text).unwrap();
        schema["properties"]["detail"]["additionalProperties"] = json!(false);
        jsonschema::validator_for(&schema).unwrap()
    })
}

#[track_caller]
fn check(schema: &Validator, event: &Value) {
    let errors: Vec<String> = schema.iter_errors(event).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}: {event}");
}

async fn world() -> World {
    World::with(Options {
        clock: IN_THE_CAMPAIGN.parse().ok(),
        // Some of these rows come without what their mails need, which is tried again and again.
        longest_retry_pause: Duration::from_millis(1),
        ..Options::in_memory()
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_step_of_each_row_is_an_event_without_a_word_that_a_person_wrote() {
    let world = world().await;
    let [of_steps, of_companies] = schemas();
    for (number, row) in (1..).zip(&TABLE) {
        let play = Play::open(&world, number).await.for_row(row);
        let id = play.request_for(row).await;
        make_ready(&world, &play, row, id).await;
        let (command, _) = play.command(row, id).await;
        let taken = play.take(command).await.unwrap();
        let company = play.head(taken.request).await.head.company;
        world.local.settle().await;
        let events = world.local.events();
        let mut events = events.iter();
        let event = events.find(|event| {
            event["detail"]["request"] == taken.request.to_string()
                && event["detail"]["version"] == taken.version
        });
        let event = event.unwrap_or_else(|| panic!("{:?} from {:?} is no event", row.action, row.from));
        check(&of_steps, event);
        let stored = serde_json::to_value(&taken).unwrap();
        let detail = &event["detail"];
        for (member, attribute) in [
            ("eService", "eservice"),
            ("reference", "reference"),
            ("action", "action"),
            ("from", "from"),
            ("to", "to"),
            ("at", "at"),
        ] {
            assert_eq!(detail[member], stored[attribute], "{member}: {event}");
        }
        let desk = taken.to.desk().map_or(Value::Null, |desk| json!(desk));
        assert_eq!(
            (&detail["company"], &detail["desk"]),
            (&json!(company.as_str()), &desk)
        );
        assert_eq!(detail["hash"], taken.digest().to_string());
        let said = event.to_string();
        for personal in [
            taken.actor.name.as_str(),
            taken.actor.id.as_str(),
            "Please see row 1.",
        ] {
            assert!(!said.contains(personal), "{personal}: {said}");
        }
        let entered = world.local.events();
        let mut entered = entered
            .iter()
            .filter(|event| event["detail-type"] == "Company Entered");
        let entered = entered.find(|event| event["detail"]["company"] == company.as_str());
        check(&of_companies, entered.unwrap());
    }
    for event in world.local.events() {
        check(
            if event["detail"]["request"].is_string() {
                &of_steps
            } else {
                &of_companies
            },
            &event,
        );
    }
    world.local.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_on_the_bus_has_the_hashes_and_the_versions_of_its_history() {
    let world = world().await;
    let cast = countersign_tests::cast::Cast::sign_in(&world).await;
    let completed = cast.request_in(StateName::Completed, 1).await;
    world.local.settle().await;
    let whole = cast.maker.read(&completed.id()).await;
    let rows = whole["history"].as_array().unwrap().iter();
    let of_api: Vec<_> = rows
        .map(|row| (row["version"].clone(), row["hash"].clone()))
        .collect();
    let events = world.local.events();
    let of_request = events
        .iter()
        .filter(|event| event["detail"]["request"] == completed.id());
    let mut on_bus: Vec<_> = of_request
        .map(|event| {
            (
                event["detail"]["version"].clone(),
                event["detail"]["hash"].clone(),
            )
        })
        .collect();
    on_bus.reverse();
    assert_eq!(on_bus, of_api);
    world.local.stop().await;
}

/// The states that a row may start from, as an event names them.
fn starts(row: &Row) -> Vec<Option<StateName>> {
    match row.from {
        From::State(state) => vec![Some(state)],
        // A clone is a new request.
        From::Nothing | From::Any => vec![None],
    }
}

#[test]
fn readiness_hears_of_the_steps_that_open_or_close_a_request_of_new_companies_and_of_nothing_else() {
    let template = countersign_local::template::load(&[].into()).unwrap();
    let rules = template.event_bus.rules;
    let rule = rules
        .iter()
        .find(|rule| rule.queues == ["ReadinessChanges"])
        .unwrap();
    for row in &TABLE {
        for from in starts(row) {
            let mut event = json!({
                "source": "countersign", "detail-type": "Request Step Taken",
                "detail": { "schemaVersion": 1, "action": row.action, "to": row.to },
            });
            if let Some(from) = from {
                event["detail"]["from"] = json!(from);
            }
            let changes = from.is_some_and(StateName::is_open) != row.to.is_open();
            assert_eq!(rule.pattern.matches(&event), changes, "{event}");
        }
    }
    let mut entered = json!({
        "source": "countersign", "detail-type": "Company Entered", "detail": { "schemaVersion": 1, "company": "abc" },
    });
    assert!(rule.pattern.matches(&entered));
    entered["detail"]["schemaVersion"] = json!(2);
    assert!(
        !rule.pattern.matches(&entered),
        "a schema version that readiness does not know"
    );
}

#[test]
fn the_documentation_names_each_action_and_state_and_the_schemas() {
    let guide = include_str!("../../../docs/EVENTS.md");
    let states = StateName::ALL.iter().map(|state| state.as_str());
    let names = Action::ALL.iter().map(|action| action.as_str()).chain(states);
    for name in names {
        assert!(guide.contains(&format!("`{name}`")), "{name}");
    }
    let (_, sample) = guide.split_once("```json\n").unwrap();
    let (sample, _) = sample.split_once("```").unwrap();
    let [of_steps, _] = schemas();
    check(&of_steps, &serde_json::from_str(sample).unwrap());
}
