//! Ending claims: a checker who sits on one for too long is warned, and then loses it to their colleagues.

use std::time::{Duration, Instant};

use countersign_application::execute::{AsRead, Command, Payload, Rejection, Subject, execute};
use countersign_domain::actor::Actor;
use countersign_domain::receipt::Receipt;
use countersign_domain::request::Head;
use countersign_domain::workflow::Action;
use countersign_platform::App;
use countersign_platform::lambda::Failure;
use countersign_platform::store::StoreError;
use countersign_platform::store::item::StoredHead;
use countersign_platform::store::mail::NoticeKind;
use futures_util::StreamExt as _;
use serde::Serialize;
use serde_json::Value;

/// Companies that are listed at a time.
const LEG: usize = 100;
/// Desks that are read, or claims that are dealt with, side by side.
const LANES: usize = 8;
/// After this long no further companies are listed: what is left the next call finds. The function's own time limit is 15
/// minutes.
const BUDGET: Duration = Duration::from_mins(12);

/// What a run came to.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    /// Holders who are warned because of this run.
    warned: usize,
    /// Claims that it ended.
    released: usize,
    /// Claims that were over by themselves when it came to them.
    overtaken: usize,
    /// Claims that it could not deal with, and desks that it could not read.
    failed: usize,
}

impl Report {
    fn fail(&mut self, error: &StoreError) {
        tracing::error!(%error, "a claim was not dealt with");
        self.failed += 1;
    }
}

/// What became of a claim.
enum Outcome {
    Warned,
    Released,
    Overtaken,
    /// It was dealt with before, or is not due yet.
    LeftAlone,
}

/// Ends every claim whose time is over, and warns whoever holds one that ends soon.
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
        // Failing has the job called again.
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
    // What could be done is done by now; what is claimed from now on has no end until the list of holidays goes on.
    if let Err(error) = app.config().lease.ends(app.now()) {
        tracing::error!(%error, "claims have no end");
        return Err(Failure);
    }
    serde_json::to_value(&report).map_err(|_| Failure)
}

/// Goes through the companies' desks for claims that have ended or will soon, some companies at a time. Says whether it came
/// to the end. A run that is cut off leaves nothing behind: the next one finds what is still claimed.
async fn go_through(app: &App, report: &mut Report) -> Result<bool, StoreError> {
    let (store, started) = (app.store(), Instant::now());
    let last = app.config().lease.warned_through(app.now());
    let mut reached = None;
    loop {
        if started.elapsed() > BUDGET {
            return Ok(false);
        }
        let leg = store.companies(reached.as_ref(), Some(LEG)).await?;
        let desks: Vec<_> = leg
            .iter()
            .map(|company| store.claims_ending(&company.id, last))
            .collect();
        let mut desks = futures_util::stream::iter(desks).buffer_unordered(LANES);
        let mut claims = Vec::new();
        while let Some(desk) = desks.next().await {
            match desk {
                Ok(found) => claims.extend(found.into_iter().map(|claimed| deal_with(app, claimed))),
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
        if leg.len() < LEG {
            return Ok(true);
        }
        reached = leg.last().map(|company| company.id.clone());
    }
}

/// Ends a claim or warns its holder, whichever is due.
async fn deal_with(app: &App, claimed: Result<StoredHead, StoreError>) -> Result<Outcome, StoreError> {
    let (claimed, now) = (claimed?, app.now());
    let head = &claimed.head;
    let Some(ends) = head.state.lease_ends() else {
        return Ok(Outcome::LeftAlone);
    };
    if ends <= now {
        let released = release(app, head).await?;
        return Ok(if released {
            Outcome::Released
        } else {
            Outcome::Overtaken
        });
    }
    // Where nobody can tell when the warning is due, it is better early than not at all.
    if app.config().lease.warns(ends).is_ok_and(|due| now < due) {
        return Ok(Outcome::LeftAlone);
    }
    let notice = NoticeKind::ClaimEndsSoon;
    let is_new = app.store().keep_notice(head.id, head.version, notice).await?;
    Ok(if is_new {
        Outcome::Warned
    } else {
        Outcome::LeftAlone
    })
}

/// Takes the clock's step on a request whose lease has ended, as it was read. Says whether it did: if somebody acted
/// meanwhile, that claim is over.
async fn release(app: &App, head: &Head) -> Result<bool, StoreError> {
    let command = Command {
        subject: Subject::Request(head.id),
        action: Action::Release,
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
