//! The entry points: each function's `main.rs` is one call of [`run_http`], [`run_event`] or [`run_hook`].

use std::process::ExitCode;
use std::sync::Arc;

use aws_types::SdkConfig;
use lambda_http::http::StatusCode;
use lambda_http::lambda_runtime::{self, LambdaEvent};
use lambda_http::tower::ServiceExt as _;
use lambda_http::{Adapter, Body, BoxFuture, Context, IntoResponse, Request, Response, service_fn};
use serde_json::Value;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::config::{Aws, ConfigError};
use crate::http::{ProblemKind, Wishes};
use crate::start_up_check;
use crate::telemetry::{Call, End, observe};
use crate::{App, Clock, Config, aws, edge, log};

#[cfg(test)]
mod tests;

/// A function failed. The log says why; the caller learns nothing of it.
#[derive(Debug)]
pub struct Failure;

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the function failed; see its log")
    }
}

impl std::error::Error for Failure {}

impl From<Failure> for lambda_runtime::Diagnostic {
    fn from(failure: Failure) -> Self {
        Self {
            error_type: "Failure".to_owned(),
            error_message: failure.to_string(),
        }
    }
}

/// A function as Lambda sees it: takes an event, returns an answer.
pub type Invoke = Arc<dyn Fn(Value) -> BoxFuture<'static, Result<Value, Failure>> + Send + Sync>;

/// Runs a function that serves HTTP calls through API Gateway. `name` is its crate's, whose messages are logged.
pub fn run_http<H, F>(name: &str, handle: H) -> ExitCode
where
    H: Fn(App, Request) -> F + Clone + Send + 'static,
    F: Future<Output = Response<Body>> + Send + 'static,
{
    let function = package(name);
    start(name, |app| {
        lambda_http::run(service_fn(move |request| {
            answer(app.clone(), function.clone(), handle.clone(), request)
        }))
    })
}

/// Runs a function that serves any other kind of event. `name` is its crate's, whose messages are logged.
pub fn run_event<H, F>(name: &str, handle: H) -> ExitCode
where
    H: Fn(App, Value) -> F + Clone + Send + 'static,
    F: Future<Output = Result<Value, Failure>> + Send + 'static,
{
    let function = package(name);
    start(name, |app| {
        let serve = move |event| take(app.clone(), function.clone(), handle.clone(), event);
        lambda_runtime::run(lambda_runtime::service_fn(serve))
    })
}

/// Runs a function that CodeDeploy calls before it moves calls to a new version. It starts whatever the parameters are: it reads
/// none of them, and no table. `name` is its crate's, whose messages are logged.
pub fn run_hook<H, F>(name: &str, handle: H) -> ExitCode
where
    H: Fn(SdkConfig, Value) -> F + Clone + Send + 'static,
    F: Future<Output = Result<Value, Failure>> + Send + 'static,
{
    log_at(tracing::Level::INFO, name);
    let aws = match Aws::from_environment() {
        Ok(aws) => aws,
        Err(error) => return unconfigured(&error),
    };
    let sdk = aws::sdk_config(&aws);
    let serve = move |event: LambdaEvent<Value>| handle(sdk.clone(), event.payload);
    run(async { lambda_runtime::run(lambda_runtime::service_fn(serve)).await })
}

/// The name of the package whose crate has this name, as template.yaml and the log have it.
fn package(name: &str) -> Arc<str> {
    name.replace('_', "-").into()
}

/// Wraps a function that serves HTTP calls, so that this process can pass it API Gateway's events. `name` is its
/// package's.
pub fn http_function<H, F>(name: &str, app: App, handle: H) -> Invoke
where
    H: Fn(App, Request) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Response<Body>> + Send + 'static,
{
    let function: Arc<str> = name.into();
    Arc::new(move |event| {
        let (app, function, handle) = (app.clone(), function.clone(), handle.clone());
        let service =
            service_fn(move |request| answer(app.clone(), function.clone(), handle.clone(), request));
        Box::pin(async move {
            let request = serde_json::from_value(event).map_err(|_| Failure)?;
            let event = LambdaEvent::new(request, local_context());
            let answer = Adapter::from(service).oneshot(event).await.map_err(|_| Failure)?;
            serde_json::to_value(answer).map_err(|_| Failure)
        })
    })
}

/// Wraps a function that serves other events, so that this process can pass it such events. `name` is its package's.
pub fn event_function<H, F>(name: &str, app: App, handle: H) -> Invoke
where
    H: Fn(App, Value) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Result<Value, Failure>> + Send + 'static,
{
    let function: Arc<str> = name.into();
    Arc::new(move |event| {
        let event = LambdaEvent::new(event, local_context());
        Box::pin(take(app.clone(), function.clone(), handle.clone(), event))
    })
}

