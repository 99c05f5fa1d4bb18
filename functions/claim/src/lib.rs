//! `POST /requests/{id}/claim` and `/take-over`: takes a request from a desk, or takes someone else's place: a maker's who
//! is away or has left, or another officer's. The workflow table decides who may.

use countersign_api::view::answer_step;
use countersign_domain::workflow::Action;
use countersign_platform::App;
use countersign_platform::http::{respond, route};
use lambda_http::{Body, Request, Response};

const ROUTES: [(&str, Action); 2] = [
    ("POST /requests/{id}/claim", Action::Claim),
    ("POST /requests/{id}/take-over", Action::TakeOver),
];

/// Takes the step that the route names.
pub async fn handle(app: App, request: Request) -> Response<Body> {
    match route(&request, &ROUTES) {
        Ok(action) => answer_step(app, request, action).await,
        Err(problem) => respond(Err(problem)),
    }
}
