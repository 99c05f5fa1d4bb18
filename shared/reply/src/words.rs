//! The words that a person writes below a command: the reason for a return, or the message of a confirmation.
//!
//! A reason starts on the command's line or on the next one. Below a blank line there may be a signature, and a signature is
//! no reason. Words are kept up to where a quote or a marked signature certainly starts: a footer too many does no harm, but a
//! lost word does.

use countersign_domain::approval::Declined;

use super::ReplyCommand;
use super::footer;
use super::glyph::{is_blank, is_invisible};
use super::line::{Line, Place};
use super::quote;

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
    /// Whether they end where a quote or a signature starts, so that a later text is no more of them.
    pub(super) is_over: bool,
}

impl Words {
    /// The reason for a return, which may start on the command's line.
    pub(super) fn reason(first: &str, lines: &[Line], at: usize) -> Result<Self, Declined> {
        let first = if footer::is_placeholder(first) { "" } else { first };
        let words = Self::below(first, lines, at)?;
        let is_reason = !words.text.is_empty() && !footer::is_placeholder(&words.text);
        if !is_reason || (first.is_empty() && footer::is_doubtful(lines, at)) {
            return Err(Declined::NoReason);
        }
        Ok(words)
    }

    /// The text that starts with `first` and goes on at line `at`.
    pub(super) fn below(first: &str, lines: &[Line], at: usize) -> Result<Self, Declined> {
        let mut text = shown(first);
        let is_left_out = |line: &Line| {
            line.is_blank() || footer::is_picture(&line.text) || footer::is_of_device(&line.text)
        };
        let mut words = Self {
            goes_on: first.len() > MAX_READ_OCTETS,
            is_detached: text.is_empty() && lines.get(at).is_none_or(is_left_out),
            is_over: false,
            text: String::new(),
        };
        // Blank lines and rules at either end are dropped, so they count only once words follow them.
        let mut end = text.len();
        let mut blank = 0;
        for (at, line) in lines.iter().enumerate().skip(at) {
            if line.place != Place::Own
                || footer::is_signature(&line.text)
                || quote::starts(lines, at).is_some()
            {
                words.is_over = true;
                break;
            }
            if is_left_out(line) {
                blank += 1;
                continue;
            }
            if text.len() > MAX_READ_OCTETS {
                words.goes_on = true;
                break;
            }
            let is_rule = quote::is_rule(&line.text);
            if is_rule && end == 0 {
                continue;
            }
            words.goes_on |= line.text.len() > MAX_READ_OCTETS;
            if !text.is_empty() {
                text.push_str(&"\n".repeat(1 + blank.min(MAX_BLANK_LINES)));
            }
            blank = 0;
            text.push_str(&shown(&line.text));
            end = if is_rule { end } else { text.len() };
        }
        text.truncate(end);
        words.text = text;
        words.sound()
    }

    /// The words with those of a later text of the message, below a picture.
    pub(super) fn with_more(mut self, lines: &[Line]) -> Result<Self, Declined> {
        if self.is_over || self.goes_on {
            return Ok(self);
        }
        let more = Self::below("", lines, 0)?;
        if !self.text.is_empty() && !more.text.is_empty() {
            self.text.push_str("\n\n");
        }
        self.text.push_str(&more.text);
        (self.goes_on, self.is_over) = (more.goes_on, more.is_over);
        Ok(self)
    }

    /// The words, if everyone who reads them sees the same.
    fn sound(self) -> Result<Self, Declined> {
        if self.text.contains('\u{fffd}') {
            Err(Declined::UnknownCharacters)
        } else if self.text.chars().any(|c| c.is_control() && c != '\n') {
            Err(Declined::ControlCharacters)
        } else {
            Ok(self)
        }
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
