//! `GET /tasks` with 100 and with 100,000 open requests in the company: calls, items read, and the ratio of medians.

#![allow(clippy::panic, reason = "a benchmark that cannot go on says why and ends")]

use std::path::Path;
use std::time::{Duration, Instant};

use countersign_domain::request::StateName;
use countersign_local::Options;
use countersign_local::options::Data;
use countersign_tests::cast::Cast;
use countersign_tests::measure::{median, timed};
use countersign_tests::seed::open_requests_like;
use countersign_tests::wire::Wire;
use countersign_tests::{User, World, guideline_day};
use reqwest::Method;

/// The desks that are compared.
const OPEN: [usize; 2] = [100, 100_000];
/// Calls that are timed of each.
const ROUNDS: usize = 500;

fn in_folder(folder: &Path) -> Options {
    Options {
        data: Data::Folder(folder.to_owned()),
        ..guideline_day()
    }
}

/// A world that keeps its data in a folder, with that many open requests in one company.
async fn filled(folder: &Path, open: usize) -> World {
    let world = World::with(in_folder(folder)).await;
    let cast = Cast::sign_in(&world).await;
    let first = cast.request_in(StateName::ReadyToSend, 1).await;
    let start = Instant::now();
    open_requests_like(&world, &first.id(), open - 1).await;
    eprintln!("{open} open requests written in {:.0?}", start.elapsed());
    world
}

/// The median of each user's call, made in turns so that whatever else the machine does hits all alike.
async fn medians(users: &[(User, String)]) -> Vec<Duration> {
    let mut taken = vec![Vec::new(); users.len()];
    for round in 0..ROUNDS + ROUNDS / 10 {
        for ((user, path), taken) in users.iter().zip(&mut taken) {
            let duration = timed(user.swiftly(Method::GET, path, None, None)).await;
            // The first tenth warms up.
            if round >= ROUNDS / 10 {
                taken.push(duration);
            }
        }
    }
    taken.into_iter().map(median).collect()
}

/// The address of the page at the middle of a desk's list.
async fn middle(user: &User, open: usize) -> String {
    let mut path = "/tasks".to_owned();
    for _ in 0..open / 50 / 2 {
        let page = user.swiftly(Method::GET, &path, None, None).await;
        let cursor = page.body["nextCursor"].as_str().unwrap_or_default().to_owned();
        path = format!("/tasks?cursor={cursor}");
    }
    path
}

/// What a page takes, seen on the wire of a world that starts again on the same data.
async fn counted(folder: &Path, path: &str) -> String {
    let wire = Wire::lay().await;
    let world = World::with(wire.between(in_folder(folder))).await;
    wire.ask_for_capacity();
    let checker = world.sign_in("checker@abc.example").await;
    let (_, calls) = wire.during(checker.swiftly(Method::GET, path, None, None)).await;
    let told = calls.iter().map(|call| {
        let units = &call.response["ConsumedCapacity"]["CapacityUnits"];
        format!("{} | {} | {units}", call.operation, call.response["ScannedCount"])
    });
    let told = told.collect::<Vec<_>>().join("; ");
    world.local.stop().await;
    format!("{} | {told}", calls.len())
}

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
    let folders = OPEN.map(|open| folder.path().join(open.to_string()));
    let (mut worlds, mut first, mut deep) = (Vec::new(), Vec::new(), Vec::new());
    for (open, folder) in OPEN.into_iter().zip(&folders) {
        let world = filled(folder, open).await;
        let checker = world.sign_in("checker@abc.example").await;
        deep.push((checker.clone(), middle(&checker, open).await));
        first.push((checker, "/tasks".to_owned()));
        worlds.push(world);
    }
    let timed = [medians(&first).await, medians(&deep).await];
    for world in worlds {
        world.local.stop().await;
    }
    println!("| open requests | page | calls | operation | items read | read units | median, as a ratio |");
    println!("| ---: | --- | ---: | --- | ---: | ---: | ---: |");
    for (name, pages, medians) in [("first", &first, &timed[0]), ("middle", &deep, &timed[1])] {
        for (index, open) in OPEN.into_iter().enumerate() {
            let counted = counted(&folders[index], &pages[index].1).await;
            let ratio = medians[index].as_secs_f64() / medians[0].as_secs_f64();
            println!("| {open} | {name} | {counted} | {ratio:.2} |");
            eprintln!("{open} {name}: {:.2?}", medians[index]);
        }
    }
}
