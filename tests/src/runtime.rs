//! Runs the release build of a function on a stand-in for Lambda's runtime API, and measures its start, the processor
//! time of its calls, and its peak memory. Needs Linux.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use countersign_local::access_key;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinHandle;

use crate::World;

/// Lambda's side: reports that the function waits for an event, gives it one, and passes its answer on.
struct Lambda {
    waiting: mpsc::UnboundedSender<()>,
    events: Mutex<mpsc::UnboundedReceiver<String>>,
    answers: mpsc::UnboundedSender<Value>,
}

async fn next(State(lambda): State<Arc<Lambda>>) -> impl IntoResponse {
    // Nobody listens any more at the end of the test.
    let _ = lambda.waiting.send(());
    let event = lambda.events.lock().await.recv().await.unwrap_or_default();
    let headers = [
        ("content-type", "application/json"),
        (
            "lambda-runtime-aws-request-id",
            "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
        ),
        ("lambda-runtime-deadline-ms", "99999999999999"),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:ap-southeast-1:000000000000:function:it",
        ),
    ];
    (headers, event)
}

async fn answered(State(lambda): State<Arc<Lambda>>, body: String) -> StatusCode {
    let _ = lambda
        .answers
        .send(serde_json::from_str(&body).unwrap_or_default());
    StatusCode::ACCEPTED
}

/// A function's program, running.
pub struct Program {
    child: Child,
    server: JoinHandle<std::io::Result<()>>,
    give: mpsc::UnboundedSender<String>,
    waits: mpsc::UnboundedReceiver<()>,
    answers: mpsc::UnboundedReceiver<Value>,
}

impl Program {
    /// The path of a function's release build, if there is one: next to the running program, where `cargo build
    /// --release` puts it.
    pub fn path(function: &str) -> Option<PathBuf> {
        let own = std::env::current_exe().ok()?;
        let built = own.parent()?.parent()?.join(function);
        built.is_file().then_some(built)
    }

    /// Starts the program in a world and waits until it asks for its first event.
    pub async fn start(world: &World, function: &str, path: &Path) -> Self {
        let (waiting, waits) = mpsc::unbounded_channel();
        let (give, events) = mpsc::unbounded_channel();
        let (answering, answers) = mpsc::unbounded_channel();
        let lambda = Arc::new(Lambda {
            waiting,
            events: Mutex::new(events),
            answers: answering,
        });
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(answered))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(answered))
            .with_state(lambda);
        let listener = TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.unwrap_or_else(|error| panic!("{error}"));
        let address = listener
            .local_addr()
            .map_or_else(|error| panic!("{error}"), |address| address.to_string());
        let server = tokio::spawn(axum::serve(listener, router).into_future());
        let child = spawn(world, function, path, &address);
        let mut program = Self {
            child,
            server,
            give,
            waits,
            answers,
        };
        program.waits.recv().await;
        program
    }

    /// Gives the program an event, waits until it asks for the next one, and returns its answer.
    pub async fn call(&mut self, event: &str) -> Value {
        let _ = self.give.send(event.to_owned());
        self.waits.recv().await;
        self.answers.recv().await.unwrap_or_default()
    }

    /// The processor time of all its threads so far.
    pub fn processor_time(&self) -> Duration {
        let threads = fs::read_dir(format!("/proc/{}/task", self.child.id()));
        let threads = threads.unwrap_or_else(|error| panic!("it has ended: {error}"));
        let of_thread = |thread: PathBuf| {
            let text = fs::read_to_string(thread.join("schedstat")).unwrap_or_default();
            text.split(' ')
                .next()
                .and_then(|time| time.parse().ok())
                .unwrap_or(0)
        };
        let nanoseconds = threads.flatten().map(|thread| of_thread(thread.path())).sum();
        Duration::from_nanos(nanoseconds)
    }

    /// Its peak memory so far, in megabytes.
    pub fn peak_memory(&self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("VmHWM:"));
        let kilobytes: f64 = line
            .and_then(|line| line.split_whitespace().nth(1)?.parse().ok())
            .unwrap_or(0.0);
        kilobytes / 1024.0
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Ends only the program that was started here.
        let _ = self.child.kill();
        let _ = self.child.wait();
        self.server.abort();
    }
}

fn spawn(world: &World, function: &str, program: &Path, runtime: &str) -> Child {
    let of_template = world.local.template().function(function);
    let of_template = of_template.unwrap_or_else(|| panic!("the template has no {function}"));
    let command = Command::new(program)
        .env_clear()
        .envs(&of_template.environment)
        .env("AWS_REGION", "ap-southeast-1")
        .env("AWS_ACCESS_KEY_ID", access_key(function))
        .env("AWS_SECRET_ACCESS_KEY", "local")
        .env("AWS_ENDPOINT_URL_DYNAMODB", world.local.dynamodb_endpoint())
        .env("AWS_LAMBDA_RUNTIME_API", runtime)
        .env("AWS_LAMBDA_FUNCTION_NAME", function)
        .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
        .stdout(Stdio::null())
        .spawn();
    command.unwrap_or_else(|error| panic!("{}: {error}", program.display()))
}
