//! The page of a request: its form, its status, and the steps that the reader may take.

use askama::Template;
use countersign_application::access::Caller;
use countersign_application::colleagues::{self, Offered};
use countersign_application::people;
use countersign_application::requests;
use countersign_application::seen::{self, Seen};
use countersign_domain::form::Form;
use countersign_domain::id::{Reference, RequestId};
use countersign_domain::mail::Mail;
use countersign_domain::request::Head;
use countersign_domain::time;
use countersign_domain::workflow::{Action, Row};
use countersign_platform::store::requests::{StoredForm, StoredRequest};

use super::claim::ClaimWarning;
use super::history::{self, Message, Step, names};
use super::review;
use super::shown::{Shown, ShownContent};
use super::steps::{Buttons, StepForm};
use super::summary::{FirstCheck, Summary};
use crate::difference::Difference;
use crate::done::JustDone;
use crate::frame::{Frame, Place};
use crate::reply::{Answer, Reply, Stop};
use crate::visit::Visit;
use crate::wording::Words;

#[derive(Template)]
#[template(path = "request.html")]
struct Page {
    frame: Frame,
    w: &'static Words,
    id: RequestId,
    heading: String,
    /// The title: the reference, or what the request is.
    reference: String,
    summary: Summary,
    claim: Option<ClaimWarning>,
    message: Option<Message>,
    history: Vec<Step>,
    undelivered: Vec<Undelivered>,
    late: String,
    changed: Option<Difference>,
    shown: Shown,
    buttons: Buttons,
    steps: Vec<StepForm>,
    problem: Option<Problem>,
    done: Option<Done>,
    list: (&'static str, &'static str),
}

/// What was just done.
pub(crate) struct Done {
    /// The request and the step, whose text needs to be kept no longer.
    pub(crate) what: String,
    pub(crate) text: String,
}

/// A mail that did not arrive.
struct Undelivered {
    who: Option<String>,
    address: String,
    what: &'static str,
    at: String,
}

