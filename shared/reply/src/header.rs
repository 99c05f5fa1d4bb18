//! A header's fields (RFC 5322, section 2.2), read line by line and strictly: a header that two readers could interpret
//! differently takes no step.
//!
//! A header may be as long as a message. Only the fields that decide are kept, and of each only a start.

use super::segment::Segment;

/// Maximum number of fields that are kept of a header. Those that decide are about a dozen.
const MAX_FIELDS: usize = 100;
/// How many octets of a field's value are kept.
const MAX_FIELD_OCTETS: usize = 4 * 1024;

/// The fields that decide, by name or by the start of their names.
const KEPT: [&str; 9] = [
    "from",
    "sender",
    "message-id",
    "auto-submitted",
    "return-path",
    "precedence",
    "content-type",
    "content-transfer-encoding",
    "content-disposition",
];
const KEPT_BY_START: [&str; 3] = ["list-", "resent-", "x-auto"];

/// A header.
#[derive(Default)]
pub(super) struct Header {
    fields: Vec<Field>,
    /// Whether the field that is being read is kept.
    is_kept: bool,
    has_field: bool,
    /// Whether its lines end in a carriage return and a line feed.
    endings: Option<bool>,
    /// As far as its lines have shown; see [`Header::soundness`].
    soundness: Soundness,
    /// How many From fields any reader might see.
    possible_authors: usize,
}

/// A field of a header.
pub(super) struct Field {
    name: String,
    value: Vec<u8>,
    is_cut: bool,
}

impl Field {
    /// Its value on one line, or the start of a value that is too long. Invalid UTF-8 becomes U+FFFD, which no address or
    /// token contains.
    pub(super) fn start(&self) -> String {
        String::from_utf8_lossy(&self.value).into_owned()
    }

    /// Its whole value on one line; `None` if it is too long.
    pub(super) fn value(&self) -> Option<String> {
        (!self.is_cut).then(|| self.start())
    }

    fn push(&mut self, octets: &[u8]) {
        let room = MAX_FIELD_OCTETS - self.value.len();
        self.is_cut |= octets.len() > room;
        self.value.extend_from_slice(&octets[..octets.len().min(room)]);
    }
}

/// Why a field has no one value: it is there more than once.
pub(super) struct Repeated;

/// How far a header can be trusted.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Soundness {
    /// Every reader sees the same fields.
    #[default]
    Sound,
    /// It is malformed, but no reader can see another From.
    Malformed,
    /// Another reader might see another From.
    Doubtful,
}

impl Header {
    /// Reads the next segment; returns whether it ends the header.
    pub(super) fn push(&mut self, segment: Segment<'_>) -> bool {
        let content = self.content(segment.octets);
        if segment.starts_line && content.is_empty() {
            return true;
        }
        self.count_authors(segment, content);
        if !segment.starts_line {
            self.append(content);
        } else if matches!(content[0], b' ' | b'\t') {
            self.distrust_if(!self.has_field, Soundness::Malformed);
            self.append(content);
        } else {
            self.start_field(content);
        }
        false
    }

    /// A segment without its line ending. All lines of a header must end the same way: a lone line feed or carriage return
    /// ends a line for some readers and not for others.
    fn content<'a>(&mut self, octets: &'a [u8]) -> &'a [u8] {
        let mut content = octets;
        if let Some(without_feed) = octets.strip_suffix(b"\n") {
            let without_return = without_feed.strip_suffix(b"\r");
            content = without_return.unwrap_or(without_feed);
            if *self.endings.get_or_insert(without_return.is_some()) != without_return.is_some() {
                // For another reader, the header may go on below an empty line.
                let is_end = content.is_empty();
                self.distrust_if(
                    true,
                    if is_end {
                        Soundness::Doubtful
                    } else {
                        Soundness::Malformed
                    },
                );
            }
        }
        self.distrust_if(
            content.iter().any(|b| matches!(b, b'\r' | 0)),
            Soundness::Malformed,
        );
        content
    }

    fn start_field(&mut self, content: &[u8]) {
        self.has_field = true;
        self.is_kept = false;
        let Some((name, value)) = split_field(content) else {
            self.distrust_if(true, Soundness::Malformed);
            return;
        };
        let name = String::from_utf8_lossy(name).to_ascii_lowercase();
        let decides =
            KEPT.contains(&name.as_str()) || KEPT_BY_START.iter().any(|start| name.starts_with(start));
        if !decides {
            return;
        }
        if self.fields.len() == MAX_FIELDS {
            self.distrust_if(true, Soundness::Doubtful);
            return;
        }
        self.is_kept = true;
        self.fields.push(Field {
            name,
            value: Vec::new(),
            is_cut: false,
        });
        self.append(value);
    }

    fn append(&mut self, content: &[u8]) {
        if let Some(field) = self.fields.last_mut().filter(|_| self.is_kept) {
            field.push(content);
        }
    }

    /// Counts what could be a From field for a reader who takes any line break, or none, for the end of a line.
    fn count_authors(&mut self, segment: Segment<'_>, content: &[u8]) {
        // In a long line, this reader might overlook what another one sees.
        let is_malformed = self.soundness != Soundness::Sound;
        self.distrust_if(is_malformed && !segment.is_line(), Soundness::Doubtful);
        let pieces = content.split(|b| matches!(b, b'\r' | 0));
        self.possible_authors += pieces.filter(|piece| names_author(piece)).count();
    }

    fn distrust_if(&mut self, is_so: bool, soundness: Soundness) {
        if is_so {
            self.soundness = self.soundness.max(soundness);
        }
    }

    /// How far it can be trusted.
    pub(super) fn soundness(&self) -> Soundness {
        match self.soundness {
            Soundness::Malformed if self.possible_authors != 1 => Soundness::Doubtful,
            soundness => soundness,
        }
    }

    /// The fields with a name, given in lower case.
    pub(super) fn named(&self, name: &str) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(move |field| field.name == name)
    }

    /// The field with a name that may appear only once.
    pub(super) fn only(&self, name: &str) -> Result<Option<&Field>, Repeated> {
        let mut all = self.named(name);
        let first = all.next();
        match all.next() {
            Some(_) => Err(Repeated),
            None => Ok(first),
        }
    }

    /// Whether the name of a field starts with a prefix, given in lower case.
    pub(super) fn any_starts_with(&self, prefix: &str) -> bool {
        self.fields.iter().any(|field| field.name.starts_with(prefix))
    }
}

