//! Carrying out commands: a plan of the domain becomes one conditional transaction.
//!
//! A step is tried without reading the request first. When the store refuses, the old items that come back with the
//! refusal say why: the mark of a repeated command leads to its first answer, the head to the reason.

use countersign_domain::actor::Actor;
use countersign_domain::fault::Fault;
use countersign_domain::history::{CommandKey, HistoryRow};
use countersign_domain::id::RequestId;
use countersign_domain::receipt::Receipt;
use countersign_domain::request::StateName;
use countersign_domain::wording;
use countersign_domain::workflow::{self, Action, Attempt, Details, Plan, Reading, Refusal};
use jiff::Timestamp;

use countersign_platform::App;
use countersign_platform::store::StoreError;
use countersign_platform::store::item::{self, Item, StoredHead};
use countersign_platform::store::key;
use countersign_platform::store::requests::CommandMark;
use countersign_platform::store::transaction::{Outcome, Part, Transaction};

pub mod by_mail;
pub mod complete;
pub mod create;
pub mod release;
pub mod submit;

/// What a caller asks to be done to a request.
#[derive(Debug)]
pub struct Command {
    /// To which request.
    pub id: RequestId,
    /// What.
    pub action: Action,
    /// By whom.
    pub actor: Actor,
    /// What they have read; `None` for a tag that nothing gave.
    pub receipt: Option<Receipt>,
    /// The message to the next-step user.
    pub message: Option<String>,
    /// What tells a repeat of it.
    pub key: Option<CommandKey>,
}

/// Why a command was not carried out.
#[derive(Debug)]
pub enum CommandError {
    /// The workflow refuses it.
    Refused {
        /// Why.
        refusal: Refusal,
        /// What.
        action: Action,
        /// The request's status text now, where it is known.
        status: Option<String>,
    },
    /// What was filled in is not right.
    Invalid(Vec<Fault>),
    /// Nobody else of the company could check the request.
    NoOtherChecker,
    /// The idempotency key was used for another command.
    KeyReused,
    /// The store gave no answer.
    Store(StoreError),
}

impl From<StoreError> for CommandError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Command {
    /// The attempt that the command is, at a time.
    fn attempt(&self, now: Timestamp) -> Attempt<'_> {
        let reading = self
            .receipt
            .as_ref()
            .map_or(Reading::Unreadable, Reading::Receipt);
        Attempt {
            actor: &self.actor,
            action: self.action,
            reading,
            now,
        }
    }

    fn refused(&self, refusal: Refusal, status: Option<String>) -> CommandError {
        CommandError::Refused {
            refusal,
            action: self.action,
            status,
        }
    }
}

/// Carries out a step that needs nothing but the head: one transaction, nothing read before it.
pub async fn step(app: &App, command: &Command) -> Result<HistoryRow, CommandError> {
    let now = app.now();
    let lease_ends = app.config().lease.ends(now);
    let details = Details {
        message: command.message.clone(),
        command: command.key.clone(),
        in_time: app.config().campaign.guarantees(now),
        lease_ends: lease_ends.as_ref().ok().copied(),
        ..Details::default()
    };
    let Some(plan) = planned(app, command, &details, now)? else {
        return explained(app, command, now).await;
    };
    // Nobody is kept from checking because the list of holidays is old. The job that ends claims fails over it.
    if let (StateName::Claimed, Err(error)) = (plan.row.to, lease_ends) {
        tracing::error!(%error, "a claim has no end");
    }
    let mut transaction = app.store().transaction();
    stage(&mut transaction, command, &plan)?;
    match transaction.commit().await? {
        Outcome::Committed => Ok(plan.history),
        Outcome::Refused(refused) => resolved(app, command, now, &refused).await,
    }
}

/// The plan of a command, if what was read leads anywhere; the guards that need no look at the request are settled.
fn planned(
    app: &App,
    command: &Command,
    details: &Details,
    now: Timestamp,
) -> Result<Option<Plan>, CommandError> {
    let Some(receipt) = &command.receipt else {
        return Ok(None);
    };
    let Ok(plan) = workflow::plan(command.id, receipt, &command.attempt(now), details) else {
        return Ok(None);
    };
    let campaign = &app.config().campaign;
    match workflow::requirement_refusal(plan.row, command.message.as_deref(), campaign, now) {
        Some(refusal) => Err(command.refused(refusal, None)),
        None => Ok(Some(plan)),
    }
}

