//! A market of many companies, generated from numbers: who is in each, which administrators it has, and what its people
//! do.
//!
//! Companies and people are written as an operator would enter them. What people do goes through the product's own
//! commands but not over HTTP, so that a test can simulate a year.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_application::execute::{AsRead, Command, Payload, Subject, execute};
use countersign_domain::actor::{Actor, Member, Person, Right};
use countersign_domain::campaign::Campaign;
use countersign_domain::contact::EmailAddress;
use countersign_domain::form::Form;
use countersign_domain::id::{CompanyId, PersonId, RequestId};
use countersign_domain::participantship::Participantship;
use countersign_domain::receipt::Receipt;
use countersign_domain::workflow::Action;
use countersign_platform::{App, Clock, Config};
use serde_json::json;

use crate::seed::{self, Item};
use crate::{World, of_the_template};

/// A company of the market.
#[derive(Debug, Clone)]
pub struct Firm {
    /// Its number, from 1.
    pub number: usize,
    /// How many administrators it has.
    pub administrators: usize,
    /// How many administrators already have an address, counted from the first.
    pub registered: usize,
    /// Whether a second and a third person have the right. Without them, nobody could check.
    pub has_checkers: bool,
}

/// A person's role at their company.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Makes requests.
    Maker,
    /// Checks them.
    Checker,
    /// Can check as well.
    SecondChecker,
    /// Has no rights.
    Clerk,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 4] = [Self::Maker, Self::Checker, Self::SecondChecker, Self::Clerk];

    /// The role's name in IDs and addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Maker => "maker",
            Self::Checker => "checker",
            Self::SecondChecker => "checker2",
            Self::Clerk => "clerk",
        }
    }
}

impl Firm {
    /// Its ID.
    pub fn id(&self) -> String {
        format!("firm{:04}", self.number)
    }

    /// The ID of its participant.
    pub fn participant(&self) -> String {
        format!("F{:04}", self.number)
    }

    /// The User ID of its n-th administrator, from 1.
    pub fn user_id(&self, administrator: usize) -> String {
        format!("{}X{administrator}", self.participant())
    }

    /// The ID of one of its people.
    pub fn person(&self, role: Role) -> String {
        format!("{}-{}", self.id(), role.name())
    }

    /// The address of one of its people.
    pub fn address(&self, role: Role) -> String {
        format!("{}@{}.example", role.name(), self.id())
    }

    /// Whether the person in this role has the right.
    pub fn may_act(&self, role: Role) -> bool {
        match role {
            Role::Maker => true,
            Role::Checker | Role::SecondChecker => self.has_checkers,
            Role::Clerk => false,
        }
    }

    fn items(&self) -> Vec<Item> {
        let company = format!("COMPANY#{}", self.id());
        let name = text(format!("Firm {:04}", self.number));
        let own = texts([format!("HKSCC Participant ({})", self.participant())]);
        let mut items = vec![item(
            &company,
            "PROFILE",
            [("name", name.clone()), ("participantships", own)],
        )];
        for role in Role::ALL {
            let mut person = item(
                &company,
                &format!("PERSON#{}", self.person(role)),
                [
                    ("name", text(self.person(role))),
                    ("email", text(self.address(role))),
                ],
            );
            if self.may_act(role) {
                person.insert(
                    "rights".to_owned(),
                    texts(RIGHTS.map(|right| right.as_str().to_owned())),
                );
            }
            items.push(person);
        }
        let register = format!("DA#{}", self.participant());
        for administrator in 1..=self.administrators {
            let user_id = self.user_id(administrator);
            let mut listed = item(
                &register,
                &format!("USER#{user_id}"),
                [("user_id", text(user_id))],
            );
            if administrator <= self.registered {
                let registered = [
                    (
                        "email",
                        text(format!("administrator{administrator}@{}.example", self.id())),
                    ),
                    ("since", text("2023-03-20T02:00:00.000Z")),
                    ("request", text(RequestId::from_bytes([0; 16]).to_string())),
                    ("guaranteed", AttributeValue::Bool(true)),
                ];
                listed.extend(registered.map(|(name, value)| (name.to_owned(), value)));
            }
            items.push(listed);
        }
        items.push(item(
            "COMPANIES",
            &format!("COMPANY#{}", self.id()),
            [("name", name)],
        ));
        items
    }

