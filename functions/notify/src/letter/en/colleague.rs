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
    subject: "returned, and its maker is not there",
    preheader: "{actor} returned it on {at}. Somebody else has to go on with it.",
    heading: "Returned, and its maker is not there",
    opening: &[
        "{actor} returned this request on {at}. It is a draft again, which only its maker can edit. But its maker, {maker}, \
            is away, has left {company} or may no longer make such requests.",
        "If the request can’t wait, a colleague has to go on with it. Whoever does so counts as one of its makers and can’t \
            check it.",
    ],
    steps: &[
        "Open the request. If you manage your company’s users, choose “Take over”: you become its maker. Otherwise choose \
            “Clone”, which makes a new draft with the same contents.",
        "Correct what the message points out, and confirm the declaration again.",
        "Choose “Preview”, then “Submit”, and “Confirm” in the box that opens.",
    ],
    link: OPEN,
};

pub(super) const CHECKERS_UNREACHABLE: Wording = Wording {
    subject: "no checker could be reached by e-mail",
    preheader: "It is still on the Tasks list. Tell a colleague in person.",
    heading: "No checker could be reached by e-mail",
    opening: &[
        "This request has waited to be checked since {at}. None of your company’s checkers can be reached by e-mail, so none \
         of them knows about it yet.",
        "The request itself is not affected: it is still on the Tasks list.",
    ],
    steps: &[
        "Tell a colleague who can check it. After signing in, they find {reference} under “Tasks”.",
        "Ask your company’s administrator to correct the checkers’ e-mail addresses, so that future e-mails arrive.",
    ],
    link: OPEN,
};
