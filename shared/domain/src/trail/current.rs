//! A request of a file, while its lines are being read: the chain, the forms and the order of its steps.

use jiff::Timestamp;

use super::erased::{Erasures, Place};
use super::eyes::Taken;
use super::standing::Standing;
use super::{FormLine, RequestLine, StepLine, What};
use crate::commitment::Seal;
use crate::history::Record;
use crate::id::{Digest, Reference};
use crate::request::StateName;
use crate::workflow::Row;

/// The request whose lines are being read.
pub(super) struct Current {
    pub(super) line: usize,
    pub(super) head: RequestLine,
    /// Whether the file has the form of each save. The exchange's has only the last one of another company's request.
    has_every_form: bool,
    /// Whether it has the form that was saved last.
    has_last_form: bool,
    /// The form that no step has saved yet: its version and its hash.
    form: Option<(u32, Option<Digest>)>,
    last: Option<Last>,
    standing: Standing,
    pub(super) steps: Vec<Taken>,
}

/// What the next step has to follow.
struct Last {
    version: u32,
    hash: Digest,
    at: Timestamp,
    to: StateName,
    reference: Option<Reference>,
    form_hash: Digest,
}

impl Current {
    pub(super) fn new(line: usize, head: RequestLine, has_every_form: bool) -> Self {
        Self {
            line,
            head,
            has_every_form,
            has_last_form: false,
            form: None,
            last: None,
            standing: Standing::default(),
            steps: Vec::new(),
        }
    }

    /// Keeps a form for the step that saves it, and returns what is wrong with it.
    pub(super) fn save(&mut self, line: &FormLine) -> Option<What> {
        if self.form.is_some() {
            return Some(What::Misplaced);
        }
        self.standing.save(self.head.eservice, &line.form);
        let hash = line.seal.hash(&line.form);
        self.form = Some((line.version, hash));
        hash.is_none().then_some(What::FormSeal)
    }

    /// Takes a step, notes what of it is erased, and returns what is wrong with it.
    pub(super) fn take(&mut self, line: &StepLine, number: usize, erasures: &mut Erasures) -> Vec<What> {
        let mut found = Vec::new();
        if Digest::of(line.record.as_bytes()) != line.hash {
            found.push(What::Hash);
        }
        let record = match Record::parse(&line.record) {
            Ok(record) => record,
            Err(reason) => {
                found.push(What::Unreadable(reason));
                return found;
            }
        };
        let is_its_own = record.request == line.request
            && record.version == line.version
            && record.eservice == self.head.eservice;
        if !is_its_own {
            found.push(What::OtherStep);
        }
        found.extend(self.order(&record));
        let (action, from, to) = (record.action, record.from, record.to);
        let row = Row::leading(record.eservice, action, from, to, &record.actor);
        if row.is_none() {
            found.push(What::NoSuchStep(action, from, to));
        }
        found.extend(self.standing.take(row, &record));
        found.extend(names_and_message(line, &record, number, erasures));
        found.extend(self.saved(&record));
        self.last = Some(Last {
            version: record.version,
            hash: line.hash,
            at: record.at,
            to: record.to,
            reference: record.reference,
            form_hash: record.form_hash,
        });
        self.steps.push(Taken {
            line: number,
            action: record.action,
            actor: record.actor,
            at: record.at,
            to: record.to,
            checks: record.checks,
            cloned_from: record.cloned_from,
            who: row.map(|row| row.who),
            handed_to: record.handed_to,
        });
        found
    }

    /// What is wrong with the place of a step behind the one before.
    fn order(&self, record: &Record) -> Vec<What> {
        let mut found = Vec::new();
        let last = self.last.as_ref();
        let expected = last.map_or(1, |last| last.version.saturating_add(1));
        if record.version != expected {
            let found_here = record.version;
            found.push(What::NotNext {
                expected,
                found: found_here,
            });
        }
        if record.previous != last.map_or(Digest::ZERO, |last| last.hash) {
            found.push(What::Chain);
        }
        if record.from != last.map(|last| last.to) {
            found.push(What::State);
        }
        if last.is_some_and(|last| record.at < last.at) {
            found.push(What::Time);
        }
        if last.is_some_and(|last| last.reference.is_some() && last.reference != record.reference) {
            found.push(What::Reference);
        }
        found
    }

    /// What is wrong with the form of a step.
    fn saved(&mut self, record: &Record) -> Vec<What> {
        if record.action.saves_form() {
            self.has_last_form = self.form.is_some();
        }
        match (self.form.take(), record.action.saves_form()) {
            (Some((version, hash)), true) if version == record.version => {
                let is_another = hash.is_some_and(|hash| hash != record.form_hash);
                is_another.then_some(What::FormHash).into_iter().collect()
            }
            (None, false) => {
                let last = self.last.as_ref();
                let is_another = last.is_some_and(|last| last.form_hash != record.form_hash);
                is_another.then_some(What::OtherForm).into_iter().collect()
            }
            (None, true) if !self.has_every_form => Vec::new(),
            (Some(_) | None, _) => vec![What::FormMissing],
        }
    }

    /// What is wrong with the head, once all steps are read.
    pub(super) fn against_head(&self) -> Vec<What> {
        let head = &self.head;
        let is_as_left = self.last.as_ref().is_some_and(|last| {
            last.version == head.version
                && last.hash == head.chain
                && last.to == head.state
                && last.reference == head.reference
                && last.form_hash == head.form_hash
        });
        let mut found = Vec::new();
        if !is_as_left {
            found.push(What::Head);
        }
        if self.form.is_some() || !(self.has_every_form || self.has_last_form) {
            found.push(What::FormMissing);
        }
        found
    }
}

/// What is wrong with the names and the message of a step. Notes what of them is erased.
fn names_and_message(line: &StepLine, record: &Record, number: usize, erasures: &mut Erasures) -> Vec<What> {
    let names = [
        (
            Some(&record.actor),
            Some(&record.actor_name),
            line.name.as_deref(),
            Some(&line.seals.name),
        ),
        (
            record.handed_to.as_ref(),
            record.handed_to_name.as_ref(),
            line.handed_to.as_deref(),
            line.seals.handed_to.as_ref(),
        ),
    ];
    let mut found = Vec::new();
    for (person, on_record, name, seal) in names {
        if person.is_some() != on_record.is_some() || !is_committed(on_record, name, seal) {
            found.push(What::Name);
        } else if let Some((person, seal)) = person.zip(seal) {
            erasures.name(number, person, seal.is_erased());
        }
    }
    let (message, seal) = (line.message.as_deref(), line.seals.message.as_ref());
    if !is_committed(record.message.as_ref(), message, seal) {
        found.push(What::Message);
    } else if seal.is_some_and(Seal::is_erased) {
        erasures.note(number, Place::Message);
    }
    // Both names can be wrong at once.
    found.dedup();
    found
}

/// Whether a value, its seal and the commitment on record belong together.
fn is_committed(on_record: Option<&Digest>, value: Option<&str>, seal: Option<&Seal>) -> bool {
    match (on_record, value, seal) {
        (None, None, None) => true,
        (Some(commitment), Some(value), Some(seal @ Seal::Salt(_))) => seal.commitment(value) == *commitment,
        (Some(commitment), None, Some(Seal::Commitment(kept))) => kept == commitment,
        _ => false,
    }
}
