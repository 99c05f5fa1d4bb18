//! Pages and calls to look into the stand-ins: the mailbox with its replies, mail that comes in, events, schedules and
//! queues; and what the operator's tool asks for. The pages work without scripts.

pub(crate) mod deployment;
mod events;
mod inbound;
mod mailbox;
mod reply;
mod schedules;
mod written;

use std::sync::Arc;

use askama::Template;
use aws_local::eventbridge::EventBridge;
use aws_local::lambda::Functions;
use aws_local::origin::Origins;
use aws_local::problem::Problem;
use aws_local::scheduler::ScheduleRunner;
use aws_local::ses::receiving::Receiving;
use aws_local::ses::{MAIL_LIMIT, Ses};
use aws_local::sqs::Queues;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, REFERRER_POLICY, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};

/// What the types of problems start with.
pub(crate) const PROBLEM_TYPES: &str = "urn:countersign:problem:";

/// Where the style of all pages is, the sign-in page's too.
pub(crate) const STYLE_PATH: &str = "/mailbox/style.css";

/// Where the operator's tool finds Lambda and SQS.
const LAMBDA_PATH: &str = "/aws/lambda";
const SQS_PATH: &str = "/aws/sqs";

/// What a page may do: no scripts, a frame and forms of the same origin.
const POLICY: &str = "default-src 'none'; style-src 'self'; font-src 'self'; img-src data:; frame-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'";

/// What the pages look into.
#[derive(Clone)]
pub(crate) struct Pages {
    pub(crate) deployment: Arc<deployment::Deployment>,
    pub(crate) ses: Arc<Ses>,
    pub(crate) events: Arc<EventBridge>,
    pub(crate) receiving: Arc<Receiving>,
    pub(crate) schedules: ScheduleRunner,
    pub(crate) queues: Arc<Queues>,
    pub(crate) origins: Origins,
}

/// The pages and calls.
pub(crate) fn router(pages: Pages, functions: Functions) -> Router {
    Router::new()
        .route("/mailbox", get(mailbox::list))
        .route(STYLE_PATH, get(style))
        .route("/mailbox/inbound", post(inbound::receive))
        .route("/mailbox/{id}", get(mailbox::one))
        .route("/mailbox/{id}/html", get(mailbox::html))
        .route("/mailbox/{id}/attachments/{number}", get(mailbox::attachment))
        .route("/mailbox/{id}/reply", get(reply::form).post(reply::send))
        .route("/deployment", get(deployment::describe))
        .nest_service(LAMBDA_PATH, aws_local::lambda::router(functions))
        .nest_service(SQS_PATH, aws_local::sqs::router(pages.queues.clone()))
        .route("/events", get(events::list))
        .route("/schedules", get(schedules::list))
        .route("/schedules/{name}/run", post(schedules::run))
        .layer(DefaultBodyLimit::max(MAIL_LIMIT))
        .layer(middleware::from_fn_with_state(pages.clone(), guard))
        .with_state(pages)
}

/// Refuses what another site's page sends, and answers refusals as a page to whoever looks at pages.
async fn guard(State(pages): State<Pages>, request: Request, next: Next) -> Response {
    let wants_page = accepts(request.headers(), "text/html");
    let is_foreign = request.method() == Method::POST && pages.origins.are_foreign_to(request.headers());
    let response = if is_foreign {
        let detail = "Another site's page sent this.";
        Problem::new(StatusCode::FORBIDDEN, "other-origin", detail).into_response()
    } else {
        next.run(request).await
    };
    match response.extensions().get::<Problem>() {
        Some(problem) if wants_page => {
            let message = Message {
                title: problem.title(),
                detail: &problem.detail,
            };
            page(problem.status, &message)
        }
        Some(problem) => problem.clone().json(PROBLEM_TYPES),
        None => response,
    }
}

#[derive(Template)]
#[template(path = "message.html")]
struct Message<'a> {
    title: String,
    detail: &'a str,
}

async fn style() -> Response {
    let headers = [
        (CONTENT_TYPE, "text/css; charset=utf-8"),
        (CACHE_CONTROL, "no-cache"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, portal::tokens() + include_str!("style.css")).into_response()
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
    // Writing to a text does not fail.
    (status, headers, Html(template.render().unwrap_or_default())).into_response()
}

fn json(status: StatusCode, value: &impl serde::Serialize) -> Response {
    let headers = [
        (CACHE_CONTROL, "no-store"),
        (VARY, "accept"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (status, headers, Json(value)).into_response()
}

/// Whether a caller names JSON and no page.
fn wants_json(headers: &HeaderMap) -> bool {
    accepts(headers, "application/json") && !accepts(headers, "text/html")
}

fn accepts(headers: &HeaderMap, media_type: &str) -> bool {
    let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains(media_type))
}
