//! Puts events on the event bus.

use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::error::DisplayErrorContext;
use aws_sdk_eventbridge::primitives::DateTime;
use aws_sdk_eventbridge::types::PutEventsRequestEntry;
use countersign_domain::event::{Event, SOURCE};
use countersign_platform::App;

/// The most events of one call.
const MOST_ENTRIES: usize = 10;

/// The event bus.
pub(crate) struct Bus<'a> {
    client: Client,
    name: &'a str,
}

impl<'a> Bus<'a> {
    /// The bus of that name, over a client that shares its connections with the app's other clients.
    pub(crate) fn new(app: &App, name: &'a str) -> Self {
        let mut config = aws_sdk_eventbridge::config::Builder::from(app.sdk());
        config.set_endpoint_url(app.config().eventbridge_endpoint().map(str::to_owned));
        let client = Client::from_conf(config.build());
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
        let entries = events.iter().map(|event| self.entry(event)).collect();
        let answer = match self.client.put_events().set_entries(Some(entries)).send().await {
            Ok(answer) => answer,
            Err(error) => {
                tracing::error!(error = %DisplayErrorContext(error), "the event bus");
                return (0..events.len()).collect();
            }
        };
        let mut refused = Vec::new();
        for (place, entry) in answer.entries().iter().enumerate() {
            if let Some(code) = entry.error_code() {
                tracing::error!(code, "the event bus refused an event");
                refused.push(place);
            }
        }
        refused
    }

    fn entry(&self, event: &Event) -> PutEventsRequestEntry {
        // An event holds only texts and numbers with fixed names, which JSON can always express.
        let written = serde_json::to_value(event).unwrap_or_default();
        PutEventsRequestEntry::builder()
            .event_bus_name(self.name)
            .source(SOURCE)
            .set_detail_type(written["detail-type"].as_str().map(str::to_owned))
            .detail(written["detail"].to_string())
            .time(DateTime::from_millis(event.at().as_millisecond()))
            .build()
    }
}
