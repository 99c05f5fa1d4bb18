//! Which letter announces a piece of news to a recipient.

use countersign_domain::approval::Declined;
use countersign_domain::eservice::End;
use countersign_domain::history::HistoryRow;
use countersign_domain::request::{DeskKind, StateName};
use countersign_domain::workflow::{Action, Audience, Row};

use crate::news::What;

/// The kinds of letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// To checkers: a request is ready to check.
    ToCheck,
    /// To the others who can check it: the first of two checkers confirmed it.
    ToCheckAgain,
    /// To the maker: the first of two checkers confirmed it.
    CheckedOnce,
    /// To the first of two checkers: it was confirmed by e-mail in their name.
    FirstCheckReceipt,
    /// To checkers: a request that ends at the company is ready to check.
    ToCheckHere,
    /// To the maker: it was confirmed, and so completed at the company.
    Done,
    /// To the person whom it is about: it was completed at the company.
    AboutYou,
    /// To the other checkers: a colleague confirmed it, and so completed it at the company.
    DoneByColleague,
    /// To checkers: its maker took it back.
    Withdrawn,
    /// To the holder: the claim ends soon.
    ClaimEndsSoon,
    /// To the last holder: the claim ended.
    ClaimEnded,
    /// To the colleague to whom the holder handed it.
    HandedOver,
    /// To those on whose desk it is again, since its holder is away or has left.
    BackOnTheDesk,
    /// To the officer who holds it: the claim ends soon.
    OfficersClaimEndsSoon,
    /// To the officer who held it: the claim ended.
    OfficersClaimEnded,
    /// To the officer who held it: another officer took it over.
    TakenOver,
    /// To the maker: a checker returned it.
    ReturnedByChecker,
    /// To the maker: a checker returned it by e-mail.
    ReturnedByMail,
    /// To the checker: it was returned by e-mail in their name.
    ReturnReceipt,
    /// To the other checkers: a colleague returned it.
    ReturnedByColleague,
    /// To the maker's colleagues: it was returned, and the maker has left.
    ReturnedWithoutItsMaker,
    /// To the maker: an officer returned it.
    ReturnedByExchange,
    /// To the checker who had confirmed it: an officer returned it to its maker.
    ReturnedToItsMaker,
    /// To the maker: it was confirmed.
    Sent,
    /// To the other checkers: a colleague confirmed it.
    ConfirmedByColleague,
    /// To the maker: it was confirmed by e-mail.
    SentByMail,
    /// To officers: it is on their desk.
    OnTheDesk,
    /// To the checker: it was confirmed by e-mail in their name.
    Receipt,
    /// To officers: the checker who confirmed it took it back.
    OffTheDesk,
    /// To the maker: it is completed.
    Completed,
    /// To the checker who confirmed it: it is completed.
    CompletedAsConfirmed,
    /// To contact persons: it is completed.
    CompletedForContact,
    /// To a Delegated Administrator: their address is registered.
    Registered,
    /// To the maker: it is rejected.
    Rejected,
    /// To the checker who confirmed it: it is rejected.
    RejectedAsConfirmed,
    /// To the maker: no checker could be reached by e-mail.
    CheckersUnreachable,
    /// To the maker, or the colleagues in the maker's place, and to the checker: mail to an address that was registered
    /// comes back.
    AddressBounced,
    /// To the checker: their reply did nothing.
    Declined(Declined),
}

impl Kind {
    /// Every kind of letter.
    #[cfg(test)]
    pub(super) fn all() -> impl Iterator<Item = Self> {
        Self::OF_STEPS
            .into_iter()
            .chain(Declined::ALL.map(Self::Declined))
    }

    #[cfg(test)]
    const OF_STEPS: [Self; 37] = [
        Self::ToCheck,
        Self::ToCheckAgain,
        Self::CheckedOnce,
        Self::FirstCheckReceipt,
        Self::ToCheckHere,
        Self::Done,
        Self::AboutYou,
        Self::DoneByColleague,
        Self::Withdrawn,
        Self::ClaimEndsSoon,
        Self::ClaimEnded,
        Self::HandedOver,
        Self::BackOnTheDesk,
        Self::OfficersClaimEndsSoon,
        Self::OfficersClaimEnded,
        Self::TakenOver,
        Self::ReturnedByChecker,
        Self::ReturnedByMail,
        Self::ReturnReceipt,
        Self::ReturnedByColleague,
        Self::ReturnedWithoutItsMaker,
        Self::ReturnedByExchange,
        Self::ReturnedToItsMaker,
        Self::Sent,
        Self::ConfirmedByColleague,
        Self::SentByMail,
        Self::OnTheDesk,
        Self::Receipt,
        Self::OffTheDesk,
        Self::Completed,
        Self::CompletedAsConfirmed,
        Self::CompletedForContact,
        Self::Registered,
        Self::Rejected,
        Self::RejectedAsConfirmed,
        Self::CheckersUnreachable,
        Self::AddressBounced,
    ];

