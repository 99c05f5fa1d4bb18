//! Ends claims that last too long: warns whoever holds one, and then gives the request back to their colleagues. Ends the
//! claims of people who have gone away or left at once.

use countersign_application::execute::{AsRead, Command, Payload, Rejection, Subject, execute};
use countersign_domain::actor::Actor;
use countersign_domain::id::CompanyId;
use countersign_domain::receipt::Receipt;
use countersign_domain::request::{Desk, Head};
use countersign_domain::time;
use countersign_domain::workflow::Action;
use countersign_platform::App;
use countersign_platform::lambda::Failure;
use countersign_platform::store::StoreError;
use countersign_platform::store::directory::DirectoryPerson;
use countersign_platform::store::item::StoredHead;
use countersign_platform::store::notice::NoticeKind;
use futures_util::StreamExt as _;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::companies::{LANES, Legs, Next};

/// How many companies are listed at a time.
const LEG: usize = 100;

/// The result of a run.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    /// How many warnings this run started.
    warned: usize,
    /// How many claims it ended.
    released: usize,
    /// How many claims somebody else had ended first.
    overtaken: usize,
    /// How many claims it could not handle, and desks it could not read.
    failed: usize,
}

impl Report {
    fn fail(&mut self, error: &StoreError) {
        tracing::error!(%error, "a claim was not dealt with");
        self.failed += 1;
    }
}

/// What the run did with a claim.
enum Outcome {
    Warned,
    Released,
    Overtaken,
    /// Its warning was sent before.
    LeftAlone,
}

/// Ends every claim whose time is up or whose holder is gone, and warns the holders of those that end soon.
pub(crate) async fn run(app: &App) -> Result<Value, Failure> {
    let mut report = Report::default();
    let ended = go_through(app, &mut report).await;
    let Report {
        warned,
        released,
        overtaken,
        failed,
    } = report;
    tracing::info!(warned, released, overtaken, failed, "claim leases");
    match ended {
        Ok(true) => {}
        // A failure makes the job run again.
        Ok(false) => {
            tracing::warn!("the claims are not through; the next call goes on");
            return Err(Failure);
        }
        Err(error) => {
            tracing::error!(%error, "claim leases");
            return Err(Failure);
        }
    }
    if failed > 0 {
        tracing::error!(failed, "some claims were not dealt with");
        return Err(Failure);
    }
    // All present claims are handled. Claims made from now on have no end until the list of holidays is extended.
    let leases = &app.config().leases;
    for lease in [&leases.checkers, &leases.officers] {
        if let Err(error) = lease.ends(app.now()) {
            tracing::error!(%error, "claims have no end");
            return Err(Failure);
        }
    }
    serde_json::to_value(&report).map_err(|_| Failure)
}

/// Goes through the desks, some companies at a time, for claims that have ended or soon will, and for those of people who
/// are gone. Returns whether it reached the end. A run that is cut off stores no progress: the next one finds what is
/// still claimed.
async fn go_through(app: &App, report: &mut Report) -> Result<bool, StoreError> {
    let mut legs = Legs::new(app, LEG, None);
    loop {
        let leg = match legs.next().await? {
            Next::Leg(leg) => leg,
            Next::Through => return Ok(true),
            Next::OutOfTime => return Ok(false),
        };
        let desks = leg.into_iter().flat_map(|company| desks_of(company.id));
        let desks: Vec<_> = desks.map(|(company, desk)| claims(app, company, desk)).collect();
        let mut desks = futures_util::stream::iter(desks).buffer_unordered(LANES);
        let mut claims = Vec::new();
        while let Some(desk) = desks.next().await {
            match desk {
                Ok(found) => {
                    claims.extend(
                        found
                            .into_iter()
                            .map(|(claimed, due)| deal_with(app, claimed, due)),
                    );
                }
                Err(error) => report.fail(&error),
            }
        }
        let mut claims = futures_util::stream::iter(claims).buffer_unordered(LANES);
        while let Some(outcome) = claims.next().await {
            match outcome {
                Ok(Outcome::Warned) => report.warned += 1,
                Ok(Outcome::Released) => report.released += 1,
                Ok(Outcome::Overtaken) => report.overtaken += 1,
                Ok(Outcome::LeftAlone) => {}
                Err(error) => report.fail(&error),
            }
        }
    }
}

