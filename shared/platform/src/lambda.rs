//! The entry points: each function's `main.rs` is one call of [`run_http`], [`run_event`] or [`run_hook`].

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use aws_config::SdkConfig;
use lambda_http::lambda_runtime::{self, LambdaEvent};
use lambda_http::tower::ServiceExt as _;
use lambda_http::{
    Adapter, Body, BoxFuture, Context, IntoResponse, Request, RequestExt as _, Response, service_fn,
};
use serde_json::Value;
use tracing_subscriber::prelude::*;

use crate::config::{Aws, ConfigError};
use crate::http::Wishes;
use crate::start_up_check;
use crate::{App, Clock, Config, aws, log};

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
    start(name, |app| {
        lambda_http::run(service_fn(move |request| {
            logged(app.clone(), handle.clone(), request)
        }))
    })
}

/// Runs a function that serves any other kind of event. `name` is its crate's, whose messages are logged.
pub fn run_event<H, F>(name: &str, handle: H) -> ExitCode
where
    H: Fn(App, Value) -> F + Clone + Send + 'static,
    F: Future<Output = Result<Value, Failure>> + Send + 'static,
{
    start(name, |app| {
        let serve = move |event: LambdaEvent<Value>| checked(app.clone(), handle.clone(), event.payload);
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

/// Wraps a function that serves HTTP calls, so that this process can pass it API Gateway's events.
pub fn http_function<H, F>(app: App, handle: H) -> Invoke
where
    H: Fn(App, Request) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Response<Body>> + Send + 'static,
{
    Arc::new(move |event| {
        let (app, handle) = (app.clone(), handle.clone());
        let service = service_fn(move |request| logged(app.clone(), handle.clone(), request));
        Box::pin(async move {
            let request = serde_json::from_value(event).map_err(|_| Failure)?;
            let event = LambdaEvent::new(request, Context::default());
            let answer = Adapter::from(service).oneshot(event).await.map_err(|_| Failure)?;
            serde_json::to_value(answer).map_err(|_| Failure)
        })
    })
}

/// Wraps a function that serves other events, so that this process can pass it such events.
pub fn event_function<H, F>(app: App, handle: H) -> Invoke
where
    H: Fn(App, Value) -> F + Send + Sync + 'static,
    F: Future<Output = Result<Value, Failure>> + Send + 'static,
{
    let handle = Arc::new(handle);
    Arc::new(move |event| {
        let (app, handle) = (app.clone(), handle.clone());
        Box::pin(checked(app, move |app, event| handle(app, event), event))
    })
}

/// Handles an event, unless it only asks whether the function has started.
async fn checked<H, F>(app: App, handle: H, event: Value) -> Result<Value, Failure>
where
    H: Fn(App, Value) -> F,
    F: Future<Output = Result<Value, Failure>>,
{
    if start_up_check::is_one(&event) {
        return Ok(start_up_check::answer(&app).await.as_json());
    }
    handle(app, event).await
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
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .with_target(false)
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_filter(log::targets(level, [name]));
    // Only tests get here twice in one process. The first subscriber then serves them all.
    let _ = tracing_subscriber::registry().with(lines).try_init();
}

/// A response whose body is sent byte for byte. `lambda_http` would decode text by itself and lose the byte order mark
/// by which Excel recognises UTF-8.
struct AsItIs(Response<Body>);

impl IntoResponse for AsItIs {
    fn into_response(self) -> BoxFuture<'static, Response<Body>> {
        Box::pin(std::future::ready(self.0))
    }
}

/// Answers a call and logs its route, status and duration. Logs nothing that a person typed.
async fn logged<H, F>(app: App, handle: H, request: Request) -> Result<AsItIs, Failure>
where
    H: Fn(App, Request) -> F,
    F: Future<Output = Response<Body>>,
{
    let started = Instant::now();
    let (route, request_id) = match request.request_context_ref() {
        Some(lambda_http::request::RequestContext::ApiGatewayV2(context)) => (
            context.route_key.clone().unwrap_or_default(),
            context.request_id.clone().unwrap_or_default(),
        ),
        _ => Default::default(),
    };
    if route == start_up_check::ROUTE {
        return Ok(AsItIs(start_up_check::answer(&app).await.into_response()));
    }
    let wishes = Wishes::of(&request);
    let response = wishes.finish(handle(app, request).await);
    let milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(
        route,
        request_id,
        status = response.status().as_u16(),
        milliseconds,
        "answered"
    );
    Ok(AsItIs(response))
}
