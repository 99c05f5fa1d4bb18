//! What every line has, whatever it is about: when and where it was written, in which call, and what that used.

use std::time::Duration;

use countersign_domain::time;
use jiff::Timestamp;
use serde::Serialize;

use super::TARGET;
use super::call::{Call, with_current};
use super::embedded::Embedded;
use super::metric::Metric;
use super::usage::Usage;
use crate::App;

#[derive(Serialize)]
struct Line<'a, T> {
    #[serde(flatten)]
    head: Head<'a>,
    #[serde(flatten)]
    subject: &'a T,
    #[serde(flatten)]
    used: Used,
    #[serde(rename = "_aws", skip_serializing_if = "Option::is_none")]
    embedded: Option<Embedded>,
}

/// What a line starts with.
#[derive(Serialize)]
struct Head<'a> {
    timestamp: String,
    level: &'static str,
    message: &'static str,
    #[serde(rename = "Stack")]
    stack: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    function: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    request_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace_id: Option<&'a str>,
}

impl<'a> Head<'a> {
    fn of(app: &'a App, call: Option<&'a Call>, message: &'static str, at: Timestamp) -> Self {
        Self {
            timestamp: time::stored(at),
            level: "INFO",
            message,
            stack: &app.config().stack,
            function: call.map_or("", |call| &call.function),
            request_id: call.map_or("", |call| &call.request_id),
            trace_id: call.and_then(|call| call.trace_id.as_deref()),
        }
    }
}

/// What something asked of the store.
#[derive(Serialize)]
struct Used {
    store_calls: u32,
    #[serde(rename = "ReadUnits")]
    read_units: f64,
    #[serde(rename = "WriteUnits")]
    write_units: f64,
}

impl From<Usage> for Used {
    fn from(usage: Usage) -> Self {
        Self {
            store_calls: usage.calls,
            read_units: usage.read_units,
            write_units: usage.write_units,
        }
    }
}

/// Writes a line of the call that is being served: what it is about, the fields of that, what it used, and which of its fields
/// are metrics. `subject` is a struct or a map, and has nothing that a person typed.
pub fn write(app: &App, message: &'static str, subject: &impl Serialize, usage: Usage, metrics: &[Metric]) {
    if !tracing::enabled!(target: TARGET, tracing::Level::INFO) {
        return;
    }
    let now = app.now();
    let written = with_current(|call| {
        serde_json::to_string(&Line {
            head: Head::of(app, call, message, now),
            subject,
            used: usage.into(),
            embedded: Embedded::of(metrics, now),
        })
    });
    match written {
        Ok(line) => tracing::info!(target: TARGET, "{line}"),
        Err(error) => tracing::error!(%error, "a line of the log"),
    }
}

/// A duration as lines have it.
pub fn milliseconds(took: Duration) -> u64 {
    u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
}
