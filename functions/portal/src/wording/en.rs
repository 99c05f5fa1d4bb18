//! English.

use countersign_domain::campaign::Campaign;
use countersign_domain::eservice::EService;
use countersign_domain::mail::MailStatus;
use countersign_domain::request::StateName;
use countersign_domain::time::shown_day;
use countersign_domain::wording;
use countersign_domain::workflow::Action;
use jiff::Timestamp;

use super::{Language, Words, names_its_end};

mod form;
mod readiness;

pub(super) static WORDS: Words = Words {
    language: Language::English,
    product: "Countersign",
    error_prefix: "Error: ",
    colon: ": ",
    other_language: "繁體中文",
    skip: "Skip to main content",
    navigation: "Main navigation",
    count_lead: "Waiting: ",
    sign_out: "Sign out",
    terms: "Terms and conditions",
    all_times: "All times are Hong Kong time (HKT).",
    breadcrumbs: "Breadcrumbs",
    unsent: "What you typed is not saved yet.",
    sign_in: "Sign in",
    welcome_title: "Welcome to Countersign",
    welcome_text: "Requests to the exchange pass two pairs of eyes here: one person fills them in, another checks them.",
    user_login: "User Login",
    login_hint: "You enter your User ID/Email and password on the next page.",
    log_in: "Log in",
    forgotten: "Forgot/Reset your password?",
    accept_lead: "By logging in you accept the ",
    accept_tail: ", and you confirm that the people whose details you enter agree to their being used for that.",
    prohibited: "Unauthorised use of this site is prohibited.",
    session_over_title: "Your session is over",
    session_over_text: "Log in again. You come back to the page you were on.",
    attempt_over_title: "You are not logged in",
    attempt_over_text: "That attempt took too long or belongs to another window. Log in again.",
    home: "Home",
    hello: "Welcome, ",
    way_tasks: "What waits for somebody to claim, check or handle it.",
    way_requests: "What you have made, and what became of it.",
    way_form: "Register the e-mail addresses of your Delegated Administrators.",
    way_listing: "Who is registered, and for whom two-factor authentication will work.",
    way_look_up: "Find a request by its reference number.",
    participant_management: "Participant Management",
    user_maintenance: "User Maintenance",
    catalogue_caption: "Forms of User Maintenance",
    classification: "Classification",
    id: "Id",
    function: "Function",
    tasks: "Tasks",
    tasks_lead: "What your company has submitted and not yet sent, longest waiting first.",
    tasks_lead_officer: "What companies have sent to the exchange, longest waiting first.",
    tasks_empty: "Nothing here waits.",
    requests: "My requests",
    requests_lead: "Last changed first.",
    requests_empty: "There is no such request.",
    search: "Search",
    job_status: "Job Status",
    any_status: "Any status",
    whose: "Whose",
    whose_mine: "My own",
    whose_company: "My company's",
    show: "Show",
    company_participant_id: "Company Participant ID",
    details: "Details",
    last_update_date: "Last Update Date",
    not_guaranteed_tag: "Not guaranteed",
    pages: "Pages",
    first_page: "First page",
    next_page: "Next page",
    listing: "User Profile Listing",
    listing_lead: "The Delegated Administrators of a participant, and whether two-factor authentication (2FA) will work for them when the parallel run starts.",
    listing_empty: "No Delegated Administrator is listed for this participant.",
    participant: "Participant",
    user_id: "User ID",
    email_address: "Email Address",
    since: "Registered",
    two_factor: "2FA",
    look_up: "Look up a request",
    look_up_lead: "Requests that have been sent to the exchange, by their reference number.",
    look_up_none: "No request with this reference number has been sent to the exchange.",
    look_up_malformed: "Give a reference number like DA3_00013361.",
    reference: "Reference Number:",
    no_reference: "given when it is submitted",
    status_label: "Status:",
    declared: "Confirmed",
    undeclared: "Not confirmed yet",
    nothing_yet: "Nothing is filled in yet.",
    save: "Save",
    preview: "Preview",
    top: "Top",
    saved: "Your draft is saved.",
    remove: "Remove",
    error_title: "There is a problem",
    nothing_lost: "Nothing you typed is lost.",
    same_as_kept: "What you have here is what is saved.",
    changed_title_typed: "What is saved now, and what you have here",
    kept_now: "Saved",
    you_have: "Yours",
    key_used_title: "This form was sent before",
    key_used_text: "A draft with other contents was made from it; you find it under My requests. Saving again makes a second draft.",
    please_confirm: "Please confirm to proceed",
    message_optional: "Any message to the next step user? (optional)",
    message_needed: "Message to the next step user: say why",
    cancel: "Cancel",
    confirm: "Confirm",
    done: "Done",
    expand: "Expand",
    history: "History",
    held_by: "With:",
    since_lead: " since ",
    claim_ends: "Claim ends:",
    claim_ended: "Released: the claim ended",
    waiting_since: "Waiting since:",
    status_now: "Status now:",
    you_typed: "You had typed:",
    changed_title: "What changed since it was last submitted",
    changed_before: "Before",
    changed_after: "Now",
    nothing_changed: "Nothing in the form has changed.",
    field: "Field",
    undelivered_title: "Could not be delivered by e-mail",
    undelivered_hint: "Tell them in person, and have the address corrected in your company's directory.",
    replies_title: "Approving by e-mail",
    replies_on: "On: you can confirm or return a request by replying to the mail that tells you of it.",
    replies_off: "Off: the mail that tells you of a request can't be replied to. You decide here in the portal.",
    turn_on: "Turn on",
    turn_off: "Turn off",
    refused_title: "That was not done",
    stale_title: "This request has changed",
    no_other_checker: wording::NO_OTHER_CHECKER,
    draft: "Draft",
    clock: countersign_domain::wording::CLOCK_NAME,
    not_found_title: "Not found",
    not_found_text: "There is nothing here for you. Check the address, or start from the beginning.",
    right_missing_title: "Access right missing",
    right_missing_ask: " Ask your company's administrator for it, then sign in again.",
    not_in_directory_title: "Not in the directory",
    not_in_directory_text: "Your sign-in belongs to no company here. Ask your administrator to register you.",
    other_origin_title: "That did not come from this site",
    other_origin_text: "Nothing was done. Go back to the page, load it again and press the button there.",
    no_session_title: "You are not logged in any more",
    no_session_text: "Nothing was done. Log in, go back to the page and press the button again.",
    malformed_title: "That could not be read",
    malformed_text: "Nothing was done. Go back, load the page again and repeat what you did.",
    too_large_title: "That is too much at once",
    too_large_text: "A request can have 256 KiB at most. Go back and put the rest into a further request.",
    busy_title: "Too much is going on just now",
    busy_text: "Try again in a moment. What was asked twice is done once.",
    failed_title: "This can't be done just now",
    failed_text: "It has been logged. Try again in a moment. What was asked twice is done once.",
    back_home: "Go to the home page",
    to_sign_in: "Go to the sign-in page",
    terms_text: &[
        (
            "Who may use it",
            "Only people whom their company has named, each with a sign-in of their own, which they share with nobody.",
        ),
        (
            "What you enter",
            "You enter what is true, and only as much of it as a request needs. The people whose details you enter have agreed to that.",
        ),
        (
            "What is kept",
            "Every step is kept with who took it and when. Requests and their history stay on record, and the companies concerned and the exchange can read them.",
        ),
        (
            "Personal data",
            "Names, e-mail addresses and telephone numbers are used to handle requests and to tell people about them, and for nothing else.",
        ),
    ],
    function_name: |eservice: &EService| eservice.function.en,
    state: wording::plain_status,
    status: wording::status,
    action,
    asks,
    acted,
    did,
    fault: wording::fault,
    refusal: wording::refusal,
    right_missing: wording::right_missing,
    on_forms: &form::FORM,
    on_readiness: &readiness::READINESS,
    campaign,
    late: |campaign| {
        format!(
            "This came after {}. It will be handled, but it is not guaranteed to be completed before the parallel run.",
            shown_day(campaign.deadline())
        )
    },
    undelivered: |status| match status {
        MailStatus::Bounced => "The mail came back.",
        MailStatus::Rejected => "The mail was not passed on.",
        MailStatus::Suppressed => "Not tried: mail to this address came back before, or it is none.",
        MailStatus::Delayed => "The mail is delayed, and still being tried.",
        MailStatus::Sending | MailStatus::Sent | MailStatus::Complained => "The mail was sent.",
    },
    bounded: |most| {
        format!(
            "Only the first {most} requests were looked through. Search for a reference number to find others."
        )
    },
};

