//! The letter with a day's news, for those who want what asks for nothing once a day.

use countersign_domain::daily::{DailyDigest, PieceOfNews};
use countersign_domain::id;
use countersign_domain::language::Language;
use countersign_domain::time::{shown, shown_day};

use super::compose::{Block, Contents, Item};
use super::kind::Kind;
use super::prose::{self, Prose};
use super::{Letter, Unwritten, html, text, typed};
use crate::news::What;

mod en;
mod zh;

#[cfg(test)]
mod tests;

/// What a letter needs to tell a person the news of a day.
pub(crate) struct Daily<'a> {
    /// The digest.
    pub(crate) digest: &'a DailyDigest,
    /// The name to greet them by.
    pub(crate) name: &'a str,
    /// Their language.
    pub(crate) language: Language,
    /// The portal's origin, without a slash at its end.
    pub(crate) portal_url: &'a str,
}

/// The wording of the letter. Names in braces are slots; none in the subject holds typed text.
struct Words {
    subject_one: &'static str,
    subject: &'static str,
    preheader: &'static str,
    heading: &'static str,
    details: &'static str,
    opening: &'static str,
    list: &'static str,
    by: &'static str,
    why: &'static str,
}

impl Daily<'_> {
    /// The conversation of all such letters to one company's people, which is named by a hash.
    pub(crate) fn conversation(&self) -> String {
        let company = id::Digest::of(self.digest.company.as_str().as_bytes());
        format!("daily-{company}")
    }

    fn words(&self) -> &'static Words {
        match self.language {
            Language::English => &en::WORDS,
            Language::TraditionalChinese => &zh::WORDS,
        }
    }

    /// Fills in words of a letter that lists so many steps.
    fn fill(&self, words: &'static str, listed: usize) -> Prose {
        prose::fill(words, |slot| match slot {
            "name" => Prose::name(self.name),
            "day" => Prose::together(shown_day(self.digest.day)),
            "n" => Prose::ours(listed.to_string()),
            // A test ensures that our words have no other slots.
            unknown => Prose::ours(format!("{{{unknown}}}")),
        })
    }
}

/// Writes the letter.
pub(crate) fn daily(news: &Daily<'_>) -> Result<Letter, Unwritten> {
    let (words, shared) = (news.words(), super::words::of(news.language));
    let items: Vec<Item> = news
        .digest
        .news
        .iter()
        .filter_map(|piece| item(news, piece))
        .collect();
    if items.is_empty() {
        return Err(Unwritten::NothingToDo);
    }
    let listed = items.len();
    let fill = |words| news.fill(words, listed);
    let subject = if listed == 1 {
        words.subject_one
    } else {
        words.subject
    };
    let greeting = if typed::name(news.name).is_empty() {
        shared.hello
    } else {
        shared.dear
    };
    let contents = Contents {
        language: news.language,
        words: shared,
        subject: fill(subject).plain(),
        preheader: words.preheader.to_owned(),
        heading: fill(words.heading).plain(),
        details: words.details.to_owned(),
        greeting: fill(greeting),
        blocks: vec![
            Block::Paragraph(fill(words.opening)),
            Block::List {
                title: words.list,
                items,
                more: None,
            },
        ],
        why: fill(words.why),
        replies: shared.replies,
    };
    Ok(Letter {
        text: text::write(&contents),
        html: html::write(&contents).map_err(Unwritten::Template)?,
        file: None,
        subject: contents.subject,
    })
}

/// A step in the words of the letter that would have announced it by itself.
fn item(news: &Daily<'_>, piece: &PieceOfNews) -> Option<Item> {
    let step = &piece.step;
    let kind = Kind::of(What::Step, step, piece.audience)?;
    let wording = (super::words::of(news.language).wording)(kind);
    let function = step.eservice.definition().function.text(news.language);
    let says = prose::fill(news.words().by, |slot| match slot {
        "what" => Prose::ours(wording.subject),
        "actor" => Prose::name(&step.actor.name),
        "at" => Prose::together(shown(step.at)),
        unknown => Prose::ours(format!("{{{unknown}}}")),
    });
    Some(Item {
        name: Prose::together(step.reference.as_ref()?.to_string()).and(format!(" - {function}")),
        url: Some(format!("{}/portal/requests/{}", news.portal_url, step.request)),
        says,
    })
}
