//! Where scripts hand in a message: `POST /mailbox/inbound?from=…&to=…` with the message as the body.
//!
//! The envelope is `from` (empty for a bounce) and one or more `to`. `spam`, `virus`, `spf`, `dkim` and `dmarc` say what
//! SES finds, PASS unless it is said; `truncated=true` has the event leave headers out. The answer is 202 with
//! `{"messageId": …}` once the message is stored.

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::json;

use super::arrival::Arrival;
use super::problem::Problem;
use super::{Inbound, page};
use crate::mail::Ses;
use crate::origin::Origins;

/// The largest mail that SES takes.
pub(super) const MAIL_LIMIT: usize = 40 * 1024 * 1024;

/// Where mail comes in: what it is taken in by, and the mailbox that it may answer a mail of.
#[derive(Clone)]
pub(super) struct Desk {
    pub(super) inbound: Arc<Inbound>,
    pub(super) ses: Arc<Ses>,
    pub(super) origins: Origins,
}

/// Where mail comes in on a runner that listens on this port.
pub(crate) fn router(inbound: Arc<Inbound>, ses: Arc<Ses>, port: u16) -> Router {
    let desk = Desk {
        inbound,
        ses,
        origins: Origins::on(port),
    };
    Router::new()
        .route("/mailbox/inbound", post(take))
        .route("/mailbox/{id}/reply", get(page::form).post(page::send))
        .with_state(desk)
}

async fn take(State(desk): State<Desk>, request: Request) -> Result<Response, Problem> {
    if !desk.origins.is_own_or_program(request.headers()) {
        return Err(Problem::OtherOrigin);
    }
    let arrival = Arrival::read(request.uri().query().unwrap_or_default()).map_err(Problem::Parameters)?;
    let message = to_bytes(request.into_body(), MAIL_LIMIT)
        .await
        .map_err(|_| Problem::TooLarge)?;
    if message.is_empty() {
        return Err(Problem::Empty);
    }
    let id = desk.inbound.take(&arrival, &message)?;
    let answer = Json(json!({ "messageId": id }));
    Ok((StatusCode::ACCEPTED, [(CACHE_CONTROL, "no-store")], answer).into_response())
}
