//! Writes what came of a command to the log.

use std::time::Duration;

use countersign_domain::audit::Reason;
use countersign_domain::fault;
use countersign_platform::telemetry::{Outcome, STEP_TIME, STEPS, Usage, milliseconds, write};
use serde::Serialize;

use super::{Executed, Execution, Rejection, Subject};

/// The line of a step that was asked for.
#[derive(Serialize)]
struct StepLine<'a> {
    /// None if no request came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<String>,
    /// The request's version after the step, if it was taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    company: Option<&'a str>,
    actor: &'a str,
    #[serde(rename = "Action")]
    action: &'static str,
    #[serde(rename = "Outcome")]
    outcome: &'static str,
    /// Why it was not taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(rename = "Steps")]
    steps: u32,
    #[serde(rename = "StepTime")]
    step_time: u64,
}

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
        let actor = &self.command.actor;
        let line = StepLine {
            request: row.map(|row| row.request).or(subject).map(|id| id.to_string()),
            version: row.map(|row| row.version),
            company: actor.member().map(|member| member.company.as_str()),
            actor: actor.id(),
            action: self.command.action.as_str(),
            outcome: outcome.as_str(),
            reason,
            steps: 1,
            step_time: milliseconds(took),
        };
        write(self.app, "step", &line, usage, &[STEPS, STEP_TIME]);
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
        Rejection::Store(error) => return (Outcome::Failed, Some(error.kind())),
    };
    (Outcome::Refused, Some(reason))
}
