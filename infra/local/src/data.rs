//! The folder that survives a restart.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use aws_local::files::create_private;

use crate::error::StartError;

/// The data folder, held by one runner at a time.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    /// Held as long as the folder is used; the system lets go of it however the process ends.
    _lock: File,
}

impl Folder {
    /// Opens the folder, makes it if it isn't there, and takes its lock.
    pub(crate) fn open(path: &Path) -> Result<Self, StartError> {
        let refusal = |error: io::Error| StartError::Data(path.to_owned(), error.to_string());
        create_private(path).map_err(refusal)?;
        // The folder ignores itself, wherever `--data` puts it.
        let ignore = path.join(".gitignore");
        if !ignore.try_exists().map_err(refusal)? {
            fs::write(&ignore, "*\n").map_err(refusal)?;
        }
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path.join("lock"))
            .map_err(refusal)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StartError::DataInUse(path.to_owned())),
            Err(TryLockError::Error(error)) => return Err(refusal(error)),
        }
        Ok(Self {
            path: path.to_owned(),
            _lock: lock,
        })
    }

    /// The file of the embedded table.
    pub(crate) fn table(&self) -> PathBuf {
        self.path.join("table.sqlite")
    }

    /// The file that remembers the clock.
    pub(crate) fn clock(&self) -> PathBuf {
        self.path.join("clock.json")
    }

    /// The file of a stream's position.
    pub(crate) fn stream(&self, name: &str) -> PathBuf {
        self.path.join(format!("stream-{name}.json"))
    }

    /// The file of the queues.
    pub(crate) fn queues(&self) -> PathBuf {
        self.path.join("queues.json")
    }

    /// The file of the mails.
    pub(crate) fn mails(&self) -> PathBuf {
        self.path.join("mails.jsonl")
    }

    /// The file of the addresses that no mail is sent to.
    pub(crate) fn suppressed(&self) -> PathBuf {
        self.path.join("suppressed.json")
    }

    /// The folder of what SES stores, with a folder in it for each bucket.
    pub(crate) fn objects(&self) -> PathBuf {
        self.path.join("objects")
    }

    /// The file of mails that came in and that no function has taken yet.
    pub(crate) fn inbound(&self) -> PathBuf {
        self.path.join("inbound.json")
    }

    /// The file of the user pool's users.
    pub(crate) fn users(&self) -> PathBuf {
        self.path.join("users.jsonl")
    }

    /// The file of the user pool's clients for systems.
    pub(crate) fn clients(&self) -> PathBuf {
        self.path.join("clients.json")
    }

    /// The file of the key that signs tokens.
    pub(crate) fn signing_key(&self) -> PathBuf {
        self.path.join("signing-key.der")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_serves_one_runner_at_a_time() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("data");
        let first = Folder::open(&path).unwrap();
        assert!(matches!(Folder::open(&path), Err(StartError::DataInUse(_))));
        drop(first);
        Folder::open(&path).unwrap();
    }
}
