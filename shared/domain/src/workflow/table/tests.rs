//! What holds in every row of the table.

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