/// What Lambda would say of a call: its ID, here a random one.
fn local_context() -> Context {
    let mut context = Context::default();
    context.request_id = getrandom::u64().map_or_else(|_| String::new(), |id| format!("{id:016x}"));
    context
}

/// Starts a function: reads the configuration, sets up logs and clients, and opens the first connection while Lambda
/// still gives start-up the full processor.
fn start<F>(name: &str, serve: impl FnOnce(App) -> F) -> ExitCode
where
    F: Future<Output = Result<(), lambda_http::Error>>,
{
    let config = match Config::from_environment() {
        Ok(config) => config,
        Err(error) => {
            log_at(tracing::Level::INFO, name);
            return unconfigured(&error);
        }
    };
    log_at(config.log_level, name);
    run(async {
        let app = App::open(config, Clock::system()).await?;
        serve(app).await
    })
}

fn unconfigured(error: &ConfigError) -> ExitCode {
    tracing::error!(%error, "configuration");
    ExitCode::FAILURE
}

fn run(served: impl Future<Output = Result<(), lambda_http::Error>>) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            tracing::error!(%error, "runtime");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(served) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "runtime");
            ExitCode::FAILURE
        }
    }
}

fn log_at(level: tracing::Level, name: &str) {
    // Only tests get here twice in one process. The first subscriber then serves them all.
    let _ = log::subscriber(level, name, std::io::stdout).try_init();
}

/// A response whose body is sent byte for byte. `lambda_http` would decode text by itself and lose the byte order mark
/// by which Excel recognises UTF-8.
struct AsItIs(Response<Body>);

impl IntoResponse for AsItIs {
    fn into_response(self) -> BoxFuture<'static, Response<Body>> {
        Box::pin(std::future::ready(self.0))
    }
}

/// Answers a call over HTTP, unless it went around CloudFront, and logs what it was and what it cost. Logs nothing that a
/// person typed.
async fn answer<H, F>(app: App, function: Arc<str>, handle: H, request: Request) -> Result<AsItIs, Failure>
where
    H: Fn(App, Request) -> F,
    F: Future<Output = Response<Body>>,
{
    let call = Call::of_http(function, &request);
    if call.trigger() == start_up_check::ROUTE {
        return Ok(AsItIs(start_up_check::answer(&app).await.into_response()));
    }
    let wishes = Wishes::of(&request);
    let is_let_in = edge::lets_in(&app.config().edge, &request);
    let answered = is_let_in.then(|| handle(app.clone(), request));
    let answered = async {
        match answered {
            Some(answered) => wishes.finish(answered.await),
            None => wishes.finish(around_cloudfront()),
        }
    };
    let response = observe(&app, call, answered, |response| End {
        outcome: outcome(response),
        status: Some(response.status().as_u16()),
    });
    Ok(AsItIs(response.await))
}

/// The answer to a call that went around CloudFront. The line of the call says so.
fn around_cloudfront() -> Response<Body> {
    let mut refusal = Response::new(Body::Empty);
    *refusal.status_mut() = StatusCode::FORBIDDEN;
    let kind = ProblemKind("around-cloudfront".to_owned());
    refusal.extensions_mut().insert(kind);
    refusal
}

/// What came of a call over HTTP: the kind of the problem, if it is one.
fn outcome(response: &Response<Body>) -> String {
    let problem = response.extensions().get::<ProblemKind>();
    match (problem, response.status().as_u16()) {
        (Some(ProblemKind(kind)), _) => kind.clone(),
        (None, 500..) => "failed".to_owned(),
        (None, 400..) => "refused".to_owned(),
        (None, _) => "done".to_owned(),
    }
}

/// Serves an event, unless it only asks whether the function has started, and logs what it was and what it cost.
async fn take<H, F>(
    app: App,
    function: Arc<str>,
    handle: H,
    event: LambdaEvent<Value>,
) -> Result<Value, Failure>
where
    H: Fn(App, Value) -> F,
    F: Future<Output = Result<Value, Failure>>,
{
    if start_up_check::is_one(&event.payload) {
        return Ok(start_up_check::answer(&app).await.as_json());
    }
    let call = Call::of_event(function, &event);
    let served = handle(app.clone(), event.payload);
    let end = |answer: &Result<Value, Failure>| {
        let outcome = match answer {
            Err(Failure) => "failed",
            Ok(answer) if has_failures(answer) => "partly",
            Ok(_) => "done",
        };
        End {
            outcome: outcome.to_owned(),
            status: None,
        }
    };
    observe(&app, call, served, end).await
}

/// Whether a function asks for some records of a batch again.
fn has_failures(answer: &Value) -> bool {
    let failures = answer["batchItemFailures"].as_array();
    failures.is_some_and(|failures| !failures.is_empty())
}
