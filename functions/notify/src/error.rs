//! Why not everyone was told of a row.

use countersign_platform::store::StoreError;

use crate::letter::Unwritten;
use crate::record::Unreadable;
use crate::ses::SesError;

/// Why not everyone was told.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotifyError {
    /// No other try helps.
    #[error("the record can't be read: {0}")]
    Unreadable(#[from] Unreadable),
    /// The table holds something that no command can have written, or lacks what one must have.
    #[error("the table holds something impossible: {0}")]
    Impossible(&'static str),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Ses(SesError),
    /// Another sender is at one of the messages, or was and went down.
    #[error("another sender is at a message")]
    Busy,
    #[error("a letter could not be written: {0}")]
    Letter(Unwritten),
    #[error("the batch took too long")]
    OutOfTime,
}
