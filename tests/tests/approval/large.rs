//! Long headers and large messages, as SES stores them.

use std::fmt::Write as _;

use countersign_tests::reply::Letter;

use super::{CHECKER, Waiting};

/// The most that SES takes in.
const LARGEST: usize = 40 * 1024 * 1024;

/// Fields as Microsoft 365 adds them to every message.
fn organization_fields(count: usize) -> String {
    let mut fields = String::new();
    for number in 1..=count {
        write!(fields, "X-Org-{number:02}: {}\r\n", "x".repeat(480 - 10)).unwrap();
    }
    fields
}

/// A confirmation with a picture of this many octets.
fn with_picture(octets: usize) -> String {
    let line = format!("{}\r\n", "iVBORw0KGgoAAAANSUhEUgAA".repeat(3));
    format!(
        "From: {CHECKER}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\nCONFIRM DA3_00013361\r\n--b\r\n\
         Content-Type: image/png; name=screen.png\r\nContent-Transfer-Encoding: base64\r\n\r\n{}--b--\r\n",
        line.repeat(octets / line.len())
    )
}

async fn confirms(letter: impl FnOnce(&Waiting) -> Letter) {
    let waiting = Waiting::set().await;
    waiting.world.arrives(&letter(&waiting)).await;
    assert_eq!(waiting.now().await["state"], "Sent");
}

/// SES leaves fields out of its event from 10 kB on.
#[tokio::test(flavor = "multi_thread")]
async fn a_header_that_the_event_cuts_off_is_read_from_the_stored_message() {
    confirms(|waiting| waiting.confirms().with_header(organization_fields(21).trim_end())).await;
    confirms(|waiting| waiting.confirms().found("truncated=true")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_header_of_a_megabyte_is_read_whole() {
    let fields = organization_fields(2_000);
    let before = format!("X-First: 1\r\n{fields}");
    confirms(|waiting| waiting.confirms().with_header(before.trim_end())).await;
    let waiting = Waiting::set().await;
    let forged = Letter::of("evil@elsewhere.example", &waiting.mail, "CONFIRM DA3_00013361")
        .with_header(fields.trim_end())
        .with_header(&format!("From: {CHECKER}"));
    assert_eq!(
        waiting
            .refused("a second From below a long header", &forged)
            .await,
        [""; 0]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_of_1_2_mb_keeps_nobody_from_confirming() {
    confirms(|waiting| waiting.confirms().saying(with_picture(1_200_000))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_largest_message_that_ses_takes_in_confirms() {
    confirms(|waiting| waiting.confirms().saying(with_picture(LARGEST - 1_000))).await;
}
