//! The users of the pool.
//!
//! They are kept in the data folder as a journal, one JSON object a line: a user as it is from then on, or that one was
//! deleted. At the start the journal is written anew with the users that there are.

use std::collections::{BTreeMap, HashMap};
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::password::{Lockouts, Secret};
use crate::{Error, files};

#[cfg(test)]
mod tests;

/// The attribute that users sign in with.
pub(super) const EMAIL: &str = "email";

/// A user that the pool has from the start.
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

/// A user of the pool as it is now.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Account {
    /// Its ID, which is its user name as well.
    pub(super) sub: String,
    pub(super) attributes: BTreeMap<String, String>,
    pub(super) groups: Vec<String>,
    pub(super) is_enabled: bool,
    /// Whether an authenticator app is set up. It is noted and never asked for.
    pub(super) has_software_token: bool,
    pub(super) created: Timestamp,
    pub(super) modified: Timestamp,
    pub(super) secret: Secret,
    /// Until when the password lets its user choose one of their own; `None` if it is their own.
    pub(super) temporary_until: Option<Timestamp>,
}

impl Account {
    pub(super) fn new(
        sub: String,
        attributes: BTreeMap<String, String>,
        secret: Secret,
        now: Timestamp,
    ) -> Self {
        Self {
            sub,
            attributes,
            groups: Vec::new(),
            is_enabled: true,
            has_software_token: false,
            created: now,
            modified: now,
            secret,
            temporary_until: None,
        }
    }

    pub(super) fn email(&self) -> &str {
        self.attributes.get(EMAIL).map_or("", String::as_str)
    }

    /// As Cognito names it.
    pub(super) fn status(&self) -> &'static str {
        match self.temporary_until {
            Some(_) => "FORCE_CHANGE_PASSWORD",
            None => "CONFIRMED",
        }
    }

    pub(super) fn set_password(&mut self, password: &str, temporary_until: Option<Timestamp>) {
        self.secret = Secret::new(password);
        self.temporary_until = temporary_until;
    }
}

/// Why a password lets nobody in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PasswordError {
    /// The name or the password is wrong, or the user is disabled, which nobody is told.
    Wrong,
    /// The user is locked out.
    AttemptsExceeded,
    /// The temporary password is too old.
    Expired,
}

/// Why a user can't be changed.
#[derive(Debug)]
pub(super) enum UserError {
    NotFound,
    /// Another user has the e-mail address.
    EmailTaken,
    /// The journal can't be written.
    Journal(io::Error),
}

/// A line of the journal.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Line {
    User(Box<Account>),
    Deleted(String),
}

/// The users, each with its password.
pub struct Users(Mutex<State>);

#[derive(Default)]
struct State {
    by_sub: BTreeMap<String, Account>,
    /// The users' IDs by their e-mail addresses in small letters.
    by_email: HashMap<String, String>,
    lockouts: Lockouts,
    journal: Option<File>,
}

impl Users {
    /// What was kept in the file, and those of `first` whom it has not.
    pub fn open(first: Vec<User>, file: Option<&PathBuf>, now: Timestamp) -> Result<Self, Error> {
        let mut state = State::default();
        if let Some(path) = file {
            state.replay(path)?;
        }
        for user in first {
            if state.by_sub.contains_key(&user.sub) || state.find(&user.email).is_some() {
                continue;
            }
            let mut attributes = user.attributes;
            attributes.insert(EMAIL.to_owned(), user.email);
            attributes.insert("email_verified".to_owned(), "true".to_owned());
            let secret = Secret::new(&user.password);
            let account = Account {
                groups: user.groups,
                ..Account::new(user.sub, attributes, secret, now)
            };
            state.take(account);
        }
        if let Some(path) = file {
            let refusal = |error: io::Error| Error::File(path.clone(), error.to_string());
            state.compact(path).map_err(refusal)?;
            let journal = OpenOptions::new().append(true).open(path).map_err(refusal)?;
            state.journal = Some(journal);
        }
        Ok(Self(Mutex::new(state)))
    }

    /// The user with that e-mail address and password. An unknown address takes as long as a wrong password.
    pub(super) fn check(
        &self,
        email: &str,
        password: &str,
        now: Timestamp,
    ) -> Result<Account, PasswordError> {
        let email = folded(email);
        let mut state = self.lock();
        if state.lockouts.has(&email, now) {
            return Err(PasswordError::AttemptsExceeded);
        }
        let account = state.find(&email).cloned();
        let secret = account.as_ref().map(|account| account.secret.clone());
        let is_right = secret.unwrap_or_else(|| Secret::new("")).is(password);
        let account = account.filter(|account| is_right && account.is_enabled);
        let Some(account) = account else {
            state.lockouts.count(email, now);
            return Err(PasswordError::Wrong);
        };
        state.lockouts.forget(&email);
        match account.temporary_until {
            Some(until) if until <= now => Err(PasswordError::Expired),
            _ => Ok(account),
        }
    }

