//! Stands in for EventBridge Scheduler: calls functions at the times that the template's schedules say, by the clock, and
//! when somebody asks for it.

mod event;
mod poll;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value as Json;
use tokio::task::JoinSet;

use crate::Clock;
use crate::cloudformation::Schedule;
use crate::lambda::{AsyncTarget, UnderWay};

use poll::ClockPoll;

/// How often the clock is looked at. It can be set at any time and tells nobody, so nothing can sleep until a schedule
/// is due.
const POLL_EVERY: Duration = Duration::from_millis(200);

/// How long what a run caused is waited for. A stream that is stuck holds nobody up for longer.
const SETTLES_WITHIN: Duration = Duration::from_secs(30);

/// A schedule with the function that it calls and the package of that.
#[derive(Clone)]
pub struct ScheduleTarget {
    pub schedule: Schedule,
    pub function: String,
    pub target: AsyncTarget,
}

/// The schedules of the template.
pub struct Scheduler {
    all: Vec<ScheduleTarget>,
    clock: Clock,
    /// What rates count from. On AWS a rate's first call comes at once, when the schedule is made; here it comes when
    /// the rate's time has passed.
    start: Timestamp,
    under_way: UnderWay,
}

impl Scheduler {
    /// These schedules, whose rates count from now on.
    pub fn new(all: Vec<ScheduleTarget>, clock: Clock) -> Arc<Self> {
        Arc::new(Self {
            all,
            start: whole_seconds(clock.now()),
            clock,
            under_way: UnderWay::default(),
        })
    }

    /// Runs each enabled schedule at its times, as long as what this returns is there.
    pub fn run_by_clock(self: &Arc<Self>) -> JoinSet<()> {
        let scheduler = self.clone();
        let mut poll = ClockPoll::new(self.clock.now(), Instant::now());
        let mut polling = JoinSet::new();
        polling.spawn(async move {
            loop {
                tokio::time::sleep(POLL_EVERY).await;
                let (after, until) = poll.passed(scheduler.clock.now(), Instant::now());
                scheduler.run_due(after, until);
            }
        });
        polling
    }

    /// Begins each run that became due within that time. One that is under way does not hold up the next, as on AWS.
    fn run_due(&self, after: Timestamp, until: Timestamp) {
        for ScheduleTarget { schedule, target, .. } in self.all.iter().filter(|one| one.schedule.enabled) {
            let mut due = schedule.times.next(after, self.start);
            while let Some(at) = due.filter(|&at| at <= until) {
                let (target, event) = (target.clone(), event::of(schedule, at));
                self.under_way.spawn(async move { target.call(event).await });
                due = schedule.times.next(at, self.start);
            }
        }
    }

    /// The calls by the clock that no function has taken yet.
    pub fn under_way(&self) -> &UnderWay {
        &self.under_way
    }

    /// Each schedule with the package of the function that it calls.
    pub fn schedules(&self) -> impl Iterator<Item = (&Schedule, &str)> {
        self.all.iter().map(|one| (&one.schedule, one.function.as_str()))
    }

    /// What the clock shows.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// When a schedule is due next; never if it is not enabled.
    pub fn next(&self, schedule: &Schedule) -> Option<Timestamp> {
        let next = || schedule.times.next(self.clock.now(), self.start);
        schedule.enabled.then(next).flatten()
    }
}

/// A run that somebody asked for.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ScheduleRun {
    pub schedule: String,
    /// The package of the function that it called.
    pub function: String,
    /// What the clock showed, in whole seconds.
    pub scheduled_time: Timestamp,
    /// What the function answered.
    pub answer: Json,
}

/// Why a schedule that somebody asked for did not run, or not to its end.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    #[error("There is no schedule {name}; there is {}.", known.join(", "))]
    Unknown { name: String, known: Vec<String> },
    /// The function of this package failed.
    #[error("The function {0} failed. It has been logged.")]
    Failed(String),
}

/// Waits until what has been done so far has had its effects.
pub type Settle = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

/// Runs schedules for whoever asks, and waits for what comes of it.
#[derive(Clone)]
pub struct ScheduleRunner {
    scheduler: Arc<Scheduler>,
    settle: Settle,
    /// How the last run of each schedule ended.
    last: Arc<Mutex<BTreeMap<String, Result<ScheduleRun, ScheduleError>>>>,
}

impl ScheduleRunner {
    pub fn new(scheduler: Arc<Scheduler>, settle: Settle) -> Self {
        Self {
            scheduler,
            settle,
            last: Arc::default(),
        }
    }

    /// Runs a schedule now, enabled or not. When this returns, what it caused is done, for half a minute at most. The
    /// function is called once: somebody waits, so what fails is told and not tried again.
    pub async fn run(&self, name: &str) -> Result<ScheduleRun, ScheduleError> {
        let all = &self.scheduler.all;
        let Some(found) = all.iter().find(|one| one.schedule.name == name) else {
            return Err(ScheduleError::Unknown {
                name: name.to_owned(),
                known: all.iter().map(|one| one.schedule.name.clone()).collect(),
            });
        };
        let scheduled_time = whole_seconds(self.scheduler.clock.now());
        let event = event::of(&found.schedule, scheduled_time);
        let answer = found.target.target.call(event).await;
        let ended = match answer {
            Ok(answer) => Ok(ScheduleRun {
                schedule: name.to_owned(),
                function: found.function.clone(),
                scheduled_time,
                answer,
            }),
            Err(_) => Err(ScheduleError::Failed(found.function.clone())),
        };
        if tokio::time::timeout(SETTLES_WITHIN, (self.settle)())
            .await
            .is_err()
        {
            tracing::warn!(schedule = name, "what a run caused is still under way");
        }
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.insert(name.to_owned(), ended.clone());
        ended
    }

    pub fn scheduler(&self) -> &Scheduler {
        &self.scheduler
    }

    /// How the last run of a schedule ended.
    pub fn last_run(&self, name: &str) -> Option<Result<ScheduleRun, ScheduleError>> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.get(name).cloned()
    }
}

/// Scheduler knows no fractions of a second.
fn whole_seconds(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}
