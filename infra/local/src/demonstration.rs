//! The people, companies and registers that a fresh table starts with, so that a newcomer can walk through.

use std::collections::BTreeMap;

use aws_local::cognito::{KnownUser, Note, User};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::directory::name_digest;
use countersign_domain::eservice::EServiceId;

use crate::client::failed;
use crate::error::StartError;

#[cfg(test)]
mod tests;

/// Everybody's password.
pub const PASSWORD: &str = "countersign-demo";

/// A company of the demonstration.
#[derive(Debug)]
pub struct Company {
    /// Its ID in the directory.
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What it is at the clearing houses.
    pub participantships: &'static [&'static str],
    /// Whom the exchange may ask: name, e-mail address and telephone number.
    pub contact: [&'static str; 3],
    /// Whether its checkers may approve by replying to the mail that asks them to check.
    pub approves_by_mail: bool,
    /// The User IDs of its Delegated Administrators by participant, none with an address yet.
    pub register: &'static [(&'static str, &'static [&'static str])],
}

/// A person of the demonstration.
#[derive(Debug)]
pub struct Person {
    /// What the person signs in with, which is the e-mail address too.
    pub user: &'static str,
    /// The ID that the directory knows the person by. The user pool has another one.
    pub id: &'static str,
    /// The name that others see.
    pub name: &'static str,
    /// The ID of the person's company.
    pub company: &'static str,
    /// The access rights.
    pub rights: &'static [&'static str],
}

/// The companies. The exchange is one too, without participantships.
pub const COMPANIES: [Company; 4] = [
    Company {
        id: "abc",
        name: "ABC Company",
        participantships: &[
            "HKSCC Participant (B01234)",
            "HKCC Participant (CXYZ)",
            "SEOCH Participant (CXYZ)",
        ],
        contact: ["AAA", "AAA@bank.com.hk", "29797111"],
        approves_by_mail: true,
        register: &[(
            "B01234",
            &[
                "B01234X1", "B01234X2", "B01234X3", "B01234X4", "B01234X5", "B01234X6", "B01234X7",
                "B01234X8", "B01234X9",
            ],
        )],
    },
    Company {
        id: "bank",
        name: "Example Bank, Ltd.",
        participantships: &["HKSCC Designated Bank (BNK109)"],
        contact: ["BBB", "BBB@bank.example", "29797222"],
        approves_by_mail: false,
        register: &[("BNK109", &["BNK109X1", "BNK109X2", "BNK109X3"])],
    },
    Company {
        id: "solo",
        name: "Solo Securities",
        participantships: &["HKSCC Participant (B09999)"],
        contact: ["SSS", "SSS@solo.example", "29797333"],
        approves_by_mail: false,
        register: &[("B09999", &["B09999X1"])],
    },
    Company {
        id: "EXCHANGE",
        name: "The exchange",
        participantships: &[],
        contact: ["EEE", "EEE@exchange.example", "29797444"],
        approves_by_mail: false,
        register: &[],
    },
];

const MAKES_AND_CHECKS: &[&str] = &["EU_UserMaintenance"];
const MANAGES_USERS_TOO: &[&str] = &["EU_UserMaintenance", "EU_ManageUsers"];
const SEES: &[&str] = &["EU_ViewOnly"];
const OFFICER: &[&str] = &["HKEX_Operations", "EU_ManageUsers"];

