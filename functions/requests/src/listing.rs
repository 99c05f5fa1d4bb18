//! The company's requests, as a list and one in full.

use countersign_api::view::{self, Viewer};
use countersign_api::{caller_with_a_right, denied};
use countersign_application::access::Caller;
use countersign_application::colleagues;
use countersign_application::requests::{self, List};
use countersign_application::{audit, seen};
use countersign_domain::id::Reference;
use countersign_domain::language::Language;
use countersign_domain::request::StateName;
use countersign_domain::{time, wording};
use countersign_platform::App;
use countersign_platform::http::{Answer, HttpError, Json, Malformed, PageQuery, Problem, Query, request_id};
use countersign_platform::store::item::StoredHead;
use countersign_platform::store::page::Page;
use jiff::Timestamp;
use lambda_http::Request;

/// The most queries that one call makes to find matching rows. A page may then have fewer rows than asked for, or none,
/// although there is a next page.
const MAX_QUERIES: usize = 10;

/// The query parameters of `GET /requests`.
const PARAMETERS: [&str; 6] = ["state", "reference", "q", "updatedSince", "limit", "cursor"];

/// `GET /requests/{id}`: a colleague with the right, or an officer once the request has reached the exchange.
pub(super) async fn one(app: &App, request: &Request) -> Answer {
    let caller = caller_with_a_right(request)?;
    let id = request_id(request)?;
    Query::read(request, &[])?;
    let (found, own_asks) = tokio::join!(
        requests::find_with_undelivered(app, &caller, id),
        seen::own_company_asks(app, &caller)
    );
    let (found, undelivered) = found.map_err(denied)?;
    let actor = caller.actor();
    let view = seen::record_view(app, &caller, &found.stored.head, own_asks?);
    let (standings, offered, ()) = tokio::join!(
        requests::standings(app, &found.stored),
        colleagues::offered(app, &actor, &found.stored),
        view
    );
    let (standings, offered) = (standings?, offered?);
    let viewer = Viewer::new(app, &caller);
    let attempts = audit::attempts(&caller, &found);
    let tag = countersign_domain::receipt::Receipt::of(&found.stored.head).tag();
    Json::ok(viewer.whole(&found, &offered, (&attempts, &undelivered), standings.as_ref())?)
        .tagged_as_read(&tag)
        .into_answer()
}

/// `GET /requests`: a company's requests, newest first; for officers, those about the exchange's own people if they manage
/// users, and then the requests on the exchange's desk.
pub(super) async fn list(app: &App, request: &Request) -> Answer {
    let caller = caller_with_a_right(request)?;
    let query = Query::read(request, &PARAMETERS)?;
    let filter = Filter::read(&query)?;
    let query = PageQuery::read(&query)?;
    let page = match &filter.reference {
        Some(reference) => by_reference(app, &caller, reference, &filter).await?,
        None => matching(app, &caller, &query, &filter).await?,
    };
    let viewer = Viewer::new(app, &caller);
    let items = page.items.iter().map(|stored| viewer.summary(stored)).collect();
    view::List::answer(items, page.next.as_ref(), |cursor| {
        query.link("/requests", &filter.parameters(), cursor)
    })
}

/// Looks a request up by its reference number. A number names one request at most, so no search is needed.
async fn by_reference(
    app: &App,
    caller: &Caller,
    reference: &Reference,
    filter: &Filter,
) -> Result<Page<StoredHead>, Problem> {
    let found = requests::by_reference(app, caller, reference)
        .await
        .map_err(denied)?;
    let seen = found.filter(|found| filter.matches(found));
    Ok(Page {
        items: seen.into_iter().collect(),
        next: None,
    })
}

async fn matching(
    app: &App,
    caller: &Caller,
    query: &PageQuery,
    filter: &Filter,
) -> Result<Page<StoredHead>, Problem> {
    let list = List::requests(caller);
    let mut start = query.cursor(|text| list.cursor(text))?;
    let mut items = Vec::new();
    for _ in 0..MAX_QUERIES {
        let wanted = query.limit - items.len();
        let page = list.page(app, wanted, start).await?;
        items.extend(page.items.into_iter().filter(|stored| filter.matches(stored)));
        start = page.next;
        if start.is_none() || items.len() >= query.limit {
            break;
        }
    }
    Ok(Page { items, next: start })
}

/// The requests that the call asks for.
struct Filter {
    state: Option<StateName>,
    reference: Option<Reference>,
    text: Option<String>,
    updated_since: Option<Timestamp>,
}

impl Filter {
    fn read(query: &Query) -> Result<Self, Problem> {
        let state = match query.get("state") {
            None => None,
            Some(text) => Some(StateName::parse(text).ok_or(HttpError::Malformed(Malformed::State))?),
        };
        let reference = match query.get("reference") {
            None => None,
            Some(text) => Some(Reference::parse(text).ok_or(HttpError::Malformed(Malformed::Reference))?),
        };
        let updated_since = match query.get("updatedSince") {
            None => None,
            Some(text) => Some(time::parse(text).ok_or(HttpError::Malformed(Malformed::UpdatedSince))?),
        };
        Ok(Self {
            state,
            reference,
            text: query.get("q").map(|text| text.trim().to_lowercase()),
            updated_since,
        })
    }

    /// Whether a request matches. `q` is searched in everything that a row of the list shows.
    fn matches(&self, stored: &StoredHead) -> bool {
        let head = &stored.head;
        let holds = |text: &str| {
            let shown = [
                wording::details(head.reference.as_ref(), head.eservice.definition()),
                wording::company_participant_id(head),
                wording::status_of(head, Language::English),
                head.maker.name.clone(),
            ];
            shown.iter().any(|shown| shown.to_lowercase().contains(text))
        };
        self.state.is_none_or(|state| head.state.name() == state)
            && self.updated_since.is_none_or(|since| head.updated_at >= since)
            && self.text.as_deref().is_none_or(holds)
    }

    /// Returns the query parameters that repeat the filter in the next page's address.
    fn parameters(&self) -> Vec<(&'static str, String)> {
        let state = self.state.map(|state| ("state", state.as_str().to_owned()));
        let text = self.text.clone().map(|text| ("q", text));
        let since = self.updated_since.map(|at| ("updatedSince", at.to_string()));
        state.into_iter().chain(text).chain(since).collect()
    }
}
