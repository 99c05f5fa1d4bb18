//! One import of a whole market into a running product: its time, its calls to the table and what they consume; and the
//! same again, when everything is there.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use countersign_local::Options;
use countersign_tests::World;
use countersign_tests::admin::{admin, companies, folder};
use countersign_tests::measure::rate;
use countersign_tests::wire::{RoundTrip, Wire};

/// Companies. Each has four people.
const COMPANIES: usize = 2_000;
const ADMINISTRATORS: usize = 5;

/// The tool's calls by operation, and the units that they consumed.
fn consumed(calls: &[RoundTrip]) -> (String, f64) {
    let (mut by_operation, mut units) = (BTreeMap::<&str, usize>::new(), 0.0);
    for call in calls.iter().filter(|call| call.function == "admin") {
        *by_operation.entry(call.operation.as_str()).or_default() += 1;
        let consumed = &call.response["ConsumedCapacity"];
        let consumed = consumed.get(0).unwrap_or(consumed);
        units += consumed["CapacityUnits"].as_f64().unwrap_or(0.0);
    }
    let calls: Vec<String> = by_operation
        .iter()
        .map(|(name, count)| format!("{count} {name}"))
        .collect();
    (calls.join(", "), units)
}

fn row(what: &str, wall: Duration, calls: &[RoundTrip]) {
    let (calls, units) = consumed(calls);
    let per_second = rate(u32::try_from(COMPANIES).unwrap_or(u32::MAX), wall);
    println!(
        "| {what} | {:.1} | {per_second:.0} | {calls} | {units:.0} |",
        wall.as_secs_f64()
    );
}

async fn timed(world: &World, wire: &Wire, arguments: &[&str]) -> (Duration, Vec<RoundTrip>) {
    let start = Instant::now();
    let (told, calls) = wire.during(admin(world, arguments)).await;
    assert!(told.is_success, "{}", told.output);
    (start.elapsed(), calls)
}

#[tokio::main]
async fn main() {
    let wire = Wire::lay().await;
    let world = World::with(wire.between(Options::in_memory())).await;
    wire.ask_for_capacity();
    let folder = folder(&companies(COMPANIES, ADMINISTRATORS));
    let path = folder.path().to_str().unwrap_or_default();
    println!(
        "{COMPANIES} companies, {} people, {} administrators",
        4 * COMPANIES,
        ADMINISTRATORS * COMPANIES
    );
    println!("\n| run | seconds | companies a second | calls | units |");
    println!("| --- | ---: | ---: | --- | ---: |");
    for (what, arguments) in [
        ("dry", &["import", path][..]),
        ("write", &["import", path, "--write"]),
        ("write again", &["import", path, "--write"]),
    ] {
        let (wall, calls) = timed(&world, &wire, arguments).await;
        row(what, wall, &calls);
    }
    world.local.stop().await;
}
