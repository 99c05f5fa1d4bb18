//! The guideline's request on its way: ABC Company, made by A Maker, checked by D Wong, handled by E Officer.

use countersign_domain::actor::Person;
use countersign_domain::approval::{Declined, ReplyTime};
use countersign_domain::calendar::WorkingHours;
use countersign_domain::campaign::{Campaign, Dates};
use countersign_domain::commitment::Salt;
use countersign_domain::contact::{EmailAddress, UserIdRule};
use countersign_domain::eservice::EServiceId;
use countersign_domain::form::{CompleteForm, Form, Terms};
use countersign_domain::history::{HistoryRow, RowSalts};
use countersign_domain::id::{Digest, ParticipantId, PersonId, Reference, RequestId};
use countersign_domain::language::Language;
use countersign_domain::register::Standings;
use countersign_domain::request::{Checks, Head, StateName};
use countersign_domain::time;
use countersign_domain::workflow::{Action, Audience, From, Party, Row, TABLE, Write};
use jiff::Timestamp;
use jiff::civil::date;
use serde_json::{Value, json};

use self::facts::{clock_of, facts};
use crate::letter::{Letter, write};
use crate::news::{News, Recipient, What};

mod facts;

/// Where a checker's reply goes to.
pub(super) const REPLY_ADDRESS: &str = "approve+abcdefghijklmnopqrstuvwxyz@mail.example";

pub(in crate::letter) const PORTAL: &str = "https://portal.example";

/// A step that was taken, with everything that a letter can say of it.
pub(in crate::letter) struct Scene {
    pub(in crate::letter) step: HistoryRow,
    pub(super) head: Head,
    pub(super) form: CompleteForm,
    pub(super) standings: Standings,
    campaign: Campaign,
    last_holder: Option<Person>,
}

/// The rows of the workflow that tell somebody, each with whom.
pub(super) fn told() -> impl Iterator<Item = (&'static Row, Audience)> {
    TABLE
        .iter()
        .flat_map(|row| row.tell.iter().map(move |&audience| (row, audience)))
}

/// The row that somebody takes from a state.
pub(in crate::letter) fn row(from: StateName, action: Action, who: Party) -> &'static Row {
    let fits = |row: &&Row| row.from == From::State(from) && row.action == action && row.who == who;
    TABLE.iter().find(fits).unwrap()
}

/// The row of the first of two checks.
pub(super) fn first_check(action: Action) -> &'static Row {
    let fits = |row: &&Row| row.has(Write::FirstCheck) && row.action == action;
    TABLE.iter().find(fits).unwrap()
}

pub(super) fn form_of(draft: &Value) -> CompleteForm {
    let rule = UserIdRule::new("[A-Z0-9]{1,4}").unwrap();
    Form::parse(draft, &Terms::kept(&rule))
        .unwrap()
        .complete()
        .unwrap()
}

pub(super) fn guideline_form() -> Value {
    json!({
        "eService": "DA3",
        "participantship": {"kind": "HKSCC Participant", "id": "B01234"},
        "maintenanceRequest": "Change",
        "changes": [{"userId": "B01234X1", "email": "ABC@bank.com.hk"}],
        "remarks": "",
        "declaration": true,
        "contacts": [{"name": "AAA", "email": "AAA@bank.com.hk", "telephone": "29797111"}],
    })
}

fn person(id: &str, name: &str) -> Person {
    Person {
        id: PersonId::parse(id).unwrap(),
        name: name.to_owned(),
    }
}

fn actor(who: Party) -> Person {
    match who {
        Party::Colleague | Party::ItsMaker => person("maker", "A Maker"),
        Party::Manager => person("checker2", "C Two"),
        Party::OtherOfficer => person("officer2", "F Officer"),
        Party::Checker | Party::Holder | Party::Confirmer => person("checker", "D Wong"),
        Party::Officer | Party::HoldingOfficer => person("officer", "E Officer"),
        Party::Clock => Person::clock(),
    }
}

fn message(row: &Row) -> Option<String> {
    let message = match (row.action, row.who) {
        (Action::Submit, _) => "Please check this before noon.",
        (Action::Return, Party::Holder) | (Action::ReturnByMail, _) => {
            "The address is the helpdesk's.\nPlease give the administrator's own."
        }
        (Action::Return, _) => "B01234X1 left the company last week.",
        (Action::HandOver, _) => "I am away from noon on.",
        (Action::TakeOver, _) => "E Officer is in another matter today.",
        (Action::Reject, _) => "Your participantship ends on 31-Mar-2023.",
        _ => return None,
    };
    Some(message.to_owned())
}

