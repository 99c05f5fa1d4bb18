//! The reading in memory: what is possible, and why something was refused.

use jiff::Timestamp;

use super::{Action, From, Guard, Party, Row, TABLE};
use crate::actor::{Actor, Right};
use crate::campaign::Campaign;
use crate::fact::Facts;
use crate::history::HistoryRow;
use crate::id::PersonId;
use crate::receipt::Receipt;
use crate::request::{Head, StateName};

/// What an actor says to have read.
#[derive(Debug, Clone, Copy)]
pub enum Reading<'a> {
    /// The request as it is now.
    Current,
    /// What this receipt says.
    Receipt(&'a Receipt),
    /// A tag that nothing gave.
    Unreadable,
}

/// Someone trying to do something.
#[derive(Debug, Clone, Copy)]
pub struct Attempt<'a> {
    /// Who.
    pub actor: &'a Actor,
    /// What.
    pub action: Action,
    /// Having read what.
    pub reading: Reading<'a>,
    /// When.
    pub now: Timestamp,
}

/// Why a step is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such request for this actor.
    NotFound,
    /// The actor lacks this right.
    RightMissing(Right),
    /// The actor edited the request, and so can't check it.
    OwnRequest,
    /// Only the maker may do this.
    NotItsMaker,
    /// Only the checker who confirmed may do this.
    NotItsConfirmer,
    /// The request is in a state, or in hands, that don't allow it (any more).
    NoLongerPossible,
    /// It would be possible, but the request has changed since it was read.
    Stale,
    /// The campaign has not opened yet.
    NotOpenYet,
    /// A message to the next-step user is needed.
    MessageMissing,
}

/// Judges an attempt on a request as it is. Gives the row that allows it, or the most telling reason against it:
/// first whether the request exists for the actor, then who the actor is, then the state, then the version.
pub fn judge(head: &Head, facts: &Facts, attempt: &Attempt<'_>) -> Result<&'static Row, Refusal> {
    if !head.is_visible_to(attempt.actor) {
        return Err(Refusal::NotFound);
    }
    let state = head.state.name();
    let rows = TABLE
        .iter()
        .filter(|row| row.action == attempt.action && row.from != From::Nothing);
    let mut allowed_elsewhere = false;
    let mut closest: Option<(usize, bool, Refusal)> = None;
    for row in rows {
        match identity(row, facts, attempt.actor) {
            Ok(()) if row.starts_from(state) => return finish(row, facts, attempt),
            Ok(()) => allowed_elsewhere = true,
            Err((passed, refusal)) => {
                let near = (passed, row.starts_from(state));
                if closest
                    .as_ref()
                    .is_none_or(|(passed, here, _)| near > (*passed, *here))
                {
                    closest = Some((near.0, near.1, refusal));
                }
            }
        }
    }
    match closest {
        Some((_, _, refusal)) if !allowed_elsewhere => Err(refusal),
        _ => Err(Refusal::NoLongerPossible),
    }
}

/// Whether the actor is the row's party; if not, how many tests they passed, and why.
fn identity(row: &Row, facts: &Facts, actor: &Actor) -> Result<(), (usize, Refusal)> {
    let checks = row.who.checks(actor).map_err(|refusal| (0, refusal))?;
    match checks
        .into_iter()
        .enumerate()
        .find(|(_, check)| !check.test.holds(facts))
    {
        // Having the right is a test passed too.
        Some((passed, check)) => Err((passed + 1, check.otherwise)),
        None => Ok(()),
    }
}

fn finish(row: &'static Row, facts: &Facts, attempt: &Attempt<'_>) -> Result<&'static Row, Refusal> {
    let checks = row.checks(attempt.actor, attempt.now)?;
    if let Some(failed) = checks.into_iter().find(|check| !check.test.holds(facts)) {
        return Err(failed.otherwise);
    }
    let is_current = match attempt.reading {
        Reading::Current => true,
        Reading::Receipt(receipt) => receipt.tests().iter().all(|test| test.holds(facts)),
        Reading::Unreadable => false,
    };
    if is_current { Ok(row) } else { Err(Refusal::Stale) }
}

/// The guards that need no look at the request: whether the campaign is open, and whether a message is there.
pub fn requirement_refusal(
    row: &Row,
    message: Option<&str>,
    campaign: &Campaign,
    now: Timestamp,
) -> Option<Refusal> {
    if row.needs(Guard::CampaignOpen) && !campaign.is_open(now) {
        Some(Refusal::NotOpenYet)
    } else if row.needs(Guard::MessageGiven) && message.is_none_or(|message| message.trim().is_empty()) {
        Some(Refusal::MessageMissing)
    } else {
        None
    }
}

/// The steps that an actor can take from the pages: the buttons to show. What only mail or the clock can do is not
/// among them.
pub fn allowed_actions(
    head: &Head,
    facts: &Facts,
    actor: &Actor,
    campaign: &Campaign,
    now: Timestamp,
) -> Vec<Action> {
    let is_possible = |action: &Action| {
        let attempt = Attempt {
            actor,
            action: *action,
            reading: Reading::Current,
            now,
        };
        judge(head, facts, &attempt).is_ok_and(|row| {
            let open = !row.needs(Guard::CampaignOpen) || campaign.is_open(now);
            open && !row.needs(Guard::MailToken)
        })
    };
    Action::ALL.into_iter().filter(is_possible).collect()
}

impl Row {
    /// Whether the row starts from a state.
    pub fn starts_from(&self, state: StateName) -> bool {
        match self.from {
            From::Nothing => false,
            From::Any => true,
            From::State(from) => from == state,
        }
    }

    /// The row that takes a request on from a state that an actor has read, as far as can be told without the request.
    pub(super) fn find(action: Action, state: StateName, actor: &Actor) -> Option<&'static Self> {
        let leads_on = |row: &&Self| row.action == action && row.from == From::State(state);
        TABLE
            .iter()
            .filter(leads_on)
            .find(|row| row.who.checks(actor).is_ok())
    }

    /// The row that a step on record took.
    pub fn taken(step: &HistoryRow) -> Option<&'static Self> {
        let by_clock = step.actor.id.as_str() == PersonId::CLOCK;
        TABLE.iter().find(|row| {
            let starts_there = match step.from {
                Some(from) => row.from == From::State(from),
                None => !matches!(row.from, From::State(_)),
            };
            row.action == step.action && starts_there && by_clock == (row.who == Party::Clock)
        })
    }

    /// Whether the step settles if the request is in time for the parallel run: handing it to the checkers does so for
    /// the time being, sending it to the exchange for good (guideline, closing remark).
    pub fn settles_guarantee(&self) -> bool {
        match self.to {
            StateName::ReadyToSend => self.action == Action::Submit,
            StateName::Sent => self.is_for_a_company(),
            StateName::Draft
            | StateName::Claimed
            | StateName::Processing
            | StateName::Completed
            | StateName::Rejected
            | StateName::Discarded => false,
        }
    }

    /// Whether only the company's own people take this row.
    pub fn is_for_a_company(&self) -> bool {
        match self.who {
            Party::Colleague | Party::ItsMaker | Party::Checker | Party::Holder | Party::Confirmer => true,
            Party::Officer | Party::HoldingOfficer | Party::Clock => false,
        }
    }
}
