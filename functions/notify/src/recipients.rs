//! Finds the recipients: the workflow table's last column, looked up in the directory. A request's own text names only the
//! contact persons and the new addresses of a request that the exchange completed.

use std::collections::BTreeSet;

use countersign_domain::actor::Person;
use countersign_domain::actor::Right;
use countersign_domain::contact::{EmailAddress, folded};
use countersign_domain::form::{CompleteForm, Contact, Registration};
use countersign_domain::history::HistoryRow;
use countersign_domain::id::PersonId;
use countersign_domain::language::Language;
use countersign_domain::mail::{Mail, ProgressMail};
use countersign_domain::request::{Head, StateName};
use countersign_domain::workflow::{Action, Audience, Row};
use countersign_platform::store::directory::DirectoryPerson;
use jiff::Timestamp;

use crate::news::{Recipient, What};

/// A person of the directory as the only recipient.
pub(crate) fn only(person: &DirectoryPerson, audience: Audience, now: Timestamp) -> Found {
    let mut found = Found::default();
    found.add(audience, Candidate::of(person, now));
    found
}

/// Who held the request until a step.
pub(crate) fn last_holder<'a>(history: &'a [HistoryRow], step: &HistoryRow) -> Option<&'a Person> {
    let before = history.iter().filter(|row| row.version < step.version);
    before.rev().find_map(HistoryRow::holder)
}

/// Where recipients are looked up.
pub(crate) struct Search<'a> {
    /// The step to announce.
    pub(crate) step: &'a HistoryRow,
    /// The request's head.
    pub(crate) head: &'a Head,
    /// Its history, oldest first.
    pub(crate) history: &'a [HistoryRow],
    /// Its form at that step.
    pub(crate) form: &'a CompleteForm,
    /// The people of its company.
    pub(crate) people: &'a [DirectoryPerson],
    /// Those who have been removed from it.
    pub(crate) removed: &'a [DirectoryPerson],
    /// The exchange's people.
    pub(crate) officers: &'a [DirectoryPerson],
    /// The time of sending, which tells who is away.
    pub(crate) now: Timestamp,
    /// The e-mails about the request so far; only for [`Audience::OtherCheckers`].
    pub(crate) mails: &'a [Mail],
}

/// Someone whose address is not valid.
pub(crate) struct Unaddressable {
    pub(crate) audience: Audience,
    pub(crate) name: Option<String>,
    pub(crate) address: String,
}

/// The recipients found, and those who can't be written to.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) recipients: Vec<Recipient>,
    /// Those who read it in the day's digest.
    pub(crate) readers: Vec<Recipient>,
    pub(crate) unaddressable: Vec<Unaddressable>,
    /// Addresses in lower case; the flag marks those that get an e-mail of their own.
    told: BTreeSet<(bool, String)>,
}

/// Finds everyone in these audiences. Someone in several gets one e-mail, for the first of them. A new address also gets
/// its own e-mail, which says what was registered for it. Someone who switched off what only informs them gets nothing, in
/// whatever other part the request has them; someone who wants it once a day finds it in the digest. Someone who is away
/// gets nothing that asks for an action.
pub(crate) fn find(search: &Search<'_>, what: What, audiences: &[Audience]) -> Found {
    let mut found = Found::default();
    // Whatever else is told of a step asks for something.
    let row = Row::taken(search.step).filter(|_| what == What::Step);
    for audience in audiences {
        let only_informs = row.is_some_and(|row| row.only_informs(*audience));
        let asks = row.is_none_or(|row| row.asks(*audience));
        for candidate in search.candidates(*audience) {
            if asks && candidate.is_away {
                continue;
            }
            match candidate.progress {
                ProgressMail::Never if only_informs => found.leave_out(&candidate),
                ProgressMail::Daily if only_informs => found.collect(*audience, candidate),
                ProgressMail::AtOnce | ProgressMail::Daily | ProgressMail::Never => {
                    found.add(*audience, candidate);
                }
            }
        }
    }
    found
}

impl Found {
    fn leave_out(&mut self, candidate: &Candidate) {
        self.told.insert((false, folded(&candidate.address)));
    }

    fn collect(&mut self, audience: Audience, candidate: Candidate) {
        let before = self.recipients.len();
        self.add(audience, candidate);
        self.readers.extend(self.recipients.drain(before..));
    }

