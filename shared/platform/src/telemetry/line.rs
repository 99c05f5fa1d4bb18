//! The lines themselves.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use countersign_domain::actor::Actor;
use countersign_domain::id::{CompanyId, PersonId, RequestId};
use countersign_domain::time;
use countersign_domain::workflow::Action;
use jiff::Timestamp;
use lambda_http::lambda_runtime::{Context, LambdaEvent};
use lambda_http::request::RequestContext;
use lambda_http::{Request, RequestExt as _};
use serde::Serialize;
use serde_json::Value;

use super::TARGET;
use super::embedded::Embedded;
use super::metric::{Count, Metric, Outcome, READ_UNITS, STEP_TIME, STEPS, WRITE_UNITS};
use super::usage::{Usage, measure};
use crate::App;

/// The longest name of what called a function.
const MAX_TRIGGER: usize = 64;

tokio::task_local! {
    static CALL: Call;
}

/// A call of a function.
pub(crate) struct Call {
    function: Arc<str>,
    /// The route, the kind of event, or the job.
    trigger: String,
    /// How many records the event has, if it is a batch.
    records: Option<usize>,
    /// Lambda's own ID of the call.
    request_id: String,
    /// API Gateway's, which its access log has.
    api_request_id: Option<String>,
    /// The call's trace, if X-Ray keeps it.
    trace_id: Option<String>,
    /// Who has signed in: their company's ID and their own.
    actor: RefCell<Option<(CompanyId, PersonId)>>,
    counts: RefCell<BTreeMap<Count, u64>>,
}

/// How a call ended.
pub(crate) struct End {
    /// The outcome in a word.
    pub(crate) outcome: String,
    /// The status of an answer over HTTP.
    pub(crate) status: Option<u16>,
}

impl Call {
    fn new(function: Arc<str>, trigger: String, context: &Context) -> Self {
        Self {
            function,
            trigger,
            records: None,
            request_id: context.request_id.clone(),
            api_request_id: None,
            trace_id: context.xray_trace_id.as_deref().and_then(kept_trace),
            actor: RefCell::default(),
            counts: RefCell::default(),
        }
    }

    /// A call through API Gateway, by the route that it matched.
    pub(crate) fn of_http(function: Arc<str>, request: &Request) -> Self {
        let (route, api_request_id) = match request.request_context_ref() {
            Some(RequestContext::ApiGatewayV2(context)) => (
                context.route_key.clone().unwrap_or_default(),
                context.request_id.clone(),
            ),
            _ => Default::default(),
        };
        let context = request.lambda_context_ref().cloned().unwrap_or_default();
        Self {
            api_request_id,
            ..Self::new(function, route, &context)
        }
    }

    /// What called: the route, the kind of event, or the job.
    pub(crate) fn trigger(&self) -> &str {
        &self.trigger
    }

    /// A call by another service.
    pub(crate) fn of_event(function: Arc<str>, event: &LambdaEvent<Value>) -> Self {
        let LambdaEvent { payload, context } = event;
        let records = payload["Records"].as_array();
        Self {
            records: records.map(Vec::len),
            ..Self::new(function, trigger(payload).to_owned(), context)
        }
    }
}

/// The ID of a trace that X-Ray keeps, from the header that it comes in: `Root=1-…;Parent=…;Sampled=1`.
fn kept_trace(header: &str) -> Option<String> {
    let is_kept = header.split(';').any(|part| part == "Sampled=1");
    let root = header.split(';').find_map(|part| part.strip_prefix("Root="));
    root.filter(|_| is_kept).map(str::to_owned)
}

/// What called a function: the service whose records the event has, the job that a schedule or an operator asks for, or
/// Cognito's trigger. An event comes from whoever may call the function, so nothing but a plain name is taken from it.
fn trigger(event: &Value) -> &str {
    let record = &event["Records"][0];
    let named = [
        &record["eventSource"],
        &record["EventSource"],
        &event["job"],
        &event["triggerSource"],
    ];
    let name = named.into_iter().find_map(Value::as_str).unwrap_or_default();
    let is_plain = |name: &str| {
        let known = |letter: char| letter.is_ascii_alphanumeric() || "-_:".contains(letter);
        (1..=MAX_TRIGGER).contains(&name.len()) && name.chars().all(known)
    };
    if is_plain(name) { name } else { "unknown" }
}

/// Does the work of a call and writes the call's line.
pub(crate) async fn observe<T>(
    app: &App,
    call: Call,
    work: impl Future<Output = T>,
    end: impl FnOnce(&T) -> End,
) -> T {
    let started = Instant::now();
    let work = measure(work);
    let whole = async {
        let (output, usage) = work.await;
        let end = end(&output);
        let _ = CALL.try_with(|call| call.write(app, &end, (started.elapsed(), usage)));
        output
    };
    CALL.scope(call, whole).await
}

/// Adds the person who has signed in to the call's line.
pub fn acts(company: &CompanyId, person: &PersonId) {
    let actor = || Some((company.clone(), person.clone()));
    let _ = CALL.try_with(|call| call.actor.replace(actor()));
}

/// Counts something in the call that is being served.
pub fn count(what: Count, times: u64) {
    let _ = CALL.try_with(|call| *call.counts.borrow_mut().entry(what).or_default() += times);
}

/// What both kinds of lines start with.
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

#[derive(Serialize)]
struct CallLine<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    trigger: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    records: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    api_request_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    company: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    actor: Option<&'a str>,
    outcome: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    milliseconds: u64,
    #[serde(flatten)]
    used: Used,
    #[serde(flatten)]
    counts: BTreeMap<&'static str, u64>,
    #[serde(rename = "_aws", skip_serializing_if = "Option::is_none")]
    embedded: Option<Embedded>,
}

