//! Which letter announces a piece of news to a recipient.

use countersign_domain::approval::Declined;
use countersign_domain::eservice::End;
use countersign_domain::history::HistoryRow;
use countersign_domain::request::{DeskKind, StateName};
use countersign_domain::workflow::{Action, Audience, Audience as To, Row};

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

/// Which letter each audience gets.
type Letters = &'static [(Audience, Kind)];

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
        let letters: Letters = match what {
            What::Step => {
                Row::taken(step).filter(|row| row.tell.contains(&audience))?;
                Self::of_step(step)
            }
            What::CheckersUnreachable => &[(To::Maker, Self::CheckersUnreachable)],
            What::AddressBounced => &[
                (To::Maker, Self::AddressBounced),
                (To::Colleagues, Self::AddressBounced),
                (To::Checker, Self::AddressBounced),
            ],
            What::ClaimEndsSoon(_) => &[
                (To::Holder, Self::ClaimEndsSoon),
                (To::Officer, Self::OfficersClaimEndsSoon),
            ],
            What::Declined(why) => return (audience == To::Checker).then_some(Self::Declined(why)),
        };
        let letter = letters.iter().find(|(to, _)| *to == audience);
        letter.map(|(_, kind)| *kind)
    }

    /// The letters that announce a step.
    fn of_step(step: &HistoryRow) -> Letters {
        let ends_here = step.eservice.definition().end == End::AtTheCompany;
        match step.action {
            Action::Save | Action::Clone | Action::Discard | Action::Claim => &[],
            Action::HandOver => &[(To::Holder, Self::HandedOver)],
            Action::TakeOver => &[(To::LastOfficer, Self::TakenOver)],
            Action::ReleaseForAbsence => &[
                (To::Checkers, Self::BackOnTheDesk),
                (To::ExchangeDesk, Self::BackOnTheDesk),
            ],
            Action::Submit if ends_here => &[(To::Checkers, Self::ToCheckHere)],
            Action::Submit => &[(To::Checkers, Self::ToCheck)],
            Action::Reclaim => &[
                (To::Checkers, Self::Withdrawn),
                (To::ExchangeDesk, Self::OffTheDesk),
            ],
            Action::Release => &[
                (To::LastHolder, Self::ClaimEnded),
                (To::LastOfficer, Self::OfficersClaimEnded),
            ],
            Action::Return => Self::of_return(step),
            Action::ReturnByMail => &[
                (To::Maker, Self::ReturnedByMail),
                (To::Checker, Self::ReturnReceipt),
                (To::OtherCheckers, Self::ReturnedByColleague),
                (To::Colleagues, Self::ReturnedWithoutItsMaker),
            ],
            Action::Confirm | Action::ConfirmByMail if step.to == StateName::ReadyToSend => &[
                (To::Maker, Self::CheckedOnce),
                (To::Checker, Self::FirstCheckReceipt),
                (To::Checkers, Self::ToCheckAgain),
            ],
            // The confirmation of a request that ends at the company completes it.
            Action::Confirm if ends_here => &[
                (To::Maker, Self::Done),
                (To::PersonConcerned, Self::AboutYou),
                (To::OtherCheckers, Self::DoneByColleague),
            ],
            Action::Confirm => &[
                (To::Maker, Self::Sent),
                (To::ExchangeDesk, Self::OnTheDesk),
                (To::OtherCheckers, Self::ConfirmedByColleague),
            ],
            Action::ConfirmByMail => &[
                (To::Maker, Self::SentByMail),
                (To::ExchangeDesk, Self::OnTheDesk),
                (To::Checker, Self::Receipt),
                (To::OtherCheckers, Self::ConfirmedByColleague),
            ],
            Action::Complete => &[
                (To::Maker, Self::Completed),
                (To::Checker, Self::CompletedAsConfirmed),
                (To::ContactPersons, Self::CompletedForContact),
                (To::NewAddresses, Self::Registered),
            ],
            Action::Reject => &[
                (To::Maker, Self::Rejected),
                (To::Checker, Self::RejectedAsConfirmed),
            ],
        }
    }

    /// The desk that a request was on shows who returned it.
    fn of_return(step: &HistoryRow) -> Letters {
        match step.from.and_then(StateName::desk) {
            Some(DeskKind::Checkers) => &[
                (To::Maker, Self::ReturnedByChecker),
                (To::OtherCheckers, Self::ReturnedByColleague),
                (To::Colleagues, Self::ReturnedWithoutItsMaker),
            ],
            Some(DeskKind::Exchange) => &[
                (To::Maker, Self::ReturnedByExchange),
                (To::Checker, Self::ReturnedToItsMaker),
                (To::Colleagues, Self::ReturnedWithoutItsMaker),
            ],
            None => &[],
        }
    }
}
