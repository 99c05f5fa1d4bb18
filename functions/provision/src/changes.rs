//! Looks at the companies that a batch of events is about, each once.

use countersign_platform::queue::{CompanyBatch, to_retry};
use futures_util::StreamExt as _;
use serde_json::Value;

use crate::{LANES, Tools, reconcile};

/// Brings the accounts of each company up to date, and answers with the messages to retry. An account that can't be does
/// not block the rest.
pub(crate) async fn follow(tools: &Tools<'_>, messages: &[Value]) -> Value {
    let CompanyBatch {
        companies,
        mut failures,
    } = CompanyBatch::read(messages);
    let lanes: Vec<_> =
        companies
            .into_iter()
            .map(|(company, messages)| async move {
                (Box::pin(reconcile::company(tools, &company)).await, messages)
            })
            .collect();
    let mut lanes = futures_util::stream::iter(lanes).buffer_unordered(LANES);
    while let Some((report, messages)) = lanes.next().await {
        if report.failed > 0 {
            failures.extend(messages);
        }
    }
    to_retry(failures)
}
