//! A User ID of the form's participant.

use serde_json::{Value as Json, json};

use super::{Context, Kind, Stage, Standing, plain_line, text_schema};
use crate::contact::UserId;
use crate::fault::FaultKind;
use crate::id::ParticipantId;
use crate::register::Standings;

/// The characters of a typed User ID, as an ECMA-262 pattern. Lower case, full width and white space around it are
/// allowed.
const TYPED: &str = r"^\s*[A-Za-z0-9Ａ-Ｚａ-ｚ０-９]*\s*$";

/// A User ID: the participant's ID and a suffix.
#[derive(Debug)]
pub struct UserIdValue {
    /// Whose User ID it may be.
    pub whose: Whose,
}

/// Whose User ID a value may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// A Delegated Administrator in the register.
    Known,
    /// A Delegated Administrator who is not in the register yet.
    New,
    /// Any user, in the register or not.
    Anyone,
}

impl UserIdValue {
    /// What the register says about a User ID; `None` if that does not matter to the request.
    pub fn standing(&self, user_id: &str, standings: &Standings) -> Option<Standing> {
        let user_id = user_id.trim().to_ascii_uppercase();
        match (self.whose, standings.get(&user_id)) {
            _ if user_id.is_empty() => None,
            (Whose::Known, Some(Some(email))) => Some(Standing::Registered(email.clone())),
            (Whose::Known, Some(None)) => Some(Standing::WithoutAddress),
            (Whose::Known, None) => Some(Standing::Unknown),
            (Whose::New, Some(_)) => Some(Standing::Taken),
            (Whose::New, None) | (Whose::Anyone, _) => None,
        }
    }
}

impl Kind for UserIdValue {
    fn read(&self, sent: &Json, context: &Context<'_>) -> Result<Json, FaultKind> {
        let typed = plain_line(sent)?;
        match context.participant {
            _ if typed.is_empty() => Ok(json!("")),
            Some(participant) => {
                UserId::parse(&typed, participant, context.user_ids).map(|id| json!(id.as_str()))
            }
            // Without a participant, the User ID can't be checked. The missing participant is reported instead.
            None => Ok(json!(typed)),
        }
    }

    fn schema(&self, stage: Stage, user_id_suffix: &str) -> Json {
        match stage {
            Stage::Sent => {
                let description = format!(
                    "The participant's ID followed by a suffix of the form `{user_id_suffix}`; examples end in `X1`, whatever the form. \
                     Lower-case letters are taken as capitals."
                );
                text_schema(stage, json!({"description": description, "pattern": TYPED}))
            }
            Stage::Kept => text_schema(
                stage,
                json!({"maxLength": UserId::MAX_OCTETS, "pattern": format!("^([A-Z0-9]+(?:{user_id_suffix}))?$")}),
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
    fn the_schema_takes_what_a_suffix_of_alternatives_takes() {
        let kind = UserIdValue { whose: Whose::Known };
        let schema = kind.schema(Stage::Kept, "X|[0-9]{3}");
        let pattern = regex_lite::Regex::new(schema["pattern"].as_str().unwrap()).unwrap();
        for (user_id, is_taken) in [
            ("B01234X", true),
            ("B01234123", true),
            ("123", false),
            ("B01234Y", false),
        ] {
            assert_eq!(pattern.is_match(user_id), is_taken, "{user_id}");
        }
    }

    #[test]
    fn what_the_register_has_is_said_where_the_request_is_about_it() {
        let standings = Standings::from([
            ("B01234X1".to_owned(), Some("a@b.example".to_owned())),
            ("B01234X2".to_owned(), None),
        ]);
        let registered = Standing::Registered("a@b.example".to_owned());
        for (whose, user_id, expected) in [
            (Whose::Known, "b01234x1", Some(registered)),
            (Whose::Known, "B01234X2", Some(Standing::WithoutAddress)),
            (Whose::Known, "B01234ZZ", Some(Standing::Unknown)),
            (Whose::Known, "", None),
            (Whose::New, "B01234X1", Some(Standing::Taken)),
            (Whose::New, "B01234ZZ", None),
            (Whose::Anyone, "B01234ZZ", None),
        ] {
            let kind = UserIdValue { whose };
            assert_eq!(kind.standing(user_id, &standings), expected, "{user_id}");
        }
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
