//! The workflow: one table, two readings.
//!
//! [`TABLE`] is the only place that says who may take which step from where. [`judge`] reads a row in memory: which
//! steps are possible, and why one was refused. [`plan`] turns the same row into the tests and changes that the store
//! compiles into one conditional transaction. To change a rule, change its row.

use serde::{Deserialize, Serialize};

use crate::request::StateName;

mod audience;
mod diagram;
mod party;
mod reading;
mod step;

pub use audience::Audience;
pub use diagram::mermaid;
pub use party::Check;
pub use reading::{Attempt, Reading, Refusal, allowed_actions, judge, requirement_refusal};
pub use step::{Creation, Details, Plan, Saved, create, plan};

/// A step that someone can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Keep a draft.
    Save,
    /// Start a new draft from a request.
    Clone,
    /// Throw a draft away.
    Discard,
    /// Hand it to the company's checkers.
    Submit,
    /// Take one's own last step back.
    Reclaim,
    /// Take it from a desk.
    Claim,
    /// Put it back on the desk.
    Release,
    /// Send it back to its maker.
    Return,
    /// Send it to the exchange.
    Confirm,
    /// Claim and confirm at once by replying to the notification.
    ConfirmByMail,
    /// Claim and return at once by replying to the notification.
    ReturnByMail,
    /// Put it into the register.
    Complete,
    /// Refuse it for good.
    Reject,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 13] = [
        Self::Save,
        Self::Clone,
        Self::Discard,
        Self::Submit,
        Self::Reclaim,
        Self::Claim,
        Self::Release,
        Self::Return,
        Self::Confirm,
        Self::ConfirmByMail,
        Self::ReturnByMail,
        Self::Complete,
        Self::Reject,
    ];

    /// As routes and the wire name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Save => "save",
            Self::Clone => "clone",
            Self::Discard => "discard",
            Self::Submit => "submit",
            Self::Reclaim => "reclaim",
            Self::Claim => "claim",
            Self::Release => "release",
            Self::Return => "return",
            Self::Confirm => "confirm",
            Self::ConfirmByMail => "confirm-by-mail",
            Self::ReturnByMail => "return-by-mail",
            Self::Complete => "complete",
            Self::Reject => "reject",
        }
    }
}

impl Action {
    /// Whether a mail alone can take it: no page and no route offers it.
    pub fn is_by_mail(self) -> bool {
        matches!(self, Self::ConfirmByMail | Self::ReturnByMail)
    }
}

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
    /// The participantship is one of the company's own.
    OwnParticipantship,
    /// The campaign has opened.
    CampaignOpen,
    /// Nothing is missing in the form, and the declaration is ticked.
    FormComplete,
    /// Another person of the company could check it.
    AnotherChecker,
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
    /// Whom it tells.
    pub tell: &'static [Audience],
}

impl Row {
    /// Whether the row needs this.
    pub fn needs(&self, guard: Guard) -> bool {
        self.guards.contains(&guard)
    }
}

const fn row(
    from: From,
    action: Action,
    who: Party,
    guards: &'static [Guard],
    to: StateName,
    tell: &'static [Audience],
) -> Row {
    Row {
        from,
        action,
        who,
        guards,
        to,
        tell,
    }
}

/// Every step there is. A maker and a checker are always different people: each row that checks asks for a
/// [`Party::Checker`] or [`Party::Holder`], whom the tests behind them hold apart from everyone who edited.
pub static TABLE: [Row; 19] = {
    use Audience as Tell;
    use Guard as Need;
    use StateName as To;
    [
        row(
            From::Nothing,
            Action::Save,
            Party::Colleague,
            &[Need::OwnParticipantship, Need::CampaignOpen],
            To::Draft,
            &[],
        ),
        row(
            From::Any,
            Action::Clone,
            Party::Colleague,
            &[Need::OwnParticipantship, Need::CampaignOpen],
            To::Draft,
            &[],
        ),
        row(
            From::State(To::Draft),
            Action::Save,
            Party::ItsMaker,
            &[Need::OwnParticipantship, Need::CampaignOpen],
            To::Draft,
            &[],
        ),
        row(
            From::State(To::Draft),
            Action::Discard,
            Party::ItsMaker,
            &[],
            To::Discarded,
            &[],
        ),
        row(
            From::State(To::Draft),
            Action::Submit,
            Party::ItsMaker,
            &[
                Need::CampaignOpen,
                Need::FormComplete,
                Need::AnotherChecker,
                Need::UserIdsFree,
            ],
            To::ReadyToSend,
            &[Tell::Checkers],
        ),
        row(
            From::State(To::ReadyToSend),
            Action::Reclaim,
            Party::ItsMaker,
            &[Need::Unclaimed],
            To::Draft,
            &[Tell::Checkers],
        ),
        row(
            From::State(To::ReadyToSend),
            Action::Claim,
            Party::Checker,
            &[Need::Unclaimed],
            To::Claimed,
            &[],
        ),
        row(
            From::State(To::Claimed),
            Action::Release,
            Party::Holder,
            &[],
            To::ReadyToSend,
            &[],
        ),
        row(
            From::State(To::Claimed),
            Action::Release,
            Party::Clock,
            &[Need::LeaseEnded],
            To::ReadyToSend,
            &[Tell::LastHolder],
        ),
        row(
            From::State(To::Claimed),
            Action::Return,
            Party::Holder,
            &[Need::MessageGiven],
            To::Draft,
            &[Tell::Maker],
        ),
        row(
            From::State(To::Claimed),
            Action::Confirm,
            Party::Holder,
            &[],
            To::Sent,
            &[Tell::Maker, Tell::ExchangeDesk],
        ),
        row(
            From::State(To::ReadyToSend),
            Action::ConfirmByMail,
            Party::Checker,
            &[Need::Unclaimed, Need::MailToken],
            To::Sent,
            &[Tell::Maker, Tell::ExchangeDesk, Tell::Checker],
        ),
        row(
            From::State(To::ReadyToSend),
            Action::ReturnByMail,
            Party::Checker,
            &[Need::Unclaimed, Need::MailToken, Need::MessageGiven],
            To::Draft,
            &[Tell::Maker, Tell::Checker],
        ),
        row(
            From::State(To::Sent),
            Action::Reclaim,
            Party::Confirmer,
            &[Need::Unclaimed],
            To::Claimed,
            &[Tell::ExchangeDesk],
        ),
        row(
            From::State(To::Sent),
            Action::Claim,
            Party::Officer,
            &[Need::Unclaimed],
            To::Processing,
            &[],
        ),
        row(
            From::State(To::Processing),
            Action::Release,
            Party::HoldingOfficer,
            &[],
            To::Sent,
            &[],
        ),
        row(
            From::State(To::Processing),
            Action::Return,
            Party::HoldingOfficer,
            &[Need::MessageGiven],
            To::Draft,
            &[Tell::Maker, Tell::Checker],
        ),
        row(
            From::State(To::Processing),
            Action::Complete,
            Party::HoldingOfficer,
            &[],
            To::Completed,
            &[
                Tell::Maker,
                Tell::Checker,
                Tell::ContactPersons,
                Tell::NewAddresses,
            ],
        ),
        row(
            From::State(To::Processing),
            Action::Reject,
            Party::HoldingOfficer,
            &[Need::MessageGiven],
            To::Rejected,
            &[Tell::Maker, Tell::Checker],
        ),
    ]
};
