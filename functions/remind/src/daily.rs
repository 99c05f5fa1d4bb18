//! Turns the news that was collected for people into one digest each, on the evening of a working day.
//!
//! A digest and the news in it change places in one transaction, so a run that is cut off, or repeated, neither loses a
//! piece nor sends one twice. Whatever was collected goes out, also to someone who has since chosen otherwise.

use std::time::{Duration, Instant};

use countersign_domain::calendar;
use countersign_domain::daily::{DailyDigest, MOST_NEWS};
use countersign_domain::id::CompanyId;
use countersign_platform::App;
use countersign_platform::lambda::Failure;
use countersign_platform::store::StoreError;
use futures_util::StreamExt as _;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;

/// How many companies are listed at a time.
const LEG: usize = 100;
/// How many companies are read side by side.
const LANES: usize = 8;
/// After this long the job lists no further companies; the next call finds what is left. The function's own time limit is
/// 15 minutes.
const BUDGET: Duration = Duration::from_mins(12);

/// The result of a run.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    day: Date,
    /// How many companies were read.
    companies: usize,
    /// How many digests this run created.
    digests: usize,
    /// How many companies could not be dealt with.
    failed: usize,
}

/// Writes a digest for everyone for whom something was collected, if this is a working day.
pub(crate) async fn run(app: &App, day: Date) -> Result<Value, Failure> {
    let mut report = Report {
        day,
        companies: 0,
        digests: 0,
        failed: 0,
    };
    // After the last day in the list of holidays, any day that the schedule names will do.
    let ended = if calendar::is_working_day(day).unwrap_or(true) {
        go_through(app, &mut report).await
    } else {
        Ok(true)
    };
    let Report {
        companies,
        digests,
        failed,
        ..
    } = report;
    tracing::info!(%day, companies, digests, failed, "daily digests");
    match ended {
        Ok(true) if failed == 0 => serde_json::to_value(&report).map_err(|_| Failure),
        // A failure makes the job run again.
        Ok(true) => {
            tracing::error!(%day, failed, "some companies have no daily digests");
            Err(Failure)
        }
        Ok(false) => {
            tracing::warn!(%day, "the daily digests are not through; the next call goes on");
            Err(Failure)
        }
        Err(error) => {
            tracing::error!(%error, %day, "daily digests");
            Err(Failure)
        }
    }
}

/// Goes through the companies, and returns whether it reached the end. A company that can't be read does not block the
/// rest.
async fn go_through(app: &App, report: &mut Report) -> Result<bool, StoreError> {
    let (store, started) = (app.store(), Instant::now());
    let mut reached = None;
    loop {
        if started.elapsed() > BUDGET {
            return Ok(false);
        }
        let leg = store.companies(reached.as_ref(), Some(LEG)).await?;
        let lanes: Vec<_> = leg
            .iter()
            .map(|company| digests_of(app, &company.id, report.day))
            .collect();
        let mut lanes = futures_util::stream::iter(lanes).buffer_unordered(LANES);
        while let Some(outcome) = lanes.next().await {
            match outcome {
                Ok(digests) => {
                    report.companies += 1;
                    report.digests += digests;
                }
                Err(error) => {
                    tracing::error!(%error, "a company has no daily digests");
                    report.failed += 1;
                }
            }
        }
        if leg.len() < LEG {
            return Ok(true);
        }
        reached = leg.last().map(|company| company.id.clone());
    }
}

/// Writes the digests of a company's people, and returns how many are new.
async fn digests_of(app: &App, company: &CompanyId, day: Date) -> Result<usize, StoreError> {
    let store = app.store();
    let collected = store.collected_news(company).await?;
    let mut digests = 0;
    for own in collected.chunk_by(|one, next| one.person == next.person) {
        let own = &own[..own.len().min(MOST_NEWS)];
        let Some(first) = own.first() else {
            continue;
        };
        let digest = DailyDigest {
            day,
            company: company.clone(),
            person: first.person.clone(),
            news: own.iter().map(|collected| collected.piece.clone()).collect(),
            as_of: app.now(),
        };
        digests += usize::from(store.keep_daily_digest(&digest, own).await?);
    }
    Ok(digests)
}
