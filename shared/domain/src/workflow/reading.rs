//! The reading in memory: what is possible, and why something was refused.

use jiff::Timestamp;

use super::{Action, From, Party, Row, TABLE};
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
    let mut unmet: Option<Refusal> = None;
    for row in rows {
        match identity(row, facts, attempt.actor) {
            Ok(()) if row.starts_from(state) => match finish(row, facts, attempt) {
                Ok(row) => return Ok(row),
                // Another row may lead on from here.
                Err(refusal) => unmet = unmet.or(Some(refusal)),
            },
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
    match (unmet, closest) {
        (Some(refusal), _) => Err(refusal),
        (None, Some((_, _, refusal))) if !allowed_elsewhere => Err(refusal),
        (None, _) => Err(Refusal::NoLongerPossible),
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
            let mut guards = row.guards.iter();
            guards.all(|guard| guard.is_offered(facts, campaign, now))
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

    /// The rows that lead from there by an action of an actor, as far as can be told without the request, in the order in
    /// which they are tried.
    pub fn candidates(action: Action, from: From, actor: &Actor) -> Vec<&'static Self> {
        TABLE
            .iter()
            .filter(|row| row.action == action && row.from == from && row.who.checks(actor).is_ok())
            .collect()
    }

    /// Why an actor takes none of the rows that start there.
    pub fn party_refusal(action: Action, from: From, actor: &Actor) -> Refusal {
        let mut rows = TABLE
            .iter()
            .filter(|row| row.action == action && row.from == from);
        rows.find_map(|row| row.who.checks(actor).err())
            .unwrap_or(Refusal::NoLongerPossible)
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

    /// Whether only the company's own people take this row.
    pub fn is_for_a_company(&self) -> bool {
        match self.who {
            Party::Colleague | Party::ItsMaker | Party::Checker | Party::Holder | Party::Confirmer => true,
            Party::Officer | Party::HoldingOfficer | Party::Clock => false,
        }
    }
}
