//! Files that were tampered with, each in its own way.

mod erased;
mod eyes;
mod parties;
mod tampered;

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::*;
use crate::commitment::{Salt, Seal};
use crate::history::RowSalts;
use crate::request::Checks;
use crate::workflow::Action;

const SECRET: u128 = 99;

fn id(number: u8) -> RequestId {
    RequestId::from_bytes([number; 16])
}

fn person(name: &str) -> PersonId {
    PersonId::parse(name).unwrap()
}

fn someone(name: &str) -> Person {
    Person {
        id: person(name),
        name: format!("{name} Wong"),
    }
}

/// Writes the trail of a request, step by step.
struct Trail {
    lines: Vec<Line>,
    last: Option<HistoryRow>,
    editors: BTreeSet<PersonId>,
    request: RequestId,
    eservice: EServiceId,
    form: fn(&str) -> Json,
    checks: Checks,
    /// Whom the next step names as the colleague who holds the request then.
    handed_to: Option<Person>,
    /// Whether the next step has no message, although it has to have one.
    is_silent: bool,
}

fn form(remarks: &str) -> Json {
    json!({
        "eService": "DA3", "maintenanceRequest": "Change", "changes": [{"userId": "B01234X1", "email": "x1@abc.example"}],
        "remarks": remarks, "contacts": [{"name": "D Wong", "email": "d@abc.example"}],
    })
}

fn whole() -> FormSeal {
    FormSeal::Whole {
        secret: Salt::from_bits(SECRET),
    }
}

impl Trail {
    fn of(request: RequestId) -> Self {
        Self {
            lines: Vec::new(),
            last: None,
            editors: BTreeSet::new(),
            request,
            eservice: EServiceId::Da3,
            form,
            checks: Checks::One,
            handed_to: None,
            is_silent: false,
        }
    }

    /// A request of AM 1 about `concerned`.
    fn about(request: RequestId) -> Self {
        Self {
            eservice: EServiceId::Am1,
            form: |remarks| json!({"eService": "AM1", "maintenanceRequest": "Back", "person": "concerned", "remarks": remarks}),
            ..Self::of(request)
        }
    }

    /// The colleague whom the next step names.
    fn handing_to(mut self, who: &str) -> Self {
        self.handed_to = Some(someone(who));
        self
    }

    /// Lets the next step have no message.
    fn silent(mut self) -> Self {
        self.is_silent = true;
        self
    }

    /// The checks that the request needs after the next steps.
    fn needs(mut self, checks: Checks) -> Self {
        self.checks = checks;
        self
    }

    fn step(self, who: &str, action: Action, to: StateName) -> Self {
        self.step_from(who, action, to, None)
    }

    fn step_from(mut self, who: &str, action: Action, to: StateName, cloned_from: Option<RequestId>) -> Self {
        let version = self.last.as_ref().map_or(1, |last| last.version + 1);
        let form = (self.form)(&format!("as of {version}"));
        let mut form_hash = self.last.as_ref().map_or(Digest::ZERO, |last| last.form_hash);
        if action.saves_form() {
            form_hash = whole().hash(&form).unwrap();
            self.editors.insert(person(who));
            self.lines.push(Line::Form(FormLine {
                request: self.request,
                version,
                form,
                seal: whole(),
            }));
        }
        let salts = RowSalts {
            name: Salt::from_bits(u128::from(version)),
            message: Salt::from_bits(u128::from(version) + 100),
            handed_to: Salt::from_bits(u128::from(version) + 200),
        };
        let speaks = matches!(
            action,
            Action::Submit | Action::Return | Action::ReturnByMail | Action::Reject | Action::TakeOver
        );
        let speaks = speaks && !std::mem::take(&mut self.is_silent);
        let message = speaks.then(|| "Please, D Wong.".to_owned());
        let handed_to = self.handed_to.take();
        let row = HistoryRow {
            request: self.request,
            eservice: self.eservice,
            version,
            action,
            actor: someone(who),
            at: Timestamp::from_second(1_675_737_780 + i64::from(version)).unwrap(),
            from: self.last.as_ref().map(|last| last.to),
            to,
            checks: self.checks,
            seals: salts.seals(message.as_ref(), handed_to.as_ref()),
            message,
            handed_to,
            reference: Reference::new(self.eservice, 7).filter(|_| version > 1),
            cloned_from,
            form_hash,
            previous: self.last.as_ref().map_or(Digest::ZERO, HistoryRow::digest),
            command: None,
        };
        self.lines.push(Line::Step(StepLine::of(&row)));
        self.last = Some(row);
        self
    }

    fn lines(self) -> Vec<Line> {
        let last = self.last.unwrap();
        let head = Line::Request(RequestLine {
            request: self.request,
            eservice: self.eservice,
            company: CompanyId::parse("abc").unwrap(),
            state: last.to,
            version: last.version,
            reference: last.reference.clone(),
            chain: last.digest(),
            form_hash: last.form_hash,
            editors: self.editors,
        });
        [vec![head], self.lines].concat()
    }
}

/// A request that was saved twice, returned once, and completed.
fn completed(number: u8) -> Trail {
    use Action as Do;
    use StateName as To;
    Trail::of(id(number))
        .step("maker", Do::Save, To::Draft)
        .step("maker", Do::Submit, To::ReadyToSend)
        .step("checker", Do::Claim, To::Claimed)
        .step("checker", Do::Return, To::Draft)
        .step("maker", Do::Save, To::Draft)
        .step("maker", Do::Submit, To::ReadyToSend)
        .step("checker", Do::Claim, To::Claimed)
        .step("checker", Do::Confirm, To::Sent)
        .step("officer", Do::Claim, To::Processing)
        .step("officer", Do::Complete, To::Completed)
}

fn file(trails: Vec<Trail>) -> Vec<Line> {
    let scope = Line::File(Scope {
        format: FORMAT,
        company: CompanyId::parse("abc").unwrap(),
        asked: BTreeMap::new(),
        exported_at: Timestamp::from_second(1_700_000_000).unwrap(),
    });
    let lines: Vec<Line> = trails.into_iter().flat_map(Trail::lines).collect();
    let mut totals = Totals::default();
    for line in &lines {
        totals.count(line);
    }
    [vec![scope], lines, vec![Line::End(End { totals, next: None })]].concat()
}

fn one() -> Vec<Line> {
    file(vec![completed(1)])
}

fn verdict(lines: &[Line]) -> Verdict {
    let written: Vec<String> = lines.iter().map(Line::write).collect();
    verify(written.iter().map(String::as_str))
}

fn found(lines: &[Line]) -> Vec<Finding> {
    verdict(lines).findings
}

/// Whether a file shows exactly these findings.
#[track_caller]
fn shows(lines: &[Line], expected: &[(usize, What)]) {
    let found: Vec<_> = found(lines)
        .into_iter()
        .map(|finding| (finding.line, finding.what))
        .collect();
    assert_eq!(found, expected);
}

/// The index of the step that made a version of the only request. Its line is one more.
fn at(lines: &[Line], version: u32) -> usize {
    let is_it = |line: &Line| matches!(line, Line::Step(step) if step.version == version);
    lines.iter().position(is_it).unwrap()
}

/// Changes the record of a step, with a hash that fits.
fn change(lines: &mut [Line], version: u32, from: &str, to: &str) {
    let index = at(lines, version);
    let Line::Step(step) = &mut lines[index] else {
        unreachable!()
    };
    assert!(step.record.contains(from), "{}", step.record);
    step.record = step.record.replacen(from, to, 1);
    step.hash = Digest::of(step.record.as_bytes());
}
