//! Finds the texts among the parts of a message (RFC 2045 to 2049), segment by segment.
//!
//! This module finds the parts itself, within limits of depth and number, and keeps only the texts that decide: attachments
//! of any size pass by. A parser for whole messages keeps the whole message, and nests as deeply as the sender likes.

use std::ops::ControlFlow;

use countersign_domain::approval::Declined;

use super::header::{Header, Soundness};
use super::line::{self, Line};
use super::part::Part;
use super::segment::Segment;

/// Maximum nesting depth. A signed reply with a picture, through a mailing list, needs five levels.
const MAX_DEPTH: usize = 10;
/// Maximum number of parts in a message.
const MAX_PARTS: usize = 200;
/// Maximum length of a boundary in octets (RFC 2046, section 5.1.1).
const MAX_BOUNDARY_OCTETS: usize = 70;
/// Maximum size in octets of all texts that are shown, both as they come and in UTF-8: a reply with what it quotes.
pub const MAX_TEXT_OCTETS: usize = 1024 * 1024;

/// What begins a message that PGP encrypted or signed, in a text.
const PGP: &str = "-----BEGIN PGP ";

/// The texts of a message, or of a part of one.
#[derive(Default)]
pub(super) struct Found {
    /// Those that decide: the first ones. Several are alternatives to each other.
    deciding: Vec<Text>,
    /// Those that only continue or contradict them.
    pub(super) further: Vec<Text>,
    /// Why a part that may hold a text can't be read.
    unreadable: Option<Declined>,
    /// Whether a machine wrote one of its parts: an answer to an invitation, a delivery report or a read receipt.
    pub(super) is_automatic: bool,
    /// Whether Outlook packed its text into a winmail.dat.
    is_packed: bool,
    is_damaged: bool,
}

/// The kind of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Plain,
    Html,
    /// Some mail programs show it as it stands.
    Other,
}

/// A text that is shown.
pub(super) struct Text {
    pub(super) kind: Kind,
    content: String,
    pub(super) is_flowed: bool,
    deletes_blank: bool,
}

impl Text {
    /// The text.
    pub(super) fn text(&self) -> &str {
        &self.content
    }

    /// The lines of its plain text.
    pub(super) fn lines(&self) -> Vec<Line<'_>> {
        if self.is_flowed {
            line::of_flowed(&self.content, self.deletes_blank)
        } else {
            self.unflowed()
        }
    }

    /// The lines of its plain text as they came.
    pub(super) fn unflowed(&self) -> Vec<Line<'_>> {
        line::of_plain(&self.content)
    }
}

impl Found {
    fn is_empty(&self) -> bool {
        self.deciding.is_empty() && self.unreadable.is_none()
    }

    /// Its texts, the ones that decide first.
    pub(super) fn all(&self) -> impl Iterator<Item = &Text> {
        self.deciding.iter().chain(&self.further)
    }

    /// The texts of a kind that decide.
    pub(super) fn texts_of(&self, kind: Kind) -> Vec<&Text> {
        self.deciding.iter().filter(|text| text.kind == kind).collect()
    }

    fn unreadable(why: Declined) -> Self {
        Self {
            unreadable: Some(why),
            ..Self::default()
        }
    }

    fn machines() -> Self {
        Self {
            is_automatic: true,
            ..Self::default()
        }
    }

    /// Why the texts can't be read, if they can't.
    pub(super) fn obstacle(&self) -> Option<Declined> {
        if self.unreadable.is_some() {
            return self.unreadable;
        }
        if !self.all().all(|text| text.content.trim().is_empty()) {
            None
        } else if self.is_packed {
            Some(Declined::Encrypted)
        } else if self.is_damaged {
            Some(Declined::Damaged)
        } else {
            Some(Declined::NoText)
        }
    }

    /// Whether one of its texts holds a message that PGP encrypted or signed.
    pub(super) fn holds_pgp(&self) -> bool {
        self.all().any(|text| text.content.contains(PGP))
    }
}

