//! Verifies a file: the chain, the forms, the order of the steps, and then who took them.

use std::collections::BTreeMap;

use super::current::Current;
use super::erased::{Erased, Erasures, Place};
use super::{End, FORMAT, Finding, FormLine, Line, RequestLine, Scope, StepLine, Totals, What, eyes};
use crate::id::{CompanyId, RequestId};

/// What was found in a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verdict {
    /// What the file has.
    pub totals: Totals,
    /// Where names, messages and values are erased, in the order of the lines.
    pub erased: Vec<Erased>,
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
    erasures: Erasures,
    /// Every request, with its steps.
    requests: BTreeMap<RequestId, eyes::Request>,
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
        self.current = Some(Current::new(self.line, head, is_own));
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
        let Some(current) = self
            .current
            .as_mut()
            .filter(|current| current.head.request == line.request)
        else {
            return self.find(What::Misplaced);
        };
        let eservice = current.head.eservice.definition();
        if let Some(what) = current.save(line) {
            self.find(what);
        }
        for pointer in line.seal.erased() {
            if eservice.can_identify(pointer) {
                self.erasures.note(self.line, Place::Value(pointer.to_owned()));
            } else {
                self.find(What::Blanked(pointer.to_owned()));
            }
        }
    }

    fn step(&mut self, line: &StepLine) {
        self.verdict.totals.steps += 1;
        let Some(current) = self
            .current
            .as_mut()
            .filter(|current| current.head.request == line.request)
        else {
            return self.find(What::Misplaced);
        };
        for what in current.take(line, self.line, &mut self.erasures) {
            self.find(what);
        }
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
        self.verdict.findings.extend(self.erasures.findings());
        self.verdict.findings.sort_by_key(|finding| finding.line);
        self.verdict.erased = self.erasures.places;
        self.verdict
    }
}
