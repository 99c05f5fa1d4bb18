//! The parts of letters about deciding by reply: how to do it, and why a reply did nothing.

use countersign_domain::approval::Declined;
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

/// The address for replies, and until when they count.
struct Offer<'a> {
    address: &'a str,
    until: Timestamp,
}

/// What someone can do after a reply that did nothing.
enum NextStep {
    /// Reply again.
    Reply,
    /// Open the request in the portal.
    Portal,
    /// Nothing.
    Nothing,
}

impl Composer<'_> {
    /// The offer to decide by replying to this letter, if the recipient has it.
    fn offer(&self) -> Option<Offer<'_>> {
        let address = self.to.reply_address.as_deref();
        let offer = address.zip(self.counts_until());
        offer
            .filter(|_| self.kind == Kind::ToCheck)
            .map(|(address, until)| Offer { address, until })
    }

    fn counts_until(&self) -> Option<Timestamp> {
        self.news.reply_time.ends(self.news.step.at, self.news.campaign)
    }

    /// What happens to a reply to this letter.
    pub(super) fn replies(&self) -> &'static str {
        match self.offer() {
            Some(_) => self.words.only_such_replies,
            None => self.words.replies,
        }
    }

    /// Deciding by reply is explained below the request, which has to be read first. This mentions it above the request.
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

    /// Ends with a line break, so that a signature added by the mail program starts on a new line.
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

    /// The request's status, and what the checker can do after a reply that did nothing.
    pub(super) fn after_a_declined_reply(&self) -> Vec<Block> {
        let Kind::Declined(why) = self.kind else {
            return Vec::new();
        };
        let words = self.words;
        let has_moved_on = self.news.head.version != self.news.step.version;
        let mut blocks = Vec::new();
        // For someone who has lost the right, the request does not exist.
        if has_moved_on && why != Declined::RightMissing {
            blocks.push(Block::Paragraph(self.slots.fill(words.status_now)));
        }
        match next_step(why, has_moved_on) {
            NextStep::Reply => {
                blocks.push(Block::FirstLines {
                    title: words.again,
                    intro: self.slots.fill(words.again_intro),
                    lines: self.first_lines(None),
                });
                blocks.push(self.when_it_counts(self.counts_until()));
            }
            NextStep::Portal => blocks.push(Block::Paragraph(self.slots.fill(words.no_further_reply))),
            NextStep::Nothing => {}
        }
        blocks
    }

    /// A reply that the checker did not send means that someone else uses their mailbox.
    pub(super) fn if_it_was_not_them(&self) -> Option<Block> {
        matches!(self.kind, Kind::Declined(_)).then(|| Block::Paragraph(self.slots.fill(self.words.not_you)))
    }
}

fn next_step(why: Declined, has_moved_on: bool) -> NextStep {
    match why {
        Declined::NotUnderstood | Declined::OtherRequest => {
            if has_moved_on {
                NextStep::Portal
            } else {
                NextStep::Reply
            }
        }
        Declined::Expired | Declined::Spent | Declined::SwitchedOff | Declined::NoLongerPossible => {
            NextStep::Portal
        }
        Declined::RightMissing | Declined::OwnRequest => NextStep::Nothing,
    }
}
