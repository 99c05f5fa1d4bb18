//! The largest message that SES takes in costs neither memory nor time that grows with it.
//!
//! `cargo test --release --workspace --test memory -- --nocapture` prints the figures of BENCHMARKS.md. There is one test,
//! because what a process has needed at most never falls.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::time::{Duration, Instant};

use countersign_reply::{MAX_TEXT_OCTETS, Message, Reader, ReplyCommand};

const MESSAGE: usize = 40 * 1024 * 1024;
/// How a message comes from the bucket.
const CHUNK: usize = 64 * 1024;
/// What reading may take on top, whatever the message's size: 2 MB, or 8 MB with the longest texts.
const MOST_KB: u64 = 2_000;
const MOST_KB_WITH_LONG_TEXTS: u64 = 8_000;
const HEAD: &str = "From: checker@abc.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n";
const CONFIRM: &str = "CONFIRM DA3_00013361\r\n";

/// The most memory that this process has needed so far.
fn peak_kb() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Reads a message of 40 MB that starts with `start` and is filled up with `unit`, and never holds it whole.
fn read(start: &str, unit: &str) -> (Message, u64, Duration) {
    let chunk = unit.repeat(CHUNK / unit.len());
    let before = peak_kb();
    let began = Instant::now();
    let mut reader = Reader::default();
    let _ = reader.push(start.as_bytes());
    let mut octets = start.len();
    while octets < MESSAGE && reader.push(chunk.as_bytes()).is_continue() {
        octets += chunk.len();
    }
    assert!(octets >= MESSAGE, "read to its end");
    let message = reader.finish().unwrap();
    (message, peak_kb() - before, began.elapsed())
}

/// Two renderings that fill the room for texts with a line.
fn long_texts(line: &str) -> String {
    let half = line.repeat((MAX_TEXT_OCTETS / 2 - 200) / line.len());
    format!(
        "{HEAD}--b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\n\r\n{CONFIRM}\r\n{half}\r\n\
         --c\r\nContent-Type: text/html\r\n\r\n<p>{CONFIRM}<p>{half}\r\n--c--\r\n"
    )
}

#[test]
fn forty_megabytes_are_read_in_bounded_memory() {
    let picture = "--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n";
    let reply = format!("{HEAD}--b\r\n\r\n{CONFIRM}{picture}");
    let base64 = format!("{}\r\n", "iVBORw0KGgoAAAANSUhEUgAA".repeat(3));
    let dashes = format!("{}\r\n", "--".repeat(36));
    for (what, unit) in [
        ("a picture in base64", base64.as_str()),
        ("the same without line breaks", "iVBO"),
        ("lines like delimiters", &dashes),
    ] {
        let (message, kb, took) = read(&reply, unit);
        println!("{what}: {kb} kB, {} ms", took.as_millis());
        assert_ne!(message.command, ReplyCommand::Nothing, "{what}");
        assert!(kb < MOST_KB, "{what}: {kb} kB");
    }
    let (_, kb, took) = read("From: checker@abc.example\r\n", "X-Field: x\r\n");
    println!("a header of fields: {kb} kB, {} ms", took.as_millis());
    assert!(kb < MOST_KB, "{kb} kB");
    for line in ["x", "<p>x\r\n", "x &lt; "] {
        let (_, kb, took) = read(&format!("{}{picture}", long_texts(line)), &base64);
        println!("the longest texts, of {line:?}: {kb} kB, {} ms", took.as_millis());
        assert!(kb < MOST_KB_WITH_LONG_TEXTS, "{line:?}: {kb} kB");
    }
}
