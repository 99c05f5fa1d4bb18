//! A year of days over a market of fifty companies: who is reminded of what, and when.
//!
//! The test keeps a book of its own about what each company has done, and holds every reminder to it: everyone whose turn
//! it is is told of exactly what is left to do, and nobody of what is done. `tests/snapshots` holds the year for reading.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

use countersign_domain::campaign::ReminderDay;
use countersign_domain::id::RequestId;
use countersign_domain::reminder::{Digest, Listed, Task};
use countersign_domain::request::StateName;
use countersign_domain::time;
use countersign_domain::workflow::Action;
use countersign_local::Options;
use countersign_tests::World;
use countersign_tests::market::{Firm, Market, Role};
use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use serde_json::{Value, json};

/// What somebody does.
#[derive(Debug, Clone)]
enum Deed {
    /// The maker starts a draft for these administrators.
    Draft(std::ops::RangeInclusive<usize>),
    /// Somebody takes a step on the last draft.
    Step(Role, Action),
    /// An officer does.
    Officer(Action),
}

/// What the book says of a request.
struct Entry {
    id: RequestId,
    state: StateName,
    administrators: BTreeSet<usize>,
    holder: Option<Role>,
}

/// A company with what it will do, and the book about it.
struct Account {
    firm: Firm,
    plan: Vec<(Date, i8, Deed)>,
    requests: Vec<Entry>,
    registered: BTreeSet<usize>,
}

/// What one person is reminded of, by the book or in fact.
#[derive(Debug, PartialEq, Eq, Clone)]
struct Told {
    not_registered: BTreeSet<String>,
    drafts: BTreeSet<String>,
    waiting: BTreeSet<String>,
    claimed: BTreeSet<String>,
}

impl Told {
    fn is_empty(&self) -> bool {
        [&self.not_registered, &self.drafts, &self.waiting, &self.claimed]
            .iter()
            .all(|list| list.is_empty())
    }

    /// In a few words.
    fn words(&self) -> String {
        let parts = [
            (&self.not_registered, "without an address"),
            (&self.drafts, "left as a draft"),
            (&self.waiting, "on the desk"),
            (&self.claimed, "claimed"),
        ];
        let parts = parts.iter().filter(|(list, _)| !list.is_empty());
        let parts: Vec<String> = parts
            .map(|(list, what)| format!("{} {what}", list.len()))
            .collect();
        parts.join(", ")
    }
}

const FIRMS: usize = 50;

/// What a company does, by the last digit of its number.
fn plan(number: usize) -> (usize, bool, Vec<(Date, i8, Deed)>) {
    use Action::{Claim, Complete, Confirm, Discard, Reject, Return, Submit};
    use Role::{Checker, Maker, SecondChecker};
    let april = |day| date(2023, 4, day);
    let march = |day| date(2023, 3, day);
    let draft = |day, administrators| vec![(day, 10, Deed::Draft(administrators))];
    let submitted = |day, administrators| {
        let mut plan = draft(day, administrators);
        plan.push((day, 11, Deed::Step(Maker, Submit)));
        plan
    };
    let checked = |day| {
        vec![
            (day, 14, Deed::Step(Checker, Claim)),
            (day, 15, Deed::Step(Checker, Confirm)),
        ]
    };
    let done = |day| {
        vec![
            (day, 16, Deed::Officer(Claim)),
            (day, 17, Deed::Officer(Complete)),
        ]
    };
    let administrators = 2 + number % 7;
    let all = 1..=administrators;
    let plan = match number % 10 {
        // Everything in the first week.
        0 => [submitted(march(22), all), checked(march(22)), done(march(23))].concat(),
        // One at first, the rest on the way.
        1 => [
            submitted(march(24), 1..=1),
            checked(march(24)),
            done(march(27)),
            submitted(april(17), 2..=administrators),
            checked(april(18)),
            done(april(19)),
        ]
        .concat(),
        // A draft that lies about until the last days.
        2 => [
            draft(march(22), all),
            vec![(april(26), 12, Deed::Step(Maker, Submit))],
            checked(april(26)),
            done(april(27)),
        ]
        .concat(),
        // On the desk for two weeks.
        3 => [submitted(april(11), all), checked(april(26)), done(april(27))].concat(),
        // Claimed in the afternoon before the last day, and confirmed on it.
        4 => [
            submitted(april(13), all),
            vec![
                (april(27), 15, Deed::Step(SecondChecker, Claim)),
                (april(28), 10, Deed::Step(SecondChecker, Confirm)),
            ],
            done(april(28)),
        ]
        .concat(),
        // Nothing at all.
        5 => vec![],
        // Too late.
        6 => [
            submitted(date(2023, 5, 2), all),
            checked(date(2023, 5, 3)),
            done(date(2023, 5, 4)),
        ]
        .concat(),
        // Thrown away, done again, sent back, and done.
        7 => [
            draft(march(21), 1..=1),
            vec![(march(21), 12, Deed::Step(Maker, Discard))],
            submitted(march(28), all),
            vec![
                (march(28), 14, Deed::Step(Checker, Claim)),
                (march(28), 15, Deed::Step(Checker, Return)),
                (april(12), 11, Deed::Step(Maker, Submit)),
            ],
            checked(april(14)),
            done(april(14)),
        ]
        .concat(),
        // Nobody there could check.
        8 => draft(april(3), all),
        // The exchange refuses it.
        _ => [
            submitted(april(12), all),
            checked(april(12)),
            vec![
                (april(20), 16, Deed::Officer(Claim)),
                (april(20), 17, Deed::Officer(Reject)),
            ],
        ]
        .concat(),
    };
    (administrators, number % 10 != 8, plan)
}

