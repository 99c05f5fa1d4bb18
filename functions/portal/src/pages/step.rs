//! Taking a step on a request: the question with its message, and what comes of it.

use askama::Template;
use countersign_application::execute::{Command, Executed, Payload, Rejection, Subject, execute};
use countersign_application::home;
use countersign_domain::eservice::MAX_TEXT_CHARS;
use countersign_domain::fault::Fault;
use countersign_domain::field::free_text;
use countersign_domain::history::HistoryRow;
use countersign_domain::id::{PersonId, RequestId};
use countersign_domain::receipt::Receipt;
use countersign_domain::workflow::{Action, Refusal};

use super::problem::status_of;
use super::request::{Problem, find, offered, page_after};
use super::steps::{StepForm, takes_message};
use crate::body::Fields;
use crate::done::JustDone;
use crate::frame::{Frame, Place};
use crate::reply::{Answer, Reply, Stop};
use crate::visit::Visit;
use crate::wording::Words;

#[derive(Template)]
#[template(path = "step.html")]
struct StepPage {
    frame: Frame,
    w: &'static Words,
    step: StepForm,
    reference: String,
    status: String,
}

/// The action in the path. Saving has its own form, and some actions have no page.
fn action(visit: &Visit) -> Result<Action, Stop> {
    let name = visit.path("action").unwrap_or_default();
    Action::parse(&name)
        .filter(|action| *action != Action::Save && !action.is_by_mail())
        .ok_or(Stop::NotFound)
}

/// `GET /portal/requests/{id}/{action}`: people who may take the step. Asks what the dialog asks, without script.
pub(crate) async fn page(visit: &Visit) -> Answer {
    let action = action(visit)?;
    let (request, frame) = tokio::join!(find(visit), Frame::of(visit, Place::Elsewhere));
    let request = request?;
    let w = visit.words();
    let offered = offered(visit, &request).await?;
    if !offered.actions.contains(&action) {
        let status = w.status_of(&request.stored.head);
        let campaign = &visit.app.config().campaign;
        let problem = Problem {
            title: w.refused_title,
            text: (w.refusal)(&Refusal::NoLongerPossible, action, Some(&status), campaign),
            typed: String::new(),
            action: None,
        };
        return Box::pin(page_after(visit, 409, problem)).await;
    }
    let step = StepForm::of(visit, &request.stored.head, action, &offered.colleagues);
    question(frame, 200, w, step, &request.stored.head)
}

fn question(
    frame: Frame,
    code: u16,
    w: &'static Words,
    step: StepForm,
    head: &countersign_domain::request::Head,
) -> Answer {
    let reference = head
        .reference
        .as_ref()
        .map_or_else(|| w.draft.to_owned(), ToString::to_string);
    let status = w.status_of(head);
    let page = StepPage {
        frame,
        w,
        step,
        reference,
        status,
    };
    Reply::page_with(code, &page)
}

/// `POST /portal/requests/{id}/{action}`: people who may take the step, on the version that the form was made from.
pub(crate) async fn take(visit: &Visit) -> Answer {
    let action = action(visit)?;
    let caller = visit.caller_with_a_right()?;
    let id = visit
        .path("id")
        .and_then(|id| RequestId::parse(&id))
        .ok_or(Stop::NotFound)?;
    let fields = Fields::read(&visit.request).await?;
    let (tag, key) = (fields.get("tag"), fields.get("key"));
    if key.is_empty() || key.len() > 64 {
        return Err(Stop::Malformed);
    }
    let typed = if takes_message(action) {
        fields.get("message")
    } else {
        ""
    };
    let message = match free_text(typed, MAX_TEXT_CHARS) {
        Ok(message) => Some(message).filter(|message| !message.trim().is_empty()),
        Err(kind) => return ask_again(visit, action, typed, (visit.words().fault)(&kind)).await,
    };
    let colleague = fields.get("colleague");
    let payload = match action {
        Action::HandOver => Payload::HandOver {
            colleague: PersonId::parse(colleague),
            message,
        },
        _ => Payload::Message(message),
    };
    let said = [tag, "\n", colleague, "\n", typed].concat();
    let command = Command {
        subject: Subject::Request(id),
        action,
        actor: caller.actor(),
        receipt: Receipt::parse(tag).into(),
        payload,
        key: Some(caller.command_key(key, &format!("{} {id}", action.as_str()), said.as_bytes())),
    };
    match execute(&visit.app, command).await {
        Ok(Executed { row, .. }) if fields.get("next").is_empty() => {
            let page = format!("/portal/requests/{}", row.request);
            Ok(Reply::see_done(page, &step_of(&row)))
        }
        Ok(Executed { row, .. }) => lead_on(visit, &row).await,
        Err(error) => refused(visit, action, typed, error).await,
    }
}

