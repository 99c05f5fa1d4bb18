//! Which letter announces a piece of news to a recipient.

use countersign_domain::approval::Declined;
use countersign_domain::history::HistoryRow;
use countersign_domain::request::{DeskKind, StateName};
use countersign_domain::workflow::{Action, Audience, Row};

use crate::news::What;

/// The kinds of letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// To checkers: a request is ready to check.
    ToCheck,
    /// To checkers: its maker took it back.
    Withdrawn,
    /// To the holder: the claim ends soon.
    ClaimEndsSoon,
    /// To the last holder: the claim ended.
    ClaimEnded,
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
    const OF_STEPS: [Self; 25] = [
        Self::ToCheck,
        Self::Withdrawn,
        Self::ClaimEndsSoon,
        Self::ClaimEnded,
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
                | Audience::LastHolder
                | Audience::ExchangeDesk
                | Audience::ContactPersons
                | Audience::NewAddresses => None,
            },
            What::AddressBounced => match audience {
                Audience::Maker | Audience::Colleagues | Audience::Checker => Some(Self::AddressBounced),
                Audience::Checkers
                | Audience::OtherCheckers
                | Audience::LastHolder
                | Audience::ExchangeDesk
                | Audience::ContactPersons
                | Audience::NewAddresses => None,
            },
            What::ClaimEndsSoon(_) => (audience == Audience::LastHolder).then_some(Self::ClaimEndsSoon),
            What::Declined(why) => (audience == Audience::Checker).then_some(Self::Declined(why)),
        }
    }

    fn of_step(step: &HistoryRow, audience: Audience) -> Option<Self> {
        use Audience as To;
        match step.action {
            Action::Save | Action::Clone | Action::Discard | Action::Claim => None,
            Action::Submit => match audience {
                To::Checkers => Some(Self::ToCheck),
                To::OtherCheckers
                | To::Maker
                | To::Colleagues
                | To::Checker
                | To::LastHolder
                | To::ExchangeDesk
                | To::ContactPersons
                | To::NewAddresses => None,
            },
            Action::Reclaim => match audience {
                To::Checkers => Some(Self::Withdrawn),
                To::ExchangeDesk => Some(Self::OffTheDesk),
                To::OtherCheckers
                | To::Maker
                | To::Colleagues
                | To::Checker
                | To::LastHolder
                | To::ContactPersons
                | To::NewAddresses => None,
            },
            Action::Release => match audience {
                To::LastHolder => Some(Self::ClaimEnded),
                To::Checkers
                | To::OtherCheckers
                | To::Maker
                | To::Colleagues
                | To::Checker
                | To::ExchangeDesk
                | To::ContactPersons
                | To::NewAddresses => None,
            },
            Action::Return => Self::of_return(step, audience),
            Action::ReturnByMail => Self::of_return_by_mail(audience),
            Action::Confirm | Action::ConfirmByMail => Self::of_confirmation(step.action, audience),
            Action::Complete => match audience {
                To::Maker => Some(Self::Completed),
                To::Checker => Some(Self::CompletedAsConfirmed),
                To::ContactPersons => Some(Self::CompletedForContact),
                To::NewAddresses => Some(Self::Registered),
                To::Checkers | To::OtherCheckers | To::Colleagues | To::LastHolder | To::ExchangeDesk => None,
            },
            Action::Reject => match audience {
                To::Maker => Some(Self::Rejected),
                To::Checker => Some(Self::RejectedAsConfirmed),
                To::Checkers
                | To::OtherCheckers
                | To::Colleagues
                | To::LastHolder
                | To::ExchangeDesk
                | To::ContactPersons
                | To::NewAddresses => None,
            },
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
                | Audience::LastHolder
                | Audience::ExchangeDesk
                | Audience::ContactPersons
                | Audience::NewAddresses,
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
            | Audience::LastHolder
            | Audience::ExchangeDesk
            | Audience::ContactPersons
            | Audience::NewAddresses => None,
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
            | Audience::LastHolder
            | Audience::ContactPersons
            | Audience::NewAddresses => None,
        }
    }
}
