//! English letters to checkers, and about the first of two checks.

use super::{OPEN, Wording};

/// What a checker does, from the portal.
const HOW_TO_CHECK: &[&str] = &[
    "Open the request with the link below, or find {reference} under “Tasks”.",
    "Choose “Claim”. Until you release it or your claim ends, nobody else can decide on it.",
    "Review what {maker} filled in.",
    "Choose “Confirm”, then “Confirm” again in the box that opens. {confirming} If something is wrong, \
        choose “Return” instead and say why.",
];

pub(super) const TO_CHECK: Wording = Wording {
    subject: "ready for you to check",
    preheader: "{actor} submitted it on {at}. Another person at {company} must check it.",
    heading: "Ready for you to check",
    opening: &["{actor} of {company} submitted this request on {at}. {who_checks}"],
    steps: HOW_TO_CHECK,
    link: OPEN,
};

pub(super) const TO_CHECK_AGAIN: Wording = Wording {
    subject: "ready for your second check",
    preheader: "{actor} checked it on {at}. Another person at {company} must check it too.",
    heading: "Ready for your second check",
    opening: &[
        "{actor} of {company} checked this request and confirmed it on {at}. A second person at the company must check it \
            before it goes to HKEX.",
    ],
    steps: HOW_TO_CHECK,
    link: OPEN,
};

pub(super) const CHECKED_ONCE: Wording = Wording {
    subject: "checked once, one more check to go",
    preheader: "{actor} confirmed it on {at}. You don’t need to do anything.",
    heading: "Checked once",
    opening: &[
        "{actor} checked your request and confirmed it on {at}. Another person at {company} must check it too before it goes \
            to HKEX.",
        "You don’t need to do anything. You get another e-mail when it is sent or returned.",
    ],
    steps: &[],
    link: OPEN,
};

pub(super) const FIRST_RECEIPT: Wording = Wording {
    subject: "you checked it first, by e-mail",
    preheader: "Confirmed on {at}. Another person must check it too. If this was not you, tell {maker}.",
    heading: "You checked this request first, by e-mail",
    opening: &[
        "You confirmed this request by e-mail on {at}, as the first of two checkers. It was not sent to HKEX yet: another \
            person at {company} must check it too.",
    ],
    steps: &[
        "Ask the second checker to return it, or {maker} to reclaim it: you can’t take a first check back yourself.",
        "If it was not you who confirmed it, also tell the people who run e-mail at {company}.",
    ],
    link: OPEN,
};
