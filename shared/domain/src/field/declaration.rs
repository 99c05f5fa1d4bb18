//! A box that must be ticked to submit.

use serde_json::{Value as Json, json};

use super::Stage;
use crate::fault::{FaultKind, JsonType};
use crate::language::Bilingual;

/// A declaration. In a clone it starts unticked.
#[derive(Debug)]
pub struct Declaration {
    /// The text of the declaration.
    pub text: Bilingual,
    /// The text beside the box.
    pub confirmation: Bilingual,
}

impl Declaration {
    /// Reads whether the box is ticked.
    pub fn read(sent: &Json) -> Result<bool, FaultKind> {
        sent.as_bool().ok_or(FaultKind::NotA(JsonType::Flag))
    }

    /// Turns a page's value of the box into JSON: any text means ticked.
    pub fn typed(text: &str) -> Json {
        json!(!text.is_empty())
    }

    /// The JSON Schema of the value.
    pub fn schema(stage: Stage) -> Json {
        match stage {
            Stage::Sent => json!({"type": ["boolean", "null"]}),
            Stage::Kept => json!({"type": "boolean"}),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declaration_is_ticked_or_not() {
        assert_eq!(Declaration::read(&json!(true)), Ok(true));
        assert_eq!(
            Declaration::read(&json!("yes")),
            Err(FaultKind::NotA(JsonType::Flag))
        );
        assert_eq!(
            (Declaration::typed("yes"), Declaration::typed("")),
            (json!(true), json!(false))
        );
    }
}