/// What stopped a step, told on the page of the request.
pub(crate) struct Problem {
    pub(crate) title: &'static str,
    pub(crate) text: String,
    pub(crate) typed: String,
    pub(crate) action: Option<Action>,
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

/// The steps that the reader may take, as far as the request tells.
pub(crate) fn allowed(visit: &Visit, request: &StoredRequest) -> Result<Vec<Action>, Stop> {
    let actor = visit.actor()?;
    Ok(requests::allowed_actions(&visit.app, &actor, &request.stored))
}

/// What the reader can do with a request from the pages, also where that depends on who else is there.
pub(crate) async fn offered(visit: &Visit, request: &StoredRequest) -> Result<Offered, Stop> {
    let actor = visit.actor()?;
    Ok(colleagues::offered(&visit.app, &actor, &request.stored).await?)
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
    let (w, head) = (visit.words(), &request.stored.head);
    let caller = visit.caller_with_a_right()?;
    let form = kept(visit, &request.form)?;
    let seen = seen::on_opening(request, last);
    let (offered, changed, people, mails, standings, (), ()) = tokio::join!(
        Box::pin(offered(visit, request)),
        Box::pin(review::changed(visit, request, seen.as_ref())),
        people::names(&visit.app, &head.company, head.eservice),
        Box::pin(requests::mails(&visit.app, caller, request)),
        requests::standings(&visit.app, &request.stored),
        Box::pin(record(
            visit,
            caller,
            head.id,
            seen.as_ref().filter(|seen| Some(**seen) != last)
        )),
        Box::pin(record_view(visit, caller, head))
    );
    let (offered, changed, mails, standings) = (offered?, changed?, mails?, standings?);
    let allowed = &offered.actions;
    let form = form.naming(people?);
    let eservice = head.eservice.definition();
    let steps = allowed
        .iter()
        .filter(|action| **action != Action::Save)
        .map(|action| {
            let mut step = StepForm::of(visit, head, *action, &offered.colleagues);
            if let Some(problem) = problem.as_ref().filter(|problem| problem.action == Some(*action)) {
                step.message.clone_from(&problem.typed);
            }
            step
        });
    let reference = head.reference.as_ref().map(ToString::to_string);
    let member = &visit.caller()?.member;
    Ok(Page {
        w,
        id: head.id,
        heading: format!("{} {}", eservice.label, (w.function_name)(eservice)),
        reference: reference.unwrap_or_else(|| format!("{} {}", eservice.label, w.draft)),
        summary: Summary::of(visit, head, &names(&request.history)),
        claim: ClaimWarning::of(request, allowed, visit.now),
        message: history::newest_message(&request.history, w),
        history: history::steps(&request.history, &mails, w),
        undelivered: undelivered(&mails, w),
        late: (w.late)(&visit.app.config().campaign),
        changed,
        shown: Shown::of(&form, &head.company_name, standings.as_ref(), w),
        buttons: Buttons::of(allowed, head.state.name(), w),
        steps: steps.collect(),
        done: done(visit, request, w).filter(|_| problem.is_none()),
        problem,
        list: if head.company != member.company || head.state.name().desk().is_some() {
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

/// Keeps that the reader opened the request, if its company asks for that.
async fn record_view(visit: &Visit, caller: &Caller, head: &Head) {
    match seen::own_company_asks(&visit.app, caller).await {
        Ok(own_asks) => seen::record_view(&visit.app, caller, head, own_asks).await,
        Err(error) => tracing::warn!(%error, "recording who saw what"),
    }
}

/// E-mails that were not delivered, latest first.
fn undelivered(mails: &[Mail], w: &Words) -> Vec<Undelivered> {
    let failed = mails.iter().rev().filter(|mail| mail.status.is_worth_telling());
    let shown = failed.map(|mail| Undelivered {
        who: mail.name.clone(),
        address: mail.address.clone(),
        what: (w.undelivered)(mail.status),
        at: time::shown(mail.at),
    });
    shown.collect()
}

/// The stored form of a request, which was valid when it was saved.
pub(super) fn kept(visit: &Visit, stored: &StoredForm) -> Result<Form, Stop> {
    let form = Form::parse(&stored.json()?, &visit.app.kept_terms());
    let form = form.map(|form| form.sealed_by(stored.seal()));
    form.map_err(|faults| {
        let pointers: Vec<&str> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
        tracing::error!(?pointers, "a kept form can't be read");
        Stop::Failed
    })
}

/// What was just done: on this request, or on the one before.
fn done(visit: &Visit, request: &StoredRequest, w: &Words) -> Option<Done> {
    match visit.just_done()? {
        JustDone::Saved { .. } => Some(Done {
            what: String::new(),
            text: w.saved.to_owned(),
        }),
        JustDone::Step {
            request: id, action, ..
        } if id == request.stored.head.id => {
            let last = request.history.last().filter(|row| row.action == action);
            Some(Done {
                what: what(id, action),
                text: history::acted(action, last.and_then(Row::taken), w),
            })
        }
        JustDone::Step { .. } => done_before(visit, w),
        JustDone::Unchanged { .. } | JustDone::Choices | JustDone::Retried => None,
    }
}

/// What was done to the request that the reader decided on before this page.
pub(crate) fn done_before(visit: &Visit, w: &Words) -> Option<Done> {
    let JustDone::Step {
        request,
        action,
        to,
        reference,
    } = visit.just_done()?
    else {
        return None;
    };
    let eservice = Reference::parse(&reference).map(|reference| reference.eservice());
    let row = eservice.and_then(|eservice| history::first_row(action, to, eservice));
    let acted = history::acted(action, row, w);
    Some(Done {
        what: what(request, action),
        text: format!("{reference}{}{acted}", w.colon),
    })
}

fn what(id: RequestId, action: Action) -> String {
    format!("{id}:{}", action.as_str())
}
