//! A User ID of the form's participant.

use serde_json::{Value as Json, json};

use super::{Context, Kind, Stage, plain_line, text_schema};
use crate::contact::UserId;
use crate::fault::FaultKind;
use crate::id::ParticipantId;

/// A User ID: the participant's ID and a suffix.
#[derive(Debug)]
pub struct UserIdValue {
    /// Whose it is.
    pub whose: Whose,
}

/// What the register has of a User ID's owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// A Delegated Administrator whom the register knows.
    Known,
    /// A Delegated Administrator who is new to it.
    New,
    /// Any user, whom the register need not know.
    Anyone,
}

impl Kind for UserIdValue {
    fn read(&self, sent: &Json, context: &Context<'_>) -> Result<Json, FaultKind> {
        let typed = plain_line(sent)?;
        match context.participant {
            _ if typed.is_empty() => Ok(json!("")),
            Some(participant) => {
                UserId::parse(&typed, participant, context.user_ids).map(|id| json!(id.as_str()))
            }
            // Without a participant there is nothing to hold the User ID against; its absence is reported.
            None => Ok(json!(typed)),
        }
    }

    fn schema(&self, stage: Stage, user_id_suffix: &str) -> Json {
        match stage {
            Stage::Sent => {
                let description = format!(
                    "The participant's ID followed by a suffix of the form `{user_id_suffix}`. Lower-case letters are taken as capitals."
                );
                text_schema(stage, json!({"description": description}))
            }
            Stage::Kept => text_schema(
                stage,
                json!({"maxLength": UserId::MAX_OCTETS, "pattern": format!("^([A-Z0-9]+{user_id_suffix})?$")}),
            ),
        }
    }

    fn example(&self, participant: &ParticipantId, n: usize) -> Json {
        json!(format!("{participant}X{n}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::testing::read;

    #[test]
    fn a_user_id_is_kept_in_capitals() {
        let kind = UserIdValue { whose: Whose::Known };
        assert_eq!(read(&kind, &json!(" ｂ01234x1 ")), Ok(json!("B01234X1")));
    }

    #[test]
    fn a_user_id_of_another_participant_is_refused_with_the_rule() {
        let kind = UserIdValue { whose: Whose::Known };
        for bad in ["B01234ABCDE", "B99999X1"] {
            let refused = FaultKind::UserId {
                participant: "B01234".into(),
                suffix: "[A-Z0-9]{1,4}".into(),
            };
            assert_eq!(read(&kind, &json!(bad)), Err(refused), "{bad}");
        }
    }
}