impl Account {
    fn of(number: usize) -> Self {
        let (administrators, has_checkers, plan) = plan(number);
        Self {
            firm: Firm {
                number,
                administrators,
                has_checkers,
            },
            plan,
            requests: Vec::new(),
            registered: BTreeSet::new(),
        }
    }

    /// Does what is planned for a day, and keeps the book.
    async fn live(&mut self, world: &World, market: &Market, day: Date) {
        for (_, hour, deed) in self.plan.iter().filter(|(planned, ..)| *planned == day) {
            world.at(&format!("{day}T{hour:02}:00:00+08:00"));
            match deed {
                Deed::Draft(administrators) => {
                    let id = market.draft(&self.firm, administrators.clone()).await;
                    let administrators = administrators.clone().collect();
                    let state = StateName::Draft;
                    self.requests.push(Entry {
                        id,
                        state,
                        administrators,
                        holder: None,
                    });
                }
                Deed::Step(role, action) => {
                    let entry = self.requests.last_mut().unwrap();
                    market.step(&self.firm, *role, entry.id, *action).await;
                    (entry.state, entry.holder) = match action {
                        Action::Submit => (StateName::ReadyToSend, None),
                        Action::Claim => (StateName::Claimed, Some(*role)),
                        Action::Confirm => (StateName::Sent, None),
                        Action::Return => (StateName::Draft, None),
                        Action::Discard => (StateName::Discarded, None),
                        other => panic!("{other:?}"),
                    };
                }
                Deed::Officer(action) => {
                    let entry = self.requests.last_mut().unwrap();
                    market.decide(entry.id, *action).await;
                    entry.state = match action {
                        Action::Claim => StateName::Processing,
                        Action::Reject => StateName::Rejected,
                        _ => StateName::Completed,
                    };
                    if entry.state == StateName::Completed {
                        self.registered.extend(&entry.administrators);
                    }
                }
            }
        }
    }

    /// What one of its people has to be told of, by the book.
    fn owed(&self, role: Role, for_everyone: bool) -> Told {
        let under_way: BTreeSet<usize> = self
            .requests
            .iter()
            .filter(|entry| entry.state.is_open())
            .flat_map(|entry| entry.administrators.iter().copied())
            .collect();
        let left = (1..=self.firm.administrators)
            .filter(|number| !self.registered.contains(number) && !under_way.contains(number))
            .filter(|_| for_everyone || self.firm.may_act(role));
        let of = |state: StateName, concerns: &dyn Fn(&Entry) -> bool| {
            let entries = self.requests.iter().filter(|entry| entry.state == state);
            let entries = entries.filter(|entry| for_everyone || concerns(entry));
            entries.map(|entry| entry.id.to_string()).collect()
        };
        Told {
            not_registered: left.map(|number| self.firm.user_id(number)).collect(),
            drafts: of(StateName::Draft, &|_| role == Role::Maker),
            waiting: of(StateName::ReadyToSend, &|_| {
                role != Role::Maker && self.firm.may_act(role)
            }),
            claimed: of(StateName::Claimed, &|entry| entry.holder == Some(role)),
        }
    }
}

fn event(day: Date) -> Value {
    let scheduled = format!("{day}T01:00:00Z");
    json!({"job": "reminders", "scheduled": scheduled})
}

/// Runs the job as badly as it can be: killed after a random while, killed again, twice at once, and once more.
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

/// Every reminder of a day, by person.
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

/// Holds a day's reminders to the book, and writes them down for reading.
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
        match market.campaign().reminder_on(day) {
            Some(reminder) => {
                run_badly(&world, day).await;
                let mut reminders = reminders(&world, day).await;
                // The runner's own companies are others' concern.
                reminders.retain(|person, _| person.starts_with("firm"));
                hold_to_the_book(&accounts, &reminder, &reminders, &mut year);
                days += 1;
            }
            None => {
                let answer = world.local.invoke("remind", event(day)).await.unwrap();
                assert_eq!(
                    (&answer["companies"], &answer["digests"]),
                    (&json!(0), &json!(0)),
                    "{day}"
                );
            }
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
