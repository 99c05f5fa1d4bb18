//! English.

use countersign_domain::language::Language;
use countersign_domain::wording;
use countersign_domain::workflow::Audience;

use super::kind::Kind;
use super::words::{Wording, Words};

mod bounced;
mod check;
mod claim;
mod colleague;
mod company;
mod reply;

pub(super) static WORDS: Words = Words {
    product: "Countersign",
    colon: ": ",
    comma: ", ",
    list_comma: ", ",
    dear: "Dear {name},",
    dear_administrator: "Dear Delegated Administrator,",
    hello: "Hello,",
    some_checker: "a checker",
    message: "Message from {actor}",
    your_reason: "Your reason",
    you_also_wrote: "You also wrote",
    steps: "What to do next",
    undo: "If you want to undo this",
    link_hint: "Or open this address:",
    in_time: "Send it to HKEX by {deadline} to be sure that two-factor authentication (2FA) works when the parallel run starts.",
    late: "Not guaranteed: this request came after the deadline, {deadline}. It will be handled, but it is not \
        guaranteed to be completed before the parallel run.",
    late_completed: "Not guaranteed: this request came after the deadline, {deadline}. The addresses are registered, \
        but two-factor authentication (2FA) is not guaranteed to work for them when the parallel run starts.",
    late_registered: "Not guaranteed: the request came after the deadline, {deadline}. The address is registered, but \
        two-factor authentication (2FA) is not guaranteed to work with it when the parallel run starts.",
    works: "Two-factor authentication (2FA) works with them from the start of the parallel run.",
    works_for_you: "From the start of the parallel run you can initiate two-factor authentication (2FA) with it to \
        access the CCASS/CCMS Terminal.",
    who_checks: "Another person at the company must check it before it goes to HKEX.",
    who_checks_two: "Two other people at the company must check it before it goes to HKEX.",
    confirming: "This sends it to HKEX.",
    confirming_first: "Another person must then check it too before it goes to HKEX.",
    first_checked_by: "First checked by",
    submitted_by: "Submitted by",
    confirmed_by: "Confirmed by",
    confirmed_by_mail: "Confirmed by e-mail by",
    user_ids: "Number of User IDs",
    registered_addresses: "Registered e-mail addresses",
    user_id: "User ID",
    email_address: "Email Address",
    none: "None",
    if_wrong: "Who to call if this is wrong",
    replies: "Replies to this address are not read.",
    only_such_replies: "An e-mail to the reply address counts only as described above.",
    what_you_check: "What you are checking",
    version: "Version",
    form_sha256: "SHA-256 of the form",
    or_by_mail: "You can also decide by e-mail, without signing in. How to do so is described below the request.",
    by_mail: "Or decide by e-mail",
    by_mail_intro: "First review the request above. Then use one of these links. Each opens a new e-mail that is already \
        addressed and has the first line that it needs.",
    confirm_by_mail: "Confirm by e-mail",
    confirm_does: "Send the e-mail as it opens. This confirms version {version} of the request and sends it to HKEX. \
        Whatever you add below the first line goes along as your message.",
    confirm_does_first: "Send the e-mail as it opens. This confirms version {version} of the request as the first of two \
        checkers; another person must check it too before it goes to HKEX. Whatever you add below the first line goes along \
        as your message.",
    return_by_mail: "Return by e-mail",
    return_does: "Write your reason right below the first line, with no empty line between them, in up to {most} \
        characters, and send the e-mail. This returns the request to {maker} as a draft.",
    without_links: "If the links open nothing, reply to this e-mail: on the first line write CONFIRM or RETURN, then a space \
        and the reference number, {reference}. Your message or reason goes right below it.",
    again: "How to decide on the request",
    again_in_the_portal: "Open the request with the link below and decide on it in the portal.",
    again_by_mail: "Or go back to the e-mail that asked you to check it (not this one) and use its link “Confirm by \
        e-mail” or “Return by e-mail”. Confirming is for version {version} of the request.",
    again_without_links: "Or reply to that e-mail: on the first line, above everything else, write CONFIRM or RETURN, then \
        a space and the reference number, {reference}. Your message or reason, in up to {most} characters, goes below it.",
    when_it_counts: "When your reply counts",
    it_arrives: "It arrives by",
    it_comes_from: "It comes from",
    otherwise: "If someone claims or changes the request before your reply arrives, the reply does nothing, and you \
        get an e-mail that says so.",
    keep_to_yourself: "Do not forward this e-mail: its reply address is for you alone.",
    status_now: "The request’s status is now: {status}.",
    claimed: "Claimed By {holder} on {since}",
    no_further_reply: "Another reply to that e-mail would do nothing either. To decide on the request or see its status, open it.",
    last_answer: "This is the last answer of this kind that you get today. Until midnight, Hong Kong time, a reply that does \
        nothing is not answered. To decide on a request, sign in and open it.",
    not_you: "If you did not send that reply, tell the people who run e-mail at {company}.",
    why_returned: "You are receiving this e-mail because this request was returned in your name.",
    why_replied: "You are receiving this e-mail because a reply about this request came from your address.",
    wording,
    without_addresses,
    why: |audience| match audience {
        Audience::Checkers => "You are receiving this e-mail because you can check requests of {company}.",
        Audience::OtherCheckers => {
            "You are receiving this e-mail because you were asked to check this request. You can switch such e-mails off \
                in your profile."
        }
        Audience::Colleagues => {
            "You are receiving this e-mail because {maker}, who made this request, is away, has left or may no longer \
                make requests, and you may make requests of {company}."
        }
        Audience::Maker => "You are receiving this e-mail because you made this request.",
        Audience::Checker => "You are receiving this e-mail because this request was confirmed in your name.",
        Audience::Holder | Audience::Officer => {
            "You are receiving this e-mail because you hold this request."
        }
        Audience::LastHolder | Audience::LastOfficer => {
            "You are receiving this e-mail because you had claimed this request."
        }
        Audience::ExchangeDesk => {
            "You are receiving this e-mail because you handle requests on the exchange desk."
        }
        Audience::ContactPersons => {
            "You are receiving this e-mail because {company} named you as a contact person for this request."
        }
        Audience::NewAddresses => "You are receiving this e-mail because {company} registered this address.",
        Audience::PersonConcerned => "You are receiving this e-mail because this request was about you.",
    },
    status: |state, end| wording::brief_status(state, end, Language::English),
};

