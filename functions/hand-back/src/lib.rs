//! `POST /requests/{id}/reclaim`, `/release`, `/hand-over` and `/return`: takes a request back, puts it back on its desk,
//! hands it over to a colleague, or sends it back to its maker. A company's own system takes its requests back, with
//! `POST /systems/requests/{id}/reclaim`.

use countersign_api::systems;
use countersign_api::view::{answer_hand_over, answer_step};
use countersign_domain::workflow::Action;
use countersign_platform::App;
use countersign_platform::http::{respond, route};
use lambda_http::{Body, Request, Response};

const ROUTES: [(&str, Action); 5] = [
    ("POST /requests/{id}/reclaim", Action::Reclaim),
    ("POST /requests/{id}/release", Action::Release),
    ("POST /requests/{id}/hand-over", Action::HandOver),
    ("POST /requests/{id}/return", Action::Return),
    ("POST /systems/requests/{id}/reclaim", Action::Reclaim),
];

/// Takes the step that the route names.
pub async fn handle(app: App, request: Request) -> Response<Body> {
    systems::serve(app, request, answer).await
}

async fn answer(app: App, request: Request) -> Response<Body> {
    match route(&request, &ROUTES) {
        Ok(Action::HandOver) => answer_hand_over(app, request).await,
        Ok(action) => answer_step(app, request, action).await,
        Err(problem) => respond(Err(problem)),
    }
}
