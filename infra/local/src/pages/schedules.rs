//! Where schedules are listed and run: `GET /schedules` and `POST /schedules/{name}/run`.
//!
//! A browser gets pages: the list with a button for each schedule, and after a run what it did. Other callers get JSON.
//! The list is `[{name, function, expression, timezone, enabled, next}]`. A run is answered when the function has ended
//! and its mails are in the mailbox, with `{schedule, function, scheduledTime, answer}`.

use askama::Template;
use aws_local::problem::Problem;
use aws_local::scheduler::{ScheduleError, ScheduleRun};
use aws_local::ses::{DeliveryOutcome, Mail};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use countersign_domain::time;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::mailbox::{shown, subject};
use super::{Pages, accepts, page};

/// The most mails that the page lists of a run.
const LISTED: usize = 20;

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    ran: String,
}

/// A schedule on the page.
struct Row {
    name: String,
    function: String,
    when: String,
    next: String,
}

#[derive(Template)]
#[template(path = "schedules.html")]
struct SchedulesPage {
    now: Timestamp,
    schedules: Vec<Row>,
    /// How the last run of the schedule ended that was just asked for.
    last_run: Option<Result<ScheduleRun, ScheduleError>>,
    /// What that run's function answered, if it is an object.
    members: Vec<(String, String)>,
    /// The mails that were sent since, oldest first.
    mails: Vec<Mail>,
    more_mails: usize,
    /// Each queue's messages, newest first.
    queues: Vec<(String, Vec<String>)>,
}

fn rows(pages: &Pages) -> Vec<Row> {
    let scheduler = pages.schedules.scheduler();
    let rows = scheduler.schedules().map(|(schedule, function)| Row {
        name: schedule.name.clone(),
        function: function.to_owned(),
        when: format!("{}, {}", schedule.expression, schedule.timezone),
        next: match scheduler.next(schedule) {
            Some(next) => time::shown(next),
            None if schedule.enabled => "never again".to_owned(),
            None => "disabled".to_owned(),
        },
    });
    rows.collect()
}

/// The list as a page, with what the last run of the named schedule did.
fn list_page(pages: &Pages, ran: &str) -> Response {
    let last_run = pages.schedules.last_run(ran);
    let run = last_run.as_ref().and_then(|run| run.as_ref().ok());
    let mut mails = pages.ses.mails();
    mails.retain(|mail| run.is_some_and(|run| mail.sent_at >= run.scheduled_time));
    mails.reverse();
    let more_mails = mails.len().saturating_sub(LISTED);
    mails.truncate(LISTED);
    let queues = pages.queues.all().into_iter().map(|(name, messages)| {
        let texts = messages.iter().rev();
        let text = |message| serde_json::to_string_pretty(message).unwrap_or_default();
        (name, texts.map(text).collect())
    });
    let list = SchedulesPage {
        now: pages.schedules.scheduler().now(),
        schedules: rows(pages),
        members: run.map(|run| members(&run.answer)).unwrap_or_default(),
        last_run,
        mails,
        more_mails,
        queues: queues.collect(),
    };
    page(StatusCode::OK, &list)
}

/// The members of an object, each name in words: `nextReminderDay` is "Next reminder day".
fn members(answer: &Value) -> Vec<(String, String)> {
    let words = |name: &str| {
        let mut words = String::new();
        for letter in name.chars() {
            match (words.is_empty(), letter.is_uppercase()) {
                (true, _) => words.extend(letter.to_uppercase()),
                (false, true) => {
                    words.push(' ');
                    words.extend(letter.to_lowercase());
                }
                (false, false) => words.push(letter),
            }
        }
        words
    };
    let text = |value: &Value| match value {
        Value::Null => "none".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let members = answer.as_object().into_iter().flatten();
    members.map(|(name, value)| (words(name), text(value))).collect()
}

pub(super) async fn list(
    State(pages): State<Pages>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    if accepts(&headers, "text/html") {
        return list_page(&pages, &asked.ran);
    }
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
        // Only somebody who looks at pages sends a form. The list says how the run ended.
        Ok(_) | Err(ScheduleError::Failed(_)) if accepts(&headers, "text/html") => {
            Ok(Redirect::to(&format!("/schedules?ran={name}")).into_response())
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
