//! The schedules on the mailbox's page: when each is due, a button that runs it, and what it answered then.

use std::fmt::Write;

use axum::response::Response;
use countersign_domain::time;

use super::problem::Problem;
use super::{ScheduleRun, Schedules};
use crate::html::escaped;
use crate::mail::page::{PATH, page};

/// Where the mailbox's page says how the last run of a schedule ended.
pub(super) fn after(name: &str) -> String {
    format!("{PATH}?ran={name}")
}

/// Why nothing ran.
pub(super) fn refused(problem: &Problem) -> Response {
    let shown = format!(
        "<h1>{}</h1>\n<p>{}</p>\n<p><a href=\"{PATH}\">Mailbox</a></p>\n",
        problem.title(),
        escaped(&problem.detail())
    );
    page(problem.status(), problem.title(), &shown)
}

/// How the last run ended of the schedule that the page was led back from.
pub(crate) fn ended(schedules: &Schedules, ran: &str) -> String {
    let last = schedules
        .find(ran)
        .map(|scheduled| scheduled.last(|last| last.clone()));
    match last.flatten() {
        Some(Ok(run)) => {
            let ScheduleRun {
                schedule,
                scheduled_time,
                answer,
                ..
            } = run;
            format!(
                "<p role=\"status\">The schedule {} ran at {} and answered <code>{}</code></p>\n",
                escaped(&schedule),
                time::shown(scheduled_time),
                escaped(&answer.to_string())
            )
        }
        Some(Err(error)) => {
            let error = escaped(&error.to_string());
            format!("<div class=\"problem\" role=\"alert\"><p>{error}</p></div>\n")
        }
        None => String::new(),
    }
}

/// Every schedule with its button, if there are any.
pub(crate) fn section(schedules: &Schedules) -> String {
    if schedules.all.is_empty() {
        return String::new();
    }
    let mut rows = String::new();
    for scheduled in &schedules.all {
        let schedule = &scheduled.schedule;
        let name = escaped(&schedule.name);
        let next = match schedules.next(schedule) {
            Some(next) => time::shown(next),
            None if schedule.enabled => "never again".to_owned(),
            None => "disabled".to_owned(),
        };
        let _ = writeln!(
            rows,
            "<tr><th scope=\"row\" id=\"schedule-{name}\">{name}</th><td>{}, {}</td><td>{next}</td>\
             <td><form class=\"run\" method=\"post\" action=\"/schedules/{name}/run\">\
             <button aria-describedby=\"schedule-{name}\">Run the schedule now</button></form></td></tr>",
            escaped(&schedule.expression),
            escaped(&schedule.timezone)
        );
    }
    format!(
        "<h2 id=\"schedules\">Schedules</h2>\n<table>\n<thead><tr><th scope=\"col\">Schedule</th>\
         <th scope=\"col\">When</th><th scope=\"col\">Next</th><th scope=\"col\">By hand</th></tr></thead>\n\
         <tbody>\n{rows}</tbody>\n</table>\n"
    )
}
