//! `POST /requests`, `PUT` and `DELETE /requests/{id}`, `POST /requests/{id}/clone`: what makers do to drafts.

use countersign_domain::form::Form;
use countersign_domain::workflow::{self, Action, Attempt, Reading, Refusal};
use countersign_platform::App;
use countersign_platform::command::{Command, CommandError, create, step};
use countersign_platform::http::{
    Answer, Caller, Problem, ProblemError, caller, draft, if_match, no_message, request_id, respond, route,
};
use countersign_platform::view::{created, stepped};
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
    let prefilled = is_new.then_some(&caller.contact);
    let form = Form::parse(&draft(request)?, &app.config().user_id_rule, prefilled);
    form.map_err(|faults| ProblemError::Invalid(faults).into())
}

async fn make(app: &App, request: &Request) -> Answer {
    let caller = caller(request)?.with_a_right()?;
    let key = caller.command_key(request, "create")?;
    let form = form(app, request, &caller, true)?;
    created(app, create::create(app, &caller.actor(), &form, None, key).await)
}

async fn save(app: &App, request: &Request) -> Answer {
    let caller = caller(request)?.with_a_right()?;
    let command = Command::read(request, &caller, Action::Save, None)?;
    let form = form(app, request, &caller, false)?;
    stepped(app, create::save(app, &command, &form).await)
}

async fn discard(app: &App, request: &Request) -> Answer {
    let caller = caller(request)?.with_a_right()?;
    no_message(request)?;
    let command = Command::read(request, &caller, Action::Discard, None)?;
    stepped(app, step(app, &command).await)
}

/// A clone leaves the request alone, so it needs no `If-Match`; one that is sent is heeded.
async fn clone(app: &App, request: &Request) -> Answer {
    let caller = caller(request)?.with_a_right()?;
    no_message(request)?;
    let id = request_id(request)?;
    let key = caller.command_key(request, &format!("clone {id}"))?;
    let receipt = if_match(request)?.map(countersign_platform::http::Tag::receipt);
    let actor = caller.actor();
    let refused = |refusal| CommandError::Refused {
        refusal,
        action: Action::Clone,
        status: None,
    };
    let (stored, form) = app
        .store()
        .head_and_form(id)
        .await?
        .ok_or_else(|| Problem::of_command(refused(Refusal::NotFound), app))?;
    let reading = match &receipt {
        None => Reading::Current,
        Some(Some(receipt)) => Reading::Receipt(receipt),
        Some(None) => Reading::Unreadable,
    };
    let attempt = Attempt {
        actor: &actor,
        action: Action::Clone,
        reading,
        now: app.now(),
    };
    match workflow::judge(&stored.head, &stored.facts, &attempt) {
        Ok(_) => {}
        // A repeat of a clone gets its first answer, whatever has become of its source since.
        Err(Refusal::Stale) => {
            let answer = create::made_before_or(app, key.as_ref(), refused(Refusal::Stale)).await;
            return created(app, answer);
        }
        Err(refusal) => return Err(Problem::of_command(refused(refusal), app)),
    }
    let form = Form::parse(&form.json()?, &app.config().user_id_rule, None);
    let form = form.map_err(ProblemError::Invalid)?.undeclared();
    created(app, create::create(app, &actor, &form, Some(id), key).await)
}
