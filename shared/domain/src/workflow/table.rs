//! The table itself.

use super::{Action, Audience, From, Guard, Party, Row, Write};
use crate::request::{DeskKind, StateName};

/// Every step. A maker and a checker are always different people: each row that checks requires a [`Party::Checker`] or
/// [`Party::Holder`], and their tests exclude everyone who has edited the request and the first of two checkers. Who takes a
/// draft over counts as one of its editors, and so does the maker before.
///
/// Several rows may have the same state, action and party. The first one whose guards all hold applies.
pub static TABLE: [Row; 30] = {
    use Audience as Tell;
    use DeskKind::{Checkers, Exchange};
    use Guard as Need;
    use StateName as To;
    use Write as Do;
    [
        Row {
            from: From::Nothing,
            action: Action::Save,
            who: Party::Colleague,
            guards: &[
                Need::CampaignOpen,
                Need::ClaimedParticipantship,
                Need::EntitledToManage,
            ],
            to: To::Draft,
            writes: &[Do::KeepForm],
            tell: &[],
        },
        Row {
            from: From::Any,
            action: Action::Clone,
            who: Party::Colleague,
            guards: &[
                Need::CampaignOpen,
                Need::ClaimedParticipantship,
                Need::EntitledToManage,
            ],
            to: To::Draft,
            writes: &[Do::KeepForm, Do::InheritEditors],
            tell: &[],
        },
        Row {
            from: From::State(To::Draft),
            action: Action::Save,
            who: Party::ItsMaker,
            guards: &[
                Need::CampaignOpen,
                Need::ClaimedParticipantship,
                Need::EntitledToManage,
            ],
            to: To::Draft,
            writes: &[Do::KeepForm],
            tell: &[],
        },
        Row {
            from: From::State(To::Draft),
            action: Action::TakeOver,
            who: Party::Manager,
            guards: &[Need::Entitled, Need::MakerGone],
            to: To::Draft,
            writes: &[Do::BecomeMaker],
            // It may be incomplete, and then no letter can show it.
            tell: &[],
        },
        Row {
            from: From::State(To::Draft),
            action: Action::Discard,
            who: Party::ItsMaker,
            guards: &[Need::EntitledToManage],
            to: To::Discarded,
            writes: &[],
            tell: &[],
        },
        Row {
            from: From::State(To::Draft),
            action: Action::Submit,
            who: Party::ItsMaker,
            guards: &[
                Need::CampaignOpen,
                Need::FormComplete,
                Need::OwnParticipantship,
                Need::AnotherChecker,
                Need::RegisterAgrees,
                Need::UserIdsFree,
                Need::DirectoryAgrees,
                Need::EntitledToManage,
            ],
            to: To::ReadyToSend,
            writes: &[
                Do::GiveReference,
                Do::TakeLocks,
                Do::MarkSubmitted,
                Do::SettleChecks,
                Do::SettleGuarantee,
                Do::EnterDesk(Checkers),
            ],
            tell: &[Tell::Checkers],
        },
        Row {
            from: From::State(To::ReadyToSend),
            action: Action::Reclaim,
            who: Party::ItsMaker,
            guards: &[Need::Unclaimed, Need::EntitledToManage],
            to: To::Draft,
            writes: &[Do::VoidChecks, Do::LeaveDesk],
            tell: &[Tell::Checkers],
        },
        Row {
            from: From::State(To::ReadyToSend),
            action: Action::Claim,
            who: Party::Checker,
            guards: &[Need::Unclaimed, Need::NotAboutSelf, Need::EntitledToManage],
            to: To::Claimed,
            writes: &[Do::Hold, Do::StartLease],
            tell: &[],
        },
        // The holder is still at it, so the lease starts again.
        Row {
            from: From::State(To::Claimed),
            action: Action::Claim,
            who: Party::Holder,
            guards: &[Need::NotAboutSelf, Need::EntitledToManage],
            to: To::Claimed,
            writes: &[Do::Hold, Do::StartLease],
            tell: &[],
        },
        Row {
            from: From::State(To::Claimed),
            action: Action::Release,
            who: Party::Holder,
            guards: &[Need::EntitledToManage],
            to: To::ReadyToSend,
            writes: &[Do::Unhold],
            tell: &[],
        },
        Row {
            from: From::State(To::Claimed),
            action: Action::Release,
            who: Party::Clock,
            guards: &[Need::LeaseEnded],
            to: To::ReadyToSend,
            writes: &[Do::Unhold],
            tell: &[Tell::LastHolder],
        },
        Row {
            from: From::State(To::Claimed),
            action: Action::ReleaseForAbsence,
            who: Party::Clock,
            guards: &[Need::HolderGone],
            to: To::ReadyToSend,
            writes: &[Do::Unhold],
            tell: &[Tell::Checkers],
        },
        Row {
            from: From::State(To::Claimed),
            action: Action::HandOver,
            who: Party::Holder,
            guards: &[Need::EntitledToManage, Need::ColleagueCanCheck],
            to: To::Claimed,
            writes: &[Do::HoldForColleague, Do::StartLease],
            tell: &[Tell::Holder],
        },
        Row {
            from: From::State(To::Claimed),
            action: Action::Return,
            who: Party::Holder,
            guards: &[Need::MessageGiven, Need::EntitledToManage],
            to: To::Draft,
            writes: &[Do::Unhold, Do::VoidChecks, Do::LeaveDesk],
            tell: &[Tell::Maker, Tell::Colleagues, Tell::OtherCheckers],
        },
        Row {
            from: From::State(To::Claimed),
            action: Action::Confirm,
            who: Party::Holder,
            guards: &[Need::GoesToTheExchange, Need::LastCheck, Need::Entitled],
            to: To::Sent,
            writes: &[
                Do::Unhold,
                Do::Confirm,
                Do::SettleGuarantee,
                Do::EnterDesk(Exchange),
            ],
            tell: &[Tell::Maker, Tell::ExchangeDesk, Tell::OtherCheckers],
        },
        // It stays on the company's desk, and keeps its place there.
        Row {
            from: From::State(To::Claimed),
            action: Action::Confirm,
            who: Party::Holder,
            guards: &[Need::GoesToTheExchange, Need::FirstOfTwoChecks, Need::Entitled],
            to: To::ReadyToSend,
            writes: &[Do::Unhold, Do::FirstCheck],
            tell: &[Tell::Maker, Tell::Checkers],
        },
        // What ends at the company is done with the second pair of eyes.
        Row {
            from: From::State(To::Claimed),
            action: Action::Confirm,
            who: Party::Holder,
            guards: &[
                Need::EndsAtTheCompany,
                Need::LastCheck,
                Need::FormComplete,
                Need::NotAboutSelf,
                Need::DirectoryAgrees,
                Need::TwoManagersStay,
                Need::Entitled,
            ],
            to: To::Completed,
            writes: &[Do::Unhold, Do::Confirm, Do::LeaveDesk, Do::ChangeDirectory],
            tell: &[Tell::Maker, Tell::PersonConcerned, Tell::OtherCheckers],
        },
        Row {
            from: From::State(To::ReadyToSend),
            action: Action::ConfirmByMail,
            who: Party::Checker,
            guards: &[
                Need::GoesToTheExchange,
                Need::LastCheck,
                Need::Unclaimed,
                Need::MailToken,
                Need::Entitled,
            ],
            to: To::Sent,
            writes: &[
                Do::Confirm,
                Do::SettleGuarantee,
                Do::EnterDesk(Exchange),
                Do::SpendToken,
                Do::RecordMail,
            ],
            tell: &[
                Tell::Maker,
                Tell::ExchangeDesk,
                Tell::Checker,
                Tell::OtherCheckers,
            ],
        },
        Row {
            from: From::State(To::ReadyToSend),
            action: Action::ConfirmByMail,
            who: Party::Checker,
            guards: &[
                Need::GoesToTheExchange,
                Need::FirstOfTwoChecks,
                Need::Unclaimed,
                Need::MailToken,
                Need::Entitled,
            ],
            to: To::ReadyToSend,
            writes: &[Do::FirstCheck, Do::SpendToken, Do::RecordMail],
            tell: &[Tell::Maker, Tell::Checker, Tell::Checkers],
        },
        Row {
            from: From::State(To::ReadyToSend),
            action: Action::ReturnByMail,
            who: Party::Checker,
            guards: &[
                Need::GoesToTheExchange,
                Need::Unclaimed,
                Need::MailToken,
                Need::MessageGiven,
                Need::Entitled,
            ],
            to: To::Draft,
            writes: &[Do::VoidChecks, Do::LeaveDesk, Do::SpendToken, Do::RecordMail],
            // The checker gets the receipt, also as the maker's colleague.
            tell: &[Tell::Maker, Tell::Checker, Tell::Colleagues, Tell::OtherCheckers],
        },
        Row {
            from: From::State(To::Sent),
            action: Action::Reclaim,
            who: Party::Confirmer,
            guards: &[Need::Unclaimed],
            to: To::Claimed,
            writes: &[Do::Unconfirm, Do::Hold, Do::StartLease, Do::EnterDesk(Checkers)],
            tell: &[Tell::ExchangeDesk],
        },
        Row {
            from: From::State(To::Sent),
            action: Action::Claim,
            who: Party::Officer,
            guards: &[Need::Unclaimed],
            to: To::Processing,
            writes: &[Do::Hold, Do::StartLease],
            tell: &[],
        },
        Row {
            from: From::State(To::Processing),
            action: Action::Claim,
            who: Party::HoldingOfficer,
            guards: &[],
            to: To::Processing,
            writes: &[Do::Hold, Do::StartLease],
            tell: &[],
        },
        Row {
            from: From::State(To::Processing),
            action: Action::TakeOver,
            who: Party::OtherOfficer,
            guards: &[Need::MessageGiven, Need::Entitled],
            to: To::Processing,
            writes: &[Do::Hold, Do::StartLease],
            tell: &[Tell::LastOfficer],
        },
        Row {
            from: From::State(To::Processing),
            action: Action::Release,
            who: Party::HoldingOfficer,
            guards: &[],
            to: To::Sent,
            writes: &[Do::Unhold],
            tell: &[],
        },
        Row {
            from: From::State(To::Processing),
            action: Action::Release,
            who: Party::Clock,
            guards: &[Need::LeaseEnded],
            to: To::Sent,
            writes: &[Do::Unhold],
            tell: &[Tell::LastOfficer],
        },
        Row {
            from: From::State(To::Processing),
            action: Action::ReleaseForAbsence,
            who: Party::Clock,
            guards: &[Need::HolderGone],
            to: To::Sent,
            writes: &[Do::Unhold],
            tell: &[Tell::ExchangeDesk],
        },
        Row {
            from: From::State(To::Processing),
            action: Action::Return,
            who: Party::HoldingOfficer,
            guards: &[Need::MessageGiven],
            to: To::Draft,
            writes: &[Do::Unhold, Do::VoidChecks, Do::Unconfirm, Do::LeaveDesk],
            tell: &[Tell::Maker, Tell::Colleagues, Tell::Checker],
        },
        Row {
            from: From::State(To::Processing),
            action: Action::Complete,
            who: Party::HoldingOfficer,
            guards: &[Need::FormComplete, Need::RegisterAgrees, Need::Entitled],
            to: To::Completed,
            writes: &[Do::Unhold, Do::LeaveDesk, Do::Register],
            tell: &[
                Tell::Maker,
                Tell::Checker,
                Tell::ContactPersons,
                Tell::NewAddresses,
            ],
        },
        Row {
            from: From::State(To::Processing),
            action: Action::Reject,
            who: Party::HoldingOfficer,
            guards: &[Need::MessageGiven, Need::Entitled],
            to: To::Rejected,
            writes: &[Do::Unhold, Do::LeaveDesk],
            tell: &[Tell::Maker, Tell::Checker],
        },
    ]
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eservice::EServiceId;

    #[test]
    fn a_guard_that_a_write_enforces_comes_with_that_write() {
        for row in &TABLE {
            let what = format!("{:?} from {:?}", row.action, row.from);
            assert_eq!(row.needs(Guard::UserIdsFree), row.has(Write::TakeLocks), "{what}");
            assert_eq!(row.needs(Guard::MailToken), row.has(Write::SpendToken), "{what}");
            assert_eq!(row.has(Write::SpendToken), row.has(Write::RecordMail), "{what}");
            assert_eq!(
                row.needs(Guard::FirstOfTwoChecks),
                row.has(Write::FirstCheck),
                "{what}"
            );
            assert_eq!(row.needs(Guard::LastCheck), row.has(Write::Confirm), "{what}");
            assert_eq!(
                row.needs(Guard::AnotherChecker),
                row.has(Write::SettleChecks),
                "{what}"
            );
            let relies_on_the_register = row.has(Write::TakeLocks) || row.has(Write::Register);
            assert_eq!(row.needs(Guard::RegisterAgrees), relies_on_the_register, "{what}");
            assert!(
                !relies_on_the_register || row.needs(Guard::FormComplete),
                "{what}"
            );
        }
    }

    #[test]
    fn a_row_that_changes_the_directory_holds_every_rule_of_such_a_change() {
        for row in &TABLE {
            for guard in [
                Guard::EndsAtTheCompany,
                Guard::NotAboutSelf,
                Guard::DirectoryAgrees,
                Guard::TwoManagersStay,
                Guard::Entitled,
                Guard::FormComplete,
            ] {
                let holds = row.needs(guard) || !row.has(Write::ChangeDirectory);
                assert!(holds, "{:?} without {guard:?}", row.action);
            }
        }
    }

    #[test]
    fn every_step_of_a_request_that_changes_the_directory_tests_the_right_there() {
        for row in TABLE.iter().filter(|row| row.is_for(EServiceId::Am1)) {
            let by_the_company = row.is_for_a_company() && row.from != From::State(StateName::Sent);
            assert_eq!(
                row.tests_the_directory(EServiceId::Am1),
                by_the_company || row.needs(Guard::Entitled),
                "{:?}",
                row.action
            );
        }
    }

    #[test]
    fn every_row_that_decides_or_takes_anothers_place_tests_the_right_in_the_directory() {
        for row in &TABLE {
            let decides = match row.action {
                Action::Confirm
                | Action::ConfirmByMail
                | Action::ReturnByMail
                | Action::Complete
                | Action::Reject
                | Action::TakeOver => true,
                Action::Save
                | Action::Clone
                | Action::Discard
                | Action::Submit
                | Action::Reclaim
                | Action::Claim
                | Action::Release
                | Action::ReleaseForAbsence
                | Action::HandOver
                | Action::Return => false,
            };
            assert_eq!(row.needs(Guard::Entitled), decides, "{:?}", row.action);
        }
    }

    #[test]
    fn a_row_writes_who_holds_it_and_whose_desk_has_it_as_its_states_say() {
        for row in &TABLE {
            let From::State(from) = row.from else {
                continue;
            };
            let what = format!("{:?} from {from:?}", row.action);
            let hands_over = row.has(Write::HoldForColleague);
            assert_eq!(hands_over, row.needs(Guard::ColleagueCanCheck), "{what}");
            assert_eq!(row.has(Write::Hold) || hands_over, row.to.is_held(), "{what}");
            let lets_go = from.is_held() && !row.to.is_held();
            assert_eq!(row.has(Write::Unhold), lets_go, "{what}");
            assert_eq!(row.has(Write::StartLease), row.to.is_held(), "{what}");
            let voids = row.to == StateName::Draft && from != StateName::Draft;
            assert_eq!(row.has(Write::VoidChecks), voids, "{what}");
            let leaves = row.to.desk().is_none() && from.desk().is_some();
            assert_eq!(row.has(Write::LeaveDesk), leaves, "{what}");
            let enters = row.to.desk().filter(|desk| from.desk() != Some(*desk));
            for kind in [DeskKind::Checkers, DeskKind::Exchange] {
                assert_eq!(row.has(Write::EnterDesk(kind)), enters == Some(kind), "{what}");
            }
        }
    }
}
