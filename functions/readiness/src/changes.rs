//! Counts the companies that a batch of events is about, each once.
//!
//! A count reads what the table holds now, so events that come twice, late or in another order lead to the same counts.

use countersign_platform::App;
use countersign_platform::queue::{CompanyBatch, to_retry};
use futures_util::StreamExt as _;
use serde_json::Value;

use crate::LANES;

/// Counts the companies that a batch is about, and answers with the messages to retry. A company that can't be counted
/// does not block the rest.
pub(crate) async fn count(app: &App, messages: &[Value]) -> Value {
    let CompanyBatch {
        companies,
        mut failures,
    } = CompanyBatch::read(messages);
    let lanes: Vec<_> = companies
        .into_iter()
        .map(|(company, messages)| async move { (crate::count(app, &company).await, company, messages) })
        .collect();
    let mut lanes = futures_util::stream::iter(lanes).buffer_unordered(LANES);
    while let Some((counted, company, messages)) = lanes.next().await {
        if let Err(error) = counted {
            tracing::error!(%error, %company, "a company was not counted");
            failures.extend(messages);
        }
    }
    to_retry(failures)
}
