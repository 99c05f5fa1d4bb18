//! Passwords: how they are kept, what a new one has to be like, and how fast nobody can guess one.
//!
//! As in Cognito, the fifth wrong password locks a user out for a second, and each further one for twice as long, up to
//! 15 minutes. Attempts while locked out count for nothing. The count starts anew with the right password, or 15 minutes
//! after the last wrong one. Names that nobody has are locked out too, or it would show which ones there are.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::cloudformation::PasswordPolicy;

/// The first wrong password that locks a user out.
const LOCKING_FAILURE: u32 = 5;

/// The longest lockout, and how long wrong passwords are remembered.
const LONGEST_LOCKOUT: SignedDuration = SignedDuration::from_mins(15);

/// A password, of which only a salted digest is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Secret {
    salt: String,
    digest: String,
}

impl Secret {
    pub(super) fn new(password: &str) -> Self {
        let salt = crate::random::hex::<16>();
        Self {
            digest: digest(&salt, password),
            salt,
        }
    }

    pub(super) fn is(&self, password: &str) -> bool {
        let digest = digest(&self.salt, password);
        digest.as_bytes().ct_eq(self.digest.as_bytes()).into()
    }
}

fn digest(salt: &str, password: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(format!("{salt} {password}")))
}

/// Whether a policy allows a password. What counts as a symbol is everything that is neither a letter nor a digit.
pub(super) fn is_allowed(policy: &PasswordPolicy, password: &str) -> bool {
    let has =
        |needed: bool, of: fn(&char) -> bool| !needed || password.chars().any(|character| of(&character));
    password.chars().count() >= policy.minimum_length
        && password.trim() == password
        && has(policy.require_lowercase, char::is_ascii_lowercase)
        && has(policy.require_uppercase, char::is_ascii_uppercase)
        && has(policy.require_numbers, char::is_ascii_digit)
        && has(policy.require_symbols, |one| !one.is_ascii_alphanumeric())
}

/// Wrong passwords by the name that they were tried with.
#[derive(Default)]
pub(super) struct Lockouts(HashMap<String, Failures>);

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

impl Lockouts {
    /// Whether a name is locked out at this time.
    pub(super) fn has(&mut self, name: &str, now: Timestamp) -> bool {
        self.0
            .retain(|_, failed| now.duration_since(failed.last) < failed.lockout() + LONGEST_LOCKOUT);
        let failed = self.0.get(name);
        failed.is_some_and(|failed| now.duration_since(failed.last) < failed.lockout())
    }

    /// Counts a wrong password.
    pub(super) fn count(&mut self, name: String, now: Timestamp) {
        let failed = self.0.entry(name).or_insert(Failures { count: 0, last: now });
        failed.count += 1;
        failed.last = now;
    }

    /// Forgets the wrong passwords of a name.
    pub(super) fn forget(&mut self, name: &str) {
        self.0.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_kept_as_a_digest_that_no_other_user_shares() {
        let (one, other) = (Secret::new("right"), Secret::new("right"));
        assert!(one.is("right") && other.is("right") && !one.is("wrong"));
        assert_ne!(one, other);
        assert!(!format!("{one:?}").contains("right"));
    }

    #[test]
    fn a_password_has_what_the_policy_asks_for() {
        let policy = PasswordPolicy {
            minimum_length: 8,
            require_lowercase: true,
            require_uppercase: true,
            require_numbers: true,
            require_symbols: true,
            ..PasswordPolicy::default()
        };
        assert!(is_allowed(&policy, "aB3-efgh"));
        for bad in [
            "aB3-efg",
            "AB3-EFGH",
            "ab3-efgh",
            "aBc-efgh",
            "aB3defgh",
            " aB3-efgh",
        ] {
            assert!(!is_allowed(&policy, bad), "{bad}");
        }
        assert!(is_allowed(&PasswordPolicy::default(), "x"));
    }
}
