//! `GET /tasks`: lists the requests on the caller's desk, longest waiting first. Takes one query, however long the list
//! is; for an officer who manages users one for each of two desks.

use countersign_api::caller_with_a_right;
use countersign_api::view::{self, Viewer};
use countersign_application::requests::List;
use countersign_platform::App;
use countersign_platform::http::{Answer, PageQuery, Query, respond};
use lambda_http::{Body, Request, Response};

/// Lists the caller's desk.
pub async fn handle(app: App, request: Request) -> Response<Body> {
    respond(answer(&app, &request).await)
}

async fn answer(app: &App, request: &Request) -> Answer {
    let caller = caller_with_a_right(request)?;
    let tasks = List::tasks(&caller);
    let query = PageQuery::read(&Query::read(request, &["limit", "cursor"])?)?;
    let cursor = query.cursor(|text| tasks.cursor(text))?;
    let page = tasks.page(app, query.limit, cursor).await?;
    let viewer = Viewer::new(app, &caller);
    let items = page.items.iter().map(|stored| viewer.task(stored)).collect();
    view::List::answer(items, page.next.as_ref(), |cursor| {
        query.link("/tasks", &[], cursor)
    })
}
