//! A postal address.

use serde_json::{Value as Json, json};

use super::text::{SENT_LINES, SEVERAL_LINES};
use super::{Context, Kind, Stage, text_schema};
use crate::character::first_invisible_in_prose;
use crate::fault::{FaultKind, JsonType};
use crate::field::free_text;
use crate::id::ParticipantId;

/// A postal address as on an envelope: a few lines, none of them blank.
#[derive(Debug)]
pub struct PostalAddress;

impl PostalAddress {
    /// Minimum lines: an address names a place and a district.
    pub const MIN_LINES: usize = 2;
    /// Maximum lines.
    pub const MAX_LINES: usize = 6;
    /// Maximum characters of a line.
    pub const MAX_LINE_CHARS: usize = 70;
    /// Maximum characters of the input.
    const MAX_CHARS: usize = 1_000;
}

impl Kind for PostalAddress {
    fn read(&self, sent: &Json, _context: &Context<'_>) -> Result<Json, FaultKind> {
        let typed = sent.as_str().ok_or(FaultKind::NotA(JsonType::Text))?;
        let text = free_text(typed, Self::MAX_CHARS)?;
        if let Some(at) = first_invisible_in_prose(&text) {
            return Err(FaultKind::Character(at));
        }
        let lines: Vec<&str> = text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect();
        let fits = (Self::MIN_LINES..=Self::MAX_LINES).contains(&lines.len())
            && lines
                .iter()
                .all(|line| line.chars().count() <= Self::MAX_LINE_CHARS);
        if fits || lines.is_empty() {
            Ok(json!(lines.join("\n")))
        } else {
            Err(FaultKind::Address)
        }
    }

    fn schema(&self, stage: Stage, _user_id_suffix: &str) -> Json {
        let pattern = match stage {
            Stage::Sent => SENT_LINES,
            Stage::Kept => SEVERAL_LINES,
        };
        let description = format!(
            "{} to {} lines, each with {} characters at most.",
            Self::MIN_LINES,
            Self::MAX_LINES,
            Self::MAX_LINE_CHARS
        );
        text_schema(
            stage,
            json!({"description": description, "maxLength": Self::MAX_CHARS, "pattern": pattern}),
        )
    }

    fn example(&self, _participant: &ParticipantId, n: usize) -> Json {
        json!(format!("{n}/F, 8 Connaught Place\nCentral\nHong Kong"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::testing::read;

    #[test]
    fn an_address_keeps_its_lines_without_blanks_around_them() {
        let typed = json!("  8 Connaught Place \r\n\r\n Central\tHong Kong ");
        let kept = json!("8 Connaught Place\nCentral Hong Kong");
        assert_eq!(read(&PostalAddress, &typed), Ok(kept));
    }

    #[test]
    fn one_line_or_seven_are_no_address() {
        for bad in [
            "Central",
            "1\n2\n3\n4\n5\n6\n7",
            &format!("{}\nb", "a".repeat(71)),
        ] {
            assert_eq!(
                read(&PostalAddress, &json!(bad)),
                Err(FaultKind::Address),
                "{bad}"
            );
        }
    }
}
