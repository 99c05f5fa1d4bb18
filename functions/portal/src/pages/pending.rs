//! A request under way for an administrator without an address, as pages show it.

use countersign_application::register;
use countersign_domain::register::{Pending, Readiness};
use countersign_domain::time;

use crate::reply::Stop;
use crate::visit::Visit;

/// A request under way.
pub(crate) struct UnderWay {
    /// ID, reference number and status, if the reader may know them.
    pub(crate) known: Option<(String, String, String)>,
    pub(crate) desk: &'static str,
    pub(crate) since: String,
    pub(crate) is_late: bool,
}

impl UnderWay {
    /// The parts of a pending request that the reader may know.
    pub(crate) fn of(visit: &Visit, pending: &Pending) -> Result<Self, Stop> {
        let w = visit.words();
        let pending = register::UnderWay::of(pending, &visit.actor()?);
        let known = |request: register::KnownRequest<'_>| {
            let (id, reference) = (request.id.to_string(), request.reference.to_string());
            (id, reference, request.status(w.language))
        };
        Ok(Self {
            known: pending.request.map(known),
            desk: (w.on_readiness.desk)(pending.desk, visit.caller()?.member.is_officer()),
            since: time::shown(pending.since),
            is_late: !pending.guaranteed,
        })
    }
}

/// The colour of a readiness's tag.
pub(crate) fn colour(readiness: Readiness) -> &'static str {
    match readiness {
        Readiness::Ready => "good",
        Readiness::Pending => "info",
        Readiness::NotGuaranteed => "warn",
        Readiness::AddressBounced => "bad",
        Readiness::NotRegistered => "",
    }
}
