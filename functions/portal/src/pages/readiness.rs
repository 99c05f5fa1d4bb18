//! How ready administrators are for two-factor authentication: a company's, or everybody's for officers.

use std::cmp::Reverse;

use askama::Template;
use countersign_application::readiness::{
    CompanyNow, Document, Scope, companies, overview, short, try_address_again,
};
use countersign_domain::eservice::{EService, EServiceId};
use countersign_domain::id::{CompanyId, ParticipantId};
use countersign_domain::register::{Counts, DelegatedAdministrator, Overview, Progress, Readiness};
use countersign_domain::{time, wording};
use countersign_platform::http::percent_encoded;
use countersign_platform::store::companies::ListedCompany;
use countersign_platform::store::page::DEFAULT_LIMIT;

use super::chart::Chart;
use super::pending::{UnderWay, colour};
use crate::body::Fields;
use crate::done::JustDone;
use crate::form_input::MAX_NAMED;
use crate::frame::{Frame, Place};
use crate::reply::{Answer, Reply, Stop};
use crate::visit::Visit;
use crate::wording::{ReadinessWords, Words};

const PATH: &str = "/portal/readiness";

#[derive(Template)]
#[template(path = "readiness.html")]
struct Page {
    frame: Frame,
    w: &'static Words,
    title: String,
    lead: &'static str,
    campaign: String,
    /// That it was counted, and when, or that nothing was.
    counted: (&'static str, String),
    /// What was just done.
    done: Option<&'static str>,
    /// That too few people are there to get a request through.
    shortage: Option<String>,
    /// What is in none of the numbers, who is behind, and where too few people are there.
    notes: Vec<String>,
    total: u32,
    figures: [Figure; 5],
    chart: Chart,
    download: String,
    /// The way back to all companies, for officers who look at one.
    is_one_of_many: bool,
    rows: Rows,
    pages: Pages,
}

/// How many administrators are so ready, and what that means.
struct Figure {
    name: &'static str,
    colour: &'static str,
    number: u32,
    means: &'static str,
}

/// The rows below the chart.
enum Rows {
    /// A company's administrators who are not ready, and forms for those nobody has done anything about.
    Administrators(Vec<Administrator>, Vec<(String, String)>),
    /// The companies, those behind first.
    Companies(Vec<Company>),
}

struct Administrator {
    participant: String,
    user_id: String,
    readiness: &'static str,
    colour: &'static str,
    pending: Option<UnderWay>,
    bounced: Option<Bounced>,
}

/// An address from which mail comes back.
struct Bounced {
    address: String,
    since: String,
    /// The company whose administrator has it, for officers, who may let mail out to it again.
    company: Option<String>,
}

struct Company {
    name: String,
    link: String,
    is_behind: bool,
    /// How many people are there, where they are too few.
    shortage: Option<String>,
    /// All of its administrators and how many are how ready, and when they were counted.
    counted: Option<([u32; 6], String)>,
}

/// Where other rows are.
struct Pages {
    first: Option<String>,
    next: Option<String>,
}

/// `GET /portal/readiness`: someone with a right; their own company, for officers everybody or the company they name.
pub(crate) async fn page(visit: &Visit) -> Answer {
    match scope(visit)? {
        Scope::Company(id) => of_company(visit, &id).await,
        Scope::Exchange => of_exchange(visit).await,
    }
}

/// `GET /portal/readiness.csv`: the same people; the same as the API's.
pub(crate) async fn csv(visit: &Visit) -> Answer {
    let document = match scope(visit)? {
        Scope::Company(id) => {
            let now = CompanyNow::read(&visit.app, &id).await?;
            Document::of_administrators(&now.ok_or(Stop::NotFound)?, &visit.actor()?)
        }
        Scope::Exchange => Document::of_companies(&visit.app).await?,
    };
    Ok(Reply::download(document))
}

fn scope(visit: &Visit) -> Result<Scope, Stop> {
    let caller = visit.caller_with_a_right()?;
    Scope::of(&caller.member, visit.query("company").as_deref()).ok_or(Stop::NotFound)
}

async fn of_company(visit: &Visit, id: &CompanyId) -> Answer {
    let (now, frame) = tokio::join!(
        Box::pin(CompanyNow::read(&visit.app, id)),
        Frame::of(visit, Place::Readiness)
    );
    let now = now?.ok_or(Stop::NotFound)?;
    let w = visit.words().on_readiness;
    let is_officer = visit.caller()?.member.is_officer();
    let address = if is_officer {
        format!("?company={}", percent_encoded(id.as_str()))
    } else {
        String::new()
    };
    let unready: Vec<_> = now
        .administrators()
        .filter(|(_, administrator)| administrator.readiness() != Readiness::Ready)
        .collect();
    let (shown, pages) = part(visit, &unready, &address);
    let rows = shown
        .iter()
        .map(|(participant, administrator)| row(visit, id, participant, administrator))
        .collect::<Result<_, _>>()?;
    let campaign =
        EServiceId::of_campaign().filter(|id| visit.caller().is_ok_and(|caller| caller.member.may_make(*id)));
    let starts = campaign.map_or_else(Vec::new, |id| starts(id.definition(), &now, w.start));
    let page = Page {
        title: if is_officer {
            format!("{}{}{}", w.title, visit.words().colon, now.name)
        } else {
            w.title.to_owned()
        },
        lead: if is_officer { w.lead_officer } else { w.lead },
        counted: (w.as_of, time::shown(now.at)),
        shortage: now.shortage.as_ref().map(|shortage| {
            if is_officer {
                [w.short_tag, visit.words().colon, &(w.short)(shortage)].concat()
            } else {
                wording::shortage(shortage, visit.words().language)
            }
        }),
        done: (visit.just_done() == Some(JustDone::Retried)).then_some(w.retried),
        download: format!("{PATH}.csv{address}"),
        is_one_of_many: is_officer,
        rows: Rows::Administrators(rows, starts),
        pages,
        ..blank(visit, frame, &now.progress())?
    };
    Reply::page(&page)
}

async fn of_exchange(visit: &Visit) -> Answer {
    let (listed, frame) = tokio::join!(
        Box::pin(companies(&visit.app)),
        Frame::of(visit, Place::Readiness)
    );
    let mut listed = listed?;
    let overview = overview(&listed);
    listed.sort_by_cached_key(place);
    let w = visit.words().on_readiness;
    let (shown, pages) = part(visit, &listed, "");
    let page = Page {
        counted: match overview.as_of {
            Some(at) => (w.oldest_count, time::shown(at)),
            None => (w.none_counted, String::new()),
        },
        notes: notes(&overview, short(&listed), visit.words()),
        rows: Rows::Companies(shown.iter().map(|listed| company(listed, w)).collect()),
        pages,
        ..blank(visit, frame, &overview.progress)?
    };
    Reply::page(&page)
}

/// Where a company comes: who has most left first, who is ready last. Who was not counted yet may be anything, so they
/// come right after those who are known to be behind.
fn place(company: &ListedCompany) -> (Reverse<u32>, Reverse<bool>, String) {
    let left = company
        .progress
        .as_ref()
        .map(|(progress, _)| progress.counts.left());
    (
        Reverse(left.unwrap_or(0)),
        Reverse(left.is_none()),
        company.name.clone(),
    )
}

/// The page of some progress, without anything that tells a company's from everybody's.
fn blank(visit: &Visit, frame: Frame, progress: &Progress) -> Result<Page, Stop> {
    let words = visit.words();
    let (w, campaign) = (words.on_readiness, &visit.app.config().campaign);
    let days_left = (w.days_left)(campaign.days_left(visit.now));
    let is_officer = visit.caller()?.member.is_officer();
    let means = if is_officer { w.means_to_officers } else { w.means };
    let figure = |readiness| Figure {
        name: (w.name_of)(readiness),
        colour: colour(readiness),
        number: number(&progress.counts, readiness),
        means: means(readiness),
    };
    Ok(Page {
        frame,
        w: words,
        title: w.title.to_owned(),
        lead: w.lead_officer,
        campaign: (words.campaign)(campaign, visit.now) + &days_left,
        counted: ("", String::new()),
        done: None,
        shortage: None,
        notes: Vec::new(),
        total: progress.counts.total(),
        figures: Readiness::ALL.map(figure),
        chart: Chart::of(progress, campaign, visit.now, words),
        download: format!("{PATH}.csv"),
        is_one_of_many: false,
        rows: Rows::Companies(Vec::new()),
        pages: Pages {
            first: None,
            next: None,
        },
    })
}

fn number(counts: &Counts, readiness: Readiness) -> u32 {
    match readiness {
        Readiness::Ready => counts.ready,
        Readiness::Pending => counts.pending,
        Readiness::NotGuaranteed => counts.not_guaranteed,
        Readiness::AddressBounced => counts.address_bounced,
        Readiness::NotRegistered => counts.not_registered,
    }
}

fn notes(overview: &Overview, short: u32, words: &Words) -> Vec<String> {
    let w = words.on_readiness;
    let behind = Some((w.behind)(overview.behind, overview.companies));
    let uncounted = (overview.uncounted > 0).then(|| (w.uncounted)(overview.uncounted));
    let short = (short > 0).then(|| (w.are_short)(short));
    behind.into_iter().chain(short).chain(uncounted).collect()
}

/// The rows of the page that was asked for, and where others are.
fn part<'a, T>(visit: &Visit, rows: &'a [T], address: &str) -> (&'a [T], Pages) {
    let page = visit.query("page").and_then(|page| page.parse::<usize>().ok());
    let page = page.unwrap_or(1).max(1);
    let start = (page - 1).saturating_mul(DEFAULT_LIMIT).min(rows.len());
    let end = start.saturating_add(DEFAULT_LIMIT).min(rows.len());
    let mark = if address.is_empty() { '?' } else { '&' };
    let pages = Pages {
        first: (page > 1).then(|| format!("{PATH}{address}")),
        next: (end < rows.len()).then(|| format!("{PATH}{address}{mark}page={}", page + 1)),
    };
    (&rows[start..end], pages)
}

