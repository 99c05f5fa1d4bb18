//! Counts every company again.

use std::time::{Duration, Instant};

use countersign_application::readiness::companies;
use countersign_domain::id::CompanyId;
use countersign_platform::App;
use countersign_platform::lambda::Failure;
use futures_util::StreamExt as _;
use serde::Serialize;
use serde_json::Value;

use crate::{LANES, count};

/// After this long the round starts no further company. The function's own time limit is 5 minutes.
const BUDGET: Duration = Duration::from_mins(4);

/// The result of a round.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    /// How many companies were counted.
    counted: usize,
    /// How many companies could not be counted.
    failed: usize,
    /// How many companies were left for the next round, which starts with them.
    left: usize,
}

/// Counts every company, starting with the one counted longest ago, so a round that is cut off need not store its
/// place. A company that can't be counted does not block the rest.
pub(crate) async fn run(app: &App) -> Result<Value, Failure> {
    let ids = match oldest_first(app).await {
        Ok(ids) => ids,
        Err(error) => {
            tracing::error!(%error, "the list of companies");
            return Err(Failure);
        }
    };
    let started = Instant::now();
    let lane = |company: CompanyId| async move {
        if started.elapsed() > BUDGET {
            return None;
        }
        Some((count(app, &company).await, company))
    };
    let mut report = Report::default();
    let mut lanes = futures_util::stream::iter(ids).map(lane).buffer_unordered(LANES);
    while let Some(outcome) = lanes.next().await {
        match outcome {
            Some((Ok(()), _)) => report.counted += 1,
            Some((Err(error), company)) => {
                tracing::error!(%error, %company, "a company was not counted");
                report.failed += 1;
            }
            None => report.left += 1,
        }
    }
    let Report {
        counted,
        failed,
        left,
    } = report;
    tracing::info!(counted, failed, left, "readiness");
    if failed + left > 0 {
        // A failure makes the job run again.
        return Err(Failure);
    }
    serde_json::to_value(&report).map_err(|_| Failure)
}

async fn oldest_first(app: &App) -> Result<Vec<CompanyId>, countersign_platform::store::StoreError> {
    let mut listed: Vec<_> = companies(app)
        .await?
        .into_iter()
        .map(|company| (company.progress.map(|(_, at)| at), company.id))
        .collect();
    listed.sort();
    Ok(listed.into_iter().map(|(_, id)| id).collect())
}
