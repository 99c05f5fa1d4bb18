//! `GET /tasks`: what the caller's desk has, longest waiting first. One query, however long the desk's list is.

use countersign_domain::request::Desk;
use countersign_platform::App;
use countersign_platform::http::{Answer, PageQuery, Query, caller, respond};
use countersign_platform::store::requests::desk_list;
use countersign_platform::view::{List, Viewer};
use lambda_http::{Body, Request, Response};

/// Lists the caller's desk.
pub async fn handle(app: App, request: Request) -> Response<Body> {
    respond(answer(&app, &request).await)
}

async fn answer(app: &App, request: &Request) -> Answer {
    let caller = caller(request)?.with_a_right()?;
    let desk = if caller.member.is_officer() {
        Desk::Exchange
    } else {
        Desk::Company(caller.member.company.clone())
    };
    let query = PageQuery::read(&Query::read(request, &["limit", "cursor"])?)?;
    let cursor = query.cursor(&desk_list(&desk))?;
    let page = app.store().desk(&desk, query.limit, cursor).await?;
    let actor = caller.actor();
    let viewer = Viewer {
        actor: &actor,
        campaign: &app.config().campaign,
        now: app.now(),
    };
    let items = page.items.iter().map(|stored| viewer.task(stored)).collect();
    List::answer(items, page.next.as_ref(), |cursor| {
        query.link("/tasks", &[], cursor)
    })
}
