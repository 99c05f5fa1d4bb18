//! How ready administrators are for two-factor authentication: a company's, or everybody's.

use countersign_domain::actor::Right;
use countersign_domain::campaign::Campaign;
use countersign_domain::register::{Counts, Progress};
use countersign_domain::time;
use countersign_platform::App;
use countersign_platform::http::{
    Answer, Caller, Json, Malformed, PageQuery, Problem, ProblemError, Query, caller, download,
};
use countersign_platform::readiness::{self, CompanyNow, Document, Scope};
use countersign_platform::store::companies::{LIST, ListedCompany};
use countersign_platform::view::List;
use jiff::Timestamp;
use lambda_http::Request;
use serde::Serialize;

/// Queries that one call makes at most while it looks for companies that are behind.
const MAX_QUERIES: usize = 10;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OfCompany {
    company: Company,
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
    uncounted: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Numbers {
    total: u32,
    ready: u32,
    pending: u32,
    not_guaranteed: u32,
    not_registered: u32,
}

impl Numbers {
    fn of(counts: &Counts) -> Self {
        Self {
            total: counts.total(),
            ready: counts.ready,
            pending: counts.pending,
            not_guaranteed: counts.not_guaranteed,
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

/// `GET /readiness`: a company's users with the right, of their own company; officers, of everybody or of one company.
pub(super) async fn counts(app: &App, request: &Request) -> Answer {
    let caller = caller(request)?.with_a_right()?;
    let campaign = Dates::of(&app.config().campaign, app.now());
    match scope(request, &caller)? {
        Scope::Exchange => {
            let overview = readiness::overview(&readiness::companies(app).await?);
            Json::ok(OfExchange {
                companies: Companies {
                    total: overview.companies,
                    behind: overview.behind,
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
            let now = CompanyNow::read(app, &id).await?.ok_or(ProblemError::NotFound)?;
            let progress = now.progress();
            let participants = now.participants.iter();
            Json::ok(OfCompany {
                company: Company {
                    id: now.id.to_string(),
                    name: now.name.clone(),
                },
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

/// `GET /readiness.csv`: the same people; a company's administrators, or for officers all companies with their counts.
pub(super) async fn csv(app: &App, request: &Request) -> Answer {
    let caller = caller(request)?.with_a_right()?;
    let document = match scope(request, &caller)? {
        Scope::Exchange => Document::of_companies(app).await?,
        Scope::Company(id) => {
            let now = CompanyNow::read(app, &id).await?.ok_or(ProblemError::NotFound)?;
            Document::of_administrators(&now, &caller.actor())
        }
    };
    download(document)
}

/// What is asked for; another company's is as good as none.
fn scope(request: &Request, caller: &Caller) -> Result<Scope, Problem> {
    let query = Query::read(request, &["company"])?;
    Scope::of(&caller.member, query.get("company")).ok_or_else(|| ProblemError::NotFound.into())
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    id: String,
    name: String,
    counts: Option<Numbers>,
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
            counted_at,
        }
    }
}

/// `GET /readiness/companies`: officers alone; the companies by ID, all or those that are behind.
pub(super) async fn companies(app: &App, request: &Request) -> Answer {
    let caller = caller(request)?.with_a_right()?;
    if !caller.member.is_officer() {
        return Err(ProblemError::RightMissing(Right::Operations).into());
    }
    let query = Query::read(request, &["behind", "limit", "cursor"])?;
    let behind = behind(&query)?;
    let query = PageQuery::read(&query)?;
    let mut start = query.cursor(LIST)?;
    let mut items = Vec::new();
    for _ in 0..MAX_QUERIES {
        let wanted = query.limit - items.len();
        let page = app.store().companies_page(wanted, start.as_ref()).await?;
        let rows = page.items.into_iter().filter(|company| !company.id.is_exchange());
        let rows = rows.filter(|company| {
            let counted = company.progress.as_ref();
            !behind || counted.is_some_and(|(progress, _)| progress.counts.is_behind())
        });
        items.extend(rows.map(Row::of));
        start = page.next;
        if start.is_none() || items.len() >= query.limit {
            break;
        }
    }
    let parameters: &[_] = if behind {
        &[("behind", "true".to_owned())]
    } else {
        &[]
    };
    List::answer(items, start.as_ref(), |cursor| {
        query.link("/readiness/companies", parameters, cursor)
    })
}

fn behind(query: &Query) -> Result<bool, Problem> {
    match query.get("behind") {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(ProblemError::Malformed(Malformed::Behind).into()),
    }
}
