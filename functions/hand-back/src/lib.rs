//! `POST /requests/{id}/reclaim`, `/release` and `/return`: takes a request back, puts it back on its desk, or sends it
//! back to its maker.

use countersign_api::view::answer_step;
use countersign_domain::workflow::Action;
use countersign_platform::App;
use countersign_platform::http::{respond, route};
use lambda_http::{Body, Request, Response};

const ROUTES: [(&str, Action); 3] = [
    ("POST /requests/{id}/reclaim", Action::Reclaim),
    ("POST /requests/{id}/release", Action::Release),
    ("POST /requests/{id}/return", Action::Return),
];

/// Takes the step that the route names.
pub async fn handle(app: App, request: Request) -> Response<Body> {
    match route(&request, &ROUTES) {
        Ok(action) => answer_step(app, request, action).await,
        Err(problem) => respond(Err(problem)),
    }
}