    fn add(&mut self, audience: Audience, candidate: Candidate) {
        let Ok(address) = EmailAddress::parse(&candidate.address) else {
            self.unaddressable.push(Unaddressable {
                audience,
                name: candidate.name,
                address: candidate.address,
            });
            return;
        };
        let own = audience == Audience::NewAddresses;
        if self.told.insert((own, address.folded())) {
            self.recipients.push(Recipient {
                audience,
                person: candidate.person,
                approves_by_mail: candidate.approves_by_mail,
                reply_address: None,
                name: candidate.name,
                address,
                language: candidate.language,
                registrations: candidate.registrations,
            });
        }
    }
}

#[derive(Default)]
struct Candidate {
    person: Option<PersonId>,
    approves_by_mail: bool,
    is_away: bool,
    progress: ProgressMail,
    name: Option<String>,
    address: String,
    language: Language,
    registrations: Vec<Registration>,
}

impl Candidate {
    fn of(person: &DirectoryPerson, now: Timestamp) -> Self {
        Self {
            person: Some(person.id.clone()),
            approves_by_mail: person.approves_by_mail,
            is_away: person.is_away(now),
            progress: person.mail.progress,
            name: Some(person.name.clone()),
            address: person.email.clone(),
            language: language(person),
            registrations: Vec::new(),
        }
    }
}

/// The language of mail to a person in the directory.
pub(crate) fn language(person: &DirectoryPerson) -> Language {
    let chosen = person.mail_language().and_then(Language::parse);
    chosen.unwrap_or_default()
}

