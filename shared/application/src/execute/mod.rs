//! The one way to change a request: turns a row of the workflow's table into one conditional transaction.
//!
//! 1. *Plan*: find the rows of the table that may apply, from what the actor has read, the action and the actor
//!    ([`Row::candidates`]).
//! 2. *Prepare* (`prepare`): enforce every guard of the row, or leave it to a condition of the transaction.
//! 3. *Stage* (`stage`): add the head, the history row, the mark of the idempotency key, and every write of the row.
//! 4. *Commit*: if the store refuses, read the reason from the old items that it returns, and keep the attempt on the
//!    request's record (`refused`).

use std::sync::OnceLock;
use std::time::Instant;

use countersign_domain::actor::Actor;
use countersign_domain::eservice::EServiceId;
use countersign_domain::fault::Fault;
use countersign_domain::form::Form;
use countersign_domain::history::{CommandKey, HistoryRow};
use countersign_domain::id::{Digest, PersonId, RequestId};
use countersign_domain::language::Language;
use countersign_domain::receipt::Receipt;
use countersign_domain::request::Checks;
use countersign_domain::wording;
use countersign_domain::workflow::{self, Action, Attempt, From as Start, Reading, Refusal, Row};
use countersign_platform::App;
use countersign_platform::store::StoreError;
use countersign_platform::store::approval::Inbound;
use countersign_platform::store::item::StoredHead;
use countersign_platform::store::requests::CommandMark;
use countersign_platform::telemetry;
use jiff::Timestamp;

mod directory;
mod draw;
mod locks;
mod observed;
mod people;
mod prepare;
mod reads;
mod refused;
mod stage;

/// A step that an actor asks for.
#[derive(Debug)]
pub struct Command {
    /// The request to change.
    pub subject: Subject,
    /// The step.
    pub action: Action,
    /// Who takes the step.
    pub actor: Actor,
    /// The version that they have read.
    pub receipt: AsRead,
    /// What comes with the command: a message, a form or an e-mail.
    pub payload: Payload,
    /// Identifies a repeat of the command. `None` if it came without an idempotency key.
    pub key: Option<CommandKey>,
}

/// The request that a command is about.
#[derive(Debug, Clone, Copy)]
pub enum Subject {
    /// A new one, which the command creates.
    New,
    /// The existing request with this ID.
    Request(RequestId),
}

/// The version of the request that the actor has read.
#[derive(Debug)]
pub enum AsRead {
    /// The version that this receipt names.
    Receipt(Receipt),
    /// Whichever is current. No row that changes an existing request accepts this.
    Current,
    /// A tag that we never issued.
    Unreadable,
}

impl AsRead {
    fn reading(&self) -> Reading<'_> {
        match self {
            Self::Receipt(receipt) => Reading::Receipt(receipt),
            Self::Current => Reading::Current,
            Self::Unreadable => Reading::Unreadable,
        }
    }

    fn receipt(&self) -> Option<&Receipt> {
        match self {
            Self::Receipt(receipt) => Some(receipt),
            Self::Current | Self::Unreadable => None,
        }
    }
}

impl From<Option<Receipt>> for AsRead {
    /// Takes the receipt of a tag. `None` is a tag that we never issued.
    fn from(tag: Option<Receipt>) -> Self {
        tag.map_or(Self::Unreadable, Self::Receipt)
    }
}

/// What comes with a command.
#[derive(Debug)]
pub enum Payload {
    /// A message to the next-step user, or none.
    Message(Option<String>),
    /// The colleague to hand the request to, and a message or none.
    HandOver {
        /// The colleague. `None` if the command names none.
        colleague: Option<PersonId>,
        /// The message to the next-step user.
        message: Option<String>,
    },
    /// A form to save.
    Form(Box<Form>),
    /// An e-mail with a token.
    Mail(Box<MailPayload>),
}

/// An e-mail that asks for a step.
#[derive(Debug)]
pub struct MailPayload {
    /// The message to the next-step user.
    pub message: Option<String>,
    /// The digest of the token that it came with.
    pub token: Digest,
    /// Its record, with the result that it took its step.
    pub record: Inbound,
}

impl Payload {
    fn message(&self) -> Option<&String> {
        match self {
            Self::Message(message) | Self::HandOver { message, .. } => message.as_ref(),
            Self::Mail(mail) => mail.message.as_ref(),
            Self::Form(_) => None,
        }
    }

