//! The lines of a text, each with its place in or outside of quotes.

use std::borrow::Cow;

use super::glyph::is_blank;

/// How many lines are read. Nothing confirms above more of them, since the rest may object.
pub(super) const MAX_LINES: usize = 10_000;
/// How many octets of a line are read to classify it.
const MAX_MARK_OCTETS: usize = 1_000;

/// A line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    /// Its text without quote marks and line ending.
    pub(super) text: Cow<'a, str>,
    /// Its place.
    pub(super) place: Place,
}

impl Line<'_> {
    /// Whether it shows nothing.
    pub(super) fn is_blank(&self) -> bool {
        self.text.chars().all(is_blank)
    }
}

/// Whether a line is quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// It has no quote mark, so the sender may have written it.
    Own,
    /// In a quote.
    Quoted,
    /// Everything from here on is quoted, whatever it looks like.
    RestQuoted,
}

/// The lines of plain text.
pub(super) fn of_plain(text: &str) -> Vec<Line<'_>> {
    let line = |text| {
        let (depth, text) = unquoted(text);
        Line {
            text: text.into(),
            place: place_at(depth),
        }
    };
    breaks(text).take(MAX_LINES).map(line).collect()
}

/// The lines of `format=flowed` (RFC 3676): a line that ends with a blank continues in the next line
/// of the same quote.
pub(super) fn of_flowed(text: &str, deletes_blank: bool) -> Vec<Line<'_>> {
    let mut lines: Vec<Line> = Vec::new();
    let mut open: Option<usize> = None;
    for physical in breaks(text).take(MAX_LINES) {
        let (depth, content) = unquoted(physical.strip_suffix('\r').unwrap_or(physical));
        let content = content.strip_prefix(' ').unwrap_or(content);
        let is_signature = content == "-- ";
        let goes_on = content.ends_with(' ') && !is_signature;
        let kept = if goes_on && deletes_blank {
            &content[..content.len() - 1]
        } else {
            content
        };
        match lines.last_mut() {
            Some(last) if open == Some(depth) && !is_signature => last.text.to_mut().push_str(kept),
            _ => lines.push(Line {
                text: kept.into(),
                place: place_at(depth),
            }),
        }
        open = goes_on.then_some(depth);
    }
    lines
}

fn place_at(depth: usize) -> Place {
    if depth == 0 { Place::Own } else { Place::Quoted }
}

/// Splits at line feeds only. Any other line break stays inside the line, where it keeps the line from being a command.
fn breaks(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n')
}

/// The quote depth of a line, and its text. There may be blanks before and between the marks.
fn unquoted(line: &str) -> (usize, &str) {
    let marked = line.trim_start_matches(is_blank);
    if !marked.starts_with('>') {
        return (0, line);
    }
    let mut depth = 0;
    let mut rest = marked;
    while let Some(after) = rest.strip_prefix('>') {
        depth += 1;
        rest = after;
        if let Some(next) = after.strip_prefix(' ').filter(|next| next.starts_with('>')) {
            rest = next;
        }
    }
    (depth, rest)
}

/// The start of a line, long enough to classify it: a line can be as long as a message.
pub(super) fn start_of(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_MARK_OCTETS)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(lines: &[Line]) -> Vec<(String, Place)> {
        lines
            .iter()
            .map(|line| (line.text.to_string(), line.place))
            .collect()
    }

    fn line(text: &str, place: Place) -> (String, Place) {
        (text.to_owned(), place)
    }

    #[test]
    fn quote_marks_are_read_however_they_are_spaced() {
        for (text, depth, rest) in [
            ("a", 0, "a"),
            (" a > b", 0, " a > b"),
            ("> a", 1, " a"),
            (">a", 1, "a"),
            (" > a", 1, " a"),
            ("\u{200b}> a", 1, " a"),
            (">> a", 2, " a"),
            ("> > a", 2, " a"),
            (">", 1, ""),
        ] {
            assert_eq!(unquoted(text), (depth, rest), "{text:?}");
        }
    }

    #[test]
    fn a_flowed_line_is_joined_within_its_quote() {
        let text =
            "CONFIRM \r\nDA3_00013361 \r\n> one \r\n> two\r\n> three \r\nfour\r\n from\r\n-- \r\nme \r\n";
        assert_eq!(
            shown(&of_flowed(text, false)),
            [
                line("CONFIRM DA3_00013361 ", Place::Own),
                line("one two", Place::Quoted),
                line("three ", Place::Quoted),
                line("four", Place::Own),
                line("from", Place::Own),
                line("-- ", Place::Own),
                line("me ", Place::Own),
            ]
        );
        assert_eq!(shown(&of_flowed("確 \n認", true)), [line("確認", Place::Own)]);
    }

    #[test]
    fn lines_are_limited() {
        assert_eq!(of_plain(&"\n".repeat(MAX_LINES * 2)).len(), MAX_LINES);
        assert!(of_flowed(&"\n".repeat(MAX_LINES * 2), false).len() <= MAX_LINES);
    }
}
