//! A year of changes to a company's people with the function killed at random: in the end, pool and directory agree.
//!
//! `COUNTERSIGN_PROVISION_STEPS` sets how many changes there are, `COUNTERSIGN_PROVISION_SEED` which ones.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use countersign_platform::App;
use countersign_tests::World;
use countersign_tests::pool::provision_app;
use serde_json::{Value, json};

use crate::provision::company::{
    User, change, enter, enter_company, invitations, is_temporary, message, text, users,
};

/// How many changes `cargo test` makes.
const STEPS: usize = 200;

/// Longer than an account stays leased by a call that was killed.
const LEASE_IS_OVER: Duration = Duration::from_mins(3);

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
    id: String,
    email: String,
    language: &'static str,
    is_removed: bool,
}

/// The company, the people whom it ever had, and the messages that wait in the function's queue.
struct Play {
    world: World,
    app: App,
    dice: Dice,
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
        if working.is_empty() || throw < 3 {
            self.add(number).await;
        } else {
            let at = working[self.dice.throw(working.len())];
            self.change(at, throw, number).await;
        }
        self.waiting.push(message(number));
    }

    /// Somebody new, now and then with the address of somebody who was removed.
    async fn add(&mut self, number: usize) {
        let in_use = |email: &str| {
            self.people
                .iter()
                .any(|one| !one.is_removed && one.email == email)
        };
        let free: Vec<_> = self.people.iter().filter(|one| !in_use(&one.email)).collect();
        let email = match free.get(self.dice.throw(free.len() + 2)) {
            Some(left) => left.email.clone(),
            None => format!("p{number}@firm.example"),
        };
        let id = format!("p{number}");
        enter(&self.world, &id, &email).await;
        self.people.push(Person {
            id,
            email,
            language: "",
            is_removed: false,
        });
    }

    async fn change(&mut self, at: usize, throw: usize, number: usize) {
        let id = self.people[at].id.clone();
        match throw {
            3 | 4 => {
                let email = format!("p{number}@firm.example");
                change(&self.world, &id, &[("email", text(&email))], &[]).await;
                self.people[at].email = email;
            }
            5 => {
                change(&self.world, &id, &[("language", text("zh-Hant-HK"))], &[]).await;
                self.people[at].language = "zh-Hant-HK";
            }
            6 => change(&self.world, &id, &[], &["invitations"]).await,
            7 => change(&self.world, &id, &[], &["second_factor_resets"]).await,
            _ => {
                change(
                    &self.world,
                    &id,
                    &[("removed_at", text("2023-02-07T02:43:03.434Z"))],
                    &[],
                )
                .await;
                self.people[at].is_removed = true;
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
        let mut of_person: BTreeMap<String, Vec<User>> = BTreeMap::new();
        for user in users(&self.world).await {
            if user.says("custom:company") == crate::provision::company::COMPANY {
                let person = user.says("custom:person").to_owned();
                of_person.entry(person).or_default().push(user);
            }
        }
        for person in &self.people {
            let accounts = of_person.remove(&person.id).unwrap_or_default();
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
            let (_, password) = invitations(&self.world, &person.email);
            let password = password.unwrap_or_else(|| panic!("{person:?} was never invited"));
            assert!(
                is_temporary(&self.world, &person.email, &password).await,
                "{person:?}"
            );
        }
        assert!(of_person.is_empty(), "nobody's: {of_person:?}");
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
    enter_company(&world).await;
    let mut play = Play {
        app: provision_app(&world, world.local.users_endpoint()),
        world,
        dice: Dice(seed as u64 | 1),
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