    fn form(&self) -> Option<&Form> {
        match self {
            Self::Form(form) => Some(form),
            Self::Message(_) | Self::HandOver { .. } | Self::Mail(_) => None,
        }
    }

    fn colleague(&self) -> Option<&PersonId> {
        match self {
            Self::HandOver { colleague, .. } => colleague.as_ref(),
            Self::Message(_) | Self::Form(_) | Self::Mail(_) => None,
        }
    }

    fn mail(&self) -> Option<&MailPayload> {
        match self {
            Self::Mail(mail) => Some(mail),
            Self::Message(_) | Self::HandOver { .. } | Self::Form(_) => None,
        }
    }
}

/// Why a command was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    /// The workflow refuses it.
    #[error("the workflow refuses it")]
    Refused {
        /// The reason.
        refusal: Refusal,
        /// The step.
        action: Action,
        /// The request's status text now, where it is known.
        status: Option<String>,
    },
    /// The form has faults.
    #[error("what was filled in is not right")]
    Invalid(Vec<Fault>),
    /// Fewer others in the company could check the request than these checks need.
    #[error("too few others could check it")]
    NoOtherChecker(Checks),
    /// The idempotency key was used for another command.
    #[error("the idempotency key was used for another command")]
    KeyReused,
    /// The e-mail token was spent, belongs to another checker, or has expired.
    #[error("the mail token has ended")]
    TokenEnded,
    /// This same e-mail has been processed before.
    #[error("the mail is on record")]
    OnRecord,
    /// The store gave no answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The result of a command that was carried out.
#[derive(Debug)]
pub struct Executed {
    /// The history row that it added.
    pub row: HistoryRow,
    /// Whether the command is a repeat, so that this is its first answer again.
    pub is_replay: bool,
}

/// Carries out a command. This is the only way to change a request.
pub async fn execute(app: &App, command: Command) -> Result<Executed, Rejection> {
    let now = app.now();
    let execution = Execution {
        id: draw::target(&command, now),
        app,
        command,
        now,
        is_visible: OnceLock::new(),
    };
    let started = Instant::now();
    let work = async {
        let executed = execution.run().await;
        if let Err(rejection) = &executed {
            execution.remember(rejection).await;
        }
        executed
    };
    let (executed, usage) = telemetry::measure(work).await;
    execution.observe(&executed, started.elapsed(), usage);
    executed
}

/// A command that is being carried out.
struct Execution<'a> {
    app: &'a App,
    command: Command,
    /// The request that it changes: its subject, or the one that it creates.
    id: RequestId,
    now: Timestamp,
    /// Whether the actor may see the subject, once its head was read to explain a refusal.
    is_visible: OnceLock<bool>,
}

/// Why a row was not applied.
enum Untaken {
    /// A guard of this row does not hold. Another row may still apply.
    Unmet(Rejection),
    /// The request is not as the actor read it, or does not exist. Its current head gives the reason.
    Unexplained,
    /// The directory has changed since it was read. Another reading may allow the row.
    Moved,
    /// The command is refused; no other row can apply.
    Rejected(Rejection),
}

impl From<StoreError> for Untaken {
    fn from(error: StoreError) -> Self {
        Self::Rejected(error.into())
    }
}

