//! What the pool remembers for a while: sessions, codes and refresh tokens, each under a key that nobody guesses.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};

/// Things under random keys, each until its time is up. They are gone when the process ends.
pub(super) struct Expiring<T>(Mutex<HashMap<String, (Timestamp, T)>>);

impl<T> Default for Expiring<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> Expiring<T> {
    /// Keeps it under a new key; `None` if the system has no randomness.
    pub(super) fn put(&self, value: T, lasts: SignedDuration, now: Timestamp) -> Option<String> {
        let mut random = [0; 32];
        getrandom::fill(&mut random).ok()?;
        let key = URL_SAFE_NO_PAD.encode(random);
        let until = now.checked_add(lasts).unwrap_or(Timestamp::MAX);
        self.in_time(now).insert(key.clone(), (until, value));
        Some(key)
    }

    /// What is kept under a key, if it is still in time.
    pub(super) fn get(&self, key: &str, now: Timestamp) -> Option<T> {
        self.in_time(now).get(key).map(|(_, value)| value.clone())
    }

    /// The same, and it is gone from then on.
    pub(super) fn take(&self, key: &str, now: Timestamp) -> Option<T> {
        self.in_time(now).remove(key).map(|(_, value)| value)
    }

    /// Drops whatever is meant.
    pub(super) fn drop_all(&self, is_meant: impl Fn(&T) -> bool) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, (_, value)| !is_meant(value));
    }

    fn in_time(&self, now: Timestamp) -> MutexGuard<'_, HashMap<String, (Timestamp, T)>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, (until, _)| *until > now);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_is_there_until_its_time_is_up_or_it_was_taken() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let lasts = SignedDuration::from_secs(10);
        let kept = Expiring::default();
        let key = kept.put("code", lasts, at(0)).unwrap();
        assert_eq!(kept.get("another key", at(9)), None);
        assert_eq!(kept.get(&key, at(9)), Some("code"));
        assert_eq!(
            (kept.take(&key, at(9)), kept.take(&key, at(9))),
            (Some("code"), None)
        );
        let late = kept.put("code", lasts, at(0)).unwrap();
        assert_eq!(kept.get(&late, at(10)), None);
    }
}
