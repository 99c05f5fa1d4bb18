//! Puts events on the event bus.

use countersign_domain::event::{Event, SOURCE};
use countersign_platform::App;
use countersign_platform::aws_json::{Client, EVENTBRIDGE};
use serde::Deserialize;
use serde_json::{Value, json};

/// The most events of one call.
const MOST_ENTRIES: usize = 10;

/// What the bus made of a call, an entry for each event in their order.
#[derive(Deserialize)]
struct Taken {
    #[serde(rename = "Entries")]
    entries: Vec<Entry>,
}

/// What the bus made of an event: it has a code if it was refused.
#[derive(Deserialize)]
struct Entry {
    #[serde(rename = "ErrorCode")]
    error_code: Option<String>,
}

/// The event bus.
pub(crate) struct Bus<'a> {
    client: Client,
    name: &'a str,
}

impl<'a> Bus<'a> {
    /// The bus of that name, over a client that shares its connections with the app's other clients.
    pub(crate) fn new(app: &App, name: &'a str) -> Self {
        let client = Client::new(app.sdk(), EVENTBRIDGE).at(app.config().eventbridge_endpoint());
        Self { client, name }
    }

    /// Publishes events, and returns the places of those that the bus has not taken.
    pub(crate) async fn publish(&self, events: &[Event]) -> Vec<usize> {
        let mut unpublished = Vec::new();
        for (number, chunk) in events.chunks(MOST_ENTRIES).enumerate() {
            let first = number * MOST_ENTRIES;
            let refused = self.put(chunk).await;
            unpublished.extend(refused.into_iter().map(|place| first + place));
        }
        unpublished
    }

    /// Publishes as many events as one call takes. A call that fails has published none, as far as anybody knows.
    async fn put(&self, events: &[Event]) -> Vec<usize> {
        let entries: Vec<Value> = events.iter().map(|event| self.entry(event)).collect();
        let entries = json!({ "Entries": entries });
        let answer: Taken = match self.client.call("PutEvents", &entries).await {
            Ok(answer) => answer,
            Err(error) => {
                tracing::error!(%error, "the event bus");
                return (0..events.len()).collect();
            }
        };
        let mut refused = Vec::new();
        for (place, entry) in answer.entries.iter().enumerate() {
            if let Some(code) = &entry.error_code {
                tracing::error!(code, "the event bus refused an event");
                refused.push(place);
            }
        }
        refused
    }

    fn entry(&self, event: &Event) -> Value {
        // An event holds only texts and numbers with fixed names, which JSON can always express.
        let written = serde_json::to_value(event).unwrap_or_default();
        json!({
            "EventBusName": self.name,
            "Source": SOURCE,
            "DetailType": written["detail-type"],
            "Detail": written["detail"].to_string(),
            // The protocol's times are seconds.
            "Time": event.at().as_second(),
        })
    }
}
