//! The mails that SES took, and whose events are still to be published.
//!
//! They are kept in the data folder as a journal, one JSON object a line: a mail, or that everything has been told of
//! one. A line that a kill cut short is dropped; the function was never told that its mail was taken, so it sends it
//! again. At the start the journal is written anew with what is worth keeping.

use std::collections::{BTreeSet, VecDeque};
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::outcome::{DeliveryOutcome, listed};
use super::send_email::{Header, Outgoing};
use super::{bare_address, raw};
use crate::Error;
use crate::REGION;
use crate::files::{self, KeptFile};

/// How many mails are kept.
const LIMIT: usize = 10_000;

/// A mail that SES took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Mail {
    /// The message ID that SES answered.
    pub id: String,
    /// When SES took it.
    pub sent_at: Timestamp,
    /// The mail.
    #[serde(flatten)]
    pub message: Outgoing,
    /// What became of it at each recipient, in the order of [`Outgoing::to`].
    #[serde(alias = "fates")]
    pub outcomes: Vec<DeliveryOutcome>,
}

impl Mail {
    /// Every recipient with what became of the mail there.
    pub fn recipients(&self) -> impl Iterator<Item = (&str, DeliveryOutcome)> {
        let recipients = self.message.to.iter().map(String::as_str);
        recipients.zip(self.outcomes.iter().copied())
    }

    /// Whether SES sent it to anybody.
    pub fn was_sent(&self) -> bool {
        self.outcomes.iter().any(|outcome| outcome.was_sent())
    }

    /// Whether SES sent it to that address.
    pub fn was_sent_to(&self, address: &str) -> bool {
        self.recipients()
            .any(|(to, outcome)| outcome.was_sent() && bare_address(to).eq_ignore_ascii_case(address))
    }

    /// The headers that it arrives with, those of its parts apart.
    pub fn all_headers(&self) -> Vec<Header> {
        let message = &self.message;
        let mut headers = vec![
            ("Date", date(self.sent_at)),
            ("From", message.from.clone()),
            ("To", message.to.join(", ")),
        ];
        if !message.reply_to.is_empty() {
            headers.push(("Reply-To", message.reply_to.join(", ")));
        }
        headers.push(("Subject", message.subject.clone()));
        headers.push(("Message-ID", format!("<{}>", self.message_id())));
        let header = |(name, value): (&str, String)| Header {
            name: name.to_owned(),
            value,
        };
        let own = message.headers.iter().cloned();
        headers.into_iter().map(header).chain(own).collect()
    }

    /// The mail as the recipient's server gets it (RFC 5322).
    pub fn raw(&self) -> io::Result<String> {
        raw::rendered(self)
    }

    /// What the header Message-ID says, without its brackets.
    pub(crate) fn message_id(&self) -> String {
        format!("{}@{REGION}.amazonses.com", self.id)
    }
}

/// A time as mails show it (RFC 5322).
pub(crate) fn date(at: Timestamp) -> String {
    mail_builder::headers::date::Date::new(at.as_second()).to_rfc822()
}

/// A line of the journal.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Line {
    /// The journal's first line, by its version, so that no journal is empty.
    Journal(u8),
    Mail(Box<Mail>),
    Told(String),
}

/// All mails, and the addresses that no mail is sent to.
pub(crate) struct Mailbox {
    state: Mutex<State>,
    suppressed_reasons: Vec<String>,
    suppressed_file: KeptFile,
}

#[derive(Default)]
struct State {
    /// Oldest first.
    mails: VecDeque<Mail>,
    /// The IDs of mails whose events are still to be published.
    untold: BTreeSet<String>,
    suppressed: BTreeSet<String>,
    journal: Option<File>,
}

impl Mailbox {
    /// What was kept, or nothing. `reasons` is why an address is put on the suppression list.
    pub(crate) fn open(reasons: Vec<String>, files: Option<(PathBuf, PathBuf)>) -> Result<Self, Error> {
        let (mails, suppressed) = files.unzip();
        let suppressed_file = KeptFile(suppressed);
        let mut state = State {
            suppressed: suppressed_file.load()?,
            ..State::default()
        };
        if let Some(mails) = &mails {
            state.replay(mails)?;
            let refusal = |error: io::Error| Error::File(mails.clone(), error.to_string());
            state.compact(mails).map_err(refusal)?;
            let file = OpenOptions::new().append(true).open(mails).map_err(refusal)?;
            state.journal = Some(file);
        }
        Ok(Self {
            state: Mutex::new(state),
            suppressed_reasons: reasons,
            suppressed_file,
        })
    }

