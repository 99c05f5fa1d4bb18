//! Files of the data folder: replaced as a whole, readable by their owner alone.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Error;

/// Replaces a file as a whole, readable by its owner alone: whenever the process ends, the old or the new content is
/// there.
pub fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    replace_dated(path, content, None)
}

/// Replaces a file as [`replace`] does, and dates it.
pub fn replace_dated(path: &Path, content: &[u8], date: Option<SystemTime>) -> io::Result<()> {
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
pub fn read(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    match fs::read(path) {
        Ok(content) => Ok(Some(content)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::File(path.to_owned(), error.to_string())),
    }
}

/// Reads a file of JSON; `None` if it isn't there.
pub fn read_json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, Error> {
    let Some(content) = read(path)? else {
        return Ok(None);
    };
    serde_json::from_slice(&content)
        .map(Some)
        .map_err(|error| Error::Damaged(path.to_owned(), error.to_string()))
}

/// Replaces a file by a value as JSON, as [`replace`] does.
pub fn replace_json(path: &Path, value: &impl Serialize) -> io::Result<()> {
    replace(path, &serde_json::to_vec(value)?)
}

/// Where a value is kept: in a file as JSON, or nowhere.
#[derive(Debug, Clone)]
pub(crate) struct KeptFile(pub(crate) Option<PathBuf>);

impl KeptFile {
    /// What was kept, or nothing yet.
    pub(crate) fn load<T: DeserializeOwned + Default>(&self) -> Result<T, Error> {
        let kept = self.0.as_deref().map(read_json).transpose()?;
        Ok(kept.flatten().unwrap_or_default())
    }

    pub(crate) fn save(&self, value: &impl Serialize) -> io::Result<()> {
        match &self.0 {
            Some(path) => replace_json(path, value),
            None => Ok(()),
        }
    }
}

/// Makes a folder that its owner alone can read.
pub fn create_private(path: &Path) -> io::Result<()> {
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
