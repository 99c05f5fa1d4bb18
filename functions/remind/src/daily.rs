//! Turns the news that was collected for people into one digest each, on the evening of a working day.
//!
//! A digest and the news in it change places in one transaction, so a run that is cut off, or repeated, neither loses a
//! piece nor sends one twice. Whatever was collected goes out, also to someone who has since chosen otherwise.

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

use crate::companies::{LANES, Legs, Next};

/// How many companies are listed at a time.
const LEG: usize = 100;

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
    let mut legs = Legs::new(app, LEG, None);
    loop {
        let leg = match legs.next().await? {
            Next::Leg(leg) => leg,
            Next::Through => return Ok(true),
            Next::OutOfTime => return Ok(false),
        };
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
