//! Keeps how far each company has come with registering its administrators, and whether too few of its people are there,
//! in the list of companies, so that the exchange's overview takes one read and is seconds old.
//!
//! Its queue calls it with the events that change a company's counts: steps that open or close a request, and new
//! companies. The rule in template.yaml picks them. A schedule has it count every company again, since addresses
//! bounce, people go away on the day that they said, and an operator may change the register by hand. A company may be
//! counted twice, also at the same time: the count that began last is kept.

use countersign_application::readiness::CompanyNow;
use countersign_domain::id::CompanyId;
use countersign_platform::App;
use countersign_platform::lambda::Failure;
use countersign_platform::store::StoreError;
use serde::Deserialize;
use serde_json::Value;

mod changes;
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

/// Counts the companies that a batch of events is about and answers with the messages to retry, or counts every company
/// and answers with the totals.
pub async fn handle(app: App, event: Value) -> Result<Value, Failure> {
    if let Some(messages) = event["Records"].as_array() {
        return Ok(changes::count(&app, messages).await);
    }
    let Ok(call) = Call::deserialize(&event) else {
        tracing::error!("the event is neither a batch of a queue nor a job");
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
    let store = app.store();
    store
        .keep_progress(company, &now.progress(), now.shortage.as_ref(), now.at)
        .await
}
