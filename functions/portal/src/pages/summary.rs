//! What a request is, in a few facts that the page always shows.

use countersign_domain::eservice::ACTING_AS;
use countersign_domain::names::Names;
use countersign_domain::request::{Checks, Head, State, Taken};
use countersign_domain::time::{self, shown_day};

use crate::visit::Visit;
use crate::wording::{Words, tag_of};

pub(crate) struct Summary {
    pub(crate) reference: String,
    /// When the last step was taken, unless the status says it.
    pub(crate) updated: Option<String>,
    pub(crate) status: String,
    pub(crate) tag: &'static str,
    /// Who has it and since when, unless the status says it.
    pub(crate) holder: Option<(String, String)>,
    pub(crate) claim_ends: Option<String>,
    /// Who checked it first and when, if two people check it.
    pub(crate) first_check: Option<FirstCheck>,
    pub(crate) waiting: Option<String>,
    pub(crate) maker: String,
    pub(crate) acting_as: &'static str,
    pub(crate) participantship: Option<String>,
    /// The deadline, if the eService has one.
    pub(crate) deadline: Option<String>,
    /// Whether it is not guaranteed.
    pub(crate) is_late: bool,
    pub(crate) version: u32,
    pub(crate) form_hash: String,
}

/// The first of two checks.
pub(crate) enum FirstCheck {
    /// Nobody has checked the request yet.
    Due,
    /// This person did, at this time.
    Done(String, String),
}

impl FirstCheck {
    fn of(head: &Head, names: &Names, w: &Words) -> Option<Self> {
        let who = |taken: &Taken| w.named(&names.of(&taken.by));
        match (head.state.first_check(), head.checks) {
            (Some(taken), _) => Some(Self::Done(who(taken), time::shown(taken.at))),
            (None, Checks::FirstOfTwo) => Some(Self::Due),
            (None, Checks::One | Checks::LastOfTwo) => None,
        }
    }
}

impl Summary {
    pub(crate) fn of(visit: &Visit, head: &Head, names: &Names) -> Self {
        let (w, campaign) = (visit.words(), &visit.app.config().campaign);
        let says_its_time = matches!(head.state, State::Claimed { .. });
        let has_deadline = head
            .eservice
            .definition()
            .guarantees(campaign, visit.now)
            .is_some();
        let holder = head.state.holder();
        Self {
            reference: head
                .reference
                .as_ref()
                .map_or_else(|| w.no_reference.to_owned(), ToString::to_string),
            updated: (!says_its_time).then(|| time::shown(head.updated_at)),
            status: w.status_among(head, names),
            tag: tag_of(head.state.name()),
            holder: holder
                .filter(|_| !says_its_time)
                .map(|taken| (w.named(&names.of(&taken.by)), time::shown(taken.at))),
            first_check: FirstCheck::of(head, names, w),
            claim_ends: head.state.lease_ends().map(time::shown),
            waiting: head.desk_since.filter(|_| holder.is_none()).map(time::shown),
            maker: w.named(&names.of(&head.maker)),
            acting_as: ACTING_AS.text(w.language),
            participantship: head.participantship.as_ref().map(|own| own.shown(w.language)),
            deadline: has_deadline.then(|| shown_day(campaign.deadline())),
            is_late: head.is_late(campaign, visit.now),
            version: head.version,
            form_hash: head.form_hash.to_string(),
        }
    }
}
