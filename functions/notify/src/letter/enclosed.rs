//! As much of a request as stands in a letter.

use countersign_domain::form::Cells;
use countersign_domain::time::shown;
use countersign_domain::workflow::Action;

use super::compose::{Block, Composer, Fact};
use super::kind::Kind;
use super::prose::Prose;
use super::typed;

impl Composer<'_> {
    /// As much of the request as the letter needs.
    pub(super) fn enclosed(&self) -> Vec<Block> {
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
            | Kind::ClaimEndsSoon
            | Kind::ClaimEnded
            | Kind::ReturnedByChecker
            | Kind::ReturnedByMail
            | Kind::ReturnReceipt
            | Kind::ReturnedByExchange
            | Kind::ReturnedToItsMaker
            | Kind::Sent
            | Kind::SentByMail
            | Kind::OffTheDesk
            | Kind::Rejected
            | Kind::RejectedAsConfirmed
            | Kind::NobodyTold
            | Kind::Declined(_) => Vec::new(),
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
        blocks.push(self.identity());
        blocks
    }

    /// What tells exactly this request from one that was changed.
    fn identity(&self) -> Block {
        let (words, step) = (self.words, self.news.step);
        let version = Fact {
            label: words.version,
            value: Prose::ours(step.version.to_string()),
        };
        let form = Fact {
            label: words.form_sha256,
            value: Prose::code(step.form_hash.to_string()),
        };
        Block::Facts {
            title: words.what_you_check,
            groups: vec![vec![version, form]],
        }
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