fn row(
    visit: &Visit,
    company: &CompanyId,
    participant: &ParticipantId,
    administrator: &DelegatedAdministrator,
) -> Result<Administrator, Stop> {
    let readiness = administrator.readiness();
    let pending = administrator.pending.as_ref();
    let is_officer = visit.caller()?.member.is_officer();
    let bounced = administrator.registration.as_ref().and_then(|registered| {
        Some(Bounced {
            address: registered.email.clone(),
            since: time::shown(registered.bounced?),
            company: is_officer.then(|| company.to_string()),
        })
    });
    Ok(Administrator {
        bounced,
        participant: participant.to_string(),
        user_id: administrator.user_id.clone(),
        readiness: (visit.words().on_readiness.name_of)(readiness),
        colour: colour(readiness),
        pending: pending.map(|pending| UnderWay::of(visit, pending)).transpose()?,
    })
}

/// `POST /portal/readiness`: officers let mail out again to an address from which it came back.
pub(crate) async fn try_again(visit: &Visit) -> Answer {
    let caller = visit.caller_with_a_right()?;
    let fields = Fields::read(&visit.request).await?;
    let company = CompanyId::parse(fields.get("company")).ok_or(Stop::NotFound)?;
    let participant = ParticipantId::parse(fields.get("participant")).ok_or(Stop::NotFound)?;
    Box::pin(try_address_again(
        &visit.app,
        caller,
        &company,
        &participant,
        fields.get("user"),
    ))
    .await?;
    let company = percent_encoded(company.as_str());
    let page = format!("{PATH}?company={company}");
    Ok(Reply::see_done(page, &JustDone::Retried))
}

