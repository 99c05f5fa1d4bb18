//! A person of the company.

use serde_json::{Value as Json, json};

use super::{Context, Kind, Stage, plain_line, text_schema};
use crate::fault::FaultKind;
use crate::id::{ParticipantId, PersonId};

/// A person of the company that makes the request, by the ID that the directory has for them. Whoever shows the value
/// shows their name: see [`crate::form::Form::naming`].
#[derive(Debug)]
pub struct PersonOfCompany;

impl Kind for PersonOfCompany {
    fn read(&self, sent: &Json, _context: &Context<'_>) -> Result<Json, FaultKind> {
        let typed = plain_line(sent)?;
        if typed.is_empty() {
            return Ok(json!(""));
        }
        let id = PersonId::parse(&typed).ok_or(FaultKind::NotInDirectory)?;
        Ok(json!(id.as_str()))
    }

    fn schema(&self, stage: Stage, _user_id_suffix: &str) -> Json {
        text_schema(
            stage,
            json!({"description": "The ID that the directory has for a person of the company.", "maxLength": PersonId::MAX_OCTETS}),
        )
    }

    fn example(&self, _participant: &ParticipantId, _n: usize) -> Json {
        json!("0f2c8a51-6b1e-4d0a-9c57-1a4be0d35e03")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::testing::read;

    #[test]
    fn a_person_is_an_id_of_the_directory() {
        assert_eq!(read(&PersonOfCompany, &json!(" p-1 ")), Ok(json!("p-1")));
        assert_eq!(read(&PersonOfCompany, &json!("")), Ok(json!("")));
        for other in ["D Wong", "a#b", "陳大文"] {
            assert_eq!(
                read(&PersonOfCompany, &json!(other)),
                Err(FaultKind::NotInDirectory),
                "{other}"
            );
        }
    }
}
