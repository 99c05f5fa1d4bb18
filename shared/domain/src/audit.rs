//! What an audit shows: the steps on record, the attempts that were refused, and who opened what.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::actor::{Actor, Person};
use crate::eservice::EServiceId;
use crate::history::HistoryRow;
use crate::id::{CompanyId, Reference, RequestId};
use crate::spelled::{instant, text};
use crate::workflow::{Action, Refusal};

/// Why an attempt was refused, as it stays on record.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, strum::IntoStaticStr,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Reason {
    /// A right was missing.
    RightMissing,
    /// The directory no longer had the right that the person signed in with.
    RightWithdrawn,
    /// The person had edited the request.
    OwnRequest,
    /// The request was about the person.
    AboutActor,
    /// The company would have kept too few people who can manage its users.
    TooFewManagers,
    /// The person was the first of two to check it.
    CheckedFirst,
    /// The draft's maker could go on with it.
    MakerIsThere,
    /// No colleague was named, or one who could not check it.
    ColleagueCannotCheck,
    /// Only its maker may do this.
    NotItsMaker,
    /// Only the checker who confirmed it may do this.
    NotItsConfirmer,
    /// The state or the holder did not allow it.
    NotPossible,
    /// The request had changed since the person read it.
    Stale,
    /// The campaign had not opened.
    NotOpenYet,
    /// The message to the next-step user was missing.
    MessageMissing,
    /// Nobody else could check the request.
    NoOtherChecker,
    /// The token of the e-mail was spent, or of another person.
    TokenEnded,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 16] = [
        Self::RightMissing,
        Self::RightWithdrawn,
        Self::OwnRequest,
        Self::AboutActor,
        Self::TooFewManagers,
        Self::CheckedFirst,
        Self::MakerIsThere,
        Self::ColleagueCannotCheck,
        Self::NotItsMaker,
        Self::NotItsConfirmer,
        Self::NotPossible,
        Self::Stale,
        Self::NotOpenYet,
        Self::MessageMissing,
        Self::NoOtherChecker,
        Self::TokenEnded,
    ];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The reason of a refusal. `None` if the request does not exist for the actor, so that it has no place for this.
    pub fn of(refusal: &Refusal) -> Option<Self> {
        Some(match refusal {
            Refusal::NotFound => return None,
            Refusal::RightMissing(_) => Self::RightMissing,
            Refusal::RightWithdrawn(_) => Self::RightWithdrawn,
            Refusal::OwnRequest => Self::OwnRequest,
            Refusal::AboutActor => Self::AboutActor,
            Refusal::TooFewManagers => Self::TooFewManagers,
            Refusal::CheckedFirst => Self::CheckedFirst,
            Refusal::MakerIsThere => Self::MakerIsThere,
            Refusal::ColleagueMissing | Refusal::ColleagueCannotCheck => Self::ColleagueCannotCheck,
            Refusal::NotItsMaker => Self::NotItsMaker,
            Refusal::NotItsConfirmer => Self::NotItsConfirmer,
            Refusal::NoLongerPossible => Self::NotPossible,
            Refusal::Stale => Self::Stale,
            Refusal::NotOpenYet => Self::NotOpenYet,
            Refusal::MessageMissing => Self::MessageMissing,
        })
    }
}

/// A person's attempts at one step that were refused for one reason. However often they try, this is one entry, so nobody
/// can fill a request's record. It holds nothing that they typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Who tried.
    pub actor: Person,
    /// The company that they act for.
    #[serde(with = "text")]
    pub company: CompanyId,
    /// The step.
    pub action: Action,
    /// Why it was refused.
    pub reason: Reason,
    /// How often.
    pub times: u32,
    /// When it was refused first.
    #[serde(with = "instant")]
    pub first: Timestamp,
    /// When it was refused last.
    #[serde(with = "instant")]
    pub last: Timestamp,
}

/// That a person opened a version of a request. Kept only for a company that asks for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// Who opened it.
    pub actor: Person,
    /// The company that they act for.
    #[serde(with = "text")]
    pub company: CompanyId,
    /// The version.
    pub version: u32,
    /// How often.
    pub times: u32,
    /// When they opened it first.
    #[serde(with = "instant")]
    pub first: Timestamp,
    /// When they opened it last.
    #[serde(with = "instant")]
    pub last: Timestamp,
}

impl Attempt {
    /// Whether an actor may know of it: the request's company, and whoever works where the person who tried does. What a
    /// company's people could not do is not the exchange's business.
    pub fn is_visible_to(&self, actor: &Actor, owner: &CompanyId) -> bool {
        actor
            .member()
            .is_some_and(|member| member.company == *owner || member.company == self.company)
    }
}

impl View {
    /// Whether an actor may know of it: only the request's company, which asked for it.
    pub fn is_visible_to(actor: &Actor, owner: &CompanyId) -> bool {
        actor.member().is_some_and(|member| member.company == *owner)
    }
}

/// The kinds of entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Kind {
    /// A step on record.
    Step,
    /// Attempts that were refused.
    Refused,
    /// A version that someone opened.
    Viewed,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Step, Self::Refused, Self::Viewed];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Parses what [`Self::as_str`] returns.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// What an entry tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A step on record.
    Step(Box<HistoryRow>),
    /// Attempts that were refused.
    Refused(Attempt),
    /// A version that someone opened.
    Viewed(View),
}

/// An entry of the audit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The request.
    pub request: RequestId,
    /// Its eService.
    pub eservice: EServiceId,
    /// Its reference number now.
    pub reference: Option<Reference>,
    /// What happened.
    pub event: Event,
}

impl Entry {
    /// What kind it is.
    pub fn kind(&self) -> Kind {
        match &self.event {
            Event::Step(_) => Kind::Step,
            Event::Refused(_) => Kind::Refused,
            Event::Viewed(_) => Kind::Viewed,
        }
    }

    /// When it happened, or happened last.
    pub fn at(&self) -> Timestamp {
        match &self.event {
            Event::Step(row) => row.at,
            Event::Refused(attempt) => attempt.last,
            Event::Viewed(view) => view.last,
        }
    }

    /// Who did it.
    pub fn actor(&self) -> &Person {
        match &self.event {
            Event::Step(row) => &row.actor,
            Event::Refused(attempt) => &attempt.actor,
            Event::Viewed(view) => &view.actor,
        }
    }

    /// The colleague whom a step handed the request to.
    pub fn colleague(&self) -> Option<&Person> {
        match &self.event {
            Event::Step(row) => row.handed_to.as_ref(),
            Event::Refused(_) | Event::Viewed(_) => None,
        }
    }

    /// The step that was taken or tried.
    pub fn action(&self) -> Option<Action> {
        match &self.event {
            Event::Step(row) => Some(row.action),
            Event::Refused(attempt) => Some(attempt.action),
            Event::Viewed(_) => None,
        }
    }

    /// What somebody wrote to the next-step user.
    pub fn message(&self) -> Option<&str> {
        match &self.event {
            Event::Step(row) => row.message.as_deref(),
            Event::Refused(_) | Event::Viewed(_) => None,
        }
    }
}
