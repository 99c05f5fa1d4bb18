//! One run of the reminders over a large market: its time, its calls to the table and what they consume, and its
//! memory.
//!
//! The run uses the release build of `remind` on a stand-in for Lambda's runtime API, so run `cargo build --release -p
//! remind` first. A second run, in this process and over the recorded wire, counts calls and capacity.

use std::collections::BTreeMap;
use std::time::Instant;

use countersign_domain::workflow::Action;
use countersign_local::Options;
use countersign_tests::World;
use countersign_tests::market::{Firm, Market, Role};
use countersign_tests::measure::{median, timed};
use countersign_tests::runtime::Program;
use countersign_tests::wire::{RoundTrip, Wire};
use serde_json::{Value, json};

const FUNCTION: &str = "remind";
const FIRMS: usize = 2_000;
const ADMINISTRATORS: usize = 50;
/// Single reads; times are given as multiples of their median.
const READS: usize = 500;

/// By its number, a company has registered everyone, or has registered half and has a request under way for others, or
/// has a draft, or has done nothing.
fn firm(number: usize) -> Firm {
    let registered = match number % 4 {
        0 => ADMINISTRATORS,
        1 => ADMINISTRATORS / 2,
        _ => 0,
    };
    Firm {
        number,
        administrators: ADMINISTRATORS,
        registered,
        has_checkers: true,
    }
}

async fn open(world: &World) {
    let firms: Vec<Firm> = (1..=FIRMS).map(firm).collect();
    let market = Market::open(world, &firms).await;
    for firm in &firms {
        match firm.number % 4 {
            1 => {
                let id = market
                    .draft(firm, ADMINISTRATORS / 2 + 1..=ADMINISTRATORS - 5)
                    .await;
                market.step(firm, Role::Maker, id, Action::Submit).await;
            }
            2 => {
                market.draft(firm, 1..=ADMINISTRATORS).await;
            }
            _ => {}
        }
    }
    world.local.settle().await;
}

fn event(day: &str) -> Value {
    json!({"job": "reminders", "scheduled": format!("{day}T01:00:00Z")})
}

/// Calls by operation, and the units read and written.
fn consumed(calls: &[RoundTrip]) -> (BTreeMap<&str, usize>, f64, f64) {
    let (mut by_operation, mut read, mut written) = (BTreeMap::new(), 0.0, 0.0);
    for call in calls.iter().filter(|call| call.function == FUNCTION) {
        *by_operation.entry(call.operation.as_str()).or_default() += 1;
        let consumed = &call.response["ConsumedCapacity"];
        let consumed = consumed.get(0).unwrap_or(consumed);
        let units = consumed["CapacityUnits"].as_f64().unwrap_or(0.0);
        if call.operation == "PutItem" {
            written += units;
        } else {
            read += units;
        }
    }
    (by_operation, read, written)
}

#[tokio::main]
async fn main() {
    let Some(path) = Program::path(FUNCTION) else {
        println!("No release build of {FUNCTION} here: run `cargo build --release -p {FUNCTION}` first.");
        return;
    };
    let wire = Wire::lay().await;
    let world = World::with(wire.between(Options {
        clock: "2023-04-14T09:00:00+08:00".parse().ok(),
        ..Options::in_memory()
    }))
    .await;
    open(&world).await;

    let client = world.local.dynamodb();
    let mut reads = Vec::new();
    for _ in 0..READS {
        let read = client.get_item().table_name(world.local.table_name());
        let key = |text: &str| aws_sdk_dynamodb::types::AttributeValue::S(text.to_owned());
        let read = read.key("pk", key("COMPANY#firm0001")).key("sk", key("PROFILE"));
        reads.push(timed(read.send()).await);
    }
    let read = median(reads);

    let mut program = Program::start(&world, FUNCTION, &path).await;
    let before = program.processor_time();
    let start = Instant::now();
    let answer = program.call(&event("2023-04-14").to_string()).await;
    let wall = start.elapsed();
    let processor = program.processor_time().saturating_sub(before);
    let peak = program.peak_memory();
    drop(program);
    world.local.settle().await;

    wire.ask_for_capacity();
    let day = event("2023-04-21");
    let (counted, calls) = wire.during(world.local.invoke(FUNCTION, day)).await;
    assert!(counted.is_ok(), "the second run failed");
    let (by_operation, units_read, units_written) = consumed(&calls);
    let number: usize = by_operation.values().sum();
    println!(
        "| companies | administrators | digests | run / one read | of 15 minutes | processor / run | peak memory, MB |"
    );
    println!("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    println!(
        "| {} | {} | {} | {:.0} | {:.1} % | {:.2} | {peak:.1} |",
        answer["companies"],
        FIRMS * ADMINISTRATORS,
        answer["digests"],
        wall.as_secs_f64() / read.as_secs_f64(),
        wall.as_secs_f64() / 9.0,
        processor.as_secs_f64() / wall.as_secs_f64(),
    );
    println!("\n| calls | of them | units read | units written |");
    println!("| ---: | --- | ---: | ---: |");
    let of_them: Vec<String> = by_operation
        .iter()
        .map(|(name, count)| format!("{count} {name}"))
        .collect();
    println!(
        "| {number} | {} | {units_read} | {units_written} |",
        of_them.join(", ")
    );
    eprintln!("wall {wall:.2?}, one read {read:.2?}");
    world.local.stop().await;
}
