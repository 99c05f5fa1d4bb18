//! Plays a story in its own world and checks every step against the model.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::request::{Checks, StateName};
use countersign_domain::time;
use countersign_local::demonstration::{PEOPLE, Person};
use countersign_tests::post::text;
use countersign_tests::{World, guideline_day};
use jiff::{SignedDuration, Timestamp};

use crate::machine::checks::{hold_all, hold_indexes, hold_request, id_of};
use crate::machine::doors::{Answer, Sent, Sessions};
use crate::machine::model::{Model, OF_TWO, OPENS, Which, Who, person, sees_any};
use crate::machine::shown::{hold_lists, hold_view};
use crate::machine::snapshot::{Snapshot, Table};
use crate::machine::story::{Jump, Step, Story, Verb};
use event::{Event, record};

mod command;
mod event;
mod mail;

/// How often each kind of step was taken, so that a run can tell whether it has seen everything.
pub(crate) type Taken = BTreeMap<String, usize>;

/// A story that is being played.
pub(crate) struct Play {
    world: World,
    table: Table,
    sessions: Sessions,
    model: Model,
    snapshot: Snapshot,
    /// Every command so far, with its answer.
    log: Vec<(Sent, Answer)>,
    /// How many replies each e-mail has received.
    replies: BTreeMap<String, usize>,
    pub(crate) taken: Taken,
    pub(crate) commands: usize,
}

impl Play {
    pub(crate) async fn start(story: &Story) -> Self {
        let options = guideline_day().set("CampaignOpens", &OPENS[..10]);
        let clock = story.start.clock().parse().ok();
        let world = World::with(countersign_local::Options { clock, ..options }).await;
        let table = Table::of(&world);
        let snapshot = table.read().await;
        Self {
            table,
            snapshot,
            world,
            sessions: Sessions::default(),
            model: Model::default(),
            log: Vec::new(),
            replies: BTreeMap::new(),
            taken: Taken::new(),
            commands: 0,
        }
    }

    /// Checks everything a last time and ends.
    pub(crate) async fn end(mut self) -> (Taken, usize) {
        self.world.local.settle().await;
        self.look().await;
        for request in &self.model.requests {
            hold_request(&self.snapshot, request);
        }
        hold_indexes(&self.table, &self.snapshot, &self.model).await;
        for who in (0..PEOPLE.len()).filter(|who| sees_any(*who)) {
            let user = self.sessions.user(&self.world, who).await;
            hold_lists(&self.model, who, &user).await;
            for which in 0..self.model.requests.len() {
                hold_view(&self.snapshot, &self.model, which, (who, &user)).await;
            }
        }
        self.world.local.stop().await;
        (self.taken, self.commands)
    }

    pub(crate) async fn step(&mut self, step: &Step) {
        match step {
            Step::Command(command) => {
                let Some(sent) = self.resolve(command) else {
                    return;
                };
                self.perform(&sent).await;
                if command.is_answer_lost {
                    self.perform(&sent).await;
                }
            }
            Step::Repeat { command } => {
                if let Some((sent, _)) = pick(&self.log, usize::from(*command)) {
                    self.perform(&sent.clone()).await;
                }
            }
            Step::AtOnce { first, second } => self.at_once(first, second).await,
            Step::Reply(reply) => self.reply(reply).await,
            Step::Jump(jump) => self.jump(*jump),
            Step::Away { person, is_away } => {
                self.go_away(usize::from(*person) % PEOPLE.len(), *is_away).await;
            }
            Step::EndClaims(jump) => {
                self.jump(*jump);
                self.end_claims().await;
            }
            Step::AskForTwo(asks) => self.ask_for_two(*asks).await,
        }
    }

    async fn ask_for_two(&mut self, asks: bool) {
        let profile = (format!("COMPANY#{OF_TWO}"), "PROFILE".to_owned());
        let checkers = AttributeValue::N(if asks { "2" } else { "1" }.to_owned());
        self.world.edit(profile, "checkers", checkers).await;
        self.model.asks_for_two = asks;
        self.look().await;
    }

    fn jump(&mut self, jump: Jump) {
        let now = self.now();
        self.world
            .local
            .clock()
            .set(now + SignedDuration::from_mins(jump.minutes()));
        self.sessions.end();
        self.model.jumps += 1;
    }

    /// Somebody goes away from today on, or is back.
    async fn go_away(&mut self, who: Who, is_away: bool) {
        let today = time::day_of(self.now());
        let (from, until) = if is_away {
            self.model.away.entry(who).or_insert(today);
            (self.model.away[&who].to_string(), "2099-12-31")
        } else {
            self.model.away.remove(&who);
            ("2000-01-01".to_owned(), "2000-01-01")
        };
        let Person { company, id, .. } = person(who);
        let entry = (format!("COMPANY#{company}"), format!("PERSON#{id}"));
        self.world.edit(entry.clone(), "away_from", text(&from)).await;
        self.world.edit(entry, "away_until", text(until)).await;
        self.look().await;
    }