/// The part of a message that is being read.
enum State {
    Header(Header),
    /// A text that is shown, as it comes.
    Text(Part, Vec<u8>),
    /// Nothing that decides.
    Passing,
}

/// A multipart that is being read.
struct Multipart {
    boundary: Vec<u8>,
    are_alternatives: bool,
    found: Found,
    has_parts: bool,
    is_over: bool,
}

/// A body that is being read.
pub(super) struct Body {
    state: State,
    /// The multiparts around the part that is being read, the outermost first.
    around: Vec<Multipart>,
    found: Found,
    parts: usize,
    octets: usize,
    obstacle: Option<Declined>,
}

impl Body {
    /// The body below a message's header.
    pub(super) fn below(header: &Header) -> Self {
        let mut body = Self {
            state: State::Passing,
            around: Vec::new(),
            found: Found::default(),
            parts: 0,
            octets: 0,
            obstacle: None,
        };
        body.begin(header);
        body
    }

    /// Reads the next segment. Breaks off once the rest can't matter.
    pub(super) fn push(&mut self, segment: Segment<'_>) -> ControlFlow<()> {
        match self.delimiter(segment) {
            Some((at, is_end)) => {
                self.end_parts(at + 1);
                if let Some(multipart) = self.around.get_mut(at) {
                    (multipart.has_parts, multipart.is_over) = (true, is_end);
                }
                if !is_end {
                    self.state = State::Header(Header::default());
                }
            }
            None => self.read(segment),
        }
        if self.parts > MAX_PARTS || self.around.len() > MAX_DEPTH {
            self.obstacle = Some(Declined::TooLong);
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    /// The texts of the whole body, or why they can't be read; and whether a machine wrote one of its parts.
    pub(super) fn finish(mut self) -> (Found, Option<Declined>) {
        if self.obstacle.is_none() {
            self.end_parts(0);
        }
        for multipart in &self.around {
            self.found.is_automatic |= multipart.found.is_automatic;
        }
        let obstacle = self.obstacle.or_else(|| self.found.obstacle());
        (self.found, obstacle)
    }

    /// The multipart whose delimiter this is, and whether it is its last one. A delimiter of an outer multipart also ends
    /// those inside.
    fn delimiter(&self, segment: Segment<'_>) -> Option<(usize, bool)> {
        let line = segment.octets.strip_prefix(b"--").filter(|_| segment.is_line())?;
        let open = self
            .around
            .iter()
            .enumerate()
            .filter(|(_, multipart)| !multipart.is_over);
        let mut delimiters = open.filter_map(|(at, multipart)| {
            let rest = line.strip_prefix(&multipart.boundary[..])?;
            let (rest, is_end) = rest
                .strip_prefix(b"--")
                .map_or((rest, false), |rest| (rest, true));
            rest.trim_ascii().is_empty().then_some((at, is_end))
        });
        delimiters.next()
    }

    fn read(&mut self, segment: Segment<'_>) {
        match &mut self.state {
            State::Header(header) => {
                if header.push(segment) {
                    self.begin_read_header();
                }
            }
            State::Text(_, text) => {
                self.octets += segment.octets.len();
                if self.octets <= MAX_TEXT_OCTETS {
                    text.extend_from_slice(segment.octets);
                } else {
                    self.obstacle = Some(Declined::TooLong);
                    self.state = State::Passing;
                }
            }
            State::Passing => {}
        }
    }

    fn begin_read_header(&mut self) {
        if let State::Header(header) = &mut self.state {
            let header = std::mem::take(header);
            self.begin(&header);
        }
    }

    /// Begins the part with this header.
    fn begin(&mut self, header: &Header) {
        self.parts += 1;
        self.state = State::Passing;
        let Some(part) = Part::of(header) else {
            return self.add(Found::unreadable(Declined::Damaged));
        };
        if !self.around.is_empty() && header.soundness() != Soundness::Sound {
            return self.add(Found::unreadable(Declined::Damaged));
        }
        match part.kind() {
            ("multipart", "report") | ("message", "delivery-status" | "disposition-notification") => {
                self.add(Found::machines());
            }
            // People attach invitations; only calendars answer them, and name a method.
            ("text", "calendar") if !part.is_attachment || part.parameter("method").is_some() => {
                self.add(Found::machines());
            }
            ("multipart", "encrypted") => self.add(Found::unreadable(Declined::Encrypted)),
            _ if part.is_smime() => self.add(Found::unreadable(Declined::Encrypted)),
            _ if part.is_tnef() => self.add(Found {
                is_packed: true,
                ..Found::default()
            }),
            // The parts of a digest are messages by other people.
            ("multipart", "digest" | "form-data") => {}
            ("multipart", _) => self.begin_multipart(&part),
            ("text", _) | ("application", "xhtml+xml") if !part.is_attachment && self.obstacle.is_none() => {
                self.state = State::Text(part, Vec::new());
            }
            // Nothing else decides, least of all a message inside this one.
            _ => {}
        }
    }

    fn begin_multipart(&mut self, part: &Part) {
        let boundary = part.parameter("boundary").unwrap_or_default();
        // A multipart is never encoded as a whole (RFC 2045, section 6.4).
        if !(1..=MAX_BOUNDARY_OCTETS).contains(&boundary.len()) || !part.is_identity() {
            return self.add(Found::unreadable(Declined::Damaged));
        }
        let (_, subtype) = part.kind();
        self.around.push(Multipart {
            boundary: boundary.as_bytes().to_vec(),
            are_alternatives: subtype == "alternative",
            found: Found::default(),
            has_parts: false,
            is_over: false,
        });
    }

    /// Ends the part that is being read, and the multiparts around it down to this depth. A truncated message ends them all.
    fn end_parts(&mut self, depth: usize) {
        // A part that ends within its header has no body, but it may be a multipart.
        self.begin_read_header();
        if let State::Text(part, octets) = std::mem::replace(&mut self.state, State::Passing) {
            self.add_text(&part, octets);
        }
        while self.around.len() > depth
            && let Some(mut multipart) = self.around.pop()
        {
            multipart.found.is_damaged |= !multipart.has_parts;
            self.add(multipart.found);
        }
    }

    fn add_text(&mut self, part: &Part, octets: Vec<u8>) {
        let kind = match part.kind() {
            (_, "plain") => Kind::Plain,
            (_, "html") => Kind::Html,
            _ => Kind::Other,
        };
        let content = match part.decode(without_break(octets), MAX_TEXT_OCTETS) {
            Ok(content) => content,
            Err(why) => return self.add(Found::unreadable(why)),
        };
        let text = Text {
            kind,
            content,
            is_flowed: part.says("format", "flowed"),
            deletes_blank: part.says("delsp", "yes"),
        };
        let mut found = Found::default();
        match kind {
            Kind::Other => found.further.push(text),
            Kind::Plain | Kind::Html => found.deciding.push(text),
        }
        self.add(found);
    }

    /// Adds a part's texts to those of the multipart around it. They decide if they are alternatives, or the first with any.
    fn add(&mut self, of_part: Found) {
        let (into, decide) = match self.around.last_mut() {
            Some(around) => {
                let decide = around.are_alternatives || around.found.is_empty();
                (&mut around.found, decide)
            }
            None => (&mut self.found, true),
        };
        into.unreadable = into.unreadable.or(of_part.unreadable);
        into.is_automatic |= of_part.is_automatic;
        into.is_packed |= of_part.is_packed;
        into.is_damaged |= of_part.is_damaged;
        let place = if decide {
            &mut into.deciding
        } else {
            &mut into.further
        };
        place.extend(of_part.deciding);
        into.further.extend(of_part.further);
    }
}

/// The line break before a delimiter belongs to the delimiter.
fn without_break(mut octets: Vec<u8>) -> Vec<u8> {
    for end in [b'\n', b'\r'] {
        if octets.last() == Some(&end) {
            octets.pop();
        }
    }
    octets
}
