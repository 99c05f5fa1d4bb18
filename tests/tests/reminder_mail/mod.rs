//! Reminders reach people: one e-mail per person and day, whatever happens to the job, the stream, SES or the e-mail.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::id::{CompanyId, PersonId};
use countersign_local::demonstration::PEOPLE;
use countersign_local::{Mail, Options};
use countersign_platform::store::key;
use countersign_tests::post::{inserted, text};
use countersign_tests::{World, guideline_day};
use jiff::civil::{Date, date};
use serde_json::{Value, json};

mod attached;
mod cut_off;
mod faults;
mod missed;
mod told;

const MAKER: &str = "maker@abc.example";
const CHECKER: &str = "checker@abc.example";
const NO_RIGHTS: &str = "norights@abc.example";
const OFFICER: &str = "officer@exchange.example";

/// Three days before the deadline, when everyone is reminded, and two weeks before it.
const LAST_DAYS: Date = date(2023, 4, 25);
const EARLY: Date = date(2023, 4, 14);

type Item = HashMap<String, AttributeValue>;

/// Options for a world on the morning of a day.
fn morning_of(day: Date, options: Options) -> Options {
    Options {
        clock: format!("{day}T09:00:00+08:00").parse().ok(),
        ..options
    }
}

async fn world(day: Date) -> World {
    World::with(morning_of(day, guideline_day())).await
}

/// Runs the reminders of a day.
async fn remind(world: &World, day: Date) -> Value {
    let event = json!({"job": "reminders", "scheduled": format!("{day}T01:00:00Z")});
    world.local.invoke("remind", event).await.unwrap()
}

/// How many e-mails each address received.
fn counted(mails: &[Mail]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for mail in mails {
        *counts.entry(mail.message.to[0].as_str()).or_default() += 1;
    }
    counts
}

/// The only e-mail to an address.
fn to<'a>(mails: &'a [Mail], address: &str) -> &'a Mail {
    let mut found = mails.iter().filter(|mail| mail.message.to == [address]);
    let mail = found.next().unwrap_or_else(|| panic!("no mail to {address}"));
    assert!(found.next().is_none(), "{address} got more than one");
    mail
}

/// The company and the ID of one of the demonstration's people.
fn ids(user: &str) -> (CompanyId, PersonId) {
    let person = PEOPLE.iter().find(|person| person.user == user).unwrap();
    (
        CompanyId::parse(person.company).unwrap(),
        PersonId::parse(person.id).unwrap(),
    )
}

async fn item(world: &World, key: key::Key) -> Option<Item> {
    let answer = world
        .local
        .dynamodb()
        .get_item()
        .table_name(world.local.table_name())
        .set_key(Some(key.into_attributes()))
        .send()
        .await;
    answer.unwrap().item
}

/// A person's digest of a day.
async fn digest(world: &World, user: &str, day: Date) -> Item {
    let (company, person) = ids(user);
    let found = item(world, key::digest(day, &company, &person)).await;
    found.unwrap_or_else(|| panic!("{user} is not reminded on {day}"))
}

/// The ledger's row for a person's reminder of a day.
async fn ledger(world: &World, user: &str, day: Date) -> Option<Item> {
    let (company, person) = ids(user);
    item(world, key::reminder_mail(day, &key::whose(&company, &person))).await
}

async fn status(world: &World, user: &str, day: Date) -> Option<String> {
    let row = ledger(world, user, day).await?;
    row["status"].as_s().ok().cloned()
}

/// The stream's event for a digest, moved to another day on which nobody has been told yet.
fn as_of(day: Date, digest: &Item) -> Value {
    let mut moved = digest.clone();
    moved.insert("day".to_owned(), text(&day.to_string()));
    json!({ "Records": [inserted(&moved)] })
}

async fn notify(world: &World, event: Value) {
    let answer = world.local.invoke("notify", event).await.unwrap();
    assert_eq!(answer, json!({"batchItemFailures": []}));
}
