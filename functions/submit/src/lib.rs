//! `POST /requests/{id}/submit`: sends a draft to the company's checkers.

use countersign_api::view::answer_step;
use countersign_domain::workflow::Action;
use countersign_platform::App;
use lambda_http::{Body, Request, Response};

/// Submits the draft.
pub async fn handle(app: App, request: Request) -> Response<Body> {
    answer_step(app, request, Action::Submit).await
}
