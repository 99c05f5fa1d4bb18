//! Reads a message as it arrives.

use std::ops::ControlFlow;

use countersign_domain::approval::Declined;
use countersign_domain::contact::EmailAddress;

use super::header::{Header, Repeated, Soundness};
use super::mime::Body;
use super::segment::{Segment, Segmenter};
use super::{MAX_OCTETS, Message, ReplyCommand, Unreadable, automatic, decision, mailbox, message_id};

/// Reads a message in chunks of any size, in memory that doesn't depend on the message's size.
#[derive(Default)]
pub struct Reader {
    segmenter: Segmenter,
    reading: Reading,
    octets: usize,
    is_too_long: bool,
}

enum Reading {
    Header(Header),
    Body(Box<Envelope>, Box<Body>),
    /// Its author is unclear, so nothing else matters.
    Ended(Unreadable),
}

/// What the header says.
struct Envelope {
    from: EmailAddress,
    is_automatic: bool,
    message_id: Option<String>,
    obstacle: Option<Declined>,
}

impl Default for Reading {
    fn default() -> Self {
        Self::Header(Header::default())
    }
}

impl Reader {
    /// Reads the next octets. Breaks off once the rest can't matter.
    pub fn push(&mut self, chunk: &[u8]) -> ControlFlow<()> {
        let room = MAX_OCTETS - self.octets;
        let within = &chunk[..chunk.len().min(room)];
        self.octets += within.len();
        self.is_too_long |= chunk.len() > room;
        let reading = &mut self.reading;
        self.segmenter.push(within, |segment| reading.push(segment))?;
        if self.is_too_long {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    /// The author, once the header has been read.
    pub fn author(&self) -> Option<&EmailAddress> {
        match &self.reading {
            Reading::Body(envelope, _) => Some(&envelope.from),
            Reading::Header(_) | Reading::Ended(_) => None,
        }
    }

    /// The message.
    pub fn finish(self) -> Result<Message, Unreadable> {
        let Self {
            segmenter,
            mut reading,
            is_too_long,
            ..
        } = self;
        segmenter.finish(|segment| {
            let _ = reading.push(segment);
        });
        // A message may lack its body.
        reading.end_header();
        match reading {
            Reading::Body(envelope, body) => Ok(envelope.message(*body, is_too_long)),
            Reading::Ended(why) => Err(why),
            Reading::Header(_) => Err(Unreadable::NoFrom),
        }
    }
}

impl Reading {
    fn push(&mut self, segment: Segment<'_>) -> ControlFlow<()> {
        match self {
            Self::Header(header) => {
                if header.push(segment) {
                    self.end_header();
                }
                match self {
                    Self::Ended(_) => ControlFlow::Break(()),
                    Self::Header(_) | Self::Body(..) => ControlFlow::Continue(()),
                }
            }
            Self::Body(_, body) => body.push(segment),
            Self::Ended(_) => ControlFlow::Break(()),
        }
    }

    fn end_header(&mut self) {
        if let Self::Header(header) = self {
            *self = match Envelope::of(header) {
                Ok(envelope) => Self::Body(Box::new(envelope), Box::new(Body::below(header))),
                Err(why) => Self::Ended(why),
            };
        }
    }
}

impl Envelope {
    fn of(header: &Header) -> Result<Self, Unreadable> {
        let from = author(header)?;
        let obstacle = if sent_by_another(header, &from) {
            Some(Declined::OnBehalf)
        } else {
            (header.soundness() != Soundness::Sound).then_some(Declined::Damaged)
        };
        Ok(Self {
            is_automatic: automatic::is_automatic(header, &from),
            message_id: message_id(header),
            from,
            obstacle,
        })
    }

    fn message(self, body: Body, is_too_long: bool) -> Message {
        let (found, of_body) = body.finish();
        let is_automatic = self.is_automatic || found.is_automatic;
        let too_long = is_too_long.then_some(Declined::TooLong);
        let obstacle = self.obstacle.or(too_long).or(of_body);
        let decided = match obstacle {
            Some(why) => Err(why),
            None => decision::of(&found),
        };
        let (command, obstacle) = match decided {
            _ if is_automatic => (ReplyCommand::Nothing, obstacle),
            Ok(command) => (command, None),
            Err(_) if obstacle.is_none() && found.holds_pgp() => {
                (ReplyCommand::Nothing, Some(Declined::Encrypted))
            }
            Err(why) => (ReplyCommand::Nothing, Some(why)),
        };
        Message {
            from: self.from,
            is_automatic,
            obstacle,
            command,
            message_id: self.message_id,
        }
    }
}

/// Who wrote it. Reply-To and other fields that name people are ignored.
fn author(header: &Header) -> Result<EmailAddress, Unreadable> {
    if header.soundness() == Soundness::Doubtful {
        return Err(Unreadable::Malformed);
    }
    let field = header.only("from").map_err(|Repeated| Unreadable::SeveralFrom)?;
    let value = field.ok_or(Unreadable::NoFrom)?.value();
    value
        .and_then(|value| mailbox::only(&value))
        .ok_or(Unreadable::FromUnclear)
}

/// Whether someone other than its author sent it, perhaps the maker: a Sender that differs, or a resent message
/// (RFC 5322, sections 3.6.2 and 3.6.6).
fn sent_by_another(header: &Header, from: &EmailAddress) -> bool {
    let is_author = match header.only("sender") {
        Ok(None) => true,
        Ok(Some(field)) => field
            .value()
            .and_then(|value| mailbox::only(&value))
            .is_some_and(|sender| sender.folded() == from.folded()),
        Err(Repeated) => false,
    };
    !is_author || header.any_starts_with("resent-")
}
