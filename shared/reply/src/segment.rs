//! Cuts a message that arrives in chunks into segments: lines, or pieces of long lines.
//!
//! Where a segment ends depends on the message alone, so nothing that is read from segments depends on the chunks.

use std::ops::ControlFlow;

use memchr::memchr;

/// Maximum length of a segment in octets. A longer line comes in several.
pub(super) const MAX_SEGMENT: usize = 8 * 1024;

/// A line with its ending, or a piece of a long one. A carriage return and the line feed after it are never apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Segment<'a> {
    /// Its octets.
    pub(super) octets: &'a [u8],
    /// Whether a line starts with it.
    pub(super) starts_line: bool,
}

impl Segment<'_> {
    /// Whether it holds a line from start to end. The last line of a message may lack its ending.
    pub(super) fn is_line(&self) -> bool {
        self.starts_line && (self.octets.ends_with(b"\n") || self.octets.len() < MAX_SEGMENT - 1)
    }
}

/// Cuts chunks into segments, and keeps what is left of each chunk for the next.
#[derive(Default)]
pub(super) struct Segmenter {
    carried: Vec<u8>,
    is_inside_line: bool,
}

impl Segmenter {
    /// Hands on the segments that a chunk completes, until `take` wants no more.
    pub(super) fn push(
        &mut self,
        chunk: &[u8],
        mut take: impl FnMut(Segment<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let mut rest = chunk;
        while !rest.is_empty() {
            let room = MAX_SEGMENT - self.carried.len();
            let window = &rest[..rest.len().min(room)];
            let ended = memchr(b'\n', window).map(|at| at + 1);
            let Some(len) = ended.or((window.len() == room).then_some(room)) else {
                self.carried.extend_from_slice(rest);
                break;
            };
            let (now, later) = rest.split_at(len);
            rest = later;
            if self.carried.is_empty() {
                self.hand_on(now, &mut take)?;
            } else {
                let mut whole = std::mem::take(&mut self.carried);
                whole.extend_from_slice(now);
                self.hand_on(&whole, &mut take)?;
                if self.carried.is_empty() {
                    // Its memory serves the next one.
                    whole.clear();
                    self.carried = whole;
                }
            }
        }
        ControlFlow::Continue(())
    }

    /// Hands on what is left at the end of the message.
    pub(super) fn finish(self, take: impl FnOnce(Segment<'_>)) {
        if !self.carried.is_empty() {
            take(Segment {
                octets: &self.carried,
                starts_line: !self.is_inside_line,
            });
        }
    }

    fn hand_on(
        &mut self,
        octets: &[u8],
        take: &mut impl FnMut(Segment<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let starts_line = !self.is_inside_line;
        self.is_inside_line = !octets.ends_with(b"\n");
        let octets = if let Some(before) = octets.strip_suffix(b"\r") {
            self.carried.push(b'\r');
            before
        } else {
            octets
        };
        take(Segment { octets, starts_line })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segments<'a>(chunks: impl IntoIterator<Item = &'a [u8]>) -> Vec<(Vec<u8>, bool)> {
        let mut segments = Vec::new();
        let mut segmenter = Segmenter::default();
        for chunk in chunks {
            let _ = segmenter.push(chunk, |segment| {
                segments.push((segment.octets.to_vec(), segment.starts_line));
                ControlFlow::Continue(())
            });
        }
        segmenter.finish(|segment| segments.push((segment.octets.to_vec(), segment.starts_line)));
        segments
    }

    #[test]
    fn segments_are_the_same_however_a_message_is_cut_into_chunks() {
        let long = "x".repeat(MAX_SEGMENT - 1);
        let whole = format!("a\r\n\r\n\n{long}\r\nb{long}{long}\r\rc\n\rd");
        let expected = segments([whole.as_bytes()]);
        for size in [1, 2, 3, 7, MAX_SEGMENT - 1, MAX_SEGMENT, MAX_SEGMENT + 1] {
            assert_eq!(segments(whole.as_bytes().chunks(size)), expected, "{size}");
        }
        let joined: Vec<u8> = expected.iter().flat_map(|(octets, _)| octets.clone()).collect();
        assert_eq!(joined, whole.as_bytes());
    }

    #[test]
    fn a_long_line_comes_in_pieces_that_never_part_a_line_break() {
        let long = "x".repeat(MAX_SEGMENT - 1);
        let raw = format!("{long}\r\nb");
        assert_eq!(
            segments([raw.as_bytes()]),
            [
                (long.into_bytes(), true),
                (b"\r\n".to_vec(), false),
                (b"b".to_vec(), true)
            ]
        );
    }

    #[test]
    fn a_reader_that_breaks_off_gets_no_more() {
        let mut count = 0;
        let end = Segmenter::default().push(b"a\nb\nc\n", |_| {
            count += 1;
            if count == 2 {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        assert_eq!((end, count), (ControlFlow::Break(()), 2));
    }
}
