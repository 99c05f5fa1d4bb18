//! Stands in for Lambda's event source mapping: reads the table's stream and calls functions with it.

mod batch;
mod filter;
mod position;
mod source;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use countersign_platform::Clock;
use jiff::Timestamp;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::callee::Callee;
use crate::data::Folder;
use crate::engine::Engine;
use crate::error::StartError;
use crate::functions::Functions;
use crate::queue::Queues;
use crate::template::{StreamTrigger, Template, TemplateError};

use batch::Handler;
use filter::Filter;
use position::Position;
use source::{Record, Source, Start};

/// How long an idle stream is left alone, unless a function was called in between.
const IDLE: Duration = Duration::from_millis(100);

/// How long the stream is left alone when it could not be read.
const AFTER_ERROR: Duration = Duration::from_secs(1);

/// How long DynamoDB keeps a record, in seconds. The engine keeps it forever.
const KEPT_SECONDS: i64 = 24 * 60 * 60;

/// Wakes idle pollers: a function has been called, which may have written something.
pub(crate) type Wake = watch::Sender<()>;

/// The streams that call functions. Dropping this stops them, without waiting.
pub(crate) struct Streams {
    tasks: Vec<JoinHandle<()>>,
    progress: Progresses,
    stop: watch::Sender<bool>,
}

/// What the pollers have done so far, for whoever waits for them.
#[derive(Clone)]
pub(crate) struct Progresses {
    all: Vec<watch::Receiver<Progress>>,
    wake: Wake,
}

/// What a poller has done so far.
#[derive(Debug, Clone, Copy, Default)]
struct Progress {
    /// Looks that found nothing new.
    idle_looks: u64,
    /// Batches that were handled to their end.
    batches: u64,
}

/// Whether the runner stops.
#[derive(Clone)]
pub(crate) struct Stopped(watch::Receiver<bool>);

impl Stopped {
    fn yet(&self) -> bool {
        // A runner that is gone stops too.
        *self.0.borrow() || self.0.has_changed().is_err()
    }

    /// Waits so long, or until the runner stops; whether it does.
    async fn within(&mut self, pause: Duration) -> bool {
        let stopped = self.0.wait_for(|&stopped| stopped);
        tokio::time::timeout(pause, stopped).await.is_ok()
    }
}

impl Streams {
    /// Starts a poller for each stream that the template has call a function.
    pub(crate) fn start(
        template: &Template,
        (functions, wake): (&Functions, &Wake),
        engine: &Engine,
        queues: &Arc<Queues>,
        folder: Option<&Folder>,
        (clock, longest_pause): (&Clock, Duration),
    ) -> Result<Self, StartError> {
        let (stop, stopped) = watch::channel(false);
        let (mut tasks, mut all) = (Vec::new(), Vec::new());
        for function in &template.functions {
            let Some(callee) = Callee::of(function, functions) else {
                continue;
            };
            for trigger in &function.streams {
                let database = engine.database().clone();
                let source = Source::open(database, &template.table.name).map_err(StartError::Engine)?;
                let position = Position::open(folder.map(|folder| folder.stream(&trigger.name)))?;
                let handler = Handler {
                    trigger: trigger.clone(),
                    callee: callee.clone(),
                    queues: queues.clone(),
                    clock: clock.clone(),
                    longest_pause,
                };
                let poller = Poller::new(handler, source, position)?;
                let (task, progress) = poller.start(Stopped(stopped.clone()), wake);
                tasks.push(task);
                all.push(progress);
            }
        }
        let wake = wake.clone();
        Ok(Self {
            tasks,
            progress: Progresses { all, wake },
            stop,
        })
    }

    /// What the pollers have done so far.
    pub(crate) fn progress(&self) -> Progresses {
        self.progress.clone()
    }

    /// Lets each poller finish the call that is under way, and returns when they have ended.
    pub(crate) async fn stop(self) {
        self.stop.send_replace(true);
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a stream was not stopped in order");
            }
        }
    }
}

impl Progresses {
    /// Waits until everything that has been written before has been handed over. Returns at once for a poller that
    /// was stopped.
    pub(crate) async fn drained(&self) {
        for mut progress in self.all.iter().cloned() {
            // A look that is under way may have begun before the last write, so the one after it counts.
            let enough = progress.borrow().idle_looks + 2;
            loop {
                self.wake.send_replace(());
                let seen = *progress.borrow_and_update();
                if seen.idle_looks >= enough || progress.changed().await.is_err() {
                    break;
                }
            }
        }
    }