fn wording(kind: Kind) -> Wording {
    match kind {
        Kind::ToCheck => check::TO_CHECK,
        Kind::ToCheckAgain => check::TO_CHECK_AGAIN,
        Kind::CheckedOnce => check::CHECKED_ONCE,
        Kind::FirstCheckReceipt => check::FIRST_RECEIPT,
        Kind::ToCheckHere => company::TO_CHECK_HERE,
        Kind::Done => company::DONE,
        Kind::AboutYou => company::ABOUT_YOU,
        Kind::DoneByColleague => company::DONE_BY_COLLEAGUE,
        Kind::Withdrawn => WITHDRAWN,
        Kind::ClaimEndsSoon => claim::ENDS_SOON,
        Kind::ClaimEnded => claim::ENDED,
        Kind::HandedOver => claim::HANDED_OVER,
        Kind::BackOnTheDesk => claim::BACK_ON_THE_DESK,
        Kind::OfficersClaimEndsSoon => claim::OFFICERS_ENDS_SOON,
        Kind::OfficersClaimEnded => claim::OFFICERS_ENDED,
        Kind::TakenOver => claim::TAKEN_OVER,
        Kind::ReturnedByChecker => RETURNED_BY_CHECKER,
        Kind::ReturnedByMail => reply::RETURNED,
        Kind::ReturnReceipt => reply::RETURN_RECEIPT,
        Kind::ReturnedByColleague => colleague::RETURNED,
        Kind::ReturnedWithoutItsMaker => colleague::WITHOUT_ITS_MAKER,
        Kind::ReturnedByExchange => RETURNED_BY_EXCHANGE,
        Kind::ReturnedToItsMaker => RETURNED_TO_ITS_MAKER,
        Kind::Sent => SENT,
        Kind::ConfirmedByColleague => colleague::CONFIRMED,
        Kind::SentByMail => SENT_BY_MAIL,
        Kind::OnTheDesk => ON_THE_DESK,
        Kind::Receipt => RECEIPT,
        Kind::OffTheDesk => OFF_THE_DESK,
        Kind::Completed => COMPLETED,
        Kind::CompletedAsConfirmed => COMPLETED_AS_CONFIRMED,
        Kind::CompletedForContact => COMPLETED_FOR_CONTACT,
        Kind::Registered => REGISTERED,
        Kind::Rejected => REJECTED,
        Kind::RejectedAsConfirmed => REJECTED_AS_CONFIRMED,
        Kind::CheckersUnreachable => colleague::CHECKERS_UNREACHABLE,
        Kind::AddressBounced => bounced::ADDRESS,
        Kind::Declined(why) => reply::declined(why),
    }
}