    /// The letter for an audience; `None` if the workflow does not tell this audience.
    pub(super) fn of(what: What, step: &HistoryRow, audience: Audience) -> Option<Self> {
        match what {
            What::Step => {
                let tells = Row::taken(step)?.tell.contains(&audience);
                Self::of_step(step, audience).filter(|_| tells)
            }
            What::CheckersUnreachable => match audience {
                Audience::Maker => Some(Self::CheckersUnreachable),
                Audience::Checkers
                | Audience::OtherCheckers
                | Audience::Colleagues
                | Audience::Checker
                | Audience::Holder
                | Audience::LastHolder
                | Audience::Officer
                | Audience::LastOfficer
                | Audience::ExchangeDesk
                | Audience::ContactPersons
                | Audience::NewAddresses
                | Audience::PersonConcerned => None,
            },
            What::AddressBounced => match audience {
                Audience::Maker | Audience::Colleagues | Audience::Checker => Some(Self::AddressBounced),
                Audience::Checkers
                | Audience::OtherCheckers
                | Audience::Holder
                | Audience::LastHolder
                | Audience::Officer
                | Audience::LastOfficer
                | Audience::ExchangeDesk
                | Audience::ContactPersons
                | Audience::NewAddresses
                | Audience::PersonConcerned => None,
            },
            What::ClaimEndsSoon(_) => Self::of_an_end(audience),
            What::Declined(why) => (audience == Audience::Checker).then_some(Self::Declined(why)),
        }
    }

    fn of_step(step: &HistoryRow, audience: Audience) -> Option<Self> {
        use Audience as To;
        let ends_here = step.eservice.definition().end == End::AtTheCompany;
        match step.action {
            Action::Save | Action::Clone | Action::Discard | Action::Claim => None,
            Action::HandOver => (audience == To::Holder).then_some(Self::HandedOver),
            Action::TakeOver => (audience == To::LastOfficer).then_some(Self::TakenOver),
            Action::ReleaseForAbsence => {
                matches!(audience, To::Checkers | To::ExchangeDesk).then_some(Self::BackOnTheDesk)
            }
            Action::Submit => Self::of_submission(audience, ends_here),
            Action::Reclaim => Self::of_reclaim(audience),
            Action::Release => Self::of_release(audience),
            Action::Return => Self::of_return(step, audience),
            Action::ReturnByMail => Self::of_return_by_mail(audience),
            Action::Confirm | Action::ConfirmByMail if step.to == StateName::ReadyToSend => {
                Self::of_first_check(audience)
            }
            Action::Confirm if ends_here => Self::of_completion_here(audience),
            Action::Confirm | Action::ConfirmByMail => Self::of_confirmation(step.action, audience),
            Action::Complete => match audience {
                To::Maker => Some(Self::Completed),
                To::Checker => Some(Self::CompletedAsConfirmed),
                To::ContactPersons => Some(Self::CompletedForContact),
                To::NewAddresses => Some(Self::Registered),
                To::Checkers
                | To::OtherCheckers
                | To::Colleagues
                | To::Holder
                | To::LastHolder
                | To::Officer
                | To::LastOfficer
                | To::ExchangeDesk
                | To::PersonConcerned => None,
            },
            Action::Reject => match audience {
                To::Maker => Some(Self::Rejected),
                To::Checker => Some(Self::RejectedAsConfirmed),
                To::Checkers
                | To::OtherCheckers
                | To::Colleagues
                | To::Holder
                | To::LastHolder
                | To::Officer
                | To::LastOfficer
                | To::ExchangeDesk
                | To::ContactPersons
                | To::NewAddresses
                | To::PersonConcerned => None,
            },
        }
    }

    fn of_submission(audience: Audience, ends_here: bool) -> Option<Self> {
        use Audience as To;
        match audience {
            To::Checkers if ends_here => Some(Self::ToCheckHere),
            To::Checkers => Some(Self::ToCheck),
            To::OtherCheckers
            | To::Maker
            | To::Colleagues
            | To::Checker
            | To::Holder
            | To::LastHolder
            | To::Officer
            | To::LastOfficer
            | To::ExchangeDesk
            | To::ContactPersons
            | To::NewAddresses
            | To::PersonConcerned => None,
        }
    }

    fn of_reclaim(audience: Audience) -> Option<Self> {
        use Audience as To;
        match audience {
            To::Checkers => Some(Self::Withdrawn),
            To::ExchangeDesk => Some(Self::OffTheDesk),
            To::OtherCheckers
            | To::Maker
            | To::Colleagues
            | To::Checker
            | To::Holder
            | To::LastHolder
            | To::Officer
            | To::LastOfficer
            | To::ContactPersons
            | To::NewAddresses
            | To::PersonConcerned => None,
        }
    }

