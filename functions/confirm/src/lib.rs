//! `POST /requests/{id}/confirm`: a checker sends the version that they have read to the exchange.

use countersign_api::view::answer_step;
use countersign_domain::workflow::Action;
use countersign_platform::App;
use lambda_http::{Body, Request, Response};

/// Confirms the request.
pub async fn handle(app: App, request: Request) -> Response<Body> {
    answer_step(app, request, Action::Confirm).await
}
