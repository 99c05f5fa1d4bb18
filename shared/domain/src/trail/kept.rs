//! Everything that is kept of a request, and the lines that a file has of it. Every file is written by these.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::{Beside, FormLine, Line, RequestLine, StepLine};
use crate::actor::Actor;
use crate::audit::{Attempt, Entry, Event, View};
use crate::form::FormSeal;
use crate::history::HistoryRow;
use crate::request::Head;

/// What is kept of a request.
#[derive(Debug)]
pub struct Kept {
    /// The request as it is now.
    pub head: Head,
    /// Its history, oldest first.
    pub history: Vec<HistoryRow>,
    /// Its forms, by the version that saved them.
    pub forms: BTreeMap<u32, (Json, FormSeal)>,
    /// The attempts that were refused.
    pub attempts: Vec<Attempt>,
    /// Who opened what.
    pub views: Vec<View>,
}

impl Kept {
    /// What an actor may know of a request that they see. Of another company's, as officers see it, that is the form
    /// that was saved last, and nothing of what the company's own people tried or opened.
    #[must_use]
    pub fn as_visible_to(mut self, actor: &Actor) -> Self {
        let owner = &self.head.company;
        self.attempts
            .retain(|attempt| attempt.is_visible_to(actor, owner));
        if !View::is_visible_to(actor, owner) {
            self.views.clear();
        }
        if actor.member().is_none_or(|member| member.company != *owner) {
            let last = self.forms.pop_last();
            self.forms = last.into_iter().collect();
        }
        self
    }

    /// The lines of a file: the request, its steps with the forms that they saved, and what is kept beside them, oldest
    /// first.
    pub fn lines(self) -> Vec<Line> {
        let Self {
            head,
            history,
            mut forms,
            mut attempts,
            mut views,
        } = self;
        let request = head.id;
        let mut lines = vec![Line::Request(RequestLine::of(&head))];
        for row in &history {
            let saved = forms.remove(&row.version).filter(|_| row.saves_form());
            lines.extend(saved.map(|(form, seal)| {
                Line::Form(FormLine {
                    request,
                    version: row.version,
                    form,
                    seal,
                })
            }));
            lines.push(Line::Step(StepLine::of(row)));
        }
        attempts.sort_by_key(|attempt| attempt.last);
        let refused = attempts.into_iter();
        lines.extend(refused.map(|kept| Line::Refused(Beside { request, kept })));
        views.sort_by_key(|view| view.last);
        let viewed = views.into_iter();
        lines.extend(viewed.map(|kept| Line::Viewed(Beside { request, kept })));
        lines
    }

    /// The entries of the audit, in no particular order.
    pub fn entries(&self) -> impl Iterator<Item = Entry> {
        let steps = self.history.iter().map(|row| Event::Step(Box::new(row.clone())));
        let attempts = self.attempts.iter().cloned().map(Event::Refused);
        let views = self.views.iter().cloned().map(Event::Viewed);
        let entry = |event| Entry {
            request: self.head.id,
            eservice: self.head.eservice,
            reference: self.head.reference.clone(),
            event,
        };
        steps.chain(attempts).chain(views).map(entry)
    }
}
