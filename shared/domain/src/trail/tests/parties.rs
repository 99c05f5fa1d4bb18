//! Files with steps that the table leaves to somebody else, or to no one.

use Action as Do;
use StateName as To;

use super::*;

/// A DA 3 that `checker` has claimed.
fn claimed() -> Trail {
    submitted(Trail::of(id(1))).step("checker", Do::Claim, To::Claimed)
}

/// The same, sent to the exchange.
fn sent() -> Trail {
    claimed().step("checker", Do::Confirm, To::Sent)
}

fn submitted(trail: Trail) -> Trail {
    trail
        .step("maker", Do::Save, To::Draft)
        .step("maker", Do::Submit, To::ReadyToSend)
}

/// Whether the last step of a trail, and nothing else, is found to be this.
#[track_caller]
fn last_is(trail: Trail, what: What) {
    let lines = file(vec![trail]);
    shows(&lines, &[(lines.len() - 1, what)]);
}

#[test]
fn nothing_is_found_where_every_step_is_taken_by_whose_it_is() {
    let moved = claimed()
        .handing_to("colleague")
        .step("checker", Do::HandOver, To::Claimed)
        .step("colleague", Do::Claim, To::Claimed)
        .step("clock", Do::ReleaseForAbsence, To::ReadyToSend)
        .step("checker", Do::Claim, To::Claimed)
        .step("clock", Do::Release, To::ReadyToSend)
        .step("maker", Do::Reclaim, To::Draft)
        .step("manager", Do::TakeOver, To::Draft)
        .step("manager", Do::Save, To::Draft)
        .step("manager", Do::Submit, To::ReadyToSend)
        .step("checker", Do::Claim, To::Claimed)
        .step("checker", Do::Confirm, To::Sent)
        .step("checker", Do::Reclaim, To::Claimed)
        .handing_to("colleague")
        .step("checker", Do::HandOver, To::Claimed)
        .step("colleague", Do::Confirm, To::Sent)
        .step("officer", Do::Claim, To::Processing)
        .step("second", Do::TakeOver, To::Processing)
        .step("second", Do::Release, To::Sent)
        .step("officer", Do::Claim, To::Processing)
        .step("officer", Do::Reject, To::Rejected);
    shows(&file(vec![moved]), &[]);
    let about = submitted(Trail::about(id(2)))
        .step("checker", Do::Claim, To::Claimed)
        .step("checker", Do::Confirm, To::Completed);
    shows(&file(vec![about]), &[]);
}

#[test]
fn who_checks_what_is_about_themselves_is_found() {
    let concerned = || What::AboutSelf(person("concerned"));
    let own = submitted(Trail::about(id(1)))
        .step("concerned", Do::Claim, To::Claimed)
        .step("concerned", Do::Confirm, To::Completed);
    shows(&file(vec![own]), &[(6, concerned()), (7, concerned())]);
    let handed = submitted(Trail::about(id(1)))
        .step("checker", Do::Claim, To::Claimed)
        .handing_to("concerned")
        .step("checker", Do::HandOver, To::Claimed);
    last_is(handed, concerned());
}

#[test]
fn a_step_that_the_table_has_for_another_eservice_or_another_kind_of_actor_is_found() {
    let none = |action, from, to| What::NoSuchStep(action, Some(from), to);
    last_is(
        claimed().step("checker", Do::Confirm, To::Completed),
        none(Do::Confirm, To::Claimed, To::Completed),
    );
    let about = submitted(Trail::about(id(1))).step("checker", Do::Claim, To::Claimed);
    last_is(
        about.step("checker", Do::Confirm, To::Sent),
        none(Do::Confirm, To::Claimed, To::Sent),
    );
    last_is(
        claimed().step("clock", Do::Confirm, To::Sent),
        none(Do::Confirm, To::Claimed, To::Sent),
    );
    last_is(
        claimed().step("checker", Do::ReleaseForAbsence, To::ReadyToSend),
        none(Do::ReleaseForAbsence, To::Claimed, To::ReadyToSend),
    );
}

#[test]
fn a_step_that_is_left_to_whoever_made_holds_or_confirmed_the_request_is_found_by_anybody_else() {
    let theirs = |who, action| What::NotTheirs(person(who), action);
    let draft = || Trail::of(id(1)).step("maker", Do::Save, To::Draft);
    last_is(
        draft().step("second", Do::Submit, To::ReadyToSend),
        theirs("second", Do::Submit),
    );
    last_is(
        draft().step("maker", Do::TakeOver, To::Draft),
        theirs("maker", Do::TakeOver),
    );
    last_is(
        claimed().step("second", Do::Confirm, To::Sent),
        theirs("second", Do::Confirm),
    );
    let handed = claimed()
        .handing_to("colleague")
        .step("checker", Do::HandOver, To::Claimed);
    last_is(
        handed.step("checker", Do::Confirm, To::Sent),
        theirs("checker", Do::Confirm),
    );
    last_is(
        sent().step("second", Do::Reclaim, To::Claimed),
        theirs("second", Do::Reclaim),
    );
    let processed = || sent().step("officer", Do::Claim, To::Processing);
    last_is(
        processed().step("second", Do::Complete, To::Completed),
        theirs("second", Do::Complete),
    );
    last_is(
        processed().step("officer", Do::TakeOver, To::Processing),
        theirs("officer", Do::TakeOver),
    );
}

#[test]
fn a_colleague_a_source_or_a_message_in_the_wrong_place_is_found() {
    last_is(
        claimed()
            .handing_to("colleague")
            .step("checker", Do::Claim, To::Claimed),
        What::HandedTo,
    );
    last_is(
        claimed().step("checker", Do::HandOver, To::Claimed),
        What::HandedTo,
    );
    last_is(Trail::of(id(1)).step("maker", Do::Clone, To::Draft), What::Source);
    last_is(
        Trail::of(id(1)).step_from("maker", Do::Save, To::Draft, Some(id(2))),
        What::Source,
    );
    last_is(
        claimed().silent().step("checker", Do::Return, To::Draft),
        What::MessageMissing,
    );
}
