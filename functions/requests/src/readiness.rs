//! How ready administrators are for two-factor authentication: those of one company, or of all.

use countersign_api::view::List;
use countersign_api::{caller_with_a_right, denied};
use countersign_application::access::Caller;
use countersign_application::readiness::{self, CompanyNow, Document, Scope};
use countersign_domain::campaign::Campaign;
use countersign_domain::register::{Counts, Progress};
use countersign_domain::shortage::Shortage;
use countersign_domain::time;
use countersign_platform::App;
use countersign_platform::http::{Answer, HttpError, Json, Malformed, PageQuery, Problem, Query, download};
use countersign_platform::store::companies::{LIST, ListedCompany};
use countersign_platform::store::page::Cursor;
use jiff::Timestamp;
use lambda_http::Request;
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OfCompany {
    company: Company,
    shortage: Option<Shortage>,
    counts: Numbers,
    participants: Vec<OfParticipant>,
    progress: Vec<Day>,
    campaign: Dates,
    as_of: String,
}

#[derive(Serialize)]
struct Company {
    id: String,
    name: String,
}

#[derive(Serialize)]
struct OfParticipant {
    participant: String,
    counts: Numbers,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OfExchange {
    companies: Companies,
    counts: Numbers,
    progress: Vec<Day>,
    campaign: Dates,
    as_of: Option<String>,
}

#[derive(Serialize)]
struct Companies {
    total: u32,
    behind: u32,
    short: u32,
    uncounted: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Numbers {
    total: u32,
    ready: u32,
    pending: u32,
    not_guaranteed: u32,
    address_bounced: u32,
    not_registered: u32,
}

impl Numbers {
    fn of(counts: &Counts) -> Self {
        Self {
            total: counts.total(),
            ready: counts.ready,
            pending: counts.pending,
            not_guaranteed: counts.not_guaranteed,
            address_bounced: counts.address_bounced,
            not_registered: counts.not_registered,
        }
    }
}

#[derive(Serialize)]
struct Day {
    day: String,
    registered: u32,
}

fn days(progress: &Progress) -> Vec<Day> {
    let days = progress.cumulative().into_iter();
    days.map(|(day, registered)| Day {
        day: time::shown_day(day),
        registered,
    })
    .collect()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Dates {
    opens: String,
    deadline: String,
    parallel_run: Option<String>,
    days_left: Option<u32>,
}

impl Dates {
    fn of(campaign: &Campaign, now: Timestamp) -> Self {
        Self {
            opens: time::shown_day(campaign.opens()),
            deadline: time::shown_day(campaign.deadline()),
            parallel_run: campaign.parallel_run().map(time::shown_day),
            days_left: campaign.days_left(now),
        }
    }
}

/// `GET /readiness`: a company's users with the right, for their own company; officers, for all companies or for one.
pub(super) async fn counts(app: &App, request: &Request) -> Answer {
    let caller = caller_with_a_right(request)?;
    let campaign = Dates::of(&app.config().campaign, app.now());
    match scope(request, &caller)? {
        Scope::Exchange => {
            let listed = readiness::companies(app).await?;
            let overview = readiness::overview(&listed);
            Json::ok(OfExchange {
                companies: Companies {
                    total: overview.companies,
                    behind: overview.behind,
                    short: readiness::short(&listed),
                    uncounted: overview.uncounted,
                },
                counts: Numbers::of(&overview.progress.counts),
                progress: days(&overview.progress),
                campaign,
                as_of: overview.as_of.map(time::stored),
            })
            .into_answer()
        }
        Scope::Company(id) => {
            let now = CompanyNow::read(app, &id).await?.ok_or(HttpError::NotFound)?;
            let progress = now.progress();
            let participants = now.participants.iter();
            Json::ok(OfCompany {
                company: Company {
                    id: now.id.to_string(),
                    name: now.name.clone(),
                },
                shortage: now.shortage,
                counts: Numbers::of(&progress.counts),
                participants: participants
                    .map(|(participant, administrators)| OfParticipant {
                        participant: participant.to_string(),
                        counts: Numbers::of(&Progress::of(administrators).counts),
                    })
                    .collect(),
                progress: days(&progress),
                campaign,
                as_of: time::stored(now.at),
            })
            .into_answer()
        }
    }
}

/// `GET /readiness.csv`: the same callers. A company's administrators, or for officers all companies with their counts.
pub(super) async fn csv(app: &App, request: &Request) -> Answer {
    let caller = caller_with_a_right(request)?;
    let document = match scope(request, &caller)? {
        Scope::Exchange => Document::of_companies(app).await?,
        Scope::Company(id) => {
            let now = CompanyNow::read(app, &id).await?.ok_or(HttpError::NotFound)?;
            Document::of_administrators(&now, &caller.actor())
        }
    };
    download(&document.name, document.media, document.text, None)
}

/// Reads the query's scope. Another company does not exist for the caller.
fn scope(request: &Request, caller: &Caller) -> Result<Scope, Problem> {
    let query = Query::read(request, &["company"])?;
    Scope::of(&caller.member, query.get("company")).ok_or_else(|| HttpError::NotFound.into())
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    id: String,
    name: String,
    counts: Option<Numbers>,
    shortage: Option<Shortage>,
    counted_at: Option<String>,
}

impl Row {
    fn of(company: ListedCompany) -> Self {
        let (counts, counted_at) = match &company.progress {
            Some((progress, at)) => (Some(Numbers::of(&progress.counts)), Some(time::stored(*at))),
            None => (None, None),
        };
        Self {
            id: company.id.to_string(),
            name: company.name,
            counts,
            shortage: company.shortage,
            counted_at,
        }
    }
}

/// `GET /readiness/companies`: officers only. All companies by ID, or those that are behind.
pub(super) async fn companies(app: &App, request: &Request) -> Answer {
    let caller = caller_with_a_right(request)?;
    let query = Query::read(request, &["behind", "limit", "cursor"])?;
    let behind = behind(&query)?;
    let query = PageQuery::read(&query)?;
    let page = readiness::companies_page(
        app,
        &caller,
        behind,
        query.limit,
        query.cursor(|text| Cursor::parse(text, LIST))?,
    )
    .await;
    let page = page.map_err(denied)?;
    let items = page.items.into_iter().map(Row::of).collect();
    let parameters: &[_] = if behind {
        &[("behind", "true".to_owned())]
    } else {
        &[]
    };
    List::answer(items, page.next.as_ref(), |cursor| {
        query.link("/readiness/companies", parameters, cursor)
    })
}

fn behind(query: &Query) -> Result<bool, Problem> {
    match query.get("behind") {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(HttpError::Malformed(Malformed::Behind).into()),
    }
}
