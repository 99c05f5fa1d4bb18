//! Reads arbitrary octets as a message. Besides not panicking, it has to keep what callers rely on.

#![no_main]

use email_approval::message::{Message, ReplyCommand, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|raw: &[u8]| {
    let Ok(message) = read(raw) else { return };
    assert!(!message.is_automatic || message.command == ReplyCommand::Nothing);
    if let ReplyCommand::Return(_, words) | ReplyCommand::Confirm(_, Some(words)) = &message.command {
        assert!((1..=ReplyCommand::MAX_MESSAGE_CHARS).contains(&words.chars().count()));
        assert!(words.chars().all(|c| c == '\n' || !c.is_control()));
    }
    if let Some(id) = &message.message_id {
        assert!(id.len() <= Message::MAX_ID_OCTETS && id.bytes().all(|b| b.is_ascii_graphic()));
    }
});
