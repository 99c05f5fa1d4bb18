//! The reader of replies: reads what an approval needs from a raw message.
//!
//! Anyone can write to the address, so a message may cost only bounded time and memory: it is read as it arrives, only
//! what decides is kept, and parts, depth and texts are limited. The caller decides who wrote it, from SES's verdicts; no
//! header of the message proves that here.

use countersign_domain::approval::Declined;
use countersign_domain::contact::EmailAddress;
use countersign_domain::eservice::MAX_TEXT_CHARS;
use countersign_domain::id::Reference;

mod agreement;
mod automatic;
mod command;
mod decision;
mod footer;
mod glyph;
mod header;
mod header_block;
mod html;
mod lead_in;
mod line;
mod mailbox;
mod mime;
mod part;
mod quote;
mod quoting;
mod reader;
mod segment;
mod words;

use header::Header;

pub use mime::MAX_TEXT_OCTETS;
pub use reader::Reader;

/// Maximum size of a raw message in octets: the 40 MB that SES accepts, and the fields that it adds.
pub const MAX_OCTETS: usize = 41 * 1024 * 1024;

/// What an approval needs from a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The only address of the only From field. Compare its ASCII form in lower case.
    pub from: EmailAddress,
    /// Whether a machine wrote it, or it asks for no automatic answer. Such a message carries no command.
    pub is_automatic: bool,
    /// Why it carries no command; `None` if it does, or if a machine wrote it.
    pub obstacle: Option<Declined>,
    /// What it says.
    pub command: ReplyCommand,
    /// Its Message-ID with the angle brackets, for the answer's In-Reply-To: visible ASCII, no longer than
    /// [`Message::MAX_ID_OCTETS`].
    pub message_id: Option<String>,
}

impl Message {
    /// Maximum length of a Message-ID in octets, so that it fits on one header line of the answer.
    pub const MAX_ID_OCTETS: usize = 500;
}

/// What the first line that the sender wrote says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReplyCommand {
    /// Confirm this request, with what the sender wrote below as a message, like the reason of a return.
    Confirm(Reference, Option<String>),
    /// Return this request to its maker, for this reason: 1 to [`ReplyCommand::MAX_MESSAGE_CHARS`] characters, lines
    /// separated by line feeds.
    Return(Reference, String),
    /// Neither of these, or it is not certain; see [`Message::obstacle`].
    Nothing,
}

impl ReplyCommand {
    /// Maximum length in characters of a reason or a message, as for any message to the next-step user. A longer one is
    /// cut, and ends in an ellipsis: the letter that answers quotes it, so its writer sees what is missing.
    pub const MAX_MESSAGE_CHARS: usize = MAX_TEXT_CHARS;
}

/// Why a message can't be used at all: its author is unclear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Its header violates RFC 5322 so that another reader might see another author.
    #[error("malformed header")]
    Malformed,
    /// It has no From field.
    #[error("no From")]
    NoFrom,
    /// It has several From fields.
    #[error("several From fields")]
    SeveralFrom,
    /// Its From field does not hold exactly one address.
    #[error("From is not one address")]
    FromUnclear,
}

/// Reads a raw message that is here as a whole.
pub fn read(raw: &[u8]) -> Result<Message, Unreadable> {
    let mut reader = Reader::default();
    // Whatever is left after it breaks off can't matter.
    let _ = reader.push(raw);
    reader.finish()
}

/// The Message-ID, if an answer can refer to it: the sender must not get to write the answer's header.
fn message_id(header: &Header) -> Option<String> {
    let value = header.only("message-id").ok()??.value()?;
    let id = value.trim_matches([' ', '\t']);
    let inner = id.strip_prefix('<')?.strip_suffix('>')?;
    let (left, right) = inner.split_once('@')?;
    let is_plain = |text: &str| {
        !text.is_empty()
            && text
                .bytes()
                .all(|b| b.is_ascii_graphic() && !matches!(b, b'<' | b'>' | b'@'))
    };
    (id.len() <= Message::MAX_ID_OCTETS && is_plain(left) && is_plain(right)).then(|| id.to_owned())
}
