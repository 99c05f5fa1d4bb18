//! `POST /requests/{id}/claim`: takes a request from a desk. The workflow table decides who may, and from which desk.

use countersign_api::view::answer_step;
use countersign_domain::workflow::Action;
use countersign_platform::App;
use lambda_http::{Body, Request, Response};

/// Claims the request.
pub async fn handle(app: App, request: Request) -> Response<Body> {
    answer_step(app, request, Action::Claim).await
}