impl Execution<'_> {
    async fn run(&self) -> Result<Executed, Rejection> {
        let mut unmet = None;
        for row in self.candidates() {
            match self.take(row).await {
                Ok(executed) => return Ok(executed),
                Err(Untaken::Unmet(rejection)) => unmet = unmet.or(Some(rejection)),
                Err(Untaken::Unexplained) => return self.explain().await,
                Err(Untaken::Moved) => return Err(StoreError::Busy.into()),
                Err(Untaken::Rejected(rejection)) => return Err(rejection),
            }
        }
        match (unmet, self.command.subject) {
            // Faults of a form are the answer only if the request allows the step at all.
            (Some(rejection @ Rejection::Invalid(_)), Subject::Request(id)) => {
                self.explain_or(id, Some(rejection)).await
            }
            (Some(rejection), _) => self.first_answer_or(rejection).await,
            (None, _) => self.explain().await,
        }
    }

    /// Where the step starts, as far as the command tells.
    fn start(&self) -> Option<Start> {
        match (self.command.subject, self.command.action) {
            (Subject::New, _) => Some(Start::Nothing),
            (Subject::Request(_), Action::Clone) => Some(Start::Any),
            (Subject::Request(_), _) => {
                let receipt = self.command.receipt.receipt()?;
                Some(Start::State(receipt.state))
            }
        }
    }

    fn candidates(&self) -> Vec<&'static Row> {
        let command = &self.command;
        let eservice = self.eservice();
        let mut rows = self.start().map_or_else(Vec::new, |start| {
            Row::candidates(command.action, start, &command.actor)
        });
        rows.retain(|row| eservice.is_none_or(|eservice| row.is_for(eservice)));
        rows
    }

    /// The eService of the request, as far as the command tells.
    fn eservice(&self) -> Option<EServiceId> {
        let read = self.command.receipt.receipt().map(|receipt| receipt.eservice);
        read.or(self.command.payload.form().map(Form::eservice))
    }

    fn attempt(&self) -> Attempt<'_> {
        Attempt {
            actor: &self.command.actor,
            action: self.command.action,
            reading: self.command.receipt.reading(),
            now: self.now,
        }
    }

    fn refused(&self, refusal: Refusal, status: Option<String>) -> Rejection {
        Rejection::Refused {
            refusal,
            action: self.command.action,
            status,
        }
    }

    /// Answers a command to which no row applies: with the first answer if it is a repeat, otherwise with the reason.
    async fn explain(&self) -> Result<Executed, Rejection> {
        let Subject::Request(subject) = self.command.subject else {
            let refusal = Row::party_refusal(self.command.action, Start::Nothing, &self.command.actor);
            return self.first_answer_or(self.refused(refusal, None)).await;
        };
        self.explain_or(subject, None).await
    }

    /// Does the same for an existing request. If the request allows the step, the reason is `otherwise`.
    async fn explain_or(
        &self,
        subject: RequestId,
        otherwise: Option<Rejection>,
    ) -> Result<Executed, Rejection> {
        let (mark, head) = tokio::join!(self.mark(), self.app.store().head(subject));
        let head = head?;
        let sees = |stored: &StoredHead| stored.head.is_visible_to(&self.command.actor);
        // It is set once, since a command is explained once.
        let _ = self.is_visible.set(head.as_ref().is_some_and(sees));
        let reason = self.reason(head.as_ref());
        // A clone's mark is at the request that it created. A repeat must not be answered if its source is hidden from
        // the caller.
        let is_hidden = match &reason {
            Rejection::Refused { refusal, .. } => {
                self.command.action == Action::Clone && *refusal == Refusal::NotFound
            }
            _ => false,
        };
        if let (Some(mark), false) = (mark?, is_hidden) {
            return self.first_answer(mark).await;
        }
        let allows = head.is_some_and(|StoredHead { head, facts }| {
            workflow::judge(&head, &facts, &self.attempt()).is_ok()
        });
        Err(otherwise.filter(|_| allows).unwrap_or(reason))
    }

    /// Returns the first answer if the command was carried out before; otherwise the rejection.
    async fn first_answer_or(&self, rejection: Rejection) -> Result<Executed, Rejection> {
        match self.mark().await? {
            Some(mark) => self.first_answer(mark).await,
            None => Err(rejection),
        }
    }

    async fn mark(&self) -> Result<Option<CommandMark>, StoreError> {
        match &self.command.key {
            Some(key) => self.app.store().command_mark(self.id, &key.key).await,
            None => Ok(None),
        }
    }

    async fn first_answer(&self, mark: CommandMark) -> Result<Executed, Rejection> {
        let row = self.app.store().history_row(self.id, mark.version).await?;
        let row = row
            .ok_or_else(|| StoreError::Corrupt("the mark of a command without its history row".to_owned()))?;
        if row.command == self.command.key {
            Ok(Executed { row, is_replay: true })
        } else {
            Err(Rejection::KeyReused)
        }
    }

    /// Returns why the head refuses the command.
    fn reason(&self, head: Option<&StoredHead>) -> Rejection {
        let Some(StoredHead { head, facts }) = head else {
            return self.refused(Refusal::NotFound, None);
        };
        match workflow::judge(head, facts, &self.attempt()) {
            Err(refusal) => self.refused(refusal, Some(wording::status_of(head, Language::English))),
            // The head has changed again since the refusal. The caller gets a clear answer on the next try.
            Ok(_) => self.refused(Refusal::Stale, None),
        }
    }
}
