//! Sentences that mix our words with text that people typed. The two stay apart until they are written out.

use countersign_domain::contact::{EmailAddress, folded};
use countersign_domain::eservice::MAX_TEXT_CHARS;
use countersign_domain::id::Reference;
use countersign_domain::request::{Checks, StateName};
use countersign_domain::time::{shown, shown_day};

use super::typed;
use super::words::Words;
use crate::news::{News, Recipient, What};

/// A stretch of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) sort: Sort,
}

/// Who wrote a stretch, and how to show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// Ours.
    Words,
    /// Ours, without line breaks: a time, a day or a reference.
    Together,
    /// Ours, to be read or written character by character.
    Code,
    /// A person's.
    Typed,
}

/// A sentence or more.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Prose(Vec<Piece>);

impl Prose {
    /// Our own words.
    pub(super) fn ours(text: impl Into<String>) -> Self {
        Self::default().and(text)
    }

    /// Our words, to be read or written character by character.
    pub(super) fn code(text: impl Into<String>) -> Self {
        Self(vec![Piece::ours(text, Sort::Code)])
    }

    /// Our words, without line breaks.
    pub(super) fn together(text: impl Into<String>) -> Self {
        Self(vec![Piece::ours(text, Sort::Together)])
    }

    /// Several, with our words between them.
    pub(super) fn joined(all: impl IntoIterator<Item = Self>, between: &str) -> Self {
        let mut joined = Self::default();
        for prose in all {
            let lead = if joined.0.is_empty() { "" } else { between };
            joined = joined.and(lead).then(prose);
        }
        joined
    }

    /// A person's or a company's name, or the like.
    pub(super) fn name(typed: &str) -> Self {
        Self(vec![Piece::name(typed)])
    }

    /// An e-mail address.
    pub(super) fn address(typed: &str) -> Self {
        Self(vec![Piece::address(typed)])
    }

    /// Appends our words.
    pub(super) fn and(mut self, text: impl Into<String>) -> Self {
        let text = text.into();
        if !text.is_empty() {
            self.0.push(Piece {
                text,
                sort: Sort::Words,
            });
        }
        self
    }

    /// Appends another sentence.
    pub(super) fn then(mut self, more: Self) -> Self {
        self.0.extend(more.0);
        self
    }

    pub(super) fn pieces(&self) -> &[Piece] {
        &self.0
    }

    /// Whether it is to be read character by character.
    pub(super) fn is_code(&self) -> bool {
        self.0.iter().any(|piece| piece.sort == Sort::Code)
    }

    /// As plain text.
    pub(super) fn plain(&self) -> String {
        self.0.iter().map(Piece::plain).collect()
    }
}

impl Piece {
    fn name(typed: &str) -> Self {
        Self {
            text: typed::name(typed),
            sort: Sort::Typed,
        }
    }

    /// An address. If its domain is not ASCII, the form on the wire follows, in which domains that look alike differ.
    fn address(typed: &str) -> Self {
        let shown = typed::line(typed);
        let text = match EmailAddress::parse(typed) {
            Ok(address) if !typed.is_ascii() => format!("{shown} ({})", address.ascii()),
            Ok(_) | Err(_) => shown,
        };
        Self {
            text,
            sort: Sort::Typed,
        }
    }

    fn ours(text: impl Into<String>, sort: Sort) -> Self {
        Self {
            text: text.into(),
            sort,
        }
    }

    /// As plain text.
    pub(super) fn plain(&self) -> String {
        match self.sort {
            Sort::Words | Sort::Together | Sort::Code => self.text.clone(),
            Sort::Typed => typed::isolated(&self.text),
        }
    }
}

/// Fills the slots of some words. The values are not searched for slots.
pub(super) fn fill(words: &'static str, of_slot: impl Fn(&'static str) -> Prose) -> Prose {
    let mut prose = Prose::default();
    let mut rest = words;
    while let Some((before, slot, after)) = next_slot(rest) {
        prose = prose.and(before).then(of_slot(slot));
        rest = after;
    }
    prose.and(rest)
}

/// The values of the slots in our words. A slot is a name in braces: `{actor}`.
pub(super) struct Slots<'a> {
    pub(super) news: &'a News<'a>,
    pub(super) to: &'a Recipient,
    pub(super) reference: &'a Reference,
    pub(super) words: &'static Words,
}

