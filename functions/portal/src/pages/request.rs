//! The page of a request: its form, its status, and the steps that the reader may take.

use askama::Template;
use countersign_application::access::Caller;
use countersign_application::requests;
use countersign_application::seen::{self, Seen};
use countersign_domain::eservice::MAX_TEXT_CHARS;
use countersign_domain::form::Form;
use countersign_domain::history::HistoryRow;
use countersign_domain::id::{PersonId, RequestId};
use countersign_domain::mail::Mail;
use countersign_domain::receipt::Receipt;
use countersign_domain::request::StateName;
use countersign_domain::time;
use countersign_domain::workflow::{Action, Guard, TABLE};
use countersign_platform::store::requests::StoredRequest;
use serde_json::Value as Json;

use super::review;
use super::shown::{Shown, ShownContent};
use crate::difference::Difference;
use crate::frame::{Frame, Place};
use crate::reply::{Answer, Reply, Stop};
use crate::visit::Visit;
use crate::wording::Words;

/// Buttons in the order of the guideline's screens. The most common action comes last and is primary.
const ORDER: [Action; 11] = [
    Action::Reclaim,
    Action::Clone,
    Action::Discard,
    Action::Save,
    Action::Submit,
    Action::Release,
    Action::Return,
    Action::Reject,
    Action::Claim,
    Action::Confirm,
    Action::Complete,
];

#[derive(Template)]
#[template(path = "request.html")]
struct Page {
    frame: Frame,
    w: &'static Words,
    id: RequestId,
    heading: String,
    /// The title: the reference, or what the request is.
    reference: String,
    reference_or_none: String,
    updated: String,
    status: String,
    holder: Option<(String, String)>,
    claim_ends: Option<String>,
    waiting: Option<String>,
    history: Vec<Step>,
    history_open: bool,
    undelivered: Vec<Undelivered>,
    is_late: bool,
    late: String,
    changed: Option<Difference>,
    shown: Shown,
    buttons: Vec<Button>,
    steps: Vec<StepForm>,
    problem: Option<Problem>,
    done: Option<String>,
    list: (&'static str, &'static str),
}

pub(super) struct Step {
    pub(super) what: String,
    pub(super) who: String,
    pub(super) at: String,
    pub(super) message: Option<String>,
}

/// A mail that did not arrive.
struct Undelivered {
    who: Option<String>,
    address: String,
    what: &'static str,
    at: String,
}

struct Button {
    path: &'static str,
    name: &'static str,
    is_secondary: bool,
    has_dialog: bool,
}

/// What stopped a step, told on the page of the request.
pub(crate) struct Problem {
    pub(crate) title: &'static str,
    pub(crate) text: String,
    pub(crate) typed: String,
    pub(crate) action: Option<Action>,
}

/// The question whether to take a step, with its message.
pub(crate) struct StepForm {
    pub(crate) id: RequestId,
    pub(crate) action: &'static str,
    pub(crate) name: &'static str,
    pub(crate) tag: String,
    pub(crate) key: String,
    pub(crate) text: &'static str,
    /// That with this step the request is not guaranteed, or that it is not anyway.
    pub(crate) late: Option<String>,
    pub(crate) takes_message: bool,
    pub(crate) text_limit: usize,
    pub(crate) needs_message: bool,
    pub(crate) message: String,
    pub(crate) error: Option<String>,
    pub(crate) is_grave: bool,
}

impl StepForm {
    /// The question about a request as it was read.
    pub(crate) fn of(visit: &Visit, request: &StoredRequest, action: Action) -> Self {
        let (w, campaign) = (visit.words(), &visit.app.config().campaign);
        let head = &request.stored.head;
        let state = head.state.name();
        let settles = matches!(action, Action::Submit | Action::Confirm);
        let is_late = head.is_late(campaign, visit.now) || settles && !campaign.guarantees(visit.now);
        Self {
            id: head.id,
            action: action.as_str(),
            name: (w.action)(action),
            tag: Receipt::of(head).tag(),
            key: new_key(),
            text: (w.asks)(action, state),
            late: is_late.then(|| (w.late)(campaign)),
            takes_message: takes_message(action),
            text_limit: MAX_TEXT_CHARS,
            needs_message: needs_message(action, state),
            message: String::new(),
            error: None,
            is_grave: matches!(action, Action::Discard | Action::Reject),
        }
    }
}

