//! `POST /requests/{id}/complete` and `/reject`: an officer decides.

use countersign_api::view::{command, stepped};
use countersign_application::command::{complete::complete, step};
use countersign_domain::workflow::Action;
use countersign_platform::App;
use countersign_platform::http::{Answer, respond, route};
use lambda_http::{Body, Request, Response};

#[derive(Clone, Copy)]
enum Decision {
    Complete,
    Reject,
}

const ROUTES: [(&str, Decision); 2] = [
    ("POST /requests/{id}/complete", Decision::Complete),
    ("POST /requests/{id}/reject", Decision::Reject),
];

/// Decides the request.
pub async fn handle(app: App, request: Request) -> Response<Body> {
    respond(answer(&app, &request).await)
}

async fn answer(app: &App, request: &Request) -> Answer {
    let row = match route(request, &ROUTES)? {
        Decision::Complete => complete(app, &command(request, Action::Complete)?).await,
        Decision::Reject => step(app, &command(request, Action::Reject)?).await,
    };
    stepped(app, row)
}
