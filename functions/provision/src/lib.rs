//! Keeps the accounts of the user pool as the directory has its people: makes, changes and disables them, invites whoever
//! they are for, and resets a lost second factor.
//!
//! Its queue calls it with events: a company was entered, or a request that changes the directory was completed. An event
//! only says which company to look at. What to do follows from the directory and the ledger beside it, whose revision says
//! how far an account has come, so events that come twice, late or in another order lead to the same accounts. A schedule
//! has it look at every company once a day, which finds what an operator changed by hand, and gives everybody an account
//! if the pool is a new one.

use countersign_platform::App;
use countersign_platform::lambda::Failure;
use serde::Deserialize;
use serde_json::Value;

mod changes;
mod error;
mod letter;
mod password;
mod pool;
mod reconcile;
mod round;
mod ses;
mod systems;

use pool::Pool;
use ses::Ses;

/// How many companies are looked at at a time.
const LANES: usize = 8;

/// The input of a schedule.
#[derive(Deserialize)]
struct Call {
    job: Job,
}

/// The jobs.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Job {
    /// Looks at every company.
    Accounts,
}

/// What the work needs.
struct Tools<'a> {
    app: &'a App,
    pool: Pool,
    ses: Ses<'a>,
    /// How many days a temporary password is good for.
    invitation_days: u16,
}

impl<'a> Tools<'a> {
    /// The template gives the function its settings, so they are there.
    fn of(app: &'a App) -> Option<Self> {
        let (pool, mail) = (app.config().user_pool.as_ref()?, app.config().mail.as_ref()?);
        Some(Self {
            app,
            pool: Pool::new(app, pool),
            ses: Ses::new(app, mail),
            invitation_days: pool.invitation_days,
        })
    }
}

/// Looks at the companies that a batch of events is about and answers with the messages to retry, or looks at every company
/// and answers with the totals.
pub async fn handle(app: App, event: Value) -> Result<Value, Failure> {
    let Some(tools) = Tools::of(&app) else {
        tracing::error!("the function has no user pool or no sender's address");
        return Err(Failure);
    };
    if let Some(messages) = event["Records"].as_array() {
        return Ok(changes::follow(&tools, messages).await);
    }
    let Ok(call) = Call::deserialize(&event) else {
        tracing::error!("the event is neither a batch of a queue nor a job");
        return Err(Failure);
    };
    match call.job {
        Job::Accounts => round::run(&tools).await,
    }
}
