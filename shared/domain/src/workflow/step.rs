//! The reading for the store: a row becomes tests, changes and a history row, without a look at the request.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{Action, Attempt, Check, From, Reading, Refusal, Row, TABLE};
use crate::actor::{Actor, Member, Person};
use crate::eservice::EServiceId;
use crate::fact::{Attribute, Change, Fact, Facts, Test};
use crate::history::{CommandKey, HistoryRow};
use crate::id::{Digest, Reference, RequestId};
use crate::participantship::Participantship;
use crate::receipt::Receipt;
use crate::request::{Desk, DeskKind, StateName};
use crate::time;

/// What a command brings besides who, what and when.
#[derive(Debug, Clone, Default)]
pub struct Details {
    /// The message to the next-step user.
    pub message: Option<String>,
    /// What tells a repeat of the command.
    pub command: Option<CommandKey>,
    /// The reference that a first submit gives.
    pub reference: Option<Reference>,
    /// Whether what is done now is in time for the parallel run.
    pub in_time: bool,
    /// What a save writes.
    pub saved: Option<Saved>,
    /// When the lease of a checker who gets hold of it ends; none if nobody can tell.
    pub lease_ends: Option<Timestamp>,
}

/// What a save writes into the head.
#[derive(Debug, Clone)]
pub struct Saved {
    /// The digest of the form.
    pub form_hash: Digest,
    /// The participantship that the form is for.
    pub participantship: Participantship,
}

/// A step ready for the store.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The row it takes.
    pub row: &'static Row,
    /// What has to hold of the head.
    pub tests: Vec<Test>,
    /// What becomes of the head.
    pub changes: Vec<Change>,
    /// What goes on record.
    pub history: HistoryRow,
}

/// Plans a step of an actor who holds a receipt. Fails, without knowing the request, if no row leads from what the
/// receipt says to what the actor wants; [`super::judge`] then finds the reason in the request itself.
pub fn plan(
    id: RequestId,
    receipt: &Receipt,
    attempt: &Attempt<'_>,
    details: &Details,
) -> Result<Plan, Refusal> {
    let row = Row::find(attempt.action, receipt.state, attempt.actor).ok_or(Refusal::NoLongerPossible)?;
    let checks = row.checks(attempt.actor, attempt.now)?;
    let mut tests: Vec<Test> = checks.into_iter().map(|check: Check| check.test).collect();
    tests.extend(receipt.tests());
    let history = HistoryRow {
        request: id,
        eservice: receipt.eservice,
        version: receipt.version + 1,
        action: attempt.action,
        actor: acting_person(attempt.actor),
        at: time::to_milliseconds(attempt.now),
        from: Some(receipt.state),
        to: row.to,
        message: details.message.clone(),
        reference: details.reference.clone().or_else(|| receipt.reference.clone()),
        cloned_from: None,
        form_hash: details
            .saved
            .as_ref()
            .map_or(receipt.form_hash, |saved| saved.form_hash),
        previous: receipt.chain,
        command: details.command.clone(),
    };
    let changes = changes(row, receipt, attempt.actor, &history, details);
    Ok(Plan {
        row,
        tests,
        changes,
        history,
    })
}

fn acting_person(actor: &Actor) -> Person {
    match actor {
        Actor::Member(member) => member.person.clone(),
        // The clock's ID is a literal that is well-formed.
        Actor::Clock => Person::clock(),
    }
}

fn changes(
    row: &Row,
    receipt: &Receipt,
    actor: &Actor,
    history: &HistoryRow,
    details: &Details,
) -> Vec<Change> {
    let now = Fact::Text(time::stored(history.at));
    let mut changes = vec![
        Change::Set(Attribute::State, row.to.as_str().into()),
        Change::Set(Attribute::Version, Fact::Number(history.version)),
        Change::Set(Attribute::Chain, history.digest().to_string().into()),
        Change::Set(Attribute::UpdatedAt, now.clone()),
    ];
    changes.extend(hands(receipt.state, row, actor, &now));
    // An officer may sit on it for as long as it takes.
    if let (StateName::Claimed, Some(ends)) = (row.to, details.lease_ends) {
        changes.push(Change::Set(
            Attribute::LeaseEnds,
            time::stored(time::to_milliseconds(ends)).into(),
        ));
    }
    changes.extend(desks(receipt.state, row.to, actor, &now));
    if let Some(reference) = &details.reference {
        changes.push(Change::Set(Attribute::Reference, reference.to_string().into()));
    }
    if row.action == Action::Submit {
        changes.push(Change::Set(Attribute::SubmittedAt, now));
    }
    if row.settles_guarantee() {
        changes.push(Change::Set(Attribute::Guaranteed, Fact::Flag(details.in_time)));
    }
    if let Some(saved) = &details.saved {
        changes.extend([
            Change::Set(Attribute::FormHash, saved.form_hash.to_string().into()),
            Change::Set(
                Attribute::ParticipantKind,
                saved.participantship.kind.as_str().into(),
            ),
            Change::Set(Attribute::ParticipantId, saved.participantship.id.as_str().into()),
            Change::Add(Attribute::Editors, actor.id().to_owned()),
        ]);
    }
    changes
}