impl Search<'_> {
    fn candidates(&self, audience: Audience) -> Vec<Candidate> {
        match audience {
            Audience::Checkers => {
                // Whoever took the step can't check it next: they made it, or were the first of two to check it.
                let checkers = self.people.iter().filter(|person| {
                    person.id != self.step.actor.id
                        && self.head.could_be_checked_by(&person.id, &person.rights)
                });
                checkers.map(|person| self.candidate(person)).collect()
            }
            Audience::OtherCheckers => self.other_checkers(),
            Audience::Maker => self.person(Some(&self.head.maker.id)),
            Audience::Colleagues => self.colleagues(),
            Audience::Checker => self.person(self.checker()),
            Audience::Holder => self.person(self.step.holder().map(|holder| &holder.id)),
            Audience::LastHolder => self.person(self.last_holder()),
            Audience::Officer => self.officer(self.step.holder().map(|holder| &holder.id)),
            Audience::LastOfficer => self.officer(self.last_holder()),
            Audience::ExchangeDesk => {
                let officers = self
                    .officers
                    .iter()
                    .filter(|person| person.rights.contains(&Right::Operations));
                officers.map(|person| self.candidate(person)).collect()
            }
            Audience::ContactPersons => self.contacts(),
            Audience::NewAddresses => self.new_addresses(),
            Audience::PersonConcerned => self.concerned(),
        }
    }

    fn candidate(&self, person: &DirectoryPerson) -> Candidate {
        Candidate::of(person, self.now)
    }

    /// A system gets no mail: it reads its requests.
    fn person(&self, id: Option<&PersonId>) -> Vec<Candidate> {
        let person = self.people.iter().find(|person| Some(&person.id) == id);
        let person = person.filter(|person| !person.is_system);
        person.map(|person| self.candidate(person)).into_iter().collect()
    }

    fn officer(&self, id: Option<&PersonId>) -> Vec<Candidate> {
        let officer = self.officers.iter().find(|person| Some(&person.id) == id);
        officer.map(|person| self.candidate(person)).into_iter().collect()
    }

    /// Whom the request is about, also if it has removed them.
    fn concerned(&self) -> Vec<Candidate> {
        let everybody = self.people.iter().chain(self.removed);
        let person = everybody
            .into_iter()
            .find(|person| self.head.about.as_ref() == Some(&person.id));
        let person = person.filter(|person| !person.is_system);
        person.map(|person| self.candidate(person)).into_iter().collect()
    }

    fn so_far(&self) -> impl DoubleEndedIterator<Item = &HistoryRow> {
        self.history.iter().filter(|row| row.version <= self.step.version)
    }

    /// Those who were last asked to check it and who still could, without the one who has decided now. They hear of a decision
    /// once: not again if a checker takes their confirmation back and gives it again.
    fn other_checkers(&self) -> Vec<Candidate> {
        let before = || self.so_far().rev().filter(|row| row.version < self.step.version);
        let asks = |row: &&HistoryRow| {
            Row::taken(row).is_some_and(|taken| {
                taken.to == StateName::ReadyToSend && taken.tell.contains(&Audience::Checkers)
            })
        };
        let Some(last_ask) = before().find(asks) else {
            return Vec::new();
        };
        let mut since = before().take_while(|row| row.version > last_ask.version);
        if since.any(|row| row.to == self.step.to) {
            return Vec::new();
        }
        let asked: BTreeSet<String> = self
            .mails
            .iter()
            .filter(|mail| {
                mail.version == last_ask.version
                    && mail.audience == Audience::Checkers
                    && !mail.status.is_undelivered()
            })
            .map(|mail| folded(&mail.address))
            .collect();
        let others = self.people.iter().filter(|person| {
            person.id != self.step.actor.id
                && self.head.could_be_checked_by(&person.id, &person.rights)
                && asked.contains(&folded(&person.email))
        });
        others.map(|person| self.candidate(person)).collect()
    }

    /// Those who can go on with it in the maker's place, if the maker is away or may no longer make such requests: the
    /// people who can take it over, or, if none of them is there, everyone who can make it again.
    fn colleagues(&self) -> Vec<Candidate> {
        let rights = self.head.eservice.makers_rights();
        let may = |person: &&DirectoryPerson| rights.iter().any(|right| person.rights.contains(right));
        let is_there = |person: &&DirectoryPerson| !person.is_away(self.now);
        let there: Vec<_> = self.people.iter().filter(may).filter(is_there).collect();
        if there.iter().any(|person| person.id == self.head.maker.id) {
            return Vec::new();
        }
        let can_manage = |person: &&&DirectoryPerson| person.rights.contains(&Right::ManageUsers);
        let managers: Vec<_> = there.iter().filter(can_manage).copied().collect();
        let told = if managers.is_empty() { there } else { managers };
        let told = told.into_iter().filter(|person| !person.is_system);
        told.map(|person| self.candidate(person)).collect()
    }

    /// The checker who decided on it last. The head loses the checker when an officer returns the request; the history does
    /// not.
    fn checker(&self) -> Option<&PersonId> {
        let is_decision = |action| match action {
            Action::Confirm | Action::ConfirmByMail | Action::ReturnByMail => true,
            Action::Save
            | Action::Clone
            | Action::Discard
            | Action::Submit
            | Action::Reclaim
            | Action::Claim
            | Action::Release
            | Action::ReleaseForAbsence
            | Action::HandOver
            | Action::TakeOver
            | Action::Return
            | Action::Complete
            | Action::Reject => false,
        };
        let decided = self.so_far().rfind(|row| is_decision(row.action));
        decided.map(|row| &row.actor.id)
    }

    fn last_holder(&self) -> Option<&PersonId> {
        Some(&last_holder(self.history, self.step)?.id)
    }

    /// The language for people the directory does not know: the maker's.
    fn makers_language(&self) -> Language {
        let maker = self.people.iter().find(|person| person.id == self.head.maker.id);
        maker.map(language).unwrap_or_default()
    }

    fn contacts(&self) -> Vec<Candidate> {
        let contact = |person: Contact| Candidate {
            name: Some(person.name),
            address: person.email,
            language: self.makers_language(),
            ..Candidate::default()
        };
        // Of one who is erased there is no address.
        let persons = self.form.contact_persons().into_iter();
        persons
            .filter(|person| !person.email.is_empty())
            .map(contact)
            .collect()
    }

    /// Each new address once, with all User IDs it was registered for.
    fn new_addresses(&self) -> Vec<Candidate> {
        let mut candidates: Vec<Candidate> = Vec::new();
        let registrations = self.form.registrations().into_iter();
        for registration in registrations.filter(|registration| !registration.email.is_empty()) {
            let address = folded(&registration.email);
            let same = |candidate: &&mut Candidate| folded(&candidate.address) == address;
            match candidates.iter_mut().find(same) {
                Some(candidate) => candidate.registrations.push(registration),
                None => candidates.push(Candidate {
                    address: registration.email.clone(),
                    language: self.makers_language(),
                    registrations: vec![registration],
                    ..Candidate::default()
                }),
            }
        }
        candidates
    }
}