    /// Takes a mail: decides what becomes of it and keeps it. An error is SES's own failure.
    pub(crate) fn take(&self, id: String, message: Outgoing, now: Timestamp) -> io::Result<Mail> {
        let mut state = self.lock();
        let outcome = |address: &String| DeliveryOutcome::of(address, &state.suppressed);
        let mail = Mail {
            id,
            sent_at: now,
            outcomes: message.to.iter().map(outcome).collect(),
            message,
        };
        state.write(&Line::Mail(Box::new(mail.clone())))?;
        state.add(mail.clone());
        self.suppress(&mut state, &mail);
        Ok(mail)
    }

    /// A mail's events have been published.
    pub(crate) fn told(&self, id: &str) {
        let mut state = self.lock();
        if state.untold.remove(id)
            && let Err(error) = state.write(&Line::Told(id.to_owned()))
        {
            tracing::warn!(%error, "what has been told of a mail could not be kept");
        }
    }

    /// The mails whose events are still to be published.
    pub(crate) fn untold(&self) -> Vec<Mail> {
        let state = self.lock();
        let untold = state.mails.iter().filter(|mail| state.untold.contains(&mail.id));
        untold.cloned().collect()
    }

    /// The mails that SES sent, newest first.
    pub(crate) fn sent(&self) -> Vec<Mail> {
        let state = self.lock();
        let sent = state.mails.iter().rev().filter(|mail| mail.was_sent());
        sent.cloned().collect()
    }

    /// A mail that SES sent.
    pub(crate) fn find(&self, id: &str) -> Option<Mail> {
        let state = self.lock();
        let mut sent = state.mails.iter().filter(|mail| mail.was_sent());
        sent.find(|mail| mail.id == id).cloned()
    }

    /// Puts the addresses on the suppression list that have to be there now.
    fn suppress(&self, state: &mut State, mail: &Mail) {
        let before = state.suppressed.len();
        for (address, outcome) in mail.recipients() {
            let reason = outcome.suppresses();
            if reason.is_some_and(|reason| self.suppressed_reasons.iter().any(|one| one == reason)) {
                state.suppressed.insert(listed(address));
            }
        }
        if state.suppressed.len() > before
            && let Err(error) = self.suppressed_file.save(&state.suppressed)
        {
            tracing::warn!(%error, "the suppression list could not be kept");
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn add(&mut self, mail: Mail) {
        self.untold.insert(mail.id.clone());
        self.mails.push_back(mail);
        while self.mails.len() > LIMIT {
            if let Some(oldest) = self.mails.pop_front() {
                self.untold.remove(&oldest.id);
            }
        }
    }

    fn write(&mut self, line: &Line) -> io::Result<()> {
        let Some(journal) = &mut self.journal else {
            return Ok(());
        };
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        journal.write_all(&text)
    }

    fn replay(&mut self, path: &Path) -> Result<(), Error> {
        let Some(content) = files::read(path)? else {
            return Ok(());
        };
        if content.is_empty() {
            return Err(Error::Damaged(path.to_owned(), "it is empty".to_owned()));
        }
        let mut lines = content.split_inclusive(|&byte| byte == b'\n').peekable();
        while let Some(line) = lines.next() {
            match serde_json::from_slice(line) {
                Ok(Line::Journal(_)) => {}
                Ok(Line::Mail(mail)) => self.add(*mail),
                Ok(Line::Told(id)) => {
                    self.untold.remove(&id);
                }
                Err(_) if lines.peek().is_none() && !line.ends_with(b"\n") => {}
                Err(error) => {
                    return Err(Error::Damaged(path.to_owned(), error.to_string()));
                }
            }
        }
        Ok(())
    }

    fn compact(&self, path: &Path) -> io::Result<()> {
        let mut content = serde_json::to_vec(&Line::Journal(1))?;
        content.push(b'\n');
        for mail in &self.mails {
            serde_json::to_writer(&mut content, &Line::Mail(Box::new(mail.clone())))?;
            content.push(b'\n');
            if !self.untold.contains(&mail.id) {
                serde_json::to_writer(&mut content, &Line::Told(mail.id.clone()))?;
                content.push(b'\n');
            }
        }
        files::replace(path, &content)
    }
}
