//! Stands in for Lambda's event source mappings: reads the table's stream and queues, and calls functions with what is
//! in them.

mod batch;
mod position;
mod queue;
#[cfg(test)]
mod tests;
mod wake;

use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::Error;
use crate::cloudformation::{EventSourceMapping, StartingPosition, TemplateError};
use crate::dynamodb::stream::{Record, Start, Stream};
use crate::event_pattern::EventPattern;

pub use batch::BatchTarget;
pub use queue::QueueTarget;
pub use wake::Wake;

use position::Position;
use wake::Woken;

/// How long a stream is left alone between polls. Lambda polls a shard four times a second.
const POLL_PERIOD: Duration = Duration::from_millis(250);

/// How long the stream is left alone when it could not be read.
const AFTER_ERROR: Duration = Duration::from_secs(1);

/// How long DynamoDB keeps a record, in seconds. The engine keeps it forever.
const KEPT_SECONDS: i64 = 24 * 60 * 60;

/// The sources that call functions. Dropping this stops them, without waiting.
pub struct EventSourceMappings {
    pollers: Vec<JoinHandle<()>>,
    progress: Progress,
    stop: watch::Sender<bool>,
}

/// What the pollers have done so far, for whoever waits for them.
#[derive(Clone)]
pub struct Progress {
    all: Vec<watch::Receiver<PollerProgress>>,
    wake: Wake,
}

#[derive(Debug, Clone, Copy, Default)]
struct PollerProgress {
    /// Polls that found nothing new.
    idle_polls: u64,
    /// Batches that were handled to their end.
    batches: u64,
}

/// Whether the pollers are to stop.
#[derive(Clone)]
struct Stopped(watch::Receiver<bool>);

impl Stopped {
    fn yet(&self) -> bool {
        // Without its sender nobody waits for a poller any more.
        *self.0.borrow() || self.0.has_changed().is_err()
    }

    /// Waits until the pollers are to stop.
    async fn wait(&mut self) {
        // Without its sender nobody waits for a poller any more.
        let _ = self.0.wait_for(|&stopped| stopped).await;
    }

    /// Waits so long, or until the pollers are to stop; whether they are.
    async fn within(&mut self, pause: Duration) -> bool {
        let stopped = self.0.wait_for(|&stopped| stopped);
        tokio::time::timeout(pause, stopped).await.is_ok()
    }
}

impl EventSourceMappings {
    /// Starts a poller of the stream for each target, which keeps its position in the file, and one for each
    /// queue.
    pub fn start(
        targets: Vec<(BatchTarget, Option<PathBuf>)>,
        queues: Vec<QueueTarget>,
        stream: &Stream,
        wake: &Wake,
    ) -> Result<Self, Error> {
        Self::start_polling(targets, queues, stream, wake, POLL_PERIOD)
    }

    fn start_polling(
        targets: Vec<(BatchTarget, Option<PathBuf>)>,
        queues: Vec<QueueTarget>,
        stream: &Stream,
        wake: &Wake,
        period: Duration,
    ) -> Result<Self, Error> {
        let (stop, stopped) = watch::channel(false);
        let (mut pollers, mut all) = (Vec::new(), Vec::new());
        for (target, file) in targets {
            let poller = Poller::new(target, stream.clone(), Position::open(file)?, period)?;
            let (task, progress) = poller.start(Stopped(stopped.clone()), wake);
            pollers.push(task);
            all.push(progress);
        }
        // They come last, since what the stream holds may end in a queue.
        for target in queues {
            let (sender, progress) = watch::channel(PollerProgress::default());
            pollers.push(tokio::spawn(target.run(
                sender,
                Stopped(stopped.clone()),
                wake.subscribe(),
            )));
            all.push(progress);
        }
        let wake = wake.clone();
        Ok(Self {
            pollers,
            progress: Progress { all, wake },
            stop,
        })
    }

    pub fn progress(&self) -> Progress {
        self.progress.clone()
    }

    /// Lets each poller finish the call that is under way, and returns when they have ended.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        for poller in self.pollers {
            if let Err(error) = poller.await {
                tracing::error!(%error, "a poller did not stop in order");
            }
        }
    }
}

impl Progress {
    /// Waits until everything that has been written before has been handed over. Returns at once for a poller that
    /// was stopped.
    pub async fn drained(&self) {
        let _hurry = self.wake.hurry();
        for mut progress in self.all.iter().cloned() {
            // A poll that is under way may have begun before the last write, so the one after it counts.
            let enough = progress.borrow().idle_polls + 2;
            loop {
                let seen = *progress.borrow_and_update();
                // The wake comes after the look: a poller could report in between and then sleep through both.
                self.wake.wake();
                if seen.idle_polls >= enough || progress.changed().await.is_err() {
                    break;
                }
            }
        }
    }

