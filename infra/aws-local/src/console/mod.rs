//! Pages and calls of the runner's own to look into the stand-ins: the mailbox with its replies, mail that is handed in,
//! schedules and dead-letter queues. The pages work without scripts.

mod mailbox;
mod receive;
mod reply;
mod schedules;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, REFERRER_POLICY, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};

use crate::Site;
use crate::origin::Origins;
use crate::problem::Problem;
use crate::scheduler::ScheduleRunner;
use crate::ses::Ses;
use crate::ses::receiving::Receiving;
use crate::sqs::Queues;

/// Where the style of all pages is.
pub(crate) const STYLE_PATH: &str = "/mailbox/style.css";

/// What a page may do: no scripts, a frame and forms of the same origin.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src data:; frame-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'";

/// What the pages look into.
#[derive(Clone)]
pub struct Console {
    pub site: Site,
    pub ses: Arc<Ses>,
    pub receiving: Arc<Receiving>,
    pub schedules: ScheduleRunner,
    pub queues: Arc<Queues>,
    pub origins: Origins,
}

/// The pages and calls.
pub fn router(console: Console) -> Router {
    Router::new()
        .route("/mailbox", get(mailbox::list))
        .route(STYLE_PATH, get(style))
        .route("/mailbox/inbound", post(receive::receive))
        .route("/mailbox/{id}", get(mailbox::one))
        .route("/mailbox/{id}/html", get(mailbox::html))
        .route("/mailbox/{id}/attachments/{number}", get(mailbox::attachment))
        .route("/mailbox/{id}/reply", get(reply::form).post(reply::send))
        .route("/schedules", get(schedules::list))
        .route("/schedules/{name}/run", post(schedules::run))
        .layer(DefaultBodyLimit::max(receive::MAIL_LIMIT))
        .with_state(console)
}

impl Console {
    /// Refuses what another site's page sends.
    fn check_origin(&self, headers: &HeaderMap) -> Result<(), Problem> {
        if self.origins.are_foreign_to(headers) {
            return Err(Problem::new(
                StatusCode::FORBIDDEN,
                "other-origin",
                "Sent from elsewhere",
                "Another site's page sent this.",
            ));
        }
        Ok(())
    }

    /// A page that says why something is refused.
    fn refusal_page(&self, problem: &Problem) -> Response {
        let message = Message {
            site: self.site.name,
            title: problem.title,
            detail: &problem.detail,
        };
        page(problem.status, &message)
    }

    fn no_such_mail(&self) -> Response {
        let problem = Problem::new(
            StatusCode::NOT_FOUND,
            "not-found",
            "There is no such mail",
            "The mailbox does not hold it.",
        );
        self.refusal_page(&problem)
    }
}

#[derive(Template)]
#[template(path = "message.html")]
struct Message<'a> {
    site: &'a str,
    title: &'a str,
    detail: &'a str,
}

async fn style() -> Response {
    let headers = [
        (CONTENT_TYPE, "text/css; charset=utf-8"),
        (CACHE_CONTROL, "no-cache"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, include_str!("style.css")).into_response()
}

fn page(status: StatusCode, template: &impl Template) -> Response {
    let headers = [
        (CACHE_CONTROL, "no-store"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (REFERRER_POLICY, "same-origin"),
        (VARY, "accept"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (HeaderName::from_static("x-frame-options"), "DENY"),
    ];
    (status, headers, Html(rendered(template))).into_response()
}

/// A template as text. Writing to a text does not fail.
pub(crate) fn rendered(template: &impl Template) -> String {
    template.render().unwrap_or_default()
}

fn accepts(headers: &HeaderMap, media_type: &str) -> bool {
    let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains(media_type))
}
