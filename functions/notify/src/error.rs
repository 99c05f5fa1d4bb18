//! Why a row could not be announced to everyone.

use countersign_platform::store::StoreError;

use crate::letter::Unwritten;
use crate::record::Unreadable;
use crate::ses::SesError;

/// Why a row could not be announced to everyone.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotifyError {
    /// A retry would not help.
    #[error("the record can't be read: {0}")]
    Unreadable(#[from] Unreadable),
    /// The table holds something that no command writes, or lacks what every command writes.
    #[error("the table holds something impossible: {0}")]
    Impossible(&'static str),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Ses(SesError),
    /// Another sender is working on one of the messages, or crashed while doing so.
    #[error("another sender is at a message")]
    InProgress,
    #[error("a letter could not be written: {0}")]
    Letter(Unwritten),
    #[error("the batch took too long")]
    OutOfTime,
}