fn without_addresses(kind: Kind) -> Option<&'static [&'static str]> {
    match kind {
        Kind::Completed => Some(&["HKEX completed your request on {at}."]),
        Kind::CompletedAsConfirmed => Some(&["On {at}, HKEX completed the request that you confirmed."]),
        Kind::CompletedForContact => Some(&[
            "HKEX completed a request of {company} on {at}. {maker} made it and {checker} confirmed it.",
        ]),
        Kind::Rejected => Some(&["{actor} of HKEX rejected your request on {at}. This is final."]),
        Kind::RejectedAsConfirmed => Some(&[
            "You confirmed this request. {actor} of HKEX rejected it on {at}. This is final.",
            "You don’t need to do anything. Its maker, {maker}, is also notified.",
        ]),
        Kind::ToCheck
        | Kind::ToCheckAgain
        | Kind::CheckedOnce
        | Kind::FirstCheckReceipt
        | Kind::ToCheckHere
        | Kind::Done
        | Kind::AboutYou
        | Kind::DoneByColleague
        | Kind::Withdrawn
        | Kind::ClaimEndsSoon
        | Kind::ClaimEnded
        | Kind::HandedOver
        | Kind::BackOnTheDesk
        | Kind::OfficersClaimEndsSoon
        | Kind::OfficersClaimEnded
        | Kind::TakenOver
        | Kind::ReturnedByChecker
        | Kind::ReturnedByMail
        | Kind::ReturnReceipt
        | Kind::ReturnedByColleague
        | Kind::ReturnedWithoutItsMaker
        | Kind::ReturnedByExchange
        | Kind::ReturnedToItsMaker
        | Kind::Sent
        | Kind::ConfirmedByColleague
        | Kind::SentByMail
        | Kind::OnTheDesk
        | Kind::Receipt
        | Kind::OffTheDesk
        | Kind::Registered
        | Kind::CheckersUnreachable
        | Kind::AddressBounced
        | Kind::Declined(_) => None,
    }
}

const OPEN: Option<&str> = Some("Open the request");

const WITHDRAWN: Wording = Wording {
    subject: "withdrawn, nothing to check",
    preheader: "{actor} took it back on {at}. You don’t need to do anything.",
    heading: "Withdrawn by its maker",
    opening: &[
        "{actor} of {company} took this request back on {at}. It is a draft again.",
        "You don’t need to do anything. If it is submitted again, you get another e-mail.",
    ],
    steps: &[],
    link: None,
};

const RETURNED_BY_CHECKER: Wording = Wording {
    subject: "returned to you",
    preheader: "{actor} returned it on {at} and gave a reason.",
    heading: "Returned to you",
    opening: &[
        "{actor} checked your request and returned it to you on {at}. It is a draft again. It was not sent to HKEX.",
    ],
    steps: &[
        "Open the request and choose “Edit”.",
        "Make the corrections that the message asks for.",
        "Choose “Preview”, then “Submit”, and “Confirm” in the box that opens. It keeps its reference number, and the \
            checkers are notified.",
    ],
    link: OPEN,
};

const RETURNED_BY_EXCHANGE: Wording = Wording {
    subject: "returned by HKEX",
    preheader: "{actor} of HKEX returned it on {at} and gave a reason.",
    heading: "Returned by HKEX",
    opening: &["{actor} of HKEX returned your request to you on {at}. It is a draft again."],
    steps: &[
        "Open the request and choose “Edit”.",
        "Make the corrections that the message asks for.",
        "Choose “Preview”, then “Submit”, and “Confirm” in the box that opens. It keeps its reference number, and must \
            be checked again before it goes to HKEX.",
    ],
    link: OPEN,
};

const RETURNED_TO_ITS_MAKER: Wording = Wording {
    subject: "returned by HKEX to its maker",
    preheader: "{actor} of HKEX returned it to {maker} on {at}.",
    heading: "Returned by HKEX to its maker",
    opening: &[
        "You confirmed this request. {actor} of HKEX returned it to its maker, {maker}, on {at}. It is a draft again.",
        "You don’t need to do anything now. When {maker} submits it again, it must be checked again, and you get another e-mail.",
    ],
    steps: &[],
    link: OPEN,
};

const SENT: Wording = Wording {
    subject: "sent to HKEX",
    preheader: "{actor} confirmed it on {at}. You don’t need to do anything.",
    heading: "Sent to HKEX",
    opening: &[
        "{actor} confirmed your request and sent it to HKEX on {at}.",
        "You don’t need to do anything. You get another e-mail when HKEX completes, returns or rejects it.",
    ],
    steps: &[],
    link: OPEN,
};

