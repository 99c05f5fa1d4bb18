//! An access token as Cognito issues it.

use serde_json::{Map, Value as Json, json};

use super::{SignIn, TokenError, trigger};
use crate::demonstration::Person;

impl SignIn {
    /// A token for a person, after the trigger had its say.
    pub(super) async fn access_token(&self, person: &Person) -> Result<String, TokenError> {
        let mut claims = self.claims(person);
        if let Some(function) = &self.trigger {
            let asked = tokio::spawn(function(trigger::event(self, person)));
            let answer = asked.await.ok().and_then(Result::ok).ok_or(TokenError::Trigger)?;
            trigger::apply(&answer, &mut claims);
        }
        self.key.sign(&Json::Object(claims)).ok_or(TokenError::Signature)
    }

    fn claims(&self, person: &Person) -> Map<String, Json> {
        let now = self.clock.now().as_second();
        let validity = i64::try_from(self.pool.access_token_validity.as_secs()).unwrap_or(i64::MAX);
        let mut claims = Map::from_iter([
            ("sub".to_owned(), json!(person.sub)),
            ("iss".to_owned(), json!(self.issuer)),
            ("version".to_owned(), json!(2)),
            ("client_id".to_owned(), json!(self.pool.client)),
            ("token_use".to_owned(), json!("access")),
            ("scope".to_owned(), json!(trigger::SCOPE)),
            ("auth_time".to_owned(), json!(now)),
            ("iat".to_owned(), json!(now)),
            ("exp".to_owned(), json!(now.saturating_add(validity))),
            ("username".to_owned(), json!(person.sub)),
        ]);
        let groups = trigger::groups(person);
        if !groups.is_empty() {
            claims.insert("cognito:groups".to_owned(), json!(groups));
        }
        claims
    }
}
