//! The tests for each party and guard: what must be true of the stored head.

use jiff::Timestamp;

use super::{Guard, Party, Refusal, Row};
use crate::actor::{Actor, Member, Right};
use crate::campaign::Campaign;
use crate::eservice::{EServiceId, End};
use crate::fact::{Attribute, Fact, Facts, Test};
use crate::receipt::Receipt;
use crate::request::Checks;
use crate::time;

/// A test on the head, and what a failure means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What must be true.
    pub test: Test,
    /// Why the step is refused if it is not.
    pub otherwise: Refusal,
}

impl Check {
    fn new(test: Test, otherwise: Refusal) -> Self {
        Self { test, otherwise }
    }
}

impl Party {
    /// Returns what must be true for an actor to be this party, most telling reason first. Fails without reading the
    /// request if the actor lacks the right.
    pub(super) fn checks(self, actor: &Actor) -> Result<Vec<Check>, Refusal> {
        let is = |attribute, member: &Member| Test::Is(attribute, member.person.id.as_str().into());
        let never_edited = || {
            Check::new(
                Test::Lacks(Attribute::Editors, actor.id().to_owned()),
                Refusal::OwnRequest,
            )
        };
        let not_checked_first = || {
            Check::new(
                Test::IsNot(Attribute::FirstCheckBy, actor.id().into()),
                Refusal::CheckedFirst,
            )
        };
        match self {
            Self::Colleague => Ok(may(actor, Member::may_make)?.1.into()),
            Self::ItsMaker => {
                let (member, may) = may(actor, Member::may_make)?;
                let maker = Check::new(is(Attribute::Maker, member), Refusal::NotItsMaker);
                Ok(may.into_iter().chain([maker]).collect())
            }
            Self::Checker => {
                let (_, may) = may(actor, Member::may_check)?;
                let others = [never_edited(), not_checked_first()];
                Ok(may.into_iter().chain(others).collect())
            }
            Self::Manager => {
                let manages = actor.member().is_some_and(Member::may_manage_users);
                let missing = (!manages).then_some(Refusal::RightMissing(Right::ManageUsers));
                let (member, may) =
                    may(actor, Member::may_take_over).map_err(|refusal| missing.unwrap_or(refusal))?;
                let another = Test::IsNot(Attribute::Maker, member.person.id.as_str().into());
                let another = Check::new(another, Refusal::NoLongerPossible);
                Ok(may.into_iter().chain([another]).collect())
            }
            // Checks again that it is another pair of eyes: it costs nothing, and no future path to `Claimed` can get
            // round it.
            Self::Holder => {
                let (member, may) = may(actor, Member::may_check)?;
                let holder = Check::new(is(Attribute::Holder, member), Refusal::NoLongerPossible);
                let others = [never_edited(), not_checked_first(), holder];
                Ok(may.into_iter().chain(others).collect())
            }
            Self::Confirmer => {
                let (member, may) = may(actor, Member::may_check)?;
                let confirmer = Check::new(is(Attribute::ConfirmedBy, member), Refusal::NotItsConfirmer);
                Ok(may.into_iter().chain([confirmer]).collect())
            }
            Self::Officer => officer(actor).map(|_| vec![]),
            Self::OtherOfficer => {
                let another = Test::IsNot(Attribute::Holder, officer(actor)?.person.id.as_str().into());
                Ok(vec![Check::new(another, Refusal::NoLongerPossible)])
            }
            Self::HoldingOfficer => {
                let holder = Check::new(is(Attribute::Holder, officer(actor)?), Refusal::NoLongerPossible);
                Ok(vec![holder])
            }
            Self::Clock => match actor {
                Actor::Clock => Ok(vec![]),
                Actor::Member(_) => Err(Refusal::NoLongerPossible),
            },
        }
    }
}

/// Returns the tests that a request is of an eService in which the actor may do this, and of their company. Fails if
/// there is no such eService.
fn may(actor: &Actor, may: fn(&Member, EServiceId) -> bool) -> Result<(&Member, [Check; 2]), Refusal> {
    let allowed = |id: &EServiceId| actor.member().is_some_and(|member| may(member, *id));
    let (allowed, other): (Vec<_>, Vec<_>) = EServiceId::ALL.into_iter().partition(allowed);
    let missing = other
        .first()
        .map_or(Right::UserMaintenance, |id| id.definition().right);
    let member = actor.member().filter(|_| !allowed.is_empty());
    let member = member.ok_or(Refusal::RightMissing(missing))?;
    let codes = allowed.into_iter().map(|id| id.code().to_owned()).collect();
    let of_eservice = Check::new(
        Test::OneOf(Attribute::EService, codes),
        Refusal::RightMissing(missing),
    );
    Ok((member, [of_eservice, of_company(member)]))
}

fn officer(actor: &Actor) -> Result<&Member, Refusal> {
    let member = actor.member();
    // What a company's person lacks is a right that would count there.
    let missing = match member {
        Some(member) if !Right::Operations.counts_at(&member.company) => Right::UserMaintenance,
        Some(_) | None => Right::Operations,
    };
    let member = member.filter(|member| member.is_officer());
    member.ok_or(Refusal::RightMissing(missing))
}

fn of_company(member: &Member) -> Check {
    Check::new(
        Test::Is(Attribute::Company, member.company.as_str().into()),
        Refusal::NotFound,
    )
}

