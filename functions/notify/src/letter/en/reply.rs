//! What is said of replies.

use countersign_domain::approval::Declined;

use super::{OPEN, RETURNED_BY_CHECKER, Wording};

pub(super) const RETURNED: Wording = Wording {
    opening: &[
        "{actor} returned your request to you on {at}, by replying to the mail about it. It is a draft again. It was not sent to HKEX.",
    ],
    ..RETURNED_BY_CHECKER
};

pub(super) const RETURN_RECEIPT: Wording = Wording {
    subject: "you returned it by e-mail",
    preheader: "It is a draft again since {at}. If it was not you, tell {maker}.",
    heading: "You returned this request by e-mail",
    opening: &[
        "You returned this request to its maker, {maker}, by replying to the mail about it. It is a draft again since {at}, and was not sent to HKEX.",
        "If it was not you, tell {maker}, who can submit it again, and whoever looks after the e-mail of {company}.",
    ],
    steps: &[],
    link: OPEN,
};

const DID_NOTHING: &str =
    "Your reply to the mail about this request did nothing: it neither confirmed nor returned it.";

const DECLINED: Wording = Wording {
    subject: "your reply did nothing",
    preheader: "It neither confirmed nor returned the request. This mail says why.",
    heading: "Your reply did nothing",
    opening: &[DID_NOTHING],
    steps: &[],
    link: OPEN,
};

pub(super) fn declined(why: Declined) -> Wording {
    let opening: &[&str] = match why {
        Declined::NotUnderstood => &[
            DID_NOTHING,
            "Its first line is not written in one of the two ways that count.",
        ],
        Declined::OtherRequest => &[
            DID_NOTHING,
            "The mail that you replied to is about {reference}, but the first line of your reply names another request.",
        ],
        Declined::Expired => &[
            DID_NOTHING,
            "It came too late: a reply counts for {hours} hours at most, and not after the deadline, {deadline}.",
        ],
        Declined::Spent => &[
            DID_NOTHING,
            "A reply to that mail has decided on the request already. Each such mail can decide once.",
        ],
        Declined::SwitchedOff => &[
            DID_NOTHING,
            "Deciding by reply is switched off, for {company} or for you.",
        ],
        Declined::RightMissing => &[
            DID_NOTHING,
            "You no longer have the access right EU_UserMaintenance, which is needed to check the requests of {company}. If that is a mistake, ask your company's administrator.",
        ],
        Declined::OwnRequest => &[
            DID_NOTHING,
            "You have edited this request since that mail, so another person of {company} has to check it. There is nothing for you to do.",
        ],
        Declined::NoLongerPossible => &[
            DID_NOTHING,
            "The request has changed since that mail, or is in other hands.",
        ],
    };
    Wording {
        opening,
        // To whom lost the right, the request does not exist.
        link: DECLINED.link.filter(|_| why != Declined::RightMissing),
        ..DECLINED
    }
}
