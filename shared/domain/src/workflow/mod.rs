//! The workflow: one table, two readings.
//!
//! [`TABLE`] is the only place that says who may take which step from where, what it needs, what it writes and whom it
//! tells. [`judge`] reads a row in memory: which steps are possible, and why one was refused. [`plan_step`] turns the same
//! row into the tests and changes that the store compiles into one conditional transaction. To change a rule, change its
//! row: `execute` in the application enforces every [`Guard`] and stages every [`Write`] that a row names.

use crate::request::{DeskKind, StateName};

mod action;
mod audience;
mod diagram;
mod party;
mod reading;
mod step;
mod table;

pub use action::Action;
pub use audience::Audience;
pub use diagram::mermaid;
pub use party::Check;
pub use reading::{Attempt, Reading, Refusal, allowed_actions, judge};
pub use step::{Creation, Details, Plan, Saved, Source, plan_new, plan_step};
pub use table::TABLE;

/// Where a step starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// There is no request yet.
    Nothing,
    /// Any state; the request itself stays as it is.
    Any,
    /// This state.
    State(StateName),
}

/// Who may take a step. The tests behind each are in `party`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// Anyone of the company with the right.
    Colleague,
    /// The request's maker.
    ItsMaker,
    /// A colleague who never edited this request.
    Checker,
    /// The checker who holds it.
    Holder,
    /// The checker who confirmed it.
    Confirmer,
    /// An officer of the exchange.
    Officer,
    /// The officer who holds it.
    HoldingOfficer,
    /// The clock.
    Clock,
}

/// What a step needs besides its party and state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Guard {
    /// The form's participantship was one of the company's own when its maker signed in.
    ClaimedParticipantship,
    /// The form's participantship is one of the company's own, as the directory has it.
    OwnParticipantship,
    /// The campaign has opened.
    CampaignOpen,
    /// Nothing is missing in the form, and the declaration is ticked.
    FormComplete,
    /// Another person of the company could check it.
    AnotherChecker,
    /// The register has every User ID that the form changes or takes out, and none that it adds.
    RegisterAgrees,
    /// None of its User IDs is in another open request.
    UserIdsFree,
    /// Nobody has claimed it.
    Unclaimed,
    /// A message to the next-step user.
    MessageGiven,
    /// The lease has ended.
    LeaseEnded,
    /// An unspent mail token for this checker and version.
    MailToken,
}

/// What a step writes besides the state, the version and its row of the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Write {
    /// The form as this version has it; its digest and participantship in the head, and its editor.
    KeepForm,
    /// Everyone who edited what it was cloned from, as its own editors.
    InheritEditors,
    /// A reference number, if it has none yet.
    GiveReference,
    /// The lock of each of its User IDs.
    TakeLocks,
    /// When it was submitted.
    MarkSubmitted,
    /// Whether it is in time for the parallel run: for the time being when it is handed to the checkers, for good when it
    /// is sent to the exchange (guideline, closing remark).
    SettleGuarantee,
    /// Which desk has it, and since when.
    EnterDesk(DeskKind),
    /// That no desk has it.
    LeaveDesk,
    /// Who holds it, and since when.
    Hold,
    /// That nobody holds it; a lease ends with it.
    Unhold,
    /// When the holder's lease ends.
    StartLease,
    /// Who confirmed it, and when.
    Confirm,
    /// That nobody has confirmed it.
    Unconfirm,
    /// The end of the mail token.
    SpendToken,
    /// The record of the mail that asked for it.
    RecordMail,
    /// Each row of the form, in the register.
    Register,
}

/// A row of the workflow. The optional message to the next-step user goes with every row but save, discard and clone;
/// every row that starts from a state also names the version that was read (see [`crate::receipt`]).
#[derive(Debug)]
pub struct Row {
    /// Where it starts.
    pub from: From,
    /// What is done.
    pub action: Action,
    /// By whom.
    pub who: Party,
    /// What it needs.
    pub guards: &'static [Guard],
    /// Where it leads. For [`Action::Clone`], the state of the new request.
    pub to: StateName,
    /// What it writes.
    pub writes: &'static [Write],
    /// Whom it tells.
    pub tell: &'static [Audience],
}

impl Row {
    /// Whether the row needs this.
    pub fn needs(&self, guard: Guard) -> bool {
        self.guards.contains(&guard)
    }

    /// Whether the row writes this.
    pub fn has(&self, write: Write) -> bool {
        self.writes.contains(&write)
    }
}
