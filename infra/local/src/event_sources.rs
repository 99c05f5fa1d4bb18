//! What calls functions by itself, and waiting until it has nothing left to do.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_local::cloudformation::{Function, ReceiptRule, Template};
use aws_local::dynamodb::Stream;
use aws_local::eventbridge::EventBridge;
use aws_local::lambda::event_source_mapping::{
    BatchTarget, EventSourceMappings, Progress, QueueTarget, Wake,
};
use aws_local::lambda::{AsyncTarget, EventTarget, Functions};
use aws_local::s3::Storage;
use aws_local::scheduler::{ScheduleRunner, ScheduleTarget, Scheduler};
use aws_local::ses::Ses;
use aws_local::ses::receiving::Receiving;
use aws_local::sns::Topics;
use aws_local::sqs::Queues;

use crate::data::Folder;
use crate::error::StartError;
use crate::options::Options;

/// What event sources are built from.
pub(crate) struct Parts<'a> {
    pub(crate) template: &'a Template,
    pub(crate) functions: &'a Functions,
    pub(crate) queues: &'a Arc<Queues>,
    pub(crate) clock: &'a aws_local::Clock,
    pub(crate) options: &'a Options,
    pub(crate) folder: Option<&'a Folder>,
}

/// What calls functions by itself: mail that came in, schedules, what became of mails, the table's stream, and queues that
/// the event bus sends to.
#[derive(Clone)]
pub(crate) struct EventSources {
    pub(crate) receiving: Arc<Receiving>,
    pub(crate) scheduler: Arc<Scheduler>,
    pub(crate) ses: Arc<Ses>,
    pub(crate) events: Arc<EventBridge>,
    /// The pollers of the stream and of queues.
    pub(crate) pollers: Progress,
}

impl Parts<'_> {
    /// Starts the event sources, but for schedules by the clock; with them the pollers to stop, and S3, where mail that
    /// comes in is.
    pub(crate) fn start(
        &self,
        stream: &Stream,
        wake: &Wake,
    ) -> Result<(EventSources, EventSourceMappings, Arc<Storage>), StartError> {
        let folder = self.folder;
        let ses = Ses::open(
            self.template.mail.clone(),
            self.topics(),
            self.clock.clone(),
            self.options.ses_faults.clone(),
            folder.map(|folder| (folder.mails(), folder.suppressed())),
        )?;
        let buckets = &self.template.inbound.buckets;
        let storage = Arc::new(Storage::open(
            buckets,
            folder.map(Folder::objects),
            self.clock.clone(),
        )?);
        let receiving = Receiving::open(
            self.receipt_rules(),
            &self.template.mail.domain,
            storage.clone(),
            self.clock.clone(),
            folder.map(Folder::inbound),
        )?;
        let mappings = EventSourceMappings::start(self.stream_targets(), self.queue_targets(), stream, wake)?;
        ses.resume();
        receiving.resume();
        let sources = EventSources {
            receiving,
            scheduler: Scheduler::new(self.schedules(), self.clock.clone()),
            ses,
            events: EventBridge::new(
                self.template.event_bus.clone(),
                self.queues.clone(),
                self.clock.clone(),
                self.options.event_faults.clone(),
            ),
            pollers: mappings.progress(),
        };
        Ok((sources, mappings, storage))
    }

    /// A function that is called asynchronously. Every one has been built, or the start would have failed before.
    fn target(&self, function: &Function) -> Option<AsyncTarget> {
        Some(AsyncTarget {
            target: EventTarget::of(function, self.functions)?,
            config: function.async_config.clone(),
            queues: self.queues.clone(),
            clock: self.clock.clone(),
            longest_pause: self.options.longest_retry_pause,
        })
    }

    fn topics(&self) -> Topics {
        let mut subscribers: BTreeMap<String, Vec<AsyncTarget>> = BTreeMap::new();
        for function in &self.template.functions {
            for topic in &function.topics {
                let of_topic = subscribers.entry(topic.clone()).or_default();
                of_topic.extend(self.target(function));
            }
        }
        Topics::new(subscribers, self.clock.clone())
    }

    fn receipt_rules(&self) -> Vec<(ReceiptRule, AsyncTarget)> {
        let rule = |rule: &ReceiptRule| {
            let mut functions = self.template.functions.iter();
            let function = functions.find(|function| function.logical_id == rule.function)?;
            Some((rule.clone(), self.target(function)?))
        };
        self.template.inbound.rules.iter().filter_map(rule).collect()
    }

    fn schedules(&self) -> Vec<ScheduleTarget> {
        let mut all = Vec::new();
        for function in &self.template.functions {
            for schedule in &function.schedules {
                all.extend(self.target(function).map(|target| ScheduleTarget {
                    schedule: schedule.clone(),
                    function: function.binary.clone(),
                    target,
                }));
            }
        }
        all
    }

    fn stream_targets(&self) -> Vec<(BatchTarget, Option<std::path::PathBuf>)> {
        let mut all = Vec::new();
        for function in &self.template.functions {
            for mapping in &function.streams {
                let Some(target) = EventTarget::of(function, self.functions) else {
                    continue;
                };
                let target = BatchTarget {
                    mapping: mapping.clone(),
                    target,
                    queues: self.queues.clone(),
                    clock: self.clock.clone(),
                    longest_pause: self.options.longest_retry_pause,
                };
                all.push((target, self.folder.map(|folder| folder.stream(&mapping.name))));
            }
        }
        all
    }

    fn queue_targets(&self) -> Vec<QueueTarget> {
        let mut all = Vec::new();
        for function in &self.template.functions {
            for mapping in &function.queues {
                all.extend(
                    EventTarget::of(function, self.functions).map(|target| QueueTarget {
                        mapping: mapping.clone(),
                        target,
                        queues: self.queues.clone(),
                    }),
                );
            }
        }
        all
    }
}

impl EventSources {
    /// Where schedules are run for whoever asks.
    pub(crate) fn schedule_runner(&self) -> ScheduleRunner {
        let sources = self.clone();
        let settle = move || {
            let sources = sources.clone();
            Box::pin(async move { sources.settle().await }) as _
        };
        ScheduleRunner::new(self.scheduler.clone(), Arc::new(settle))
    }

    /// Waits until the mails that came in so far have been dealt with, the runs of schedules that began have ended,
    /// everything that has been written has been handed to the functions that the table's stream and queues call, what
    /// became of their mails has been told, and what that wrote has been handed over as well.
    pub(crate) async fn settle(&self) {
        let Self {
            receiving,
            scheduler,
            ses,
            pollers,
            ..
        } = self;
        loop {
            receiving.under_way().quiet().await;
            scheduler.under_way().quiet().await;
            pollers.drained().await;
            ses.under_way().quiet().await;
            let batches = pollers.batches();
            pollers.drained().await;
            let under_way = [receiving.under_way(), scheduler.under_way(), ses.under_way()];
            if pollers.batches() == batches && under_way.iter().all(|one| one.is_quiet()) {
                return;
            }
        }
    }
}
