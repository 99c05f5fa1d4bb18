//! The warning that a claim ends soon, with the way to keep it.

use countersign_domain::id::RequestId;
use countersign_domain::receipt::Receipt;
use countersign_domain::request::{State, StateName};
use countersign_domain::time;
use countersign_domain::workflow::Action;
use countersign_platform::store::requests::StoredRequest;
use jiff::{SignedDuration, Timestamp};

use super::steps::new_key;
use crate::wording::Words;

/// How long before its end the holder of a claim is warned on the page.
const LEAD: SignedDuration = SignedDuration::from_mins(30);

/// How long before its end a list warns of it. It takes time to open the request from there.
const LEAD_ON_LISTS: SignedDuration = SignedDuration::from_hours(1);

/// A claim of the reader's that will end.
pub(crate) struct ClaimWarning {
    pub(crate) id: RequestId,
    pub(crate) tag: String,
    pub(crate) key: String,
    pub(crate) ends: String,
    /// When it ends, in seconds since 1970, for the script that warns while the page is open.
    pub(crate) ends_at: i64,
    pub(crate) lead: i64,
    /// Whether it ends so soon that the page says so from the start.
    pub(crate) is_near: bool,
}

impl ClaimWarning {
    /// The warning for someone who may keep the claim; `None` for anyone else, and for a claim without an end.
    pub(crate) fn of(request: &StoredRequest, allowed: &[Action], now: Timestamp) -> Option<Self> {
        let head = &request.stored.head;
        let ends = head.state.lease_ends()?;
        allowed.contains(&Action::Claim).then(|| Self {
            id: head.id,
            tag: Receipt::of(head).tag(),
            key: new_key(),
            ends: time::shown(ends),
            ends_at: ends.as_second(),
            lead: LEAD.as_secs(),
            is_near: ends.duration_since(now) <= LEAD,
        })
    }
}

/// That a claim ends soon, for a list.
pub(super) fn ends_soon(state: &State, now: Timestamp, w: &Words) -> Option<String> {
    let left = state.lease_ends()?.duration_since(now);
    (left <= LEAD_ON_LISTS).then(|| (w.on_desk.ends_in)(left.as_mins().max(0)))
}

/// Whether a step on a request in this state lets its holder keep it.
pub(super) fn is_keeping(action: Action, state: StateName) -> bool {
    action == Action::Claim && state.is_held()
}

/// The name of a step's button on a request in this state.
pub(super) fn name_of(action: Action, state: StateName, w: &Words) -> &'static str {
    if is_keeping(action, state) {
        w.on_own.keep_claim
    } else {
        (w.action)(action)
    }
}

/// Whether a step only let its holder keep the request.
pub(super) fn keeps_claim(action: Action, from: Option<StateName>, to: StateName) -> bool {
    to.is_held() && from.is_some_and(|from| is_keeping(action, from))
}
