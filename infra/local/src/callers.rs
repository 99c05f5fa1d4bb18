//! What calls functions by itself, and waiting until it has nothing left to do.

use std::sync::Arc;

use crate::engine::Engine;
use crate::error::StartError;
use crate::mail::Ses;
use crate::mail::inbound::Inbound;
use crate::post::Post;
use crate::schedule::{Desk, Schedules};
use crate::storage::Storage;
use crate::stream::{Progresses, Streams, Wake};

/// What calls functions by itself: mail that came in, schedules, what became of mails, the table's stream.
#[derive(Clone)]
pub(crate) struct Callers {
    pub(crate) inbound: Arc<Inbound>,
    pub(crate) schedules: Arc<Schedules>,
    pub(crate) ses: Arc<Ses>,
    pub(crate) streams: Progresses,
}

impl Callers {
    /// Starts them, but for schedules by the clock, and gives the streams to stop and S3, where mail that comes in is.
    pub(crate) fn start(
        post: &Post<'_>,
        engine: &Engine,
        wake: &Wake,
    ) -> Result<(Self, Streams, Arc<Storage>), StartError> {
        let Post {
            template,
            functions,
            queues,
            clock,
            options,
            folder,
        } = *post;
        let longest_pause = options.longest_retry_pause;
        let ses = post.sending()?;
        let (storage, inbound) = post.receiving()?;
        let streams = Streams::start(
            template,
            (functions, wake),
            engine,
            queues,
            folder,
            (clock, longest_pause),
        )?;
        ses.resume();
        inbound.resume();
        let callers = Self {
            inbound,
            schedules: Schedules::of(template, functions, queues, clock, longest_pause),
            ses,
            streams: streams.progress(),
        };
        Ok((callers, streams, storage))
    }

    /// Where schedules are run for whoever asks.
    pub(crate) fn desk(&self) -> Desk {
        let callers = self.clone();
        let settle = move || {
            let callers = callers.clone();
            Box::pin(async move { callers.settle().await }) as _
        };
        Desk::new(self.schedules.clone(), Arc::new(settle))
    }

    /// Waits until the mails that came in so far have been dealt with, the runs of schedules that began have ended,
    /// everything that has been written has been handed to the functions that the table's stream calls, what became of
    /// their mails has been told, and what that wrote has been handed over as well.
    pub(crate) async fn settle(&self) {
        let Self {
            inbound,
            schedules,
            ses,
            streams,
        } = self;
        loop {
            inbound.quiet().await;
            schedules.quiet().await;
            streams.drained().await;
            ses.quiet().await;
            let batches = streams.batches();
            streams.drained().await;
            let is_quiet = ses.is_quiet() && inbound.is_quiet() && schedules.is_quiet();
            if streams.batches() == batches && is_quiet {
                return;
            }
        }
    }
}
