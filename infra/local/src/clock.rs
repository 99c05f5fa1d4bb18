//! The clock that all functions share, and its memory in the data folder: a restart never goes back.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use countersign_domain::{calendar, time};
use countersign_platform::Clock;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use crate::error::StartError;
use aws_local::files;

/// How often the reading is kept.
const KEPT_EVERY: Duration = Duration::from_secs(1);

/// What may have passed since the last kept reading when the runner was killed: more than [`KEPT_EVERY`].
const MARGIN: SignedDuration = SignedDuration::from_secs(3);

/// Days before today on which the campaign opened, when it is put around today.
const OPENED_DAYS_AGO: i64 = 7;

/// Days after today on which the deadline is, when the campaign is put around today.
const DEADLINE_IN_DAYS: i64 = 32;

/// A reading as the data folder keeps it.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Reading {
    /// What the clock showed.
    at: Timestamp,
    /// Whether it was the system's clock, which runs on while the runner is down.
    system: bool,
    /// Whether the runner stopped at this reading. If not, it was killed a little later.
    stopped: bool,
}

/// The clock to start with.
#[derive(Debug)]
pub(crate) struct Start {
    pub(crate) clock: Clock,
    /// Whether it is the system's clock.
    pub(crate) system: bool,
    /// Said in a line if the clock could not start where it was asked to.
    pub(crate) notice: Option<String>,
}

/// Decides where the clock starts: where it was asked to, but never before what the data has seen.
pub(crate) fn start(asked: Option<Timestamp>, memory: Option<&Path>) -> Result<Start, StartError> {
    let last = memory.map(files::read_json::<Reading>).transpose()?.flatten();
    let system = asked.is_none();
    let wanted = asked.unwrap_or_else(Timestamp::now);
    let floor = last.map(|last| floor(last, system));
    Ok(match floor {
        Some(floor) if wanted < floor => Start {
            clock: Clock::starting_at(floor),
            system: false,
            notice: Some(format!(
                "The clock starts at {} and not at {}: the data has seen that time already.",
                time::shown(floor),
                time::shown(wanted)
            )),
        },
        _ => Start {
            clock: asked.map_or_else(Clock::system, Clock::starting_at),
            system,
            notice: None,
        },
    })
}

/// The campaign's first day and deadline when nobody names them and the clock is the system's. `None` once the list of
/// holidays does not reach that far: a newcomer sees the guideline's campaign then, rather than a start that fails.
pub(crate) fn campaign_around(now: Timestamp) -> Option<(String, String)> {
    let today = time::day_of(now);
    let opens = today.checked_sub(OPENED_DAYS_AGO.days()).ok()?;
    let deadline = today.checked_add(DEADLINE_IN_DAYS.days()).ok()?;
    let (_, last) = calendar::years();
    (deadline.year() <= last).then(|| (opens.to_string(), deadline.to_string()))
}

/// The earliest time a start may show after a reading.
fn floor(last: Reading, system: bool) -> Timestamp {
    let exact = last.stopped || (last.system && system);
    if exact {
        last.at
    } else {
        last.at.saturating_add(MARGIN).unwrap_or(last.at)
    }
}

/// Writes the clock's reading to the data folder as long as it lives, and once more at the end.
#[derive(Debug)]
pub(crate) struct Keeper {
    stop: mpsc::Sender<()>,
    thread: thread::JoinHandle<()>,
}

impl Keeper {
    /// Keeps the first reading at once, so that a folder that can't be written shows at the start.
    pub(crate) fn start(start: &Start, path: PathBuf) -> Result<Self, StartError> {
        let (stop, stopped) = mpsc::channel();
        let clock = start.clock.clone();
        let mut reading = Reading {
            at: clock.now(),
            system: start.system,
            stopped: false,
        };
        write(&path, reading).map_err(|error| StartError::Data(path.clone(), error.to_string()))?;
        let thread = thread::spawn(move || {
            while !reading.stopped {
                reading.stopped = !matches!(stopped.recv_timeout(KEPT_EVERY), Err(RecvTimeoutError::Timeout));
                reading.at = reading.at.max(clock.now());
                if let Err(error) = write(&path, reading) {
                    tracing::warn!(%error, "the clock's reading could not be kept");
                }
            }
        });
        Ok(Self { stop, thread })
    }

