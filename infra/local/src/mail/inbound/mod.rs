//! Stands in for SES's receiving: mail that comes in is stored, and a function is told of it, as the template's receipt
//! rules say.
//!
//! Nothing listens for SMTP: a script posts a message, or somebody replies on the mailbox's page. What SES would find of
//! it, the sender says too, so that the refusals can be tried.

mod arrival;
mod endpoint;
mod event;
mod page;
mod problem;
mod reply;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use countersign_platform::Clock;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use tokio::sync::watch;

use crate::data;
use crate::error::StartError;
use crate::functions::Functions;
use crate::queue::Queues;
use crate::storage::Storage;
use crate::template::{ReceiptRule, Template};
use crate::unattended::Subscriber;

pub(crate) use endpoint::router;

use arrival::Arrival;
use problem::Problem;

/// A receipt rule with the function that it calls.
pub(crate) struct Rule {
    rule: ReceiptRule,
    subscriber: Subscriber,
}

/// SES's receiving on this machine.
pub(crate) struct Inbound {
    rules: Vec<Rule>,
    /// The verified domain.
    domain: String,
    storage: Arc<Storage>,
    queues: Arc<Queues>,
    clock: Clock,
    pending: Mutex<Pending>,
    /// How many calls there are that no function has taken yet.
    under_way: watch::Sender<usize>,
}

/// The calls that no function has taken yet, by the mail and the rule that they are for.
#[derive(Default)]
struct Pending {
    calls: BTreeMap<String, Call>,
    file: Option<PathBuf>,
}

/// A function that is to be told of a mail.
#[derive(Clone, Serialize, Deserialize)]
struct Call {
    rule: String,
    event: Json,
}

impl Rule {
    /// The template's rules. Every function has been built, or the start would have failed before.
    pub(crate) fn all(template: &Template, functions: &Functions, longest_pause: Duration) -> Vec<Self> {
        let rule = |rule: &ReceiptRule| {
            let mut all = template.functions.iter();
            let function = all.find(|function| function.logical_id == rule.function)?;
            Some(Self {
                rule: rule.clone(),
                subscriber: Subscriber::of(function, functions, longest_pause)?,
            })
        };
        template.inbound.rules.iter().filter_map(rule).collect()
    }

    /// Whether it is for mail to this address.
    fn takes(&self, recipient: &str, verified: &str) -> bool {
        let (local, domain) = recipient.rsplit_once('@').unwrap_or_default();
        let is_for = |of_rule: &String| match of_rule.rsplit_once('@') {
            Some((of_local, of_domain)) => {
                let before_label = local.split('+').next().unwrap_or_default();
                let is_local = |one: &str| one.eq_ignore_ascii_case(of_local);
                of_domain.eq_ignore_ascii_case(domain) && (is_local(local) || is_local(before_label))
            }
            // With a full stop before it, a domain stands for those below it.
            None if of_rule.starts_with('.') => domain
                .to_ascii_lowercase()
                .ends_with(&of_rule.to_ascii_lowercase()),
            None => of_rule.eq_ignore_ascii_case(domain),
        };
        match self.rule.recipients.as_slice() {
            [] => domain.eq_ignore_ascii_case(verified),
            some => some.iter().any(is_for),
        }
    }
}

impl Inbound {
    /// Receiving as it was left.
    pub(crate) fn open(
        rules: Vec<Rule>,
        domain: &str,
        storage: Arc<Storage>,
        queues: Arc<Queues>,
        clock: Clock,
        file: Option<PathBuf>,
    ) -> Result<Self, StartError> {
        let calls = match &file {
            Some(path) => data::read_json(path)?.unwrap_or_default(),
            None => BTreeMap::new(),
        };
        Ok(Self {
            rules,
            domain: domain.to_owned(),
            storage,
            queues,
            clock,
            pending: Mutex::new(Pending { calls, file }),
            under_way: watch::Sender::new(0),
        })
    }

    /// Makes the calls that were still to be made when the runner ended.
    pub(crate) fn resume(self: &Arc<Self>) {
        for (key, call) in self.pending(|pending| pending.calls.clone()) {
            self.call(key, call);
        }
    }

    /// Waits until no call is under way.
    pub(crate) async fn quiet(&self) {
        let mut under_way = self.under_way.subscribe();
        // The sender is this stand-in's own, so it is there.
        let _ = under_way.wait_for(|&under_way| under_way == 0).await;
    }

    /// Whether no call is under way.
    pub(crate) fn is_quiet(&self) -> bool {
        *self.under_way.borrow() == 0
    }

    /// Takes a message in and answers its ID. From here on it is stored, and its function will be told of it.
    fn take(self: &Arc<Self>, arrival: &Arrival, raw: &[u8]) -> Result<String, Problem> {
        for recipient in &arrival.to {
            if !self.rules.iter().any(|rule| rule.takes(recipient, &self.domain)) {
                return Err(Problem::NoRule(recipient.clone()));
            }
        }
        let id = crate::random::hex::<20>();
        let calls = self.store(&id, arrival, raw).map_err(|error| {
            tracing::error!(%error, "a mail that came in could not be kept");
            Problem::NotKept
        })?;
        for (key, call) in calls {
            self.call(key, call);
        }
        Ok(id)
    }

    /// Stores a message for every rule that it meets, in the template's order; gives the calls that are to be made then.
    fn store(&self, id: &str, arrival: &Arrival, raw: &[u8]) -> io::Result<Vec<(String, Call)>> {
        let mut calls = Vec::new();
        for one in &self.rules {
            let recipients = arrival.to.iter().map(String::as_str);
            let recipients: Vec<&str> = recipients.filter(|to| one.takes(to, &self.domain)).collect();
            if recipients.is_empty() {
                continue;
            }
            let rule = &one.rule;
            let met = event::Met {
                id,
                at: self.clock.now(),
                recipients,
                verdicts: arrival.verdicts.as_found(rule.scans),
                function: &one.subscriber.callee.arn,
            };
            let message = event::stored(arrival, &met, raw);
            self.storage.put(&rule.bucket, id, &message)?;
            let call = Call {
                rule: rule.logical_id.clone(),
                event: event::of(arrival, &met, &message),
            };
            calls.push((format!("{id} {}", rule.logical_id), call));
        }
        self.pending(|pending| {
            pending.calls.extend(calls.iter().cloned());
            pending.keep()
        })?;
        Ok(calls)
    }

    fn call(self: &Arc<Self>, key: String, Call { rule, event }: Call) {
        self.under_way.send_modify(|under_way| *under_way += 1);
        let inbound = self.clone();
        tokio::spawn(async move {
            let mut rules = inbound.rules.iter();
            if let Some(rule) = rules.find(|one| one.rule.logical_id == rule) {
                rule.subscriber.call(event, &inbound.queues, &inbound.clock).await;
            } else {
                tracing::warn!(rule, "a mail came in by a rule that is gone");
            }
            let kept = inbound.pending(|pending| {
                pending.calls.remove(&key);
                pending.keep()
            });
            if let Err(error) = kept {
                tracing::warn!(%error, "which mails have been told of could not be kept");
            }
            inbound.under_way.send_modify(|under_way| *under_way -= 1);
        });
    }

    fn pending<T>(&self, work: impl FnOnce(&mut Pending) -> T) -> T {
        work(&mut self.pending.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Pending {
    fn keep(&self) -> io::Result<()> {
        match &self.file {
            Some(file) => data::replace_json(file, &self.calls),
            None => Ok(()),
        }
    }
}
