//! How far a stream has been handled. It is kept after each batch, so that a runner that was killed goes on where it
//! was, or a batch before.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::files;

/// The last record that has been handled.
#[derive(Debug)]
pub(crate) struct Position {
    sequence_number: Option<String>,
    file: Option<PathBuf>,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    sequence_number: String,
}

impl Position {
    /// What was kept in the file, or the beginning.
    pub(crate) fn open(file: Option<PathBuf>) -> Result<Self, Error> {
        let kept: Option<Kept> = match &file {
            Some(path) => files::read_json(path)?,
            None => None,
        };
        Ok(Self {
            sequence_number: kept.map(|kept| kept.sequence_number),
            file,
        })
    }

    /// The sequence number of the last record that has been handled; `None` at the beginning.
    pub(crate) fn get(&self) -> Option<&str> {
        self.sequence_number.as_deref()
    }

    /// Goes past a record that nobody wanted. It costs nothing to look at it again after a restart, so it isn't kept.
    pub(crate) fn skip(&mut self, sequence_number: &str) {
        self.sequence_number = Some(sequence_number.to_owned());
    }

    /// Goes past records that have been handled, and keeps that.
    pub(crate) async fn advance(&mut self, sequence_number: &str) {
        self.skip(sequence_number);
        let Some(file) = self.file.clone() else {
            return;
        };
        let kept = Kept {
            sequence_number: sequence_number.to_owned(),
        };
        let written = tokio::task::spawn_blocking(move || files::replace_json(&file, &kept)).await;
        match written {
            Ok(Ok(())) => {}
            // The records will be handled once more after a restart, which is what the functions have to expect anyway.
            Ok(Err(error)) => tracing::warn!(%error, "the position in the stream could not be kept"),
            Err(error) => tracing::warn!(%error, "the position in the stream could not be kept"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_was_handled_is_kept_and_what_was_skipped_is_not() {
        let place = tempfile::tempdir().unwrap();
        let file = Some(place.path().join("stream.json"));
        let mut position = Position::open(file.clone()).unwrap();
        assert_eq!(position.get(), None);
        position.advance("7").await;
        position.skip("9");
        assert_eq!(position.get(), Some("9"));
        assert_eq!(Position::open(file).unwrap().get(), Some("7"));
    }
}
