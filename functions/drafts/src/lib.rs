//! `POST /requests`, `PUT` and `DELETE /requests/{id}`, `POST /requests/{id}/clone`: what makers do to drafts.

use countersign_api::view::{created, stepped};
use countersign_api::{caller_with_a_right, command_key, command_of, invalid, no_message};
use countersign_application::access::Caller;
use countersign_application::command::{create, step};
use countersign_domain::form::Form;
use countersign_domain::workflow::{Action, Reading};
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

const ROUTES: [(&str, Route); 4] = [
    ("POST /requests", Route::Create),
    ("PUT /requests/{id}", Route::Save),
    ("DELETE /requests/{id}", Route::Discard),
    ("POST /requests/{id}/clone", Route::Clone),
];

/// Keeps, discards or clones.
pub async fn handle(app: App, request: Request) -> Response<Body> {
    let answer = match route(&request, &ROUTES) {
        Ok(Route::Create) => make(&app, &request).await,
        Ok(Route::Save) => save(&app, &request).await,
        Ok(Route::Discard) => discard(&app, &request).await,
        Ok(Route::Clone) => clone(&app, &request).await,
        Err(problem) => Err(problem),
    };
    respond(answer)
}

fn form(app: &App, request: &Request, caller: &Caller, is_new: bool) -> Result<Form, Problem> {
    let terms = app.terms();
    let terms = if is_new {
        terms.with_contact(&caller.contact)
    } else {
        terms
    };
    let form = Form::parse(&json(request)?, &terms);
    form.map_err(|faults| invalid(&faults))
}

async fn make(app: &App, request: &Request) -> Answer {
    let caller = caller_with_a_right(request)?;
    Query::read(request, &[])?;
    let key = command_key(request, &caller, "create")?;
    let form = form(app, request, &caller, true)?;
    created(app, create::create(app, &caller.actor(), &form, None, key).await)
}

async fn save(app: &App, request: &Request) -> Answer {
    let caller = caller_with_a_right(request)?;
    let command = command_of(request, &caller, Action::Save, None)?;
    let form = form(app, request, &caller, false)?;
    stepped(app, create::save(app, &command, &form).await)
}

async fn discard(app: &App, request: &Request) -> Answer {
    let caller = caller_with_a_right(request)?;
    no_message(request)?;
    let command = command_of(request, &caller, Action::Discard, None)?;
    stepped(app, step(app, &command).await)
}

/// A clone leaves the request alone, so it needs no `If-Match`; one that is sent is heeded.
async fn clone(app: &App, request: &Request) -> Answer {
    let caller = caller_with_a_right(request)?;
    no_message(request)?;
    let id = request_id(request)?;
    Query::read(request, &[])?;
    let key = command_key(request, &caller, &format!("clone {id}"))?;
    let receipt = if_match(request)?.map(countersign_platform::http::Tag::receipt);
    let reading = match &receipt {
        None => Reading::Current,
        Some(Some(receipt)) => Reading::Receipt(receipt),
        Some(None) => Reading::Unreadable,
    };
    created(app, create::clone(app, &caller.actor(), id, reading, key).await)
}
