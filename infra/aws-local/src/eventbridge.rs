//! Stands in for EventBridge: takes events on its real wire, and sends them to the queues of the rules that they match.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header::CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json as Body, Router};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::cloudformation::EventBus;
use crate::sqs::Queues;
use crate::{ACCOUNT, Clock, REGION};

/// The most events of one call.
const MOST_ENTRIES: usize = 10;

/// How many of the newest events are kept to look at. The bus itself keeps none.
const KEPT: usize = 1_000;

/// Asked before each event is taken, by its detail: whether the bus refuses it. What a test makes EventBridge do.
pub type EventFaults = Arc<dyn Fn(&Json) -> bool + Send + Sync>;

/// An event bus with its rules.
pub struct EventBridge {
    bus: EventBus,
    queues: Arc<Queues>,
    clock: Clock,
    faults: Option<EventFaults>,
    newest: Mutex<VecDeque<Json>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct PutEvents {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Entry {
    source: String,
    detail_type: String,
    detail: String,
    event_bus_name: String,
    /// In seconds.
    time: Option<f64>,
    #[serde(default)]
    resources: Vec<String>,
}

/// Why a call is refused: the exception and its message.
struct Refusal(&'static str, String);

impl EventBridge {
    pub fn new(bus: EventBus, queues: Arc<Queues>, clock: Clock, faults: Option<EventFaults>) -> Arc<Self> {
        Arc::new(Self {
            bus,
            queues,
            clock,
            faults,
            newest: Mutex::default(),
        })
    }

    /// The newest events, the last one first, as rules send them on.
    pub fn events(&self) -> Vec<Json> {
        let newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        newest.iter().rev().cloned().collect()
    }

    /// Takes events and answers what became of each.
    fn put(&self, entries: &[Entry]) -> Result<Json, Refusal> {
        if entries.is_empty() || entries.len() > MOST_ENTRIES {
            let reason = format!("There have to be 1 to {MOST_ENTRIES} entries.");
            return Err(Refusal("ValidationException", reason));
        }
        let (mut taken, mut results) = (Vec::new(), Vec::new());
        for entry in entries {
            if entry.event_bus_name != self.bus.name {
                let reason = format!("Event bus {} does not exist.", entry.event_bus_name);
                return Err(Refusal("ResourceNotFoundException", reason));
            }
            results.push(match self.event(entry) {
                Ok(event) => {
                    let result = json!({ "EventId": event["id"] });
                    taken.push(event);
                    result
                }
                Err(Refusal(code, message)) => json!({ "ErrorCode": code, "ErrorMessage": message }),
            });
        }
        self.send(&taken);
        let failed = entries.len() - taken.len();
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        newest.extend(taken);
        let surplus = newest.len().saturating_sub(KEPT);
        newest.drain(..surplus);
        Ok(json!({ "FailedEntryCount": failed, "Entries": results }))
    }

    /// The event of an entry, as rules send it on.
    fn event(&self, entry: &Entry) -> Result<Json, Refusal> {
        let detail: Json = serde_json::from_str(&entry.detail).unwrap_or_default();
        if !detail.is_object() {
            return Err(Refusal("MalformedDetail", "Detail is malformed.".to_owned()));
        }
        if self.faults.as_ref().is_some_and(|refuses| refuses(&detail)) {
            return Err(Refusal("InternalFailure", "A test's fault.".to_owned()));
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "whole seconds of this age of the world"
        )]
        let given = entry
            .time
            .and_then(|time| Timestamp::from_second(time as i64).ok());
        Ok(json!({
            "version": "0",
            "id": crate::random::uuid(),
            "detail-type": entry.detail_type,
            "source": entry.source,
            "account": ACCOUNT,
            "time": format!("{:.0}", given.unwrap_or_else(|| self.clock.now())),
            "region": REGION,
            "resources": entry.resources,
            "detail": detail,
        }))
    }

    /// Sends events to the queues of the rules that they match.
    fn send(&self, events: &[Json]) {
        let of = |event: &Json| {
            let rules = self.bus.rules.iter();
            let matching = rules.filter(|rule| rule.pattern.matches(event));
            let queues = matching.flat_map(|rule| &rule.queues);
            let sent = queues.map(|queue| (queue.as_str(), event.clone()));
            sent.collect::<Vec<_>>()
        };
        let sent: Vec<_> = events.iter().flat_map(of).collect();
        if !sent.is_empty() {
            self.queues.send_all(sent);
        }
    }
}

/// The endpoint. An operation other than `PutEvents` is refused as AWS does.
pub fn router(bridge: Arc<EventBridge>) -> Router {
    Router::new().route("/", post(serve)).with_state(bridge)
}

async fn serve(
    State(bridge): State<Arc<EventBridge>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    if headers
        .get("x-amz-target")
        .is_none_or(|target| target != "AWSEvents.PutEvents")
    {
        let reason = "This stand-in knows PutEvents alone.";
        return Err(Refusal("UnknownOperationException", reason.to_owned()));
    }
    let call: PutEvents = serde_json::from_slice(&body)
        .map_err(|error| Refusal("SerializationException", error.to_string()))?;
    // A queue is kept in a file, which blocks.
    let put = tokio::task::spawn_blocking(move || bridge.put(&call.entries));
    let answer = put
        .await
        .map_err(|error| Refusal("InternalException", error.to_string()))??;
    Ok(([(CONTENT_TYPE, "application/x-amz-json-1.1")], Body(answer)).into_response())
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self(exception, message) = self;
        let body = Body(json!({ "__type": exception, "message": message }));
        (StatusCode::BAD_REQUEST, body).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::tests::TestClock;
    use crate::cloudformation::Rule;
    use crate::event_pattern::EventPattern;
    use crate::testing::{SOURCE, queues};

    fn bridge(queues: &Arc<Queues>) -> Arc<EventBridge> {
        let rule = Rule {
            logical_id: "Rule".to_owned(),
            pattern: EventPattern::parse(r#"{"detail":{"kind":["wanted"]}}"#).unwrap(),
            queues: vec![SOURCE.to_owned()],
        };
        let bus = EventBus {
            name: "bus".to_owned(),
            rules: vec![rule],
        };
        let faults: EventFaults = Arc::new(|detail| detail["kind"] == "refused");
        let clock = TestClock::at("2023-02-07T02:43:00Z").clock();
        EventBridge::new(bus, queues.clone(), clock, Some(faults))
    }

    async fn call(
        bridge: &Arc<EventBridge>,
        target: &'static str,
        body: &Json,
    ) -> Result<Json, &'static str> {
        let headers = HeaderMap::from_iter([("x-amz-target".parse().unwrap(), target.parse().unwrap())]);
        let answer = serve(State(bridge.clone()), headers, body.to_string().into()).await;
        let body = answer.map_err(|refusal| refusal.0)?.into_body();
        Ok(serde_json::from_slice(&axum::body::to_bytes(body, 10_000).await.unwrap()).unwrap())
    }

    fn entry(detail: &str) -> Json {
        json!({
            "Source": "test", "DetailType": "Test", "Detail": detail, "EventBusName": "bus", "Time": 1_675_737_783.434,
        })
    }

    #[tokio::test]
    async fn each_event_goes_to_the_queues_of_its_rules_and_one_that_is_refused_keeps_no_other_from_it() {
        let queues = queues();
        let bridge = bridge(&queues);
        let kinds = ["refused", "wanted", "other"].map(|kind| entry(&json!({ "kind": kind }).to_string()));
        let mut entries = kinds.to_vec();
        entries.push(entry("no JSON"));
        let answer = call(&bridge, "AWSEvents.PutEvents", &json!({ "Entries": entries }))
            .await
            .unwrap();
        assert_eq!(answer["FailedEntryCount"], 2);
        assert_eq!(answer["Entries"][0]["ErrorCode"], "InternalFailure");
        assert_eq!(answer["Entries"][3]["ErrorCode"], "MalformedDetail");
        let sent = queues.messages(SOURCE);
        assert_eq!(sent.len(), 1);
        assert_eq!(
            (&sent[0]["id"], &sent[0]["time"], &sent[0]["detail"]["kind"]),
            (
                &answer["Entries"][1]["EventId"],
                &json!("2023-02-07T02:43:03Z"),
                &json!("wanted")
            )
        );
        let kinds: Vec<_> = bridge
            .events()
            .iter()
            .map(|event| event["detail"]["kind"].clone())
            .collect();
        assert_eq!(kinds, ["other", "wanted"]);
    }

    #[tokio::test]
    async fn a_call_that_is_not_understood_is_refused() {
        let bridge = bridge(&queues());
        let put = "AWSEvents.PutEvents";
        let mut elsewhere = entry("{}");
        elsewhere["EventBusName"] = json!("another");
        for (target, entries, refusal) in [
            (
                "AWSEvents.PutRule",
                vec![entry("{}")],
                "UnknownOperationException",
            ),
            (put, vec![], "ValidationException"),
            (put, vec![entry("{}"); 11], "ValidationException"),
            (put, vec![elsewhere], "ResourceNotFoundException"),
            (put, vec![json!({ "Source": "test" })], "SerializationException"),
        ] {
            let answer = call(&bridge, target, &json!({ "Entries": entries })).await;
            assert_eq!(answer, Err(refusal));
        }
        assert!(bridge.events().is_empty());
    }
}
