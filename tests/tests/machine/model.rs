//! The model: what a request is, and who may do what to it, as the guideline says, in just enough detail to predict the
//! outcome. It does not use the workflow's table.

use std::collections::{BTreeMap, BTreeSet};

use countersign_domain::request::StateName;
use countersign_domain::time;
use countersign_local::demonstration::{PEOPLE, Person};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::machine::story::{Flaw, FormSeed, Verb};

/// When requests are accepted from, and when it is too late for the guarantee.
pub(crate) const OPENS: &str = "2023-03-20T00:00:00+08:00";
pub(crate) const DEADLINE_PASSED: &str = "2023-04-29T00:00:00+08:00";

/// The company that may ask for two checkers. The others have too few people for that.
pub(crate) const OF_TWO: &str = "abc";

/// A person, as an index into the demonstration's people.
pub(crate) type Who = usize;
/// A request, as an index in the order of creation.
pub(crate) type Which = usize;

pub(crate) fn person(who: Who) -> &'static Person {
    &PEOPLE[who]
}

pub(crate) fn who_is(id: &str) -> Option<Who> {
    PEOPLE.iter().position(|person| person.id == id)
}

/// Whether this person may make and check requests of their company.
pub(crate) fn works_for_a_company(who: Who) -> bool {
    person(who).rights.contains(&"EU_UserMaintenance")
}

pub(crate) fn is_officer(who: Who) -> bool {
    person(who).rights.contains(&"HKEX_Operations")
}

/// Whether this person may see the requests of their company, or for an officer what companies have sent.
pub(crate) fn sees_any(who: Who) -> bool {
    !person(who).rights.is_empty()
}

/// Whether this person may take over what others made.
fn manages_users(who: Who) -> bool {
    person(who).rights.contains(&"EU_ManageUsers")
}

fn are_colleagues(one: Who, other: Who) -> bool {
    works_for_a_company(one) && works_for_a_company(other) && person(one).company == person(other).company
}

/// What a company's forms are about: a participantship, and the User IDs that stories compete for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Firm {
    pub(crate) kind: &'static str,
    pub(crate) participant: &'static str,
    pub(crate) users: &'static [&'static str],
}

pub(crate) fn firm(company: &str) -> Firm {
    let (kind, participant, users): (_, _, &[_]) = match company {
        "bank" => ("HKSCC Designated Bank", "BNK109", &["BNK109X1", "BNK109X2"]),
        "solo" => ("HKSCC Participant", "B09999", &["B09999X1"]),
        _ => (
            "HKSCC Participant",
            "B01234",
            &["B01234X1", "B01234X2", "B01234X3", "B01234X4"],
        ),
    };
    Firm {
        kind,
        participant,
        users,
    }
}

/// The registrations that a form asks for: addresses by User ID.
pub(crate) fn registrations(company: &str, form: FormSeed) -> BTreeMap<String, String> {
    let users = firm(company).users;
    let rows = usize::from(form.rows).min(users.len());
    let row = |row: usize| {
        let user = users[(usize::from(form.first_user) + row) % users.len()];
        (user.to_owned(), format!("da{}{row}@bank.com.hk", form.address))
    };
    (0..rows).map(row).collect()
}

#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) id: String,
    pub(crate) state: StateName,
    pub(crate) maker: Who,
    /// Everyone who filled in this request or anything that it was cloned from.
    pub(crate) authors: BTreeSet<Who>,
    pub(crate) holder: Option<Who>,
    pub(crate) confirmer: Option<Who>,
    /// Whether two people have to check it, as its company asked when it was submitted.
    pub(crate) needs_two: bool,
    pub(crate) first_checker: Option<Who>,
    pub(crate) is_declared: bool,
    pub(crate) registrations: BTreeMap<String, String>,
    pub(crate) has_reference: bool,
    /// The tag of each version, oldest first.
    pub(crate) tags: Vec<String>,
    /// The authors at each version, oldest first.
    pub(crate) authors_at: Vec<BTreeSet<Who>>,
    /// How often the clock had jumped when the last step was taken.
    pub(crate) jumps: usize,
    pub(crate) changed_at: Timestamp,
}

impl Request {
    pub(crate) fn company(&self) -> &'static str {
        person(self.maker).company
    }

    pub(crate) fn version(&self) -> usize {
        self.tags.len()
    }

    pub(crate) fn is_open(&self) -> bool {
        matches!(
            self.state,
            StateName::ReadyToSend | StateName::Claimed | StateName::Sent | StateName::Processing
        )
    }

    pub(crate) fn is_before_the_exchange(&self) -> bool {
        matches!(
            self.state,
            StateName::Sent | StateName::Processing | StateName::Completed | StateName::Rejected
        )
    }
}

