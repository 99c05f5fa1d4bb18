//! The reading for the store: turns a row into tests, changes and a history row, without reading the request.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{Attempt, Check, Guard, Reading, Refusal, Row, Write};
use crate::actor::{Actor, Member, Person};
use crate::eservice::EServiceId;
use crate::fact::{Attribute, Change, Fact, Facts, Test};
use crate::history::{CommandKey, HistoryRow, RowSalts};
use crate::id::{Digest, PersonId, Reference, RequestId};
use crate::participantship::Participantship;
use crate::receipt::Receipt;
use crate::request::{Checks, Desk, DeskKind};
use crate::time;

/// What a command carries besides its [`Attempt`].
#[derive(Debug, Clone)]
pub struct Details {
    /// The random salts of the history row.
    pub salts: RowSalts,
    /// The message to the next-step user.
    pub message: Option<String>,
    /// The key that identifies a repeat of the command.
    pub command: Option<CommandKey>,
    /// The reference number that the first submit assigns.
    pub reference: Option<Reference>,
    /// The checks that a submission settles.
    pub checks: Checks,
    /// Whether a step taken now is in time for the parallel run; `None` for an eService that the run does not concern.
    pub in_time: Option<bool>,
    /// What a save writes.
    pub saved: Option<Saved>,
    /// When the lease ends if somebody takes the request; `None` if the calendar does not reach that far.
    pub lease_ends: Option<Timestamp>,
    /// The colleague whom the request is handed to.
    pub handed_to: Option<Person>,
}

/// What a save writes into the head.
#[derive(Debug, Clone)]
pub struct Saved {
    /// The digest of the form.
    pub form_hash: Digest,
    /// The participantship that the form is for.
    pub participantship: Option<Participantship>,
    /// The person whom the form is about.
    pub about: Option<PersonId>,
    /// Whether the form is complete.
    pub is_complete: bool,
}

/// A step ready for the store.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The row it takes.
    pub row: &'static Row,
    /// What must be true of the head.
    pub tests: Vec<Test>,
    /// How the head changes.
    pub changes: Vec<Change>,
    /// The history row to append.
    pub history: HistoryRow,
}

/// Plans a row for an actor who holds a receipt. Fails, without knowing the request, if the actor can't be the row's
/// party; [`super::judge`] then finds the reason in the request itself.
pub fn plan_step(
    row: &'static Row,
    id: RequestId,
    receipt: &Receipt,
    attempt: &Attempt<'_>,
    details: &Details,
) -> Result<Plan, Refusal> {
    let checks = row.checks(attempt.actor, attempt.now)?;
    let mut tests: Vec<Test> = checks.into_iter().map(|check: Check| check.test).collect();
    if row.needs(Guard::ColleagueCanCheck) {
        let colleague = details.handed_to.as_ref().ok_or(Refusal::ColleagueMissing)?;
        tests.push(Test::Lacks(Attribute::Editors, colleague.id.to_string()));
    }
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
        checks: checks_after(row, receipt, details),
        message: details.message.clone(),
        handed_to: details.handed_to.clone(),
        reference: details.reference.clone().or_else(|| receipt.reference.clone()),
        cloned_from: None,
        form_hash: details
            .saved
            .as_ref()
            .map_or(receipt.form_hash, |saved| saved.form_hash),
        previous: receipt.chain,
        command: details.command.clone(),
        seals: details
            .salts
            .seals(details.message.as_ref(), details.handed_to.as_ref()),
    };
    let mut changes = vec![
        Change::Set(Attribute::State, row.to.as_str().into()),
        Change::Set(Attribute::Version, Fact::Number(history.version)),
        Change::Set(Attribute::Chain, history.digest().to_string().into()),
        Change::Set(Attribute::UpdatedAt, time::stored(history.at).into()),
    ];
    for write in row.writes {
        changes.extend(head_changes(*write, attempt.actor, &history, details));
    }
    Ok(Plan {
        row,
        tests,
        changes,
        history,
    })
}

/// Returns the checks that a request needs after a row.
fn checks_after(row: &Row, receipt: &Receipt, details: &Details) -> Checks {
    if row.has(Write::SettleChecks) {
        details.checks
    } else if row.has(Write::FirstCheck) {
        Checks::LastOfTwo
    } else if row.has(Write::VoidChecks) {
        Checks::One
    } else {
        receipt.checks
    }
}

fn acting_person(actor: &Actor) -> Person {
    match actor {
        Actor::Member(member) => member.person.clone(),
        // The clock's ID is a well-formed literal.
        Actor::Clock => Person::clock(),
    }
}

