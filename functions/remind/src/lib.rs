//! Runs the jobs that are due because time has passed. Each schedule in template.yaml calls this function with a job.
//!
//! A job may run twice or overlap with itself: it writes everything once, and the next run continues one that was cut
//! off. It sends no e-mail. `notify` does, when it sees what the job wrote.

use countersign_domain::time;
use countersign_platform::App;
use countersign_platform::lambda::Failure;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

mod claim_leases;
mod companies;
mod daily;
mod reminders;

/// The input of a schedule.
#[derive(Deserialize)]
struct Call {
    job: Job,
    /// When the schedule was due. A late or repeated call still acts for that day.
    scheduled: Timestamp,
}

/// The jobs.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Job {
    /// Reminds people of what they still have to do before the deadline.
    Reminders,
    /// Ends claims whose time is up, and warns their holders beforehand.
    ClaimLeases,
    /// Sends the news of the day to those who want it once a day.
    DailyDigest,
}

/// Runs a job and answers with its totals.
pub async fn handle(app: App, event: Value) -> Result<Value, Failure> {
    let Ok(call) = Call::deserialize(&event) else {
        tracing::error!("the event names no job and time");
        return Err(Failure);
    };
    match call.job {
        Job::Reminders => reminders::run(&app, time::day_of(call.scheduled)).await,
        Job::DailyDigest => daily::run(&app, time::day_of(call.scheduled)).await,
        // Claims are judged by the current time, however late the call is.
        Job::ClaimLeases => claim_leases::run(&app).await,
    }
}
