//! Verifies a file: the chain, the forms, the order of the steps, and then who took them.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::eyes::{self, Taken};
use super::{End, FORMAT, Finding, FormLine, Line, RequestLine, Scope, StepLine, Totals, What};
use crate::commitment::Seal;
use crate::history::Record;
use crate::id::{CompanyId, Digest, Reference, RequestId};
use crate::request::StateName;
use crate::workflow::{From, TABLE};

/// What was found in a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verdict {
    /// What the file has.
    pub totals: Totals,
    /// How many names, messages and values are erased, each with its commitment.
    pub erased: u32,
    /// What the file was asked for, if it has not every request.
    pub asked: BTreeMap<String, String>,
    /// Where the next file of the same audit starts, if there is one.
    pub next: Option<String>,
    /// What is wrong, in the order of the lines.
    pub findings: Vec<Finding>,
}

/// Verifies the lines of a file.
pub fn verify<'a>(lines: impl Iterator<Item = &'a str>) -> Verdict {
    let mut reader = Reader::default();
    for (line, text) in (1..).zip(lines) {
        reader.line = line;
        match serde_json::from_str(text) {
            Ok(read) => reader.read(read),
            Err(error) => reader.find(What::Unreadable(error.to_string())),
        }
    }
    reader.finish()
}

/// What has been read so far.
#[derive(Default)]
struct Reader {
    line: usize,
    verdict: Verdict,
    scope: Option<Scope>,
    ended: bool,
    current: Option<Current>,
    /// Every request, with its steps.
    requests: BTreeMap<RequestId, eyes::Request>,
}

/// The request whose lines are being read.
struct Current {
    line: usize,
    head: RequestLine,
    /// Whether the file has the form of each save. The exchange's has only the last one of another company's request.
    has_every_form: bool,
    /// Whether it has the form that was saved last.
    has_last_form: bool,
    /// The form that no step has saved yet: its version and its hash.
    form: Option<(u32, Option<Digest>)>,
    last: Option<Last>,
    steps: Vec<Taken>,
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

impl Reader {
    fn find(&mut self, what: What) {
        let line = self.line;
        self.verdict.findings.push(Finding { line, what });
    }

    fn read(&mut self, line: Line) {
        if self.line == 1 || self.scope.is_none() {
            return match line {
                Line::File(scope) if scope.format == FORMAT => {
                    self.verdict.asked.clone_from(&scope.asked);
                    self.scope = Some(scope);
                }
                _ => self.find(What::NoStart),
            };
        }
        if self.ended {
            return self.find(What::Misplaced);
        }
        match line {
            Line::File(_) => self.find(What::Misplaced),
            Line::Request(head) => self.request(head),
            Line::Form(form) => self.form(&form),
            Line::Step(step) => self.step(&step),
            Line::Refused(refused) => {
                self.verdict.totals.refused += 1;
                self.beside(refused.request, None);
            }
            Line::Viewed(viewed) => {
                self.verdict.totals.viewed += 1;
                self.beside(viewed.request, Some(viewed.kept.version));
            }
            Line::End(End { totals, next }) => {
                self.close();
                self.ended = true;
                self.verdict.next = next;
                if totals != self.verdict.totals {
                    self.find(What::Totals);
                }
            }
        }
    }

    fn request(&mut self, head: RequestLine) {
        self.close();
        self.verdict.totals.requests += 1;
        let reader = self.scope.as_ref().map(|scope| &scope.company);
        let is_own = reader == Some(&head.company);
        let is_of_exchange = reader.is_some_and(CompanyId::is_exchange);
        if !is_own && !is_of_exchange {
            self.find(What::OtherCompany);
        }
        if self.requests.contains_key(&head.request) {
            self.find(What::Twice(head.request));
        }
        self.current = Some(Current {
            line: self.line,
            head,
            has_every_form: is_own,
            has_last_form: false,
            form: None,
            last: None,
            steps: Vec::new(),
        });
    }

