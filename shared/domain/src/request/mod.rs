//! A request's head: everything about it except its form and its history.

use std::collections::BTreeSet;
use std::fmt;

use jiff::Timestamp;

use crate::actor::{Actor, Person, Right};
use crate::campaign::Campaign;
use crate::eservice::{EServiceId, End};
use crate::fact::{Attribute, Fact, Facts};
use crate::id::{CompanyId, Digest, ParticipantId, PersonId, Reference, RequestId};
use crate::participantship::{Participantship, ParticipantshipKind};
use crate::time;

mod checks;
mod state;

pub use checks::Checks;
pub use state::{Desk, DeskKind, State, StateName, Taken};

/// Who has a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeldBy<'a> {
    /// The person who has to act: its holder, or the maker of a draft.
    Person(&'a Person),
    /// The desk that it waits on.
    Desk(DeskKind),
    /// Nobody: it is decided, or thrown away.
    Nobody,
}

/// A request's head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Its ID.
    pub id: RequestId,
    /// The eService that it belongs to.
    pub eservice: EServiceId,
    /// The state, with its data.
    pub state: State,
    /// The checks that it needs, from the submission on.
    pub checks: Checks,
    /// Steps taken so far; 1 after the first save.
    pub version: u32,
    /// The digest of the last history row.
    pub chain: Digest,
    /// The digest of the form.
    pub form_hash: Digest,
    /// The company whose request it is.
    pub company: CompanyId,
    /// That company's name.
    pub company_name: String,
    /// The participantship that it is for; `None` if it is for the company itself.
    pub participantship: Option<Participantship>,
    /// The person of the company whom it is about. They may not check it.
    pub about: Option<PersonId>,
    /// The person who made it.
    pub maker: Person,
    /// Everyone who has ever edited it. None of them may check it.
    pub editors: BTreeSet<PersonId>,
    /// The reference number, from the first submit on.
    pub reference: Option<Reference>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When the last step was taken.
    pub updated_at: Timestamp,
    /// When it was last submitted.
    pub submitted_at: Option<Timestamp>,
    /// Whether it is in time for the parallel run; known from the first submit on.
    pub guaranteed: Option<bool>,
    /// Since when its current desk has had it.
    pub desk_since: Option<Timestamp>,
}

/// Stored facts that no request can have. Holds the attribute that is missing or wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Impossible(pub Attribute);

impl fmt::Display for Impossible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the stored head has an impossible `{}`", self.0.name())
    }
}

impl std::error::Error for Impossible {}

/// Whether an actor may see a company's request that ends there, in this state. Officers may once the company has sent
/// it; people of the company may if they have any right.
pub fn is_visible(company: &CompanyId, end: End, state: StateName, actor: &Actor) -> bool {
    match actor {
        Actor::Clock => true,
        Actor::Member(member) if member.company == *company => member.may_see(),
        Actor::Member(member) => {
            member.is_officer() && end == End::AtTheExchange && state.is_before_the_exchange()
        }
    }
}

impl Head {
    /// Reads facts. Fails on a combination that no command can have written, rather than guessing.
    pub fn from_facts(facts: &Facts) -> Result<Self, Impossible> {
        let read = Reader { facts };
        let name = read.parsed(Attribute::State, StateName::parse)?;
        let head = Self {
            id: read.parsed(Attribute::Id, RequestId::parse)?,
            eservice: read.parsed(Attribute::EService, EServiceId::parse)?,
            state: read.state(name)?,
            checks: read.checks()?,
            version: read.version()?,
            chain: read.parsed(Attribute::Chain, Digest::parse)?,
            form_hash: read.parsed(Attribute::FormHash, Digest::parse)?,
            company: read.parsed(Attribute::Company, CompanyId::parse)?,
            company_name: read.text(Attribute::CompanyName)?.to_owned(),
            participantship: read.participantship()?,
            about: read.about()?,
            maker: read.person(Attribute::Maker, Attribute::MakerName)?,
            editors: read.editors()?,
            reference: read.optional(Attribute::Reference, Reference::parse)?,
            created_at: read.parsed(Attribute::CreatedAt, time::parse)?,
            updated_at: read.parsed(Attribute::UpdatedAt, time::parse)?,
            submitted_at: read.optional(Attribute::SubmittedAt, time::parse)?,
            guaranteed: read.flag(Attribute::Guaranteed)?,
            desk_since: read.optional(Attribute::DeskSince, time::parse)?,
        };
        let numbered = head.reference.is_some() && head.submitted_at.is_some();
        if name.is_open() && !numbered {
            return Err(Impossible(Attribute::Reference));
        }
        if head.eservice.definition().is_for_a_participant() != head.participantship.is_some() {
            return Err(Impossible(Attribute::ParticipantId));
        }
        if name.desk().is_some() != head.desk_since.is_some() {
            return Err(Impossible(Attribute::DeskSince));
        }
        let is_possible = match head.checks {
            Checks::One => true,
            Checks::FirstOfTwo => matches!(name, StateName::ReadyToSend | StateName::Claimed),
            Checks::LastOfTwo => head.state.first_check().is_some(),
        };
        if !is_possible {
            return Err(Impossible(Attribute::Checks));
        }
        Ok(head)
    }

