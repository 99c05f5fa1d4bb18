//! Where a quote of our letter begins that its lines alone don't show.

use super::glyph::{is_blank, simplified};
use super::header_block;
use super::lead_in;
use super::line::{Line, Place, start_of};
use super::quoting::QUOTING;

/// How far a quote goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Its lines are marked, so it ends where the marks end.
    Marked,
    /// Nothing shows where it ends.
    Rest,
}

/// The quote that begins on this line of a person's own, if that is beyond doubt.
pub(super) fn starts(lines: &[Line], at: usize) -> Option<Kind> {
    let line = lines.get(at).filter(|line| line.place == Place::Own)?;
    if is_cut(start_of(&line.text)) || header_block::starts(lines, at) {
        return Some(Kind::Rest);
    }
    lead_in::introduced(lines, at)
}

/// Whether a line is a rule with the words of mail programs in it: `-----Original Message-----`.
fn is_cut(text: &str) -> bool {
    let text = text.trim_matches(|c| is_blank(c) || c == '*');
    let is_ruled = ["--", "=="]
        .iter()
        .any(|rule| text.starts_with(rule) && text.ends_with(rule));
    is_ruled
        && QUOTING.cuts(&simplified(
            text.trim_matches(|c| is_blank(c) || matches!(c, '-' | '=' | '*')),
        ))
}

/// Whether a line is only drawn, without words.
pub(super) fn is_rule(text: &str) -> bool {
    let text = text.trim_matches(is_blank);
    text.chars().count() >= 3
        && text
            .chars()
            .all(|c| matches!(c, '-' | '_' | '=' | '*' | '~' | '–' | '—'))
}
