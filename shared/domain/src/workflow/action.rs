//! The steps of the workflow.

use serde::{Deserialize, Serialize};

/// A step that someone can take.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, strum::IntoStaticStr,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Action {
    /// Keep a draft.
    Save,
    /// Start a new draft from a request.
    Clone,
    /// Throw a draft away.
    Discard,
    /// Hand the request to the company's checkers.
    Submit,
    /// Undo one's own last step.
    Reclaim,
    /// Take the request from a desk.
    Claim,
    /// Put the request back on the desk.
    Release,
    /// Put the request back on the desk, since whoever holds it is away or has left.
    ReleaseForAbsence,
    /// Hand a claim to a colleague.
    HandOver,
    /// Take the place of someone else: of a draft's maker who is away or has left, or of another officer.
    TakeOver,
    /// Send the request back to its maker.
    Return,
    /// Send the request to the exchange.
    Confirm,
    /// Claim and confirm at once by replying to the notification.
    ConfirmByMail,
    /// Claim and return at once by replying to the notification.
    ReturnByMail,
    /// Complete the request, and apply its changes to the register.
    Complete,
    /// Refuse the request for good.
    Reject,
}

impl Action {
    /// Whether the step saves the form of its version.
    pub fn saves_form(self) -> bool {
        matches!(self, Self::Save | Self::Clone)
    }

    /// Every action.
    pub const ALL: [Self; 16] = [
        Self::Save,
        Self::Clone,
        Self::Discard,
        Self::Submit,
        Self::Reclaim,
        Self::Claim,
        Self::Release,
        Self::ReleaseForAbsence,
        Self::HandOver,
        Self::TakeOver,
        Self::Return,
        Self::Confirm,
        Self::ConfirmByMail,
        Self::ReturnByMail,
        Self::Complete,
        Self::Reject,
    ];

    /// The name in routes and on the wire.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Parses what [`Self::as_str`] returns.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.as_str() == text)
    }
}

impl Action {
    /// Whether it can be taken only by mail: no page and no route offers it.
    pub fn is_by_mail(self) -> bool {
        matches!(self, Self::ConfirmByMail | Self::ReturnByMail)
    }
}
