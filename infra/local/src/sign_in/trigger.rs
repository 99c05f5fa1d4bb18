//! The pre-token-generation trigger, version 2: the event, and what the answer changes in an access token.

use serde_json::{Map, Value as Json, json};

use super::SignIn;
use super::token::Occasion;
use crate::demonstration::Person;
use crate::template::REGION;

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

/// The event that Cognito sends before it issues tokens.
pub(super) fn event(sign_in: &SignIn, occasion: &Occasion<'_>) -> Json {
    let person = occasion.person;
    json!({
        "version": "2",
        "triggerSource": occasion.source,
        "region": REGION,
        "userPoolId": sign_in.pool.id,
        "userName": person.sub,
        "callerContext": { "awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": sign_in.pool.client },
        "request": {
            "userAttributes": {
                "sub": person.sub,
                "cognito:user_status": "CONFIRMED",
                "email": person.user,
                "email_verified": "true",
                "custom:company": person.company,
            },
            "groupConfiguration": {
                "groupsToOverride": groups(person),
                "iamRolesToOverride": [],
                "preferredRole": null,
            },
            "scopes": occasion.scope.split_whitespace().collect::<Vec<_>>(),
        },
        "response": { "claimsAndScopeOverrideDetails": null },
    })
}

/// The groups that the pool has the person in.
pub(super) fn groups(person: &Person) -> Vec<&'static str> {
    person.right.into_iter().collect()
}

/// Changes a token's claims as the trigger's answer says under `generation`, e.g. `accessTokenGeneration`.
pub(super) fn apply(answer: &Json, generation: &str, claims: &mut Map<String, Json>) {
    let Some(details) = answer.pointer("/response/claimsAndScopeOverrideDetails") else {
        return;
    };
    let generation = details.get(generation).unwrap_or(&Json::Null);
    let free =
        |name: &str| !RESERVED.contains(&name) && !name.starts_with("cognito:") && !name.starts_with("aws:");
    for name in texts(generation.get("claimsToSuppress")).filter(|name| free(name)) {
        claims.remove(name);
    }
    let added = generation.get("claimsToAddOrOverride").and_then(Json::as_object);
    for (name, value) in added.into_iter().flatten().filter(|(name, _)| free(name)) {
        claims.insert(name.clone(), value.clone());
    }
    if let Some(groups) = details
        .pointer("/groupOverrideDetails/groupsToOverride")
        .and_then(Json::as_array)
    {
        if groups.is_empty() {
            claims.remove("cognito:groups");
        } else {
            claims.insert("cognito:groups".to_owned(), json!(groups));
        }
    }
    // Of the tokens, only the access token has scopes.
    let Some(kept) = claims.get("scope").and_then(Json::as_str) else {
        return;
    };
    let suppressed: Vec<&str> = texts(generation.get("scopesToSuppress")).collect();
    let scopes: Vec<String> = kept
        .split_whitespace()
        .filter(|scope| !suppressed.contains(scope))
        .chain(texts(generation.get("scopesToAdd")))
        .map(str::to_owned)
        .collect();
    claims.insert("scope".to_owned(), Json::String(scopes.join(" ")));
}

fn texts(list: Option<&Json>) -> impl Iterator<Item = &str> {
    list.and_then(Json::as_array)
        .into_iter()
        .flatten()
        .filter_map(Json::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(details: &Json) -> Json {
        let claims = json!({ "sub": "me", "cognito:groups": ["a"], "scope": "one", "version": 2 });
        let mut claims = claims.as_object().unwrap().clone();
        apply(
            &json!({ "response": { "claimsAndScopeOverrideDetails": details } }),
            "accessTokenGeneration",
            &mut claims,
        );
        Json::Object(claims)
    }

    #[test]
    fn the_trigger_adds_claims_and_replaces_groups() {
        let details = json!({
            "accessTokenGeneration": {
                "claimsToAddOrOverride": { "company": "abc", "sub": "somebody else" },
                "claimsToSuppress": ["version"],
                "scopesToAdd": ["two"],
                "scopesToSuppress": ["one"],
            },
            "groupOverrideDetails": { "groupsToOverride": ["b", "c"] },
        });
        let expected = json!({ "sub": "me", "company": "abc", "cognito:groups": ["b", "c"], "scope": "two" });
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
