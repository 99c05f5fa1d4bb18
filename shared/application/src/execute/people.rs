//! The guards on people other than the actor: their entries in the directory are conditions of the transaction.

use countersign_domain::request::Head;
use countersign_domain::time;
use countersign_domain::workflow::{Guard, Refusal};
use countersign_platform::store::directory::DirectoryPerson;
use countersign_platform::store::item::StoredHead;
use countersign_platform::store::transaction::{Part, Refused, Transaction};

use super::prepare::Prepared;
use super::{Execution, Rejection};

impl Execution<'_> {
    /// Tests that the command names somebody else who is there and could check the request.
    pub(super) fn hold_colleague(&self, prepared: &Prepared) -> Result<(), Rejection> {
        let Some(named) = self.command.payload.colleague() else {
            return Err(self.refused(Refusal::ColleagueMissing, None));
        };
        let can = |colleague: &DirectoryPerson, head: &Head| {
            named.as_str() != self.command.actor.id()
                && !colleague.is_away(self.now)
                && head.could_be_checked_by(&colleague.id, &colleague.rights)
        };
        match (&prepared.colleague, &prepared.head) {
            (Some(colleague), Some(stored)) if can(colleague, &stored.head) => Ok(()),
            _ => Err(self.refused(Refusal::ColleagueCannotCheck, None)),
        }
    }

    /// Adds the condition of a guard on a person's entry in the directory.
    pub(super) fn stage_guard(&self, transaction: &mut Transaction<'_>, guard: Guard, prepared: &Prepared) {
        let (Some(StoredHead { head, .. }), today) = (&prepared.head, time::day_of(self.now)) else {
            return;
        };
        match guard {
            Guard::MakerGone => {
                let rights = head.eservice.makers_rights();
                transaction.hold_gone(Part::Maker, &head.company, &head.maker.id, &rights, (None, today));
            }
            Guard::HolderGone => {
                if let Some((holder, company, right)) = head.holder_by_right() {
                    // Who claims while away, works all the same.
                    let since = Some(time::day_of(holder.at));
                    transaction.hold_gone(Part::Holder, &company, &holder.by.id, &[right], (since, today));
                }
            }
            Guard::ColleagueCanCheck => {
                if let Some(colleague) = &prepared.colleague {
                    let right = head.eservice.checkers_right();
                    transaction.hold_there(Part::Colleague, &head.company, &colleague.id, right, today);
                }
            }
            Guard::ClaimedParticipantship
            | Guard::OwnParticipantship
            | Guard::CampaignOpen
            | Guard::FormComplete
            | Guard::AnotherChecker
            | Guard::RegisterAgrees
            | Guard::UserIdsFree
            | Guard::Unclaimed
            | Guard::MessageGiven
            | Guard::LeaseEnded
            | Guard::MailToken
            | Guard::Entitled
            | Guard::EntitledToManage
            | Guard::GoesToTheExchange
            | Guard::EndsAtTheCompany
            | Guard::NotAboutSelf
            | Guard::DirectoryAgrees
            | Guard::TwoManagersStay
            | Guard::FirstOfTwoChecks
            | Guard::LastCheck => {}
        }
    }

    /// Returns why a condition on somebody's entry refuses the step, if one does.
    pub(super) fn refused_by_people(&self, refused: &Refused) -> Option<Rejection> {
        let reasons = [
            (Part::Maker, Refusal::MakerIsThere),
            (Part::Holder, Refusal::NoLongerPossible),
            (Part::Colleague, Refusal::ColleagueCannotCheck),
        ];
        let found = reasons.into_iter().find(|(part, _)| refused.has(*part));
        found.map(|(_, refusal)| self.refused(refusal, None))
    }
}
