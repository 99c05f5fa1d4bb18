//! What letters say of deciding by reply: how it is done, and what became of a reply that did nothing.

use countersign_domain::approval::{self, Declined};
use countersign_domain::time::shown;
use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::compose::{Begin, Block, Composer, Fact, FirstLine};
use super::kind::Kind;
use super::prose::Prose;

/// What is escaped in a `mailto:` link: all but unreserved characters and the at sign (RFC 6068, section 2).
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'@');

/// The address that a reply goes to, and until when it counts.
struct Offer<'a> {
    address: &'a str,
    until: Timestamp,
}

/// What is left to somebody whose reply did nothing.
enum Left {
    /// To reply once more.
    Reply,
    /// To look at it in the portal.
    Portal,
    /// Nothing.
    Nothing,
}

impl Composer<'_> {
    /// Whether and how this recipient can decide by replying to this letter.
    fn offer(&self) -> Option<Offer<'_>> {
        let address = self.to.reply_address.as_deref();
        let offer = address.zip(self.counts_until());
        offer
            .filter(|_| self.kind == Kind::ToCheck)
            .map(|(address, until)| Offer { address, until })
    }

    fn counts_until(&self) -> Option<Timestamp> {
        approval::expiry(self.news.step.at, self.news.campaign)
    }

    /// What becomes of a reply to this letter.
    pub(super) fn replies(&self) -> &'static str {
        match self.offer() {
            Some(_) => self.words.only_such_replies,
            None => self.words.replies,
        }
    }

    /// The way by reply is described below the request, since the request is to be read first. Whoever may go it learns
    /// of it above.
    pub(super) fn hint_at_replying(&self) -> Option<Block> {
        self.offer()
            .map(|_| Block::Paragraph(self.slots.fill(self.words.or_by_reply)))
    }

    /// How to decide by replying to this letter.
    pub(super) fn by_reply(&self) -> Vec<Block> {
        let words = self.words;
        let Some(offer) = self.offer() else {
            return Vec::new();
        };
        let begin = Begin {
            label: words.begin_reply,
            url: self.mail_that_confirms(offer.address),
        };
        vec![
            Block::FirstLines {
                title: words.by_reply,
                intro: self.slots.fill(words.by_reply_intro),
                lines: self.first_lines(Some(begin)),
            },
            self.when_it_counts(Some(offer.until)),
            Block::Paragraph(self.slots.fill(words.otherwise)),
            Block::Notice(self.slots.fill(words.keep_to_yourself)),
        ]
    }

    fn line_that_confirms(&self) -> String {
        format!("CONFIRM {}", self.slots.reference)
    }

    fn first_lines(&self, begin: Option<Begin>) -> Vec<FirstLine> {
        let words = self.words;
        let line_that_returns = format!("RETURN {} {}", self.slots.reference, words.reason);
        vec![
            FirstLine {
                line: Prose::code(self.line_that_confirms()),
                does: self.slots.fill(words.confirm_does),
                begin,
            },
            FirstLine {
                line: Prose::code(line_that_returns),
                does: self.slots.fill(words.return_does),
                begin: None,
            },
        ]
    }

    /// The line is ended, so that a signature that the mail program adds begins one of its own.
    fn mail_that_confirms(&self, address: &str) -> String {
        let escaped = |text: &str| utf8_percent_encode(text, ESCAPED).to_string();
        let (address, subject) = (escaped(address), escaped(&format!("Re: {}", self.subject)));
        let body = escaped(&format!("{}\r\n", self.line_that_confirms()));
        format!("mailto:{address}?subject={subject}&body={body}")
    }

    fn when_it_counts(&self, until: Option<Timestamp>) -> Block {
        let words = self.words;
        let arrives = until.map(|until| Fact {
            label: words.it_arrives,
            value: Prose::ours(shown(until)),
        });
        let comes_from = Fact {
            label: words.it_comes_from,
            value: Prose::address(self.to.address.as_str()),
        };
        Block::Facts {
            title: words.when_it_counts,
            groups: vec![arrives.into_iter().chain([comes_from]).collect()],
        }
    }

    /// Where the request stands, and what the checker can do, when their reply did nothing.
    pub(super) fn after_a_declined_reply(&self) -> Vec<Block> {
        let Kind::Declined(why) = self.kind else {
            return Vec::new();
        };
        let words = self.words;
        let has_moved_on = self.news.head.version != self.news.step.version;
        let mut blocks = Vec::new();
        // To whom lost the right, the request does not exist.
        if has_moved_on && why != Declined::RightMissing {
            blocks.push(Block::Paragraph(self.slots.fill(words.status_now)));
        }
        match left(why, has_moved_on) {
            Left::Reply => {
                blocks.push(Block::FirstLines {
                    title: words.again,
                    intro: self.slots.fill(words.again_intro),
                    lines: self.first_lines(None),
                });
                blocks.push(self.when_it_counts(self.counts_until()));
            }
            Left::Portal => blocks.push(Block::Paragraph(self.slots.fill(words.no_further_reply))),
            Left::Nothing => {}
        }
        blocks
    }

    /// A reply that its sender knows nothing of is a sign that somebody else is in their mailbox.
    pub(super) fn if_it_was_not_them(&self) -> Option<Block> {
        matches!(self.kind, Kind::Declined(_)).then(|| Block::Paragraph(self.slots.fill(self.words.not_you)))
    }
}

fn left(why: Declined, has_moved_on: bool) -> Left {
    match why {
        Declined::NotUnderstood | Declined::OtherRequest => {
            if has_moved_on {
                Left::Portal
            } else {
                Left::Reply
            }
        }
        Declined::Expired | Declined::Spent | Declined::SwitchedOff | Declined::NoLongerPossible => {
            Left::Portal
        }
        Declined::RightMissing | Declined::OwnRequest => Left::Nothing,
    }
}