    /// The person in this role as the actor of a command.
    pub fn actor(&self, role: Role) -> Actor {
        let rights: BTreeSet<Right> = self
            .may_act(role)
            .then_some(RIGHTS)
            .into_iter()
            .flatten()
            .collect();
        let own = format!("HKSCC Participant ({})", self.participant());
        member(&self.person(role), &self.address(role), &self.id(), rights, &own)
    }
}

fn member(person: &str, address: &str, company: &str, rights: BTreeSet<Right>, own: &str) -> Actor {
    let wrong = || panic!("{person}, {address}, {company}");
    Actor::Member(Member {
        person: Person {
            id: PersonId::parse(person).unwrap_or_else(wrong),
            name: person.to_owned(),
        },
        email: Some(EmailAddress::parse(address).unwrap_or_else(|_| panic!("{address}"))),
        company: CompanyId::parse(company).unwrap_or_else(|| panic!("{company}")),
        company_name: company.to_owned(),
        rights,
        participantships: Participantship::parse(own).into_iter().collect(),
    })
}

/// A complete form for some of a company's administrators.
pub fn form(app: &App, firm: &Firm, administrators: impl IntoIterator<Item = usize>) -> Form {
    let change = |number| {
        let email = format!("administrator{number}@{}.example", firm.id());
        json!({"userId": firm.user_id(number), "email": email})
    };
    let content = json!({
        "eService": "DA3",
        "participantship": {"kind": "HKSCC Participant", "id": firm.participant()},
        "maintenanceRequest": "Change",
        "changes": administrators.into_iter().map(change).collect::<Vec<_>>(),
        "remarks": "",
        "declaration": true,
        "contacts": [{"name": "Contact", "email": firm.address(Role::Maker), "telephone": "29797111"}],
    });
    let parsed = Form::parse(&content, &app.kept_terms());
    parsed.unwrap_or_else(|faults| panic!("{faults:?}"))
}

/// A complete form that lets a company's second checker see requests only.
pub fn management_form(app: &App, firm: &Firm) -> Form {
    let content = json!({
        "eService": "AM1",
        "maintenanceRequest": "Change",
        "person": firm.person(Role::SecondChecker),
        "access": "SeeOnly",
        "managesUsers": "No",
    });
    let parsed = Form::parse(&content, &app.kept_terms());
    parsed.unwrap_or_else(|faults| panic!("{faults:?}"))
}

/// What the people of a company may do who may do anything.
const RIGHTS: [Right; 2] = [Right::UserMaintenance, Right::ManageUsers];

/// The officers who decide on the market's requests.
const OFFICERS: [&str; 3] = ["market-officer", "officer-1", "officer-2"];

fn officer_item(id: &str) -> Item {
    item(
        &format!("COMPANY#{}", CompanyId::EXCHANGE),
        &format!("PERSON#{id}"),
        [
            ("name", text(id)),
            ("email", text(format!("{id}@market.example"))),
            ("rights", texts([Right::Operations.as_str().to_owned()])),
        ],
    )
}

/// One of the officers.
pub fn officer(id: &str) -> Actor {
    let address = format!("{id}@market.example");
    member(id, &address, CompanyId::EXCHANGE, [Right::Operations].into(), "")
}

fn item<const N: usize>(pk: &str, sk: &str, more: [(&str, AttributeValue); N]) -> Item {
    let keys = [("pk", text(pk)), ("sk", text(sk))];
    let all = keys.into_iter().chain(more);
    all.map(|(name, value)| (name.to_owned(), value)).collect()
}

fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

fn texts<const N: usize>(values: [String; N]) -> AttributeValue {
    AttributeValue::Ss(values.into())
}

/// The companies in a world's table, and what their functions run on.
pub struct Market {
    app: App,
}

