//! `GET /tasks` with 100 and with 100,000 open requests in the company: calls, items read, and the ratio of medians.

#![allow(clippy::panic, reason = "a benchmark that cannot go on says why and ends")]

use std::time::{Duration, Instant};

use countersign_domain::request::StateName;
use countersign_local::Options;
use countersign_tests::cast::Cast;
use countersign_tests::measure::{median, timed};
use countersign_tests::seed::open_requests_like;
use countersign_tests::wire::{RoundTrip, Wire};
use countersign_tests::{User, World, guideline_day};
use reqwest::Method;

/// The desk sizes to compare.
const OPEN: [usize; 2] = [100, 100_000];
/// Timed calls for each.
const ROUNDS: usize = 500;

/// A world with this many open requests in one company, and one of its checkers.
async fn filled(options: Options, open: usize) -> (World, User) {
    let world = World::with(options).await;
    let cast = Cast::sign_in(&world).await;
    let first = cast.request_in(StateName::ReadyToSend, 1).await;
    let start = Instant::now();
    open_requests_like(&world, &first.id(), open - 1).await;
    eprintln!("{open} open requests written in {:.0?}", start.elapsed());
    (world, cast.checker)
}

/// The median of each user's calls. The calls alternate, so that other load on the machine affects all of them alike.
async fn medians(users: &[(User, String)]) -> Vec<Duration> {
    let mut taken = vec![Vec::new(); users.len()];
    for round in 0..ROUNDS + ROUNDS / 10 {
        for ((user, path), taken) in users.iter().zip(&mut taken) {
            let duration = timed(user.swiftly(Method::GET, path, None, None)).await;
            // The first tenth of the rounds is the warm-up.
            if round >= ROUNDS / 10 {
                taken.push(duration);
            }
        }
    }
    taken.into_iter().map(median).collect()
}

/// The address of the middle page of a desk's list.
async fn middle(user: &User, open: usize) -> String {
    let mut path = "/tasks".to_owned();
    for _ in 0..open / 50 / 2 {
        let page = user.swiftly(Method::GET, &path, None, None).await;
        let cursor = page.body["nextCursor"].as_str().unwrap_or_default().to_owned();
        path = format!("/tasks?cursor={cursor}");
    }
    path
}

/// The calls of the first page and the middle one, counted on the wire of a separate world: a proxy between the timed
/// calls would make their medians look more alike than they are.
async fn counted(open: usize) -> [String; 2] {
    let wire = Wire::lay().await;
    let (world, checker) = filled(wire.between(guideline_day()), open).await;
    let middle = middle(&checker, open).await;
    wire.ask_for_capacity();
    let mut told = Vec::new();
    for path in ["/tasks", &middle] {
        let (_, calls) = wire.during(checker.swiftly(Method::GET, path, None, None)).await;
        let call = |call: &RoundTrip| {
            let units = &call.response["ConsumedCapacity"]["CapacityUnits"];
            format!("{} | {} | {units}", call.operation, call.response["ScannedCount"])
        };
        let of_page = calls.iter().map(call).collect::<Vec<_>>().join("; ");
        told.push(format!("{} | {of_page}", calls.len()));
    }
    world.local.stop().await;
    told.try_into().unwrap_or_default()
}

#[tokio::main]
async fn main() {
    let (mut worlds, mut first, mut deep) = (Vec::new(), Vec::new(), Vec::new());
    for open in OPEN {
        let (world, checker) = filled(guideline_day(), open).await;
        deep.push((checker.clone(), middle(&checker, open).await));
        first.push((checker, "/tasks".to_owned()));
        worlds.push(world);
    }
    let timed = [medians(&first).await, medians(&deep).await];
    for world in worlds {
        world.local.stop().await;
    }
    let counted = [counted(OPEN[0]).await, counted(OPEN[1]).await];
    println!(
        "| open requests | page | calls | operation | items read | read units | median, as a ratio to 100 |"
    );
    println!("| ---: | --- | ---: | --- | ---: | ---: | ---: |");
    for (page, medians) in timed.iter().enumerate() {
        for (index, open) in OPEN.into_iter().enumerate() {
            let name = ["first", "middle"][page];
            let ratio = medians[index].as_secs_f64() / medians[0].as_secs_f64();
            println!("| {open} | {name} | {} | {ratio:.2} |", counted[index][page]);
            eprintln!("{open} {name}: {:.2?}", medians[index]);
        }
    }
}
