//! A year of changes to companies' people and systems with the function killed at random: in the end, pool and directory
//! agree.
//!
//! `COUNTERSIGN_PROVISION_STEPS` sets how many changes there are, `COUNTERSIGN_PROVISION_SEED` which ones.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use countersign_platform::App;
use countersign_tests::World;
use countersign_tests::pool::provision_app;
use serde_json::{Value, json};

use crate::provision::company::{
    User, change_at, clients, enter_at, enter_company_as, enter_system_at, is_temporary, message, purposes,
    text, users,
};

/// How many changes `cargo test` makes.
const STEPS: usize = 200;

/// How many changes a company has. A look at a company reads everybody who was ever there.
const STEPS_OF_A_COMPANY: usize = 100;

/// Longer than an account stays leased by a call that was killed.
const LEASE_IS_OVER: Duration = Duration::from_mins(3);

/// How long the pool may take to finish what a call asked for that was killed. The next call comes later than the lease.
const POOL_IS_DONE: Duration = Duration::from_millis(5);

/// Dice whose throws a seed decides (xorshift).
struct Dice(u64);

impl Dice {
    fn throw(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % below as u64).unwrap()
    }
}

/// A call that is dropped after so many polls: wherever it is, it goes no further.
struct Killed<F> {
    call: Pin<Box<F>>,
    polls: usize,
}

impl<F: Future> Future for Killed<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(left) = self.polls.checked_sub(1) else {
            return Poll::Ready(None);
        };
        self.polls = left;
        self.call.as_mut().poll(context).map(Some)
    }
}

#[derive(Debug, Clone)]
struct Person {
    company: String,
    id: String,
    /// Empty for a system.
    email: String,
    language: &'static str,
    is_removed: bool,
}

impl Person {
    fn is_system(&self) -> bool {
        self.email.is_empty()
    }

    async fn change(&self, world: &World, set: &[(&str, &str)], raised: &[&str]) {
        let set: Vec<_> = set.iter().map(|(name, value)| (*name, text(value))).collect();
        change_at(world, (&self.company, &self.id), &set, raised).await;
    }
}

/// The companies, the people and systems that they ever had, and the messages that wait in the function's queue.
struct Play {
    world: World,
    app: App,
    dice: Dice,
    companies: usize,
    people: Vec<Person>,
    waiting: Vec<Value>,
    killed: usize,
}

impl Play {
    /// One change to the directory, as a completed request makes it.
    async fn step(&mut self, number: usize) {
        let working: Vec<usize> = (0..self.people.len())
            .filter(|at| !self.people[*at].is_removed)
            .collect();
        let throw = self.dice.throw(10);
        let company = if working.is_empty() || throw < 3 {
            self.add(number).await
        } else {
            let at = working[self.dice.throw(working.len())];
            self.change(at, throw, number).await;
            self.people[at].company.clone()
        };
        self.waiting.push(message(number, &company));
    }

    /// Somebody new, now and then with the address of somebody who was removed, anywhere; or a system.
    async fn add(&mut self, number: usize) -> String {
        let company = format!("firm{}", self.dice.throw(self.companies));
        let id = format!("p{number}");
        let email = if self.dice.throw(5) == 0 {
            enter_system_at(&self.world, &company, &id).await;
            String::new()
        } else {
            let email = self.address(number);
            enter_at(&self.world, &company, &id, &email).await;
            email
        };
        self.people.push(Person {
            company: company.clone(),
            id,
            email,
            language: "",
            is_removed: false,
        });
        company
    }

    fn address(&mut self, number: usize) -> String {
        let people = || self.people.iter().filter(|one| !one.is_system());
        let in_use: BTreeSet<&str> = people()
            .filter(|one| !one.is_removed)
            .map(|one| one.email.as_str())
            .collect();
        let free: Vec<&Person> = people()
            .filter(|one| !in_use.contains(one.email.as_str()))
            .collect();
        match free.get(self.dice.throw(free.len() + 2)) {
            Some(left) => left.email.clone(),
            None => format!("p{number}@firm.example"),
        }
    }

    async fn change(&mut self, at: usize, throw: usize, number: usize) {
        let (world, person) = (&self.world, &mut self.people[at]);
        match throw {
            3 | 4 if !person.is_system() => {
                let email = format!("p{number}@firm.example");
                person.change(world, &[("email", &email)], &[]).await;
                person.email = email;
            }
            5 if !person.is_system() => {
                person.change(world, &[("language", "zh-Hant-HK")], &[]).await;
                person.language = "zh-Hant-HK";
            }
            6 if !person.is_system() => person.change(world, &[], &["invitations"]).await,
            7 if !person.is_system() => person.change(world, &[], &["second_factor_resets"]).await,
            _ => {
                let removed = [("removed_at", "2023-02-07T02:43:03.434Z")];
                person.change(world, &removed, &[]).await;
                person.is_removed = true;
            }
        }
    }