fn action(action: Action) -> &'static str {
    match action {
        Action::Save => "Edit",
        Action::Clone => "Clone",
        Action::Discard => "Discard",
        Action::Submit => "Submit",
        Action::Reclaim => "Reclaim",
        Action::Claim => "Claim",
        Action::Release => "Release",
        Action::Return => "Return",
        Action::Confirm => "Confirm",
        Action::ConfirmByMail => "Confirm by e-mail",
        Action::ReturnByMail => "Return by e-mail",
        Action::Complete => "Complete",
        Action::Reject => "Reject",
    }
}

fn asks(action: Action, state: StateName) -> &'static str {
    match (action, state) {
        (Action::Save, _) => "The draft will be saved.",
        (Action::Clone, _) => {
            "A new draft with the same contents will be made. Its declaration has to be confirmed again."
        }
        (Action::Discard, _) => "The draft will be discarded. Nobody can bring it back.",
        (Action::Submit, _) => "The record will be ready to send to HKEX.",
        (Action::Reclaim, StateName::Sent) => {
            "The record will be taken back from HKEX. You hold it then, as before you confirmed."
        }
        (Action::Reclaim, _) => "The record will be taken back. It is a draft again.",
        (Action::Claim, StateName::ReadyToSend) => {
            "You will hold the record. Nobody else can decide on it until you let go of it or your claim ends. The record will say when that is."
        }
        (Action::Claim, _) => {
            "You will hold the record. Nobody else can decide on it until you let go of it."
        }
        (Action::Release, _) => "The record will go back to the desk, where others can claim it.",
        (Action::Return | Action::ReturnByMail, _) => "The record will go back to its maker as a draft.",
        (Action::Confirm | Action::ConfirmByMail, _) => "The record will be sent to HKEX.",
        (Action::Complete, _) => "What it asks for will be done, and everyone concerned will be told.",
        (Action::Reject, _) => {
            "The record will be rejected for good. Its maker and checker will be told why."
        }
    }
}