    fn now(&self) -> Timestamp {
        self.world.local.clock().now()
    }

    fn which(&self, id: &str) -> Option<Which> {
        self.model.requests.iter().position(|request| request.id == id)
    }

    /// Runs the job that ends claims, and checks that it ends exactly those whose time is over or whose holder is away.
    async fn end_claims(&mut self) {
        let now = self.now();
        let ended = |which: &Which| {
            let head = self.snapshot.head(id_of(&self.model.requests[*which]));
            head.state.lease_ends().is_some_and(|ends| ends <= now)
        };
        let mut ended: Vec<_> = (0..self.model.requests.len()).filter(ended).collect();
        for (which, request) in self.model.requests.iter().enumerate() {
            let hours = match request.state {
                StateName::Claimed => 8,
                StateName::Processing => 16,
                _ => continue,
            };
            let held = now.duration_since(request.changed_at);
            let is_over = ended.contains(&which);
            assert!(
                !is_over || held >= SignedDuration::from_hours(hours),
                "{}'s claim ends early",
                request.id
            );
            // So many working hours take less than nine days, whatever weekends and holidays lie between.
            assert!(
                is_over || held < SignedDuration::from_hours(24 * 9),
                "{}'s claim has no end",
                request.id
            );
        }
        let left = |which: &Which| self.model.has_a_holder_who_left(&self.model.requests[*which]);
        ended.extend((0..self.model.requests.len()).filter(left));
        ended.sort_unstable();
        ended.dedup();
        self.commands += 1;
        let run = self.world.local.run_schedule("claim-leases").await;
        assert!(run.is_ok(), "{run:?}");
        let (events, _) = self.look().await;
        let mut released = Vec::new();
        for event in &events {
            assert_eq!((event.who, event.verb), (None, Verb::Release), "{:?}", event.row);
            released.extend(self.which(&event.row.request.to_string()));
            self.record(event, &[]);
            *self.taken.entry("release by the clock".to_owned()).or_default() += 1;
        }
        released.sort_unstable();
        assert_eq!(
            released, ended,
            "claims that the clock ended, and those whose time is over or whose holder is away"
        );
        for which in released {
            let id = self.model.requests[which].id.clone();
            self.hold(Some(&id)).await;
        }
    }

    /// Reads the table; returns the steps since the last time and the keys of the items that differ.
    async fn look(&mut self) -> (Vec<Event>, Vec<(String, String)>) {
        let snapshot = self.table.read().await;
        let mut differences = self.snapshot.differences(&snapshot);
        // An attempt that was refused is kept beside the request, of which it changes nothing.
        differences.retain(|(_, sk)| !sk.starts_with("ATTEMPT#"));
        let mut events = Vec::new();
        for id in snapshot.requests() {
            let known = self
                .which(&id.to_string())
                .map_or(0, |which| self.model.requests[which].version());
            events.extend(snapshot.history(id).into_iter().skip(known).map(Event::of));
        }
        events.sort_by_key(|event| event.row.at);
        let of_two = events
            .iter()
            .filter(|event| event.verb == Verb::Confirm && event.row.checks == Checks::LastOfTwo);
        for event in of_two {
            let which = if event.row.to == StateName::Sent {
                "second check"
            } else {
                "first check"
            };
            *self.taken.entry(which.to_owned()).or_default() += 1;
        }
        self.snapshot = snapshot;
        (events, differences)
    }

    fn record(&mut self, event: &Event, sent: &[(Sent, Answer)]) {
        record(&mut self.model, event, sent);
    }

    /// Checks everything outside the requests, and the request that was touched, also as one of the people sees it.
    async fn hold(&mut self, touched: Option<&str>) {
        hold_all(&self.snapshot, &self.model);
        let Some(which) = touched.and_then(|id| self.which(id)) else {
            return;
        };
        hold_request(&self.snapshot, &self.model.requests[which]);
        let viewers = [self.model.requests[which].maker, self.commands % PEOPLE.len()];
        let who = viewers[self.commands % 2];
        let user = self.sessions.user(&self.world, who).await;
        hold_view(&self.snapshot, &self.model, which, (who, &user)).await;
    }
}

fn place(length: usize, number: usize) -> Option<usize> {
    (length > 0).then(|| number % length)
}

fn pick<T>(all: &[T], number: usize) -> Option<&T> {
    all.get(place(all.len(), number)?)
}