/// The model's state.
#[derive(Debug, Clone, Default)]
pub(crate) struct Model {
    pub(crate) requests: Vec<Request>,
    /// The register: address and request by User ID.
    pub(crate) register: BTreeMap<String, (String, Which)>,
    /// Whether the company that can asks for two checkers now.
    pub(crate) asks_for_two: bool,
    pub(crate) jumps: usize,
    /// The first day of each person's absence. It has no end until they are back.
    pub(crate) away: BTreeMap<Who, Date>,
}

impl Model {
    /// Whether a request's holder has gone away since they claimed it.
    pub(crate) fn has_a_holder_who_left(&self, request: &Request) -> bool {
        let since = time::day_of(request.changed_at);
        let from = request.holder.and_then(|holder| self.away.get(&holder));
        from.is_some_and(|from| *from >= since)
    }

    /// Whether a claim can be handed to this person.
    pub(crate) fn can_take(&self, who: Who, request: &Request) -> bool {
        request.holder != Some(who) && self.may_check(who, request) && !self.away.contains_key(&who)
    }

    /// The colleagues to whom a claim can be handed.
    pub(crate) fn colleagues(&self, request: &Request) -> Vec<Who> {
        (0..PEOPLE.len())
            .filter(|who| self.can_take(*who, request))
            .collect()
    }

    /// Whether this person may see a request.
    pub(crate) fn sees(&self, who: Who, which: Which) -> bool {
        let request = &self.requests[which];
        let is_own = sees_any(who) && person(who).company == request.company();
        is_own || (is_officer(who) && request.is_before_the_exchange())
    }

    /// Whether this person may do this now, if they have read the current version. `form` is what a save sends.
    pub(crate) fn allows(
        &self,
        who: Who,
        verb: Verb,
        which: Option<Which>,
        form: Option<FormSeed>,
        now: Timestamp,
    ) -> bool {
        let opens: Timestamp = OPENS.parse().unwrap_or(Timestamp::MAX);
        let is_open = now >= opens;
        let is_kept = form.is_none_or(|form| matches!(form.flaw, Flaw::None | Flaw::Undeclared));
        let Some(request) = which.map(|which| &self.requests[which]) else {
            return verb == Verb::Create && works_for_a_company(who) && is_open && is_kept;
        };
        let is_holder = request.holder == Some(who);
        match (verb, request.state) {
            (Verb::Clone, _) => are_colleagues(who, request.maker) && is_open,
            (Verb::Save, StateName::Draft) => request.maker == who && is_open && is_kept,
            (Verb::Submit, StateName::Draft) => {
                request.maker == who && is_open && self.can_be_submitted(request)
            }
            (Verb::Discard, StateName::Draft) | (Verb::Reclaim, StateName::ReadyToSend) => {
                request.maker == who
            }
            (Verb::Claim, StateName::ReadyToSend) => self.may_check(who, request),
            (Verb::HandOver, StateName::Claimed) => is_holder && !self.colleagues(request).is_empty(),
            (Verb::TakeOver, StateName::Draft) => {
                are_colleagues(who, request.maker)
                    && manages_users(who)
                    && request.maker != who
                    && self.away.contains_key(&request.maker)
            }
            (Verb::TakeOver, StateName::Processing) => is_officer(who) && !is_holder,
            (Verb::Claim | Verb::Release | Verb::Return | Verb::Confirm, StateName::Claimed)
            | (
                Verb::Claim | Verb::Release | Verb::Return | Verb::Complete | Verb::Reject,
                StateName::Processing,
            ) => is_holder,
            (Verb::Reclaim, StateName::Sent) => request.confirmer == Some(who),
            (Verb::Claim, StateName::Sent) => is_officer(who),
            _ => false,
        }
    }

    /// Whether this person can be the next pair of eyes.
    #[expect(clippy::unused_self, reason = "it reads as the others do")]
    pub(crate) fn may_check(&self, who: Who, request: &Request) -> bool {
        are_colleagues(who, request.maker)
            && !request.authors.contains(&who)
            && request.first_checker != Some(who)
    }

    fn can_be_submitted(&self, request: &Request) -> bool {
        let checkers = (0..PEOPLE.len()).filter(|who| self.may_check(*who, request));
        let has_checkers = checkers.count() > usize::from(self.needs_two(request));
        let is_free = |user: &String| {
            !self
                .open_requests()
                .any(|(_, other)| other.registrations.contains_key(user))
        };
        request.is_declared && has_checkers && request.registrations.keys().all(is_free)
    }

    /// Whether two people have to check a request that is submitted now.
    fn needs_two(&self, request: &Request) -> bool {
        self.asks_for_two && request.company() == OF_TWO
    }

    pub(crate) fn open_requests(&self) -> impl Iterator<Item = (Which, &Request)> {
        self.requests
            .iter()
            .enumerate()
            .filter(|(_, request)| request.is_open())
    }

