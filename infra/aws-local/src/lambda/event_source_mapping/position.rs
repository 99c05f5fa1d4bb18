//! How far a stream has been handled. It is kept after each batch, so that a runner that was killed goes on where it
//! was, or a batch before.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::files::KeptFile;

#[derive(Debug)]
pub(crate) struct Position {
    kept: Kept,
    file: KeptFile,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Kept {
    /// Of the last record that has been handled.
    sequence_number: Option<String>,
}

impl Position {
    /// What was kept in the file, or the beginning.
    pub(crate) fn open(file: Option<PathBuf>) -> Result<Self, Error> {
        let file = KeptFile(file);
        let kept = file.load()?;
        Ok(Self { kept, file })
    }

    /// The sequence number of the last record that has been handled; `None` at the beginning.
    pub(crate) fn get(&self) -> Option<&str> {
        self.kept.sequence_number.as_deref()
    }

    /// Goes past a record that nobody wanted. It costs nothing to look at it again after a restart, so it isn't kept.
    pub(crate) fn skip(&mut self, sequence_number: &str) {
        self.kept.sequence_number = Some(sequence_number.to_owned());
    }

    /// Goes past records that have been handled, and keeps that.
    pub(crate) async fn advance(&mut self, sequence_number: &str) {
        self.skip(sequence_number);
        let (file, kept) = (self.file.clone(), self.kept.clone());
        let written = tokio::task::spawn_blocking(move || file.save(&kept)).await;
        // The records will be handled once more after a restart, which is what the functions have to expect anyway.
        if let Err(error) = written.map_err(std::io::Error::other).flatten() {
            tracing::warn!(%error, "the position in the stream could not be kept");
        }
    }
}
