//! The folder that survives a restart.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::Serialize;
use serde::de::DeserializeOwned;

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

    /// The file of the key that signs tokens.
    pub(crate) fn signing_key(&self) -> PathBuf {
        self.path.join("signing-key.der")
    }
}

/// Replaces a file as a whole, readable by its owner alone: whenever the process ends, the old or the new content is
/// there.
pub(crate) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    replace_dated(path, content, None)
}

/// Replaces a file as [`replace`] does, and dates it.
pub(crate) fn replace_dated(path: &Path, content: &[u8], date: Option<SystemTime>) -> io::Result<()> {
    let draft = path.with_extension("new");
    match fs::remove_file(&draft) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft)?;
    file.write_all(content)?;
    if let Some(date) = date {
        file.set_modified(date)?;
    }
    file.sync_all()?;
    fs::rename(&draft, path)
}

/// Reads a file; `None` if it isn't there.
pub(crate) fn read(path: &Path) -> Result<Option<Vec<u8>>, StartError> {
    match fs::read(path) {
        Ok(content) => Ok(Some(content)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StartError::Data(path.to_owned(), error.to_string())),
    }
}

/// Reads a file of JSON; `None` if it isn't there.
pub(crate) fn read_json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, StartError> {
    let Some(content) = read(path)? else {
        return Ok(None);
    };
    serde_json::from_slice(&content)
        .map(Some)
        .map_err(|error| StartError::Data(path.to_owned(), format!("it is not what was kept ({error})")))
}

/// Replaces a file by a value as JSON, as [`replace`] does.
pub(crate) fn replace_json(path: &Path, value: &impl Serialize) -> io::Result<()> {
    replace(path, &serde_json::to_vec(value)?)
}

/// Makes a folder that its owner alone can read.
pub(crate) fn create_private(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
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

    #[test]
    fn a_replaced_file_belongs_to_its_owner_alone() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("key");
        replace(&path, b"one").unwrap();
        replace(&path, b"two").unwrap();
        assert_eq!(read(&path).unwrap().unwrap(), b"two");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