impl Market {
    /// Enters companies into a world's table.
    pub async fn open(world: &World, firms: &[Firm]) -> Self {
        let items = firms
            .iter()
            .flat_map(Firm::items)
            .chain(OFFICERS.map(officer_item))
            .collect();
        seed::items(world, items).await;
        Self {
            app: app(world, world.local.clock().clone()),
        }
    }

    /// The campaign's dates, as the functions have them.
    pub fn campaign(&self) -> &Campaign {
        &self.app.config().campaign
    }

    /// Has a company's maker save a draft for some of its administrators.
    pub async fn draft(&self, firm: &Firm, administrators: impl IntoIterator<Item = usize>) -> RequestId {
        let command = Command {
            subject: Subject::New,
            action: Action::Save,
            actor: firm.actor(Role::Maker),
            receipt: AsRead::Current,
            payload: Payload::Form(Box::new(form(&self.app, firm, administrators))),
            key: None,
        };
        execute(&self.app, command)
            .await
            .unwrap_or_else(|error| panic!("{}: {error:?}", firm.id()))
            .row
            .request
    }

    /// Has one of a company's people take a step.
    pub async fn step(&self, firm: &Firm, role: Role, id: RequestId, action: Action) {
        self.take(firm.actor(role), id, action).await;
    }

    /// Has an officer take a step.
    pub async fn decide(&self, id: RequestId, action: Action) {
        self.take(officer("market-officer"), id, action).await;
    }

    async fn take(&self, actor: Actor, id: RequestId, action: Action) {
        let stored = self.app.store().head(id).await.ok().flatten();
        let stored = stored.unwrap_or_else(|| panic!("there is no request {id}"));
        let command = Command {
            subject: Subject::Request(id),
            action,
            actor,
            receipt: AsRead::Receipt(Receipt::of(&stored.head)),
            payload: Payload::Message(
                matches!(action, Action::Return | Action::Reject).then(|| "Please see row 1.".to_owned()),
            ),
            key: None,
        };
        let taken = execute(&self.app, command).await;
        taken.unwrap_or_else(|error| panic!("{action:?} on {id}: {error:?}"));
    }
}

/// The environment of a function in a world, for calls that bypass HTTP.
pub fn app(world: &World, clock: Clock) -> App {
    app_over(world.local.dynamodb_endpoint(), world, clock)
}

/// The same as [`app`], with the table at another endpoint.
pub fn app_over(endpoint: &str, world: &World, clock: Clock) -> App {
    app_of(world, clock, |name| {
        (name == "AWS_ENDPOINT_URL_DYNAMODB").then_some(endpoint)
    })
}

/// The same as [`app`], with further variables of a function's own.
pub fn app_with(world: &World, own: &[(&str, &str)]) -> App {
    let endpoint = ("AWS_ENDPOINT_URL_DYNAMODB", world.local.dynamodb_endpoint());
    app_of(world, world.local.clock().clone(), |name| {
        let mut all = own.iter().chain([&endpoint]);
        all.find(|(own, _)| *own == name).map(|(_, value)| *value)
    })
}

/// What a function of the template works with in this world: its own environment, with `own` in the first place.
pub fn app_of_function(world: &World, name: &str, own: &[(&str, &str)]) -> App {
    let function = world.local.template().function(name);
    let function = function.unwrap_or_else(|| panic!("the template has no function {name}"));
    let of_template = function.environment.iter();
    let of_template = of_template.map(|(name, value)| (&**name, &**value));
    app_with(world, &own.iter().copied().chain(of_template).collect::<Vec<_>>())
}

fn app_of<'v>(world: &World, clock: Clock, own: impl Fn(&str) -> Option<&'v str>) -> App {
    let variables = |name: &str| match name {
        "TABLE_NAME" => Some(world.local.table_name().to_owned()),
        "AWS_REGION" | "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("market".to_owned()),
        "LOG_LEVEL" => Some("error".to_owned()),
        _ => own(name).map(str::to_owned).or_else(|| of_the_template(name)),
    };
    match Config::from_vars(variables) {
        Ok(config) => App::new(config, clock),
        Err(error) => panic!("{error}"),
    }
}