impl Slots<'_> {
    /// Fills the slots of some words.
    pub(super) fn fill(&self, words: &'static str) -> Prose {
        fill(words, |slot| match slot {
            "status" => self.status(),
            "who_checks" => Prose::ours(if self.is_first_of_two() {
                self.words.who_checks_two
            } else {
                self.words.who_checks
            }),
            "confirming" => Prose::ours(if self.is_first_of_two() {
                self.words.confirming_first
            } else {
                self.words.confirming
            }),
            "bounced_user_ids" => self.bounced_user_ids(),
            _ => Prose(vec![self.piece(slot)]),
        })
    }

    /// The request's current status, as in the Tasks list.
    fn status(&self) -> Prose {
        let head = &self.news.head;
        let state = &head.state;
        if state.name() == StateName::Claimed {
            self.fill(self.words.claimed)
        } else {
            Prose::ours((self.words.status)(state, head.eservice.definition().end))
        }
    }

    /// Whether the request as the step left it waits for the first of two checks.
    fn is_first_of_two(&self) -> bool {
        self.news.step.checks == Checks::FirstOfTwo
    }

    /// The User IDs that an address is registered for from which mail comes back.
    fn bounced_user_ids(&self) -> Prose {
        let bounced = folded(self.news.bounced.unwrap_or_default());
        let registrations = self.news.form.registrations().into_iter();
        let own = registrations.filter(|registration| folded(&registration.email) == bounced);
        Prose::joined(
            own.map(|registration| Prose::name(&registration.user_id)),
            self.words.list_comma,
        )
    }

    fn piece(&self, slot: &'static str) -> Piece {
        let News {
            step, head, campaign, ..
        } = self.news;
        match slot {
            "reference" => Piece::ours(self.reference.to_string(), Sort::Together),
            "at" => Piece::ours(shown(step.at), Sort::Together),
            "deadline" => Piece::ours(shown_day(campaign.deadline()), Sort::Together),
            "name" => Piece::name(self.to.name.as_deref().unwrap_or_default()),
            "address" => Piece::address(self.to.address.as_str()),
            "actor" => Piece::name(&self.news.name_of(&step.actor)),
            "company" => Piece::name(&head.company_name),
            "maker" => Piece::name(&self.news.name_of(&head.maker)),
            "checker" => match head.state.confirmed() {
                Some(confirmed) => Piece::name(&self.news.name_of(&confirmed.by)),
                None => Piece::ours(self.words.some_checker, Sort::Words),
            },
            "version" => Piece::ours(step.version.to_string(), Sort::Together),
            "most" => Piece::ours(thousands(MAX_TEXT_CHARS), Sort::Together),
            "hours" => Piece::ours(self.news.reply_time.length().to_string(), Sort::Together),
            "last_holder" => Piece::name(
                &self
                    .news
                    .last_holder
                    .map_or_else(String::new, |holder| self.news.name_of(holder)),
            ),
            "holder" => {
                let holder = head.state.holder();
                Piece::name(&holder.map_or_else(String::new, |holder| self.news.name_of(&holder.by)))
            }
            "since" => {
                let since = head.state.holder().map_or(head.updated_at, |holder| holder.at);
                Piece::ours(shown(since), Sort::Together)
            }
            "participantship" => {
                let own = self.news.form.form().participantship();
                Piece::name(&own.map(|own| own.shown(self.to.language)).unwrap_or_default())
            }
            "bounced" => Piece::address(self.news.bounced.unwrap_or_default()),
            "ends" => {
                let ends = match self.news.what {
                    What::ClaimEndsSoon(ends) => ends,
                    What::Step | What::CheckersUnreachable | What::AddressBounced | What::Declined(_) => {
                        step.at
                    }
                };
                Piece::ours(shown(ends), Sort::Together)
            }
            // A test ensures that our words have no other slots.
            unknown => Piece::ours(format!("{{{unknown}}}"), Sort::Words),
        }
    }
}

/// A number with thousands separators, as both languages write it.
fn thousands(number: usize) -> String {
    match (number / 1_000, number % 1_000) {
        (0, rest) => rest.to_string(),
        (thousands, rest) => format!("{thousands},{rest:03}"),
    }
}

/// The text before a slot, the slot's name, and the text after it.
fn next_slot(words: &'static str) -> Option<(&'static str, &'static str, &'static str)> {
    let (before, rest) = words.split_once('{')?;
    let (slot, after) = rest.split_once('}')?;
    Some((before, slot, after))
}
