//! The pending request for an administrator without an address, as far as the caller may know it.

use countersign_application::register;
use countersign_domain::actor::Actor;
use countersign_domain::language::Language;
use countersign_domain::register::Pending;
use countersign_domain::request::DeskKind;
use countersign_domain::time;
use serde::Serialize;

/// A pending request. A caller who may not see it learns only whose desk it is on, since when, and whether it came in
/// time: what a company has not sent is its own.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UnderWay {
    #[serde(skip_serializing_if = "Option::is_none", flatten)]
    request: Option<Known>,
    desk: &'static str,
    since: String,
    guaranteed: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Known {
    request: String,
    reference: String,
    status: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    holder: Option<Holder>,
}

#[derive(Serialize)]
struct Holder {
    name: String,
    since: String,
}

impl UnderWay {
    /// Returns what an actor may know of a pending request.
    pub(crate) fn of(pending: &Pending, actor: &Actor) -> Self {
        let pending = register::UnderWay::of(pending, actor);
        let known = |request: register::KnownRequest<'_>| Known {
            request: request.id.to_string(),
            reference: request.reference.to_string(),
            status: request.status(Language::English),
            holder: request.state.holder().map(|holder| Holder {
                name: holder.by.name.clone(),
                since: time::stored(holder.at),
            }),
        };
        Self {
            request: pending.request.map(known),
            desk: match pending.desk {
                DeskKind::Checkers => "checkers",
                DeskKind::Exchange => "exchange",
            },
            since: time::stored(pending.since),
            guaranteed: pending.guaranteed,
        }
    }
}
