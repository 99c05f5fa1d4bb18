//! Finds requests, and reads them with everything about them.

use countersign_domain::id::{CompanyId, Reference, RequestId};
use countersign_platform::store::Store;
use countersign_platform::store::item::StoredHead;
use countersign_platform::store::page::MAX_LIMIT;
use indicatif::{ProgressBar, ProgressStyle};

use crate::AdminError;

/// The heads of a company's requests, oldest first.
pub(crate) async fn of_company(store: &Store, company: &CompanyId) -> Result<Vec<StoredHead>, AdminError> {
    let (mut all, mut start) = (Vec::new(), None);
    loop {
        let page = store.company_requests(company, MAX_LIMIT, start).await?;
        all.extend(page.items);
        start = page.next;
        if start.is_none() {
            all.reverse();
            return Ok(all);
        }
    }
}

/// The request that a reference number or an ID names.
pub(crate) async fn named(store: &Store, text: &str) -> Result<RequestId, AdminError> {
    let found = match (RequestId::parse(text), Reference::parse_typed(text)) {
        (Some(id), _) => Some(id),
        (None, Some(reference)) => store.by_reference(&reference).await?,
        (None, None) => None,
    };
    found.ok_or_else(|| AdminError::Deployment(format!("there is no request {text}")))
}

/// A bar on standard error, if that is a terminal.
pub(crate) fn progress(what: &'static str, all: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} {bar:30} {pos}/{len} ({per_sec}, {eta} left)");
    let bar = ProgressBar::new(u64::try_from(all).unwrap_or(u64::MAX)).with_message(what);
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
