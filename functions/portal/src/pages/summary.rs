//! What a request is, in a few facts that the page always shows.

use countersign_domain::eservice::ACTING_AS;
use countersign_domain::request::{Head, State};
use countersign_domain::time::{self, shown_day};

use crate::visit::Visit;
use crate::wording::tag_of;

pub(crate) struct Summary {
    pub(crate) reference: String,
    /// When the last step was taken, unless the status says it.
    pub(crate) updated: Option<String>,
    pub(crate) status: String,
    pub(crate) tag: &'static str,
    /// Who has it and since when, unless the status says it.
    pub(crate) holder: Option<(String, String)>,
    pub(crate) claim_ends: Option<String>,
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

impl Summary {
    pub(crate) fn of(visit: &Visit, head: &Head) -> Self {
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
            status: (w.status)(&head.state),
            tag: tag_of(head.state.name()),
            holder: holder
                .filter(|_| !says_its_time)
                .map(|taken| (taken.by.name.clone(), time::shown(taken.at))),
            claim_ends: head.state.lease_ends().map(time::shown),
            waiting: head.desk_since.filter(|_| holder.is_none()).map(time::shown),
            maker: head.maker.name.clone(),
            acting_as: ACTING_AS.text(w.language),
            participantship: head.participantship.as_ref().map(ToString::to_string),
            deadline: has_deadline.then(|| shown_day(campaign.deadline())),
            is_late: head.is_late(campaign, visit.now),
            version: head.version,
            form_hash: head.form_hash.to_string(),
        }
    }
}
