//! The event bus, to look at: `GET /events`, newest first, at most the newest thousand since the start.
//!
//! A browser gets a page. Other callers get JSON: an array of the events, each as a rule sends it on. `?request=` leaves
//! the events of the request with that ID or reference number.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use countersign_domain::event::Event;
use serde::Deserialize;
use serde_json::Value;

use super::mailbox::shown;
use super::{Pages, accepts, page};

/// The most events that the page lists. The JSON has all of them.
const LISTED: usize = 200;

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    request: String,
}

/// An event on the page.
struct Row {
    kind: String,
    /// The step, if it is about one.
    step: Option<Step>,
    company: String,
    at: jiff::Timestamp,
    json: String,
}

struct Step {
    request: String,
    /// The reference number, or the ID of a request that has none.
    name: String,
    version: u32,
    action: &'static str,
    from: &'static str,
    to: &'static str,
}

#[derive(Template)]
#[template(path = "events.html")]
struct EventsPage {
    request: String,
    events: Vec<Row>,
    older: usize,
}

pub(super) async fn list(
    State(pages): State<Pages>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let request = asked.request.trim().to_owned();
    let mut events = pages.events.events();
    events.retain(|event| {
        let names = [&event["detail"]["request"], &event["detail"]["reference"]];
        request.is_empty() || names.iter().any(|name| **name == request)
    });
    if !accepts(&headers, "text/html") {
        return super::json(StatusCode::OK, &events);
    }
    let older = events.len().saturating_sub(LISTED);
    events.truncate(LISTED);
    let list = EventsPage {
        request,
        events: events.iter().filter_map(row).collect(),
        older,
    };
    page(StatusCode::OK, &list)
}

fn row(json: &Value) -> Option<Row> {
    let event = Event::deserialize(json).ok()?;
    let step = match &event {
        Event::StepTaken(step) => Some(Step {
            request: step.request.to_string(),
            name: match &step.reference {
                Some(reference) => reference.to_string(),
                None => step.request.to_string(),
            },
            version: step.version,
            action: step.action.into(),
            from: step.from.map_or("none", |state| state.as_str()),
            to: step.to.as_str(),
        }),
        Event::CompanyEntered(_) => None,
    };
    Some(Row {
        kind: json["detail-type"].as_str()?.to_owned(),
        step,
        company: event.company().to_string(),
        at: event.at(),
        json: serde_json::to_string_pretty(json).ok()?,
    })
}
