//! Sends commands and checks each against the model.

use countersign_domain::receipt::Receipt;
use countersign_domain::request::StateName;
use countersign_local::demonstration::PEOPLE;
use countersign_tests::cast::MESSAGE;

use super::event::{Event, hold_own, is_of, made, record};
use super::{Play, pick, place};
use crate::machine::checks::says_what_is_kept;
use crate::machine::doors::{Answer, Sent};
use crate::machine::model::{Model, Request, Which};
use crate::machine::story::{Aim, Command, Door, Key, Reading, Verb};

/// The expected outcome of a command.
#[derive(Debug)]
enum Expected {
    Taken,
    Refused,
    /// Nothing new: the command's first answer is repeated.
    FirstAnswer(Answer),
}

impl Play {
    /// Makes a command from its numbers, or `None` if there is nothing that it could be about.
    pub(super) fn resolve(&self, command: &Command) -> Option<Sent> {
        let now = self.now();
        let choice = usize::from(command.choice);
        let form = Some(command.form);
        let possible = self.model.possible(command.form, now);
        let anyone = usize::from(command.person) % PEOPLE.len();
        let aimed = || {
            let weighted = possible
                .keys()
                .flat_map(|verb| std::iter::repeat_n(*verb, verb.weight()));
            let verb = *pick(&weighted.collect::<Vec<_>>(), choice)?;
            pick(&possible[&verb], choice / 64).map(|(who, which)| (*who, verb, *which))
        };
        let anything = || {
            let which = place(self.model.requests.len(), usize::from(command.request));
            let which = which.filter(|_| command.verb != Verb::Create);
            (which.is_some() || command.verb == Verb::Create).then_some((anyone, command.verb, which))
        };
        let (who, verb, which) = match command.aim {
            Aim::Possible => aimed()?,
            Aim::ByAnother => aimed().map(|(_, verb, which)| (anyone, verb, which))?,
            Aim::Anything => anything()?,
        };
        let tag = which.and_then(|which| self.tag(which, command.reading));
        // The portal's forms always have a key.
        let fresh = || format!("key {}", self.log.len());
        let key = match command.key {
            Key::None if command.door == Door::Api => None,
            Key::None | Key::Fresh => Some(fresh()),
            Key::Again(number) => {
                let own: Vec<_> = self.log.iter().filter(|(sent, _)| sent.who == who).collect();
                let used: Vec<_> = own.iter().filter_map(|(sent, _)| sent.key.clone()).collect();
                Some(pick(&used, usize::from(number)).cloned().unwrap_or_else(fresh))
            }
        };
        let colleague = (verb == Verb::HandOver).then(|| {
            let can = which.map(|which| self.model.colleagues(&self.model.requests[which]));
            let number = usize::from(command.request);
            let aimed = can.filter(|_| command.aim != Aim::Anything);
            aimed
                .and_then(|can| pick(&can, number).copied())
                .unwrap_or(number % PEOPLE.len())
        });
        Some(Sent {
            who,
            verb,
            colleague,
            id: which.map(|which| self.model.requests[which].id.clone()),
            door: command.door,
            tag,
            key,
            message: (verb.takes_message() && command.has_message).then_some(MESSAGE),
            form: form.filter(|_| verb.has_form()),
        })
    }

    fn tag(&self, which: Which, reading: Reading) -> Option<String> {
        let request = &self.model.requests[which];
        let current = request.tags.last().cloned();
        match reading {
            Reading::Current => current,
            Reading::Earlier(number) => pick(&request.tags, usize::from(number)).cloned(),
            Reading::Other(number) => {
                let other = pick(&self.model.requests, usize::from(number));
                other.and_then(|other| other.tags.last().cloned())
            }
            Reading::Garbage => Some("garbage".to_owned()),
            Reading::Nothing => None,
        }
    }

    fn expected(&self, sent: &Sent) -> Expected {
        let which = sent.id.as_deref().and_then(|id| self.which(id));
        let has_tag = sent.tag.is_some() || sent.verb.makes_one() || sent.door == Door::Portal;
        if !has_tag || (sent.verb.needs_message() && sent.message.is_none()) {
            return Expected::Refused;
        }
        // A key belongs to its sender and to the request that the command was about or made.
        let is_before = |(other, answer): &&(Sent, Answer)| {
            let about = |sent: &Sent, answer: &Answer| {
                if sent.verb.makes_one() {
                    made(answer)
                } else {
                    sent.id.clone()
                }
            };
            let is_same_key = sent.key.is_some() && (other.who, &other.key) == (sent.who, &sent.key);
            let is_same_request = if sent.verb.makes_one() {
                other.verb.makes_one()
            } else {
                about(other, answer) == sent.id
            };
            answer.is_taken && is_same_key && is_same_request
        };
        if let Some((other, answer)) = self.log.iter().find(is_before) {
            return if other.says_the_same_as(sent) {
                Expected::FirstAnswer(answer.clone())
            } else {
                Expected::Refused
            };
        }
        let is_current = match (which, &sent.tag) {
            (None, _) => true,
            (Some(_), None) => sent.verb == Verb::Clone && sent.door == Door::Api,
            (Some(which), Some(tag)) => self.model.requests[which].tags.last() == Some(tag),
        };
        let is_allowed = self.is_allowed(&self.model, sent, which);
        if is_current && is_allowed {
            Expected::Taken
        } else {
            Expected::Refused
        }
    }

