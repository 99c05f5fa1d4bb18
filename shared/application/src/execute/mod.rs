//! The one way to change a request: a row of the workflow's table becomes one conditional transaction.
//!
//! 1. *Plan*: what was read, the action and the actor lead to the rows of the table that may be taken ([`Row::candidates`]).
//! 2. *Prepare* (`prepare`): every guard of the row is enforced, or left to a condition of the transaction.
//! 3. *Stage* (`stage`): head, history row, mark of the idempotency key, and every write of the row.
//! 4. *Commit*: if the store refuses, the old items that come with the refusal say why.

use countersign_domain::actor::Actor;
use countersign_domain::eservice::EServiceId;
use countersign_domain::fault::Fault;
use countersign_domain::form::Form;
use countersign_domain::history::{CommandKey, HistoryRow};
use countersign_domain::id::{Digest, RequestId};
use countersign_domain::language::Language;
use countersign_domain::receipt::Receipt;
use countersign_domain::wording;
use countersign_domain::workflow::{self, Action, Attempt, From as Start, Reading, Refusal, Row};
use countersign_platform::App;
use countersign_platform::store::StoreError;
use countersign_platform::store::approval::Inbound;
use countersign_platform::store::item::StoredHead;
use countersign_platform::store::requests::CommandMark;
use jiff::Timestamp;

mod locks;
mod prepare;
mod stage;

/// Something that someone asks to be done.
#[derive(Debug)]
pub struct Command {
    /// To which request.
    pub subject: Subject,
    /// The step.
    pub action: Action,
    /// Who takes it.
    pub actor: Actor,
    /// What they have read.
    pub receipt: AsRead,
    /// What they bring along.
    pub payload: Payload,
    /// What tells a repeat of the command.
    pub key: Option<CommandKey>,
}

/// The request that a command is about.
#[derive(Debug, Clone, Copy)]
pub enum Subject {
    /// One that is made by it.
    New,
    /// The one with this ID.
    Request(RequestId),
}

/// What the actor has read of the request.
#[derive(Debug)]
pub enum AsRead {
    /// What this receipt says.
    Receipt(Receipt),
    /// Whatever it says now. No row that changes a request takes that.
    Current,
    /// A tag that nothing gave.
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
    /// The receipt that a tag holds, or none for a tag that nothing gave.
    fn from(tag: Option<Receipt>) -> Self {
        tag.map_or(Self::Unreadable, Self::Receipt)
    }
}

/// What a command brings along.
#[derive(Debug)]
pub enum Payload {
    /// A message to the next-step user, or nothing.
    Message(Option<String>),
    /// A form to keep.
    Form(Box<Form>),
    /// A mail with a token.
    Mail(Box<MailPayload>),
}

/// A mail that asks for a step.
#[derive(Debug)]
pub struct MailPayload {
    /// The message to the next-step user.
    pub message: Option<String>,
    /// The digest of the token that it came with.
    pub token: Digest,
    /// Its record, as that of a mail that took its step.
    pub record: Inbound,
}

impl Payload {
    fn message(&self) -> Option<&String> {
        match self {
            Self::Message(message) => message.as_ref(),
            Self::Mail(mail) => mail.message.as_ref(),
            Self::Form(_) => None,
        }
    }

    fn form(&self) -> Option<&Form> {
        match self {
            Self::Form(form) => Some(form),
            Self::Message(_) | Self::Mail(_) => None,
        }
    }

    fn mail(&self) -> Option<&MailPayload> {
        match self {
            Self::Mail(mail) => Some(mail),
            Self::Message(_) | Self::Form(_) => None,
        }
    }
}

/// Why a command was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    /// The workflow refuses it.
    #[error("the workflow refuses it")]
    Refused {
        /// Why.
        refusal: Refusal,
        /// The step.
        action: Action,
        /// The request's status text now, where it is known.
        status: Option<String>,
    },
    /// What was filled in is not right.
    #[error("what was filled in is not right")]
    Invalid(Vec<Fault>),
    /// Nobody else of the company could check the request.
    #[error("nobody else could check it")]
    NoOtherChecker,
    /// The idempotency key was used for another command.
    #[error("the idempotency key was used for another command")]
    KeyReused,
    /// The mail token was spent, is another checker's, or its time is over.
    #[error("the mail token has ended")]
    TokenEnded,
    /// This very mail has been dealt with.
    #[error("the mail is on record")]
    OnRecord,
    /// The store gave no answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What came of a command.
#[derive(Debug)]
pub struct Executed {
    /// The row that it added to the history.
    pub row: HistoryRow,
    /// Whether it had been carried out before, so that this is its first answer once more.
    pub is_replay: bool,
}

/// Carries out a command. This is the only way to change a request.
pub async fn execute(app: &App, command: Command) -> Result<Executed, Rejection> {
    let now = app.now();
    let execution = Execution {
        id: stage::target(&command, now),
        app,
        command,
        now,
    };
    // The calls that go side by side make a large future; it has no place on the caller's stack.
    Box::pin(execution.run()).await
}

/// A command on its way.
struct Execution<'a> {
    app: &'a App,
    command: Command,
    /// The request that it changes: the subject, or the one that it makes.
    id: RequestId,
    now: Timestamp,
}

/// Why a row was not taken.
enum Untaken {
    /// A guard of this row does not hold. Another row may lead on.
    Unmet(Rejection),
    /// What was read is not the request as it is; the request says why.
    Unexplained,
    /// The command is answered.
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
                Err(Untaken::Rejected(rejection)) => return Err(rejection),
            }
        }
        match (unmet, self.command.subject) {
            // What was filled in is wrong, if that can be said of the request at all.
            (Some(rejection @ Rejection::Invalid(_)), Subject::Request(id)) => {
                self.explain_or(id, Some(rejection)).await
            }
            (Some(rejection), _) => self.first_answer_or(rejection).await,
            (None, _) => self.explain().await,
        }
    }

    /// Where the step starts, as far as what was read tells.
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
        self.start().map_or_else(Vec::new, |start| {
            Row::candidates(command.action, start, &command.actor)
        })
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

    /// The answer to a command that could not even be tried: the first one if it is a repeat, or the reason.
    async fn explain(&self) -> Result<Executed, Rejection> {
        let Subject::Request(subject) = self.command.subject else {
            let refusal = Row::party_refusal(self.command.action, Start::Nothing, &self.command.actor);
            return self.first_answer_or(self.refused(refusal, None)).await;
        };
        self.explain_or(subject, None).await
    }

    /// The same, for a request that may allow it: then there is another reason.
    async fn explain_or(
        &self,
        subject: RequestId,
        otherwise: Option<Rejection>,
    ) -> Result<Executed, Rejection> {
        let (mark, head) = tokio::join!(self.mark(), self.app.store().head(subject));
        let head = head?;
        let reason = self.reason(head.as_ref());
        // The mark of a clone is at the request that it made, so it says nothing of the one that is hidden.
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

    /// The first answer of a command that was carried out before, in place of what stands in its way by now.
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

    /// Why a command is refused, judged on the head.
    fn reason(&self, head: Option<&StoredHead>) -> Rejection {
        let Some(StoredHead { head, facts }) = head else {
            return self.refused(Refusal::NotFound, None);
        };
        match workflow::judge(head, facts, &self.attempt()) {
            Err(refusal) => self.refused(refusal, Some(wording::status(&head.state, Language::English))),
            // The head has changed between the refusal and now; whoever asks again gets an answer.
            Ok(_) => self.refused(Refusal::Stale, None),
        }
    }
}
