//! The English letter about a registered address from which mail comes back.

use super::{OPEN, Wording};

pub(super) const ADDRESS: Wording = Wording {
    subject: "a registered address bounced",
    preheader: "Mail to {bounced} comes back. Correct the address, or ask HKEX to try it again.",
    heading: "A registered address bounced",
    opening: &[
        "HKEX completed this request on {at}. The e-mail about it to {bounced} came back, so no e-mail reaches that address.",
        "It is registered for {bounced_user_ids}. On the page “2FA readiness” it now says “Address bounced”, and no further \
            e-mail goes to the address.",
    ],
    steps: &[
        "Ask whoever uses the address whether it is right.",
        "If it is wrong, make a new request that registers the right one. The page “2FA readiness” has a link that begins it.",
        "If it is right, have the people who run your e-mail find out why it was refused. Then ask HKEX to let e-mail out to \
            it again, or register it anew.",
    ],
    link: OPEN,
};
