//! The contents of a letter and their order, independent of text and HTML.

use countersign_domain::id::Reference;
use countersign_domain::language::Language;

use super::kind::Kind;
use super::prose::{Prose, Slots};
use super::typed;
use super::words::{self, Wording, Words};
use crate::news::{News, Recipient};

/// A letter before it is written as text or HTML.
pub(super) struct Contents {
    pub(super) language: Language,
    pub(super) words: &'static Words,
    pub(super) subject: String,
    pub(super) preheader: String,
    pub(super) heading: String,
    /// What it is about: for a request, its reference and eService as in the Tasks list.
    pub(super) details: String,
    pub(super) greeting: Prose,
    pub(super) blocks: Vec<Block>,
    /// Why the recipient gets it.
    pub(super) why: Prose,
    /// What happens to a reply.
    pub(super) replies: &'static str,
}

/// A part of a letter.
pub(super) enum Block {
    Paragraph(Prose),
    /// A paragraph that stands out.
    Notice(Prose),
    /// Text that a person entered, such as a message.
    Quote {
        title: Prose,
        lines: Vec<String>,
    },
    Steps {
        title: &'static str,
        steps: Vec<Prose>,
    },
    Link {
        label: &'static str,
        url: String,
    },
    /// Groups of labelled facts.
    Facts {
        title: &'static str,
        groups: Vec<Vec<Fact>>,
    },
    /// Links of which each starts an e-mail.
    Begin {
        title: &'static str,
        intro: Prose,
        mails: Vec<Begin>,
    },
    /// Things to do. A list that is cut off says how many more there are.
    List {
        title: &'static str,
        items: Vec<Item>,
        more: Option<String>,
    },
    /// The address of each User ID.
    Addresses {
        title: &'static str,
        rows: Vec<Address>,
    },
}

impl Block {
    /// Pairs of User ID and address.
    pub(super) fn addresses(title: &'static str, pairs: impl Iterator<Item = (String, String)>) -> Self {
        let row = |(user_id, email): (String, String)| Address {
            user_id: Prose::name(&user_id),
            email: Prose::address(&email),
        };
        Self::Addresses {
            title,
            rows: pairs.map(row).collect(),
        }
    }
}

pub(super) struct Fact {
    pub(super) label: &'static str,
    pub(super) value: Prose,
}

/// A link that starts an e-mail.
pub(super) struct Begin {
    pub(super) label: &'static str,
    pub(super) url: String,
    /// What to do with the e-mail, and what that does.
    pub(super) says: Prose,
}

/// A thing to do.
pub(super) struct Item {
    pub(super) name: Prose,
    /// Where to do it.
    pub(super) url: Option<String>,
    /// Its status.
    pub(super) says: Prose,
}

pub(super) struct Address {
    pub(super) user_id: Prose,
    pub(super) email: Prose,
}

impl Contents {
    /// Composes a letter of a kind.
    pub(super) fn of(kind: Kind, reference: &Reference, news: &News<'_>, to: &Recipient) -> Self {
        let words = words::of(to.language);
        let wording = (words.wording)(kind);
        let composer = Composer {
            kind,
            news,
            to,
            words,
            slots: Slots {
                news,
                to,
                reference,
                words,
            },
        };
        Self {
            language: to.language,
            words,
            preheader: composer.slots.fill(wording.preheader).plain(),
            heading: wording.heading.to_owned(),
            details: format!(
                "{reference} - {}",
                news.head.eservice.definition().function.text(to.language)
            ),
            greeting: composer.greeting(),
            blocks: composer.blocks(&wording),
            why: composer.slots.fill(composer.why()),
            replies: composer.replies(),
            subject: format!("{reference}{}{}", words.colon, wording.subject),
        }
    }
}

pub(super) struct Composer<'a> {
    pub(super) kind: Kind,
    pub(super) news: &'a News<'a>,
    pub(super) to: &'a Recipient,
    pub(super) words: &'static Words,
    pub(super) slots: Slots<'a>,
}

