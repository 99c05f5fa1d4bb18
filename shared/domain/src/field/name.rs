//! A person's name.

use serde_json::{Value as Json, json};

use super::text::{ONE_LINE, SENT_LINES};
use super::{Context, Kind, Stage, prose_line, text_schema};
use crate::fault::FaultKind;
use crate::id::ParticipantId;

/// A person's name, in any script.
#[derive(Debug)]
pub struct PersonName {
    /// Maximum characters.
    pub max: usize,
}

impl Kind for PersonName {
    fn read(&self, sent: &Json, _context: &Context<'_>) -> Result<Json, FaultKind> {
        prose_line(sent, self.max).map(Json::from)
    }

    fn schema(&self, stage: Stage, _user_id_suffix: &str) -> Json {
        let pattern = match stage {
            Stage::Sent => SENT_LINES,
            Stage::Kept => ONE_LINE,
        };
        text_schema(
            stage,
            json!({"description": "One line, in any script.", "maxLength": self.max, "pattern": pattern}),
        )
    }

    fn example(&self, _participant: &ParticipantId, n: usize) -> Json {
        json!(format!("Chan Tai Man {n}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::character::CharacterAt;
    use crate::field::testing::read;

    #[test]
    fn a_name_is_one_line_in_any_script() {
        let kind = PersonName { max: 10 };
        assert_eq!(read(&kind, &json!(" 陳大文 ")), Ok(json!("陳大文")));
        assert_eq!(read(&kind, &json!("葛\u{e0100}")), Ok(json!("葛\u{e0100}")));
        let at = CharacterAt {
            character: '\u{200b}',
            position: 2,
        };
        assert_eq!(
            read(&kind, &json!("D\u{200b}Wong")),
            Err(FaultKind::Character(at))
        );
        assert_eq!(read(&kind, &json!("A".repeat(11))), Err(FaultKind::TooLong(10)));
    }
}
