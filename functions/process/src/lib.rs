//! `POST /requests/{id}/complete` and `/reject`: an officer decides the request.

use countersign_api::view::answer_step;
use countersign_domain::workflow::Action;
use countersign_platform::App;
use countersign_platform::http::{respond, route};
use lambda_http::{Body, Request, Response};

const ROUTES: [(&str, Action); 2] = [
    ("POST /requests/{id}/complete", Action::Complete),
    ("POST /requests/{id}/reject", Action::Reject),
];

/// Completes or rejects the request.
pub async fn handle(app: App, request: Request) -> Response<Body> {
    match route(&request, &ROUTES) {
        Ok(action) => answer_step(app, request, action).await,
        Err(problem) => respond(Err(problem)),
    }
}
