//! A calendar day.

use jiff::civil::Date;
use serde_json::{Value as Json, json};

use super::{Context, Kind, Stage, plain_line, text_schema};
use crate::fault::FaultKind;
use crate::id::ParticipantId;
use crate::language::Language;
use crate::time;

/// A day, stored as `2023-02-07`.
#[derive(Debug)]
pub struct DateValue;

impl DateValue {
    fn parse(text: &str) -> Option<Date> {
        let has_form = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        text.parse().ok().filter(|_| has_form)
    }
}

impl Kind for DateValue {
    fn read(&self, sent: &Json, _context: &Context<'_>) -> Result<Json, FaultKind> {
        let typed = plain_line(sent)?;
        match Self::parse(&typed) {
            Some(day) => Ok(json!(day.to_string())),
            None if typed.is_empty() => Ok(json!("")),
            None => Err(FaultKind::Date),
        }
    }

    fn shown(&self, value: &Json, _language: Language) -> String {
        let text = super::text_of(value);
        Self::parse(&text).map_or(text, time::shown_day)
    }

    fn schema(&self, stage: Stage, _user_id_suffix: &str) -> Json {
        text_schema(
            stage,
            json!({"description": "A day, like `2023-02-07`.", "pattern": "^([0-9]{4}-[0-9]{2}-[0-9]{2})?$"}),
        )
    }

    fn example(&self, _participant: &ParticipantId, n: usize) -> Json {
        json!(format!("2023-05-{:02}", n % 28 + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::testing::read;

    #[test]
    fn a_date_is_a_day_that_the_calendar_has() {
        assert_eq!(
            read(&DateValue, &json!(" ２０２３-02-07 ")),
            Ok(json!("2023-02-07"))
        );
        for bad in ["2023-02-29", "7/2/2023", "2023-2-7", "+02023-02-07", "20230207"] {
            assert_eq!(read(&DateValue, &json!(bad)), Err(FaultKind::Date), "{bad}");
        }
        assert_eq!(
            DateValue.shown(&json!("2023-02-07"), Language::English),
            "07-Feb-2023"
        );
    }
}
