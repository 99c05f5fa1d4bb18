//! Stands in for EventBridge Scheduler: calls functions at the times that the template's schedules say, by the runner's
//! own clock, and when somebody asks for it.

mod desk;
mod endpoint;
mod event;
mod looks;
pub(crate) mod page;
mod problem;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use countersign_platform::Clock;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value as Json;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::functions::Functions;
use crate::queue::Queues;
use crate::template::{Schedule, Template};
use crate::unattended::Subscriber;

pub(crate) use desk::Desk;
pub(crate) use endpoint::router;
pub use problem::ScheduleError;

use looks::Looks;

/// How often the clock is looked at. It can be set at any time and tells nobody, so nothing can sleep until a schedule
/// is due.
const LOOKS_EVERY: Duration = Duration::from_millis(200);

/// A run that somebody asked for.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ScheduleRun {
    /// The schedule's name.
    pub schedule: String,
    /// The package of the function that it called.
    pub function: String,
    /// What the clock showed, in whole seconds.
    pub scheduled_time: Timestamp,
    /// What the function answered.
    pub answer: Json,
}

/// A schedule and the function that it calls.
pub(crate) struct Scheduled {
    schedule: Schedule,
    /// The function's package.
    function: String,
    subscriber: Subscriber,
    /// How the last run ended that somebody asked for.
    last: Mutex<Option<Result<ScheduleRun, ScheduleError>>>,
}

/// The template's schedules.
pub(crate) struct Schedules {
    all: Vec<Arc<Scheduled>>,
    queues: Arc<Queues>,
    clock: Clock,
    /// What rates count from. On AWS a rate's first call comes at once, when the schedule is made, and the runner's start
    /// makes none: here the first one comes when the rate's time has passed.
    start: Timestamp,
    /// How many calls by the clock no function has taken yet.
    under_way: watch::Sender<usize>,
}

/// A schedule as it is listed.
#[derive(Debug, Serialize)]
struct Listed<'a> {
    name: &'a str,
    function: &'a str,
    expression: &'a str,
    timezone: &'a str,
    enabled: bool,
    /// With the offset of the schedule's time zone.
    next: Option<String>,
}

impl Scheduled {
    /// A schedule of a function of this package.
    fn new(schedule: Schedule, function: String, subscriber: Subscriber) -> Arc<Self> {
        Arc::new(Self {
            schedule,
            function,
            subscriber,
            last: Mutex::default(),
        })
    }

    /// Calls the function once: somebody waits, so what fails is told and not tried again.
    async fn run(&self, now: Timestamp) -> Result<ScheduleRun, ScheduleError> {
        let scheduled_time = whole_seconds(now);
        let event = event::of(&self.schedule, scheduled_time);
        match self.subscriber.callee.call(event).await {
            Ok(answer) => Ok(ScheduleRun {
                schedule: self.schedule.name.clone(),
                function: self.function.clone(),
                scheduled_time,
                answer,
            }),
            Err(_) => Err(ScheduleError::Failed(self.function.clone())),
        }
    }

    fn last<T>(&self, work: impl FnOnce(&mut Option<Result<ScheduleRun, ScheduleError>>) -> T) -> T {
        work(&mut self.last.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Schedules {
    /// The template's schedules. Every function has been built, or the start would have failed before.
    pub(crate) fn of(
        template: &Template,
        functions: &Functions,
        queues: &Arc<Queues>,
        clock: &Clock,
        longest_pause: Duration,
    ) -> Arc<Self> {
        let mut all = Vec::new();
        for function in &template.functions {
            let Some(subscriber) = Subscriber::of(function, functions, longest_pause) else {
                continue;
            };
            for schedule in &function.schedules {
                let binary = function.binary.clone();
                all.push(Scheduled::new(schedule.clone(), binary, subscriber.clone()));
            }
        }
        Self::new(all, queues.clone(), clock.clone())
    }

    /// These schedules, whose rates count from now on.
    fn new(all: Vec<Arc<Scheduled>>, queues: Arc<Queues>, clock: Clock) -> Arc<Self> {
        Arc::new(Self {
            all,
            queues,
            start: whole_seconds(clock.now()),
            clock,
            under_way: watch::Sender::new(0),
        })
    }

    /// Runs each enabled schedule at its times, as long as what this gives is there.
    pub(crate) fn by_the_clock(self: &Arc<Self>) -> JoinSet<()> {
        let mut looking = JoinSet::new();
        let schedules = self.clone();
        let mut looks = Looks::new(self.clock.now(), Instant::now());
        looking.spawn(async move {
            loop {
                tokio::time::sleep(LOOKS_EVERY).await;
                let (after, until) = looks.passed(schedules.clock.now(), Instant::now());
                schedules.run_due(after, until);
            }
        });
        looking
    }

    /// Begins each run that became due within that while. One that is under way does not hold up the next, as on AWS.
    fn run_due(self: &Arc<Self>, after: Timestamp, until: Timestamp) {
        for scheduled in self.all.iter().filter(|scheduled| scheduled.schedule.enabled) {
            let times = &scheduled.schedule.times;
            let mut due = times.next(after, self.start);
            while let Some(at) = due.filter(|&at| at <= until) {
                self.call(scheduled.clone(), at);
                due = times.next(at, self.start);
            }
        }
    }

    fn call(self: &Arc<Self>, scheduled: Arc<Scheduled>, at: Timestamp) {
        self.under_way.send_modify(|under_way| *under_way += 1);
        let all = self.clone();
        tokio::spawn(async move {
            let event = event::of(&scheduled.schedule, at);
            let Self { queues, clock, .. } = &*all;
            scheduled.subscriber.call(event, queues, clock).await;
            all.under_way.send_modify(|under_way| *under_way -= 1);
        });
    }

    /// Waits until no call by the clock is under way.
    pub(crate) async fn quiet(&self) {
        let mut under_way = self.under_way.subscribe();
        // The sender is this stand-in's own, so it is there.
        let _ = under_way.wait_for(|&under_way| under_way == 0).await;
    }

    /// Whether no call by the clock is under way.
    pub(crate) fn is_quiet(&self) -> bool {
        *self.under_way.borrow() == 0
    }

    /// The schedule of that name.
    fn find(&self, name: &str) -> Option<&Arc<Scheduled>> {
        self.all.iter().find(|scheduled| scheduled.schedule.name == name)
    }

    fn unknown(&self, name: &str) -> ScheduleError {
        let names = self.all.iter().map(|scheduled| scheduled.schedule.name.clone());
        ScheduleError::Unknown {
            name: name.to_owned(),
            known: names.collect(),
        }
    }

    /// When a schedule is due next; never if it is not enabled.
    fn next(&self, schedule: &Schedule) -> Option<Timestamp> {
        let next = || schedule.times.next(self.clock.now(), self.start);
        schedule.enabled.then(next).flatten()
    }

    fn listed(&self) -> Vec<Listed<'_>> {
        let listed = self.all.iter().map(|scheduled| {
            let schedule = &scheduled.schedule;
            Listed {
                name: &schedule.name,
                function: &scheduled.function,
                expression: &schedule.expression,
                timezone: &schedule.timezone,
                enabled: schedule.enabled,
                next: self.next(schedule).map(|next| schedule.times.shown(next)),
            }
        });
        listed.collect()
    }
}

/// Scheduler knows no parts of a second.
fn whole_seconds(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}
