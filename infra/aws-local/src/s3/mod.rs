//! Stands in for S3: what SES stores, and functions fetch on its real wire.

mod endpoint;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use crate::Clock;
use jiff::{SignedDuration, Timestamp};

use crate::Error;
use crate::cloudformation::Bucket;
use crate::files;

pub use endpoint::router;

/// The longest key. S3 takes 1,024 octets; what SES gives has 40.
const KEY: usize = 100;

/// The buckets of the template with their objects, in the data folder or in memory.
pub struct Storage {
    buckets: Vec<Bucket>,
    place: Place,
    clock: Clock,
}

/// Where the objects are.
enum Place {
    /// A folder for each bucket and a file for each object, whose date is the object's by the runner's clock.
    Folder(PathBuf),
    Memory(Mutex<BTreeMap<(String, String), Object>>),
}

/// An object.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Object {
    content: Vec<u8>,
    stored_at: Timestamp,
}

impl Storage {
    /// The template's buckets with what they held when the runner stopped.
    pub fn open(buckets: &[Bucket], folder: Option<PathBuf>, clock: Clock) -> Result<Self, Error> {
        let place = match folder {
            Some(folder) => {
                for bucket in buckets {
                    let path = folder.join(&bucket.name);
                    let refusal = |error: io::Error| Error::File(path.clone(), error.to_string());
                    files::create_private(&path).map_err(refusal)?;
                }
                Place::Folder(folder)
            }
            None => Place::Memory(Mutex::default()),
        };
        let storage = Self {
            buckets: buckets.to_vec(),
            place,
            clock,
        };
        storage.drop_expired();
        Ok(storage)
    }

    /// Stores an object under a key that names no path.
    pub(crate) fn put(&self, bucket: &str, key: &str, content: &[u8]) -> io::Result<()> {
        if self.bucket(bucket).is_none() || !is_key(key) {
            return Err(io::Error::from(io::ErrorKind::InvalidInput));
        }
        self.drop_expired();
        let stored_at = self.clock.now();
        match &self.place {
            Place::Folder(folder) => {
                let path = folder.join(bucket).join(key);
                let date = SystemTime::try_from(stored_at).map_err(io::Error::other)?;
                files::replace_dated(&path, content, Some(date))
            }
            Place::Memory(objects) => {
                let object = Object {
                    content: content.to_vec(),
                    stored_at,
                };
                lock(objects).insert((bucket.to_owned(), key.to_owned()), object);
                Ok(())
            }
        }
    }

    /// An object that is there and has not expired.
    fn get(&self, bucket: &Bucket, key: &str) -> io::Result<Option<Object>> {
        if !is_key(key) {
            return Ok(None);
        }
        let found = match &self.place {
            Place::Folder(folder) => read(&folder.join(&bucket.name).join(key))?,
            Place::Memory(objects) => {
                let name = (bucket.name.clone(), key.to_owned());
                lock(objects).get(&name).cloned()
            }
        };
        let now = self.clock.now();
        Ok(found.filter(|object| !has_expired(bucket, object.stored_at, now)))
    }

    fn bucket(&self, name: &str) -> Option<&Bucket> {
        self.buckets.iter().find(|bucket| bucket.name == name)
    }

    /// Drops what has been there for longer than its bucket's lifecycle says.
    fn drop_expired(&self) {
        let now = self.clock.now();
        match &self.place {
            Place::Folder(folder) => {
                for bucket in &self.buckets {
                    if let Err(error) = drop_expired_files(&folder.join(&bucket.name), bucket, now) {
                        tracing::warn!(%error, "objects that have expired could not be dropped");
                    }
                }
            }
            Place::Memory(objects) => lock(objects).retain(|(name, _), object| {
                let bucket = self.bucket(name);
                bucket.is_some_and(|bucket| !has_expired(bucket, object.stored_at, now))
            }),
        }
    }
}

fn drop_expired_files(path: &Path, bucket: &Bucket, now: Timestamp) -> io::Result<()> {
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let stored_at = Timestamp::try_from(entry.metadata()?.modified()?).map_err(io::Error::other)?;
        if has_expired(bucket, stored_at, now) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn read(path: &Path) -> io::Result<Option<Object>> {
    let modified = match fs::metadata(path) {
        Ok(metadata) => metadata.modified()?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    Ok(Some(Object {
        content: fs::read(path)?,
        stored_at: Timestamp::try_from(modified).map_err(io::Error::other)?,
    }))
}

fn has_expired(bucket: &Bucket, stored_at: Timestamp, now: Timestamp) -> bool {
    let age = now.duration_since(stored_at);
    bucket
        .days
        .is_some_and(|days| age >= SignedDuration::from_hours(24 * i64::from(days)))
}

/// Whether a key can be one of those that SES gives. No other is ever stored, and none of these leads out of a folder.
fn is_key(key: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    (1..=KEY).contains(&key.len()) && key.bytes().all(is_plain)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
