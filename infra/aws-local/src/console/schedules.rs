//! Where schedules are listed and run: `GET /schedules` and `POST /schedules/{name}/run`.
//!
//! The list is `[{name, function, expression, timezone, enabled, next}]`. A run is answered when the function has ended
//! and its mails are in the mailbox, with `{schedule, function, scheduledTime, answer}`. A browser that sends the
//! mailbox's form is led back there instead.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::{Value, json};

use super::{Console, accepts};
use crate::problem::Problem;
use crate::scheduler::{ScheduleError, ScheduleRun};

/// A schedule on the mailbox's page.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) expression: String,
    pub(super) timezone: String,
    pub(super) next: String,
}

/// How a run by hand ended, on the mailbox's page.
pub(super) struct LastRun {
    pub(super) schedule: String,
    pub(super) time: String,
    pub(super) answer: String,
}

pub(super) fn rows(console: &Console) -> Vec<Row> {
    let scheduler = &console.schedules.scheduler;
    let row = |(schedule, _): (&crate::cloudformation::Schedule, &str)| Row {
        name: schedule.name.clone(),
        expression: schedule.expression.clone(),
        timezone: schedule.timezone.clone(),
        next: match scheduler.next(schedule) {
            Some(next) => (console.site.show_time)(next),
            None if schedule.enabled => "never again".to_owned(),
            None => "disabled".to_owned(),
        },
    };
    scheduler.schedules().map(row).collect()
}

pub(super) fn last_run(console: &Console, name: &str) -> Option<Result<LastRun, String>> {
    let ended = console.schedules.last_run(name)?;
    let shown = |run: ScheduleRun| LastRun {
        schedule: run.schedule,
        time: (console.site.show_time)(run.scheduled_time),
        answer: run.answer.to_string(),
    };
    Some(ended.map(shown).map_err(|error| error.to_string()))
}

pub(super) async fn list(State(console): State<Console>) -> Response {
    let scheduler = &console.schedules.scheduler;
    let listed: Value = scheduler
        .schedules()
        .map(|(schedule, function)| {
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
        })
        .collect();
    ([(CACHE_CONTROL, "no-store")], Json(listed)).into_response()
}

pub(super) async fn run(
    State(console): State<Console>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    // Only somebody who looks at pages sends a form.
    let wants_page = accepts(&headers, "text/html");
    let problem = match console.check_origin(&headers) {
        Err(problem) => problem,
        Ok(()) => match console.schedules.run(&name).await {
            // The mailbox says how it ended.
            Ok(_) | Err(ScheduleError::Failed(_)) if wants_page => {
                return Redirect::to(&format!("/mailbox?ran={name}")).into_response();
            }
            Ok(run) => return ([(CACHE_CONTROL, "no-store")], Json(run)).into_response(),
            Err(error) => not_run(error),
        },
    };
    if wants_page {
        console.refusal_page(&problem)
    } else {
        problem.response(console.site)
    }
}

fn not_run(error: ScheduleError) -> Problem {
    let detail = error.to_string();
    match error {
        ScheduleError::Unknown { known, .. } => {
            Problem::new(StatusCode::NOT_FOUND, "not-found", "Not found", detail)
                .with("schedules", json!(known))
        }
        ScheduleError::Failed(_) => Problem::new(
            StatusCode::BAD_GATEWAY,
            "function-failed",
            "The function failed",
            detail,
        ),
    }
}
