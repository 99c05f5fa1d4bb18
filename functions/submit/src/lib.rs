//! `POST /requests/{id}/submit`: sends a draft to the company's checkers. A company's own system calls
//! `POST /systems/requests/{id}/submit`.

use countersign_api::systems;
use countersign_api::view::answer_step;
use countersign_domain::workflow::Action;
use countersign_platform::App;
use lambda_http::{Body, Request, Response};

/// Submits the draft.
pub async fn handle(app: App, request: Request) -> Response<Body> {
    systems::serve(app, request, |app, request| {
        answer_step(app, request, Action::Submit)
    })
    .await
}