    /// Whether a model allows a command on what is current.
    fn is_allowed(&self, model: &Model, sent: &Sent, which: Option<Which>) -> bool {
        let request = which.map(|which| &model.requests[which]);
        let is_colleague_right = sent
            .colleague
            .zip(request)
            .is_none_or(|(colleague, request)| model.can_take(colleague, request));
        let lacks_reason = sent.verb == Verb::TakeOver
            && sent.message.is_none()
            && request.is_some_and(|request| request.state == StateName::Processing);
        is_colleague_right && !lacks_reason && model.allows(sent.who, sent.verb, which, sent.form, self.now())
    }

    async fn send(&mut self, sent: &Sent) -> Answer {
        self.commands += 1;
        let user = self.sessions.user(&self.world, sent.who).await;
        sent.send(&self.world, &user).await
    }

    pub(super) async fn perform(&mut self, sent: &Sent) {
        let expected = self.expected(sent);
        let answer = self.send(sent).await;
        let (events, differences) = self.look().await;
        match &expected {
            Expected::Taken => {
                assert!(answer.is_taken, "{sent:?} is refused: {answer:?}");
                let [event] = events.as_slice() else {
                    panic!("{sent:?} took {} steps", events.len());
                };
                assert_eq!((event.who, event.verb), (Some(sent.who), sent.verb), "{sent:?}");
                let tag = Receipt::after(&event.row).tag();
                assert!(
                    answer.tag.as_ref().is_none_or(|given| *given == tag),
                    "{sent:?} got another tag"
                );
                hold_own(&differences, &event.row);
                self.record(event, &[(sent.clone(), answer.clone())]);
                self.count(sent);
            }
            Expected::Refused => {
                assert!(!answer.is_taken, "{sent:?} should be refused: {answer:?}");
                assert_eq!(differences, [], "{sent:?} was refused and changed something");
                *self.taken.entry("refused".to_owned()).or_default() += 1;
            }
            Expected::FirstAnswer(first) => {
                assert_eq!(&answer, first, "the answer to a repeat: {sent:?}");
                assert_eq!(differences, [], "{sent:?} was a repeat and changed something");
                *self.taken.entry("repeat".to_owned()).or_default() += 1;
            }
        }
        self.log.push((sent.clone(), answer));
        let touched = self
            .log
            .last()
            .and_then(|(sent, answer)| made(answer).or_else(|| sent.id.clone()));
        self.hold(touched.as_deref()).await;
    }

    /// Sends two commands at the same time, and checks that the model allows the steps that were taken, in one order or
    /// the other.
    pub(super) async fn at_once(&mut self, first: &Command, second: &Command) {
        let (Some(one), Some(other)) = (self.resolve(first), self.resolve(second)) else {
            return;
        };
        let users = (
            self.sessions.user(&self.world, one.who).await,
            self.sessions.user(&self.world, other.who).await,
        );
        self.commands += 2;
        let answers = tokio::join!(one.send(&self.world, &users.0), other.send(&self.world, &users.1));
        let sent = [(one, answers.0), (other, answers.1)];
        let (events, _) = self.look().await;
        assert!(
            events.len() <= 2,
            "two commands took {} steps: {sent:?}",
            events.len()
        );
        let forwards: Vec<_> = events.iter().collect();
        let backwards: Vec<_> = events.iter().rev().collect();
        let mut outcomes = [forwards, backwards].into_iter();
        let model = outcomes.find_map(|order| self.after(&order, &sent));
        self.model = model.unwrap_or_else(|| panic!("at once: {sent:?} took {events:?}"));
        *self.taken.entry(format!("{} at once", events.len())).or_default() += 1;
        self.log.extend(sent);
        for event in &events {
            self.hold(Some(&event.row.request.to_string())).await;
        }
        self.hold(None).await;
    }

    /// The model after these steps in this order, or `None` if it does not allow them.
    fn after(&self, order: &[&Event], sent: &[(Sent, Answer)]) -> Option<Model> {
        let mut model = self.model.clone();
        for event in order {
            let (cause, _) = sent.iter().find(|sent| is_of(event, sent))?;
            let which = cause.id.as_deref().and_then(|id| self.which(id));
            self.is_allowed(&model, cause, which).then_some(())?;
            record(&mut model, event, sent);
        }
        let is_kept = |request: &Request| says_what_is_kept(&self.snapshot, request);
        model.requests.iter().all(is_kept).then_some(model)
    }

    fn count(&mut self, sent: &Sent) {
        let verb = if sent.verb == Verb::Create {
            "create"
        } else {
            sent.verb.name()
        };
        *self
            .taken
            .entry(format!("{verb} by {:?}", sent.door))
            .or_default() += 1;
        let which = sent.id.as_deref().and_then(|id| self.which(id));
        let is_draft = which.is_some_and(|which| self.model.requests[which].state == StateName::Draft);
        if sent.verb == Verb::TakeOver && is_draft {
            *self.taken.entry("take-over of a draft".to_owned()).or_default() += 1;
        }
    }
}
