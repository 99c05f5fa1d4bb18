//! The parts of a request that a letter shows.

use countersign_domain::actor::Person;
use countersign_domain::eservice::{ACTING_AS, COMPANY_INFORMATION, FROM};
use countersign_domain::field::{Column, Lines, Note, Purpose, Rows, ValueKind};
use countersign_domain::form::{Content, Filled, FilledRow, FilledSection, FilledValue, Registration};
use countersign_domain::time::shown;
use countersign_domain::workflow::Action;
use jiff::Timestamp;

use super::compose::{Block, Composer, Fact};
use super::kind::Kind;
use super::prose::Prose;
use super::typed;

impl Composer<'_> {
    /// The parts of the request that the letter needs.
    pub(super) fn enclosed(&self) -> Vec<Block> {
        let words = self.words;
        match self.kind {
            Kind::ToCheck | Kind::ToCheckAgain | Kind::ToCheckHere => {
                let mut blocks = self.cautions();
                blocks.extend(self.whole_request());
                blocks
            }
            Kind::OnTheDesk => {
                let people = [self.maker()]
                    .into_iter()
                    .chain(self.first_checker())
                    .chain([self.confirmer()]);
                let mut blocks = self.cautions();
                blocks.push(self.company(people.chain(self.user_ids()).collect()));
                blocks.extend(self.single_values());
                blocks
            }
            Kind::Receipt | Kind::FirstCheckReceipt => {
                let mut blocks = vec![self.company(vec![self.maker()])];
                blocks.extend(self.single_values());
                blocks.extend(self.details());
                blocks
            }
            Kind::Done | Kind::AboutYou => {
                let mut blocks = vec![self.company(Vec::new())];
                blocks.extend(self.single_values());
                blocks
            }
            Kind::Completed | Kind::CompletedAsConfirmed => self.registered(),
            Kind::CompletedForContact => {
                let mut blocks = vec![self.company(Vec::new())];
                blocks.extend(self.registered());
                blocks
            }
            Kind::Registered => {
                let mut blocks = vec![registrations(words.registered_addresses, &self.to.registrations)];
                blocks.extend(self.contacts(Some(words.if_wrong)));
                blocks
            }
            Kind::CheckedOnce
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
            | Kind::Sent
            | Kind::ConfirmedByColleague
            | Kind::SentByMail
            | Kind::OffTheDesk
            | Kind::Rejected
            | Kind::RejectedAsConfirmed
            | Kind::CheckersUnreachable
            | Kind::AddressBounced
            | Kind::Declined(_) => Vec::new(),
        }
    }

    /// The values that the checker and the officer have to check with care, each with its place in the form.
    fn cautions(&self) -> Vec<Block> {
        let (language, words) = (self.to.language, self.words);
        let form = self.news.form.form();
        let eservice = form.eservice().definition();
        let notes = form.notes(self.news.standings).into_iter();
        let cautions = notes.filter(|(_, note)| note.is_caution());
        let notice = |(value, note): (FilledValue<'_>, Note)| {
            let place = eservice.place(&value.pointer, language).unwrap_or_default();
            let about = Prose::ours(format!("{place}{}", words.comma)).then(self.prose(&value));
            Block::Notice(about.and(format!("{}{}", words.colon, note.text(language))))
        };
        cautions.map(notice).collect()
    }

    /// Everything that a checker has to review, in the order of the form (guideline, steps c to f).
    fn whole_request(&self) -> Vec<Block> {
        let people = if self.kind == Kind::ToCheckAgain {
            vec![self.maker(), self.actor(self.words.first_checked_by)]
        } else {
            vec![self.actor(self.words.submitted_by)]
        };
        let mut blocks = vec![self.company(people)];
        for section in &self.news.form.form().sections() {
            blocks.extend(self.facts(section));
            blocks.extend(section.fields.iter().filter_map(|field| self.block_of(field)));
        }
        blocks.extend(self.contacts(None));
        blocks.push(self.identity());
        blocks
    }

    /// The values of one line that are filled in, section by section.
    fn single_values(&self) -> Vec<Block> {
        let sections = self.news.form.form().sections();
        sections
            .iter()
            .filter_map(|section| self.facts(section))
            .collect()
    }

    /// A section's values of one line that are filled in. A value that the heading names already needs no label.
    fn facts(&self, section: &FilledSection<'_>) -> Option<Block> {
        let language = self.to.language;
        let title = section.section.title.text(language);
        let fact = |field: &Filled<'_>| match &field.content {
            Content::Value(value)
                if !is_of_several_lines(value.kind) && (value.is_erased || !value.is_blank()) =>
            {
                let label = field.field.label.text(language);
                Some(self.fact(if label == title { "" } else { label }, value))
            }
            Content::Value(_) | Content::Declared(..) | Content::Rows(..) => None,
        };
        let facts: Vec<Fact> = section.fields.iter().filter_map(fact).collect();
        (!facts.is_empty()).then(|| Block::Facts {
            title,
            groups: vec![facts],
        })
    }

    /// A field that does not fit into one fact.
    fn block_of(&self, field: &Filled<'_>) -> Option<Block> {
        let title = field.field.label.text(self.to.language);
        match &field.content {
            Content::Value(value) if is_of_several_lines(value.kind) => Some(self.text(title, value)),
            Content::Value(_) | Content::Declared(..) => None,
            Content::Rows(definition, rows) => match definition.purpose {
                Purpose::Details => Some(self.rows(title, definition, rows)),
                Purpose::ContactPersons => None,
            },
        }
    }

    /// The rows that the request is about.
    fn details(&self) -> Vec<Block> {
        let sections = self.news.form.form().sections();
        let fields = sections.iter().flat_map(|section| &section.fields);
        let rows = fields.filter(|field| matches!(field.content, Content::Rows(..)));
        rows.filter_map(|field| self.block_of(field)).collect()
    }

    /// The registered addresses, or the request's rows if it registers none.
    fn registered(&self) -> Vec<Block> {
        let registered = self.news.form.registrations();
        if registered.is_empty() {
            self.details()
        } else {
            vec![registrations(self.words.registered_addresses, &registered)]
        }
    }

    fn text(&self, title: &'static str, value: &FilledValue<'_>) -> Block {
        let lines = typed::lines(&value.shown(self.to.language));
        if lines.is_empty() {
            return Block::Facts {
                title,
                groups: vec![vec![Fact {
                    label: "",
                    value: Prose::ours(self.words.none),
                }]],
            };
        }
        Block::Quote {
            title: Prose::ours(title),
            lines,
        }
    }

    /// Rows as pairs of User ID and address if they have nothing else, or row by row.
    fn rows(&self, title: &'static str, definition: &Rows, rows: &[FilledRow<'_>]) -> Block {
        let language = self.to.language;
        if let [user_id, email] = definition.columns
            && matches!(user_id.kind, ValueKind::UserId(_))
            && matches!(email.kind, ValueKind::Email(_))
        {
            let pairs = rows.iter().map(|row| {
                let shown = |wanted: &Column| {
                    let found = row.values.iter().find(|(column, _)| column.name == wanted.name);
                    found.map(|(_, value)| value.shown(language)).unwrap_or_default()
                };
                (shown(user_id), shown(email))
            });
            return Block::addresses(title, pairs);
        }
        let group = |row: &FilledRow<'_>| {
            let facts = row.values.iter();
            facts
                .map(|(column, value)| self.fact(column.label.text(language), value))
                .collect()
        };
        Block::Facts {
            title,
            groups: rows.iter().map(group).collect(),
        }
    }

    fn fact(&self, label: &'static str, value: &FilledValue<'_>) -> Fact {
        let value = self.prose(value);
        Fact { label, value }
    }

    fn prose(&self, value: &FilledValue<'_>) -> Prose {
        let shown = value.shown(self.to.language);
        match value.kind {
            ValueKind::Email(_) => Prose::address(&shown),
            ValueKind::Choice(_)
            | ValueKind::Text(_)
            | ValueKind::Number(_)
            | ValueKind::Date(_)
            | ValueKind::Name(_)
            | ValueKind::Telephone(_)
            | ValueKind::Address(_)
            | ValueKind::UserId(_)
            | ValueKind::Person(_) => Prose::name(&shown),
        }
    }

    /// Identifies exactly this version of the request.
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
        let mut facts = vec![Fact {
            label: FROM.text(self.to.language),
            value: Prose::name(&self.news.head.company_name),
        }];
        let participantship = self.news.form.form().participantship();
        facts.extend(participantship.map(|own| Fact {
            label: ACTING_AS.text(self.to.language),
            value: Prose::name(&own.shown(self.to.language)),
        }));
        facts.extend(more);
        Block::Facts {
            title: COMPANY_INFORMATION.text(self.to.language),
            groups: vec![facts],
        }
    }

    fn maker(&self) -> Fact {
        Fact {
            label: self.words.submitted_by,
            value: Prose::name(&self.news.name_of(&self.news.head.maker)),
        }
    }

    /// The first of two checkers.
    fn first_checker(&self) -> Option<Fact> {
        let first = self.news.head.state.first_check()?;
        Some(self.person(self.words.first_checked_by, &first.by, first.at))
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
        self.person(label, &step.actor, step.at)
    }

    fn person(&self, label: &'static str, person: &Person, at: Timestamp) -> Fact {
        Fact {
            label,
            value: Prose::name(&self.news.name_of(person)).and(format!("{}{}", self.words.comma, shown(at))),
        }
    }

    /// The number of User IDs, if the request changes the register.
    fn user_ids(&self) -> Option<Fact> {
        let count = self.news.form.register_changes().len();
        (count > 0).then(|| Fact {
            label: self.words.user_ids,
            value: Prose::ours(count.to_string()),
        })
    }

    /// The contact persons, under the heading of their section unless another is given.
    fn contacts(&self, title: Option<&'static str>) -> Vec<Block> {
        let sections = self.news.form.form().sections();
        let mut blocks = Vec::new();
        for section in &sections {
            let title = title.unwrap_or(section.section.title.text(self.to.language));
            for field in &section.fields {
                match &field.content {
                    Content::Rows(definition, rows) if definition.purpose == Purpose::ContactPersons => {
                        blocks.push(self.rows(title, definition, rows));
                    }
                    Content::Rows(..) | Content::Value(_) | Content::Declared(..) => {}
                }
            }
        }
        blocks
    }
}

fn registrations(title: &'static str, registered: &[Registration]) -> Block {
    let pair = |at: &Registration| (at.user_id.clone(), at.email.clone());
    Block::addresses(title, registered.iter().map(pair))
}

/// Whether values of a kind have several lines.
fn is_of_several_lines(kind: &ValueKind) -> bool {
    match kind {
        ValueKind::Text(text) => text.lines == Lines::Several,
        ValueKind::Address(_) => true,
        ValueKind::Choice(_)
        | ValueKind::Number(_)
        | ValueKind::Date(_)
        | ValueKind::Name(_)
        | ValueKind::Email(_)
        | ValueKind::Telephone(_)
        | ValueKind::UserId(_)
        | ValueKind::Person(_) => false,
    }
}
