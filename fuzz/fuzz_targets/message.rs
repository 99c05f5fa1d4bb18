//! Reads arbitrary octets as a message, in chunks of arbitrary sizes. Besides not panicking, what is read has to keep what
//! callers rely on, and must not depend on the chunks.

#![no_main]

use countersign_reply::{Message, Reader, ReplyCommand, Unreadable, read};
use libfuzzer_sys::fuzz_target;

/// Reads a message in chunks whose sizes its own octets choose.
fn in_chunks(raw: &[u8]) -> Result<Message, Unreadable> {
    let mut reader = Reader::default();
    let mut rest = raw;
    while let Some(first) = rest.first() {
        // Mostly a few octets, sometimes more than a segment has.
        let size = match first % 16 {
            15 => 8_190 + usize::from(*first) % 5,
            small => usize::from(small) + 1,
        };
        let (chunk, later) = rest.split_at(size.min(rest.len()));
        if reader.push(chunk).is_break() {
            break;
        }
        rest = later;
    }
    reader.finish()
}

fuzz_target!(|raw: &[u8]| {
    let whole = read(raw);
    assert_eq!(in_chunks(raw), whole);
    let Ok(message) = whole else { return };
    let carries_nothing = message.is_automatic || message.obstacle.is_some();
    assert!(!carries_nothing || message.command == ReplyCommand::Nothing);
    if let ReplyCommand::Return(_, words) | ReplyCommand::Confirm(_, Some(words)) = &message.command {
        assert!((1..=ReplyCommand::MAX_MESSAGE_CHARS).contains(&words.chars().count()));
        assert!(words.chars().all(|c| c == '\n' || !c.is_control()));
    }
    if let Some(id) = &message.message_id {
        assert!(id.len() <= Message::MAX_ID_OCTETS && id.bytes().all(|b| b.is_ascii_graphic()));
    }
});
