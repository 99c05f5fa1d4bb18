//! Writes what came of a command to the log.

use std::time::Duration;

use countersign_domain::audit::Reason;
use countersign_domain::fault;
use countersign_platform::store::StoreError;
use countersign_platform::telemetry::{Outcome, Step, Usage};

use super::{Executed, Execution, Rejection, Subject};

impl Execution<'_> {
    /// Writes the command's line. It has nothing that a person typed.
    pub(super) fn observe(&self, executed: &Result<Executed, Rejection>, took: Duration, usage: Usage) {
        let (outcome, reason) = match executed {
            Ok(Executed { is_replay: false, .. }) => (Outcome::Done, None),
            Ok(Executed { is_replay: true, .. }) => (Outcome::Repeated, None),
            Err(rejection) => came_of(rejection),
        };
        let row = executed.as_ref().ok().map(|executed| &executed.row);
        let subject = match self.command.subject {
            Subject::Request(id) => Some(id),
            Subject::New => None,
        };
        let step = Step {
            request: row.map(|row| row.request).or(subject),
            version: row.map(|row| row.version),
            action: self.command.action,
            actor: &self.command.actor,
            outcome,
            reason,
        };
        step.write(self.app, took, usage);
    }
}

/// What a rejection is in the log: the reason that stays on record, where there is one.
fn came_of(rejection: &Rejection) -> (Outcome, Option<&'static str>) {
    let reason = match rejection {
        Rejection::Refused { refusal, .. } => Reason::of(refusal).map_or("not-found", Reason::as_str),
        Rejection::Invalid(faults) => fault::class(faults).as_str(),
        Rejection::NoOtherChecker(_) => Reason::NoOtherChecker.as_str(),
        Rejection::KeyReused => "key-reused",
        Rejection::TokenEnded => Reason::TokenEnded.as_str(),
        Rejection::OnRecord => return (Outcome::Repeated, None),
        Rejection::Store(error) => return (Outcome::Failed, Some(failed(error))),
    };
    (Outcome::Refused, Some(reason))
}

fn failed(error: &StoreError) -> &'static str {
    match error {
        StoreError::Throttled => "throttled",
        StoreError::Unavailable(_) => "unavailable",
        StoreError::Refused(_) => "store-refuses",
        StoreError::Corrupt(_) => "corrupt",
        StoreError::OtherLayout(_) => "other-layout",
    }
}
