//! Ends claims that last too long: warns the checker, and then gives the request back to their colleagues.

use countersign_application::execute::{AsRead, Command, Payload, Rejection, Subject, execute};
use countersign_domain::actor::Actor;
use countersign_domain::receipt::Receipt;
use countersign_domain::request::Head;
use countersign_domain::workflow::Action;
use countersign_platform::App;
use countersign_platform::lambda::Failure;
use countersign_platform::store::StoreError;
use countersign_platform::store::item::StoredHead;
use countersign_platform::store::notice::NoticeKind;
use futures_util::StreamExt as _;
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
    /// Its warning was sent before, or nothing is due yet.
    LeftAlone,
}

/// Ends every claim whose time is up, and warns the holders of those that end soon.
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
    if let Err(error) = app.config().lease.ends(app.now()) {
        tracing::error!(%error, "claims have no end");
        return Err(Failure);
    }
    serde_json::to_value(&report).map_err(|_| Failure)
}

/// Goes through the companies' desks, some companies at a time, for claims that have ended or soon will. Returns
/// whether it reached the end. A run that is cut off stores no progress: the next one finds what is still claimed.
async fn go_through(app: &App, report: &mut Report) -> Result<bool, StoreError> {
    let store = app.store();
    let last = app.config().lease.warned_through(app.now());
    let mut legs = Legs::new(app, LEG, None);
    loop {
        let leg = match legs.next().await? {
            Next::Leg(leg) => leg,
            Next::Through => return Ok(true),
            Next::OutOfTime => return Ok(false),
        };
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
    // If the time of the warning can't be computed, an early warning is better than none.
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

/// Releases a request whose lease has ended, as the clock. Returns whether it did: if somebody has acted since the
/// request was read, the claim is over already.
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
