//! The steps that there are.

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
        self.into()
    }
}

impl Action {
    /// Whether a mail alone can take it: no page and no route offers it.
    pub fn is_by_mail(self) -> bool {
        matches!(self, Self::ConfirmByMail | Self::ReturnByMail)
    }
}
