//! Keeps how far each company has come with registering its administrators in the list of companies, so that the
//! exchange's overview takes one read and is seconds old.
//!
//! The table's stream calls it with whatever changes a company's counts: steps that open or close a request, and new
//! companies. A schedule has it count every company again, since an operator may change the register by hand. A company
//! may be counted twice, also at the same time: the count that began last is kept.

use countersign_application::readiness::CompanyNow;
use countersign_domain::id::CompanyId;
use countersign_platform::App;
use countersign_platform::lambda::Failure;
use countersign_platform::store::StoreError;
use serde::Deserialize;
use serde_json::Value;

mod changes;
mod record;
mod round;

/// How many companies are counted at a time.
const LANES: usize = 8;

/// The input of a schedule.
#[derive(Deserialize)]
struct Call {
    job: Job,
}

/// The jobs.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Job {
    /// Counts every company again.
    Readiness,
}

/// Counts the companies that a batch of the stream is about and answers with the records to retry, or counts every
/// company and answers with the totals.
pub async fn handle(app: App, event: Value) -> Result<Value, Failure> {
    if let Some(records) = event["Records"].as_array() {
        return changes::count(&app, records).await;
    }
    let Ok(call) = Call::deserialize(&event) else {
        tracing::error!("the event is neither a batch of a stream nor a job");
        return Err(Failure);
    };
    match call.job {
        Job::Readiness => round::run(&app).await,
    }
}

/// Counts a company and stores the result.
async fn count(app: &App, company: &CompanyId) -> Result<(), StoreError> {
    let Some(now) = CompanyNow::read(app, company).await? else {
        return Err(StoreError::Corrupt(format!(
            "{company} has no profile in the directory"
        )));
    };
    app.store().keep_progress(company, &now.progress(), now.at).await
}
