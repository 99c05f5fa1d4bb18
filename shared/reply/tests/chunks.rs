//! A message that arrives in chunks is read the same, however it is cut, and is read no further than it matters.

use std::fs;
use std::path::Path;

use countersign_domain::approval::Declined;
use countersign_reply::{MAX_OCTETS, Message, Reader, ReplyCommand, Unreadable, read};

const HEAD: &str = "From: checker@abc.example\r\n";
const MIXED: &str = "From: checker@abc.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n\
                     CONFIRM DA3_00013361\r\n";

fn in_chunks<'a>(chunks: impl IntoIterator<Item = &'a [u8]>) -> Result<Message, Unreadable> {
    let mut reader = Reader::default();
    for chunk in chunks {
        if reader.push(chunk).is_break() {
            break;
        }
    }
    reader.finish()
}

#[test]
fn every_sample_is_read_the_same_in_chunks_of_any_size() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "eml") {
            continue;
        }
        let raw = fs::read(&path).unwrap();
        let whole = read(&raw);
        for size in [1, 2, 3, 5, 64, 1_000] {
            assert_eq!(in_chunks(raw.chunks(size)), whole, "{} {size}", path.display());
        }
    }
}

#[test]
fn long_lines_parts_and_texts_are_read_the_same_in_chunks_of_any_size() {
    let long = "x".repeat(20_000);
    for raw in [
        format!("{HEAD}X: {long}\r\nSender: evil@x.example\r\n\r\nCONFIRM DA3_00013361"),
        format!("{MIXED}--b\r\nContent-Type: image/png\r\n\r\n{long}\r\n--b--\r\n{long}"),
        format!("{MIXED}--b{long}\r\n--b\r\nContent-Type: text/calendar\r\n\r\n--b--\r\n"),
        format!("{HEAD}\r\nRETURN DA3_00013361 {}\r\n{long}", "y".repeat(100)),
        MIXED.repeat(250),
    ] {
        let whole = in_chunks([raw.as_bytes()]);
        for size in [1, 7, 8_191, 8_192, 8_193, 16_384] {
            assert_eq!(in_chunks(raw.as_bytes().chunks(size)), whole, "{size}");
        }
    }
}

#[test]
fn the_author_is_known_as_soon_as_the_header_has_been_read() {
    let mut reader = Reader::default();
    assert!(reader.push(HEAD.as_bytes()).is_continue() && reader.author().is_none());
    assert!(reader.push(b"\r\nCON").is_continue());
    assert_eq!(reader.author().unwrap().as_str(), "checker@abc.example");
}

#[test]
fn nothing_is_read_below_a_header_without_a_clear_author() {
    let mut reader = Reader::default();
    assert!(reader.push(b"From: a@b.example, c@d.example\r\n\r\n").is_break());
    assert_eq!(reader.finish(), Err(Unreadable::FromUnclear));
}

#[test]
fn a_machines_part_behind_attachments_is_found() {
    let attachment = format!(
        "--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
        "iVBORw0KGgo\r\n".repeat(10_000)
    );
    let raw = format!("{MIXED}{attachment}--b\r\nContent-Type: text/calendar; method=REPLY\r\n\r\n--b--\r\n");
    assert!(read(raw.as_bytes()).unwrap().is_automatic);
}

/// SES takes in no larger ones, so this guards against whatever else may write to the bucket.
#[test]
fn a_message_that_is_larger_than_any_is_declined_and_its_rest_left() {
    let mut reader = Reader::default();
    let head = format!("{MIXED}--b\r\nContent-Type: image/png\r\n\r\n");
    assert!(reader.push(head.as_bytes()).is_continue());
    // One long line costs least.
    let chunk = vec![b'x'; 1024 * 1024];
    let chunks = (0..100).take_while(|_| reader.push(&chunk).is_continue()).count();
    assert_eq!(chunks, MAX_OCTETS / chunk.len() - 1);
    let message = reader.finish().unwrap();
    assert_eq!(message.obstacle, Some(Declined::TooLong));
    assert_eq!(
        (message.from.as_str(), message.command),
        ("checker@abc.example", ReplyCommand::Nothing)
    );
}
