//! Letters: a piece of news for one recipient, as text and HTML.
//!
//! [`kind`] selects the letter, [`words`] has the wording in each language, [`compose`] puts the contents in order,
//! [`enclosed`] shows the request, and [`reply`] explains deciding by reply. [`text`] and [`html`] write the same contents.
//! [`reminder`] composes the letter that reminds a person, and [`daily`] the one with a day's news, from the same parts.

use self::compose::Contents;
use self::kind::Kind;
use crate::news::{News, Recipient};

pub(crate) use self::daily::{Daily, daily};
pub(crate) use self::reminder::{Reminder, remind};

mod compose;
mod daily;
mod en;
mod enclosed;
mod html;
mod kind;
mod prose;
mod reminder;
mod reply;
mod text;
mod typed;
mod words;
mod zh;

#[cfg(test)]
mod tests;

/// A letter that is ready to send. Its subject contains nothing that a person typed.
#[derive(Debug)]
pub(crate) struct Letter {
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
    /// Its attachment, if any.
    pub(crate) file: Option<File>,
}

/// An attachment.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) name: &'static str,
    pub(crate) content_type: &'static str,
    pub(crate) content: String,
}

/// Why there is no letter. A retry does not help.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unwritten {
    #[error("the workflow does not tell this audience of this step")]
    NotToBeTold,
    /// It was never submitted.
    #[error("the request has no reference")]
    NoReference,
    #[error("there is nothing to remind of")]
    NothingToDo,
    #[error("the template failed: {0}")]
    Template(#[from] askama::Error),
}

/// Writes the letter that announces news to a recipient.
pub(crate) fn write(news: &News<'_>, to: &Recipient) -> Result<Letter, Unwritten> {
    let kind = Kind::of(news.what, news.step, to.audience).ok_or(Unwritten::NotToBeTold)?;
    let reference = news.step.reference.as_ref().or(news.head.reference.as_ref());
    let contents = Contents::of(kind, reference.ok_or(Unwritten::NoReference)?, news, to);
    Ok(Letter {
        text: text::write(&contents),
        html: html::write(&contents).map_err(Unwritten::Template)?,
        file: None,
        subject: contents.subject,
    })
}