/// The name and the value of the field that a line starts. Blanks before the colon are obsolete but still accepted
/// (RFC 5322, section 4.5).
fn split_field(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = line.iter().position(|&b| b == b':')?;
    let name = line[..colon].trim_ascii_end();
    let is_name = !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
    is_name.then(|| (name, &line[colon + 1..]))
}

fn names_author(piece: &[u8]) -> bool {
    let piece = piece.trim_ascii_start();
    piece.split_at_checked(b"from".len()).is_some_and(|(name, rest)| {
        name.eq_ignore_ascii_case(b"from") && rest.trim_ascii_start().starts_with(b":")
    })
}

#[cfg(test)]
pub(super) mod tests {
    use std::ops::ControlFlow;

    use super::super::segment::Segmenter;
    use super::*;

    /// Reads a header, and stops at its end.
    pub(crate) fn header(raw: &[u8]) -> Header {
        let mut header = Header::default();
        let mut segmenter = Segmenter::default();
        let end = segmenter.push(raw, |segment| {
            if header.push(segment) {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        if end.is_continue() {
            segmenter.finish(|segment| {
                header.push(segment);
            });
        }
        header
    }

    fn values(raw: &str, name: &str) -> Vec<String> {
        let header = header(raw.as_bytes());
        assert_eq!(header.soundness(), Soundness::Sound);
        header.named(name).map(Field::start).collect()
    }

    #[test]
    fn a_folded_field_is_one_field() {
        let raw = "List-A: 1\r\n 2\r\n\t3\r\nSubject: x\r\n y\r\nSender: 4\r\n\r\nSender: body";
        assert_eq!(values(raw, "list-a"), [" 1 2\t3"]);
        assert_eq!(values(raw, "sender"), [" 4"]);
    }

    #[test]
    fn names_are_compared_without_case_and_blanks_before_the_colon() {
        assert_eq!(values("FROM: 1\r\nfrom : 2\r\n\r\n", "from"), [" 1", " 2"]);
    }

    #[test]
    fn what_readers_could_disagree_on_is_malformed() {
        for raw in [
            "From: a\r\nB: 2\n\r\n",
            "A: 1\r\nFrom: b\n\r\n",
            "From: 1\rB: 2\r\n\r\n",
            "From: \0\r\n\r\n",
            " A: 1\r\nFrom: a\r\n\r\n",
            "A\r\nFrom: a\r\n\r\n",
            ": 1\r\nFrom: a\r\n\r\n",
            "F rom: 1\r\nFrom: a\r\n\r\n",
            "From a@b.example Mon Mar 27 10:43:00 2023\r\nFrom: a\r\n\r\n",
        ] {
            assert_eq!(
                header(raw.as_bytes()).soundness(),
                Soundness::Malformed,
                "{raw:?}"
            );
        }
    }

    #[test]
    fn a_malformed_header_in_which_a_reader_might_see_another_author_is_doubtful() {
        let long = "x".repeat(20_000);
        let crowded = format!("From: a\r\n{}\r\n", "Sender: b\r\n".repeat(MAX_FIELDS));
        for raw in [
            "From: a\nfrom : b\r\n\r\n",
            "From: a\r\nX: 1\rFrom: b\r\n\r\n",
            "From: a\r\nX: 1\r\n From: b\rY: 1\r\n\r\n",
            "From: a\r\nX: \0From:b\r\n\r\n",
            "From: a\r\n\nFrom: b\r\n\r\n",
            "From: a\nB: 2\r\n\r\nFrom: b\n\n",
            "X: \rFrom: a\r\nFrom: b\r\n\r\n",
            &format!("From: a\r\nX: {long}\rFrom: b\r\n\r\n"),
            &crowded,
        ] {
            assert_eq!(header(raw.as_bytes()).soundness(), Soundness::Doubtful, "{raw:?}");
        }
    }

    #[test]
    fn a_header_without_a_body_is_read() {
        assert_eq!(values("From: 1", "from"), [" 1"]);
        assert_eq!(values("From: 1\n", "from"), [" 1"]);
        assert!(header(b"").fields.is_empty());
    }

    #[test]
    fn a_header_of_any_length_costs_what_its_deciding_fields_cost() {
        let raw = format!(
            "X: {}\r\n{}From: a\r\n\r\n",
            "x".repeat(100_000),
            "Y: 1\r\n".repeat(10_000)
        );
        assert_eq!(values(&raw, "from"), [" a"]);
        assert_eq!(header(raw.as_bytes()).fields.len(), 1);
    }

    #[test]
    fn a_field_that_is_too_long_has_a_start_and_no_value() {
        let longest = "x".repeat(MAX_FIELD_OCTETS);
        let whole = header(format!("From:{longest}\r\n\r\n").as_bytes());
        assert_eq!(
            whole.named("from").next().and_then(Field::value),
            Some(longest.clone())
        );
        let folded = header(format!("From:{longest}\r\n x\r\n\r\n").as_bytes());
        let field = folded.named("from").next().unwrap();
        assert_eq!((field.value(), field.start()), (None, longest));
    }
}
