//! What happens because time passes, and not because somebody does something. The schedules of template.yaml call it, each
//! with the job that it stands for.
//!
//! Every job can run again, whenever it likes and beside itself: what it writes it writes once, and a run that was cut off
//! is taken on by the next one. It sends no mail itself; what it writes has `notify` send it.

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
    /// When the schedule was due, which a late or repeated call is still about.
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

/// Does a job, and answers with what it came to.
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
