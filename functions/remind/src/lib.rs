//! Does what is due because time passes. Each schedule of template.yaml calls it with a job.
//!
//! A job may be repeated and may overlap with itself: it writes everything once, and the next run continues one that was
//! cut off. It sends no mail; `notify` does, because of what the job writes.

use countersign_domain::time;
use countersign_platform::App;
use countersign_platform::lambda::Failure;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

mod claim_leases;
mod reminders;

/// What a schedule's input says.
#[derive(Deserialize)]
struct Call {
    job: Job,
    /// When the schedule was due. A late or repeated call is about that time too.
    scheduled: Timestamp,
}

/// The jobs.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Job {
    /// Reminds people of what is left to do before the deadline.
    Reminders,
    /// Ends claims, and warns their holders before.
    ClaimLeases,
}

/// Does a job and answers with its totals.
pub async fn handle(app: App, event: Value) -> Result<Value, Failure> {
    let Ok(call) = Call::deserialize(&event) else {
        tracing::error!("the event names no job and time");
        return Err(Failure);
    };
    match call.job {
        Job::Reminders => reminders::run(&app, time::day_of(call.scheduled)).await,
        // A claim ends by the clock, however late the call is.
        Job::ClaimLeases => claim_leases::run(&app).await,
    }
}