impl Guard {
    /// Returns what must be true of the head. A guard on anything else has no test here: `execute` checks it on what it
    /// reads, or with a condition on another item.
    fn check(self, actor: &Actor, now: Timestamp) -> Option<Check> {
        let ends = |end| {
            let test = Test::OneOf(Attribute::EService, EServiceId::ending(end));
            Some(Check::new(test, Refusal::NoLongerPossible))
        };
        match self {
            Self::GoesToTheExchange => ends(End::AtTheExchange),
            Self::EndsAtTheCompany => ends(End::AtTheCompany),
            Self::NotAboutSelf => Some(Check::new(
                Test::Lacks(Attribute::About, actor.id().to_owned()),
                Refusal::AboutActor,
            )),
            Self::Unclaimed => Some(Check::new(
                Test::Absent(Attribute::Holder),
                Refusal::NoLongerPossible,
            )),
            Self::FirstOfTwoChecks => Some(Check::new(
                Test::Is(Attribute::Checks, Checks::FirstOfTwo.as_str().into()),
                Refusal::NoLongerPossible,
            )),
            Self::LastCheck => Some(Check::new(
                Test::IsNot(Attribute::Checks, Checks::FirstOfTwo.as_str().into()),
                Refusal::NoLongerPossible,
            )),
            Self::LeaseEnded => Some(Check::new(
                Test::NotAfter(Attribute::LeaseEnds, time::stored(now)),
                Refusal::NoLongerPossible,
            )),
            Self::ClaimedParticipantship
            | Self::OwnParticipantship
            | Self::CampaignOpen
            | Self::FormComplete
            | Self::AnotherChecker
            | Self::RegisterAgrees
            | Self::UserIdsFree
            | Self::MessageGiven
            | Self::MailToken
            | Self::Entitled
            | Self::MakerGone
            | Self::HolderGone
            | Self::ColleagueCanCheck
            | Self::EntitledToManage
            | Self::DirectoryAgrees
            | Self::TwoManagersStay => None,
        }
    }

    /// Whether the guard holds as far as a receipt tells. The transaction tests what the receipt says.
    fn is_met_by(self, receipt: &Receipt) -> bool {
        match self {
            Self::FirstOfTwoChecks => receipt.checks == Checks::FirstOfTwo,
            Self::LastCheck => receipt.checks != Checks::FirstOfTwo,
            Self::ClaimedParticipantship
            | Self::OwnParticipantship
            | Self::CampaignOpen
            | Self::FormComplete
            | Self::AnotherChecker
            | Self::RegisterAgrees
            | Self::UserIdsFree
            | Self::Unclaimed
            | Self::MessageGiven
            | Self::LeaseEnded
            | Self::MailToken
            | Self::Entitled
            | Self::EntitledToManage
            | Self::GoesToTheExchange
            | Self::EndsAtTheCompany
            | Self::NotAboutSelf
            | Self::DirectoryAgrees
            | Self::TwoManagersStay
            | Self::MakerGone
            | Self::HolderGone
            | Self::ColleagueCanCheck => true,
        }
    }

    /// Whether a page, or the API's `allowedActions`, offers a step with this guard, as far as the head and the dates
    /// tell. Whether the maker is gone and whether a colleague can check, they don't: who has read that in the directory
    /// offers the step.
    pub(super) fn is_offered(self, facts: &Facts, campaign: &Campaign, now: Timestamp) -> bool {
        match self {
            Self::CampaignOpen => {
                let eservice = match facts.get(&Attribute::EService) {
                    Some(Fact::Text(code)) => EServiceId::parse(code),
                    Some(Fact::Number(_) | Fact::Flag(_) | Fact::Set(_)) | None => None,
                };
                eservice.is_some_and(|id| id.definition().is_open(campaign, now))
            }
            Self::FormComplete => facts.get(&Attribute::Complete) != Some(&Fact::Flag(false)),
            Self::MailToken | Self::MakerGone | Self::ColleagueCanCheck => false,
            Self::ClaimedParticipantship
            | Self::OwnParticipantship
            | Self::AnotherChecker
            | Self::RegisterAgrees
            | Self::UserIdsFree
            | Self::FirstOfTwoChecks
            | Self::LastCheck
            | Self::Unclaimed
            | Self::MessageGiven
            | Self::LeaseEnded
            | Self::Entitled
            | Self::HolderGone
            | Self::EntitledToManage
            | Self::GoesToTheExchange
            | Self::EndsAtTheCompany
            | Self::NotAboutSelf
            | Self::DirectoryAgrees
            | Self::TwoManagersStay => true,
        }
    }
}

impl Row {
    /// Whether the row may apply to a request of which the actor holds this receipt.
    pub fn may_follow(&self, receipt: &Receipt) -> bool {
        self.is_for(receipt.eservice) && self.guards.iter().all(|guard| guard.is_met_by(receipt))
    }

    /// Returns everything that must be true of the head, besides the state and the version, for an actor to take this
    /// row.
    pub(super) fn checks(&self, actor: &Actor, now: Timestamp) -> Result<Vec<Check>, Refusal> {
        let mut checks = self.who.checks(actor)?;
        checks.extend(self.guards.iter().filter_map(|guard| guard.check(actor, now)));
        Ok(checks)
    }
}