/// Who holds it and who confirmed it, after the step.
fn hands(from: StateName, row: &Row, actor: &Actor, now: &Fact) -> Vec<Change> {
    let named = |id, name, at| {
        [
            Change::Set(id, actor.id().into()),
            Change::Set(name, actor.name().into()),
            Change::Set(at, now.clone()),
        ]
    };
    let mut changes = Vec::new();
    if row.to.is_held() {
        changes.extend(named(
            Attribute::Holder,
            Attribute::HolderName,
            Attribute::HolderSince,
        ));
    } else if from.is_held() {
        let held = [
            Attribute::Holder,
            Attribute::HolderName,
            Attribute::HolderSince,
            Attribute::LeaseEnds,
        ];
        changes.extend(held.map(Change::Remove));
    }
    // An officer who releases it leaves the checker's confirmation as it was; only the company's step makes one.
    if row.to == StateName::Sent && row.is_for_a_company() {
        changes.extend(named(
            Attribute::ConfirmedBy,
            Attribute::ConfirmedByName,
            Attribute::ConfirmedAt,
        ));
    } else if from.is_before_the_exchange() && !row.to.is_before_the_exchange() {
        let confirmed = [
            Attribute::ConfirmedBy,
            Attribute::ConfirmedByName,
            Attribute::ConfirmedAt,
        ];
        changes.extend(confirmed.map(Change::Remove));
    }
    changes
}

/// Which desk has it, after the step. A desk that keeps it keeps the time since when, too.
fn desks(from: StateName, to: StateName, actor: &Actor, now: &Fact) -> Vec<Change> {
    if from.desk() == to.desk() {
        return Vec::new();
    }
    let desk = match (to.desk(), actor.member()) {
        (Some(DeskKind::Checkers), Some(member)) => Some(Desk::Company(member.company.clone())),
        (Some(DeskKind::Exchange), _) => Some(Desk::Exchange),
        (Some(DeskKind::Checkers) | None, _) => None,
    };
    match desk {
        Some(desk) => vec![
            Change::Set(Attribute::Desk, desk.to_string().into()),
            Change::Set(Attribute::DeskSince, now.clone()),
        ],
        None => vec![
            Change::Remove(Attribute::Desk),
            Change::Remove(Attribute::DeskSince),
        ],
    }
}

/// A new request, ready for the store.
#[derive(Debug, Clone)]
pub struct Creation {
    /// The row it takes.
    pub row: &'static Row,
    /// The head.
    pub facts: Facts,
    /// What goes on record.
    pub history: HistoryRow,
}

/// Plans a new request: a first save, or with `cloned_from` a clone.
pub fn create(
    id: RequestId,
    eservice: EServiceId,
    actor: &Actor,
    now: Timestamp,
    saved: &Saved,
    cloned_from: Option<RequestId>,
    command: Option<CommandKey>,
) -> Result<Creation, Refusal> {
    let (action, from) = match cloned_from {
        Some(_) => (Action::Clone, From::Any),
        None => (Action::Save, From::Nothing),
    };
    let row = TABLE
        .iter()
        .find(|row| row.action == action && row.from == from)
        .ok_or(Refusal::NoLongerPossible)?;
    row.who.checks(actor)?;
    let member = actor.member().ok_or(Refusal::NotFound)?;
    let history = HistoryRow {
        request: id,
        eservice,
        version: 1,
        action,
        actor: member.person.clone(),
        at: time::to_milliseconds(now),
        from: None,
        to: row.to,
        message: None,
        reference: None,
        cloned_from,
        form_hash: saved.form_hash,
        previous: Digest::ZERO,
        command,
    };
    Ok(Creation {
        row,
        facts: first_facts(member, saved, &history),
        history,
    })
}

fn first_facts(member: &Member, saved: &Saved, history: &HistoryRow) -> Facts {
    let now = Fact::Text(time::stored(history.at));
    let maker = member.person.id.as_str();
    BTreeMap::from([
        (Attribute::Id, history.request.to_string().into()),
        (Attribute::EService, history.eservice.code().into()),
        (Attribute::State, history.to.as_str().into()),
        (Attribute::Version, Fact::Number(history.version)),
        (Attribute::Chain, history.digest().to_string().into()),
        (Attribute::FormHash, saved.form_hash.to_string().into()),
        (Attribute::Company, member.company.as_str().into()),
        (Attribute::CompanyName, member.company_name.as_str().into()),
        (
            Attribute::ParticipantKind,
            saved.participantship.kind.as_str().into(),
        ),
        (Attribute::ParticipantId, saved.participantship.id.as_str().into()),
        (Attribute::Maker, maker.into()),
        (Attribute::MakerName, member.person.name.as_str().into()),
        (Attribute::Editors, Fact::Set(BTreeSet::from([maker.to_owned()]))),
        (Attribute::CreatedAt, now.clone()),
        (Attribute::UpdatedAt, now),
    ])
}

/// Whether an attempt's reading is a receipt that a plan can be made from.
impl<'a> Reading<'a> {
    /// The receipt, if there is one.
    pub fn receipt(self) -> Option<&'a Receipt> {
        match self {
            Self::Receipt(receipt) => Some(receipt),
            Self::Current | Self::Unreadable => None,
        }
    }
}