    /// Whether a person of its company could check it: they have the right, have never edited it, are not the first of its
    /// two checkers, and it is not about them.
    pub fn could_be_checked_by(&self, person: &PersonId, rights: &BTreeSet<Right>) -> bool {
        let is_first_checker = self
            .state
            .first_check()
            .is_some_and(|first| first.by.id == *person);
        let right = self.eservice.definition().right;
        rights.contains(&right)
            && right.counts_at(&self.company)
            && !self.editors.contains(person)
            && !is_first_checker
            && self.about.as_ref() != Some(person)
    }

    /// Who holds it, the company where they work, and the right that they need for it.
    pub fn holder_by_right(&self) -> Option<(&Taken, CompanyId, Right)> {
        let holder = self.state.holder()?;
        Some(match self.state.name().desk()? {
            DeskKind::Checkers => (holder, self.company.clone(), self.eservice.checkers_right()),
            DeskKind::Exchange => (holder, CompanyId::exchange(), Right::Operations),
        })
    }

    /// Whether completion before the parallel run is not guaranteed. For a draft, the answer is for a submit now.
    pub fn is_late(&self, campaign: &Campaign, now: Timestamp) -> bool {
        match self.state.name() {
            StateName::Draft => self.eservice.definition().guarantees(campaign, now) == Some(false),
            StateName::Discarded => false,
            StateName::ReadyToSend
            | StateName::Claimed
            | StateName::Sent
            | StateName::Processing
            | StateName::Completed
            | StateName::Rejected => self.is_guaranteed(campaign, now) == Some(false),
        }
    }

    /// Whether completion before the parallel run is guaranteed; `None` before the first submit, and where no deadline
    /// matters. A request that was sent to the exchange has it on record. Until then, the deadline may still pass.
    pub fn is_guaranteed(&self, campaign: &Campaign, now: Timestamp) -> Option<bool> {
        let recorded = self.guaranteed?;
        let in_time = || self.eservice.definition().guarantees(campaign, now) != Some(false);
        Some(match self.state.name() {
            StateName::ReadyToSend | StateName::Claimed => recorded && in_time(),
            StateName::Draft
            | StateName::Discarded
            | StateName::Sent
            | StateName::Processing
            | StateName::Completed
            | StateName::Rejected => recorded,
        })
    }

    /// Who has it.
    pub fn held_by(&self) -> HeldBy<'_> {
        match (&self.state, self.state.holder(), self.state.name().desk()) {
            (State::Draft, ..) => HeldBy::Person(&self.maker),
            (_, Some(holder), _) => HeldBy::Person(&holder.by),
            (_, None, Some(desk)) => HeldBy::Desk(desk),
            (_, None, None) => HeldBy::Nobody,
        }
    }

    /// Whether an actor may see this request at all. For anyone else it does not exist.
    pub fn is_visible_to(&self, actor: &Actor) -> bool {
        let end = self.eservice.definition().end;
        is_visible(&self.company, end, self.state.name(), actor)
    }
}

/// Reads typed values from facts.
struct Reader<'a> {
    facts: &'a Facts,
}