const SENT_BY_MAIL: Wording = Wording {
    opening: &[
        "{actor} confirmed your request by e-mail. It was sent to HKEX on {at}.",
        "You don’t need to do anything. You get another e-mail when HKEX completes, returns or rejects it.",
    ],
    ..SENT
};

const ON_THE_DESK: Wording = Wording {
    subject: "new on the exchange desk",
    preheader: "{company} sent it on {at}.",
    heading: "New on the exchange desk",
    opening: &["{company} sent this request on {at}. It is waiting for an officer to claim it."],
    steps: &[
        "Open the request with the link below, or find {reference} under “Tasks”, and choose “Claim”.",
        "Review it and choose “Complete”. To send it back to its maker, choose “Return”; to refuse it for good, choose \
            “Reject”. Either needs a message that says why.",
    ],
    link: OPEN,
};

const RECEIPT: Wording = Wording {
    subject: "you confirmed it by e-mail",
    preheader: "Sent to HKEX on {at}. If you did not mean to, you can still take it back.",
    heading: "You confirmed this request by e-mail",
    opening: &["You confirmed this request by e-mail. It was sent to HKEX on {at}."],
    steps: &[
        "Open the request and choose “Reclaim”. This works until an officer of HKEX claims it; after that, ask HKEX to return it.",
        "The request is then claimed by you. Choose “Return” and say why, or review it again and confirm it.",
        "If it was not you who confirmed it, also tell {maker} and the people who run e-mail at {company}.",
    ],
    link: Some("Open the request to reclaim it"),
};

const OFF_THE_DESK: Wording = Wording {
    subject: "withdrawn from the exchange desk",
    preheader: "{actor} took it back on {at}. You don’t need to do anything.",
    heading: "Withdrawn from the exchange desk",
    opening: &[
        "{actor} of {company} had confirmed this request, but took it back on {at}. It is no longer on the exchange desk.",
        "You don’t need to do anything. If it is sent again, you get another e-mail.",
    ],
    steps: &[],
    link: None,
};

const COMPLETED: Wording = Wording {
    subject: "completed",
    preheader: "HKEX completed it on {at}.",
    heading: "Completed",
    opening: &[
        "HKEX completed your request on {at}. The e-mail addresses below are now registered, and each receives an e-mail to confirm it.",
    ],
    steps: &[],
    link: OPEN,
};

const COMPLETED_AS_CONFIRMED: Wording = Wording {
    opening: &[
        "On {at}, HKEX completed the request that you confirmed. The e-mail addresses below are now registered, and \
            each receives an e-mail to confirm it.",
    ],
    ..COMPLETED
};

const COMPLETED_FOR_CONTACT: Wording = Wording {
    opening: &[
        "HKEX completed a request of {company} on {at}. {maker} made it and {checker} confirmed it.",
        "The e-mail addresses below are now registered. Each receives an e-mail to confirm it, which names you as a \
            person to call if it is wrong.",
    ],
    link: None,
    ..COMPLETED
};

const REGISTERED: Wording = Wording {
    subject: "your e-mail address is registered",
    preheader: "{company} registered it on {at}.",
    heading: "Your e-mail address is registered",
    opening: &[
        "This e-mail address, {address}, was registered on {at} for each User ID below, at the request of {company}, \
            {participantship}. {maker} made the request, {checker} confirmed it, and HKEX completed it.",
        "You can review it in the User Profile Listing: in DMS, under Security Management Functions.",
    ],
    steps: &[],
    link: None,
};

const REJECTED: Wording = Wording {
    subject: "rejected by HKEX",
    preheader: "{actor} of HKEX rejected it on {at} and gave a reason.",
    heading: "Rejected by HKEX",
    opening: &[
        "{actor} of HKEX rejected your request on {at}. This is final. None of its e-mail addresses was registered.",
    ],
    steps: &[
        "Open the request and choose “Clone”. This makes a new draft with the same contents.",
        "Make the corrections that the message asks for, and confirm the declaration again.",
        "Choose “Preview”, then “Submit”, and “Confirm” in the box that opens. It gets a new reference number.",
    ],
    link: OPEN,
};

const REJECTED_AS_CONFIRMED: Wording = Wording {
    opening: &[
        "You confirmed this request. {actor} of HKEX rejected it on {at}. This is final. None of its e-mail addresses was registered.",
        "You don’t need to do anything. Its maker, {maker}, is also notified.",
    ],
    steps: &[],
    ..REJECTED
};
