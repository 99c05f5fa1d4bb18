//! English letters on claims that end.

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