impl Reader<'_> {
    fn text(&self, attribute: Attribute) -> Result<&str, Impossible> {
        match self.facts.get(&attribute) {
            Some(Fact::Text(text)) => Ok(text),
            _ => Err(Impossible(attribute)),
        }
    }

    fn participantship(&self) -> Result<Option<Participantship>, Impossible> {
        let kind = self.optional(Attribute::ParticipantKind, ParticipantshipKind::parse)?;
        let id = self.optional(Attribute::ParticipantId, ParticipantId::parse)?;
        match (kind, id) {
            (Some(kind), Some(id)) => Ok(Some(Participantship { kind, id })),
            (None, None) => Ok(None),
            (Some(_), None) | (None, Some(_)) => Err(Impossible(Attribute::ParticipantId)),
        }
    }

    fn about(&self) -> Result<Option<PersonId>, Impossible> {
        match self.facts.get(&Attribute::About) {
            None => Ok(None),
            Some(Fact::Set(people)) => {
                let person = people.first().and_then(|id| PersonId::parse(id));
                person.map(Some).ok_or(Impossible(Attribute::About))
            }
            Some(_) => Err(Impossible(Attribute::About)),
        }
    }

    fn parsed<T>(&self, attribute: Attribute, parse: impl Fn(&str) -> Option<T>) -> Result<T, Impossible> {
        parse(self.text(attribute)?).ok_or(Impossible(attribute))
    }

    fn optional<T>(
        &self,
        attribute: Attribute,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, Impossible> {
        if self.facts.contains_key(&attribute) {
            self.parsed(attribute, parse).map(Some)
        } else {
            Ok(None)
        }
    }

    fn flag(&self, attribute: Attribute) -> Result<Option<bool>, Impossible> {
        match self.facts.get(&attribute) {
            None => Ok(None),
            Some(Fact::Flag(flag)) => Ok(Some(*flag)),
            Some(_) => Err(Impossible(attribute)),
        }
    }

    fn version(&self) -> Result<u32, Impossible> {
        match self.facts.get(&Attribute::Version) {
            Some(Fact::Number(version)) if *version > 0 => Ok(*version),
            _ => Err(Impossible(Attribute::Version)),
        }
    }

    fn person(&self, id: Attribute, name: Attribute) -> Result<Person, Impossible> {
        let id = self.parsed(id, PersonId::parse)?;
        // Erasing a person removes their name and leaves their ID.
        if !self.facts.contains_key(&name) {
            return Ok(Person::erased(id));
        }
        let name = self.text(name)?.to_owned();
        Ok(Person { id, name })
    }

    fn editors(&self) -> Result<BTreeSet<PersonId>, Impossible> {
        let Some(Fact::Set(members)) = self.facts.get(&Attribute::Editors) else {
            return Err(Impossible(Attribute::Editors));
        };
        let editors = members
            .iter()
            .map(|member| PersonId::parse(member))
            .collect::<Option<BTreeSet<_>>>();
        editors
            .filter(|editors| !editors.is_empty())
            .ok_or(Impossible(Attribute::Editors))
    }

    fn checks(&self) -> Result<Checks, Impossible> {
        Ok(self
            .optional(Attribute::Checks, Checks::parse)?
            .unwrap_or_default())
    }

    fn first_check(&self) -> Result<Option<Taken>, Impossible> {
        if self.checks()? != Checks::LastOfTwo {
            return Ok(None);
        }
        Ok(Some(Taken {
            by: self.person(Attribute::FirstCheckBy, Attribute::FirstCheckByName)?,
            at: self.parsed(Attribute::FirstCheckAt, time::parse)?,
        }))
    }

    fn holder(&self) -> Result<Taken, Impossible> {
        Ok(Taken {
            by: self.person(Attribute::Holder, Attribute::HolderName)?,
            at: self.parsed(Attribute::HolderSince, time::parse)?,
        })
    }

    fn confirmed(&self) -> Result<Taken, Impossible> {
        Ok(Taken {
            by: self.person(Attribute::ConfirmedBy, Attribute::ConfirmedByName)?,
            at: self.parsed(Attribute::ConfirmedAt, time::parse)?,
        })
    }

    fn state(&self, name: StateName) -> Result<State, Impossible> {
        let first_check = self.first_check()?;
        let state = match name {
            StateName::Draft => State::Draft,
            StateName::ReadyToSend => State::ReadyToSend { first_check },
            StateName::Claimed => State::Claimed {
                first_check,
                holder: self.holder()?,
                lease_ends: self.optional(Attribute::LeaseEnds, time::parse)?,
            },
            StateName::Sent => State::Sent {
                first_check,
                confirmed: self.confirmed()?,
            },
            StateName::Processing => State::Processing {
                first_check,
                confirmed: self.confirmed()?,
                holder: self.holder()?,
                lease_ends: self.optional(Attribute::LeaseEnds, time::parse)?,
            },
            StateName::Completed => State::Completed {
                first_check,
                confirmed: self.confirmed()?,
            },
            StateName::Rejected => State::Rejected {
                first_check,
                confirmed: self.confirmed()?,
            },
            StateName::Discarded => State::Discarded,
        };
        for (attribute, belongs) in [
            (Attribute::Holder, state.holder().is_some()),
            (Attribute::ConfirmedBy, state.confirmed().is_some()),
            (Attribute::FirstCheckBy, state.first_check().is_some()),
            (Attribute::LeaseEnds, state.lease_ends().is_some()),
        ] {
            if self.facts.contains_key(&attribute) != belongs {
                return Err(Impossible(attribute));
            }
        }
        Ok(state)
    }
}