/// The way to the next request that waits for this person, or home. The page there says what was done.
async fn lead_on(visit: &Visit, row: &HistoryRow) -> Answer {
    let caller = visit.caller_with_a_right()?;
    // The step is taken, even if the next request can't be found.
    let next = home::next(&visit.app, caller, row.request).await;
    let next = next.unwrap_or_else(|error| {
        tracing::warn!(%error, "finding the next request");
        None
    });
    let page = next.map_or_else(|| "/".to_owned(), |id| format!("/portal/requests/{id}"));
    Ok(Reply::see_done(page, &step_of(row)))
}

fn step_of(row: &HistoryRow) -> JustDone {
    let reference = row.reference.as_ref().map(ToString::to_string);
    JustDone::Step {
        request: row.request,
        action: row.action,
        to: row.to,
        reference: reference.unwrap_or_default(),
    }
}

/// The question once more, with what was typed and what is wrong with it.
async fn ask_again(visit: &Visit, action: Action, typed: &str, error: String) -> Answer {
    let (request, frame) = tokio::join!(find(visit), Frame::of(visit, Place::Elsewhere));
    let request = request?;
    let offered = offered(visit, &request).await?;
    let step = StepForm {
        message: typed.to_owned(),
        error: Some(error),
        ..StepForm::of(visit, &request.stored.head, action, &offered.colleagues)
    };
    question(frame.of_problem(), 422, visit.words(), step, &request.stored.head)
}

/// The answer to a refused step.
async fn refused(visit: &Visit, action: Action, typed: &str, error: Rejection) -> Answer {
    let w = visit.words();
    let problem = |title, text| Problem {
        title,
        text,
        typed: typed.to_owned(),
        action: Some(action),
    };
    match error {
        Rejection::Refused { refusal, .. } => refusal_page(visit, action, typed, &refusal).await,
        Rejection::Invalid(faults) if action == Action::Submit => {
            super::form::with_faults(visit, faults, typed).await
        }
        Rejection::Invalid(faults) => {
            Box::pin(page_after(
                visit,
                422,
                problem(w.refused_title, texts(&faults, w)),
            ))
            .await
        }
        Rejection::NoOtherChecker(checks) => {
            let text = (w.no_other_checker)(checks).to_owned();
            Box::pin(page_after(visit, 409, problem(w.refused_title, text))).await
        }
        // A mail's refusals: no page sends one.
        Rejection::TokenEnded | Rejection::OnRecord => {
            refusal_page(visit, action, typed, &Refusal::NoLongerPossible).await
        }
        Rejection::KeyReused => refusal_page(visit, action, typed, &Refusal::Stale).await,
        Rejection::Store(error) => Err(error.into()),
    }
}

fn texts(faults: &[Fault], w: &Words) -> String {
    let texts: Vec<String> = faults.iter().map(|fault| (w.fault)(&fault.kind)).collect();
    texts.join(" ")
}

async fn refusal_page(visit: &Visit, action: Action, typed: &str, refusal: &Refusal) -> Answer {
    let w = visit.words();
    if matches!(refusal, Refusal::MessageMissing | Refusal::ColleagueMissing) {
        let campaign = &visit.app.config().campaign;
        return ask_again(visit, action, typed, (w.refusal)(refusal, action, None, campaign)).await;
    }
    let code = status_of(refusal)?;
    let title = if matches!(refusal, Refusal::NoLongerPossible | Refusal::Stale) {
        w.stale_title
    } else {
        w.refused_title
    };
    let problem = Problem {
        title,
        // The page shows the current status beside it, in the reader's language.
        text: (w.refusal)(refusal, action, None, &visit.app.config().campaign),
        typed: typed.to_owned(),
        action: Some(action),
    };
    Box::pin(page_after(visit, code, problem)).await
}
