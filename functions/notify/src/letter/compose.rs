//! What stands in a letter and in which order, whatever it is shown as.

use countersign_domain::form::{Cells, Registration};
use countersign_domain::id::Reference;
use countersign_domain::language::Language;
use countersign_domain::time::shown;
use countersign_domain::workflow::Action;

use super::kind::Kind;
use super::prose::{Prose, Slots};
use super::typed;
use super::words::{self, Wording, Words};
use crate::news::{News, Recipient};

/// A letter before it is put into text or HTML.
pub(super) struct Contents {
    pub(super) language: Language,
    pub(super) words: &'static Words,
    pub(super) subject: String,
    pub(super) preheader: String,
    pub(super) heading: &'static str,
    /// The reference and the eService, as the Tasks list has them.
    pub(super) details: String,
    pub(super) greeting: Prose,
    pub(super) blocks: Vec<Block>,
    /// Why somebody gets it.
    pub(super) why: Prose,
}

/// A part of a letter.
pub(super) enum Block {
    Paragraph(Prose),
    /// A paragraph that must not be overlooked.
    Notice(Prose),
    /// What somebody wrote, line by line.
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
    /// Groups of facts, each with its label.
    Facts {
        title: &'static str,
        groups: Vec<Vec<Fact>>,
    },
    /// Which address belongs to which User ID.
    Addresses {
        title: &'static str,
        rows: Vec<Address>,
    },
}

impl Block {
    fn addresses(title: &'static str, registrations: &[Registration]) -> Self {
        let row = |registration: &Registration| Address {
            user_id: Prose::name(&registration.user_id),
            email: Prose::address(&registration.email),
        };
        Self::Addresses {
            title,
            rows: registrations.iter().map(row).collect(),
        }
    }
}

pub(super) struct Fact {
    pub(super) label: &'static str,
    pub(super) value: Prose,
}

pub(super) struct Address {
    pub(super) user_id: Prose,
    pub(super) email: Prose,
}

impl Contents {
    /// Gathers what a letter of a kind says.
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
            subject: format!("{reference}{}{}", words.colon, wording.subject),
            preheader: composer.slots.fill(wording.preheader).plain(),
            heading: wording.heading,
            details: format!("{reference} - {}", (words.function)(news.head.eservice)),
            greeting: composer.greeting(),
            blocks: composer.blocks(&wording),
            why: composer.slots.fill((words.why)(to.audience)),
        }
    }
}

