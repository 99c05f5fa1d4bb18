//! English letters on claims that end or change hands.

use super::{OPEN, Wording};

pub(super) const ENDS_SOON: Wording = Wording {
    subject: "your claim ends soon",
    preheader: "It ends on {ends}. Confirm, return or release the request before then.",
    heading: "Your claim ends soon",
    opening: &[
        "This request has been with you since {at}. Your claim ends on {ends}. If you have not confirmed or returned \
            it by then, it goes back to the Tasks list, where you or a colleague can claim it.",
    ],
    steps: &[
        "Open the request and review what {maker} filled in.",
        "Choose “Confirm”, then “Confirm” again in the box that opens. {confirming} If something is wrong, \
            choose “Return” instead and say why.",
        "If you can’t decide on it in time, choose “Release”, so that a colleague can claim it.",
    ],
    link: OPEN,
};

pub(super) const ENDED: Wording = Wording {
    subject: "your claim has ended",
    preheader: "It went back to the Tasks list on {at}.",
    heading: "Your claim has ended",
    opening: &[
        "You claimed this request but did not confirm, return or release it in time. Your claim ended on {at}. The \
            request is back on the Tasks list, where you or a colleague can claim it.",
        "To continue checking it, open it and choose “Claim” again.",
    ],
    steps: &[],
    link: OPEN,
};

pub(super) const HANDED_OVER: Wording = Wording {
    subject: "handed over to you to check",
    preheader: "{actor} handed it over to you on {at}. You hold it now.",
    heading: "Handed over to you to check",
    opening: &[
        "{actor} had claimed this request and handed it over to you on {at}. You hold it now, so nobody else can decide on \
            it until you release it or your claim ends.",
    ],
    steps: &[
        "Open the request and review what {maker} filled in.",
        "Choose “Confirm”, then “Confirm” again in the box that opens. If something is wrong, choose “Return” instead and \
            say why.",
        "If you can’t decide on it, choose “Release”, or hand it over to another colleague.",
    ],
    link: OPEN,
};

pub(super) const BACK_ON_THE_DESK: Wording = Wording {
    subject: "back on the Tasks list",
    preheader: "{last_holder}, who had claimed it, is away or has left. You or a colleague can claim it.",
    heading: "Back on the Tasks list",
    opening: &[
        "{last_holder} had claimed this request, and is now away or has left. So it went back to the Tasks list on {at}, \
            where you or a colleague can claim it.",
    ],
    steps: &[
        "Open the request with the link below, or find {reference} under “Tasks”.",
        "Choose “Claim”, review the request and decide on it.",
    ],
    link: OPEN,
};

pub(super) const OFFICERS_ENDS_SOON: Wording = Wording {
    preheader: "It ends on {ends}. Complete, return, reject or release the request before then.",
    opening: &[
        "This request has been with you since {at}. Your claim ends on {ends}. If you have not completed, returned or \
            rejected it by then, it goes back to the desk, where you or another officer can claim it.",
    ],
    steps: &[
        "Open the request and review it.",
        "Choose “Complete”, or “Return” or “Reject” with the reason.",
        "If you can’t decide on it in time, choose “Release”, so that another officer can claim it. To keep it, choose \
            “Keep the claim”.",
    ],
    ..ENDS_SOON
};

pub(super) const OFFICERS_ENDED: Wording = Wording {
    preheader: "It went back to the desk on {at}.",
    opening: &[
        "You claimed this request but did not complete, return, reject or release it in time. Your claim ended on {at}. \
            The request is back on the desk, where you or another officer can claim it.",
        "To go on with it, open it and choose “Claim” again.",
    ],
    ..ENDED
};

pub(super) const TAKEN_OVER: Wording = Wording {
    subject: "taken over by another officer",
    preheader: "{actor} took it over on {at} and said why. You don’t need to do anything.",
    heading: "Taken over by another officer",
    opening: &[
        "You had claimed this request. {actor} took it over on {at}, and holds it now.",
        "You don’t need to do anything.",
    ],
    steps: &[],
    link: OPEN,
};
