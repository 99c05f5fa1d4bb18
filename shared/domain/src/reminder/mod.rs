//! Reminders before the deadline: whom they are for, and what there is to do.
//!
//! [`due`] makes at most one digest for each person of a company, from everything that is left to do there. A person
//! with nothing left to do gets none.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::actor::Right;
use crate::campaign::ReminderDay;
use crate::eservice::{EServiceId, Period};
use crate::id::{CompanyId, ParticipantId, PersonId, Reference, RequestId};
use crate::register::{DelegatedAdministrator, Readiness};
use crate::request::{DeskKind, Head, State, StateName};
use crate::shortage::Shortage;
use crate::spelled::{instant, optional_text, text};

/// The most rows in one list of a digest; the rest are only counted. This keeps the message readable, and the item far
/// below 400 KB.
pub const MOST_ROWS: usize = 50;

/// A person who can be reminded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colleague {
    /// Their ID.
    pub id: PersonId,
    /// Their access rights.
    pub rights: BTreeSet<Right>,
    /// Whether they are away now, and so are not reminded.
    pub is_away: bool,
}

/// What is left to do at a company.
#[derive(Debug, Clone)]
pub struct Outstanding<'a> {
    /// The company.
    pub company: &'a CompanyId,
    /// Its people.
    pub people: &'a [Colleague],
    /// How many checkers its requests need.
    pub checkers: u8,
    /// Its participants, with their administrators.
    pub participants: &'a [(ParticipantId, Vec<DelegatedAdministrator>)],
    /// Its drafts and the requests on its desk; for the exchange, the requests on the exchange's desk. Those of an eService
    /// without a deadline are passed over.
    pub requests: &'a [Head],
}

/// One person's reminder on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// The day.
    pub day: Date,
    /// Calendar days left until the deadline; 0 on its day.
    pub days_left: u32,
    /// Working days left, the day of the deadline included.
    pub working_days_left: u32,
    /// The company.
    pub company: CompanyId,
    /// The person it is for.
    pub person: PersonId,
    /// Whether it covers everything at the company, as in the last days, and not only this person's own tasks.
    pub is_for_everyone: bool,
    /// Whether this person may make and check requests.
    pub may_act: bool,
    /// That too few people are there to get what is left done, for those who may make and check requests.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub shortage: Option<Shortage>,
    /// Administrators whom no e-mail reaches: they have no address and no request would register one, or mail to it comes
    /// back.
    pub not_registered: Listed<Administrator>,
    /// Unfinished drafts.
    pub drafts: Listed<Task>,
    /// Requests that wait for someone to claim them.
    pub waiting: Listed<Task>,
    /// Requests that someone has claimed but not decided.
    pub claimed: Listed<Task>,
    /// When the company's data was read.
    #[serde(with = "instant")]
    pub as_of: Timestamp,
}

/// A list, cut off at [`MOST_ROWS`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed<T> {
    /// How many there are in all.
    pub total: usize,
    /// The first rows.
    pub rows: Vec<T>,
}

/// A Delegated Administrator in a digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Administrator {
    /// The participant.
    pub participant: ParticipantId,
    /// The User ID.
    pub user_id: String,
}

/// A request in a digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// The request.
    #[serde(with = "text")]
    pub request: RequestId,
    /// Its reference number, if it has one yet.
    #[serde(skip_serializing_if = "Option::is_none", default, with = "optional_text")]
    pub reference: Option<Reference>,
    /// Its eService.
    pub eservice: EServiceId,
    /// Who has it: the maker of a draft, or the holder of a claim. `None` while it waits for someone.
    pub with: Option<String>,
    /// Since when that has been so.
    #[serde(with = "instant")]
    pub since: Timestamp,
    /// When the holder's claim ends.
    pub claim_ends: Option<Timestamp>,
}

impl<T> Listed<T> {
    fn of(items: impl IntoIterator<Item = T>) -> Self {
        let mut items = items.into_iter();
        let rows: Vec<T> = items.by_ref().take(MOST_ROWS).collect();
        Self {
            total: rows.len() + items.count(),
            rows,
        }
    }

    /// Whether the list is empty.
    pub fn is_empty(&self) -> bool {
        self.total == 0
    }
}

/// The right needed to make and check a company's requests, or to process them at the exchange.
pub fn needed_right(company: &CompanyId) -> Right {
    if company.is_exchange() {
        Right::Operations
    } else {
        Right::UserMaintenance
    }
}

impl Digest {
    /// The digest for its person with the rights that the directory has now; `None` if it no longer concerns them.
    #[must_use]
    pub fn now_with(&self, rights: &BTreeSet<Right>) -> Option<Self> {
        let may_act = rights.contains(&needed_right(&self.company));
        (may_act || self.is_for_everyone).then(|| Self {
            may_act,
            ..self.clone()
        })
    }

    /// Whether there is nothing to report.
    fn is_empty(&self) -> bool {
        self.shortage.is_none() && self.lists_nothing()
    }

    /// Whether nothing is left to do for its person.
    pub fn lists_nothing(&self) -> bool {
        self.not_registered.is_empty()
            && self.drafts.is_empty()
            && self.waiting.is_empty()
            && self.claimed.is_empty()
    }
}