/// Returns how a write changes the head.
fn head_changes(write: Write, actor: &Actor, history: &HistoryRow, details: &Details) -> Vec<Change> {
    let now = || Fact::Text(time::stored(history.at));
    match write {
        Write::KeepForm => details
            .saved
            .as_ref()
            .map_or_else(Vec::new, |saved| keep_form(saved, actor)),
        Write::GiveReference => {
            let given = details.reference.as_ref();
            given
                .map(|reference| Change::Set(Attribute::Reference, reference.to_string().into()))
                .into_iter()
                .collect()
        }
        Write::MarkSubmitted => vec![Change::Set(Attribute::SubmittedAt, now())],
        // A draft needs no checks, so a submission that needs one leaves nothing to remove.
        Write::SettleChecks if history.checks.is_one() => Vec::new(),
        Write::SettleChecks => vec![checks_needed(history)],
        Write::FirstCheck => {
            let mut changes = by_whom(FIRST_CHECK, &history.actor, now());
            changes.push(checks_needed(history));
            changes
        }
        Write::VoidChecks => {
            let mut changes = removed(&FIRST_CHECK);
            changes.push(Change::Remove(Attribute::Checks));
            changes
        }
        Write::SettleGuarantee => {
            let in_time = details.in_time.into_iter();
            in_time
                .map(|in_time| Change::Set(Attribute::Guaranteed, Fact::Flag(in_time)))
                .collect()
        }
        Write::EnterDesk(kind) => enter_desk(kind, actor, now()),
        Write::LeaveDesk => removed(&[Attribute::Desk, Attribute::DeskSince]),
        Write::Hold => by_whom(HOLDER, &history.actor, now()),
        Write::HoldForColleague => {
            let colleague = history.handed_to.as_ref();
            colleague.map_or_else(Vec::new, |colleague| by_whom(HOLDER, colleague, now()))
        }
        Write::BecomeMaker => vec![
            Change::Set(Attribute::Maker, actor.id().into()),
            Change::Set(Attribute::MakerName, actor.name().into()),
            Change::Add(Attribute::Editors, actor.id().to_owned()),
        ],
        Write::Unhold => {
            let mut changes = removed(&HOLDER);
            changes.push(Change::Remove(Attribute::LeaseEnds));
            changes
        }
        Write::StartLease => {
            let ends = details
                .lease_ends
                .map(|ends| time::stored(time::to_milliseconds(ends)));
            // Without an end of its own, a claim must not keep that of the claim before.
            let unknown = Change::Remove(Attribute::LeaseEnds);
            vec![ends.map_or(unknown, |ends| Change::Set(Attribute::LeaseEnds, ends.into()))]
        }
        Write::Confirm => by_whom(CONFIRMED, &history.actor, now()),
        Write::Unconfirm => removed(&CONFIRMED),
        // `plan_new` writes the inherited editors; the others write items of their own.
        Write::InheritEditors
        | Write::TakeLocks
        | Write::SpendToken
        | Write::RecordMail
        | Write::Register
        | Write::ChangeDirectory => Vec::new(),
    }
}

/// The attributes for who did something, by ID and name, and when.
type ByWhom = [Attribute; 3];

const HOLDER: ByWhom = [Attribute::Holder, Attribute::HolderName, Attribute::HolderSince];
const FIRST_CHECK: ByWhom = [
    Attribute::FirstCheckBy,
    Attribute::FirstCheckByName,
    Attribute::FirstCheckAt,
];
const CONFIRMED: ByWhom = [
    Attribute::ConfirmedBy,
    Attribute::ConfirmedByName,
    Attribute::ConfirmedAt,
];

fn by_whom([id, name, at]: ByWhom, person: &Person, now: Fact) -> Vec<Change> {
    vec![
        Change::Set(id, person.id.as_str().into()),
        Change::Set(name, person.name.as_str().into()),
        Change::Set(at, now),
    ]
}

fn checks_needed(history: &HistoryRow) -> Change {
    Change::Set(Attribute::Checks, history.checks.as_str().into())
}

fn keep_form(saved: &Saved, actor: &Actor) -> Vec<Change> {
    let own = [
        (Attribute::FormHash, saved.form_hash.to_string().into()),
        (Attribute::Complete, Fact::Flag(saved.is_complete)),
    ];
    let mut changes: Vec<Change> = own
        .into_iter()
        .chain(subject(saved))
        .map(|(attribute, fact)| Change::Set(attribute, fact))
        .collect();
    if saved.about.is_none() {
        changes.push(Change::Remove(Attribute::About));
    }
    changes.push(Change::Add(Attribute::Editors, actor.id().to_owned()));
    changes
}

