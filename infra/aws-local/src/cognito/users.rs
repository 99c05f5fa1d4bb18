//! The users of the pool and their passwords, which nobody can guess at full speed.
//!
//! As in Cognito, the fifth wrong password locks a user out for a second, and each further one for twice as long, up to
//! 15 minutes. Attempts while locked out count for nothing. The count starts anew with the right password, or 15 minutes
//! after the last wrong one. Names that nobody has are locked out too, or it would show which ones there are.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use subtle::ConstantTimeEq;

/// The first wrong password that locks a user out.
const LOCKING_FAILURE: u32 = 5;

/// The longest lockout, and how long wrong passwords are remembered.
const LONGEST_LOCKOUT: SignedDuration = SignedDuration::from_mins(15);

/// A user of the pool.
#[derive(Debug, Clone)]
pub struct User {
    pub sub: String,
    /// What the user signs in with, in any case.
    pub email: String,
    pub password: String,
    pub groups: Vec<String>,
    /// The pool's own attributes, e.g. `custom:company`.
    pub attributes: BTreeMap<String, String>,
}

/// Somebody whom the sign-in page offers to sign in with one click, whoever clicks: only a demonstration has any.
#[derive(Debug, Clone)]
pub struct KnownUser {
    pub email: String,
    pub password: String,
    pub name: String,
    /// Those of one company stand together on the page.
    pub company: String,
    /// What the person can do.
    pub note: Note,
}

/// A text in the languages of the sign-in page.
#[derive(Debug, Clone, Copy)]
pub struct Note {
    pub english: &'static str,
    pub traditional_chinese: &'static str,
}

/// Why a password lets nobody in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PasswordError {
    /// The name or the password is wrong.
    Wrong,
    /// The user is locked out.
    AttemptsExceeded,
}

/// The users, each with its password.
pub struct Users {
    all: Vec<Arc<User>>,
    /// Wrong passwords by the name that they were tried with.
    failures: Mutex<HashMap<String, Failures>>,
}

struct Failures {
    count: u32,
    last: Timestamp,
}

impl Failures {
    fn lockout(&self) -> SignedDuration {
        match self.count.checked_sub(LOCKING_FAILURE) {
            Some(further) => SignedDuration::from_secs(1_i64 << further.min(10)).min(LONGEST_LOCKOUT),
            None => SignedDuration::ZERO,
        }
    }
}

impl Users {
    pub fn new(all: Vec<User>) -> Self {
        Self {
            all: all.into_iter().map(Arc::new).collect(),
            failures: Mutex::default(),
        }
    }

    /// The user with that e-mail address and password. An unknown address takes as long as a wrong password.
    pub(super) fn check(
        &self,
        email: &str,
        password: &str,
        now: Timestamp,
    ) -> Result<Arc<User>, PasswordError> {
        let email = email.trim().to_ascii_lowercase();
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures.retain(|_, failed| now.duration_since(failed.last) < failed.lockout() + LONGEST_LOCKOUT);
        let failed = failures.get(&email);
        if failed.is_some_and(|failed| now.duration_since(failed.last) < failed.lockout()) {
            return Err(PasswordError::AttemptsExceeded);
        }
        let user = self
            .all
            .iter()
            .find(|user| user.email.eq_ignore_ascii_case(&email));
        let right = user.map_or("", |user| &user.password);
        let is_right = bool::from(password.as_bytes().ct_eq(right.as_bytes()));
        if let Some(user) = user.filter(|_| is_right) {
            failures.remove(&email);
            return Ok(user.clone());
        }
        let failed = failures.entry(email).or_insert(Failures { count: 0, last: now });
        failed.count += 1;
        failed.last = now;
        Err(PasswordError::Wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn users() -> Users {
        Users::new(vec![User {
            sub: "1".to_owned(),
            email: "ann@abc.example".to_owned(),
            password: "right".to_owned(),
            groups: Vec::new(),
            attributes: BTreeMap::new(),
        }])
    }

    /// What trying a password at this millisecond comes to.
    fn tried(users: &Users, email: &str, password: &str, at: i64) -> Result<(), PasswordError> {
        let now = Timestamp::from_millisecond(at).unwrap();
        users.check(email, password, now).map(|_| ())
    }

    #[test]
    fn the_fifth_wrong_password_locks_a_user_out_for_a_second_and_each_further_one_for_twice_as_long() {
        for email in ["ann@abc.example", "nobody@abc.example"] {
            let users = users();
            let mut at = 0;
            for _ in 0..5 {
                assert_eq!(
                    tried(&users, email, "wrong", at),
                    Err(PasswordError::Wrong),
                    "{email}"
                );
            }
            for lockout in [1_000, 2_000, 4_000, 8_000] {
                let locked = Err(PasswordError::AttemptsExceeded);
                assert_eq!(tried(&users, email, "right", at + lockout - 1), locked, "{email}");
                at += lockout;
                assert_eq!(
                    tried(&users, email, "wrong", at),
                    Err(PasswordError::Wrong),
                    "{email}"
                );
            }
        }
    }

    #[test]
    fn a_lockout_ends_after_a_quarter_of_an_hour_at_the_latest() {
        let users = users();
        let mut at = 0;
        for _ in 0..20 {
            assert_eq!(
                tried(&users, "ann@abc.example", "wrong", at),
                Err(PasswordError::Wrong)
            );
            at += 15 * 60 * 1_000;
        }
        assert_eq!(tried(&users, "Ann@ABC.example ", "right", at), Ok(()));
    }

    #[test]
    fn the_right_password_and_a_quarter_of_an_hour_without_a_try_begin_anew() {
        let users = users();
        for at in [0, 16 * 60 * 1_000] {
            for _ in 0..4 {
                assert_eq!(
                    tried(&users, "ann@abc.example", "wrong", at),
                    Err(PasswordError::Wrong)
                );
            }
        }
        assert_eq!(tried(&users, "ann@abc.example", "right", 16 * 60 * 1_000), Ok(()));
        for _ in 0..4 {
            assert_eq!(
                tried(&users, "ann@abc.example", "wrong", 0),
                Err(PasswordError::Wrong)
            );
        }
    }
}