    /// Something that is kept beside the history of the request whose lines are being read, and of one of its versions.
    fn beside(&mut self, request: RequestId, version: Option<u32>) {
        let belongs = self.current.as_ref().is_some_and(|current| {
            let versions = 1..=current.head.version;
            current.head.request == request && version.is_none_or(|version| versions.contains(&version))
        });
        if !belongs {
            self.find(What::Misplaced);
        }
    }

    fn form(&mut self, line: &FormLine) {
        self.verdict.totals.forms += 1;
        self.verdict.erased += count(line.seal.erased().len());
        let hash = line.seal.hash(&line.form);
        let found = match &mut self.current {
            Some(current) if current.head.request == line.request && current.form.is_none() => {
                current.form = Some((line.version, hash));
                hash.is_none().then_some(What::FormSeal)
            }
            _ => Some(What::Misplaced),
        };
        if let Some(what) = found {
            self.find(what);
        }
    }

    fn step(&mut self, line: &StepLine) {
        self.verdict.totals.steps += 1;
        let Some(mut current) = self
            .current
            .take_if(|current| current.head.request == line.request)
        else {
            return self.find(What::Misplaced);
        };
        self.verdict.erased += erased(line);
        for what in current.take(line, self.line) {
            self.find(what);
        }
        self.current = Some(current);
    }

    /// Ends the request whose lines were read.
    fn close(&mut self) {
        let Some(current) = self.current.take() else {
            return;
        };
        for what in current.against_head() {
            let line = current.line;
            self.verdict.findings.push(Finding { line, what });
        }
        let request = eyes::Request {
            line: current.line,
            editors: current.head.editors,
            steps: current.steps,
        };
        self.requests.insert(current.head.request, request);
    }

    fn finish(mut self) -> Verdict {
        self.close();
        if !self.ended {
            self.find(What::CutOff);
        }
        self.verdict.findings.extend(eyes::findings(&self.requests));
        self.verdict.findings.sort_by_key(|finding| finding.line);
        self.verdict
    }
}

impl Current {
    /// Takes a step, and returns what is wrong with it.
    fn take(&mut self, line: &StepLine, number: usize) -> Vec<What> {
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
        let names = [
            (
                Some(&record.actor_name),
                line.name.as_deref(),
                Some(&line.seals.name),
            ),
            (
                record.handed_to_name.as_ref(),
                line.handed_to.as_deref(),
                line.seals.handed_to.as_ref(),
            ),
        ];
        if !names
            .into_iter()
            .all(|(on_record, name, seal)| is_committed(on_record, name, seal))
        {
            found.push(What::Name);
        }
        let (message, seal) = (line.message.as_deref(), line.seals.message.as_ref());
        if !is_committed(record.message.as_ref(), message, seal) {
            found.push(What::Message);
        }
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
        let leads_there = TABLE.iter().any(|row| {
            let starts = match (row.from, record.from) {
                // A clone is a new request, whatever state its source is in.
                (From::Nothing | From::Any, None) => true,
                (From::State(from), Some(state)) => from == state,
                (From::Nothing | From::Any, Some(_)) | (From::State(_), None) => false,
            };
            starts && row.action == record.action && row.to == record.to
        });
        if !leads_there {
            found.push(What::NoSuchStep(record.action, record.from, record.to));
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
    fn against_head(&self) -> Vec<What> {
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

/// Whether a value, its seal and the commitment on record belong together.
fn is_committed(on_record: Option<&Digest>, value: Option<&str>, seal: Option<&Seal>) -> bool {
    match (on_record, value, seal) {
        (None, None, None) => true,
        (Some(commitment), Some(value), Some(seal @ Seal::Salt(_))) => seal.commitment(value) == *commitment,
        (Some(commitment), None, Some(Seal::Commitment(kept))) => kept == commitment,
        _ => false,
    }
}

fn erased(line: &StepLine) -> u32 {
    let seals = [
        Some(&line.seals.name),
        line.seals.message.as_ref(),
        line.seals.handed_to.as_ref(),
    ];
    count(
        seals
            .into_iter()
            .flatten()
            .filter(|seal| seal.is_erased())
            .count(),
    )
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