    /// The user of that ID or e-mail address.
    pub(super) fn get(&self, name: &str) -> Option<Account> {
        self.lock().find(name).cloned()
    }

    /// Every user, by ID.
    pub(super) fn all(&self) -> Vec<Account> {
        self.lock().by_sub.values().cloned().collect()
    }

    /// Adds a user.
    pub(super) fn add(&self, account: Account) -> Result<(), UserError> {
        let mut state = self.lock();
        if state.find(account.email()).is_some() {
            return Err(UserError::EmailTaken);
        }
        state.keep(account)
    }

    /// Changes a user. Answers with what it is then.
    pub(super) fn change(
        &self,
        name: &str,
        now: Timestamp,
        change: impl FnOnce(&mut Account),
    ) -> Result<Account, UserError> {
        let mut state = self.lock();
        let before = state.find(name).cloned().ok_or(UserError::NotFound)?;
        let mut after = before.clone();
        change(&mut after);
        after.modified = now;
        let holder = state.find(after.email());
        if holder.is_some_and(|holder| holder.sub != after.sub) {
            return Err(UserError::EmailTaken);
        }
        state.by_email.remove(&folded(before.email()));
        state.keep(after.clone())?;
        Ok(after)
    }

    /// Deletes a user.
    pub(super) fn delete(&self, name: &str) -> Result<Account, UserError> {
        let mut state = self.lock();
        let account = state.find(name).cloned().ok_or(UserError::NotFound)?;
        state.write(&Line::Deleted(account.sub.clone()))?;
        state.forget(&account.sub);
        Ok(account)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn find(&self, name: &str) -> Option<&Account> {
        let by_email = || self.by_sub.get(self.by_email.get(&folded(name))?);
        self.by_sub.get(name).or_else(by_email)
    }

    fn take(&mut self, account: Account) {
        self.by_email.insert(folded(account.email()), account.sub.clone());
        self.by_sub.insert(account.sub.clone(), account);
    }

    fn forget(&mut self, sub: &str) {
        if let Some(account) = self.by_sub.remove(sub) {
            self.by_email.remove(&folded(account.email()));
        }
    }

    fn keep(&mut self, account: Account) -> Result<(), UserError> {
        self.write(&Line::User(Box::new(account.clone())))?;
        self.take(account);
        Ok(())
    }

    fn write(&mut self, line: &Line) -> Result<(), UserError> {
        let Some(journal) = &mut self.journal else {
            return Ok(());
        };
        let written = text(line).and_then(|text| journal.write_all(text.as_bytes()));
        written.map_err(UserError::Journal)
    }

    /// Reads the journal. A last line that a kill cut short is dropped: nobody was told that it was written.
    fn replay(&mut self, path: &Path) -> Result<(), Error> {
        let content = files::read(path)?.unwrap_or_default();
        let whole = content
            .iter()
            .rposition(|octet| *octet == b'\n')
            .map_or(0, |end| end + 1);
        for line in content[..whole]
            .split(|octet| *octet == b'\n')
            .filter(|line| !line.is_empty())
        {
            let line = serde_json::from_slice(line)
                .map_err(|error| Error::Damaged(path.to_owned(), error.to_string()))?;
            match line {
                Line::User(account) => {
                    self.forget(&account.sub);
                    self.take(*account);
                }
                Line::Deleted(sub) => self.forget(&sub),
            }
        }
        Ok(())
    }

    fn compact(&self, path: &Path) -> io::Result<()> {
        let lines = self
            .by_sub
            .values()
            .cloned()
            .map(|account| Line::User(Box::new(account)));
        let lines: io::Result<String> = lines.map(|line| text(&line)).collect();
        files::replace(path, lines?.as_bytes())
    }
}

fn text(line: &Line) -> io::Result<String> {
    Ok(serde_json::to_string(line)? + "\n")
}

/// An e-mail address as it is compared.
fn folded(email: &str) -> String {
    email.trim().to_ascii_lowercase()
}

/// Until when a temporary password of now lets its user choose one of their own.
pub(super) fn temporary_until(now: Timestamp, days: u32) -> Timestamp {
    let lasts = SignedDuration::from_hours(24 * i64::from(days));
    now.checked_add(lasts).unwrap_or(Timestamp::MAX)
}
