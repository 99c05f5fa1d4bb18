//! Reads arbitrary octets as a message. Besides not panicking, it has to keep what callers rely on.

#![no_main]

use email_approval::message::{Message, Said, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|raw: &[u8]| {
    let Ok(message) = read(raw) else { return };
    assert!(!message.is_automatic || message.said == Said::Nothing);
    if let Said::Return(_, reason) = &message.said {
        assert!((1..=Said::MAX_REASON_CHARS).contains(&reason.chars().count()));
        assert!(reason.chars().all(|c| c == '\n' || !c.is_control()));
    }
    if let Some(id) = &message.message_id {
        assert!(id.len() <= Message::MAX_ID_OCTETS && id.bytes().all(|b| b.is_ascii_graphic()));
    }
});
