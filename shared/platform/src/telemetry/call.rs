//! The line of a call: what called the function, who had signed in, what came of it, and how long it took.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use countersign_domain::id::{CompanyId, PersonId};
use lambda_http::lambda_runtime::{Context, LambdaEvent};
use lambda_http::request::RequestContext;
use lambda_http::{Request, RequestExt as _};
use serde::Serialize;
use serde_json::Value;

use super::line::{milliseconds, write};
use super::metric::{Count, Metric, READ_UNITS, WRITE_UNITS};
use super::usage::{Usage, measure};
use crate::App;

/// The longest name of what called a function.
const MAX_TRIGGER: usize = 64;

tokio::task_local! {
    static CALL: Call;
}

/// A call of a function.
pub(crate) struct Call {
    pub(super) function: Arc<str>,
    /// The route, the kind of event, or the job.
    trigger: String,
    /// How many records the event has, if it is a batch.
    records: Option<usize>,
    /// Lambda's own ID of the call.
    pub(super) request_id: String,
    /// API Gateway's, which its access log has.
    api_request_id: Option<String>,
    /// The call's trace, if X-Ray keeps it.
    pub(super) trace_id: Option<String>,
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
/// Cognito's trigger. Takes nothing but a plain name from the event, because anyone who may call the function can send one.
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

/// Does something with the call that is being served. There is none around work that a test does by itself.
pub(super) fn with_current<T>(what: impl Fn(Option<&Call>) -> T) -> T {
    CALL.try_with(|call| what(Some(call)))
        .unwrap_or_else(|_| what(None))
}

/// Counts something in the call that is being served.
pub fn count(what: Count, times: u64) {
    let _ = CALL.try_with(|call| *call.counts.borrow_mut().entry(what).or_default() += times);
}

#[derive(Serialize)]
struct CallLine<'a> {
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
    counts: BTreeMap<&'static str, u64>,
}

impl Call {
    fn write(&self, app: &App, end: &End, (took, usage): (Duration, Usage)) {
        let counts = self.counts.borrow();
        let mut metrics: Vec<Metric> = counts.keys().map(|count| count.metric()).collect();
        if usage.calls > 0 {
            metrics.extend([READ_UNITS, WRITE_UNITS]);
        }
        let actor = self.actor.borrow();
        let line = CallLine {
            trigger: &self.trigger,
            records: self.records,
            api_request_id: self.api_request_id.as_deref(),
            company: actor.as_ref().map(|(company, _)| company.as_str()),
            actor: actor.as_ref().map(|(_, person)| person.as_str()),
            outcome: &end.outcome,
            status: end.status,
            milliseconds: milliseconds(took),
            counts: counts
                .iter()
                .map(|(count, times)| (count.metric().name, *times))
                .collect(),
        };
        write(app, "call", &line, usage, &metrics);
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
