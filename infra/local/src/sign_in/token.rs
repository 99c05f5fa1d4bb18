//! The tokens, as Cognito issues them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign_domain::id::Digest;
use jiff::Timestamp;
use serde_json::{Map, Value as Json, json};

use super::{SignIn, TokenError, trigger};
use crate::demonstration::Person;

/// What tokens are issued for.
pub(super) struct Occasion<'a> {
    pub(super) person: &'a Person,
    /// The scopes, parted by spaces.
    pub(super) scope: &'a str,
    /// Cognito's name for the occasion, which the trigger is told.
    pub(super) source: &'static str,
    /// When the person gave name and password.
    pub(super) authenticated: Timestamp,
    /// What the client wants to find again in the ID token.
    pub(super) nonce: Option<&'a str>,
}

/// What one occasion gives.
pub(super) struct Tokens {
    pub(super) access: String,
    pub(super) id: String,
}

impl SignIn {
    /// Tokens for a person, after the trigger had its say.
    pub(super) async fn tokens(&self, occasion: &Occasion<'_>) -> Result<Tokens, TokenError> {
        let now = self.clock.now().as_second();
        let (mut access, mut id) = (self.access_claims(occasion, now), self.id_claims(occasion, now));
        if let Some(function) = &self.trigger {
            let asked = tokio::spawn(function(trigger::event(self, occasion)));
            let answer = asked.await.ok().and_then(Result::ok).ok_or(TokenError::Trigger)?;
            trigger::apply(&answer, "accessTokenGeneration", &mut access);
            trigger::apply(&answer, "idTokenGeneration", &mut id);
        }
        let access = self.signed(access)?;
        id.insert("at_hash".to_owned(), json!(half_digest(&access)));
        let id = self.signed(id)?;
        Ok(Tokens { access, id })
    }

    fn signed(&self, claims: Map<String, Json>) -> Result<String, TokenError> {
        self.key.sign(&Json::Object(claims)).ok_or(TokenError::Signature)
    }

    fn access_claims(&self, occasion: &Occasion<'_>, now: i64) -> Map<String, Json> {
        let mut claims = self.claims(occasion, now, self.pool.access_token_validity);
        claims.extend(named([
            ("version", json!(2)),
            ("client_id", json!(self.pool.client)),
            ("token_use", json!("access")),
            ("scope", json!(occasion.scope)),
            ("username", json!(occasion.person.sub)),
        ]));
        claims
    }

    fn id_claims(&self, occasion: &Occasion<'_>, now: i64) -> Map<String, Json> {
        let mut claims = self.claims(occasion, now, self.pool.id_token_validity);
        claims.extend(named([
            ("aud", json!(self.pool.client)),
            ("token_use", json!("id")),
            ("email", json!(occasion.person.user)),
            ("email_verified", json!(true)),
            ("cognito:username", json!(occasion.person.sub)),
            ("custom:company", json!(occasion.person.company)),
        ]));
        claims.extend(occasion.nonce.map(|nonce| ("nonce".to_owned(), json!(nonce))));
        claims
    }

    /// What both tokens say.
    fn claims(&self, occasion: &Occasion<'_>, now: i64, validity: std::time::Duration) -> Map<String, Json> {
        let validity = i64::try_from(validity.as_secs()).unwrap_or(i64::MAX);
        let mut claims: Map<_, _> = named([
            ("sub", json!(occasion.person.sub)),
            ("iss", json!(self.issuer)),
            ("auth_time", json!(occasion.authenticated.as_second())),
            ("iat", json!(now)),
            ("exp", json!(now.saturating_add(validity))),
        ])
        .collect();
        let groups = trigger::groups(occasion.person);
        if !groups.is_empty() {
            claims.insert("cognito:groups".to_owned(), json!(groups));
        }
        claims
    }
}

fn named<const N: usize>(claims: [(&str, Json); N]) -> impl Iterator<Item = (String, Json)> {
    claims.into_iter().map(|(name, value)| (name.to_owned(), value))
}

/// The left half of a token's SHA-256 digest (`OpenID` Connect Core 1.0, section 3.1.3.6).
fn half_digest(token: &str) -> String {
    let digest = Digest::of(token.as_bytes());
    URL_SAFE_NO_PAD.encode(digest.as_bytes().split_at(16).0)
}