struct Composer<'a> {
    kind: Kind,
    news: &'a News<'a>,
    to: &'a Recipient,
    words: &'static Words,
    slots: Slots<'a>,
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

    fn blocks(&self, wording: &Wording) -> Vec<Block> {
        let opening = wording
            .opening
            .iter()
            .map(|words| Block::Paragraph(self.slots.fill(words)));
        let mut blocks: Vec<Block> = opening.collect();
        blocks.extend(self.timeliness());
        blocks.extend(self.message());
        if !wording.steps.is_empty() {
            blocks.push(Block::Steps {
                title: self.words.steps,
                steps: wording.steps.iter().map(|words| self.slots.fill(words)).collect(),
            });
        }
        if let Some(label) = wording.link {
            blocks.push(Block::Link {
                label,
                url: format!("{}/portal/requests/{}", self.news.portal_url, self.news.head.id),
            });
        }
        blocks.extend(self.enclosed());
        blocks
    }

    /// What the deadline means for this request. A request whose timeliness is unknown is not promised anything.
    fn timeliness(&self) -> Option<Block> {
        let words = self.words;
        let in_time = self.news.head.guaranteed?;
        let notice = |late| (!in_time).then(|| Block::Notice(self.slots.fill(late)));
        let promise = |words| Block::Paragraph(self.slots.fill(words));
        match self.kind {
            // Until it is sent to HKEX, it is in time only for as long as the deadline has not passed.
            Kind::ToCheck | Kind::NobodyTold => notice(words.late).or(Some(promise(words.in_time))),
            Kind::Sent | Kind::SentByMail | Kind::OnTheDesk | Kind::Receipt => notice(words.late),
            Kind::Completed | Kind::CompletedAsConfirmed | Kind::CompletedForContact => {
                notice(words.late_completed).or(Some(promise(words.works)))
            }
            Kind::Registered => notice(words.late_registered).or(Some(promise(words.works_for_you))),
            Kind::Withdrawn
            | Kind::ClaimEnded
            | Kind::ReturnedByChecker
            | Kind::ReturnedByExchange
            | Kind::ReturnedToItsMaker
            | Kind::OffTheDesk
            | Kind::Rejected
            | Kind::RejectedAsConfirmed => None,
        }
    }

    /// The message to the next-step user. It is for those who work on the request, not for everyone it names.
    fn message(&self) -> Option<Block> {
        let is_for_them = match self.kind {
            Kind::CompletedForContact | Kind::Registered | Kind::NobodyTold => false,
            Kind::ToCheck
            | Kind::Withdrawn
            | Kind::ClaimEnded
            | Kind::ReturnedByChecker
            | Kind::ReturnedByExchange
            | Kind::ReturnedToItsMaker
            | Kind::Sent
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
            title: self.slots.fill(self.words.message),
            lines,
        })
    }

    /// As much of the request as the letter needs.
    fn enclosed(&self) -> Vec<Block> {
        let words = self.words;
        match self.kind {
            Kind::ToCheck => self.whole_request(),
            Kind::OnTheDesk => vec![self.company(vec![self.maker(), self.confirmer(), self.user_ids()])],
            Kind::Receipt => vec![
                self.company(vec![self.maker()]),
                Block::addresses(words.details_of_change, &self.news.form.registrations()),
            ],
            Kind::Completed | Kind::CompletedAsConfirmed => {
                vec![Block::addresses(
                    words.registered_addresses,
                    &self.news.form.registrations(),
                )]
            }
            Kind::CompletedForContact => vec![
                self.company(Vec::new()),
                Block::addresses(words.registered_addresses, &self.news.form.registrations()),
            ],
            Kind::Registered => vec![
                Block::addresses(words.registered_addresses, &self.to.registrations),
                self.contacts(words.if_wrong),
            ],
            Kind::Withdrawn
            | Kind::ClaimEnded
            | Kind::ReturnedByChecker
            | Kind::ReturnedByExchange
            | Kind::ReturnedToItsMaker
            | Kind::Sent
            | Kind::SentByMail
            | Kind::OffTheDesk
            | Kind::Rejected
            | Kind::RejectedAsConfirmed
            | Kind::NobodyTold => Vec::new(),
        }
    }

    /// Everything that a checker has to review, in the order of the form (guideline, steps c to f).
    fn whole_request(&self) -> Vec<Block> {
        let form = self.news.form.form();
        let chosen = (self.words.choice)(form.written("maintenanceRequest"));
        let maintenance = Fact {
            label: self.words.maintenance_request,
            value: Prose::name(&chosen),
        };
        let mut blocks = vec![
            self.company(vec![maintenance, self.submitter()]),
            Block::addresses(self.words.details_of_change, &self.news.form.registrations()),
        ];
        let remarks = typed::lines(form.written("remarks"));
        blocks.push(if remarks.is_empty() {
            Block::Facts {
                title: self.words.remarks,
                groups: vec![vec![Fact {
                    label: "",
                    value: Prose::ours(self.words.none),
                }]],
            }
        } else {
            Block::Quote {
                title: Prose::ours(self.words.remarks),
                lines: remarks,
            }
        });
        blocks.push(self.contacts(self.words.contact_information));
        blocks
    }

    fn company(&self, more: Vec<Fact>) -> Block {
        let participantship = self.news.form.form().participantship().to_string();
        let mut facts = vec![
            Fact {
                label: self.words.from,
                value: Prose::name(&self.news.head.company_name),
            },
            Fact {
                label: self.words.acting_as,
                value: Prose::name(&participantship),
            },
        ];
        facts.extend(more);
        Block::Facts {
            title: self.words.company_information,
            groups: vec![facts],
        }
    }

    fn maker(&self) -> Fact {
        Fact {
            label: self.words.submitted_by,
            value: Prose::name(&self.news.head.maker.name),
        }
    }

    fn submitter(&self) -> Fact {
        self.actor(self.words.submitted_by)
    }

    fn confirmer(&self) -> Fact {
        let by_mail = self.news.step.action == Action::ConfirmByMail;
        self.actor(if by_mail {
            self.words.confirmed_by_mail
        } else {
            self.words.confirmed_by
        })
    }

    /// Who took the step, and when.
    fn actor(&self, label: &'static str) -> Fact {
        let step = self.news.step;
        Fact {
            label,
            value: Prose::name(&step.actor.name).and(format!("{}{}", self.words.comma, shown(step.at))),
        }
    }

    fn user_ids(&self) -> Fact {
        Fact {
            label: self.words.user_ids,
            value: Prose::ours(self.news.form.registrations().len().to_string()),
        }
    }

    fn contacts(&self, title: &'static str) -> Block {
        let cell = |cells: &Cells, name: &str| cells.get(name).cloned().unwrap_or_default();
        let group = |cells: &Cells| {
            vec![
                Fact {
                    label: self.words.contact_name,
                    value: Prose::name(&cell(cells, "name")),
                },
                Fact {
                    label: self.words.email_address,
                    value: Prose::address(&cell(cells, "email")),
                },
                Fact {
                    label: self.words.telephone,
                    value: Prose::name(&cell(cells, "telephone")),
                },
            ]
        };
        Block::Facts {
            title,
            groups: self.news.form.form().rows("contacts").iter().map(group).collect(),
        }
    }
}
