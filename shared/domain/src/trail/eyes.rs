//! Four eyes over a file: nobody checks, or claims to check, what they edited, or what it was cloned from, and nobody
//! checks twice.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{Finding, What};
use crate::id::{PersonId, RequestId};
use crate::request::{Checks, StateName};
use crate::workflow::{Action, Party};

/// A request of the file.
pub(super) struct Request {
    /// The line of the request.
    pub(super) line: usize,
    /// Everyone who edited it, as its head says.
    pub(super) editors: BTreeSet<PersonId>,
    /// Its steps, in order.
    pub(super) steps: Vec<Taken>,
}

/// A step that somebody took.
pub(super) struct Taken {
    /// The line of the step.
    pub(super) line: usize,
    /// The step.
    pub(super) action: Action,
    /// Who took it.
    pub(super) actor: PersonId,
    /// When.
    pub(super) at: Timestamp,
    /// The state after.
    pub(super) to: StateName,
    /// The checks that the request needs after the step.
    pub(super) checks: Checks,
    /// The request that a new one is cloned from.
    pub(super) cloned_from: Option<RequestId>,
    /// Whose step it is, by the table; `None` if the table has no such step.
    pub(super) who: Option<Party>,
    /// The colleague who holds it then.
    pub(super) handed_to: Option<PersonId>,
}

/// What a step does to the two pairs of eyes.
enum Part {
    /// Makes the person an editor.
    Edits,
    /// Has the person check.
    Checks,
    /// Has an officer decide.
    Decides,
    /// Starts the checks anew.
    StartsAnew,
    /// Takes the person's own check back.
    TakesBack,
    /// Nothing.
    None,
}

impl Taken {
    fn part(&self) -> Part {
        match self.action {
            Action::Save | Action::Clone => Part::Edits,
            // Who takes a draft over becomes its maker; an officer takes over a claim.
            Action::TakeOver if self.to == StateName::Draft => Part::Edits,
            Action::Confirm | Action::ConfirmByMail => Part::Checks,
            Action::Complete | Action::Reject => Part::Decides,
            Action::Submit | Action::Return | Action::ReturnByMail => Part::StartsAnew,
            Action::Reclaim if self.to == StateName::Draft => Part::StartsAnew,
            // A checker who takes a confirmation back may give it again.
            Action::Reclaim => Part::TakesBack,
            Action::Discard
            | Action::Claim
            | Action::HandOver
            | Action::TakeOver
            | Action::Release
            | Action::ReleaseForAbsence => Part::None,
        }
    }

    /// Who has to have other eyes than those who edited the request and those who checked it.
    fn eyes(&self) -> impl Iterator<Item = &PersonId> {
        let is_check = match self.who {
            Some(Party::Checker | Party::Holder) => true,
            Some(_) | None => matches!(self.part(), Part::Checks),
        };
        is_check.then_some(&self.actor).into_iter().chain(&self.handed_to)
    }
}

/// What is wrong with who took the steps of these requests.
pub(super) fn findings(requests: &BTreeMap<RequestId, Request>) -> Vec<Finding> {
    requests
        .values()
        .flat_map(|request| of_one(requests, request))
        .collect()
}

fn of_one(requests: &BTreeMap<RequestId, Request>, request: &Request) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut editors = inherited(requests, request);
    let mut checkers: BTreeSet<&PersonId> = BTreeSet::new();
    let mut needed = 0;
    for step in &request.steps {
        let shared = step.eyes().find_map(|person| match person {
            person if editors.contains(person) => Some(What::OwnWork(person.clone())),
            person if checkers.contains(person) => Some(What::SameChecker(person.clone())),
            _ => None,
        });
        let what = match step.part() {
            Part::Edits => {
                editors.insert(&step.actor);
                (checkers, needed) = (BTreeSet::new(), 0);
                shared
            }
            Part::Checks => {
                checkers.insert(&step.actor);
                let too_few = step.to != StateName::ReadyToSend && checkers.len() < needed;
                shared.or(too_few.then_some(What::TooFewCheckers))
            }
            Part::Decides if editors.contains(&step.actor) || checkers.contains(&step.actor) => {
                Some(What::SameOfficer(step.actor.clone()))
            }
            Part::StartsAnew => {
                (checkers, needed) = (BTreeSet::new(), 0);
                shared
            }
            Part::TakesBack => {
                checkers.remove(&step.actor);
                shared
            }
            Part::Decides | Part::None => shared,
        };
        needed = needed.max(step.checks.needed());
        found.extend(what.map(|what| Finding {
            line: step.line,
            what,
        }));
    }
    if editors.iter().any(|editor| !request.editors.contains(*editor)) {
        found.push(Finding {
            line: request.line,
            what: What::Editors,
        });
    }
    found
}

/// Who had edited what a request was cloned from when it was cloned, and what that was cloned from. Of a source that the
/// file does not have, its editors are those of the clone who never saved the clone.
fn inherited<'a>(requests: &'a BTreeMap<RequestId, Request>, request: &'a Request) -> BTreeSet<&'a PersonId> {
    let mut editors = BTreeSet::new();
    let (mut clone, mut visited) = (request, BTreeSet::new());
    while let Some((source, at)) = clone.source() {
        let Some(found) = requests.get(&source).filter(|_| visited.insert(source)) else {
            let own: BTreeSet<&PersonId> = clone.savers(Timestamp::MAX).collect();
            editors.extend(clone.editors.iter().filter(|editor| !own.contains(editor)));
            break;
        };
        editors.extend(found.savers(at));
        clone = found;
    }
    editors
}

impl Request {
    /// What it was cloned from, and when.
    fn source(&self) -> Option<(RequestId, Timestamp)> {
        let first = self.steps.first()?;
        Some((first.cloned_from?, first.at))
    }

    /// Who saved it until then.
    fn savers(&self, until: Timestamp) -> impl Iterator<Item = &PersonId> {
        let saves = self.steps.iter();
        saves
            .filter(move |step| step.at <= until && matches!(step.part(), Part::Edits))
            .map(|step| &step.actor)
    }
}
