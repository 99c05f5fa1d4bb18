//! English.

use countersign_domain::campaign::Campaign;
use countersign_domain::eservice::{EService, End};
use countersign_domain::mail::MailStatus;
use countersign_domain::request::StateName;
use countersign_domain::time::shown_day;
use countersign_domain::wording;
use countersign_domain::workflow::Action;
use jiff::Timestamp;

use super::{Language, Words, names_its_end};

mod audit;
mod company;
mod desk;
mod form;
mod list;
mod own;
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
    unsent: "Your changes are not saved yet.",
    sign_in: "Sign in",
    welcome_title: "Welcome to Countersign",
    welcome_text: "Every request to the exchange takes two people: one fills it in, another checks it.",
    user_login: "User Login",
    login_hint: "Enter your User ID/Email and password on the next page.",
    log_in: "Log in",
    forgotten: "Forgot/Reset your password?",
    accept_lead: "By logging in you accept the ",
    accept_tail: ", and confirm that the people whose details you enter agree to this use of them.",
    prohibited: "Unauthorised use of this site is prohibited.",
    session_over_title: "Your session has ended",
    session_over_text: "Log in again to return to the page you were on.",
    attempt_over_title: "You are not logged in",
    attempt_over_text: "The login took too long or was started in another window. Log in again.",
    home: "Home",
    hello: "Welcome, ",
    participant_management: "Participant Management",
    user_maintenance: "User Maintenance",
    catalogue_caption: "Forms of User Maintenance",
    classification: "Classification",
    id: "Id",
    function: "Function",
    tasks: "Tasks",
    tasks_lead: "Requests that your company has submitted but not yet sent, longest waiting first.",
    tasks_lead_officer: "Requests that companies have sent to the exchange, longest waiting first.",
    tasks_lead_manager: "Requests about the exchange’s own people, then those that companies have sent; longest waiting first.",
    tasks_empty: "Nothing is waiting.",
    requests: "My requests",
    requests_lead: "Most recently changed first.",
    requests_empty: "No requests found.",
    search: "Search",
    job_status: "Job Status",
    show: "Show",
    company_participant_id: "Company Participant ID",
    details: "Details",
    last_update_date: "Last Update Date",
    not_guaranteed_tag: "Not guaranteed",
    pages: "Pages",
    first_page: "First page",
    next_page: "Next page",
    listing: "User Profile Listing",
    listing_lead: "The Delegated Administrators of a participant, and whether two-factor authentication (2FA) will \
        work for them when the parallel run starts.",
    listing_empty: "No Delegated Administrator is listed for this participant.",
    participant: "Participant",
    user_id: "User ID",
    email_address: "Email Address",
    since: "Registered",
    two_factor: "2FA",
    look_up: "Look up a request",
    look_up_lead: "Find a request that has been sent to the exchange by its reference number.",
    look_up_none: "No request with this reference number has been sent to the exchange.",
    look_up_malformed: "Enter a reference number like DA3_00013361.",
    reference: "Reference Number:",
    no_reference: "assigned when it is submitted",
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
    same_as_kept: "Your version is the same as the saved one.",
    changed_title_typed: "The saved version and yours",
    kept_now: "Saved",
    you_have: "Yours",
    key_used_title: "This form has already been sent",
    key_used_text: "It created a draft with different contents, which is under My requests. Saving again creates a second draft.",
    please_confirm: "Please confirm to proceed",
    message_optional: "Any message to the next step user? (optional)",
    message_needed: "Message to the next step user: say why",
    cancel: "Cancel",
    confirm: "Confirm",
    expand: "Expand",
    history: "History",
    held_by: "With:",
    since_lead: " since ",
    claim_ends: "Claim ends:",
    claim_ended: "Released: the claim ended",
    waiting_since: "Waiting since:",
    status_now: "Status now:",
    you_typed: "You typed:",
    changed_title: "What changed since it was last submitted",
    changed_before: "Before",
    changed_after: "Now",
    nothing_changed: "Nothing in the form has changed.",
    field: "Field",
    undelivered_title: "Could not be delivered by e-mail",
    undelivered_hint: "Tell them in person, and have the address corrected in your company's directory.",
    refused_title: "This could not be done",
    stale_title: "This request has changed",
    draft: "Draft",
    clock: countersign_domain::wording::CLOCK_NAME,
    erased: countersign_domain::wording::ERASED_NAME,
    not_found_title: "Not found",
    not_found_text: "There is nothing here for you. Check the address, or start from the home page.",
    right_missing_title: "Access right missing",
    right_missing_ask: " Ask your company's administrator for it, then sign in again.",
    not_in_directory_title: "Not in the directory",
    not_in_directory_text: "Your account does not belong to any company here. Ask your administrator to register you.",
    other_origin_title: "This did not come from this site",
    other_origin_text: "Nothing was done. Go back to the page, reload it and press the button there.",
    no_session_title: "You are no longer logged in",
    no_session_text: "Nothing was done. Log in, go back to the page and press the button again.",
    malformed_title: "This could not be read",
    malformed_text: "Nothing was done. Go back, reload the page and try again.",
    too_large_title: "This is too large",
    too_large_text: "A request can be 256 KiB at most. Go back and put the rest into another request.",
    busy_title: "The system is busy",
    busy_text: "Try again in a moment. Sending the same thing twice does it only once.",
    failed_title: "Something went wrong",
    failed_text: "The problem has been logged. Try again in a moment. Sending the same thing twice does it only once.",
    back_home: "Go to the home page",
    to_sign_in: "Go to the sign-in page",
    terms_text: &[
        (
            "Who may use it",
            "Only people named by their company. Each has an account of their own and shares it with nobody.",
        ),
        (
            "What you enter",
            "Enter only what is true, and only as much as a request needs. The people whose details you enter must have agreed to it.",
        ),
        (
            "What is kept",
            "Every step is recorded with the person who took it and the time. Requests and their history stay on \
                record, where the companies concerned and the exchange can read them.",
        ),
        (
            "Personal data",
            "Names, e-mail addresses and telephone numbers are used only to handle requests and to notify people about them.",
        ),
    ],
    function_name: |eservice: &EService| eservice.function.en,
    state: |state| wording::plain_status(state, Language::English),
    brief_status: |state, end| wording::brief_status(state, end, Language::English),
    status: |state, end| wording::status(state, end, Language::English),
    action,
    asks,
    acted,
    did,
    fault: wording::fault_to_people,
    refusal: wording::refusal,
    right_missing: wording::right_missing,
    no_other_checker: wording::no_other_checker,
    on_forms: &form::FORM,
    on_own: &own::OWN,
    on_audit: &audit::AUDIT,
    on_company: &company::COMPANY,
    on_lists: &list::LIST,
    on_desk: &desk::DESK,
    on_readiness: &readiness::READINESS,
    campaign,
    late: |campaign| {
        format!(
            "This request came after {}. It will be handled, but it is not guaranteed to be completed before the parallel run.",
            shown_day(campaign.deadline())
        )
    },
    undelivered: |status| match status {
        MailStatus::Bounced => "The e-mail bounced.",
        MailStatus::Rejected => "The e-mail service refused to send it.",
        MailStatus::Suppressed => {
            "Not sent: e-mail to this address bounced before, or the address is not valid."
        }
        MailStatus::Delayed => "The e-mail is delayed and is still being tried.",
        MailStatus::Sending
        | MailStatus::Sent
        | MailStatus::Delivered
        | MailStatus::Complained
        | MailStatus::Collected => "The e-mail was sent.",
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
        Action::Release | Action::ReleaseForAbsence => "Release",
        Action::HandOver => "Hand over",
        Action::TakeOver => "Take over",
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
            "A new draft with the same contents will be created. Its declaration must be confirmed again."
        }
        (Action::Discard, _) => "The draft will be discarded. This can't be undone.",
        (Action::Submit, _) => "The record will be ready to send to HKEX.",
        (Action::Reclaim, StateName::Sent) => {
            "The record will be taken back from HKEX. You will hold it again, as before you confirmed it."
        }
        (Action::Reclaim, _) => "The record will be taken back and become a draft again.",
        (Action::Claim, _) => {
            "You will hold the record. Nobody else can decide on it until you release it or your claim ends. The record shows when that is."
        }
        (Action::HandOver, _) => {
            "Your colleague will hold the record, and is told by e-mail. Nobody else can decide on it."
        }
        (Action::TakeOver, StateName::Draft) => {
            "You will be the maker of this draft. You count as one of its makers from then on, so you can't check it."
        }
        (Action::TakeOver, _) => {
            "You will hold the record in place of the officer who holds it now, who is told by e-mail."
        }
        (Action::Release | Action::ReleaseForAbsence, _) => {
            "The record will go back to the desk, where others can claim it."
        }
        (Action::Return | Action::ReturnByMail, _) => "The record will go back to its maker as a draft.",
        (Action::Confirm | Action::ConfirmByMail, _) => "The record will be sent to HKEX.",
        (Action::Complete, _) => {
            "The record will be completed and take effect, and everyone concerned will be notified."
        }
        (Action::Reject, _) => {
            "The record will be rejected. This can't be undone. Its maker and checker will be told why."
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
        Action::ReleaseForAbsence => "Released, since its holder is away or has left",
        Action::HandOver => "Handed over",
        Action::TakeOver => "Taken over",
        Action::Return => "Returned",
        Action::Confirm => "Confirmed",
        Action::ConfirmByMail => "Confirmed by e-mail",
        Action::ReturnByMail => "Returned by e-mail",
        Action::Complete => "Completed",
        Action::Reject => "Rejected",
    }
}

fn did(action: Action, to: StateName, end: End) -> String {
    match (action, to) {
        (Action::Reclaim, StateName::Claimed) => "Reclaimed from HKEX".to_owned(),
        (Action::Confirm | Action::ConfirmByMail, StateName::ReadyToSend) => [
            acted(action),
            WORDS.colon,
            wording::checked_once(Language::English),
        ]
        .concat(),
        _ if names_its_end(action, to) => acted(action).to_owned(),
        _ => format!(
            "{}: {}",
            acted(action),
            wording::status_in(to, end, Language::English)
        ),
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
