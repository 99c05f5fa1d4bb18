//! A cold start of the real program of one function, on a stand-in for Lambda's runtime API: processor time of INIT and
//! of the first call as multiples of a warm call's, the program's size, and its peak memory. The table is the embedded
//! engine over plain HTTP, so TLS is not in it. Needs Linux, and `cargo build --release -p claim` before it.

#![allow(clippy::panic, reason = "a benchmark that cannot go on says why and ends")]

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
use countersign_tests::World;
use countersign_tests::measure::median;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, mpsc};

/// The function that is started.
const FUNCTION: &str = "claim";
/// Starts, of which the median counts.
const STARTS: usize = 15;
/// Warm calls in each.
const WARM_CALLS: u32 = 200;

/// Lambda's side: a function that waits for an event says so, gets one, and its answer is thrown away.
struct Lambda {
    waiting: mpsc::UnboundedSender<()>,
    events: Mutex<mpsc::UnboundedReceiver<()>>,
}

async fn next(State(lambda): State<Arc<Lambda>>) -> impl IntoResponse {
    // The benchmark is over when nobody listens any more.
    let _ = lambda.waiting.send(());
    lambda.events.lock().await.recv().await;
    let headers = [
        ("content-type", "application/json"),
        (
            "lambda-runtime-aws-request-id",
            "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
        ),
        ("lambda-runtime-deadline-ms", "99999999999999"),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:ap-southeast-1:000000000000:function:claim",
        ),
    ];
    (headers, include_str!("../../events/claim.json"))
}

/// What one start took.
struct Start {
    init: Duration,
    first: Duration,
    warm: Duration,
    peak_kilobytes: f64,
}

async fn start(world: &World, program: &Path) -> Start {
    let (waiting, mut waits) = mpsc::unbounded_channel();
    let (give, events) = mpsc::unbounded_channel();
    let lambda = Arc::new(Lambda {
        waiting,
        events: Mutex::new(events),
    });
    let router = Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route(
            "/2018-06-01/runtime/invocation/{id}/response",
            post(async || StatusCode::ACCEPTED),
        )
        .with_state(lambda);
    let listener = TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.unwrap_or_else(|error| panic!("{error}"));
    let address = listener
        .local_addr()
        .map_or_else(|error| panic!("{error}"), |address| address.to_string());
    let server = tokio::spawn(axum::serve(listener, router).into_future());
    let mut child = spawn(world, program, &address);
    waits.recv().await;
    let init = processor_time(&child);
    let mut call = async || {
        let _ = give.send(());
        waits.recv().await;
    };
    call().await;
    let first = processor_time(&child).saturating_sub(init);
    for _ in 0..WARM_CALLS {
        call().await;
    }
    let warm = processor_time(&child).saturating_sub(init + first) / WARM_CALLS;
    let peak_kilobytes = peak_memory(&child);
    // The one program that this benchmark itself started.
    let _ = child.kill();
    let _ = child.wait();
    server.abort();
    Start {
        init,
        first,
        warm,
        peak_kilobytes,
    }
}

fn spawn(world: &World, program: &Path, runtime: &str) -> Child {
    let function = world.local.template().function(FUNCTION);
    let function = function.unwrap_or_else(|| panic!("the template has no {FUNCTION}"));
    let command = Command::new(program)
        .env_clear()
        .envs(&function.environment)
        .env("AWS_REGION", "ap-southeast-1")
        .env("AWS_ACCESS_KEY_ID", FUNCTION)
        .env("AWS_SECRET_ACCESS_KEY", "local")
        .env("AWS_ENDPOINT_URL_DYNAMODB", world.local.dynamodb_endpoint())
        .env("AWS_LAMBDA_RUNTIME_API", runtime)
        .env("AWS_LAMBDA_FUNCTION_NAME", FUNCTION)
        .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
        .stdout(Stdio::null())
        .spawn();
    command.unwrap_or_else(|error| panic!("{}: {error}", program.display()))
}

/// Processor time that a program's threads have taken.
fn processor_time(child: &Child) -> Duration {
    let threads = fs::read_dir(format!("/proc/{}/task", child.id()));
    let threads = threads.unwrap_or_else(|error| panic!("{FUNCTION} has ended: {error}"));
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

fn peak_memory(child: &Child) -> f64 {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok())
        .unwrap_or(0.0)
}

/// The program beside this benchmark's own, as `cargo build --release` leaves it.
fn program() -> Option<PathBuf> {
    let own = std::env::current_exe().ok()?;
    let built = own.parent()?.parent()?.join(FUNCTION);
    built.is_file().then_some(built)
}

#[tokio::main]
async fn main() {
    let Some(program) = program() else {
        println!("No release build of {FUNCTION} here: run `cargo build --release -p {FUNCTION}` first.");
        return;
    };
    let world = World::start().await;
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        starts.push(start(&world, &program).await);
    }
    let of = |part: fn(&Start) -> Duration| median(starts.iter().map(part).collect());
    let (init, first, warm) = (
        of(|start| start.init),
        of(|start| start.first),
        of(|start| start.warm),
    );
    let peak = starts
        .iter()
        .map(|start| start.peak_kilobytes)
        .fold(0.0, f64::max)
        / 1024.0;
    let size = fs::metadata(&program).map_or(0, |file| file.len()) / 10_000;
    println!("| program, MB | peak memory, MB | INIT / warm call | first call / warm call |");
    println!("| ---: | ---: | ---: | ---: |");
    let [init_ratio, first_ratio] = [init, first].map(|time| time.as_secs_f64() / warm.as_secs_f64());
    println!(
        "| {}.{:02} | {peak:.1} | {init_ratio:.1} | {first_ratio:.1} |",
        size / 100,
        size % 100
    );
    eprintln!("processor time: INIT {init:.2?}, first call {first:.2?}, warm call {warm:.2?}");
    world.local.stop().await;
}
