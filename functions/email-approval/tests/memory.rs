//! The largest message that SES takes in costs neither memory nor time that grows with it.
//!
//! `cargo test --release --workspace --test memory -- --nocapture` prints the figures of BENCHMARKS.md. There is one test,
//! because what a process has needed at most never falls.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::time::{Duration, Instant};

use email_approval::message::{MAX_TEXT_OCTETS, Message, Reader, ReplyCommand};

const MESSAGE: usize = 40 * 1024 * 1024;
/// How a message comes from the bucket.
const CHUNK: usize = 64 * 1024;
/// What reading may take on top, whatever the message's size: 4 MB.
const MOST_KB: u64 = 4_000;
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

#[test]
fn forty_megabytes_are_read_in_bounded_memory() {
    let half = "x".repeat(MAX_TEXT_OCTETS / 2 - 200);
    let both = format!(
        "--b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\n\r\n{CONFIRM}{half}\r\n\
         --c\r\nContent-Type: text/html\r\n\r\n<p>{CONFIRM}<p>{half}\r\n--c--\r\n"
    );
    let picture = "--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n";
    let base64 = format!("{}\r\n", "iVBORw0KGgoAAAANSUhEUgAA".repeat(3));
    let dashes = format!("{}\r\n", "--".repeat(36));
    for (what, start, unit) in [
        (
            "a picture in base64",
            format!("{HEAD}--b\r\n\r\n{CONFIRM}{picture}"),
            &*base64,
        ),
        (
            "the same without line breaks",
            format!("{HEAD}--b\r\n\r\n{CONFIRM}{picture}"),
            "iVBO",
        ),
        (
            "lines like delimiters",
            format!("{HEAD}--b\r\n\r\n{CONFIRM}{picture}"),
            &*dashes,
        ),
        (
            "the longest texts before a picture",
            format!("{HEAD}{both}{picture}"),
            &*base64,
        ),
        (
            "a header of as many fields",
            format!("{HEAD}").replace("\r\n\r\n", "\r\n"),
            "X-Field: x\r\n",
        ),
    ] {
        let (message, kb, took) = read(&start, unit);
        println!("{what}: {kb} kB, {} ms", took.as_millis());
        assert!(kb < MOST_KB, "{what}: {kb} kB");
        let is_header = what.contains("header");
        assert_eq!(message.command != ReplyCommand::Nothing, !is_header, "{what}");
    }
}
