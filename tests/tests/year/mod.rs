//! A year of days over a market of fifty companies: who is reminded of what, and when.
//!
//! The test keeps its own book of what each company has done and checks every reminder against it: each person who is
//! due is told exactly what is left to do, and nobody of what is done. The year is written to `snapshots` beside this
//! file for reading.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

use countersign_domain::campaign::ReminderDay;
use countersign_domain::reminder::{Digest, Listed, Task};
use countersign_domain::time;
use countersign_local::Options;
use countersign_tests::World;
use countersign_tests::market::{Firm, Market, Role};
use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use serde_json::{Value, json};

mod book;
mod plan;

use book::{Account, Told};

const FIRMS: usize = 50;

fn event(day: Date) -> Value {
    let scheduled = format!("{day}T01:00:00Z");
    json!({"job": "reminders", "scheduled": scheduled})
}

/// Runs the job in the worst way: killed at a random moment, killed again, twice in parallel, and once more.
async fn run_badly(world: &World, day: Date) {
    let random = RandomState::new();
    for attempt in 0..2 {
        let milliseconds = random.hash_one((day.day(), attempt)) % 400;
        let killed = world.local.invoke("remind", event(day));
        let _ = tokio::time::timeout(Duration::from_millis(milliseconds), killed).await;
    }
    let run = || world.local.invoke("remind", event(day));
    let (first, second) = tokio::join!(run(), run());
    first.unwrap();
    second.unwrap();
    let last = run().await.unwrap();
    assert_eq!(last["digests"], 0, "{last}");
}

/// Checks that the mailbox has one e-mail for each reminder of a day, with the deadline as an attached file, and no
/// other.
async fn hold_the_mails_to(world: &World, before: usize, reminders: &BTreeMap<String, Told>) {
    let mails = world.mails_since(before).await;
    let mut to: Vec<String> = mails
        .iter()
        .filter(|mail| !mail.message.attachments.is_empty())
        .flat_map(|mail| mail.message.to.clone())
        .filter(|address| address.contains("@firm"))
        .collect();
    to.sort();
    let mut owed: Vec<String> = reminders
        .keys()
        .filter_map(|person| {
            let (firm, role) = person.split_once('-')?;
            Some(format!("{role}@{firm}.example"))
        })
        .collect();
    owed.sort();
    assert_eq!(to, owed);
}

/// All digests of a day, by person.
async fn reminders(world: &World, day: Date) -> BTreeMap<String, Told> {
    let mut told = BTreeMap::new();
    let mut start = None;
    loop {
        let answer = world
            .local
            .dynamodb()
            .scan()
            .table_name(world.local.table_name())
            .filter_expression("begins_with(pk, :day) AND sk = :digest")
            .expression_attribute_values(":day", text(format!("REMIND#{day}#")))
            .expression_attribute_values(":digest", text("DIGEST"))
            .set_exclusive_start_key(start)
            .send()
            .await
            .unwrap();
        for item in answer.items.unwrap_or_default() {
            let digest: Digest = serde_dynamo::from_item(item).unwrap();
            let requests =
                |list: &Listed<Task>| list.rows.iter().map(|task| task.request.to_string()).collect();
            let administrators = digest.not_registered.rows.iter();
            let reminder = Told {
                not_registered: administrators.map(|row| row.user_id.clone()).collect(),
                drafts: requests(&digest.drafts),
                waiting: requests(&digest.waiting),
                claimed: requests(&digest.claimed),
            };
            let person = digest.person.to_string();
            assert!(told.insert(person, reminder).is_none(), "{} twice", digest.person);
        }
        start = answer.last_evaluated_key;
        if start.is_none() {
            return told;
        }
    }
}

fn text(value: impl Into<String>) -> aws_sdk_dynamodb::types::AttributeValue {
    aws_sdk_dynamodb::types::AttributeValue::S(value.into())
}

/// Checks a day's reminders against the book, and writes them down for reading.
fn hold_to_the_book(
    accounts: &[Account],
    reminder: &ReminderDay,
    reminders: &BTreeMap<String, Told>,
    year: &mut String,
) {
    let (day, left) = (time::shown_day(reminder.day), reminder.days_left);
    writeln!(
        year,
        "\n{day}, {left} days left: {} people reminded",
        reminders.len()
    )
    .unwrap();
    let mut owed_to = BTreeSet::new();
    for account in accounts {
        let mut lines: Vec<(String, Vec<&str>)> = Vec::new();
        for role in Role::ALL {
            let owed = account.owed(role, reminder.is_for_everyone);
            let person = account.firm.person(role);
            assert_eq!(
                reminders.get(&person),
                Some(&owed).filter(|owed| !owed.is_empty()),
                "{person} on {day}"
            );
            if !owed.is_empty() {
                let words = owed.words();
                match lines.iter_mut().find(|(known, _)| *known == words) {
                    Some((_, who)) => who.push(role.name()),
                    None => lines.push((words, vec![role.name()])),
                }
                owed_to.insert(person);
            }
        }
        for (words, who) in lines {
            writeln!(year, "  {} {}: {words}", account.firm.id(), who.join(", ")).unwrap();
        }
    }
    let others: Vec<_> = reminders
        .keys()
        .filter(|person| !owed_to.contains(*person))
        .collect();
    assert!(others.is_empty(), "{others:?} on {day}");
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_year_everyone_is_reminded_of_what_is_left_to_do_and_nobody_of_what_is_done() {
    let world = World::with(Options {
        clock: "2023-01-01T09:00:00+08:00".parse().ok(),
        ..Options::in_memory()
    })
    .await;
    let mut accounts: Vec<Account> = (1..=FIRMS).map(Account::of).collect();
    let firms: Vec<Firm> = accounts.iter().map(|account| account.firm.clone()).collect();
    let market = Market::open(&world, &firms).await;
    let (mut year, mut days) = (String::new(), 0);
    let mut day = date(2023, 1, 1);
    while day.year() == 2023 {
        world.at(&format!("{day}T09:00:00+08:00"));
        let due = market.campaign().reminder_due(day, day);
        if let Some(reminder) = due.filter(|reminder| reminder.day == day) {
            let before = world.mails_since(0).await.len();
            run_badly(&world, day).await;
            let mut reminders = reminders(&world, day).await;
            // The demonstration's companies are tested elsewhere.
            reminders.retain(|person, _| person.starts_with("firm"));
            hold_the_mails_to(&world, before, &reminders).await;
            hold_to_the_book(&accounts, &reminder, &reminders, &mut year);
            days += 1;
        } else {
            let answer = world.local.invoke("remind", event(day)).await.unwrap();
            assert_eq!(
                (&answer["companies"], &answer["digests"]),
                (&json!(0), &json!(0)),
                "{day}"
            );
        }
        for account in &mut accounts {
            account.live(&world, &market, day).await;
        }
        day = day.saturating_add(1.day());
    }
    assert_eq!(days, 6);
    insta::assert_snapshot!(year.trim_start());
    world.local.stop().await;
}
