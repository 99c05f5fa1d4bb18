//! The workflow: one table, two readings.
//!
//! [`TABLE`] alone says who may take which step from which state, what the step needs, what it writes and whom it
//! notifies. [`judge`] reads a row in memory: which steps are possible, and why a step is refused. [`plan_step`] turns
//! the same row into tests and changes, which the store compiles into one conditional transaction. To change a rule,
//! change its row: `execute` in the application enforces every [`Guard`] and stages every [`Write`] that a row names.

use crate::actor::Right;
use crate::eservice::{EServiceId, End};
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
pub use reading::{Attempt, Reading, Refusal, allowed_actions, judge, tests_for};
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

/// Who may take a step. Module `party` holds the tests for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// Anyone in the company who has the right.
    Colleague,
    /// The request's maker.
    ItsMaker,
    /// Someone else in the company who manages its users, and may make such a request.
    Manager,
    /// A colleague who never edited this request, and was not the first of two to check it.
    Checker,
    /// The checker who holds the request.
    Holder,
    /// The checker who confirmed the request.
    Confirmer,
    /// An officer of the exchange.
    Officer,
    /// An officer who does not hold the request.
    OtherOfficer,
    /// The officer who holds the request.
    HoldingOfficer,
    /// The clock.
    Clock,
}

/// What a step needs, besides its party and its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Guard {
    /// The form's participantship belonged to the company when the maker signed in.
    ClaimedParticipantship,
    /// The form's participantship belongs to the company, as the directory has it now.
    OwnParticipantship,
    /// The campaign has opened.
    CampaignOpen,
    /// The form is complete, and the declaration is ticked.
    FormComplete,
    /// The company has as many other people who could check the request as have to.
    AnotherChecker,
    /// The next check is the first of two.
    FirstOfTwoChecks,
    /// The next check is the only one, or the second of two.
    LastCheck,
    /// The register contains every User ID that the form changes or removes, and none that it adds.
    RegisterAgrees,
    /// No other open request contains any of its User IDs, or is about the same person or setting of the company.
    UserIdsFree,
    /// Nobody holds the request.
    Unclaimed,
    /// The step has a message to the next-step user.
    MessageGiven,
    /// The lease has ended.
    LeaseEnded,
    /// The maker is away, has left the company, or may no longer make such a request.
    MakerGone,
    /// The holder has gone away since the claim, has left, or no longer has the right.
    HolderGone,
    /// The step names a colleague who is there and could check the request.
    ColleagueCanCheck,
    /// The reply carries an unspent token for this checker and this version.
    MailToken,
    /// The actor is in the directory with the right, as it is when the step is taken. The token may be older.
    Entitled,
    /// The same, if the request changes the directory: every step of such a request counts.
    EntitledToManage,
    /// The request's eService ends at the exchange.
    GoesToTheExchange,
    /// The request's eService ends at the company.
    EndsAtTheCompany,
    /// The request is not about the actor.
    NotAboutSelf,
    /// The directory has the person whom the form changes, nobody with the name that it adds, and every right that it gives counts
    /// at the company.
    DirectoryAgrees,
    /// The company keeps two people who can manage its users.
    TwoManagersStay,
}

/// What a step writes, besides the state, the version and its history row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Write {
    /// The form of this version; in the head, its digest, its participantship, whom it is about and its editor.
    KeepForm,
    /// The editors of the request that this one is cloned from, as its own editors.
    InheritEditors,
    /// A reference number, if the request has none yet.
    GiveReference,
    /// A lock on each of its User IDs, or on what it changes in the directory.
    TakeLocks,
    /// When it was submitted.
    MarkSubmitted,
    /// How many people have to check it.
    SettleChecks,
    /// Who checked it first, and when.
    FirstCheck,
    /// That nobody has checked it.
    VoidChecks,
    /// Whether it is in time for the parallel run: provisional when it goes to the checkers, final when it goes to the
    /// exchange (guideline, closing remark).
    SettleGuarantee,
    /// Which desk has it, and since when.
    EnterDesk(DeskKind),
    /// That no desk has it.
    LeaveDesk,
    /// Who holds it, and since when.
    Hold,
    /// That the colleague whom the step names holds it, and since when.
    HoldForColleague,
    /// That the actor is its maker, and one of its editors.
    BecomeMaker,
    /// That nobody holds it. This also ends the lease.
    Unhold,
    /// When the holder's lease ends.
    StartLease,
    /// Who confirmed it, and when.
    Confirm,
    /// That nobody has confirmed it.
    Unconfirm,
    /// That the mail token is spent.
    SpendToken,
    /// The record of the reply that asked for the step.
    RecordMail,
    /// The changes that the form makes to the register.
    Register,
    /// The change that the form makes to the directory.
    ChangeDirectory,
}

/// A row of the workflow. Every row except save, discard and clone may carry a message to the next-step user. Every row
/// that starts from a state also requires the version that the actor read (see [`crate::receipt`]).
#[derive(Debug)]
pub struct Row {
    /// Where it starts.
    pub from: From,
    /// The step.
    pub action: Action,
    /// Who may take it.
    pub who: Party,
    /// What it needs.
    pub guards: &'static [Guard],
    /// The state that it leads to; for [`Action::Clone`], the state of the new request.
    pub to: StateName,
    /// What it writes.
    pub writes: &'static [Write],
    /// Whom it notifies.
    pub tell: &'static [Audience],
}

impl Row {
    /// Whether the row has this guard.
    pub fn needs(&self, guard: Guard) -> bool {
        self.guards.contains(&guard)
    }

    /// The right that the row takes, for a request of this eService. `None` for the clock.
    pub fn right(&self, eservice: EServiceId) -> Option<Right> {
        match self.who {
            Party::Colleague | Party::ItsMaker | Party::Checker | Party::Holder | Party::Confirmer => {
                Some(eservice.definition().right)
            }
            Party::Manager => Some(Right::ManageUsers),
            Party::Officer | Party::OtherOfficer | Party::HoldingOfficer => Some(Right::Operations),
            Party::Clock => None,
        }
    }

    /// Whether requests of an eService can take the row.
    pub fn is_for(&self, eservice: EServiceId) -> bool {
        let end = eservice.definition().end;
        !(self.needs(Guard::GoesToTheExchange) && end != End::AtTheExchange
            || self.needs(Guard::EndsAtTheCompany) && end != End::AtTheCompany)
    }

    /// Whether the row tests the actor's entry in the directory, for a request of this eService.
    pub fn tests_the_directory(&self, eservice: EServiceId) -> bool {
        let manages = !eservice.definition().directory.is_empty();
        self.needs(Guard::Entitled) || (manages && self.needs(Guard::EntitledToManage))
    }

    /// Whether the row makes this write.
    pub fn has(&self, write: Write) -> bool {
        self.writes.contains(&write)
    }
}
