//! English letters to colleagues: somebody decided, or nobody is there who could go on.

use super::{OPEN, Wording};

pub(super) const CONFIRMED: Wording = Wording {
    subject: "confirmed, nothing to check",
    preheader: "{actor} confirmed it on {at}. You don’t need to do anything.",
    heading: "Confirmed by a colleague",
    opening: &[
        "You were asked to check this request. {actor} confirmed it and sent it to HKEX on {at}.",
        "You don’t need to do anything.",
    ],
    steps: &[],
    link: OPEN,
};

pub(super) const RETURNED: Wording = Wording {
    subject: "returned, nothing to check",
    preheader: "{actor} returned it to {maker} on {at}. You don’t need to do anything.",
    heading: "Returned by a colleague",
    opening: &[
        "You were asked to check this request. {actor} returned it to its maker, {maker}, on {at}. It is a draft again.",
        "You don’t need to do anything. If it is submitted again, you get another e-mail.",
    ],
    steps: &[],
    link: OPEN,
};

pub(super) const WITHOUT_ITS_MAKER: Wording = Wording {
    subject: "returned, and its maker has left",
    preheader: "{actor} returned it on {at}. Somebody else has to go on with it.",
    heading: "Returned, and its maker has left",
    opening: &[
        "{actor} returned this request on {at}. It is a draft again, which only its maker can edit. But its maker, {maker}, \
            has left {company} or may no longer make requests there.",
        "If the request is still needed, a colleague has to make it again. You can do so from a copy. Somebody else must \
            check the copy: nobody can check it who filled in the original.",
    ],
    steps: &[
        "Open the request and choose “Clone”. This makes a new draft with the same contents, and you are its maker.",
        "Correct what the message points out, and confirm the declaration again.",
        "Choose “Preview”, then “Submit”, and “Confirm” in the box that opens. It gets a new reference number.",
    ],
    link: OPEN,
};
