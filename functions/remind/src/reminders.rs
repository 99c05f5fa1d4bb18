//! Reminds people of what they still have to do before the deadline. Each person gets one digest for each of the
//! campaign's reminder days. If the job did not run on such a day, or did not reach every company, the next run makes up
//! for it.

use countersign_application::readiness::CompanyNow;
use countersign_domain::campaign::ReminderDay;
use countersign_domain::id::CompanyId;
use countersign_domain::reminder::{self, Colleague, Outstanding};
use countersign_domain::request::{Desk, Head, StateName};
use countersign_domain::time;
use countersign_platform::App;
use countersign_platform::lambda::Failure;
use countersign_platform::store::StoreError;
use countersign_platform::store::page::MAX_LIMIT;
use countersign_platform::store::reminder::JobProgress;
use countersign_platform::telemetry::{self, Count};
use futures_util::StreamExt as _;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;

use crate::companies::{LANES, Legs, Next};

/// The name under which the job stores its progress.
const JOB: &str = "reminders";
/// After how many companies the job stores its progress.
const LEG: usize = 50;

/// The result of a run.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    day: Date,
    /// The planned day whose reminders this run sent, if it sent any.
    reminder_day: Option<Date>,
    /// The next reminder day, if there is one.
    next_reminder_day: Option<Date>,
    /// How many companies were read.
    companies: usize,
    /// How many digests this run created.
    digests: usize,
    /// How many digests an earlier run had created.
    repeated: usize,
}

/// Reminds everyone who still has something to do, if this day is a reminder day, or if the last one was missed.
pub(crate) async fn run(app: &App, day: Date) -> Result<Value, Failure> {
    let campaign = &app.config().campaign;
    let mut report = Report {
        day,
        reminder_day: None,
        next_reminder_day: campaign.reminder_after(day),
        companies: 0,
        digests: 0,
        repeated: 0,
    };
    // A late call sends what was planned for its day, with the numbers of the day on which it is sent.
    let ended = match campaign.reminder_due(day, time::day_of(app.now())) {
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
        // A failure makes the job run again.
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

/// How a run ended.
enum Outcome {
    /// It reached every company.
    Done,
    /// It reached every company, but some failed. Holds their number.
    Incomplete(usize),
    /// It ran out of time.
    OutOfTime,
}

/// Reminds the people of all companies, starting where an earlier run of the day was cut off. A company that can't be
/// read does not block the rest.
async fn remind(app: &App, reminder: &ReminderDay, report: &mut Report) -> Result<Outcome, StoreError> {
    let store = app.store();
    // The run that was cut off may have left out a company before the place where this one goes on.
    let (reached, mut failed) = match store.job_progress(JOB, reminder.day).await? {
        JobProgress::ToDo => (None, 0),
        JobProgress::Reached { last, has_failed } => (Some(last), usize::from(has_failed)),
        // On the planned day itself, another run looks for new people and tasks.
        JobProgress::Done if reminder.sent_on == reminder.day => (None, 0),
        JobProgress::Done => return Ok(Outcome::Done),
    };
    report.reminder_day = Some(reminder.day);
    let mut legs = Legs::new(app, LEG, reached);
    loop {
        let leg = match legs.next().await? {
            Next::Leg(leg) => leg,
            Next::Through if failed == 0 => return Ok(Outcome::Done),
            Next::Through => return Ok(Outcome::Incomplete(failed)),
            Next::OutOfTime => return Ok(Outcome::OutOfTime),
        };
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
        let progress = match leg.last() {
            Some(company) if !legs.is_through() => JobProgress::Reached {
                last: company.id.clone(),
                has_failed: failed > 0,
            },
            _ if failed == 0 => JobProgress::Done,
            _ => JobProgress::ToDo,
        };
        store
            .keep_job_progress(JOB, reminder.day, &progress, app.now())
            .await?;
    }
}

/// Stores a digest for each person of a company who still has something to do. Returns how many digests are new, and
/// how many existed.
async fn remind_company(
    app: &App,
    reminder: &ReminderDay,
    company: &CompanyId,
) -> Result<(usize, usize), StoreError> {
    let store = app.store();
    let (now, requests) = Box::pin(futures_util::future::try_join(
        CompanyNow::read(app, company),
        requests(app, company),
    ))
    .await?;
    let Some(now) = now else {
        let problem = format!("{company} is listed and has no profile");
        return Err(StoreError::Corrupt(problem));
    };
    let people = now.people.iter().map(|person| Colleague {
        is_away: person.is_away(app.now()),
        id: person.id.clone(),
        rights: person.rights.clone(),
    });
    let people: Vec<Colleague> = people.collect();
    let outstanding = Outstanding {
        company,
        people: &people,
        checkers: now.checkers,
        participants: &now.participants,
        requests: &requests,
    };
    let (mut new, mut repeated) = (0, 0);
    for digest in reminder::due(&outstanding, reminder, now.at) {
        if store.keep_digest(&digest).await? {
            telemetry::count(Count::Reminders, 1);
            new += 1;
        } else {
            repeated += 1;
        }
    }
    Ok((new, repeated))
}

/// Reads a company's drafts and the requests on its desk; for the exchange, the requests on its desk.
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