/// A form for each participant that has administrators nobody has done anything about, or whose address mail does not
/// reach, filled in with their User IDs as far as one request takes them.
fn starts(
    eservice: &EService,
    now: &CompanyNow,
    name: fn(&str, &str, usize) -> String,
) -> Vec<(String, String)> {
    let start = |(participant, all): &(ParticipantId, Vec<DelegatedAdministrator>)| {
        let missing = all
            .iter()
            .filter(|administrator| match administrator.readiness() {
                Readiness::NotRegistered | Readiness::AddressBounced => true,
                Readiness::Ready | Readiness::Pending | Readiness::NotGuaranteed => false,
            });
        let users: Vec<String> = missing
            .take(MAX_NAMED)
            .map(|administrator| format!("user={}", percent_encoded(&administrator.user_id)))
            .collect();
        let link = format!("/portal/requests/new?{}", users.join("&"));
        (!users.is_empty()).then(|| (name(eservice.label, participant.as_str(), users.len()), link))
    };
    now.participants.iter().filter_map(start).collect()
}

fn company(company: &ListedCompany, w: &ReadinessWords) -> Company {
    let counted = company.progress.as_ref();
    Company {
        name: company.name.clone(),
        link: format!("{PATH}?company={}", percent_encoded(company.id.as_str())),
        shortage: company.shortage.as_ref().map(w.short),
        is_behind: counted.is_some_and(|(progress, _)| progress.counts.is_behind()),
        counted: counted.map(|(progress, at)| {
            let counts = &progress.counts;
            let [ready, pending, late, bounced, none] =
                Readiness::ALL.map(|readiness| number(counts, readiness));
            (
                [counts.total(), ready, pending, late, bounced, none],
                time::shown(*at),
            )
        }),
    }
}
