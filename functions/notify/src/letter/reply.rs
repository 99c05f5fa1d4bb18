//! The parts of letters about deciding by e-mail: how to do it, and why a reply did nothing.

use countersign_domain::approval::Declined;
use countersign_domain::request::Checks;
use countersign_domain::time::shown;
use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::compose::{Begin, Block, Composer, Fact};
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
    /// The offer to decide by e-mail, if the recipient has it.
    fn offer(&self) -> Option<Offer<'_>> {
        let address = self.to.reply_address.as_deref();
        let offer = address.zip(self.counts_until());
        offer
            .filter(|_| matches!(self.kind, Kind::ToCheck | Kind::ToCheckAgain))
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

    /// Deciding by e-mail is explained below the request, which has to be read first. This mentions it above the request.
    pub(super) fn hint_at_replying(&self) -> Option<Block> {
        self.offer()
            .map(|_| Block::Paragraph(self.slots.fill(self.words.or_by_mail)))
    }

    /// How to decide by e-mail.
    pub(super) fn by_mail(&self) -> Vec<Block> {
        let words = self.words;
        let Some(offer) = self.offer() else {
            return Vec::new();
        };
        let begin = |label, keyword, says| Begin {
            label,
            url: self.mail_that_says(keyword, offer.address),
            says: self.slots.fill(says),
        };
        let confirm_does = if self.news.step.checks == Checks::FirstOfTwo {
            words.confirm_does_first
        } else {
            words.confirm_does
        };
        vec![
            Block::Begin {
                title: words.by_mail,
                intro: self.slots.fill(words.by_mail_intro),
                mails: vec![
                    begin(words.confirm_by_mail, "CONFIRM", confirm_does),
                    begin(words.return_by_mail, "RETURN", words.return_does),
                ],
            },
            Block::Paragraph(self.slots.fill(words.without_links)),
            self.when_it_counts(Some(offer.until)),
            Block::Paragraph(self.slots.fill(words.otherwise)),
            Block::Notice(self.slots.fill(words.keep_to_yourself)),
        ]
    }

    /// A link that opens a new e-mail, in which nothing is quoted, with a command as its only line. A reply quotes the letter,
    /// so no line of it may be a command; percent-encoded, this one is not. The line break at the end keeps a signature that
    /// the mail program adds off the command's line.
    fn mail_that_says(&self, keyword: &str, address: &str) -> String {
        let escaped = |text: &str| utf8_percent_encode(text, ESCAPED).to_string();
        let reference = self.slots.reference.to_string();
        let body = escaped(&format!("{keyword} {reference}\r\n"));
        format!("mailto:{}?subject={reference}&body={body}", escaped(address))
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
                blocks.push(Block::Steps {
                    title: words.again,
                    steps: [
                        words.again_in_the_portal,
                        words.again_by_mail,
                        words.again_without_links,
                    ]
                    .map(|step| self.slots.fill(step))
                    .into(),
                });
                blocks.push(self.when_it_counts(self.counts_until()));
            }
            NextStep::Portal => blocks.push(Block::Paragraph(self.slots.fill(words.no_further_reply))),
            NextStep::Nothing => {}
        }
        if self.news.is_last_answer {
            blocks.push(Block::Notice(self.slots.fill(words.last_answer)));
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
        Declined::NotUnderstood
        | Declined::NoReason
        | Declined::BothCommands
        | Declined::NotAtTop
        | Declined::RenderingsDiffer
        | Declined::ControlCharacters
        | Declined::OtherRequest
        | Declined::SeveralTokens
        | Declined::OnBehalf
        | Declined::Encrypted
        | Declined::UnknownCharacters
        | Declined::TooLong
        | Declined::NoText
        | Declined::Damaged => {
            if has_moved_on {
                NextStep::Portal
            } else {
                NextStep::Reply
            }
        }
        Declined::Expired | Declined::Spent | Declined::SwitchedOff | Declined::NoLongerPossible => {
            NextStep::Portal
        }
        Declined::RightMissing | Declined::OwnRequest | Declined::CheckedFirst => NextStep::Nothing,
    }
}