    fn of_release(audience: Audience) -> Option<Self> {
        use Audience as To;
        match audience {
            To::LastHolder => Some(Self::ClaimEnded),
            To::LastOfficer => Some(Self::OfficersClaimEnded),
            To::Checkers
            | To::OtherCheckers
            | To::Maker
            | To::Colleagues
            | To::Checker
            | To::Holder
            | To::Officer
            | To::ExchangeDesk
            | To::ContactPersons
            | To::NewAddresses
            | To::PersonConcerned => None,
        }
    }

    fn of_an_end(holder: Audience) -> Option<Self> {
        match holder {
            Audience::Holder => Some(Self::ClaimEndsSoon),
            Audience::Officer => Some(Self::OfficersClaimEndsSoon),
            Audience::Checkers
            | Audience::OtherCheckers
            | Audience::Maker
            | Audience::Colleagues
            | Audience::Checker
            | Audience::LastHolder
            | Audience::LastOfficer
            | Audience::ExchangeDesk
            | Audience::ContactPersons
            | Audience::NewAddresses
            | Audience::PersonConcerned => None,
        }
    }

    /// The desk that a request was on shows who returned it.
    fn of_return(step: &HistoryRow, audience: Audience) -> Option<Self> {
        let desk = step.from.and_then(StateName::desk)?;
        match (desk, audience) {
            (DeskKind::Checkers, Audience::Maker) => Some(Self::ReturnedByChecker),
            (DeskKind::Exchange, Audience::Maker) => Some(Self::ReturnedByExchange),
            (DeskKind::Exchange, Audience::Checker) => Some(Self::ReturnedToItsMaker),
            (DeskKind::Checkers, Audience::OtherCheckers) => Some(Self::ReturnedByColleague),
            (_, Audience::Colleagues) => Some(Self::ReturnedWithoutItsMaker),
            (DeskKind::Checkers, Audience::Checker)
            | (DeskKind::Exchange, Audience::OtherCheckers)
            | (
                DeskKind::Checkers | DeskKind::Exchange,
                Audience::Checkers
                | Audience::Holder
                | Audience::LastHolder
                | Audience::Officer
                | Audience::LastOfficer
                | Audience::ExchangeDesk
                | Audience::ContactPersons
                | Audience::NewAddresses
                | Audience::PersonConcerned,
            ) => None,
        }
    }

    fn of_return_by_mail(audience: Audience) -> Option<Self> {
        match audience {
            Audience::Maker => Some(Self::ReturnedByMail),
            Audience::Checker => Some(Self::ReturnReceipt),
            Audience::OtherCheckers => Some(Self::ReturnedByColleague),
            Audience::Colleagues => Some(Self::ReturnedWithoutItsMaker),
            Audience::Checkers
            | Audience::Holder
            | Audience::LastHolder
            | Audience::Officer
            | Audience::LastOfficer
            | Audience::ExchangeDesk
            | Audience::ContactPersons
            | Audience::NewAddresses
            | Audience::PersonConcerned => None,
        }
    }

    /// The confirmation of a request that ends at the company completes it.
    fn of_completion_here(audience: Audience) -> Option<Self> {
        match audience {
            Audience::Maker => Some(Self::Done),
            Audience::PersonConcerned => Some(Self::AboutYou),
            Audience::OtherCheckers => Some(Self::DoneByColleague),
            Audience::Checkers
            | Audience::Colleagues
            | Audience::Checker
            | Audience::Holder
            | Audience::LastHolder
            | Audience::Officer
            | Audience::LastOfficer
            | Audience::ExchangeDesk
            | Audience::ContactPersons
            | Audience::NewAddresses => None,
        }
    }

    fn of_first_check(audience: Audience) -> Option<Self> {
        match audience {
            Audience::Maker => Some(Self::CheckedOnce),
            Audience::Checker => Some(Self::FirstCheckReceipt),
            Audience::Checkers => Some(Self::ToCheckAgain),
            Audience::OtherCheckers
            | Audience::Colleagues
            | Audience::LastHolder
            | Audience::ExchangeDesk
            | Audience::ContactPersons
            | Audience::NewAddresses
            | Audience::PersonConcerned
            | Audience::Holder
            | Audience::Officer
            | Audience::LastOfficer => None,
        }
    }

    fn of_confirmation(action: Action, audience: Audience) -> Option<Self> {
        let by_mail = action == Action::ConfirmByMail;
        match audience {
            Audience::Maker if by_mail => Some(Self::SentByMail),
            Audience::Maker => Some(Self::Sent),
            Audience::ExchangeDesk => Some(Self::OnTheDesk),
            Audience::Checker => by_mail.then_some(Self::Receipt),
            Audience::OtherCheckers => Some(Self::ConfirmedByColleague),
            Audience::Checkers
            | Audience::Colleagues
            | Audience::Holder
            | Audience::LastHolder
            | Audience::Officer
            | Audience::LastOfficer
            | Audience::ContactPersons
            | Audience::NewAddresses
            | Audience::PersonConcerned => None,
        }
    }
}
