//! The words that a person writes below a command: the reason for a return, or the message of a confirmation.
//!
//! A reason starts on the command's line or on the next one. Below a blank line there may be a signature, and a signature is
//! no reason. The words end where a quote, a known signature or a notice starts.

use super::ReplyCommand;
use super::footer;
use super::glyph::{is_blank, is_invisible};
use super::header_block;
use super::lead_in;
use super::line::{Line, Place};

/// How many octets of a line, and about how many in all, are read: at least as many characters as a message may have.
const MAX_READ_OCTETS: usize = 4 * ReplyCommand::MAX_MESSAGE_CHARS;

/// What a person writes below a command.
#[derive(Debug)]
pub(super) struct Words {
    /// The lines, separated by line feeds.
    pub(super) text: String,
    /// Whether there is more than was read.
    pub(super) goes_on: bool,
    /// Whether a blank line stands between them and the command.
    pub(super) is_detached: bool,
}

impl Words {
    /// The reason for a return, which may start on the command's line; `None` if there is none.
    pub(super) fn reason(first: &str, lines: &[Line], at: usize) -> Option<Self> {
        let first = if footer::is_placeholder(first) { "" } else { first };
        let words = Self::below(first, lines, at)?;
        let is_reason = !words.text.is_empty() && !footer::is_placeholder(&words.text);
        is_reason.then_some(words)
    }

    /// The text that starts with `first` and goes on at line `at`; `None` if it has a control character.
    pub(super) fn below(first: &str, lines: &[Line], at: usize) -> Option<Self> {
        let mut text = shown(first);
        let mut goes_on = first.len() > MAX_READ_OCTETS;
        let mut blank = 0;
        let is_detached = text.is_empty() && lines.get(at).is_none_or(Line::is_blank);
        for (at, line) in lines.iter().enumerate().skip(at) {
            if line.place != Place::Own {
                break;
            }
            // Blank lines at either end are dropped, so they count only once something follows them.
            if line.is_blank() || footer::is_picture(&line.text) {
                blank += 1;
                continue;
            }
            if footer::starts(lines, at) || header_block::starts(lines, at) || lead_in::begins(lines, at) {
                break;
            }
            if text.len() > MAX_READ_OCTETS {
                goes_on = true;
                break;
            }
            goes_on |= line.text.len() > MAX_READ_OCTETS;
            if !text.is_empty() {
                text.push_str(&"\n".repeat(1 + blank.min(MAX_BLANK_LINES)));
            }
            blank = 0;
            text.push_str(&shown(&line.text));
        }
        let is_sound = !text.chars().any(|c| c.is_control() && c != '\n');
        is_sound.then_some(Self {
            text,
            goes_on,
            is_detached,
        })
    }

    /// What is kept of them: a longer text than a message may be ends in an ellipsis. `None` if there is nothing.
    pub(super) fn kept(&self) -> Option<String> {
        const MAX: usize = ReplyCommand::MAX_MESSAGE_CHARS;
        let is_longer = self.text.chars().nth(MAX).is_some() || self.goes_on;
        let text = if is_longer {
            let start: String = self.text.chars().take(MAX - 1).collect();
            format!("{}…", start.trim_end_matches(is_blank))
        } else {
            self.text.clone()
        };
        (!text.is_empty()).then_some(text)
    }
}

/// How many blank lines in a row are kept.
const MAX_BLANK_LINES: usize = 2;

/// What a line shows: without characters that take no room, and with a blank for each tab. Joiners stay, because they shape
/// what people see.
fn shown(line: &str) -> String {
    let line = &line[..line.floor_char_boundary(MAX_READ_OCTETS)];
    let kept = line.trim_matches(is_blank).chars();
    let kept = kept.filter(|&c| !is_invisible(c) || matches!(c, '\u{200c}'..='\u{200f}'));
    kept.map(|c| if matches!(c, '\t' | '\u{a0}') { ' ' } else { c })
        .collect()
}
