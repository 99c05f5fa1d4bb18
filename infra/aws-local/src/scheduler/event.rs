//! What a function is called with at a schedule's time.

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use crate::cloudformation::Schedule;
use crate::{ACCOUNT, REGION};

/// The template's input with what EventBridge Scheduler fills in, or the event that it sends if there is none.
pub(super) fn of(schedule: &Schedule, scheduled_time: Timestamp) -> Json {
    let arn = format!(
        "arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/default/{}",
        schedule.logical_id
    );
    let Some(input) = &schedule.input else {
        return json!({
            "version": "0",
            "id": crate::random::uuid(),
            "detail-type": "Scheduled Event",
            "source": "aws.scheduler",
            "account": ACCOUNT,
            "time": scheduled_time.to_string(),
            "region": REGION,
            "resources": [arn],
            // A text indeed.
            "detail": "{}",
        });
    };
    let filled = input
        .replace("<aws.scheduler.scheduled-time>", &scheduled_time.to_string())
        .replace("<aws.scheduler.schedule-arn>", &arn)
        .replace("<aws.scheduler.execution-id>", &crate::random::hex::<8>())
        // Scheduler counts its own attempts to hand the event to Lambda, which takes it at once here.
        .replace("<aws.scheduler.attempt-number>", "1");
    // It was JSON when it was read, and nothing that was filled in has to be escaped there.
    serde_json::from_str(&filled).unwrap_or_default()
}
