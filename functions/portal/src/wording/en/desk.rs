//! The desk in English.

use countersign_domain::form::Mark;
use countersign_domain::mail::MailStatus;
use countersign_domain::workflow::Audience;

use crate::wording::desk::DeskWords;

pub(crate) static DESK: DeskWords = DeskWords {
    changed_since_seen: "What changed since you last looked",
    registered_today: "Registered today",
    check: "Check",
    more_steps: "More",
    maker: "Maker:",
    version: "Version:",
    form_hash: "Form hash:",
    deadline: "Deadline:",
    guaranteed: "guaranteed",
    not_guaranteed: "not guaranteed",
    message_from: "Message from ",
    told: "Told by e-mail: ",
    told_lead: " Told by e-mail: ",
    list_separator: ", ",
    full_stop: ".",
    confirm_and_next: "Confirm and next",
    nothing_next: " Nothing else waits for you.",
    expired_typed: "What you typed is here. Log in, go back to the step, and send it again.",
    expired_back: "Log in and go back to it",
    returned: "Returned to me",
    returned_empty: "Nothing has come back to you.",
    to_check: "For me to check",
    to_check_empty: "Nothing waits to be checked. You are told by e-mail when something does.",
    claimed: "Claimed by me",
    claimed_empty: "You hold nothing. Claim a request to decide on it.",
    drafts: "My drafts",
    drafts_empty: "You have no drafts. Start a form above.",
    waiting: "Waiting for others",
    waiting_empty: "Nothing of yours waits for anybody.",
    late: "Late",
    late_empty: "Everything on the desk came in time.",
    not_ready: "Not ready yet",
    not_ready_empty: "Every administrator has an address.",
    desk: "On the desk, oldest first",
    desk_empty: "The desk is empty. You are told by e-mail when a request is sent.",
    start: "Start",
    open: "Open",
    register_it: "Register",
    see_all: "See all",
    no_address: "No address yet",
    mark: |mark| match mark {
        Mark::Unknown => "Unknown User ID",
        Mark::Taken => "Already registered",
        Mark::LookAlike => "Look-alike",
        Mark::NotAscii => "Not ASCII",
        Mark::New => "New",
        Mark::Changed => "Changed",
        Mark::Unchanged => "Unchanged",
    },
    to_look_at: |count| format!("{count} to look at"),
    delivery: |status| match status {
        MailStatus::Sending => "being sent",
        MailStatus::Sent => "sent",
        MailStatus::Delayed => "delayed",
        MailStatus::Delivered => "delivered",
        MailStatus::Bounced => "bounced",
        MailStatus::Complained => "marked as spam",
        MailStatus::Rejected => "refused",
        MailStatus::Collected => "in the day’s e-mail",
        MailStatus::Suppressed => "not sent",
    },
    audience: |audience| match audience {
        Audience::Checkers => Some("the company's checkers"),
        Audience::OtherCheckers => Some("the other checkers"),
        Audience::Maker => Some("the maker"),
        // Only if the maker has left.
        Audience::Colleagues => None,
        Audience::Checker => Some("the checker"),
        Audience::LastHolder => Some("who held it"),
        Audience::ExchangeDesk => Some("HKEX"),
        Audience::ContactPersons => Some("the contact persons"),
        Audience::NewAddresses => Some("the registered addresses"),
        Audience::PersonConcerned => Some("the person whom it is about"),
    },
    all_of: |count| format!("All {count}"),
    company_cut: |most| {
        format!("This page looks at the newest {most} requests of your company only. For the others see")
    },
    desk_cut: |most| {
        format!("This page looks at the {most} requests that have waited longest only. For the others see")
    },
    none_among: |most| format!("None among the {most} requests that this page looks at."),
    ends_in: |minutes| match minutes {
        0 => "ends within a minute".to_owned(),
        1 => "ends in 1 minute".to_owned(),
        minutes => format!("ends in {minutes} minutes"),
    },
};