/// The people.
pub const PEOPLE: [Person; 10] = [
    person(
        "maker@abc.example",
        "0f2c8a51-6b1e-4d0a-9c57-1a4be0d35e01",
        "A Maker",
        "abc",
        MANAGES_USERS_TOO,
    ),
    person(
        "checker@abc.example",
        "0f2c8a51-6b1e-4d0a-9c57-1a4be0d35e02",
        "D Wong",
        "abc",
        MANAGES_USERS_TOO,
    ),
    person(
        "checker2@abc.example",
        "0f2c8a51-6b1e-4d0a-9c57-1a4be0d35e03",
        "C Two",
        "abc",
        MANAGES_USERS_TOO,
    ),
    person(
        "norights@abc.example",
        "0f2c8a51-6b1e-4d0a-9c57-1a4be0d35e04",
        "N Rights",
        "abc",
        &[],
    ),
    person(
        "maker@bank.example",
        "5d7e13c4-92f8-4b66-8a3d-77c0b9e6f201",
        "B Maker",
        "bank",
        MANAGES_USERS_TOO,
    ),
    person(
        "checker@bank.example",
        "5d7e13c4-92f8-4b66-8a3d-77c0b9e6f202",
        "B Checker",
        "bank",
        MANAGES_USERS_TOO,
    ),
    person(
        "only@solo.example",
        "a93b6e08-41cd-4f27-b5f4-2e8d60c71a01",
        "S Only",
        "solo",
        MAKES_AND_CHECKS,
    ),
    person(
        "officer@exchange.example",
        "c65f0d92-8e3b-4a19-a7d1-90b42f5ce801",
        "E Officer",
        "EXCHANGE",
        OFFICER,
    ),
    person(
        "officer2@exchange.example",
        "c65f0d92-8e3b-4a19-a7d1-90b42f5ce802",
        "E Two",
        "EXCHANGE",
        OFFICER,
    ),
    person(
        "viewer@abc.example",
        "0f2c8a51-6b1e-4d0a-9c57-1a4be0d35e05",
        "V Reader",
        "abc",
        SEES,
    ),
];

const fn person(
    user: &'static str,
    id: &'static str,
    name: &'static str,
    company: &'static str,
    rights: &'static [&'static str],
) -> Person {
    Person {
        user,
        id,
        name,
        company,
        rights,
    }
}

/// The ID that the user pool has for a person. Nothing but the pool knows it, as in Cognito.
fn account(person: &Person) -> String {
    // The directory's IDs are UUIDs of version 4.
    person.id.replacen("-4", "-7", 1)
}

/// The people as the user pool has them.
pub(crate) fn users() -> Vec<User> {
    let user = |person: &Person| User {
        sub: account(person),
        email: person.user.to_owned(),
        password: PASSWORD.to_owned(),
        groups: person.rights.iter().map(|right| (*right).to_owned()).collect(),
        attributes: BTreeMap::from([
            ("custom:company".to_owned(), person.company.to_owned()),
            ("custom:person".to_owned(), person.id.to_owned()),
        ]),
    };
    PEOPLE.iter().map(user).collect()
}

/// The people as the sign-in page offers them, company by company.
pub(crate) fn known_users() -> Vec<KnownUser> {
    let companies = COMPANIES.iter();
    let people = companies.flat_map(|company| {
        let own = PEOPLE.iter().filter(|person| person.company == company.id);
        own.map(|person| KnownUser {
            email: person.user.to_owned(),
            password: PASSWORD.to_owned(),
            name: person.name.to_owned(),
            company: company.name.to_owned(),
            note: note(person),
        })
    });
    people.collect()
}

/// What a person can do, in a few words.
fn note(person: &Person) -> Note {
    let colleagues = PEOPLE
        .iter()
        .filter(|other| other.company == person.company && other.rights == person.rights);
    match person.rights {
        [] => Note {
            english: "Has no access right",
            traditional_chinese: "沒有存取權限",
        },
        SEES => Note {
            english: "Sees requests, and makes and checks none",
            traditional_chinese: "可查閱申請，但不可填報或覆核",
        },
        OFFICER => Note {
            english: "Handles requests at the exchange",
            traditional_chinese: "在 HKEX 處理申請",
        },
        _ if colleagues.count() == 1 => Note {
            english: "Makes requests, but nobody else can check them",
            traditional_chinese: "可填報申請，但公司並無其他人可覆核",
        },
        _ => Note {
            english: "Makes requests and checks those of others",
            traditional_chinese: "填報申請，並覆核他人的申請",
        },
    }
}

type Item = BTreeMap<&'static str, AttributeValue>;

