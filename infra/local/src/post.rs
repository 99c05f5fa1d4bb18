//! Puts together what sends mail and what receives it.

use std::sync::Arc;

use countersign_platform::Clock;

use crate::data::Folder;
use crate::error::StartError;
use crate::functions::Functions;
use crate::mail::inbound::{self, Inbound};
use crate::mail::{Ses, Topics};
use crate::options::Options;
use crate::queue::Queues;
use crate::storage::Storage;
use crate::template::Template;

/// What sending and receiving mail are built from.
pub(crate) struct Post<'a> {
    pub(crate) template: &'a Template,
    pub(crate) functions: &'a Functions,
    pub(crate) queues: &'a Arc<Queues>,
    pub(crate) clock: &'a Clock,
    pub(crate) options: &'a Options,
    pub(crate) folder: Option<&'a Folder>,
}

impl Post<'_> {
    /// SES's sending, which tells what became of mails.
    pub(crate) fn sending(&self) -> Result<Arc<Ses>, StartError> {
        let topics = Topics::of(
            self.template,
            self.functions,
            self.queues,
            self.clock,
            self.options.longest_retry_pause,
        );
        let ses = Ses::open(
            self.template.mail.clone(),
            topics,
            self.queues.clone(),
            self.clock.clone(),
            self.options.ses_faults.clone(),
            self.folder,
        )?;
        Ok(Arc::new(ses))
    }

    /// SES's receiving, and S3, where it stores what comes in.
    pub(crate) fn receiving(&self) -> Result<(Arc<Storage>, Arc<Inbound>), StartError> {
        let storage = Storage::open(
            &self.template.inbound.buckets,
            self.folder.map(Folder::objects),
            self.clock.clone(),
        )?;
        let storage = Arc::new(storage);
        let pause = self.options.longest_retry_pause;
        let inbound = Inbound::open(
            inbound::Rule::all(self.template, self.functions, pause),
            &self.template.mail.domain,
            storage.clone(),
            self.queues.clone(),
            self.clock.clone(),
            self.folder.map(Folder::inbound),
        )?;
        Ok((storage, Arc::new(inbound)))
    }
}