/// Returns the digests for a company's people on a day, at most one each.
///
/// An administrator without an address that works concerns everyone who may make requests. A draft concerns its maker, a request
/// on the desk everyone who may claim it, and a claim its holder. In the last days, everything concerns everyone in the
/// company, whatever their rights: someone there can find the colleague whose turn it is. Where too few people are there
/// for what is left, that concerns everyone who may make and check requests. Who is away gets none.
pub fn due(outstanding: &Outstanding<'_>, day: &ReminderDay, now: Timestamp) -> Vec<Digest> {
    let shortage = outstanding.shortage();
    let people = outstanding.people.iter().filter(|person| !person.is_away);
    let digests = people.map(|person| Digest {
        day: day.day,
        days_left: day.days_left,
        working_days_left: day.working_days_left,
        company: outstanding.company.clone(),
        person: person.id.clone(),
        is_for_everyone: day.is_for_everyone,
        may_act: outstanding.may_act(person),
        shortage: shortage.filter(|_| outstanding.may_act(person)),
        not_registered: outstanding.not_registered(person, day),
        drafts: outstanding.tasks(person, day, StateName::Draft),
        waiting: outstanding.tasks(person, day, outstanding.waiting()),
        claimed: outstanding.tasks(person, day, outstanding.claimed()),
        as_of: now,
    });
    digests.filter(|digest| !digest.is_empty()).collect()
}

impl Outstanding<'_> {
    /// The company's desk.
    fn desk(&self) -> DeskKind {
        if self.company.is_exchange() {
            DeskKind::Exchange
        } else {
            DeskKind::Checkers
        }
    }

    /// The requests that the deadline is for.
    fn requests(&self) -> impl Iterator<Item = &Head> {
        let requests = self.requests.iter();
        requests.filter(|head| head.eservice.definition().period == Period::Campaign)
    }

    /// That too few people are there, if anything is left that takes them. An officer works alone.
    fn shortage(&self) -> Option<Shortage> {
        let mut administrators = self.participants.iter().flat_map(|(_, all)| all);
        let is_left = self.requests().next().is_some() || administrators.any(is_left);
        let are_away = self.people.iter().filter(|person| self.may_act(person));
        let are_away = are_away.map(|person| person.is_away);
        Shortage::of(are_away, self.checkers).filter(|_| is_left && !self.company.is_exchange())
    }

    fn may_act(&self, person: &Colleague) -> bool {
        person.rights.contains(&needed_right(self.company))
    }

    fn waiting(&self) -> StateName {
        match self.desk() {
            DeskKind::Checkers => StateName::ReadyToSend,
            DeskKind::Exchange => StateName::Sent,
        }
    }

    fn claimed(&self) -> StateName {
        match self.desk() {
            DeskKind::Checkers => StateName::Claimed,
            DeskKind::Exchange => StateName::Processing,
        }
    }

    fn not_registered(&self, person: &Colleague, day: &ReminderDay) -> Listed<Administrator> {
        let concerns = day.is_for_everyone || self.may_act(person);
        let administrators = self.participants.iter().flat_map(|(participant, all)| {
            let left = all.iter().filter(|listed| is_left(listed));
            left.map(move |listed| (participant, listed))
        });
        let administrators = administrators.filter(|_| concerns);
        Listed::of(administrators.map(|(participant, administrator)| Administrator {
            participant: participant.clone(),
            user_id: administrator.user_id.clone(),
        }))
    }

    fn tasks(&self, person: &Colleague, day: &ReminderDay, state: StateName) -> Listed<Task> {
        let concerning = self.requests().filter(|head| {
            head.state.name() == state && (day.is_for_everyone || self.concerns(head, person))
        });
        Listed::of(concerning.map(Task::of))
    }

    /// Whether a request is this person's task.
    fn concerns(&self, head: &Head, person: &Colleague) -> bool {
        match &head.state {
            State::Draft => head.maker.id == person.id,
            State::ReadyToSend { .. } => head.could_be_checked_by(&person.id, &person.rights),
            State::Claimed { holder, .. } | State::Processing { holder, .. } => holder.by.id == person.id,
            State::Sent { .. } => self.may_act(person),
            State::Completed { .. } | State::Rejected { .. } | State::Discarded => false,
        }
    }
}

/// Whether no e-mail reaches an administrator. Of one whose mail comes back, it is not known whether a change is under way.
fn is_left(administrator: &DelegatedAdministrator) -> bool {
    match administrator.readiness() {
        Readiness::NotRegistered | Readiness::AddressBounced => true,
        Readiness::Ready | Readiness::Pending | Readiness::NotGuaranteed => false,
    }
}

impl Task {
    fn of(head: &Head) -> Self {
        let (with, since, claim_ends) = match &head.state {
            State::Claimed {
                holder, lease_ends, ..
            }
            | State::Processing {
                holder, lease_ends, ..
            } => (Some(holder.by.name.clone()), holder.at, *lease_ends),
            State::Draft => (Some(head.maker.name.clone()), head.updated_at, None),
            State::ReadyToSend { .. }
            | State::Sent { .. }
            | State::Completed { .. }
            | State::Rejected { .. }
            | State::Discarded => (None, head.desk_since.unwrap_or(head.updated_at), None),
        };
        Self {
            request: head.id,
            reference: head.reference.clone(),
            eservice: head.eservice,
            with,
            since,
            claim_ends,
        }
    }
}

#[cfg(test)]
mod tests;