impl Scene {
    /// Makes it a request of another eService, with everything filled in.
    pub(super) fn fill_in(&mut self, id: EServiceId) {
        let participant = ParticipantId::parse("B01234").unwrap();
        let eservice = id.definition();
        let mut draft = json!({"eService": id});
        if eservice.is_for_a_participant() {
            draft["participantship"] = json!(self.head.participantship);
        } else {
            self.head.participantship = None;
            draft["maintenanceRequest"] = json!("Change");
        }
        for field in eservice.fields() {
            if draft.get(field.name).is_none() && eservice.is_shown(field, &draft, None) {
                draft[field.name] = field.example(&participant);
            }
        }
        self.head.eservice = id;
        (self.step.eservice, self.step.reference) = (id, Reference::new(id, 13361));
        let names = [(
            "0f2c8a51-6b1e-4d0a-9c57-1a4be0d35e03".to_owned(),
            "C Two".to_owned(),
        )];
        self.form = form_of(&draft).naming(names.into());
    }

    /// The guideline's day, 07-Feb-2023.
    pub(in crate::letter) fn of(row: &Row) -> Self {
        Self::on("2023-02-07", true, row)
    }

    /// A day after the deadline.
    pub(super) fn late(row: &Row) -> Self {
        Self::on("2023-05-03", false, row)
    }

    fn on(day: &str, in_time: bool, row: &Row) -> Self {
        let at = |clock: &str| time::parse(&format!("{day}T{clock}:00+08:00")).unwrap();
        let from = match row.from {
            From::State(from) => Some(from),
            From::Nothing | From::Any => None,
        };
        let form = form_of(&guideline_form());
        let salt = Salt::from_bits(7);
        let step = HistoryRow {
            request: RequestId::from_parts(1_675_737_780_000, 7),
            eservice: EServiceId::Da3,
            version: 4,
            action: row.action,
            actor: actor(row.who),
            at: at(clock_of(row)),
            from,
            to: row.to,
            message: message(row),
            handed_to: (row.action == Action::HandOver).then(|| person("checker2", "C Two")),
            reference: Reference::new(EServiceId::Da3, 13361),
            checks: if row.has(Write::FirstCheck) {
                Checks::LastOfTwo
            } else {
                Checks::One
            },
            cloned_from: None,
            form_hash: Digest::of(form.form().text().as_bytes()),
            previous: Digest::ZERO,
            command: None,
            seals: RowSalts {
                name: salt,
                message: salt,
                handed_to: salt,
            }
            .seals(message(row).as_ref(), None),
        };
        let head = Head::from_facts(&facts(&step, in_time, at("10:43"), at("10:45"))).unwrap();
        let mut scene = Self {
            step,
            head,
            form,
            last_holder: match from {
                Some(StateName::Claimed) => Some(person("checker", "D Wong")),
                Some(StateName::Processing) => Some(person("officer", "E Officer")),
                _ => None,
            },
            standings: (1..=9).map(|n| (format!("B01234X{n}"), None)).collect(),
            campaign: Campaign::new(Dates {
                opens: date(2023, 2, 1),
                deadline: date(2023, 4, 28),
                parallel_run: None,
                reminder_days: [30, 14, 7, 3, 1, 0].into(),
                reminder_time: jiff::civil::time(9, 0, 0, 0),
            })
            .unwrap(),
        };
        if !row.is_for(EServiceId::Da3) {
            scene.fill_in(EServiceId::Am1);
        }
        scene
    }

