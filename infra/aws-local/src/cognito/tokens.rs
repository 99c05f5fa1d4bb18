//! The tokens, as Cognito issues them, and the pre-token-generation trigger of version 3, which may change their claims.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value as Json, json};
use sha2::{Digest as _, Sha256};

use super::hosted::Session;
use super::users::Account;
use super::{Cognito, TokenError};
use crate::REGION;

/// Claims that Cognito lets no trigger change.
const RESERVED: [&str; 18] = [
    "acr",
    "amr",
    "at_hash",
    "auth_time",
    "azp",
    "client_id",
    "cnf",
    "event_id",
    "exp",
    "iat",
    "iss",
    "jti",
    "nbf",
    "nonce",
    "origin_jti",
    "sub",
    "token_use",
    "username",
];

/// What tokens are issued for.
#[derive(Debug, Clone)]
pub(super) struct Grant {
    pub(super) session: Session,
    /// The scopes, separated by spaces.
    pub(super) scope: String,
    /// What the client wants to find again in the ID token.
    pub(super) nonce: Option<String>,
}

pub(super) type Claims = Map<String, Json>;

impl Cognito {
    /// An access token and an ID token for a user as it is now, after the trigger had its say.
    pub(super) async fn tokens(&self, grant: &Grant, occasion: &str) -> Result<(String, String), TokenError> {
        let user = self.setup.users.get(&grant.session.sub);
        let user = user
            .filter(|user| user.is_enabled)
            .ok_or(TokenError::NoSuchUser)?;
        let (mut access, mut id) = (self.access_claims(grant, &user), self.id_claims(grant, &user));
        if let Some(function) = &self.setup.trigger {
            let asked = tokio::spawn(function(self.trigger_event(grant, &user, occasion)));
            let answer = asked.await.ok().and_then(Result::ok).ok_or(TokenError::Trigger)?;
            apply(&answer, "accessTokenGeneration", &mut access);
            apply(&answer, "idTokenGeneration", &mut id);
        }
        let access = self.signed(access)?;
        // The left half of the access token's digest (OpenID Connect Core 1.0, section 3.1.3.6).
        let half = URL_SAFE_NO_PAD.encode(&Sha256::digest(&access)[..16]);
        id.insert("at_hash".to_owned(), json!(half));
        Ok((access, self.signed(id)?))
    }

    pub(super) fn signed(&self, claims: Claims) -> Result<String, TokenError> {
        let signed = self.setup.key.sign(&Json::Object(claims));
        signed.ok_or(TokenError::Failed)
    }

    fn access_claims(&self, grant: &Grant, user: &Account) -> Claims {
        let own = json!({
            "version": 2,
            "client_id": self.setup.pool.client,
            "token_use": "access",
            "scope": grant.scope,
            "username": user.sub,
        });
        self.claims(grant, user, self.setup.pool.access_token_validity, own)
    }

    fn id_claims(&self, grant: &Grant, user: &Account) -> Claims {
        let mut own = json!({
            "aud": self.setup.pool.client,
            "token_use": "id",
            "cognito:username": user.sub,
        });
        for (name, value) in &user.attributes {
            own[name] = match name.as_str() {
                "email_verified" => json!(value == "true"),
                _ => json!(value),
            };
        }
        if let Some(nonce) = &grant.nonce {
            own["nonce"] = json!(nonce);
        }
        self.claims(grant, user, self.setup.pool.id_token_validity, own)
    }

    /// What both tokens say, and what is one's own.
    fn claims(&self, grant: &Grant, user: &Account, validity: Duration, own: Json) -> Claims {
        let Session { at, .. } = &grant.session;
        let now = self.setup.clock.now().as_second();
        let both = json!({
            "sub": user.sub,
            "iss": self.setup.issuer,
            "auth_time": at.as_second(),
            "iat": now,
            "exp": now.saturating_add_unsigned(validity.as_secs()),
        });
        let mut claims: Claims = [both, own].into_iter().flat_map(members).collect();
        set_groups(&mut claims, json!(user.groups));
        claims
    }

    /// The event that Cognito sends before it issues tokens.
    fn trigger_event(&self, grant: &Grant, user: &Account, occasion: &str) -> Json {
        let mut attributes = json!({ "sub": user.sub, "cognito:user_status": user.status() });
        for (name, value) in &user.attributes {
            attributes[name] = json!(value);
        }
        let pool = &self.setup.pool;
        json!({
            "version": "3",
            "triggerSource": occasion,
            "region": REGION,
            "userPoolId": pool.id,
            "userName": user.sub,
            "callerContext": { "awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": pool.client },
            "request": {
                "userAttributes": attributes,
                "groupConfiguration": {
                    "groupsToOverride": user.groups,
                    "iamRolesToOverride": [],
                    "preferredRole": null,
                },
                "scopes": grant.scope.split_whitespace().collect::<Vec<_>>(),
            },
            "response": { "claimsAndScopeOverrideDetails": null },
        })
    }
}

pub(super) fn members(claims: Json) -> Claims {
    match claims {
        Json::Object(members) => members,
        _ => Claims::new(),
    }
}

/// Cognito leaves the claim out for a user of no group.
fn set_groups(claims: &mut Claims, groups: Json) {
    claims.remove("cognito:groups");
    if groups.as_array().is_some_and(|groups| !groups.is_empty()) {
        claims.insert("cognito:groups".to_owned(), groups);
    }
}

/// Changes a token's claims as the trigger's answer says under `generation`. It changes no scopes, which no trigger here
/// asks for.
pub(super) fn apply(answer: &Json, generation: &str, claims: &mut Claims) {
    let details = &answer["response"]["claimsAndScopeOverrideDetails"];
    let is_free =
        |name: &str| !RESERVED.contains(&name) && !name.starts_with("cognito:") && !name.starts_with("aws:");
    let suppressed = details[generation]["claimsToSuppress"].as_array();
    for name in suppressed.into_iter().flatten().filter_map(Json::as_str) {
        if is_free(name) {
            claims.remove(name);
        }
    }
    let added = details[generation]["claimsToAddOrOverride"].as_object();
    for (name, value) in added.into_iter().flatten().filter(|(name, _)| is_free(name)) {
        claims.insert(name.clone(), value.clone());
    }
    let groups = &details["groupOverrideDetails"]["groupsToOverride"];
    if groups.is_array() {
        set_groups(claims, groups.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(details: &Json) -> Json {
        let claims = json!({ "sub": "me", "cognito:groups": ["a"], "version": 2 });
        let mut claims = claims.as_object().unwrap().clone();
        let answer = json!({ "response": { "claimsAndScopeOverrideDetails": details } });
        apply(&answer, "accessTokenGeneration", &mut claims);
        Json::Object(claims)
    }

    #[test]
    fn the_trigger_adds_claims_and_replaces_groups() {
        let details = json!({
            "accessTokenGeneration": {
                "claimsToAddOrOverride": { "company": "abc", "sub": "somebody else" },
                "claimsToSuppress": ["version"],
            },
            "groupOverrideDetails": { "groupsToOverride": ["b", "c"] },
        });
        let expected = json!({ "sub": "me", "company": "abc", "cognito:groups": ["b", "c"] });
        assert_eq!(applied(&details), expected);
    }

    #[test]
    fn a_person_who_lost_every_right_is_in_no_group() {
        let details = json!({ "groupOverrideDetails": { "groupsToOverride": [] } });
        assert!(applied(&details).get("cognito:groups").is_none());
    }

    #[test]
    fn an_answer_without_changes_changes_nothing() {
        assert_eq!(applied(&Json::Null)["cognito:groups"], json!(["a"]));
    }
}