/// Puts what every step writes into a transaction: the mark of its key, the head, the history row.
fn stage(transaction: &mut Transaction<'_>, command: &Command, plan: &Plan) -> Result<(), StoreError> {
    mark(
        transaction,
        command.id,
        command.key.as_ref(),
        plan.history.version,
    )?;
    transaction.update(Part::Head, key::head(command.id), &plan.tests, &plan.changes);
    let row = key::history(command.id, plan.history.version);
    transaction.put_new(Part::History, item::history(row, &plan.history)?);
    Ok(())
}

/// Leaves the mark of a command that came with an idempotency key.
fn mark(
    transaction: &mut Transaction<'_>,
    id: RequestId,
    command: Option<&CommandKey>,
    version: u32,
) -> Result<(), StoreError> {
    if let Some(command) = command {
        let mark = item::write(key::command(id, &command.key), &CommandMark { version })?;
        transaction.put_new(Part::Command, mark);
    }
    Ok(())
}

/// What a refused transaction means: the first answer of a repeated command, or the reason.
async fn resolved(
    app: &App,
    command: &Command,
    now: Timestamp,
    refused: &[(Part, Option<Item>)],
) -> Result<HistoryRow, CommandError> {
    if let Some(answer) = repeated(app, command.id, command.key.as_ref(), refused).await? {
        return Ok(answer);
    }
    let head = old(refused, Part::Head).map(StoredHead::read).transpose()?;
    Err(reason(command, head.as_ref(), now))
}

/// The first answer of a command whose mark stood there already.
async fn repeated(
    app: &App,
    id: RequestId,
    command: Option<&CommandKey>,
    refused: &[(Part, Option<Item>)],
) -> Result<Option<HistoryRow>, CommandError> {
    let (Some(command), Some(mark)) = (command, old(refused, Part::Command)) else {
        return Ok(None);
    };
    first_answer(app, id, command, item::read(mark.clone())?)
        .await
        .map(Some)
}

async fn first_answer(
    app: &App,
    id: RequestId,
    command: &CommandKey,
    mark: CommandMark,
) -> Result<HistoryRow, CommandError> {
    let row = app.store().history_row(id, mark.version).await?;
    let row =
        row.ok_or_else(|| StoreError::Corrupt("the mark of a command without its history row".to_owned()))?;
    if row.command.as_ref() == Some(command) {
        Ok(row)
    } else {
        Err(CommandError::KeyReused)
    }
}

/// What stood where a part's condition failed.
fn old(refused: &[(Part, Option<Item>)], part: Part) -> Option<&Item> {
    refused
        .iter()
        .find(|(failed, _)| *failed == part)
        .and_then(|(_, item)| item.as_ref())
}

/// The answer to a command that could not even be tried: the first one if it is a repeat, or the reason.
async fn explained(app: &App, command: &Command, now: Timestamp) -> Result<HistoryRow, CommandError> {
    let mark = async {
        match &command.key {
            Some(key) => app.store().command_mark(command.id, &key.key).await,
            None => Ok(None),
        }
    };
    let (mark, head) = tokio::join!(mark, app.store().head(command.id));
    if let (Some(key), Some(mark)) = (&command.key, mark?) {
        return first_answer(app, command.id, key, mark).await;
    }
    Err(reason(command, head?.as_ref(), now))
}

/// The first answer of a command that was done before, in place of what stands in its way by now.
async fn first_answer_or(
    app: &App,
    id: RequestId,
    command: Option<&CommandKey>,
    error: CommandError,
) -> Result<HistoryRow, CommandError> {
    let Some(command) = command else {
        return Err(error);
    };
    match app.store().command_mark(id, &command.key).await? {
        Some(mark) => first_answer(app, id, command, mark).await,
        None => Err(error),
    }
}

/// Why a command is refused, judged on the head.
fn reason(command: &Command, head: Option<&StoredHead>, now: Timestamp) -> CommandError {
    let Some(StoredHead { head, facts }) = head else {
        return command.refused(Refusal::NotFound, None);
    };
    match workflow::judge(head, facts, &command.attempt(now)) {
        Err(refusal) => command.refused(refusal, Some(wording::status(&head.state))),
        // The head has changed between the refusal and now; whoever asks again gets an answer.
        Ok(_) => command.refused(Refusal::Stale, None),
    }
}