    /// How many batches have been handled so far.
    pub(crate) fn batches(&self) -> u64 {
        self.all.iter().map(|progress| progress.borrow().batches).sum()
    }
}

/// Reads a stream and hands it to a function, batch by batch.
struct Poller {
    handler: Handler,
    filter: Filter,
    source: Source,
    position: Position,
    idle: Duration,
}

impl Poller {
    fn new(handler: Handler, source: Source, position: Position) -> Result<Self, StartError> {
        let filter = Filter::parse(&handler.trigger.patterns)
            .map_err(|reason| bad_filter(&handler.trigger, reason))?;
        Ok(Self {
            handler,
            filter,
            source,
            position,
            idle: IDLE,
        })
    }

    fn start(self, stopped: Stopped, wake: &Wake) -> (JoinHandle<()>, watch::Receiver<Progress>) {
        let (sender, progress) = watch::channel(Progress::default());
        (
            tokio::spawn(self.run(sender, stopped, wake.subscribe())),
            progress,
        )
    }

    async fn run(
        mut self,
        progress: watch::Sender<Progress>,
        mut stopped: Stopped,
        mut woken: watch::Receiver<()>,
    ) {
        let mut iterator: Option<String> = None;
        while !stopped.yet() {
            // What is written from here on wakes it again.
            woken.mark_unchanged();
            let found = match iterator.take() {
                Some(iterator) => self.source.look(&iterator).await,
                None => self.begin().await,
            };
            match found {
                Ok((records, next)) if records.is_empty() => {
                    iterator = Some(next);
                    progress.send_modify(|progress| progress.idle_looks += 1);
                    tokio::select! {
                        Ok(()) = woken.changed() => {}
                        _ = stopped.within(self.idle) => {}
                    }
                }
                Ok((records, next)) => {
                    iterator = Some(next);
                    self.hand_over(records, &progress, &mut stopped).await;
                }
                Err(error) => {
                    tracing::error!(%error, "the stream could not be read");
                    stopped.within(AFTER_ERROR).await;
                }
            }
        }
    }

    /// Reads on behind the last record that has been handled. Without one, what DynamoDB would have dropped by now is
    /// passed over: data from before there was mail calls for none.
    async fn begin(&mut self) -> Result<(Vec<Record>, String), String> {
        let start = match self.position.get() {
            Some(sequence_number) => Start::After(sequence_number),
            None if self.handler.trigger.from_oldest => Start::Oldest,
            None => Start::Next,
        };
        let is_first = self.position.get().is_none();
        let mut iterator = self.source.iterator(start).await?;
        loop {
            let (mut records, next) = self.source.look(&iterator).await?;
            let was_empty = records.is_empty();
            if is_first {
                records.retain(is_young);
            }
            if was_empty || !records.is_empty() {
                return Ok((records, next));
            }
            iterator = next;
        }
    }

    async fn hand_over(
        &mut self,
        records: Vec<Record>,
        progress: &watch::Sender<Progress>,
        stopped: &mut Stopped,
    ) {
        let last = records.last().map(|record| record.sequence_number.clone());
        let mut wanted: Vec<Record> = records
            .into_iter()
            .filter(|record| self.filter.takes(&record.json))
            .collect();
        while !wanted.is_empty() && !stopped.yet() {
            let rest = wanted.split_off(wanted.len().min(self.handler.trigger.batch_size));
            let batch = std::mem::replace(&mut wanted, rest);
            self.handler
                .handle(batch, &self.source, &mut self.position, stopped)
                .await;
            progress.send_modify(|progress| progress.batches += 1);
        }
        if let Some(last) = last
            && !stopped.yet()
        {
            self.position.skip(&last);
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "whole seconds of this age of the world"
)]
fn is_young(record: &Record) -> bool {
    Timestamp::now().as_second() - record.created as i64 <= KEPT_SECONDS
}

fn bad_filter(trigger: &StreamTrigger, reason: String) -> StartError {
    StartError::Template(TemplateError::Content {
        place: format!("{}, FilterCriteria", trigger.name),
        reason,
    })
}
