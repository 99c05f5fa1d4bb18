//! Stands in for SES: takes mail on its real wire, keeps it in a mailbox that people can look into, and tells what
//! became of it.

mod attachment;
mod endpoint;
mod event;
mod fate;
pub(crate) mod inbound;
mod mailbox;
mod message;
pub(crate) mod page;
mod raw;
#[cfg(test)]
mod tests;
mod topic;

use std::sync::Arc;
use std::time::Duration;

use countersign_platform::Clock;
use tokio::sync::watch;

use crate::data::Folder;
use crate::error::StartError;
use crate::queue::Queues;
use crate::template::{EventDestination, Mail as Settings};

pub use attachment::Attachment;
pub use fate::Fate;
pub use mailbox::Mail;
pub use message::{Header, Outgoing};

pub(crate) use endpoint::router;
pub(crate) use topic::Topics;

use event::Event;
use mailbox::Mailbox;
use message::{Refusal, Rules};

/// How long after SES took a mail it tells what became of it. It never tells before the sender has its answer.
const TOLD_AFTER: Duration = Duration::from_millis(100);

/// What happens to a request to send a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is served.
    Deliver,
    /// It is turned away: too many at a time.
    Throttle,
    /// SES fails before it takes the mail.
    FailBefore,
    /// SES takes the mail, and the sender never gets the answer.
    TakeThenDrop,
}

/// Asked before each mail is taken: what a test makes SES do.
pub type SesFaults = Arc<dyn Fn(&Outgoing) -> Fault + Send + Sync>;

/// SES on this machine.
pub(crate) struct Ses {
    settings: Settings,
    mailbox: Mailbox,
    topics: Topics,
    queues: Arc<Queues>,
    clock: Clock,
    faults: Option<SesFaults>,
    /// How many mails there are of which something is still to be told.
    pending: watch::Sender<usize>,
}

impl Ses {
    /// The mailbox as it was left.
    pub(crate) fn open(
        settings: Settings,
        topics: Topics,
        queues: Arc<Queues>,
        clock: Clock,
        faults: Option<SesFaults>,
        folder: Option<&Folder>,
    ) -> Result<Self, StartError> {
        let mailbox = Mailbox::open(
            settings.suppressed_reasons.clone(),
            folder.map(Folder::mails).as_deref(),
            folder.map(Folder::suppressed),
        )?;
        Ok(Self {
            settings,
            mailbox,
            topics,
            queues,
            clock,
            faults,
            pending: watch::Sender::new(0),
        })
    }

    /// Tells what was still to be told when the runner ended.
    pub(crate) fn resume(self: &Arc<Self>) {
        for mail in self.mailbox.untold() {
            self.tell(mail);
        }
    }

    /// The mails that were sent, newest first.
    pub(crate) fn mails(&self) -> Vec<Mail> {
        self.mailbox.sent()
    }

    /// Waits until nothing is left to be told.
    pub(crate) async fn quiet(&self) {
        let mut pending = self.pending.subscribe();
        // The sender is this stand-in's own, so it is there.
        let _ = pending.wait_for(|&pending| pending == 0).await;
    }

    /// Whether nothing is left to be told.
    pub(crate) fn is_quiet(&self) -> bool {
        *self.pending.borrow() == 0
    }

    /// Takes a mail and answers its ID.
    fn take(self: &Arc<Self>, message: Outgoing) -> Result<String, Refusal> {
        let now = self.clock.now();
        let taken = self.mailbox.take(event::message_id(now), message, now);
        let mail = taken.map_err(|error| {
            tracing::error!(%error, "a mail could not be kept");
            Refusal::new(500, "InternalFailure", "The mail could not be kept.")
        })?;
        let id = mail.id.clone();
        self.tell(mail);
        Ok(id)
    }

    fn tell(self: &Arc<Self>, mail: Mail) {
        if mail.fates.iter().all(|fate| fate.event_type().is_none()) {
            return;
        }
        self.pending.send_modify(|pending| *pending += 1);
        let ses = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(TOLD_AFTER).await;
            // What no configuration set asks for is told to nobody.
            if mail.message.configuration_set.is_some() {
                for event in event::of(&mail, &ses.clock) {
                    ses.publish(&event).await;
                }
            }
            ses.mailbox.told(&mail.id);
            ses.pending.send_modify(|pending| *pending -= 1);
        });
    }

    async fn publish(&self, event: &Event) {
        let wants =
            |destination: &&EventDestination| destination.events.iter().any(|kind| kind == event.kind);
        for destination in self.settings.destinations.iter().filter(wants) {
            self.topics.publish(&destination.topic, &event.json).await;
        }
    }

    fn rules(&self) -> Rules<'_> {
        Rules {
            domain: &self.settings.domain,
            configuration_set: &self.settings.configuration_set,
            region: crate::template::REGION,
        }
    }
}
