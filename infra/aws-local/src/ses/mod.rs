//! Stands in for SES: takes mail on its real wire, keeps it in a mailbox that people can look into, and publishes what
//! became of it.

pub mod receiving;

mod endpoint;
mod event;
mod mailbox;
mod outcome;
mod raw;
mod send_email;
#[cfg(test)]
pub(crate) mod tests;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::cloudformation::Mail as Settings;
use crate::lambda::UnderWay;
use crate::sns::Topics;
use crate::{Clock, Error};

pub use endpoint::{MAIL_LIMIT, router};
pub use mailbox::Mail;
pub use outcome::DeliveryOutcome;
pub use send_email::{Attachment, Header, Outgoing, bare_address};

use mailbox::Mailbox;
use send_email::SendError;

/// How long after SES took a mail it tells what became of it. It never tells before the sender has its answer.
const TOLD_AFTER: Duration = Duration::from_millis(20);

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
pub struct Ses {
    settings: Settings,
    mailbox: Mailbox,
    topics: Topics,
    clock: Clock,
    faults: Option<SesFaults>,
    /// The mails whose events are still to be published.
    under_way: UnderWay,
}

impl Ses {
    /// The mailbox as it was left in the files for mails and for the suppression list.
    pub fn open(
        settings: Settings,
        topics: Topics,
        clock: Clock,
        faults: Option<SesFaults>,
        files: Option<(PathBuf, PathBuf)>,
    ) -> Result<Arc<Self>, Error> {
        let mailbox = Mailbox::open(settings.suppressed_reasons.clone(), files)?;
        Ok(Arc::new(Self {
            settings,
            mailbox,
            topics,
            clock,
            faults,
            under_way: UnderWay::default(),
        }))
    }

    /// Publishes the events that were still to be published when the process ended.
    pub fn resume(self: &Arc<Self>) {
        for mail in self.mailbox.untold() {
            self.tell(mail);
        }
    }

    /// The mails that were sent, newest first.
    pub fn mails(&self) -> Vec<Mail> {
        self.mailbox.sent()
    }

    pub fn mail(&self, id: &str) -> Option<Mail> {
        self.mailbox.find(id)
    }

    /// Events that are still to be published.
    pub fn under_way(&self) -> &UnderWay {
        &self.under_way
    }

    /// Takes a mail and answers its ID.
    fn take(self: &Arc<Self>, message: Outgoing) -> Result<String, SendError> {
        let now = self.clock.now();
        let taken = self.mailbox.take(event::message_id(now), message, now);
        let mail = taken.map_err(|error| {
            tracing::error!(%error, "a mail could not be kept");
            SendError::new(500, "InternalFailure", "The mail could not be kept.")
        })?;
        let id = mail.id.clone();
        self.tell(mail);
        Ok(id)
    }

    /// Publishes what became of a mail, if its configuration set asks for that.
    fn tell(self: &Arc<Self>, mail: Mail) {
        let ses = self.clone();
        self.under_way.spawn(async move {
            tokio::time::sleep(TOLD_AFTER).await;
            if mail.message.configuration_set.is_some() {
                for (kind, event) in event::of(&mail, ses.clock.now()) {
                    for destination in &ses.settings.destinations {
                        if destination.events.iter().any(|wanted| wanted == kind) {
                            ses.topics
                                .publish(&destination.topic, event::SUBJECT, &event)
                                .await;
                        }
                    }
                }
            }
            ses.mailbox.told(&mail.id);
        });
    }
}
