//! Letters: what one recipient reads of a piece of news, as text and as HTML.
//!
//! [`kind`] says which letter it is, [`words`] what it says in which language, [`compose`] what stands in it and in
//! which order, [`enclosed`] the parts that show the request, [`reply`] those on deciding by reply; [`text`] and [`html`]
//! show the same contents. [`reminder`] composes the letter of a day's digest from the same parts.

use self::compose::Contents;
use self::kind::Kind;
use crate::news::{News, Recipient};

pub(crate) use self::reminder::{Reminder, remind};

mod compose;
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

/// A letter, ready to be sent. Its subject holds nothing that a person typed.
#[derive(Debug)]
pub(crate) struct Letter {
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
    /// What lies beside it, if anything does.
    pub(crate) file: Option<File>,
}

/// A file beside a letter.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) name: &'static str,
    pub(crate) content_type: &'static str,
    pub(crate) content: String,
}

/// Why there is no letter. None of these can pass with time.
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

/// Writes what a recipient is told of news.
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
