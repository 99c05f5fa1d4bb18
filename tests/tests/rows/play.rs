//! A company whose people can bring a request to any state and try any row from there.

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_application::execute::{AsRead, Command, MailPayload, Payload, Rejection, Subject, execute};
use countersign_domain::actor::Actor;
use countersign_domain::approval::{InboundResult, MailToken};
use countersign_domain::eservice::EServiceId;
use countersign_domain::history::HistoryRow;
use countersign_domain::id::{Digest, PersonId, RequestId};
use countersign_domain::receipt::Receipt;
use countersign_domain::request::StateName;
use countersign_domain::workflow::{Action, From, Guard, Party, Row, Write};
use countersign_platform::App;
use countersign_platform::store::approval::{Inbound, Offer};
use countersign_platform::store::item::StoredHead;
use countersign_tests::World;
use countersign_tests::market::{Firm, Market, Role, app_over, form, management_form, officer};
use jiff::SignedDuration;

/// A working day in the template's campaign.
pub(crate) const IN_THE_CAMPAIGN: &str = "2023-03-27T10:43:00+08:00";

/// How a request gets to each state: who takes which steps.
const WAY: [(StateName, &[(Who, Action)]); 5] = [
    (StateName::Draft, &[]),
    (StateName::ReadyToSend, &[(Who::Maker, Action::Submit)]),
    (
        StateName::Claimed,
        &[(Who::Maker, Action::Submit), (Who::Checker, Action::Claim)],
    ),
    (
        StateName::Sent,
        &[
            (Who::Maker, Action::Submit),
            (Who::Checker, Action::Claim),
            (Who::Checker, Action::Confirm),
        ],
    ),
    (
        StateName::Processing,
        &[
            (Who::Maker, Action::Submit),
            (Who::Checker, Action::Claim),
            (Who::Checker, Action::Confirm),
            (Who::Officer, Action::Claim),
        ],
    ),
];

/// Who plays.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Who {
    Maker,
    Checker,
    SecondChecker,
    Officer,
    SecondOfficer,
    Clock,
}

/// The company, and the environment of its functions.
pub(crate) struct Play<'w> {
    world: &'w World,
    pub(crate) app: App,
    pub(crate) firm: Firm,
    /// Whether its requests are about the company's own people.
    pub(crate) manages: bool,
}

impl<'w> Play<'w> {
    pub(crate) async fn open(world: &'w World, number: usize) -> Self {
        Self::over(world.local.dynamodb_endpoint(), world, number).await
    }

    /// The same as [`Self::open`], with the table at another endpoint.
    pub(crate) async fn over(endpoint: &str, world: &'w World, number: usize) -> Self {
        let firm = Firm {
            number,
            administrators: 4,
            registered: 0,
            has_checkers: true,
        };
        Market::open(world, std::slice::from_ref(&firm)).await;
        Self {
            world,
            app: app_over(endpoint, world, world.local.clock().clone()),
            firm,
            manages: false,
        }
    }

    /// The same, with requests that a row is for.
    pub(crate) fn for_row(self, row: &Row) -> Self {
        let manages = !row.is_for(EServiceId::Da3);
        Self { manages, ..self }
    }

    pub(crate) fn actor(&self, who: Who) -> Actor {
        match who {
            Who::Maker => self.firm.actor(Role::Maker),
            Who::Checker => self.firm.actor(Role::Checker),
            Who::SecondChecker => self.firm.actor(Role::SecondChecker),
            Who::Officer => officer("officer-1"),
            Who::SecondOfficer => officer("officer-2"),
            Who::Clock => Actor::Clock,
        }
    }

    pub(crate) async fn head(&self, id: RequestId) -> StoredHead {
        self.app.store().head(id).await.unwrap().unwrap()
    }

    /// Takes a step on a request at its current version.
    pub(crate) async fn step(&self, who: Who, id: RequestId, action: Action) -> HistoryRow {
        let receipt = Receipt::of(&self.head(id).await.head);
        let command = Command {
            subject: Subject::Request(id),
            action,
            actor: self.actor(who),
            receipt: AsRead::Receipt(receipt),
            payload: Payload::Message(None),
            key: None,
        };
        execute(&self.app, command).await.unwrap().row
    }

