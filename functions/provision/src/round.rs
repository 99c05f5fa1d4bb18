//! Looks at every company.

use std::time::{Duration, Instant};

use countersign_domain::id::CompanyId;
use countersign_platform::lambda::Failure;
use futures_util::StreamExt as _;
use serde_json::Value;

use crate::reconcile::Report;
use crate::{LANES, Tools, reconcile};

/// After this long the round starts no further company. The function's own time limit is 5 minutes.
const BUDGET: Duration = Duration::from_mins(4);

/// Brings every account up to date. A company whose accounts are up to date costs one read, so a round that is cut off need
/// not store its place.
pub(crate) async fn run(tools: &Tools<'_>) -> Result<Value, Failure> {
    let listed = tools.app.store().companies(None, None).await.map_err(|error| {
        tracing::error!(%error, "the list of companies");
        Failure
    })?;
    let started = Instant::now();
    let lane = |company: CompanyId| async move {
        if started.elapsed() > BUDGET {
            return Report::left();
        }
        Box::pin(reconcile::company(tools, &company)).await
    };
    let companies = listed.into_iter().map(|company| company.id);
    let mut lanes = futures_util::stream::iter(companies)
        .map(lane)
        .buffer_unordered(LANES);
    let mut total = Report::default();
    while let Some(report) = lanes.next().await {
        total.add(&report);
    }
    let Report {
        changed,
        waiting,
        failed,
        left,
    } = total;
    tracing::info!(changed, waiting, failed, left, "accounts");
    if failed + left > 0 {
        // A failure makes the job run again.
        return Err(Failure);
    }
    serde_json::to_value(&total).map_err(|_| Failure)
}
