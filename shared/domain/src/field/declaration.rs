//! A box that has to be ticked before submitting.

use serde_json::{Value as Json, json};

use super::Stage;
use crate::fault::{FaultKind, JsonType};
use crate::language::Bilingual;

/// A declaration. A clone starts with it clear.
#[derive(Debug)]
pub struct Declaration {
    /// What is declared.
    pub text: Bilingual,
    /// What stands beside the box.
    pub confirmation: Bilingual,
}

impl Declaration {
    /// Reads whether it is ticked.
    pub fn read(sent: &Json) -> Result<bool, FaultKind> {
        sent.as_bool().ok_or(FaultKind::NotA(JsonType::Flag))
    }

    /// What a page sends of a box: something if it is ticked.
    pub fn typed(text: &str) -> Json {
        json!(!text.is_empty())
    }

    /// The JSON Schema of it.
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
