//! An execution environment: a process, and the runtime API at a port of its own.

use std::io::{self, BufRead as _, BufReader, PipeReader};
use std::net::Ipv4Addr;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex as StdMutex, PoisonError};
use std::thread;
use std::time::Duration;

use serde_json::Value as Json;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, mpsc, oneshot, watch};

use super::endpoint::{self, Invocation, Runtime};
use super::{LOG_TARGET, Program};
use crate::lambda::FunctionError;
use crate::server::Server;

/// How long INIT may take.
const INIT_WITHIN: Duration = Duration::from_secs(10);

/// What became of a call.
pub(super) enum Outcome {
    /// The process answered, and waits for the next call.
    Answered(Result<Json, FunctionError>),
    /// The process can't be used again; says why.
    Lost(String),
}

/// A running process. Dropping it ends the process.
pub(super) struct ExecutionEnvironment {
    child: Child,
    _runtime_api: Server,
    calls: mpsc::UnboundedSender<Invocation>,
    log: Log,
}

/// What a process wrote.
struct Log {
    /// Whether nobody can write to it any more: the process has ended.
    has_ended: watch::Receiver<bool>,
    last_line: Arc<StdMutex<String>>,
}

impl ExecutionEnvironment {
    /// Starts a process and returns when it asks for its first event. If it does not, the error is one line.
    pub(super) async fn start(program: &Program) -> Result<Self, String> {
        let (calls, waiting) = mpsc::unbounded_channel();
        let (is_ready, mut ready) = watch::channel(false);
        let runtime = Arc::new(Runtime {
            function: program.name.clone(),
            arn: program.arn.clone(),
            calls: Mutex::new(waiting),
            is_ready,
            under_way: Mutex::default(),
        });
        let no_port = |error: io::Error| format!("the runtime API got no port: {error}");
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .map_err(no_port)?;
        let address = listener.local_addr().map_err(no_port)?.to_string();
        let runtime_api = Server::start(listener, endpoint::router(runtime));
        let (child, output) =
            spawn(program, &address).map_err(|error| format!("{}: {error}", program.path.display()))?;
        let mut environment = Self {
            child,
            _runtime_api: runtime_api,
            calls,
            log: Log::read(program.name.clone(), output),
        };
        tokio::select! {
            _ = ready.wait_for(|&is_ready| is_ready) => Ok(environment),
            reason = environment.log.ended() => Err(format!("INIT failed: {reason}")),
            () = tokio::time::sleep(INIT_WITHIN) => Err(format!("INIT took longer than {} s", INIT_WITHIN.as_secs())),
        }
    }

    pub(super) fn has_ended(&self) -> bool {
        *self.log.has_ended.borrow()
    }

    /// Passes the process an event and waits for its answer.
    pub(super) async fn call(&mut self, event: &Json, program: &Program) -> Outcome {
        let (answer, answered) = oneshot::channel();
        let timeout = program.timeout;
        let invocation = Invocation {
            id: crate::random::uuid(),
            event: event.to_string(),
            timeout,
            answer,
        };
        if self.calls.send(invocation).is_err() {
            return Outcome::Lost("its runtime API has stopped".to_owned());
        }
        tokio::select! {
            // A process may end right after its answer, which counts.
            biased;
            answer = answered => match answer {
                Ok(answer) => Outcome::Answered(answer),
                Err(_) => Outcome::Lost("its runtime API has stopped".to_owned()),
            },
            reason = self.log.ended() => Outcome::Lost(reason),
            () = tokio::time::sleep(timeout) => Outcome::Lost(format!("it took longer than {} s", timeout.as_secs_f32())),
        }
    }
}

impl Drop for ExecutionEnvironment {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The process, and the one pipe that it writes its output and its errors to.
fn spawn(program: &Program, runtime_api: &str) -> io::Result<(Child, PipeReader)> {
    let (reader, writer) = io::pipe()?;
    let mut command = Command::new(&program.path);
    command
        .env_clear()
        .envs(&program.environment)
        .env("AWS_LAMBDA_RUNTIME_API", runtime_api)
        .stdin(Stdio::null())
        .stdout(writer.try_clone()?)
        .stderr(writer);
    // A Ctrl-C in a terminal is for the runner, which lets calls under way finish.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let child = command.spawn()?;
    Ok((child, reader))
}

impl Log {
    /// Passes on what a process writes, until it ends.
    fn read(function: String, output: PipeReader) -> Self {
        let (ended, has_ended) = watch::channel(false);
        let last_line = Arc::<StdMutex<String>>::default();
        let last = last_line.clone();
        thread::spawn(move || {
            for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
                let line = String::from_utf8_lossy(&line).into_owned();
                tracing::info!(target: LOG_TARGET, "{function}: {line}");
                *last.lock().unwrap_or_else(PoisonError::into_inner) = line;
            }
            ended.send_replace(true);
        });
        Self { has_ended, last_line }
    }

    /// Waits until the process has ended, and gives its last words.
    async fn ended(&mut self) -> String {
        // The reader of the log always says so before it goes.
        let _ = self.has_ended.wait_for(|&has_ended| has_ended).await;
        let last = self.last_line.lock().unwrap_or_else(PoisonError::into_inner);
        format!("its process ended; the last line of its log: {last}")
    }
}
