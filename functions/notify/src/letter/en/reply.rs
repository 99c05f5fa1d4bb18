//! English letters about replies.

use countersign_domain::approval::Declined;

use super::{OPEN, RETURNED_BY_CHECKER, Wording};

pub(super) const RETURNED: Wording = Wording {
    opening: &[
        "{actor} checked your request and returned it to you by e-mail on {at}. It is a draft again. It was not sent to HKEX.",
    ],
    ..RETURNED_BY_CHECKER
};

pub(super) const RETURN_RECEIPT: Wording = Wording {
    subject: "you returned it by e-mail",
    preheader: "It became a draft again on {at}. If this was not you, tell {maker}.",
    heading: "You returned this request by e-mail",
    opening: &[
        "You returned this request to its maker, {maker}, by e-mail. It became a draft again on {at}, and was not sent to HKEX.",
    ],
    steps: &[
        "Ask {maker} to submit it again: you can’t take a return back yourself.",
        "If it was not you who returned it, also tell the people who run e-mail at {company}.",
    ],
    link: OPEN,
};

const DID_NOTHING: &str = "Your reply about this request did nothing: it neither confirmed nor returned it.";

const NOT_AT_TOP: &[&str] = &[
    DID_NOTHING,
    "It starts with quoted text or a signature, and nothing below that counts. Write your decision on the very first \
        line, above everything else.",
];

const BOTH_COMMANDS: &[&str] = &[
    DID_NOTHING,
    "It confirms the request, but the word RETURN stands in it, too, so what you decide is in doubt. Write a new e-mail \
        that has only one of the two.",
];

const DAMAGED: &[&str] = &[
    DID_NOTHING,
    "It arrived damaged, so what it says is in doubt. Write a new message as plain text, or sign in and decide in \
        the portal.",
];

const DECLINED: Wording = Wording {
    subject: "your reply did nothing",
    preheader: "It neither confirmed nor returned the request. This e-mail says why.",
    heading: "Your reply did nothing",
    opening: &[DID_NOTHING],
    steps: &[],
    link: OPEN,
};

const NO_REASON: &[&str] = &[
    DID_NOTHING,
    "It returns the request and gives no reason. Write the reason on the first line, after the reference number, \
        or on the line below it.",
];

const RIGHT_MISSING: &[&str] = &[
    DID_NOTHING,
    "You no longer have the access right EU_UserMaintenance, which you need to check requests of {company}. If \
        this is a mistake, ask your company’s administrator.",
];

const OWN_REQUEST: &[&str] = &[
    DID_NOTHING,
    "You have edited this request since that e-mail was sent, so another person at {company} must check it. \
        You don’t need to do anything.",
];

const ENCRYPTED: &[&str] = &[
    DID_NOTHING,
    "Its text is encrypted or packed (S/MIME, PGP or winmail.dat), so it can’t be read here. Turn that off for this \
        reply, or sign in and decide in the portal.",
];

pub(super) fn declined(why: Declined) -> Wording {
    Wording {
        opening: opening(why),
        // For someone who has lost the right, the request does not exist.
        link: DECLINED.link.filter(|_| why != Declined::RightMissing),
        ..DECLINED
    }
}

fn opening(why: Declined) -> &'static [&'static str] {
    match why {
        Declined::NotUnderstood => &[DID_NOTHING, "Its first line is neither of the two that count."],
        Declined::NoReason => NO_REASON,
        Declined::BothCommands => BOTH_COMMANDS,
        Declined::NotAtTop => NOT_AT_TOP,
        Declined::RenderingsDiffer => &[
            DID_NOTHING,
            "Its text comes in two versions that say different things. Write a new e-mail as plain text.",
        ],
        Declined::ControlCharacters => &[
            DID_NOTHING,
            "It contains a control character, such as a special line break from another program, so what its lines say is in \
                doubt. Type the text again instead of pasting it.",
        ],
        Declined::OtherRequest => &[
            DID_NOTHING,
            "The e-mail that you replied to is about {reference}, but the first line of your reply names another request.",
        ],
        Declined::Expired => &[
            DID_NOTHING,
            "It arrived too late: a reply counts for {hours} working hours, and never after the deadline, {deadline}.",
        ],
        Declined::Spent => &[
            DID_NOTHING,
            "A reply to that e-mail has already decided on the request. Each such e-mail can be used only once.",
        ],
        Declined::SwitchedOff => &[
            DID_NOTHING,
            "Deciding by reply is switched off for {company} or for you.",
        ],
        Declined::RightMissing => RIGHT_MISSING,
        Declined::OwnRequest => OWN_REQUEST,
        Declined::CheckedFirst => &[
            DID_NOTHING,
            "You were the first to check this request, so another person at {company} must be the second. You don’t need to do \
                anything.",
        ],
        Declined::NoLongerPossible => &[
            DID_NOTHING,
            "The request has changed since that e-mail was sent, or someone else is handling it.",
        ],
        Declined::SeveralTokens => &[
            DID_NOTHING,
            "It was sent to the reply addresses of several e-mails. Reply to each of them separately.",
        ],
        Declined::OnBehalf => &[
            DID_NOTHING,
            "It is marked as sent on your behalf or resent by someone else. Only a reply that you send yourself, from your \
                own mailbox, counts.",
        ],
        Declined::Encrypted => ENCRYPTED,
        Declined::UnknownCharacters => &[
            DID_NOTHING,
            "Its text is in a character set or an encoding that is not known here, or some of its characters \
                can’t be read. Write it as plain text in UTF-8, or sign in and decide in the portal.",
        ],
        Declined::TooLong => &[
            DID_NOTHING,
            "It is too long, or has too many parts. Write a new message without what it quotes and without attachments.",
        ],
        Declined::NoText => &[
            DID_NOTHING,
            "It contains no text: pictures and attachments are not read.",
        ],
        Declined::Damaged => DAMAGED,
    }
}
