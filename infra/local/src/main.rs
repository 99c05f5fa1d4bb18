//! `cargo run`: starts the product on this machine and says where to click.

use std::io::{self, Write};
use std::process::ExitCode;

use countersign_local::demonstration::{PASSWORD, PEOPLE};
use countersign_local::options::{Command, HELP, Options};
use countersign_local::{Local, StartError};
use tokio::runtime::{Builder, Runtime};

/// The exit code of a command line that can't be followed.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let mut options = match Command::parse(std::env::args().skip(1)) {
        Ok(Command::Start(options)) => *options,
        Ok(Command::Help) => return said(HELP),
        Err(error) => return refused(&error, USAGE),
    };
    let (http, events) = match runtimes() {
        Ok(runtimes) => runtimes,
        Err(error) => return refused(&error, 1),
    };
    options.http = Some(http.handle().clone());
    match events.block_on(run(options)) {
        Ok(code) => code,
        Err(error) => refused(&error, if error.is_usage() { USAGE } else { 1 }),
    }
}

/// The runtime that answers HTTP, and the one for what events start. The second has a single thread, so that sending a step's
/// e-mails does not compete with calls for every processor.
fn runtimes() -> io::Result<(Runtime, Runtime)> {
    let http = Builder::new_multi_thread().enable_all().build()?;
    let events = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    Ok((http, events))
}

async fn run(options: Options) -> Result<ExitCode, StartError> {
    // Taken before anything starts, so that an early Ctrl-C stops in order too.
    let stop = match signals() {
        Ok(stop) => stop,
        Err(error) => return Ok(refused(&error, 1)),
    };
    log::start(&options);
    let local = Local::start(options).await?;
    let greeted = said(&greeting(&local));
    stop.await;
    local.stop().await;
    Ok(greeted)
}

/// Resolves on Ctrl-C, or when the system asks the process to end.
fn signals() -> io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        Ok(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}

fn greeting(local: &Local) -> String {
    let url = local.url();
    let notice = local
        .notice()
        .map(|notice| format!("{notice}\n"))
        .unwrap_or_default();
    let people: Vec<String> = PEOPLE
        .iter()
        .map(|person| format!("  {:<26}{}", person.user, person.name))
        .collect();
    let people = people.join("\n");
    let day = |name: &str| local.template().values.get(name).map_or("?", String::as_str);
    let clock = countersign_domain::time::shown(local.clock().now());
    let (opens, deadline) = (day("CampaignOpens"), day("CampaignDeadline"));
    format!(
        "Countersign listens on {url} (Ctrl-C stops it).
Its clock shows {clock}; the campaign opens on {opens} and its deadline is {deadline}.
{notice}
People, all with the password {PASSWORD}:
{people}

Mails that the product sends are at {url}/mailbox, and can be replied to there. What it puts on the event bus is at
{url}/events.

A token to call the API with (the README walks on from here):
  curl {url}/oauth2/token -d grant_type=password -d username=maker@abc.example -d password={PASSWORD}
"
    )
}

/// A standard output that nobody reads is no reason to stop.
fn said(text: &str) -> ExitCode {
    let _ = io::stdout().lock().write_all(text.as_bytes());
    ExitCode::SUCCESS
}

fn refused(error: &dyn std::error::Error, code: u8) -> ExitCode {
    let _ = writeln!(io::stderr().lock(), "countersign: {error}");
    ExitCode::from(code)
}

mod log {
    //! The functions' logs, in lines for people, on standard error.

    use countersign_local::options::Options;
    use countersign_platform::log::targets;
    use countersign_platform::telemetry;
    use tracing::Level;
    use tracing_subscriber::filter::LevelFilter;
    use tracing_subscriber::prelude::*;

    /// The functions log at the template's `LogLevel`. Of calls and steps there are lines from `debug` on, since those are
    /// for programs. The embedded engine warns of each condition that fails, which is how the product works, so nothing of
    /// it but errors is shown.
    pub(super) fn start(options: &Options) {
        let level = options
            .settings
            .get("LogLevel")
            .and_then(|level| level.parse().ok());
        let level = level.unwrap_or(Level::INFO);
        let of_calls = if level >= Level::DEBUG {
            LevelFilter::INFO
        } else {
            LevelFilter::OFF
        };
        let functions: Vec<String> = countersign_local::binaries()
            .map(|binary| binary.replace('-', "_"))
            .collect();
        let filter = targets(level, functions.iter().map(String::as_str))
            .with_target(telemetry::TARGET, of_calls)
            .with_target("dynoxide", LevelFilter::ERROR)
            // What functions' own programs log has been filtered by them.
            .with_target(countersign_local::PROGRAMS_LOG, LevelFilter::INFO);
        let lines = tracing_subscriber::fmt::layer()
            .with_writer(std::io::stderr)
            .with_target(false);
        tracing_subscriber::registry()
            .with(lines.with_filter(filter))
            .init();
    }
}
