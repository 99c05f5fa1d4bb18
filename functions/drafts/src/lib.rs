//! `POST /requests`, `PUT` and `DELETE /requests/{id}`, `POST /requests/{id}/clone`: creates, saves, discards and
//! clones drafts. Below `/systems`, a company's own system does the same.

use countersign_api::view::answer_command;
use countersign_api::{caller_with_a_right, command_key, command_of, invalid, no_message, systems};
use countersign_application::access::Caller;
use countersign_application::execute::{AsRead, Command, Payload, Subject};
use countersign_domain::form::Form;
use countersign_domain::workflow::Action;
use countersign_platform::App;
use countersign_platform::http::{Answer, Problem, Query, if_match, json, request_id, respond, route};
use lambda_http::{Body, Request, Response};

#[derive(Clone, Copy)]
enum Route {
    Create,
    Save,
    Discard,
    Clone,
}

const ROUTES: [(&str, Route); 8] = [
    ("POST /requests", Route::Create),
    ("PUT /requests/{id}", Route::Save),
    ("DELETE /requests/{id}", Route::Discard),
    ("POST /requests/{id}/clone", Route::Clone),
    ("POST /systems/requests", Route::Create),
    ("PUT /systems/requests/{id}", Route::Save),
    ("DELETE /systems/requests/{id}", Route::Discard),
    ("POST /systems/requests/{id}/clone", Route::Clone),
];

/// Creates, saves, discards or clones a draft.
pub async fn handle(app: App, request: Request) -> Response<Body> {
    systems::serve(app, request, answer).await
}

async fn answer(app: App, request: Request) -> Response<Body> {
    let answer = match route(&request, &ROUTES) {
        Ok(Route::Create) => make(&app, &request).await,
        Ok(Route::Save) => save(&app, &request).await,
        Ok(Route::Discard) => discard(&app, &request).await,
        Ok(Route::Clone) => clone(&app, &request).await,
        Err(problem) => Err(problem),
    };
    respond(answer)
}

fn form(app: &App, request: &Request, caller: &Caller, is_new: bool) -> Result<Payload, Problem> {
    let terms = app.terms();
    let terms = if is_new {
        terms.with_contact(&caller.contact)
    } else {
        terms
    };
    let form = Form::parse(&json(request)?, &terms);
    form.map(|form| Payload::Form(Box::new(form)))
        .map_err(|faults| invalid(&faults))
}

async fn make(app: &App, request: &Request) -> Answer {
    let caller = caller_with_a_right(request)?;
    Query::read(request, &[])?;
    let command = Command {
        subject: Subject::New,
        action: Action::Save,
        actor: caller.actor(),
        receipt: AsRead::Current,
        key: command_key(request, &caller, "create")?,
        payload: form(app, request, &caller, true)?,
    };
    answer_command(app, command).await
}

async fn save(app: &App, request: &Request) -> Answer {
    let caller = caller_with_a_right(request)?;
    let nothing = Payload::Message(None);
    let command = command_of(request, &caller, Action::Save, nothing)?;
    let payload = form(app, request, &caller, false)?;
    answer_command(app, Command { payload, ..command }).await
}

async fn discard(app: &App, request: &Request) -> Answer {
    let caller = caller_with_a_right(request)?;
    no_message(request)?;
    let nothing = Payload::Message(None);
    answer_command(app, command_of(request, &caller, Action::Discard, nothing)?).await
}

/// Clones a request. The source does not change, so `If-Match` is optional, but it is checked if sent.
async fn clone(app: &App, request: &Request) -> Answer {
    let caller = caller_with_a_right(request)?;
    no_message(request)?;
    let id = request_id(request)?;
    Query::read(request, &[])?;
    let command = Command {
        subject: Subject::Request(id),
        action: Action::Clone,
        actor: caller.actor(),
        key: command_key(request, &caller, &format!("clone {id}"))?,
        receipt: match if_match(request)? {
            None => AsRead::Current,
            Some(tag) => tag.receipt().into(),
        },
        payload: Payload::Message(None),
    };
    answer_command(app, command).await
}
