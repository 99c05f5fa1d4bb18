//! The colour of a state, the same on every page.

use countersign_domain::request::StateName;

/// The class of the tag that shows a state: what is under way is coloured by who has to act, what is decided by how.
pub(crate) fn tag_of(state: StateName) -> &'static str {
    match state {
        StateName::Draft | StateName::Discarded => "",
        StateName::ReadyToSend => "accent",
        StateName::Claimed | StateName::Processing => "warn",
        StateName::Sent => "info",
        StateName::Completed => "good",
        StateName::Rejected => "bad",
    }
}