/// Every step but these hands the request to a next-step user.
pub(crate) fn takes_message(action: Action) -> bool {
    !matches!(action, Action::Save | Action::Clone | Action::Discard)
}

fn needs_message(action: Action, state: StateName) -> bool {
    let mut rows = TABLE
        .iter()
        .filter(|row| row.action == action && row.starts_from(state));
    rows.any(|row| row.needs(Guard::MessageGiven))
}

/// What tells a form that is sent twice from two forms.
pub(crate) fn new_key() -> String {
    let part = || getrandom::u64().unwrap_or_default();
    format!("{:016x}{:016x}", part(), part())
}

/// The request that the path names, for someone who may know of it. For anyone else it does not exist.
pub(crate) async fn find(visit: &Visit) -> Result<StoredRequest, Stop> {
    let caller = visit.caller_with_a_right()?;
    Ok(requests::find(&visit.app, caller, named(visit)?).await?)
}

/// The ID in the path.
fn named(visit: &Visit) -> Result<RequestId, Stop> {
    let id = visit.path("id").and_then(|id| RequestId::parse(&id));
    id.ok_or(Stop::NotFound)
}

/// What the reader saw of the request before.
async fn seen_before(visit: &Visit) -> Result<Option<Seen>, Stop> {
    let caller = visit.caller_with_a_right()?;
    Ok(seen::last(&visit.app, caller, named(visit)?).await?)
}

/// The steps that the reader may take from the pages.
pub(crate) fn allowed(visit: &Visit, request: &StoredRequest) -> Result<Vec<Action>, Stop> {
    let actor = visit.actor()?;
    Ok(requests::allowed_actions(&visit.app, &actor, &request.stored))
}

/// `GET /portal/requests/{id}`: a colleague with the right, or an officer once it is before the exchange.
pub(crate) async fn page(visit: &Visit) -> Answer {
    let (request, seen, frame) = tokio::join!(
        find(visit),
        seen_before(visit),
        Frame::of(visit, Place::Elsewhere)
    );
    let page = whole(visit, frame, (&request?, seen?), None).await?;
    Reply::page(&page)
}

/// The page of a request after a step that was not taken.
pub(crate) async fn page_after(visit: &Visit, status: u16, problem: Problem) -> Answer {
    let (request, seen, frame) = tokio::join!(
        find(visit),
        seen_before(visit),
        Frame::of(visit, Place::Elsewhere)
    );
    let page = whole(visit, frame.of_problem(), (&request?, seen?), Some(problem)).await?;
    Reply::page_with(status, &page)
}

