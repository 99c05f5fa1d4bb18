//! Text of one or more lines.

use serde_json::{Value as Json, json};

use super::{Context, Kind, Stage, prose_line, text_schema};
use crate::character::first_control;
use crate::fault::{FaultKind, JsonType};
use crate::id::ParticipantId;

/// Text that people write.
#[derive(Debug)]
pub struct Text {
    /// Maximum characters.
    pub max: usize,
    /// How many lines it may have.
    pub lines: Lines,
}

/// How many lines a text may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    /// One.
    One,
    /// Any number, within the limit of characters.
    Several,
}

/// Excludes every control character.
pub(super) const ONE_LINE: &str = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$";
/// Excludes every control character except the line feed.
pub(super) const SEVERAL_LINES: &str = "^[^\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f]*$";
/// Excludes every control character except those that are turned into spaces and line feeds.
pub(super) const SENT_LINES: &str = "^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f]*$";

impl Kind for Text {
    fn read(&self, sent: &Json, _context: &Context<'_>) -> Result<Json, FaultKind> {
        match self.lines {
            Lines::One => prose_line(sent, self.max),
            Lines::Several => {
                let typed = sent.as_str().ok_or(FaultKind::NotA(JsonType::Text))?;
                free_text(typed, self.max)
            }
        }
        .map(Json::from)
    }

    fn schema(&self, stage: Stage, _user_id_suffix: &str) -> Json {
        let pattern = match (stage, self.lines) {
            (Stage::Sent, _) => SENT_LINES,
            (Stage::Kept, Lines::One) => ONE_LINE,
            (Stage::Kept, Lines::Several) => SEVERAL_LINES,
        };
        text_schema(stage, json!({"maxLength": self.max, "pattern": pattern}))
    }

    fn example(&self, _participant: &ParticipantId, n: usize) -> Json {
        match self.lines {
            Lines::One => json!(format!("Text {n}")),
            Lines::Several => json!(format!("Text {n},\nin two lines")),
        }
    }
}

/// Turns every line ending into a line feed, and every tab into a space.
pub(super) fn lines(typed: &str) -> String {
    typed.replace("\r\n", "\n").replace('\r', "\n").replace('\t', " ")
}

/// Reads text of several lines. Turns a tab into a space, and a carriage return, alone or before a line feed, into a
/// line feed. Refuses every other control character.
pub fn free_text(typed: &str, max_chars: usize) -> Result<String, FaultKind> {
    let text = lines(typed);
    if let Some(at) = first_control(&text, &['\n']) {
        Err(FaultKind::Character(at))
    } else if text.chars().count() > max_chars {
        Err(FaultKind::TooLong(max_chars))
    } else {
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::character::CharacterAt;
    use crate::field::testing::read;

    #[test]
    fn a_tab_becomes_a_blank_and_every_end_of_a_line_a_line_feed() {
        assert_eq!(free_text("a\tb\r\nc\rd\n", 100).unwrap(), "a b\nc\nd\n");
    }

    #[test]
    fn other_control_characters_are_refused_by_name_and_place() {
        let at = CharacterAt {
            character: '\u{7}',
            position: 4,
        };
        assert_eq!(free_text("a\r\nb\u{7}", 100), Err(FaultKind::Character(at)));
        assert_eq!(free_text("four", 3), Err(FaultKind::TooLong(3)));
    }

    #[test]
    fn a_line_is_trimmed_and_has_no_second_one() {
        let text = Text {
            max: 10,
            lines: Lines::One,
        };
        assert_eq!(read(&text, &json!("  a\tb ")), Ok(json!("a b")));
        let at = CharacterAt {
            character: '\n',
            position: 3,
        };
        assert_eq!(read(&text, &json!(" a\nb")), Err(FaultKind::Character(at)));
    }
}
