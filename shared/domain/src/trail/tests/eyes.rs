//! Files that show who took the steps.

use super::*;

#[test]
fn one_who_checks_what_they_edited_is_found_and_what_it_was_cloned_from_too() {
    use Action as Do;
    use StateName as To;
    let own = Trail::of(id(1))
        .step("maker", Do::Save, To::Draft)
        .step("maker", Do::Submit, To::ReadyToSend)
        .step("maker", Do::Claim, To::Claimed)
        .step("maker", Do::Confirm, To::Sent);
    let own_work = || What::OwnWork(person("maker"));
    shows(&file(vec![own]), &[(6, own_work()), (7, own_work())]);
    // A colleague who hands it to the maker does not help.
    let handed = Trail::of(id(1))
        .step("maker", Do::Save, To::Draft)
        .step("maker", Do::Submit, To::ReadyToSend)
        .step("checker", Do::Claim, To::Claimed)
        .handing_to("maker")
        .step("checker", Do::HandOver, To::Claimed)
        .step("maker", Do::Confirm, To::Sent);
    shows(&file(vec![handed]), &[(7, own_work()), (8, own_work())]);
    let clone = |editors: &[&str]| {
        let mut clone = Trail::of(id(2))
            .step_from("second", Do::Clone, To::Draft, Some(id(1)))
            .step("second", Do::Submit, To::ReadyToSend)
            .step("maker", Do::ConfirmByMail, To::Sent);
        clone.editors.extend(editors.iter().map(|editor| person(editor)));
        clone
    };
    let both = file(vec![completed(1), clone(&["maker"])]);
    let confirmed = both.len() - 1;
    shows(&both, &[(confirmed, What::OwnWork(person("maker")))]);
    // The head alone gives it away if the source is not in the file.
    shows(
        &file(vec![clone(&["maker"])]),
        &[(6, What::OwnWork(person("maker")))],
    );
    // And a head that leaves somebody out is found too.
    let hidden = file(vec![completed(1), clone(&[])]);
    let found = found(&hidden);
    assert!(
        found.iter().any(|finding| finding.what == What::Editors),
        "{found:?}"
    );
}

#[test]
fn a_second_check_that_is_missing_or_the_firsts_own_is_found() {
    use Action as Do;
    use StateName as To;
    let twice = |last: &str| {
        Trail::of(id(1))
            .step("maker", Do::Save, To::Draft)
            .needs(Checks::FirstOfTwo)
            .step("maker", Do::Submit, To::ReadyToSend)
            .needs(Checks::LastOfTwo)
            .step("checker", Do::ConfirmByMail, To::ReadyToSend)
            .step(last, Do::ConfirmByMail, To::Sent)
    };
    shows(&file(vec![twice("second")]), &[]);
    shows(
        &file(vec![twice("checker")]),
        &[(7, What::SameChecker(person("checker")))],
    );
    let once = Trail::of(id(1))
        .step("maker", Do::Save, To::Draft)
        .needs(Checks::FirstOfTwo)
        .step("maker", Do::Submit, To::ReadyToSend)
        .step("checker", Do::ConfirmByMail, To::Sent);
    shows(&file(vec![once]), &[(6, What::TooFewCheckers)]);
    // Who takes the last check back may give it again.
    let again =
        twice("second")
            .step("second", Do::Reclaim, To::Claimed)
            .step("second", Do::Confirm, To::Sent);
    shows(&file(vec![again]), &[]);
}

#[test]
fn an_officer_who_decides_what_they_checked_is_found() {
    use Action as Do;
    use StateName as To;
    let trail = Trail::of(id(1))
        .step("maker", Do::Save, To::Draft)
        .step("maker", Do::Submit, To::ReadyToSend)
        .step("checker", Do::ConfirmByMail, To::Sent)
        .step("checker", Do::Claim, To::Processing)
        .step("checker", Do::Complete, To::Completed);
    shows(&file(vec![trail]), &[(8, What::SameOfficer(person("checker")))]);
}