    /// Delivers some of the messages that wait, in any order; half of the calls are killed. As a queue does, it keeps what
    /// the function has not answered, and now and then a message that it has.
    async fn deliver(&mut self) {
        let from = self.dice.throw(self.waiting.len());
        let taken: Vec<Value> = self.waiting.drain(from..).collect();
        let polls = if self.dice.throw(2) == 0 {
            usize::MAX
        } else {
            1 + self.dice.throw(25)
        };
        let call = Box::pin(provision::handle(self.app.clone(), json!({ "Records": taken })));
        match (Killed { call, polls }).await {
            None => {
                self.killed += 1;
                self.waiting.extend(taken);
                tokio::time::sleep(POOL_IS_DONE).await;
                self.pass(LEASE_IS_OVER);
            }
            Some(answer) => {
                let failures = answer.unwrap()["batchItemFailures"].clone();
                if failures != json!([]) {
                    self.waiting.extend(taken);
                    self.pass(LEASE_IS_OVER);
                } else if self.dice.throw(10) == 0 {
                    self.waiting.extend(taken);
                }
            }
        }
    }

    fn pass(&self, time: Duration) {
        let now = self.world.local.clock().now();
        self.world.at(&(now + time).to_string());
    }

    /// What is left is delivered until the queue is empty, and nothing kills the function any more.
    async fn finish(&mut self) {
        self.pass(LEASE_IS_OVER);
        let left = std::mem::take(&mut self.waiting);
        if !left.is_empty() {
            let answer = provision::handle(self.app.clone(), json!({ "Records": left }))
                .await
                .unwrap();
            assert_eq!(answer["batchItemFailures"], json!([]));
        }
    }

    /// Everybody who works there has one account that says what the directory says, and nobody else gets in.
    async fn agrees(&self) {
        let mut of_person: BTreeMap<(String, String), Vec<User>> = BTreeMap::new();
        for user in users(&self.world).await {
            let of = ["custom:company", "custom:person"].map(|name| user.says(name).to_owned());
            if of[0].starts_with("firm") {
                of_person.entry(of.into()).or_default().push(user);
            }
        }
        let passwords = self.passwords();
        for person in self.people.iter().filter(|person| !person.is_system()) {
            let key = (person.company.clone(), person.id.clone());
            let accounts = of_person.remove(&key).unwrap_or_default();
            if person.is_removed {
                assert!(
                    accounts.iter().all(|user| !user.is_enabled),
                    "{person:?}: {accounts:?}"
                );
                continue;
            }
            let [user] = accounts.as_slice() else {
                panic!("{person:?} has {accounts:?}");
            };
            assert!(user.is_enabled, "{person:?}");
            assert_eq!(
                (user.says("email"), user.says("locale")),
                (person.email.as_str(), person.language),
                "{person:?}"
            );
            let password = passwords.get(&person.email);
            let password = password.unwrap_or_else(|| panic!("{person:?} was never invited"));
            assert!(
                is_temporary(&self.world, &person.email, password).await,
                "{person:?}"
            );
        }
        assert!(of_person.is_empty(), "nobody's: {of_person:?}");
    }

    /// The password in the last invitation to each address.
    fn passwords(&self) -> BTreeMap<String, String> {
        let mails = self.world.local.mailbox().into_iter().rev();
        let password = |text: &str| {
            let (_, rest) = text.split_once("Temporary password: ")?;
            rest.split_whitespace().next().map(str::to_owned)
        };
        mails
            .filter_map(|mail| {
                Some((
                    mail.message.to.first()?.clone(),
                    password(mail.message.text.as_deref()?)?,
                ))
            })
            .collect()
    }

    /// Each system that a company has now has one client, which the table knows, and there is no other.
    async fn clients_agree(&self) {
        let systems = self
            .people
            .iter()
            .filter(|one| one.is_system() && !one.is_removed);
        let expected: BTreeSet<(String, String)> =
            systems.map(|one| (one.company.clone(), one.id.clone())).collect();
        let purposes = purposes(&self.world).await;
        let known: BTreeSet<(String, String)> = purposes.values().cloned().collect();
        assert_eq!((purposes.len(), &known), (expected.len(), &expected));
        let clients = clients(&self.world).await;
        let names: BTreeMap<String, String> = purposes
            .into_iter()
            .map(|(client, (company, system))| (client, format!("system {company} {system}")))
            .collect();
        assert_eq!(clients, names);
    }
}

fn setting(name: &str, default: usize) -> usize {
    std::env::var(name)
        .ok()
        .and_then(|value| value.parse().ok())
        .unwrap_or(default)
}

#[tokio::test(flavor = "multi_thread")]
async fn steps_with_provision_killed_at_random_leave_pool_and_directory_in_agreement() {
    let steps = setting("COUNTERSIGN_PROVISION_STEPS", STEPS);
    let seed = setting("COUNTERSIGN_PROVISION_SEED", 20_230_207);
    let world = World::start().await;
    let companies = steps.div_ceil(STEPS_OF_A_COMPANY);
    for number in 0..companies {
        enter_company_as(&world, &format!("firm{number}")).await;
    }
    let mut play = Play {
        app: provision_app(&world, world.local.users_endpoint()),
        world,
        dice: Dice(seed as u64 | 1),
        companies,
        people: Vec::new(),
        waiting: Vec::new(),
        killed: 0,
    };
    for number in 0..steps {
        play.step(number).await;
        if play.dice.throw(3) > 0 {
            play.deliver().await;
        }
    }
    play.finish().await;
    play.agrees().await;
    play.clients_agree().await;
    assert!(
        play.killed * 20 > steps,
        "killed {} times in {steps} steps",
        play.killed
    );
    println!(
        "{steps} steps, killed {} times, {} people",
        play.killed,
        play.people.len()
    );
    play.world.local.stop().await;
}
