//! Reminders: a day's digest for one person. [`words`] has the wording in each language, [`lists`] what is left to do, and
//! [`calendar`] the attachment.

use countersign_domain::campaign::Campaign;
use countersign_domain::id;
use countersign_domain::language::Language;
use countersign_domain::reminder::{self, Digest};
use countersign_domain::time::{shown, shown_day, shown_to_the_second};
use countersign_domain::wording;

use self::words::{Matter, Side, Words};
use super::compose::{Block, Contents, Fact};
use super::prose::{self, Prose};
use super::{File, Letter, Unwritten, html, text, typed};

mod calendar;
mod en;
mod lists;
mod words;
mod zh;

#[cfg(test)]
mod tests;

/// The name of the attachment.
const FILE_NAME: &str = "deadline.ics";

/// What a letter needs to remind a person.
pub(crate) struct Reminder<'a> {
    /// The digest.
    pub(crate) digest: &'a Digest,
    /// The name to greet them by.
    pub(crate) name: &'a str,
    /// The company's name.
    pub(crate) company: &'a str,
    /// Their language.
    pub(crate) language: Language,
    /// The dates that matter.
    pub(crate) campaign: &'a Campaign,
    /// The portal's origin, without a slash at its end.
    pub(crate) portal_url: &'a str,
    /// The domain that e-mails come from.
    pub(crate) mail_domain: &'a str,
}

impl Reminder<'_> {
    /// The conversation of all reminders in a campaign to one company, which is named by a hash.
    pub(crate) fn conversation(&self) -> String {
        let company = id::Digest::of(self.digest.company.as_str().as_bytes());
        format!("reminders-{}-{company}", self.campaign.opens())
    }
}

/// Writes a reminder.
pub(crate) fn remind(reminder: &Reminder<'_>) -> Result<Letter, Unwritten> {
    let composer = Composer {
        reminder,
        words: words::of(reminder.language),
        shared: super::words::of(reminder.language),
    };
    let contents = composer.contents().ok_or(Unwritten::NothingToDo)?;
    Ok(Letter {
        text: text::write(&contents),
        html: html::write(&contents).map_err(Unwritten::Template)?,
        file: Some(composer.file()),
        subject: contents.subject,
    })
}

struct Composer<'a> {
    reminder: &'a Reminder<'a>,
    words: &'static Words,
    /// The wording of all letters.
    shared: &'static super::words::Words,
}

