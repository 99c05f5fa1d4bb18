//! The API's answers, as JSON.

use countersign_application::access::Caller;
use countersign_application::execute::{Command, Payload, execute};
use countersign_application::requests::allowed_actions;
use countersign_domain::actor::Actor;
use countersign_domain::history::HistoryRow;
use countersign_domain::language::Language;
use countersign_domain::participantship::Participantship;
use countersign_domain::receipt::Receipt;
use countersign_domain::request::{Head, State, StateName, Taken};
use countersign_domain::workflow::Action;
use countersign_domain::{time, wording};
use countersign_platform::App;
use countersign_platform::http::{Answer, Json, respond};
use countersign_platform::store::item::StoredHead;
use countersign_platform::store::page::Cursor;
use lambda_http::{Body, Request, Response};
use serde::Serialize;

use crate::problem::rejected;
use crate::read::{caller_with_a_right, command_of, handed_over, message};

mod task;
mod whole;

pub use task::Task;
pub use whole::Whole;

/// The answer to a command: the request after the step. It is built from the history row alone, so a repeated command
/// gets the first answer, whatever has happened since.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StepResult {
    id: String,
    state: StateName,
    status: String,
    version: u32,
    updated_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
}

impl StepResult {
    fn of(row: &HistoryRow) -> Self {
        Self {
            id: row.request.to_string(),
            state: row.to,
            status: wording::status_after(row),
            version: row.version,
            updated_at: time::stored(row.at),
            reference: row.reference.as_ref().map(ToString::to_string),
        }
    }
}

/// Answers a call that takes a step on a request, with an optional message.
pub async fn answer_step(app: App, request: Request, action: Action) -> Response<Body> {
    let answer = async {
        let caller = caller_with_a_right(&request)?;
        let message = message(&request)?;
        answer_command(
            &app,
            command_of(&request, &caller, action, Payload::Message(message))?,
        )
        .await
    };
    respond(answer.await)
}

/// Answers a call that hands a request over to a colleague.
pub async fn answer_hand_over(app: App, request: Request) -> Response<Body> {
    let answer = async {
        let caller = caller_with_a_right(&request)?;
        let payload = handed_over(&request)?;
        answer_command(&app, command_of(&request, &caller, Action::HandOver, payload)?).await
    };
    respond(answer.await)
}

/// Carries out a command and answers with the request after the step.
pub async fn answer_command(app: &App, command: Command) -> Answer {
    let executed = execute(app, command)
        .await
        .map_err(|rejection| rejected(rejection, app))?;
    let row = executed.row;
    let answer = if row.from.is_none() {
        Json::created(StepResult::of(&row), format!("/requests/{}", row.request))
    } else {
        Json::ok(StepResult::of(&row))
    };
    answer
        .tagged(&Receipt::after(&row).tag())
        .replayed(executed.is_replay)
        .into_answer()
}

/// The person who took a step, and when.
#[derive(Debug, Serialize)]
struct Step {
    name: String,
    since: String,
}

impl Step {
    fn of(taken: &Taken) -> Self {
        Self {
            name: taken.by.name.clone(),
            since: time::stored(taken.at),
        }
    }
}

/// The person who holds the request.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Holder {
    #[serde(flatten)]
    step: Step,
    #[serde(skip_serializing_if = "Option::is_none")]
    claim_ends: Option<String>,
}

impl Holder {
    fn of(state: &State) -> Option<Self> {
        state.holder().map(|taken| Self {
            step: Step::of(taken),
            claim_ends: state.lease_ends().map(time::stored),
        })
    }
}

/// A request as lists show it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    id: String,
    e_service: &'static str,
    classification: &'static str,
    details: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    state: StateName,
    status: String,
    version: u32,
    company: Company,
    #[serde(skip_serializing_if = "Option::is_none")]
    participantship: Option<Participantship>,
    maker: Name,
    #[serde(skip_serializing_if = "Option::is_none")]
    holder: Option<Holder>,
    checks_needed: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_check: Option<Step>,
    #[serde(skip_serializing_if = "Option::is_none")]
    confirmed: Option<Step>,
    created_at: String,
    updated_at: String,
    last_update: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    submitted_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    guaranteed: Option<bool>,
    allowed_actions: Vec<&'static str>,
    etag: String,
}

#[derive(Debug, Serialize)]
struct Company {
    id: String,
    name: String,
}

#[derive(Debug, Serialize)]
struct Name {
    name: String,
}

/// Shows requests as one caller sees them.
pub struct Viewer<'a> {
    app: &'a App,
    actor: Actor,
}

impl<'a> Viewer<'a> {
    /// Shows requests as this caller sees them.
    pub fn new(app: &'a App, caller: &Caller) -> Self {
        Self {
            app,
            actor: caller.actor(),
        }
    }

    fn allowed(&self, stored: &StoredHead) -> Vec<&'static str> {
        let actions = allowed_actions(self.app, &self.actor, stored);
        actions.into_iter().map(Action::as_str).collect()
    }

    /// Returns a request as lists show it.
    pub fn summary(&self, stored: &StoredHead) -> Summary {
        let head: &Head = &stored.head;
        let eservice = head.eservice.definition();
        Summary {
            id: head.id.to_string(),
            e_service: head.eservice.code(),
            classification: eservice.classification.en,
            details: wording::details(head.reference.as_ref(), eservice),
            reference: head.reference.as_ref().map(ToString::to_string),
            state: head.state.name(),
            status: wording::status_of(head, Language::English),
            version: head.version,
            company: Company {
                id: head.company.to_string(),
                name: head.company_name.clone(),
            },
            participantship: head.participantship.clone(),
            maker: Name {
                name: head.maker.name.clone(),
            },
            holder: Holder::of(&head.state),
            checks_needed: head.checks.needed(),
            first_check: head.state.first_check().map(Step::of),
            confirmed: head.state.confirmed().map(Step::of),
            created_at: time::stored(head.created_at),
            updated_at: time::stored(head.updated_at),
            last_update: time::shown(head.updated_at),
            submitted_at: head.submitted_at.map(time::stored),
            guaranteed: head.is_guaranteed(&self.app.config().campaign, self.app.now()),
            allowed_actions: self.allowed(stored),
            etag: tag(head),
        }
    }
}

/// Returns the tag of a request, in the double quotes that `If-Match` needs.
fn tag(head: &Head) -> String {
    format!("\"{}\"", Receipt::of(head).tag())
}

/// A page of a list.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct List<T> {
    /// The rows.
    pub items: Vec<T>,
    /// The cursor of the next page, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

impl<T: Serialize> List<T> {
    /// Answers with a page of a list. `link` makes the next page's address from its cursor.
    pub fn answer(items: Vec<T>, next: Option<&Cursor>, link: impl Fn(&str) -> String) -> Answer {
        let next_cursor = next.map(Cursor::encode);
        let link = next_cursor.as_deref().map(link);
        Json::ok(Self { items, next_cursor })
            .with_next(link)
            .into_answer()
    }
}
