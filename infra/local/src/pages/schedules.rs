//! Where schedules are listed and run: `GET /schedules` and `POST /schedules/{name}/run`.
//!
//! The list is `[{name, function, expression, timezone, enabled, next}]`. A run is answered when the function has ended
//! and its mails are in the mailbox, with `{schedule, function, scheduledTime, answer}`. A browser that sends the
//! mailbox's form is led back there instead.

use aws_local::problem::Problem;
use aws_local::scheduler::ScheduleError;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use countersign_domain::time;
use serde_json::{Value, json};

use super::{Pages, accepts};

/// A schedule on the mailbox's page.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) when: String,
    pub(super) next: String,
}

pub(super) fn rows(pages: &Pages) -> Vec<Row> {
    let scheduler = pages.schedules.scheduler();
    let rows = scheduler.schedules().map(|(schedule, _)| Row {
        name: schedule.name.clone(),
        when: format!("{}, {}", schedule.expression, schedule.timezone),
        next: match scheduler.next(schedule) {
            Some(next) => time::shown(next),
            None if schedule.enabled => "never again".to_owned(),
            None => "disabled".to_owned(),
        },
    });
    rows.collect()
}

pub(super) async fn list(State(pages): State<Pages>) -> Response {
    let scheduler = pages.schedules.scheduler();
    let listed = scheduler.schedules().map(|(schedule, function)| {
        let next = scheduler.next(schedule);
        json!({
            "name": schedule.name,
            "function": function,
            "expression": schedule.expression,
            "timezone": schedule.timezone,
            "enabled": schedule.enabled,
            // With the offset of the schedule's time zone.
            "next": next.map(|next| schedule.times.shown(next)),
        })
    });
    super::json(StatusCode::OK, &listed.collect::<Value>())
}

pub(super) async fn run(
    State(pages): State<Pages>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    match pages.schedules.run(&name).await {
        // Only somebody who looks at pages sends a form. The mailbox says how the run ended.
        Ok(_) | Err(ScheduleError::Failed(_)) if accepts(&headers, "text/html") => {
            Ok(Redirect::to(&format!("/mailbox?ran={name}")).into_response())
        }
        Ok(run) => Ok(super::json(StatusCode::OK, &run)),
        Err(error) => Err(not_run(&error)),
    }
}

fn not_run(error: &ScheduleError) -> Problem {
    let detail = error.to_string();
    match error {
        ScheduleError::Unknown { known, .. } => {
            Problem::new(StatusCode::NOT_FOUND, "not-found", detail).with("schedules", json!(known))
        }
        ScheduleError::Failed(_) => Problem::new(StatusCode::BAD_GATEWAY, "function-failed", detail),
    }
}