impl Call {
    fn head<'a>(&'a self, app: &'a App, message: &'static str, at: Timestamp) -> Head<'a> {
        Head {
            timestamp: time::stored(at),
            level: "INFO",
            message,
            stack: &app.config().stack,
            function: &self.function,
            request_id: &self.request_id,
            trace_id: self.trace_id.as_deref(),
        }
    }

    fn write(&self, app: &App, end: &End, (took, usage): (Duration, Usage)) {
        if !is_wanted() {
            return;
        }
        let now = app.now();
        let counts = self.counts.borrow();
        let mut metrics: Vec<Metric> = counts.keys().map(|count| count.metric()).collect();
        if usage.calls > 0 {
            metrics.extend([READ_UNITS, WRITE_UNITS]);
        }
        let actor = self.actor.borrow();
        write(&CallLine {
            head: self.head(app, "call", now),
            trigger: &self.trigger,
            records: self.records,
            api_request_id: self.api_request_id.as_deref(),
            company: actor.as_ref().map(|(company, _)| company.as_str()),
            actor: actor.as_ref().map(|(_, person)| person.as_str()),
            outcome: &end.outcome,
            status: end.status,
            milliseconds: milliseconds(took),
            used: usage.into(),
            counts: counts
                .iter()
                .map(|(count, times)| (count.metric().name, *times))
                .collect(),
            embedded: Embedded::of(&metrics, now),
        });
    }
}

/// A requested step of the workflow.
#[derive(Debug)]
pub struct Step<'a> {
    /// The request. `None` if none came of it.
    pub request: Option<RequestId>,
    /// The request's version after the step, if it was taken.
    pub version: Option<u32>,
    /// The step.
    pub action: Action,
    /// Who asked for it.
    pub actor: &'a Actor,
    /// What came of it.
    pub outcome: Outcome,
    /// Why it was not taken.
    pub reason: Option<&'static str>,
}

#[derive(Serialize)]
struct StepLine<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    company: Option<&'a str>,
    actor: &'a str,
    #[serde(rename = "Action")]
    action: &'static str,
    #[serde(rename = "Outcome")]
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(flatten)]
    used: Used,
    #[serde(rename = "Steps")]
    steps: u32,
    #[serde(rename = "StepTime")]
    step_time: u64,
    #[serde(rename = "_aws", skip_serializing_if = "Option::is_none")]
    embedded: Option<Embedded>,
}

impl Step<'_> {
    /// Writes the step's line: what came of it, how long it took, and what it used.
    pub fn write(&self, app: &App, took: Duration, usage: Usage) {
        if !is_wanted() {
            return;
        }
        // A test may take a step without a call of a function around it.
        CALL.try_with(|call| self.write_with(app, Some(call), (took, usage)))
            .unwrap_or_else(|_| self.write_with(app, None, (took, usage)));
    }

    fn write_with(&self, app: &App, call: Option<&Call>, (took, usage): (Duration, Usage)) {
        let now = app.now();
        let head = Head {
            timestamp: time::stored(now),
            level: "INFO",
            message: "step",
            stack: &app.config().stack,
            function: "",
            request_id: "",
            trace_id: None,
        };
        write(&StepLine {
            head: call.map_or(head, |call| call.head(app, "step", now)),
            request: self.request.map(|request| request.to_string()),
            version: self.version,
            company: self.actor.member().map(|member| member.company.as_str()),
            actor: self.actor.id(),
            action: self.action.as_str(),
            outcome: self.outcome.as_str(),
            reason: self.reason,
            used: usage.into(),
            steps: 1,
            step_time: milliseconds(took),
            embedded: Embedded::of(&[STEPS, STEP_TIME], now),
        });
    }
}

fn milliseconds(took: Duration) -> u64 {
    u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
}

/// Whether any subscriber takes these lines.
fn is_wanted() -> bool {
    tracing::enabled!(target: TARGET, tracing::Level::INFO)
}

fn write(line: &impl Serialize) {
    match serde_json::to_string(line) {
        Ok(line) => tracing::info!(target: TARGET, "{line}"),
        Err(error) => tracing::error!(%error, "a line of the log"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_a_trace_that_is_kept_is_named() {
        let trace = "1-5759e988-bd862e3fe1be46a994272793";
        let header = |sampled: &str| format!("Root={trace};Parent=53995c3f42cd8ad8;Sampled={sampled}");
        assert_eq!(kept_trace(&header("1")).as_deref(), Some(trace));
        for other in [&header("0"), &header(""), "Sampled=1", ""] {
            assert_eq!(kept_trace(other), None, "{other}");
        }
    }

    #[test]
    fn an_event_is_named_by_its_source_its_job_or_its_trigger_and_by_nothing_that_a_person_typed() {
        for (event, name) in [
            (
                json!({ "Records": [{ "eventSource": "aws:dynamodb" }] }),
                "aws:dynamodb",
            ),
            (json!({ "Records": [{ "EventSource": "aws:sns" }] }), "aws:sns"),
            (json!({ "job": "claim-leases", "scheduled": "x" }), "claim-leases"),
            (
                json!({ "triggerSource": "TokenGeneration_Authentication" }),
                "TokenGeneration_Authentication",
            ),
            (json!({ "job": "maker@abc.example" }), "unknown"),
            (json!({ "job": "Miss Lam" }), "unknown"),
            (json!({ "job": "x".repeat(MAX_TRIGGER + 1) }), "unknown"),
            (json!({ "job": "" }), "unknown"),
            (json!([]), "unknown"),
        ] {
            assert_eq!(trigger(&event), name, "{event}");
        }
    }
}
