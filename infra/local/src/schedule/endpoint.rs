//! Where schedules are listed and run: `GET /schedules` and `POST /schedules/{name}/run`.
//!
//! The list is `[{name, function, expression, timezone, enabled, next}]`. A run is answered when the function has ended
//! and its mails are in the mailbox, with `{schedule, function, scheduledTime, answer}`. A browser that sends the
//! mailbox's form is led back there instead.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CACHE_CONTROL};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};

use super::problem::Problem;
use super::{Desk, ScheduleError, Schedules, page};
use crate::origin::Origins;

/// The routes of a runner that listens on this port.
pub(crate) fn router(desk: Desk, port: u16) -> Router {
    let list = get(list).with_state(desk.schedules.clone());
    Router::new()
        .route("/schedules/{name}/run", post(run))
        .with_state((desk, Origins::on(port)))
        .route("/schedules", list)
}

async fn list(State(schedules): State<Arc<Schedules>>) -> Response {
    ([(CACHE_CONTROL, "no-store")], Json(schedules.listed())).into_response()
}

async fn run(
    State((desk, origins)): State<(Desk, Origins)>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
    // Only somebody who looks at pages sends a form.
    let wants_page = accept.is_some_and(|accept| accept.contains("text/html"));
    let may = if wants_page {
        origins.is_own_page(&headers)
    } else {
        origins.is_own_or_program(&headers)
    };
    let ended = if may {
        desk.run(&name).await.map_err(Problem::Schedule)
    } else {
        Err(Problem::OtherOrigin)
    };
    match ended {
        // The mailbox says how it ended.
        Ok(_) | Err(Problem::Schedule(ScheduleError::Failed(_))) if wants_page => {
            Redirect::to(&page::after(&name)).into_response()
        }
        Err(problem) if wants_page => page::refused(&problem),
        Ok(run) => ([(CACHE_CONTROL, "no-store")], Json(run)).into_response(),
        Err(problem) => problem.into_response(),
    }
}
