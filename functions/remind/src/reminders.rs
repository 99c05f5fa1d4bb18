//! Reminding people of what is left to do before the deadline: a digest for each person, on the campaign's reminder days.

use std::time::{Duration, Instant};

use countersign_application::readiness::CompanyNow;
use countersign_domain::campaign::ReminderDay;
use countersign_domain::id::CompanyId;
use countersign_domain::reminder::{self, Colleague, Outstanding};
use countersign_domain::request::{Desk, Head, StateName};
use countersign_platform::App;
use countersign_platform::lambda::Failure;
use countersign_platform::store::StoreError;
use countersign_platform::store::page::MAX_LIMIT;
use futures_util::StreamExt as _;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;

/// The job's name where it keeps how far it has come.
const JOB: &str = "reminders";
/// Companies after which it is kept how far the job has come.
const LEG: usize = 50;
/// Companies that are looked at side by side.
const LANES: usize = 8;
/// After this long no further leg is begun: the next call goes on from there. The function's own time limit is 15 minutes.
const BUDGET: Duration = Duration::from_mins(12);

/// What a run came to.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    day: Date,
    /// The next day on which people are reminded, if there is one.
    next_reminder_day: Option<Date>,
    /// Companies that were looked at.
    companies: usize,
    /// Digests that are on their way because of this run.
    digests: usize,
    /// Digests that were on their way, or had arrived, before it.
    repeated: usize,
}

/// Reminds everyone of a day who has something left to do, if people are reminded on that day.
pub(crate) async fn run(app: &App, day: Date) -> Result<Value, Failure> {
    let campaign = &app.config().campaign;
    let mut report = Report {
        day,
        next_reminder_day: campaign.reminder_after(day),
        companies: 0,
        digests: 0,
        repeated: 0,
    };
    let ended = match campaign.reminder_on(day) {
        Some(reminder) => remind(app, &reminder, &mut report).await,
        None => Ok(Outcome::Done),
    };
    let Report {
        companies,
        digests,
        repeated,
        ..
    } = &report;
    tracing::info!(%day, companies, digests, repeated, "reminders");
    match ended {
        Ok(Outcome::Done) => serde_json::to_value(&report).map_err(|_| Failure),
        // Failing has the job called again.
        Ok(Outcome::OutOfTime) => {
            tracing::warn!(%day, "the reminders are not through; the next call goes on");
            Err(Failure)
        }
        Ok(Outcome::Incomplete(failed)) => {
            tracing::error!(%day, failed, "some companies were not reminded");
            Err(Failure)
        }
        Err(error) => {
            tracing::error!(%error, %day, "reminders");
            Err(Failure)
        }
    }
}

/// How far a run came.
enum Outcome {
    /// Through all companies.
    Done,
    /// Through all companies but for some, whose number it holds.
    Incomplete(usize),
    /// Its time was over.
    OutOfTime,
}

/// Goes through the companies from where an earlier run of the day was cut off. A company that can't be read keeps none of
/// the others from being reminded.
async fn remind(app: &App, reminder: &ReminderDay, report: &mut Report) -> Result<Outcome, StoreError> {
    let (store, started) = (app.store(), Instant::now());
    let mut reached = store.job_reached(JOB, reminder.day).await?;
    let mut failed = 0;
    loop {
        if started.elapsed() > BUDGET {
            return Ok(Outcome::OutOfTime);
        }
        let leg = store.companies(reached.as_ref(), Some(LEG)).await?;
        let lanes: Vec<_> = leg
            .iter()
            .map(|company| remind_company(app, reminder, &company.id))
            .collect();
        let mut lanes = futures_util::stream::iter(lanes).buffer_unordered(LANES);
        while let Some(reminded) = lanes.next().await {
            match reminded {
                Ok((new, repeated)) => {
                    report.companies += 1;
                    report.digests += new;
                    report.repeated += repeated;
                }
                Err(error) => {
                    tracing::error!(%error, "a company was not reminded");
                    failed += 1;
                }
            }
        }
        reached = leg.last().map(|company| company.id.clone());
        let (last, now) = (leg.len() < LEG, app.now());
        let keep = if last { None } else { reached.as_ref() };
        store.job_reaches(JOB, reminder.day, keep, now).await?;
        if last {
            let outcome = if failed == 0 {
                Outcome::Done
            } else {
                Outcome::Incomplete(failed)
            };
            return Ok(outcome);
        }
    }
}

/// Keeps a digest for each person of a company who has something left to do. Gives how many are new, and how many were
/// there.
async fn remind_company(
    app: &App,
    reminder: &ReminderDay,
    company: &CompanyId,
) -> Result<(usize, usize), StoreError> {
    let store = app.store();
    let (people, now, requests) = Box::pin(futures_util::future::try_join3(
        store.people(company),
        CompanyNow::read(app, company),
        requests(app, company),
    ))
    .await?;
    let Some(now) = now else {
        let problem = format!("{company} is listed and has no profile");
        return Err(StoreError::Corrupt(problem));
    };
    let people: Vec<Colleague> = people
        .into_iter()
        .map(|person| Colleague {
            id: person.id,
            rights: person.rights,
        })
        .collect();
    let outstanding = Outstanding {
        company,
        people: &people,
        participants: &now.participants,
        requests: &requests,
    };
    let (mut new, mut repeated) = (0, 0);
    for digest in reminder::due(&outstanding, reminder, now.at) {
        if store.keep_digest(&digest).await? {
            new += 1;
        } else {
            repeated += 1;
        }
    }
    Ok((new, repeated))
}

/// A company's drafts and what is on its desk; for the exchange, what is on its.
async fn requests(app: &App, company: &CompanyId) -> Result<Vec<Head>, StoreError> {
    let store = app.store();
    if !company.is_exchange() {
        let states = [StateName::Draft, StateName::ReadyToSend, StateName::Claimed];
        let found = store.company_requests_in(company, &states).await?;
        return Ok(found.into_iter().map(|stored| stored.head).collect());
    }
    let (mut heads, mut start) = (Vec::new(), None);
    loop {
        let page = store.desk(&Desk::Exchange, MAX_LIMIT, start).await?;
        heads.extend(page.items.into_iter().map(|stored| stored.head));
        start = page.next;
        if start.is_none() {
            return Ok(heads);
        }
    }
}
