//! A telephone number.

use serde_json::{Value as Json, json};

use super::{Context, Kind, Stage, plain_line, text_schema};
use crate::contact::Telephone;
use crate::fault::FaultKind;
use crate::id::ParticipantId;

/// A telephone number, stored as digits, with a `+` before an international one.
#[derive(Debug)]
pub struct TelephoneNumber;

impl Kind for TelephoneNumber {
    fn read(&self, sent: &Json, _context: &Context<'_>) -> Result<Json, FaultKind> {
        let typed = plain_line(sent)?;
        if typed.is_empty() {
            return Ok(json!(""));
        }
        Telephone::parse(&typed).map(|number| json!(number.as_str()))
    }

    fn key(&self, value: &Json) -> String {
        let digits = super::text_of(value);
        digits.strip_prefix("+852").map(str::to_owned).unwrap_or(digits)
    }

    fn schema(&self, stage: Stage, _user_id_suffix: &str) -> Json {
        match stage {
            Stage::Sent => text_schema(
                stage,
                json!({"description": "A Hong Kong number of 8 digits, or an international one (ITU-T E.164) with its `+`. \
                    Single spaces and hyphens between digits are taken out."}),
            ),
            Stage::Kept => text_schema(
                stage,
                json!({"pattern": "^(\\+[1-9][0-9]{6,14}|[2-9][0-9]{7})?$"}),
            ),
        }
    }

    fn example(&self, _participant: &ParticipantId, n: usize) -> Json {
        json!((29_797_111 + n).to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::testing::read;

    #[test]
    fn a_telephone_number_is_kept_as_digits() {
        assert_eq!(
            read(&TelephoneNumber, &json!("２９７９ 7111")),
            Ok(json!("29797111"))
        );
        assert_eq!(read(&TelephoneNumber, &json!("1")), Err(FaultKind::Telephone));
    }

    #[test]
    fn the_same_number_with_and_without_hong_kongs_code_is_the_same() {
        let key = |number| TelephoneNumber.key(&json!(number));
        assert_eq!(key("+85229797111"), key("29797111"));
    }
}
