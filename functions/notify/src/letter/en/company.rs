//! English letters about requests that end at the company.

use super::{OPEN, TO_CHECK, Wording};

pub(super) const TO_CHECK_HERE: Wording = Wording {
    opening: &[
        "{actor} of {company} submitted this request on {at}. It ends at the company: once another person confirms it, the \
            change below takes effect.",
    ],
    steps: &[
        "Open the request with the link below, or find {reference} under “Tasks”.",
        "Choose “Claim”. Until you release it or your claim ends, nobody else can decide on it.",
        "Review what {maker} filled in.",
        "Choose “Confirm”, then “Confirm” again in the box that opens. If something is wrong, choose “Return” instead and \
            say why.",
    ],
    ..TO_CHECK
};

pub(super) const DONE: Wording = Wording {
    subject: "confirmed and completed",
    preheader: "{actor} confirmed it on {at}. The change is in effect.",
    heading: "Confirmed and completed",
    opening: &["{actor} confirmed your request on {at}. The change below is in effect."],
    steps: &[],
    link: OPEN,
};

pub(super) const ABOUT_YOU: Wording = Wording {
    subject: "your access has changed",
    preheader: "{company} changed it on {at}.",
    heading: "Your access has changed",
    opening: &[
        "On {at}, {company} completed a request about you: {maker} made it, and {actor} confirmed it.",
        "If you did not expect this, ask one of them.",
    ],
    steps: &[],
    link: None,
};

pub(super) const DONE_BY_COLLEAGUE: Wording = Wording {
    subject: "confirmed, nothing to check",
    preheader: "{actor} confirmed it on {at}. You don’t need to do anything.",
    heading: "Confirmed by a colleague",
    opening: &[
        "You were asked to check this request. {actor} confirmed it on {at}, and it is completed.",
        "You don’t need to do anything.",
    ],
    steps: &[],
    link: OPEN,
};