    pub(crate) async fn draft(&self) -> RequestId {
        let command = Command {
            subject: Subject::New,
            action: Action::Save,
            actor: self.actor(Who::Maker),
            receipt: AsRead::Current,
            payload: self.form(),
            key: None,
        };
        execute(&self.app, command).await.unwrap().row.request
    }

    fn form(&self) -> Payload {
        let form = if self.manages {
            management_form(&self.app, &self.firm)
        } else {
            form(&self.app, &self.firm, 1..=2)
        };
        Payload::Form(Box::new(form))
    }

    /// A new request in the state from which a row starts.
    pub(crate) async fn request_for(&self, row: &Row) -> RequestId {
        let state = match row.from {
            From::Nothing | From::Any => StateName::Draft,
            From::State(state) => state,
        };
        // The company asks for two checkers where that shows.
        if row.needs(Guard::FirstOfTwoChecks) || row.has(Write::SettleChecks) {
            let profile = (format!("COMPANY#{}", self.firm.id()), "PROFILE".to_owned());
            let two = AttributeValue::N("2".to_owned());
            self.world.edit(profile, "checkers", two).await;
        }
        let id = self.draft().await;
        let (_, way) = WAY.iter().find(|(reached, _)| *reached == state).unwrap();
        for (who, action) in *way {
            self.step(*who, id, *action).await;
        }
        id
    }

    /// Who takes a row's step.
    pub(crate) fn who(row: &Row) -> Who {
        match row.who {
            Party::Colleague | Party::ItsMaker => Who::Maker,
            Party::Manager => Who::SecondChecker,
            Party::Checker | Party::Holder | Party::Confirmer => Who::Checker,
            Party::Officer | Party::HoldingOfficer => Who::Officer,
            Party::OtherOfficer => Who::SecondOfficer,
            Party::Clock => Who::Clock,
        }
    }

    /// The command that takes a row on a request at its current version, with a mail token if the row spends one.
    pub(crate) async fn command(&self, row: &Row, id: RequestId) -> (Command, Digest) {
        let head = self.head(id).await.head;
        let receipt = Receipt::of(&head);
        let actor = self.actor(Self::who(row));
        let token = MailToken::of_random(self.firm.number as u128);
        let message = Some("Please see row 1.".to_owned());
        let payload = if row.has(Write::SpendToken) {
            self.offer(&token, &head, &receipt, &actor).await;
            Payload::Mail(Box::new(MailPayload {
                message,
                token: token.digest(),
                record: record(&receipt, id, &actor),
            }))
        } else if row.action == Action::Save {
            self.form()
        } else if row.action == Action::HandOver {
            Payload::HandOver {
                colleague: PersonId::parse(&self.firm.person(Role::SecondChecker)),
                message,
            }
        } else {
            Payload::Message(message.filter(|_| row.from != From::Any))
        };
        let is_new = row.from == From::Nothing;
        let command = Command {
            subject: if is_new {
                Subject::New
            } else {
                Subject::Request(id)
            },
            action: row.action,
            actor,
            receipt: if is_new {
                AsRead::Current
            } else {
                AsRead::Receipt(receipt)
            },
            payload,
            key: None,
        };
        (command, token.digest())
    }

    async fn offer(
        &self,
        token: &MailToken,
        head: &countersign_domain::request::Head,
        receipt: &Receipt,
        actor: &Actor,
    ) {
        let offer = Offer {
            request: head.id,
            tag: receipt.tag(),
            company: head.company.clone(),
            checker: actor.member().unwrap().person.id.clone(),
            until: self.app.now() + SignedDuration::from_hours(1),
        };
        self.app.store().keep_token(token, &offer).await.unwrap();
    }

    pub(crate) async fn take(&self, command: Command) -> Result<HistoryRow, Rejection> {
        execute(&self.app, command).await.map(|executed| executed.row)
    }
}

fn record(receipt: &Receipt, id: RequestId, actor: &Actor) -> Inbound {
    Inbound {
        request: id.to_string(),
        version: receipt.version,
        message: "m1".to_owned(),
        checker: actor.member().unwrap().person.id.clone(),
        at: "2023-03-20T02:00:00.000Z".to_owned(),
        result: InboundResult::Taken.as_str().to_owned(),
        message_id: None,
        is_last_answer: false,
    }
}
