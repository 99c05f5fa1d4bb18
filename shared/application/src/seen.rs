//! Which version of a request a person last opened: to tell them what has changed since, and to let them confirm several
//! requests only after they opened each of them.

use std::collections::{BTreeSet, HashMap};

use countersign_domain::history::HistoryRow;
use countersign_domain::id::{CompanyId, RequestId};
use countersign_domain::request::Head;
use countersign_platform::App;
use countersign_platform::store::StoreError;
use countersign_platform::store::requests::StoredRequest;
pub use countersign_platform::store::seen::Seen;

use crate::access::Caller;

/// Reads what the caller last saw of a request.
pub async fn last(app: &App, caller: &Caller, id: RequestId) -> Result<Option<Seen>, StoreError> {
    let member = &caller.member;
    app.store().seen(id, &member.company, &member.person.id).await
}

/// Reads what the caller last saw of each of these requests. Leaves out those that they never opened.
pub async fn of_each(
    app: &App,
    caller: &Caller,
    ids: &BTreeSet<RequestId>,
) -> Result<HashMap<RequestId, Seen>, StoreError> {
    let member = &caller.member;
    app.store()
        .seen_of_each(ids, &member.company, &member.person.id)
        .await
}

/// What someone has seen once they open a request as it was read, after what they saw of it before.
pub fn on_opening(request: &StoredRequest, last: Option<Seen>) -> Option<Seen> {
    let version = request.stored.head.version;
    let form = form_version(&request.history)?;
    Some(match last {
        Some(last) if last.version >= version => last,
        Some(last) if last.form == form => Seen { version, ..last },
        last => Seen {
            version,
            form,
            form_before: last.map(|last| last.form),
        },
    })
}

/// Records what the caller has seen of a request. If that fails, the caller still sees the request.
pub async fn record(app: &App, caller: &Caller, id: RequestId, seen: &Seen) {
    let member = &caller.member;
    let store = app.store();
    let recorded = store
        .record_seen(id, &member.company, &member.person.id, seen)
        .await;
    if let Err(error) = recorded {
        tracing::warn!(%error, "recording what was seen");
    }
}

/// Whether the caller's own company asks for a record of who saw what. Known before a request is read, so that it takes no
/// time of its own.
pub async fn own_company_asks(app: &App, caller: &Caller) -> Result<bool, StoreError> {
    asks(app, &caller.member.company).await
}

async fn asks(app: &App, company: &CompanyId) -> Result<bool, StoreError> {
    let company = app.store().company(company).await?;
    Ok(company.is_some_and(|company| company.records_views))
}

/// Keeps that the caller opened a request, if the request's company asks for that. If it can't be kept, the caller still
/// sees the request.
pub async fn record_view(app: &App, caller: &Caller, head: &Head, own_asks: bool) {
    let kept = async {
        let is_own = head.company == caller.member.company;
        let is_asked = if is_own {
            own_asks
        } else {
            asks(app, &head.company).await?
        };
        if is_asked {
            let store = app.store();
            store
                .record_view(head.id, &caller.member, head.version, app.now())
                .await?;
        }
        Ok::<_, StoreError>(())
    };
    if let Err(error) = kept.await {
        tracing::warn!(%error, "recording who saw what");
    }
}

/// The version that saved the present form.
fn form_version(history: &[HistoryRow]) -> Option<u32> {
    let saved = history.iter().rfind(|row| row.saves_form());
    saved.map(|row| row.version)
}
