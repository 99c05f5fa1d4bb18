//! Why an account could not be brought up to date.

use countersign_platform::aws_json::CallError;
use countersign_platform::store::StoreError;
use countersign_platform::store::accounts::Obstacle;

/// Why an account could not be brought up to date. None of these texts names anybody.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AccountError {
    /// The table failed.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The company has no profile.
    #[error("the company has no profile in the directory")]
    NoCompany,
    /// Another call works on the account.
    #[error("another call works on it")]
    Leased,
    /// The call took longer than its lease, so another call may have worked on the account.
    #[error("it took too long")]
    LeaseEnded,
    /// The directory has an address that no mail can go to.
    #[error("the directory's address is none")]
    Address,
    /// The account of somebody else has the address.
    #[error("the address belongs to somebody else's account")]
    AddressTaken,
    /// The user pool refused an operation or gave no answer.
    #[error("the user pool, {operation}: {error}")]
    Pool {
        /// The operation.
        operation: &'static str,
        /// The exception, or what happened instead of an answer.
        error: CallError,
    },
    /// SES did not take the invitation.
    #[error("SES: {0}")]
    Mail(String),
    /// The system has no randomness.
    #[error("there is no randomness")]
    Random,
}

impl AccountError {
    /// What the person's company has to do something about, if it is that.
    pub(crate) fn obstacle(&self) -> Option<Obstacle> {
        match self {
            Self::AddressTaken => Some(Obstacle::AddressInUse),
            Self::Store(_)
            | Self::NoCompany
            | Self::Leased
            | Self::LeaseEnded
            | Self::Address
            | Self::Pool { .. }
            | Self::Mail(_)
            | Self::Random => None,
        }
    }
}