impl Composer<'_> {
    fn side(&self) -> Side {
        if self.reminder.digest.company.is_exchange() {
            Side::Exchange
        } else {
            Side::Company
        }
    }

    /// The contents of the letter; `None` if there is nothing to remind of.
    fn contents(&self) -> Option<Contents> {
        let (digest, words) = (self.reminder.digest, self.words);
        let heading = match digest.days_left {
            0 => words.heading_today.to_owned(),
            days => self.counted(words.heading.of(days as usize), days as usize),
        };
        Some(Contents {
            language: self.reminder.language,
            words: self.shared,
            subject: self.subject()?,
            preheader: self.fill(words.preheader).plain(),
            heading,
            details: words.details.to_owned(),
            greeting: self.greeting(),
            blocks: self.blocks(),
            why: self.fill(if digest.is_for_everyone {
                words.why_everyone
            } else {
                (words.side)(self.side()).why
            }),
            replies: self.shared.replies,
        })
    }

    /// The days left, and the number of items that are farthest from done.
    fn subject(&self) -> Option<String> {
        let (digest, words) = (self.reminder.digest, self.words);
        let first = self.totals().into_iter().find(|(_, total)| *total > 0);
        let count = match (first, digest.shortage) {
            (Some((matter, total)), _) => {
                self.counted((words.list)(matter, self.side()).count.of(total), total)
            }
            (None, Some(_)) => words.too_few.to_owned(),
            (None, None) => return None,
        };
        let days = match digest.days_left {
            0 => words.last_day.to_owned(),
            days => self.counted(words.days.of(days as usize), days as usize),
        };
        Some(format!("{days}{}{count}", self.shared.colon))
    }

    fn totals(&self) -> [(Matter, usize); 4] {
        let digest = self.reminder.digest;
        [
            (Matter::NotRegistered, digest.not_registered.total),
            (Matter::Drafts, digest.drafts.total),
            (Matter::Waiting, digest.waiting.total),
            (Matter::Claimed, digest.claimed.total),
        ]
    }

    fn greeting(&self) -> Prose {
        if typed::name(self.reminder.name).is_empty() {
            self.fill(self.shared.hello)
        } else {
            self.fill(self.shared.dear)
        }
    }

    fn blocks(&self) -> Vec<Block> {
        let (digest, words) = (self.reminder.digest, self.words);
        let opening = if digest.is_for_everyone {
            words.opening_everyone
        } else if digest.lists_nothing() {
            words.opening_too_few
        } else {
            words.opening
        };
        let mut blocks = vec![Block::Paragraph(self.fill(opening))];
        if let Some(shortage) = &digest.shortage {
            let language = self.reminder.language;
            blocks.push(Block::Notice(Prose::ours(wording::shortage(shortage, language))));
        }
        blocks.push(Block::Paragraph(self.fill(self.consequence())));
        if !digest.may_act {
            blocks.push(Block::Notice(self.fill(words.ask)));
        }
        blocks.push(self.dates());
        blocks.extend(self.lists());
        blocks.extend(self.link());
        blocks.push(Block::Paragraph(self.fill(words.attached)));
        blocks
    }

    fn consequence(&self) -> &'static str {
        let words = (self.words.side)(self.side());
        match self.reminder.campaign.parallel_run() {
            Some(_) => words.consequence_on,
            None => words.consequence,
        }
    }

    fn dates(&self) -> Block {
        let (digest, words) = (self.reminder.digest, self.words);
        let fact = |label, value| Fact { label, value };
        let is_last = digest.days_left == 0;
        let days = if is_last {
            words.today.to_owned()
        } else {
            digest.days_left.to_string()
        };
        let mut facts = vec![
            fact(words.company, Prose::name(self.reminder.company)),
            fact(words.deadline, self.fill("{deadline}")),
            fact(words.days_left, Prose::ours(days)),
        ];
        if !is_last {
            let working = digest.working_days_left.to_string();
            facts.push(fact(words.working_days_left, Prose::ours(working)));
        }
        if self.reminder.campaign.parallel_run().is_some() {
            facts.push(fact(words.parallel_run, self.fill("{parallel_run}")));
        }
        facts.push(fact(words.as_of, self.fill("{as_of}")));
        Block::Facts {
            title: words.dates,
            groups: vec![facts],
        }
    }

    /// Where to start, for those who have the right. Others would be refused there.
    fn link(&self) -> Option<Block> {
        let (digest, words) = (self.reminder.digest, self.words);
        let (label, path) = if digest.not_registered.is_empty() {
            (words.open_tasks, "/portal/tasks")
        } else {
            (words.new_request, "/portal/requests/new")
        };
        digest.may_act.then(|| Block::Link {
            label,
            url: format!("{}{path}", self.reminder.portal_url),
        })
    }

    fn file(&self) -> File {
        let summary = (self.words.side)(self.side()).summary;
        let parts = [self.fill(self.words.description), self.fill(self.consequence())];
        let description = parts.map(|prose| prose.plain()).join("\n");
        let entry = calendar::Entry {
            campaign: self.reminder.campaign,
            domain: self.reminder.mail_domain,
            day: self.reminder.digest.day,
            as_of: self.reminder.digest.as_of,
            summary,
            description: &description,
            // Everyone can open the home page.
            url: &format!("{}/", self.reminder.portal_url),
        };
        File {
            name: FILE_NAME,
            content_type: "text/calendar; charset=utf-8",
            content: entry.file(),
        }
    }

    /// Fills in a number.
    fn counted(&self, words: &'static str, n: usize) -> String {
        self.fill_with(words, &[("n", Prose::ours(n.to_string()))])
            .plain()
    }

    fn fill(&self, words: &'static str) -> Prose {
        self.fill_with(words, &[])
    }

    /// Fills the slots of some words, including those that exist in one place only.
    fn fill_with(&self, words: &'static str, own: &[(&str, Prose)]) -> Prose {
        let Reminder { digest, campaign, .. } = self.reminder;
        prose::fill(words, |slot| {
            if let Some((_, prose)) = own.iter().find(|(name, _)| *name == slot) {
                return prose.clone();
            }
            match slot {
                "name" => Prose::name(self.reminder.name),
                "company" => Prose::name(self.reminder.company),
                "deadline" => Prose::together(shown_to_the_second(campaign.last_second())),
                "as_of" => Prose::together(shown(digest.as_of)),
                "parallel_run" => Prose::together(campaign.parallel_run().map(shown_day).unwrap_or_default()),
                "right" => Prose::code(reminder::needed_right(&digest.company).as_str()),
                "file" => Prose::code(FILE_NAME),
                // A test ensures that our words have no other slots.
                unknown => Prose::ours(format!("{{{unknown}}}")),
            }
        })
    }
}
