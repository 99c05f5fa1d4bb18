//! Stands in for SES's receiving: mail that comes in is stored, and a function is told of it, as the template's receipt
//! rules say.
//!
//! Nothing listens for SMTP: a script hands a message in, or somebody replies on the mailbox's page. What SES would find
//! of it, the sender says too, so that refusals can be tried.

mod envelope;
mod event;
mod reply;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::cloudformation::ReceiptRule;
use crate::files::KeptFile;
use crate::lambda::{AsyncTarget, UnderWay};
use crate::s3::Storage;
use crate::{Clock, Error};

pub use envelope::{CHECKS, Envelope, VERDICT_WORDS, Verdict, Verdicts};
pub use reply::{new_message, reply_message};

/// SES's receiving on this machine.
pub struct Receiving {
    /// The rules with the functions that they call.
    rules: Vec<(ReceiptRule, AsyncTarget)>,
    /// The verified domain.
    domain: String,
    storage: Arc<Storage>,
    clock: Clock,
    pending: Mutex<Pending>,
    under_way: UnderWay,
}

/// Why a message is not taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReceiveError {
    /// No receipt rule is for this recipient.
    NoRule(String),
    NotStored,
}

/// The calls that no function has taken yet, by the mail and the rule that they are for.
struct Pending {
    calls: BTreeMap<String, Call>,
    file: KeptFile,
}

/// A call of a function with a mail's event.
#[derive(Clone, Serialize, Deserialize)]
struct Call {
    rule: String,
    event: Json,
}

impl Receiving {
    /// Receiving as it was left, for rules with the functions that they call.
    pub fn open(
        rules: Vec<(ReceiptRule, AsyncTarget)>,
        domain: &str,
        storage: Arc<Storage>,
        clock: Clock,
        file: Option<PathBuf>,
    ) -> Result<Arc<Self>, Error> {
        let file = KeptFile(file);
        let calls = file.load()?;
        Ok(Arc::new(Self {
            rules,
            domain: domain.to_owned(),
            storage,
            clock,
            pending: Mutex::new(Pending { calls, file }),
            under_way: UnderWay::default(),
        }))
    }

    /// Makes the calls that were still to be made when the process ended.
    pub fn resume(self: &Arc<Self>) {
        for (key, call) in self.pending(|pending| pending.calls.clone()) {
            self.call(key, call);
        }
    }

    /// The calls that no function has taken yet.
    pub fn under_way(&self) -> &UnderWay {
        &self.under_way
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Takes a message in and answers its ID. From here on it is stored, and its function will be called with it.
    pub fn receive(self: &Arc<Self>, envelope: &Envelope, raw: &[u8]) -> Result<String, ReceiveError> {
        for recipient in &envelope.to {
            if !self
                .rules
                .iter()
                .any(|(rule, _)| is_for(rule, recipient, &self.domain))
            {
                return Err(ReceiveError::NoRule(recipient.clone()));
            }
        }
        let id = crate::random::hex::<20>();
        let calls = self.store(&id, envelope, raw).map_err(|error| {
            tracing::error!(%error, "a mail that came in could not be stored");
            ReceiveError::NotStored
        })?;
        for (key, call) in calls {
            self.call(key, call);
        }
        Ok(id)
    }

    /// Stores a message for every rule that it meets, in the template's order, and returns the calls to make then.
    fn store(&self, id: &str, envelope: &Envelope, raw: &[u8]) -> io::Result<Vec<(String, Call)>> {
        let mut calls = Vec::new();
        for (rule, target) in &self.rules {
            let recipients = envelope.to.iter().map(String::as_str);
            let recipients: Vec<&str> = recipients.filter(|to| is_for(rule, to, &self.domain)).collect();
            if recipients.is_empty() {
                continue;
            }
            let receipt = event::Receipt {
                id,
                at: self.clock.now(),
                recipients,
                verdicts: envelope.verdicts.with_scans(rule.scans),
                function: target.arn(),
            };
            let message = event::stored(envelope, &receipt, raw);
            self.storage.put(&rule.bucket, id, &message)?;
            let call = Call {
                rule: rule.logical_id.clone(),
                event: event::of(envelope, &receipt, &message),
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
        let receiving = self.clone();
        self.under_way.spawn(async move {
            let found = receiving.rules.iter().find(|(one, _)| one.logical_id == rule);
            if let Some((_, target)) = found {
                target.call(event).await;
            } else {
                tracing::warn!(rule, "a mail came in by a rule that is gone");
            }
            let kept = receiving.pending(|pending| {
                pending.calls.remove(&key);
                pending.keep()
            });
            if let Err(error) = kept {
                tracing::warn!(%error, "the calls for mail that came in could not be kept");
            }
        });
    }

    fn pending<T>(&self, work: impl FnOnce(&mut Pending) -> T) -> T {
        work(&mut self.pending.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Pending {
    fn keep(&self) -> io::Result<()> {
        self.file.save(&self.calls)
    }
}

/// Whether a rule is for mail to this address: an address, with or without a label, a domain, or with a full stop before
/// it the domains below; without recipients, the verified domain.
fn is_for(rule: &ReceiptRule, recipient: &str, verified: &str) -> bool {
    let recipient = recipient.to_ascii_lowercase();
    let (local, domain) = recipient.rsplit_once('@').unwrap_or_default();
    let unlabelled = format!("{}@{domain}", local.split('+').next().unwrap_or_default());
    let matches = |of_rule: &str| {
        let of_rule = of_rule.to_ascii_lowercase();
        if of_rule.contains('@') {
            of_rule == recipient || of_rule == unlabelled
        } else if of_rule.starts_with('.') {
            domain.ends_with(&of_rule)
        } else {
            of_rule == domain
        }
    };
    match rule.recipients.as_slice() {
        [] => matches(verified),
        some => some.iter().any(|one| matches(one)),
    }
}
