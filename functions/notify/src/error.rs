//! Why not everyone was told of a row.

use std::fmt;

use countersign_platform::store::StoreError;

use crate::letter::Unwritten;
use crate::record::Unreadable;
use crate::ses::SesError;

/// Why not everyone was told.
#[derive(Debug)]
pub(crate) enum NotifyError {
    /// The record can't be read. No other try helps.
    Unreadable(Unreadable),
    /// The table holds something that no command can have written, or lacks what one must have.
    Impossible(&'static str),
    /// The table gave no answer.
    Store(StoreError),
    /// SES did not take a mail.
    Ses(SesError),
    /// Another sender is at one of the mails, or was and went down.
    Busy,
    /// The letter could not be written.
    Letter(Unwritten),
    /// The batch took too long.
    OutOfTime,
}

impl fmt::Display for NotifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(Unreadable(why)) => write!(f, "the record can't be read: {why}"),
            Self::Impossible(what) => write!(f, "the table holds something impossible: {what}"),
            Self::Store(error) => error.fmt(f),
            Self::Ses(error) => error.fmt(f),
            Self::Busy => f.write_str("another sender is at a mail"),
            Self::Letter(error) => write!(f, "a letter could not be written: {error}"),
            Self::OutOfTime => f.write_str("the batch took too long"),
        }
    }
}

impl std::error::Error for NotifyError {}

impl From<Unreadable> for NotifyError {
    fn from(error: Unreadable) -> Self {
        Self::Unreadable(error)
    }
}

impl From<StoreError> for NotifyError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