    /// Records that somebody made a request; `source` is what it was cloned from.
    pub(crate) fn made(
        &mut self,
        who: Who,
        id: String,
        tag: String,
        source: Option<Which>,
        form: Option<FormSeed>,
        now: Timestamp,
    ) {
        let source = source.map(|which| self.requests[which].clone());
        let mut authors = source
            .as_ref()
            .map(|source| source.authors.clone())
            .unwrap_or_default();
        authors.insert(who);
        let registrations = match (source, form) {
            (Some(source), _) => source.registrations,
            (None, Some(form)) => registrations(person(who).company, form),
            (None, None) => BTreeMap::new(),
        };
        self.requests.push(Request {
            id,
            state: StateName::Draft,
            maker: who,
            authors_at: vec![authors.clone()],
            authors,
            holder: None,
            confirmer: None,
            needs_two: false,
            first_checker: None,
            is_declared: form.is_some_and(|form| form.flaw == Flaw::None),
            registrations,
            has_reference: false,
            tags: vec![tag],
            jumps: self.jumps,
            changed_at: now,
        });
    }

    /// Records that somebody took a step.
    pub(crate) fn stepped(
        &mut self,
        who: Option<Who>,
        verb: Verb,
        which: Which,
        tag: String,
        form: Option<FormSeed>,
        now: Timestamp,
    ) {
        let needs_two = self.needs_two(&self.requests[which]);
        let request = &mut self.requests[which];
        let company = request.company();
        if verb == Verb::Submit {
            request.needs_two = needs_two;
        }
        let is_first_check = verb == Verb::Confirm && request.needs_two && request.first_checker.is_none();
        request.state = match (verb, request.state) {
            (Verb::Confirm, _) if is_first_check => StateName::ReadyToSend,
            (Verb::Submit, _) | (Verb::Release, StateName::Claimed) => StateName::ReadyToSend,
            (Verb::Claim, StateName::ReadyToSend | StateName::Claimed) | (Verb::Reclaim, StateName::Sent) => {
                StateName::Claimed
            }
            (Verb::HandOver, _) => StateName::Claimed,
            (Verb::Claim, _) | (Verb::TakeOver, StateName::Processing) => StateName::Processing,
            (Verb::Confirm | Verb::Release, _) => StateName::Sent,
            (Verb::Discard, _) => StateName::Discarded,
            (Verb::Complete, _) => StateName::Completed,
            (Verb::Reject, _) => StateName::Rejected,
            (Verb::Create | Verb::Clone | Verb::Save | Verb::TakeOver | Verb::Return | Verb::Reclaim, _) => {
                StateName::Draft
            }
        };
        request.holder = who.filter(|_| matches!(request.state, StateName::Claimed | StateName::Processing));
        if is_first_check {
            request.first_checker = who;
        } else if verb == Verb::Confirm {
            request.confirmer = who;
        }
        if request.state == StateName::Draft {
            (request.needs_two, request.first_checker) = (false, None);
        }
        request.has_reference |= verb == Verb::Submit;
        if let (Some(form), Some(who)) = (form, who) {
            request.registrations = registrations(company, form);
            request.is_declared = form.flaw == Flaw::None;
            request.authors.insert(who);
        }
        if let (Verb::TakeOver, StateName::Draft, Some(who)) = (verb, request.state, who) {
            request.maker = who;
            request.authors.insert(who);
        }
        request.tags.push(tag);
        request.authors_at.push(request.authors.clone());
        request.jumps = self.jumps;
        request.changed_at = now;
        if verb == Verb::Complete {
            let registered = request.registrations.clone();
            self.register.extend(
                registered
                    .into_iter()
                    .map(|(user, address)| (user, (address, which))),
            );
        }
    }

    /// Everything that is possible now, as far as the model knows: for each verb, who can do it and to which request.
    pub(crate) fn possible(
        &self,
        form: FormSeed,
        now: Timestamp,
    ) -> BTreeMap<Verb, Vec<(Who, Option<Which>)>> {
        let mut possible: BTreeMap<Verb, Vec<_>> = BTreeMap::new();
        for verb in Verb::ALL {
            let form = verb.has_form().then_some(form);
            // A few requests with many steps find more faults than many requests with few steps.
            let is_enough = self.requests.len() >= if verb == Verb::Create { 8 } else { 12 };
            if verb.makes_one() && is_enough {
                continue;
            }
            for who in 0..PEOPLE.len() {
                let all = (0..self.requests.len()).map(Some);
                let subjects: Vec<_> = if verb == Verb::Create {
                    vec![None]
                } else {
                    all.collect()
                };
                for which in subjects {
                    if self.allows(who, verb, which, form, now) {
                        possible.entry(verb).or_default().push((who, which));
                    }
                }
            }
        }
        possible
    }
}