async fn whole(
    visit: &Visit,
    frame: Frame,
    (request, last): (&StoredRequest, Option<Seen>),
    problem: Option<Problem>,
) -> Result<Page, Stop> {
    let w = visit.words();
    let head = &request.stored.head;
    let allowed = allowed(visit, request)?;
    let (json, caller) = (request.form.json()?, visit.caller_with_a_right()?);
    let form = kept(visit, &json)?;
    let seen = seen::on_opening(request, last, visit.now);
    let (changed, mails, standings, ()) = tokio::join!(
        Box::pin(review::changed(visit, request, &json, seen.as_ref())),
        Box::pin(requests::undelivered(&visit.app, caller, request)),
        requests::standings(&visit.app, &request.stored),
        Box::pin(record(
            visit,
            caller,
            head.id,
            seen.as_ref().filter(|seen| Some(**seen) != last)
        ))
    );
    let (changed, undelivered, standings) = (changed?, undelivered(&mails?, w), standings?);
    let eservice = head.eservice.definition();
    let steps = allowed
        .iter()
        .filter(|action| **action != Action::Save)
        .map(|action| {
            let mut step = StepForm::of(visit, request, *action);
            if let Some(problem) = problem.as_ref().filter(|problem| problem.action == Some(*action)) {
                step.message.clone_from(&problem.typed);
            }
            step
        });
    let reference = head.reference.as_ref().map(ToString::to_string);
    let is_officer = visit.caller()?.member.is_officer();
    Ok(Page {
        w,
        id: head.id,
        heading: format!("{} {}", eservice.label, (w.function_name)(eservice)),
        reference: reference
            .clone()
            .unwrap_or_else(|| format!("{} {}", eservice.label, w.draft)),
        reference_or_none: reference.unwrap_or_else(|| w.no_reference.to_owned()),
        updated: time::shown(head.updated_at),
        status: (w.status)(&head.state),
        holder: head
            .state
            .holder()
            .map(|taken| (taken.by.name.clone(), time::shown(taken.at))),
        claim_ends: head.state.lease_ends().map(time::shown),
        waiting: head
            .desk_since
            .filter(|_| head.state.holder().is_none())
            .map(time::shown),
        history: request.history.iter().map(|row| step(row, w)).collect(),
        history_open: changed.is_some(),
        undelivered,
        is_late: head.is_late(&visit.app.config().campaign, visit.now),
        late: (w.late)(&visit.app.config().campaign),
        changed,
        shown: Shown::of(&form, &head.company_name, standings.as_ref(), w),
        buttons: buttons(&allowed, w),
        steps: steps.collect(),
        done: done(visit, w).filter(|_| problem.is_none()),
        problem,
        list: if is_officer || head.state.name().desk().is_some() {
            ("/portal/tasks", w.tasks)
        } else {
            ("/portal/requests", w.requests)
        },
        frame,
    })
}

async fn record(visit: &Visit, caller: &Caller, id: RequestId, seen: Option<&Seen>) {
    if let Some(seen) = seen {
        seen::record(&visit.app, caller, id, seen).await;
    }
}

/// E-mails that were not delivered, latest first.
fn undelivered(mails: &[Mail], w: &Words) -> Vec<Undelivered> {
    let shown = mails.iter().rev().map(|mail| Undelivered {
        who: mail.name.clone(),
        address: mail.address.clone(),
        what: (w.undelivered)(mail.status),
        at: time::shown(mail.at),
    });
    shown.collect()
}

/// The stored form of a request, which was valid when it was saved.
fn kept(visit: &Visit, form: &Json) -> Result<Form, Stop> {
    Form::parse(form, &visit.app.kept_terms()).map_err(|faults| {
        let pointers: Vec<&str> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
        tracing::error!(?pointers, "a kept form can't be read");
        Stop::Failed
    })
}

fn buttons(allowed: &[Action], w: &Words) -> Vec<Button> {
    let shown: Vec<Action> = ORDER
        .into_iter()
        .filter(|action| allowed.contains(action))
        .collect();
    let leads = |action: Action| {
        matches!(
            action,
            Action::Submit | Action::Claim | Action::Confirm | Action::Complete
        )
    };
    let button = |action: &Action| Button {
        path: if *action == Action::Save {
            "edit"
        } else {
            action.as_str()
        },
        name: (w.action)(*action),
        is_secondary: !leads(*action),
        has_dialog: *action != Action::Save,
    };
    shown.iter().map(button).collect()
}

pub(super) fn step(row: &HistoryRow, w: &Words) -> Step {
    // The one thing that the clock does is to end a claim.
    let is_clock = row.actor.id.as_str() == PersonId::CLOCK;
    let (what, who) = if is_clock {
        (w.claim_ended.to_owned(), w.clock.to_owned())
    } else {
        ((w.did)(row.action, row.to), row.actor.name.clone())
    };
    Step {
        what,
        who,
        at: time::shown(row.at),
        message: row.message.clone(),
    }
}

/// The step that was just taken, from the address. Unknown values are ignored.
fn done(visit: &Visit, w: &Words) -> Option<String> {
    let done = visit.query("done")?;
    if done == "preview" {
        return Some(w.saved.to_owned());
    }
    let action = Action::ALL.into_iter().find(|action| action.as_str() == done)?;
    Some((w.acted)(action).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_that_pages_offer_has_a_place_among_the_buttons() {
        for action in Action::ALL.into_iter().filter(|action| !action.is_by_mail()) {
            assert!(ORDER.contains(&action), "{action:?}");
        }
    }
}