/// Writes what isn't there yet; what a restart finds it leaves as it is.
pub(crate) async fn write(client: &Client, table: &str, pool: &str) -> Result<(), StartError> {
    let companies = COMPANIES.iter().map(profile);
    let people = PEOPLE.iter().filter_map(directory_entry);
    let names = PEOPLE.iter().map(name_entry);
    let accounts = PEOPLE.iter().map(|person| account_record(person, pool));
    let registers = COMPANIES.iter().flat_map(register);
    // The list comes last: whoever goes through it finds everything about a company there.
    let list = COMPANIES.iter().map(listed);
    for item in companies
        .chain(people)
        .chain(names)
        .chain(accounts)
        .chain(registers)
        .chain(list)
    {
        let item = item
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        let put = client
            .put_item()
            .table_name(table)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(pk)");
        match put.send().await {
            Ok(_) => {}
            Err(SdkError::ServiceError(error)) if error.err().is_conditional_check_failed_exception() => {}
            Err(error) => return Err(failed(&error)),
        }
    }
    Ok(())
}

/// Sets the counter so that the next reference has that number, unless it has been given already.
pub(crate) async fn first_reference(
    client: &Client,
    table: &str,
    eservice: EServiceId,
    first: u64,
) -> Result<(), StartError> {
    let update = client
        .update_item()
        .table_name(table)
        .key("pk", text(format!("SEQ#{}", eservice.code())))
        .key("sk", text("SEQ"))
        .update_expression("SET #last = :last")
        .condition_expression("attribute_not_exists(#last) OR #last < :last")
        .expression_attribute_names("#last", "last")
        .expression_attribute_values(":last", AttributeValue::N(first.saturating_sub(1).to_string()));
    match update.send().await {
        Ok(_) => Ok(()),
        Err(SdkError::ServiceError(error)) if error.err().is_conditional_check_failed_exception() => Ok(()),
        Err(error) => Err(failed(&error)),
    }
}

fn profile(company: &Company) -> Item {
    let mut item = Item::from([
        ("pk", text(format!("COMPANY#{}", company.id))),
        ("sk", text("PROFILE")),
        ("name", text(company.name)),
    ]);
    if company.approves_by_mail {
        item.insert("approves_by_mail", AttributeValue::Bool(true));
    }
    // DynamoDB has no empty sets.
    if !company.participantships.is_empty() {
        item.insert("participantships", texts(company.participantships));
    }
    item
}

fn listed(company: &Company) -> Item {
    Item::from([
        ("pk", text("COMPANIES")),
        ("sk", text(format!("COMPANY#{}", company.id))),
        ("name", text(company.name)),
    ])
}

fn directory_entry(person: &Person) -> Option<Item> {
    let company = COMPANIES.iter().find(|company| company.id == person.company)?;
    let [contact_name, contact_email, contact_telephone] = company.contact;
    let mut item = Item::from([
        ("pk", text(format!("COMPANY#{}", company.id))),
        ("sk", text(format!("PERSON#{}", person.id))),
        ("name", text(person.name)),
        ("email", text(person.user)),
        ("contact_name", text(contact_name)),
        ("contact_email", text(contact_email)),
        ("contact_telephone", text(contact_telephone)),
    ]);
    if !person.rights.is_empty() {
        item.insert("rights", texts(person.rights));
    }
    Some(item)
}

/// The item that lets nobody else of the company have a person's name.
fn name_entry(person: &Person) -> Item {
    Item::from([
        ("pk", text(format!("COMPANY#{}", person.company))),
        ("sk", text(format!("NAME#{}", name_digest(person.name)))),
        ("person", text(person.id)),
    ])
}

/// The record that the user pool has a person's account already, so that nobody is invited.
fn account_record(person: &Person, pool: &str) -> Item {
    Item::from([
        ("pk", text(format!("COMPANY#{}", person.company))),
        ("sk", text(format!("ACCOUNT#{}", person.id))),
        ("pool", text(pool)),
        ("user", text(account(person))),
        ("revision", AttributeValue::N("0".to_owned())),
    ])
}

fn register(company: &Company) -> impl Iterator<Item = Item> {
    company.register.iter().flat_map(|(participant, users)| {
        users.iter().map(move |user| {
            Item::from([
                ("pk", text(format!("DA#{participant}"))),
                ("sk", text(format!("USER#{user}"))),
                ("user_id", text(*user)),
            ])
        })
    })
}

fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

fn texts(values: &[&str]) -> AttributeValue {
    AttributeValue::Ss(values.iter().map(|value| (*value).to_owned()).collect())
}