impl Composer<'_> {
    fn greeting(&self) -> Prose {
        let is_named = self
            .to
            .name
            .as_deref()
            .is_some_and(|name| !typed::name(name).is_empty());
        if is_named {
            self.slots.fill(self.words.dear)
        } else if self.kind == Kind::Registered {
            self.slots.fill(self.words.dear_administrator)
        } else {
            self.slots.fill(self.words.hello)
        }
    }

    /// Why the recipient gets it.
    fn why(&self) -> &'static str {
        match self.kind {
            Kind::ReturnReceipt => self.words.why_returned,
            Kind::Declined(_) => self.words.why_replied,
            Kind::ToCheck
            | Kind::ToCheckAgain
            | Kind::CheckedOnce
            | Kind::FirstCheckReceipt
            | Kind::ToCheckHere
            | Kind::Done
            | Kind::AboutYou
            | Kind::DoneByColleague
            | Kind::Withdrawn
            | Kind::ClaimEndsSoon
            | Kind::ClaimEnded
            | Kind::HandedOver
            | Kind::BackOnTheDesk
            | Kind::OfficersClaimEndsSoon
            | Kind::OfficersClaimEnded
            | Kind::TakenOver
            | Kind::ReturnedByChecker
            | Kind::ReturnedByMail
            | Kind::ReturnedByColleague
            | Kind::ReturnedWithoutItsMaker
            | Kind::ReturnedByExchange
            | Kind::ReturnedToItsMaker
            | Kind::Sent
            | Kind::ConfirmedByColleague
            | Kind::SentByMail
            | Kind::OnTheDesk
            | Kind::Receipt
            | Kind::OffTheDesk
            | Kind::Completed
            | Kind::CompletedAsConfirmed
            | Kind::CompletedForContact
            | Kind::Registered
            | Kind::Rejected
            | Kind::RejectedAsConfirmed
            | Kind::CheckersUnreachable
            | Kind::AddressBounced => (self.words.why)(self.to.audience),
        }
    }

    fn blocks(&self, wording: &Wording) -> Vec<Block> {
        let opening = (self.words.without_addresses)(self.kind).filter(|_| !self.registers_addresses());
        let opening = opening
            .unwrap_or(wording.opening)
            .iter()
            .map(|words| Block::Paragraph(self.slots.fill(words)));
        let mut blocks: Vec<Block> = opening.collect();
        blocks.extend(self.timeliness());
        blocks.extend(self.message());
        blocks.extend(self.after_a_declined_reply());
        if !wording.steps.is_empty() {
            blocks.push(Block::Steps {
                title: self.title_of_steps(),
                steps: wording.steps.iter().map(|words| self.slots.fill(words)).collect(),
            });
        }
        if let Some(label) = wording.link {
            blocks.push(Block::Link {
                label,
                url: format!("{}/portal/requests/{}", self.news.portal_url, self.news.head.id),
            });
        }
        blocks.extend(self.hint_at_replying());
        blocks.extend(self.enclosed());
        blocks.extend(self.by_mail());
        blocks.extend(self.if_it_was_not_them());
        blocks
    }

    fn title_of_steps(&self) -> &'static str {
        if matches!(
            self.kind,
            Kind::Receipt | Kind::FirstCheckReceipt | Kind::ReturnReceipt
        ) {
            self.words.undo
        } else {
            self.words.steps
        }
    }

    fn registers_addresses(&self) -> bool {
        !self.news.form.registrations().is_empty()
    }

    /// What the deadline means for this request. Promises nothing for a request whose timeliness is unknown or that has no
    /// addresses to register.
    fn timeliness(&self) -> Option<Block> {
        let words = self.words;
        let in_time = self.news.head.guaranteed.filter(|_| self.registers_addresses())?;
        let notice = |late| (!in_time).then(|| Block::Notice(self.slots.fill(late)));
        let promise = |words| Block::Paragraph(self.slots.fill(words));
        match self.kind {
            // Until it is sent to HKEX, it is in time only while the deadline has not passed.
            Kind::ToCheck | Kind::ToCheckAgain | Kind::CheckersUnreachable => {
                notice(words.late).or(Some(promise(words.in_time)))
            }
            Kind::Sent | Kind::ConfirmedByColleague | Kind::SentByMail | Kind::OnTheDesk | Kind::Receipt => {
                notice(words.late)
            }
            Kind::Completed | Kind::CompletedAsConfirmed | Kind::CompletedForContact => {
                notice(words.late_completed).or(Some(promise(words.works)))
            }
            Kind::Registered => notice(words.late_registered).or(Some(promise(words.works_for_you))),
            Kind::CheckedOnce
            | Kind::FirstCheckReceipt
            | Kind::ToCheckHere
            | Kind::Done
            | Kind::AboutYou
            | Kind::DoneByColleague
            | Kind::Withdrawn
            | Kind::ClaimEndsSoon
            | Kind::ClaimEnded
            | Kind::HandedOver
            | Kind::BackOnTheDesk
            | Kind::OfficersClaimEndsSoon
            | Kind::OfficersClaimEnded
            | Kind::TakenOver
            | Kind::ReturnedByChecker
            | Kind::ReturnedByMail
            | Kind::ReturnReceipt
            | Kind::ReturnedByColleague
            | Kind::ReturnedWithoutItsMaker
            | Kind::ReturnedByExchange
            | Kind::ReturnedToItsMaker
            | Kind::OffTheDesk
            | Kind::Rejected
            | Kind::RejectedAsConfirmed
            | Kind::AddressBounced
            | Kind::Declined(_) => None,
        }
    }

    /// The message to the next-step user, only for people who work on the request.
    fn message(&self) -> Option<Block> {
        let is_for_them = match self.kind {
            Kind::ClaimEndsSoon
            | Kind::OfficersClaimEndsSoon
            | Kind::AboutYou
            | Kind::CompletedForContact
            | Kind::Registered
            | Kind::CheckersUnreachable
            | Kind::AddressBounced
            | Kind::Declined(_) => false,
            Kind::ToCheck
            | Kind::ToCheckAgain
            | Kind::CheckedOnce
            | Kind::FirstCheckReceipt
            | Kind::ToCheckHere
            | Kind::Done
            | Kind::DoneByColleague
            | Kind::Withdrawn
            | Kind::ClaimEnded
            | Kind::HandedOver
            | Kind::BackOnTheDesk
            | Kind::OfficersClaimEnded
            | Kind::TakenOver
            | Kind::ReturnedByChecker
            | Kind::ReturnedByMail
            | Kind::ReturnReceipt
            | Kind::ReturnedByColleague
            | Kind::ReturnedWithoutItsMaker
            | Kind::ReturnedByExchange
            | Kind::ReturnedToItsMaker
            | Kind::Sent
            | Kind::ConfirmedByColleague
            | Kind::SentByMail
            | Kind::OnTheDesk
            | Kind::Receipt
            | Kind::OffTheDesk
            | Kind::Completed
            | Kind::CompletedAsConfirmed
            | Kind::Rejected
            | Kind::RejectedAsConfirmed => true,
        };
        let lines = typed::lines(self.news.step.message.as_deref().filter(|_| is_for_them)?);
        (!lines.is_empty()).then(|| Block::Quote {
            title: match self.kind {
                Kind::ReturnReceipt => Prose::ours(self.words.your_reason),
                Kind::Receipt | Kind::FirstCheckReceipt => Prose::ours(self.words.you_also_wrote),
                _ => self.slots.fill(self.words.message),
            },
            lines,
        })
    }
}
