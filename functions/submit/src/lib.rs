//! `POST /requests/{id}/submit`: hands a draft to the company's checkers.

use countersign_api::view::{command, stepped};
use countersign_application::command::submit::submit;
use countersign_domain::workflow::Action;
use countersign_platform::App;
use countersign_platform::http::{Answer, respond};
use lambda_http::{Body, Request, Response};

/// Submits the draft.
pub async fn handle(app: App, request: Request) -> Response<Body> {
    respond(answer(&app, &request).await)
}

async fn answer(app: &App, request: &Request) -> Answer {
    let command = command(request, Action::Submit)?;
    stepped(app, submit(app, &command).await)
}
