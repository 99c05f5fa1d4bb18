//! Random people send random commands in every way, with stale tags, repeated keys, lost answers and a clock that
//! jumps. Whatever they do, the product's promises hold.
//!
//! `COUNTERSIGN_MACHINE_COMMANDS` sets the number of commands. After `COUNTERSIGN_MACHINE_SECONDS` no further story is told,
//! even if commands are missing. `COUNTERSIGN_MACHINE_SEED`, a number, selects the stories; without it each run plays the
//! same ones, so that only a change to the code can make it fail. A story that fails is shrunk and added to `kept.jsonl`,
//! and every run replays the stories there.

use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use tokio::runtime::Runtime;

use play::{Play, Taken};
use story::Story;

mod checks;
mod doors;
mod model;
mod play;
mod shown;
mod snapshot;
mod story;

/// Commands of a run without `COUNTERSIGN_MACHINE_COMMANDS`.
const COMMANDS: usize = 1_500;
/// Stories that are told at a time.
const LANES: usize = 2;
/// With at least this many commands, a run must have seen everything in [`SEEN`]; that it misses something by chance is
/// unlikely.
const ENOUGH: usize = 8_000;

/// What a long run must have seen.
const SEEN: [&str; 39] = [
    "create by Api",
    "save by Api",
    "clone by Api",
    "discard by Api",
    "submit by Api",
    "reclaim by Api",
    "claim by Api",
    "release by Api",
    "hand-over by Api",
    "take-over by Api",
    "return by Api",
    "confirm by Api",
    "complete by Api",
    "reject by Api",
    "create by Portal",
    "save by Portal",
    "clone by Portal",
    "discard by Portal",
    "submit by Portal",
    "reclaim by Portal",
    "claim by Portal",
    "release by Portal",
    "hand-over by Portal",
    "take-over by Portal",
    "return by Portal",
    "confirm by Portal",
    "complete by Portal",
    "reject by Portal",
    "confirm by mail",
    "return by mail",
    "release by the clock",
    "first check",
    "second check",
    "take-over of a draft",
    "repeat",
    "refused",
    "0 at once",
    "1 at once",
    "2 at once",
];

fn runtime() -> Runtime {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(2).enable_all().build().unwrap()
}

fn tell(runtime: &Runtime, story: &Story) -> (Taken, usize) {
    runtime.block_on(async {
        let mut play = Play::start(story).await;
        for step in &story.steps {
            play.step(step).await;
        }
        play.end().await
    })
}

fn kept() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/machine/kept.jsonl")
}

#[test]
fn stories_that_failed_once_hold() {
    let runtime = runtime();
    let stories = std::fs::read_to_string(kept()).unwrap();
    for line in stories.lines() {
        tell(&runtime, &serde_json::from_str(line).unwrap());
    }
}

/// The number in an environment variable, if it is set.
fn number(variable: &str) -> Option<usize> {
    std::env::var(variable).ok().map(|text| text.parse().unwrap())
}

/// A run, and what its stories came to.
struct Told {
    runner: TestRunner,
    started: Instant,
    asked: usize,
    within: Duration,
    commands: usize,
    stories: usize,
    taken: Taken,
}

#[test]
fn whatever_people_do_in_whatever_order_what_is_promised_holds() {
    let runtime = runtime();
    let within = number("COUNTERSIGN_MACHINE_SECONDS").map(|seconds| Duration::from_secs(seconds as u64));
    let mut chosen = [0; 32];
    chosen[..8].copy_from_slice(&number("COUNTERSIGN_MACHINE_SEED").unwrap_or(1).to_le_bytes());
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &chosen);
    let told = Mutex::new(Told {
        runner: TestRunner::new_with_rng(Config::default(), random),
        started: Instant::now(),
        asked: number("COUNTERSIGN_MACHINE_COMMANDS").unwrap_or(COMMANDS),
        within: within.unwrap_or(Duration::MAX),
        commands: 0,
        stories: 0,
        taken: Taken::new(),
    });
    // A story that is told alone keeps one processor busy at most.
    std::thread::scope(|scope| {
        for _ in 0..LANES {
            scope.spawn(|| tell_stories(&runtime, &told));
        }
    });
    let told = told.into_inner().unwrap();
    let Told {
        commands,
        stories,
        taken,
        ..
    } = &told;
    println!(
        "{commands} commands in {stories} stories, {:?}: {taken:?}",
        told.started.elapsed()
    );
    if *commands >= ENOUGH {
        let missing: Vec<_> = SEEN.iter().filter(|what| !taken.contains_key(**what)).collect();
        assert!(missing.is_empty(), "never seen: {missing:?}");
    }
}

/// Tells one story after the other until enough commands were sent. Panics if one fails.
fn tell_stories(runtime: &Runtime, told: &Mutex<Told>) {
    loop {
        let story = {
            let mut told = told.lock().unwrap();
            if told.commands >= told.asked || told.started.elapsed() >= told.within {
                return;
            }
            story::stories().new_tree(&mut told.runner).unwrap().current()
        };
        let Ok((seen, sent)) = try_to_tell(runtime, &story) else {
            // One failure is enough: the other lane stops.
            told.lock().unwrap().asked = 0;
            let story = shrunk(runtime, story);
            let line = keep(&story);
            println!("kept as {line}");
            tell(runtime, &story);
            panic!("the story holds when it is told again: {line}");
        };
        let mut told = told.lock().unwrap();
        for (what, times) in seen {
            *told.taken.entry(what).or_default() += times;
        }
        told.commands += sent;
        told.stories += 1;
    }
}

fn try_to_tell(runtime: &Runtime, story: &Story) -> std::thread::Result<(Taken, usize)> {
    catch_unwind(AssertUnwindSafe(|| tell(runtime, story)))
}

/// Removes every step without which a failing story still fails: first half of the steps at a time, at the end single
/// steps.
fn shrunk(runtime: &Runtime, mut story: Story) -> Story {
    let mut length = story.steps.len().div_ceil(2);
    loop {
        let mut at = 0;
        while at < story.steps.len() {
            let mut shorter = story.clone();
            shorter.steps.drain(at..(at + length).min(story.steps.len()));
            if try_to_tell(runtime, &shorter).is_err() {
                story = shorter;
            } else {
                at += length;
            }
        }
        if length == 1 {
            return story;
        }
        length = length.div_ceil(2);
    }
}

/// Adds a story to those that every run replays; returns its line.
fn keep(story: &Story) -> String {
    let line = serde_json::to_string(story).unwrap();
    let file = std::fs::OpenOptions::new().append(true).create(true).open(kept());
    writeln!(file.unwrap(), "{line}").unwrap();
    line
}
