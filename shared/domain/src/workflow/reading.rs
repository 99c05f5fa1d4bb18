//! The reading in memory: which steps are possible, and why a step is refused.

use jiff::Timestamp;

use super::{Action, From, Party, Row, TABLE};
use crate::actor::{Actor, Right};
use crate::campaign::Campaign;
use crate::eservice::EServiceId;
use crate::fact::{Attribute, Facts, Test};
use crate::history::HistoryRow;
use crate::id::PersonId;
use crate::receipt::Receipt;
use crate::request::{Head, StateName};

/// What an actor claims to have read.
#[derive(Debug, Clone, Copy)]
pub enum Reading<'a> {
    /// The request as it is now.
    Current,
    /// What this receipt says.
    Receipt(&'a Receipt),
    /// A tag that the system never issued.
    Unreadable,
}

/// An actor's attempt to take a step.
#[derive(Debug, Clone, Copy)]
pub struct Attempt<'a> {
    /// The person or the clock.
    pub actor: &'a Actor,
    /// The step.
    pub action: Action,
    /// What the actor has read of the request.
    pub reading: Reading<'a>,
    /// The time of the attempt.
    pub now: Timestamp,
}

/// Why a step is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The request does not exist for this actor.
    NotFound,
    /// The actor lacks this right.
    RightMissing(Right),
    /// The directory no longer has this right of the actor, or no longer has them.
    RightWithdrawn(Right),
    /// The actor has edited the request, so they can't check it.
    OwnRequest,
    /// The actor was the first to check the request, so another person has to be the second.
    CheckedFirst,
    /// The request is about the actor, so they can't check it.
    AboutActor,
    /// The company would keep too few people who can manage its users.
    TooFewManagers,
    /// Only the maker may do this.
    NotItsMaker,
    /// Only the checker who confirmed may do this.
    NotItsConfirmer,
    /// The request's state or holder does not allow this, or no longer does.
    NoLongerPossible,
    /// It would be possible, but the request has changed since the actor read it.
    Stale,
    /// The campaign has not opened yet.
    NotOpenYet,
    /// A message to the next-step user is needed.
    MessageMissing,
    /// The maker is there, and can go on with the draft.
    MakerIsThere,
    /// The step has to name a colleague.
    ColleagueMissing,
    /// The colleague is away or may not check the request.
    ColleagueCannotCheck,
}

/// Judges an attempt on a request as it is now. Returns the row that allows it, or the most telling reason against it:
/// first whether the request exists for the actor, then who the actor is, then the state, then the version.
pub fn judge(head: &Head, facts: &Facts, attempt: &Attempt<'_>) -> Result<&'static Row, Refusal> {
    if !head.is_visible_to(attempt.actor) {
        return Err(Refusal::NotFound);
    }
    let state = head.state.name();
    let rows = TABLE
        .iter()
        .filter(|row| row.action == attempt.action && row.from != From::Nothing)
        .filter(|row| row.is_for(head.eservice));
    let mut allowed_elsewhere = false;
    let mut closest: Option<(usize, bool, Refusal)> = None;
    let mut unmet: Option<Refusal> = None;
    for row in rows {
        match identity(row, facts, attempt.actor) {
            Ok(()) if row.starts_from(state) => match finish(row, facts, attempt) {
                Ok(row) => return Ok(row),
                // Another row may allow this step from here. A row that only needs the current version tells the most.
                Err(Refusal::Stale) => unmet = Some(Refusal::Stale),
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

/// Whether the actor is the row's party. If not, returns how many tests they passed and why the next one failed.
fn identity(row: &Row, facts: &Facts, actor: &Actor) -> Result<(), (usize, Refusal)> {
    let checks = row.who.checks(actor).map_err(|refusal| (0, refusal))?;
    match checks
        .into_iter()
        .enumerate()
        .find(|(_, check)| !check.test.holds(facts))
    {
        // The right counts as a test passed, and without it for this eService none is.
        Some((_, check)) if matches!(check.otherwise, Refusal::RightMissing(_)) => Err((0, check.otherwise)),
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

/// Returns the steps that an actor can take from the pages: the buttons to show. Leaves out what only a reply by mail
/// or the clock can do, and what depends on who else is there.
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

/// Returns what is true of exactly those requests that one of these actions is possible on for the actor: the tests of
/// each row, of which all have to hold. Says nothing about guards that don't depend on the head.
pub fn tests_for(actions: &[Action], actor: &Actor, now: Timestamp) -> Vec<Vec<Test>> {
    let tests = |row: &Row| {
        let From::State(from) = row.from else { return None };
        let checks = row.checks(actor, now).ok()?;
        let state = Test::Is(Attribute::State, from.as_str().into());
        Some(
            [state]
                .into_iter()
                .chain(checks.into_iter().map(|check| check.test))
                .collect(),
        )
    };
    TABLE
        .iter()
        .filter(|row| actions.contains(&row.action))
        .filter_map(tests)
        .collect()
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

    /// Returns the rows with this action that start at `from` and that the actor may take, as far as can be told
    /// without the request. They come in the order in which they are tried.
    pub fn candidates(action: Action, from: From, actor: &Actor) -> Vec<&'static Self> {
        TABLE
            .iter()
            .filter(|row| row.action == action && row.from == from && row.who.checks(actor).is_ok())
            .collect()
    }

    /// Returns why the actor may take none of the rows with this action that start at `from`.
    pub fn party_refusal(action: Action, from: From, actor: &Actor) -> Refusal {
        let mut rows = TABLE
            .iter()
            .filter(|row| row.action == action && row.from == from);
        rows.find_map(|row| row.who.checks(actor).err())
            .unwrap_or(Refusal::NoLongerPossible)
    }

    /// Returns the row that a recorded step took.
    pub fn taken(step: &HistoryRow) -> Option<&'static Self> {
        Self::leading(step.eservice, step.action, step.from, step.to, &step.actor.id)
    }

    /// Returns the row by which this person, or the clock, could lead a request of an eService from one state to
    /// another.
    pub fn leading(
        eservice: EServiceId,
        action: Action,
        from: Option<StateName>,
        to: StateName,
        actor: &PersonId,
    ) -> Option<&'static Self> {
        let by_clock = actor.as_str() == PersonId::CLOCK;
        TABLE.iter().find(|row| {
            let starts_there = match from {
                Some(from) => row.from == From::State(from),
                // A clone is a new request, whatever state its source is in.
                None => !matches!(row.from, From::State(_)),
            };
            row.action == action
                && row.to == to
                && starts_there
                && row.is_for(eservice)
                && by_clock == (row.who == Party::Clock)
        })
    }

    /// Whether only people of the company take this row.
    pub fn is_for_a_company(&self) -> bool {
        match self.who {
            Party::Colleague
            | Party::ItsMaker
            | Party::Manager
            | Party::Checker
            | Party::Holder
            | Party::Confirmer => true,
            Party::Officer | Party::OtherOfficer | Party::HoldingOfficer | Party::Clock => false,
        }
    }
}