/// For whom and about whom a form is.
fn subject(saved: &Saved) -> Vec<(Attribute, Fact)> {
    let mut facts = Vec::new();
    if let Some(participantship) = &saved.participantship {
        facts.push((Attribute::ParticipantKind, participantship.kind.as_str().into()));
        facts.push((Attribute::ParticipantId, participantship.id.as_str().into()));
    }
    if let Some(about) = &saved.about {
        let person = BTreeSet::from([about.to_string()]);
        facts.push((Attribute::About, Fact::Set(person)));
    }
    facts
}

fn enter_desk(kind: DeskKind, actor: &Actor, now: Fact) -> Vec<Change> {
    let desk = match (kind, actor) {
        (DeskKind::Checkers, Actor::Member(member)) => Desk::Company(member.company.clone()),
        // The clock never moves a request to a company's desk: what it releases is already there.
        (DeskKind::Checkers, Actor::Clock) => return Vec::new(),
        (DeskKind::Exchange, _) => Desk::Exchange,
    };
    vec![
        Change::Set(Attribute::Desk, desk.to_string().into()),
        Change::Set(Attribute::DeskSince, now),
    ]
}

fn removed(attributes: &[Attribute]) -> Vec<Change> {
    attributes.iter().copied().map(Change::Remove).collect()
}

/// A new request, ready for the store.
#[derive(Debug, Clone)]
pub struct Creation {
    /// The row it takes.
    pub row: &'static Row,
    /// The head.
    pub facts: Facts,
    /// The history row to append.
    pub history: HistoryRow,
}

/// The request that a new one is cloned from.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its ID.
    pub id: RequestId,
    /// Everyone who edited it, or a request that it was itself cloned from.
    pub editors: BTreeSet<PersonId>,
}

/// Plans a row that starts a new request: a first save, or a clone of a source.
pub fn plan_new(
    row: &'static Row,
    id: RequestId,
    eservice: EServiceId,
    attempt: &Attempt<'_>,
    details: &Details,
    source: Option<&Source>,
) -> Result<Creation, Refusal> {
    let checks = row.who.checks(attempt.actor)?;
    let member = attempt.actor.member().ok_or(Refusal::NotFound)?;
    let saved = details.saved.as_ref().ok_or(Refusal::NoLongerPossible)?;
    let history = HistoryRow {
        request: id,
        eservice,
        version: 1,
        action: attempt.action,
        actor: member.person.clone(),
        at: time::to_milliseconds(attempt.now),
        from: None,
        to: row.to,
        checks: Checks::One,
        message: None,
        handed_to: None,
        reference: None,
        cloned_from: source.map(|source| source.id),
        form_hash: saved.form_hash,
        previous: Digest::ZERO,
        command: details.command.clone(),
        seals: details.salts.seals(None, None),
    };
    let mut facts = first_facts(member, saved, &history);
    if let Some(failed) = checks.into_iter().find(|check| !check.test.holds(&facts)) {
        return Err(failed.otherwise);
    }
    if let (true, Some(source), Some(Fact::Set(editors))) = (
        row.has(Write::InheritEditors),
        source,
        facts.get_mut(&Attribute::Editors),
    ) {
        editors.extend(source.editors.iter().map(ToString::to_string));
    }
    Ok(Creation { row, facts, history })
}

fn first_facts(member: &Member, saved: &Saved, history: &HistoryRow) -> Facts {
    let now = Fact::Text(time::stored(history.at));
    let maker = member.person.id.as_str();
    let own = [
        (Attribute::Id, history.request.to_string().into()),
        (Attribute::EService, history.eservice.code().into()),
        (Attribute::State, history.to.as_str().into()),
        (Attribute::Version, Fact::Number(history.version)),
        (Attribute::Chain, history.digest().to_string().into()),
        (Attribute::FormHash, saved.form_hash.to_string().into()),
        (Attribute::Complete, Fact::Flag(saved.is_complete)),
        (Attribute::Company, member.company.as_str().into()),
        (Attribute::CompanyName, member.company_name.as_str().into()),
        (Attribute::Maker, maker.into()),
        (Attribute::MakerName, member.person.name.as_str().into()),
        (Attribute::Editors, Fact::Set(BTreeSet::from([maker.to_owned()]))),
        (Attribute::CreatedAt, now.clone()),
        (Attribute::UpdatedAt, now),
    ];
    own.into_iter().chain(subject(saved)).collect()
}

impl<'a> Reading<'a> {
    /// The receipt, if there is one.
    pub fn receipt(self) -> Option<&'a Receipt> {
        match self {
            Self::Receipt(receipt) => Some(receipt),
            Self::Current | Self::Unreadable => None,
        }
    }
}