fn acted(action: Action) -> &'static str {
    match action {
        Action::Save => "Saved",
        Action::Clone => "Cloned",
        Action::Discard => "Discarded",
        Action::Submit => "Submitted",
        Action::Reclaim => "Reclaimed",
        Action::Claim => "Claimed",
        Action::Release => "Released",
        Action::Return => "Returned",
        Action::Confirm => "Confirmed",
        Action::ConfirmByMail => "Confirmed by e-mail",
        Action::ReturnByMail => "Returned by e-mail",
        Action::Complete => "Completed",
        Action::Reject => "Rejected",
    }
}

fn did(action: Action, to: StateName) -> String {
    match (action, to) {
        (Action::Reclaim, StateName::Claimed) => "Reclaimed from HKEX".to_owned(),
        _ if names_its_end(action, to) => acted(action).to_owned(),
        _ => format!("{}: {}", acted(action), wording::plain_status(to)),
    }
}

fn campaign(campaign: &Campaign, now: Timestamp) -> String {
    let (opens, deadline) = (shown_day(campaign.opens()), shown_day(campaign.deadline()));
    if !campaign.is_open(now) {
        format!("Registration opens on {opens}. Until then nothing can be saved or submitted.")
    } else if campaign.guarantees(now) {
        format!(
            "Submit by {deadline} to be sure that two-factor authentication works when the parallel run starts."
        )
    } else {
        format!(
            "The deadline was {deadline}. Requests are still accepted, but they are not guaranteed to be completed before the parallel run."
        )
    }
}
