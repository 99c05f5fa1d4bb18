//! A cold start of the release build of one function, on a stand-in for Lambda's runtime API: the processor time of
//! INIT and of the first call as multiples of a warm call's, the program's size, and its peak memory. The table is the
//! embedded engine over plain HTTP, so the figures don't include TLS. Needs Linux, and `cargo build --release -p claim`
//! first.

use std::fs;
use std::path::Path;
use std::time::Duration;

use countersign_tests::World;
use countersign_tests::measure::median;
use countersign_tests::runtime::Program;

/// The function to start.
const FUNCTION: &str = "claim";
/// Its event.
const EVENT: &str = include_str!("../../events/claim.json");
/// Starts, over which medians are taken.
const STARTS: usize = 15;
/// Warm calls after each start.
const WARM_CALLS: u32 = 200;

/// The measurements of one start.
struct Start {
    init: Duration,
    first: Duration,
    warm: Duration,
    peak: f64,
}

async fn start(world: &World, path: &Path) -> Start {
    let mut program = Program::start(world, FUNCTION, path).await;
    let init = program.processor_time();
    program.call(EVENT).await;
    let first = program.processor_time().saturating_sub(init);
    for _ in 0..WARM_CALLS {
        program.call(EVENT).await;
    }
    let warm = program.processor_time().saturating_sub(init + first) / WARM_CALLS;
    Start {
        init,
        first,
        warm,
        peak: program.peak_memory(),
    }
}

#[tokio::main]
async fn main() {
    let Some(program) = Program::path(FUNCTION) else {
        println!("No release build of {FUNCTION} here: run `cargo build --release -p {FUNCTION}` first.");
        return;
    };
    let world = World::start().await;
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        starts.push(start(&world, &program).await);
    }
    let of = |part: fn(&Start) -> Duration| median(starts.iter().map(part).collect());
    let (init, first, warm) = (
        of(|start| start.init),
        of(|start| start.first),
        of(|start| start.warm),
    );
    let peak = starts.iter().map(|start| start.peak).fold(0.0, f64::max);
    let size = fs::metadata(&program).map_or(0, |file| file.len()) / 10_000;
    println!("| program, MB | peak memory, MB | INIT / warm call | first call / warm call |");
    println!("| ---: | ---: | ---: | ---: |");
    let [init_ratio, first_ratio] = [init, first].map(|time| time.as_secs_f64() / warm.as_secs_f64());
    println!(
        "| {}.{:02} | {peak:.1} | {init_ratio:.1} | {first_ratio:.1} |",
        size / 100,
        size % 100
    );
    eprintln!("processor time: INIT {init:.2?}, first call {first:.2?}, warm call {warm:.2?}");
    world.local.stop().await;
}
