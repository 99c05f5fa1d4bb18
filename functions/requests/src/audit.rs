//! The audit as a file: the steps on the company's requests, what was refused, and who opened what.

use countersign_api::{caller_with_a_right, denied};
use countersign_application::access::AccessError;
use countersign_application::audit::document::{self, Format};
use countersign_application::audit::{Filter, Place};
use countersign_domain::audit::Kind;
use countersign_domain::id::{PersonId, Reference};
use countersign_domain::workflow::Action;
use countersign_platform::App;
use countersign_platform::http::{Answer, HttpError, Malformed, Problem, Query, download, percent_encoded};
use lambda_http::Request;

/// The query parameters, in the order in which the next page's address has them.
const PARAMETERS: [&str; 7] = ["kind", "person", "action", "reference", "from", "to", "cursor"];

/// `GET /audit.csv`: someone who may see their company's requests.
pub(super) async fn csv(app: &App, request: &Request) -> Answer {
    answer(app, request, "/audit.csv", Format::Csv).await
}

/// `GET /audit.jsonl`: the same people.
pub(super) async fn lines(app: &App, request: &Request) -> Answer {
    answer(app, request, "/audit.jsonl", Format::JsonLines).await
}

async fn answer(app: &App, request: &Request, path: &str, format: Format) -> Answer {
    let caller = caller_with_a_right(request)?;
    let query = Query::read(request, &PARAMETERS)?;
    let filter = filter(&query)?;
    let malformed = || Problem::from(HttpError::Malformed(Malformed::Cursor));
    let place = query
        .get("cursor")
        .map(|text| Place::parse(text).ok_or_else(malformed));
    let place = place.transpose()?;
    let file = document::file(app, &caller, &filter, place.as_ref(), format).await;
    let (document, next) = match file {
        // The cursor is of another list.
        Err(AccessError::NotFound) => return Err(malformed()),
        file => file.map_err(denied)?,
    };
    let next = next.map(|next| {
        let kept = PARAMETERS.iter().filter(|name| **name != "cursor");
        let mut pairs: Vec<String> = kept
            .filter_map(|name| Some(format!("{name}={}", percent_encoded(query.get(name)?))))
            .collect();
        pairs.push(format!("cursor={}", next.encode()));
        format!("{path}?{}", pairs.join("&"))
    });
    download(&document.name, document.media, document.text, next.as_deref())
}

fn filter(query: &Query) -> Result<Filter, Problem> {
    Ok(Filter {
        kind: value(query, "kind", Malformed::Kind, Kind::parse)?,
        person: value(query, "person", Malformed::Person, PersonId::parse)?,
        action: value(query, "action", Malformed::Action, Action::parse)?,
        reference: value(query, "reference", Malformed::Reference, Reference::parse)?,
        from: value(query, "from", Malformed::Day("from"), |text| text.parse().ok())?,
        to: value(query, "to", Malformed::Day("to"), |text| text.parse().ok())?,
    })
}

fn value<T>(
    query: &Query,
    name: &str,
    fault: Malformed,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, Problem> {
    let parsed = |text: &str| parse(text).ok_or_else(|| HttpError::Malformed(fault).into());
    query.get(name).map(parsed).transpose()
}