    /// How many batches have been handled so far.
    pub fn batches(&self) -> u64 {
        self.all.iter().map(|progress| progress.borrow().batches).sum()
    }
}

/// Reads a stream and hands it to a function, batch by batch.
struct Poller {
    target: BatchTarget,
    /// Patterns, of which a record has to match one; without any, each record is meant.
    patterns: Vec<EventPattern>,
    stream: Stream,
    position: Position,
    period: Duration,
}

impl Poller {
    fn new(target: BatchTarget, stream: Stream, position: Position, period: Duration) -> Result<Self, Error> {
        let patterns = target.mapping.patterns.iter();
        let patterns: Result<_, String> = patterns.map(|text| EventPattern::parse(text)).collect();
        Ok(Self {
            patterns: patterns.map_err(|reason| bad_filter(&target.mapping, reason))?,
            target,
            stream,
            position,
            period,
        })
    }

    fn start(self, stopped: Stopped, wake: &Wake) -> (JoinHandle<()>, watch::Receiver<PollerProgress>) {
        let (sender, progress) = watch::channel(PollerProgress::default());
        (
            tokio::spawn(self.run(sender, stopped, wake.subscribe())),
            progress,
        )
    }

    async fn run(mut self, progress: watch::Sender<PollerProgress>, mut stopped: Stopped, mut woken: Woken) {
        let mut iterator: Option<String> = None;
        while !stopped.yet() {
            // What is written from here on wakes it again.
            woken.reset();
            let found = match iterator.take() {
                Some(iterator) => self.stream.poll(&iterator).await,
                None => self.begin().await,
            };
            match found {
                Ok((records, next)) if records.is_empty() => {
                    iterator = Some(next);
                    progress.send_modify(|progress| progress.idle_polls += 1);
                    self.rest(&mut woken, &mut stopped).await;
                }
                Ok((records, next)) => {
                    iterator = Some(next);
                    self.hand_over(records, &progress, &mut stopped).await;
                    if !woken.is_hurried() {
                        self.rest(&mut woken, &mut stopped).await;
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "the stream could not be read");
                    stopped.within(AFTER_ERROR).await;
                }
            }
        }
    }

    /// Leaves the stream alone until the next poll: for the poll period or the batching window, whichever is longer. While
    /// somebody waits for the pollers, the next poll comes as soon as a function has been called.
    async fn rest(&self, woken: &mut Woken, stopped: &mut Stopped) {
        if woken.is_hurried() {
            tokio::select! {
                () = woken.woken() => {}
                _ = stopped.within(self.period) => {}
            }
            if woken.is_hurried() {
                return;
            }
        }
        tokio::select! {
            () = woken.hurried() => {}
            _ = stopped.within(self.period.max(self.target.mapping.batching_window)) => {}
        }
    }

    /// Reads on behind the last record that has been handled. Without one, what DynamoDB would have dropped by now is
    /// passed over: data from before there was mail calls for none.
    async fn begin(&mut self) -> Result<(Vec<Record>, String), String> {
        let start = match self.position.get() {
            Some(sequence_number) => Start::After(sequence_number),
            None => match self.target.mapping.starting_position {
                StartingPosition::TrimHorizon => Start::Oldest,
                StartingPosition::Latest => Start::Next,
            },
        };
        let is_first = self.position.get().is_none();
        let mut iterator = self.stream.iterator(start).await?;
        loop {
            let (mut records, next) = self.stream.poll(&iterator).await?;
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

    fn takes(&self, record: &Record) -> bool {
        let mut patterns = self.patterns.iter();
        self.patterns.is_empty() || patterns.any(|pattern| pattern.matches(&record.json))
    }

    async fn hand_over(
        &mut self,
        records: Vec<Record>,
        progress: &watch::Sender<PollerProgress>,
        stopped: &mut Stopped,
    ) {
        let last = records.last().map(|record| record.sequence_number.clone());
        let mut wanted: Vec<Record> = records.into_iter().filter(|record| self.takes(record)).collect();
        while !wanted.is_empty() && !stopped.yet() {
            let rest = wanted.split_off(wanted.len().min(self.target.mapping.batch_size));
            let batch = std::mem::replace(&mut wanted, rest);
            self.target
                .handle(batch, &self.stream, &mut self.position, stopped)
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

fn bad_filter(mapping: &EventSourceMapping, reason: String) -> Error {
    Error::Template(TemplateError::Content {
        place: format!("{}, FilterCriteria", mapping.name),
        reason,
    })
}