    pub(super) fn news(&self, what: What) -> News<'_> {
        News {
            what,
            step: &self.step,
            head: &self.head,
            form: &self.form,
            standings: Some(&self.standings),
            last_holder: self.last_holder.as_ref(),
            bounced: (what == What::AddressBounced).then_some("ABC@bank.com.hk"),
            campaign: &self.campaign,
            reply_time: ReplyTime::new(WorkingHours::parse("09:00-18:00").unwrap(), 27),
            portal_url: PORTAL,
            is_last_answer: false,
        }
    }

    /// Someone of an audience.
    pub(super) fn recipient(&self, audience: Audience, language: Language) -> Recipient {
        let (name, address) = match audience {
            Audience::Holder if self.step.handed_to.is_some() => (Some("C Two"), "checker2@abc.example"),
            Audience::Checkers if self.step.action == Action::ReleaseForAbsence => {
                (Some("C Two"), "checker2@abc.example")
            }
            // Whoever checked it first is not asked again.
            Audience::Checkers if self.step.checks == Checks::LastOfTwo => {
                (Some("C Two"), "checker2@abc.example")
            }
            Audience::Checkers | Audience::Checker | Audience::Holder | Audience::LastHolder => {
                (Some("D Wong"), "checker@abc.example")
            }
            Audience::OtherCheckers | Audience::Colleagues | Audience::PersonConcerned => {
                (Some("C Two"), "checker2@abc.example")
            }
            Audience::Maker => (Some("A Maker"), "maker@abc.example"),
            Audience::ExchangeDesk | Audience::Officer | Audience::LastOfficer => {
                (Some("E Officer"), "officer@exchange.example")
            }
            Audience::ContactPersons => (Some("AAA"), "AAA@bank.com.hk"),
            Audience::NewAddresses => (None, "ABC@bank.com.hk"),
        };
        Recipient {
            audience,
            person: None,
            approves_by_mail: false,
            reply_address: None,
            name: name.map(str::to_owned),
            address: EmailAddress::parse(address).unwrap(),
            language,
            registrations: match audience {
                Audience::NewAddresses => self.form.registrations(),
                _ => Vec::new(),
            },
        }
    }

    pub(super) fn letter(&self, audience: Audience, language: Language) -> Letter {
        write(&self.news(What::Step), &self.recipient(audience, language)).unwrap()
    }

    /// What a checker reads who may decide by replying.
    pub(super) fn offer(&self, language: Language) -> Letter {
        let mut to = self.recipient(Audience::Checkers, language);
        to.reply_address = Some(REPLY_ADDRESS.to_owned());
        write(&self.news(What::Step), &to).unwrap()
    }

    /// The request as it was submitted, and as a further step has left it.
    pub(super) fn moved_on(row: &Row) -> Self {
        let mut scene = submitted();
        scene.head = Self::of(row).head;
        scene.head.version = scene.step.version + 1;
        scene
    }

    /// The scene in which a reply does nothing for this reason.
    pub(super) fn of_declined(why: Declined) -> Self {
        match why {
            Declined::NotUnderstood
            | Declined::NoReason
            | Declined::BothCommands
            | Declined::NotAtTop
            | Declined::RenderingsDiffer
            | Declined::ControlCharacters
            | Declined::OtherRequest
            | Declined::Expired
            | Declined::SwitchedOff
            | Declined::RightMissing
            | Declined::SeveralTokens
            | Declined::OnBehalf
            | Declined::Encrypted
            | Declined::UnknownCharacters
            | Declined::TooLong
            | Declined::NoText
            | Declined::Damaged => submitted(),
            Declined::Spent => {
                Self::moved_on(row(StateName::ReadyToSend, Action::ConfirmByMail, Party::Checker))
            }
            Declined::CheckedFirst => Self::moved_on(first_check(Action::Confirm)),
            Declined::OwnRequest => Self::moved_on(row(StateName::Draft, Action::Save, Party::ItsMaker)),
            Declined::NoLongerPossible => {
                Self::moved_on(row(StateName::ReadyToSend, Action::Claim, Party::Checker))
            }
        }
    }

    /// What the checker reads whose reply did nothing.
    pub(super) fn declined(&self, why: Declined, language: Language) -> Letter {
        let checker = self.recipient(Audience::Checker, language);
        write(&self.news(What::Declined(why)), &checker).unwrap()
    }

    /// What the holder, a checker or an officer, reads whose claim ends soon.
    pub(super) fn ends_soon(&self, holder: Audience, language: Language) -> Letter {
        let holder = self.recipient(holder, language);
        write(&self.news(ENDS_SOON), &holder).unwrap()
    }

    /// What the maker reads when mail to a registered address comes back.
    pub(super) fn address_bounced(&self, language: Language) -> Letter {
        let maker = self.recipient(Audience::Maker, language);
        write(&self.news(What::AddressBounced), &maker).unwrap()
    }

    /// What the maker reads when no checker can be told.
    pub(super) fn unreachable(&self, language: Language) -> Letter {
        let maker = self.recipient(Audience::Maker, language);
        write(&self.news(What::CheckersUnreachable), &maker).unwrap()
    }
}

/// That the guideline's claim, of 10:45, ends on the next day at 09:45.
pub(super) const ENDS_SOON: What = What::ClaimEndsSoon(Timestamp::constant(1_675_820_700, 0));

/// The request that a checker has just claimed.
pub(super) fn claimed() -> Scene {
    Scene::of(row(StateName::ReadyToSend, Action::Claim, Party::Checker))
}

/// The request that an officer has just claimed.
pub(super) fn processed() -> Scene {
    Scene::of(row(StateName::Sent, Action::Claim, Party::Officer))
}

/// The request that its maker has just submitted.
pub(super) fn submitted() -> Scene {
    Scene::of(row(StateName::Draft, Action::Submit, Party::ItsMaker))
}

/// The request that its maker has just submitted, and that two people check.
pub(super) fn submitted_for_two() -> Scene {
    let mut scene = submitted();
    scene.step.checks = Checks::FirstOfTwo;
    scene.head.checks = Checks::FirstOfTwo;
    scene
}