    /// Keeps the last reading and ends. It waits for the disk.
    pub(crate) fn stop(self) {
        drop(self.stop);
        if self.thread.join().is_err() {
            tracing::warn!("the clock's last reading was not kept");
        }
    }
}

fn write(path: &Path, reading: Reading) -> std::io::Result<()> {
    files::replace_json(path, &reading)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn started(asked: Option<&str>, last: Option<Reading>) -> Start {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("clock.json");
        if let Some(last) = last {
            write(&path, last).unwrap();
        }
        start(asked.map(at), Some(&path)).unwrap()
    }

    fn reading(text: &str, stopped: bool) -> Reading {
        Reading {
            at: at(text),
            system: false,
            stopped,
        }
    }

    #[test]
    fn it_starts_where_it_is_asked_to() {
        let start = started(Some("2023-02-07T10:43:00+08:00"), None);
        assert!(start.clock.now() >= at("2023-02-07T02:43:00Z"));
        assert!(start.clock.now() < at("2023-02-07T02:43:10Z"));
        assert_eq!(start.notice, None);
    }

    #[test]
    fn a_restart_with_the_same_flag_runs_on_and_says_so() {
        let start = started(
            Some("2023-02-07T10:43:00+08:00"),
            Some(reading("2023-02-07T03:00:00Z", true)),
        );
        assert!(start.clock.now() >= at("2023-02-07T03:00:00Z"));
        assert_eq!(
            start.notice.unwrap(),
            "The clock starts at 07-Feb-2023 11:00 HKT and not at 07-Feb-2023 10:43 HKT: \
             the data has seen that time already."
        );
    }

    #[test]
    fn after_a_kill_it_skips_what_may_not_have_been_kept() {
        let last = reading("2023-02-07T03:00:00Z", false);
        let start = started(Some("2023-02-07T03:00:01Z"), Some(last));
        assert!(start.clock.now() >= at("2023-02-07T03:00:03Z"));
    }

    #[test]
    fn the_systems_clock_after_the_systems_clock_needs_no_margin() {
        let last = Reading {
            at: Timestamp::now(),
            system: true,
            stopped: false,
        };
        assert_eq!(started(None, Some(last)).notice, None);
    }

    #[test]
    fn a_clock_that_was_set_ahead_is_not_taken_back_by_the_systems_clock() {
        let start = started(None, Some(reading("2999-01-01T00:00:00Z", true)));
        assert!(start.clock.now() >= at("2999-01-01T00:00:00Z"));
        assert!(start.notice.is_some());
    }

    #[test]
    fn the_last_reading_is_kept_at_the_stop() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("clock.json");
        let start = start(Some(at("2023-02-07T02:43:00Z")), Some(&path)).unwrap();
        let keeper = Keeper::start(&start, path.clone()).unwrap();
        start.clock.set(at("2023-02-08T00:00:00Z"));
        keeper.stop();
        let last: Reading = files::read_json(&path).unwrap().unwrap();
        assert!(last.stopped && last.at >= at("2023-02-08T00:00:00Z"));
    }

    #[test]
    fn the_campaign_around_today_counts_hong_kong_days() {
        // 16:00 UTC is midnight in Hong Kong.
        let campaign = campaign_around(at("2026-11-22T16:00:00Z")).unwrap();
        assert_eq!(campaign, ("2026-11-16".to_owned(), "2026-12-25".to_owned()));
    }

    #[test]
    fn beyond_the_list_of_holidays_there_is_no_campaign_around_today() {
        let (_, last) = calendar::years();
        assert!(campaign_around(at(&format!("{last}-11-29T00:00:00Z"))).is_some());
        assert!(campaign_around(at(&format!("{last}-12-01T00:00:00Z"))).is_none());
    }
}