/// The desks that a company's people claim from: its checkers', and the exchange's for its officers.
fn desks_of(company: CompanyId) -> Vec<(CompanyId, Desk)> {
    let mut desks = vec![(company.clone(), Desk::Company(company.clone()))];
    if company.is_exchange() {
        desks.push((company, Desk::Exchange));
    }
    desks
}

/// What is due for a claim.
enum Due {
    /// Its time is up.
    Release,
    /// Its holder is gone.
    ReleaseForAbsence,
    /// It ends soon, so its holder is to know.
    Warning,
}

/// Reads the claims on a desk for which something is due. The people are read only where something is claimed.
async fn claims(
    app: &App,
    company: CompanyId,
    desk: Desk,
) -> Result<Vec<(Result<StoredHead, StoreError>, Due)>, StoreError> {
    let claims = app.store().claims(&desk).await?;
    if claims.is_empty() {
        return Ok(Vec::new());
    }
    let people = app.store().people(&company).await?;
    let due = |claimed: Result<StoredHead, StoreError>| match &claimed {
        Ok(stored) => due(app, &stored.head, &people).map(|due| (claimed, due)),
        // Dealing with it reports the error.
        Err(_) => Some((claimed, Due::Release)),
    };
    Ok(claims.into_iter().filter_map(due).collect())
}

/// What is due for a claim now, if anything is.
fn due(app: &App, head: &Head, people: &[DirectoryPerson]) -> Option<Due> {
    let (now, ends) = (app.now(), head.state.lease_ends());
    if ends.is_some_and(|ends| ends <= now) {
        return Some(Due::Release);
    }
    if is_gone(head, people, now) {
        return Some(Due::ReleaseForAbsence);
    }
    let lease = app.config().leases.of(head.state.name())?;
    // If the time of the warning can't be computed, an early warning is better than none.
    let is_early = lease.warns(ends?).is_ok_and(|due| now < due);
    (!is_early).then_some(Due::Warning)
}

/// Whether a claim's holder has gone away since they claimed it, has left, or has lost the right. Who claims while away,
/// works all the same.
fn is_gone(head: &Head, people: &[DirectoryPerson], now: Timestamp) -> bool {
    let Some((holder, _, right)) = head.holder_by_right() else {
        return false;
    };
    let Some(person) = people.iter().find(|person| person.id == holder.by.id) else {
        return true;
    };
    let since = time::day_of(holder.at);
    !person.rights.contains(&right) || person.is_away_since(since, now)
}

/// Ends a claim or warns its holder, whichever is due.
async fn deal_with(
    app: &App,
    claimed: Result<StoredHead, StoreError>,
    due: Due,
) -> Result<Outcome, StoreError> {
    let head = &claimed?.head;
    let released = match due {
        Due::Release => release(app, head, Action::Release).await?,
        Due::ReleaseForAbsence => release(app, head, Action::ReleaseForAbsence).await?,
        Due::Warning => {
            let notice = NoticeKind::ClaimEndsSoon;
            let is_new = app
                .store()
                .keep_notice(head.id, head.version, notice, app.now())
                .await?;
            return Ok(if is_new {
                Outcome::Warned
            } else {
                Outcome::LeftAlone
            });
        }
    };
    Ok(if released {
        Outcome::Released
    } else {
        Outcome::Overtaken
    })
}

/// Releases a request, as the clock. Returns whether it did: if somebody has acted since the request was read, or the
/// holder is back, there is nothing left to do.
async fn release(app: &App, head: &Head, action: Action) -> Result<bool, StoreError> {
    let command = Command {
        subject: Subject::Request(head.id),
        action,
        actor: Actor::Clock,
        receipt: AsRead::Receipt(Receipt::of(head)),
        payload: Payload::Message(None),
        key: None,
    };
    match execute(app, command).await {
        Ok(_) => Ok(true),
        Err(Rejection::Store(error)) => Err(error),
        Err(_) => Ok(false),
    }
}
