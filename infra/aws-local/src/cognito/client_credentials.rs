//! The token endpoint for systems: client credentials (RFC 6749, section 4.4), and the trigger of version 3.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};

use super::Cognito;
use super::clients::AppClient;
use super::token_endpoint::TokenError;
use super::tokens::{Claims, apply, members};
use crate::REGION;

/// What a client says about itself: in the body, or by HTTP Basic (RFC 6749, section 2.3.1).
pub(super) struct Credentials {
    pub(super) id: Option<String>,
    pub(super) secret: Option<String>,
}

impl Credentials {
    /// The ID and the secret. A client uses one way to give its secret.
    fn with(self, headers: &HeaderMap) -> Result<(String, String), TokenError> {
        let Some(header) = headers.get(AUTHORIZATION) else {
            return self.id.zip(self.secret).ok_or(TokenError::WrongClient);
        };
        let basic = || {
            let (scheme, encoded) = header.to_str().ok()?.split_once(' ')?;
            let is_basic = scheme.eq_ignore_ascii_case("basic");
            let octets = is_basic.then(|| STANDARD.decode(encoded.trim()).ok())??;
            let text = String::from_utf8(octets).ok()?;
            let (id, secret) = text.split_once(':')?;
            Some((id.to_owned(), secret.to_owned()))
        };
        let (id, secret) = basic().ok_or(TokenError::WrongClient)?;
        if self.secret.is_some() || self.id.is_some_and(|own| own != id) {
            return Err(TokenError::Malformed);
        }
        Ok((id, secret))
    }
}

impl Cognito {
    pub(super) async fn for_client(
        &self,
        credentials: Credentials,
        scope: Option<&str>,
        headers: &HeaderMap,
    ) -> Result<Json, TokenError> {
        let (id, secret) = credentials.with(headers)?;
        let client = self.setup.clients.get(&id);
        let client = client.filter(|client| client.has_secret(&secret));
        let client = client.ok_or(TokenError::WrongClient)?;
        let scopes: Vec<&str> = match scope {
            Some(scope) => scope.split_whitespace().collect(),
            None => client.scopes.iter().map(String::as_str).collect(),
        };
        if !scopes
            .iter()
            .all(|scope| client.scopes.iter().any(|own| own == scope))
        {
            return Err(TokenError::Scope);
        }
        let mut claims = self.client_claims(&client, &scopes);
        if let Some(function) = &self.setup.trigger {
            let asked = tokio::spawn(function(self.client_event(&client, &scopes)));
            let answer = asked.await.ok().and_then(Result::ok).ok_or(TokenError::Trigger)?;
            apply(&answer, "accessTokenGeneration", &mut claims);
            // A trigger puts users into groups, and no client.
            claims.remove("cognito:groups");
        }
        Ok(json!({
            "access_token": self.signed(claims)?,
            "token_type": "Bearer",
            "expires_in": client.access_token_validity.as_secs(),
        }))
    }

    fn client_claims(&self, client: &AppClient, scopes: &[&str]) -> Claims {
        let now = self.setup.clock.now().as_second();
        members(json!({
            "sub": client.id,
            "token_use": "access",
            "scope": scopes.join(" "),
            "auth_time": now,
            "iss": self.setup.issuer,
            "iat": now,
            "exp": now.saturating_add_unsigned(client.access_token_validity.as_secs()),
            "version": 2,
            "jti": crate::random::uuid(),
            "client_id": client.id,
        }))
    }

    fn client_event(&self, client: &AppClient, scopes: &[&str]) -> Json {
        json!({
            "version": "3",
            "triggerSource": "TokenGeneration_ClientCredentials",
            "region": REGION,
            "userPoolId": self.setup.pool.id,
            "callerContext": { "awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": client.id },
            "request": {
                "userAttributes": {},
                "groupConfiguration": {
                    "groupsToOverride": [],
                    "iamRolesToOverride": [],
                    "preferredRole": null,
                },
                "scopes": scopes,
            },
            "response": { "claimsAndScopeOverrideDetails": null },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(header: Option<&str>, id: Option<&str>, secret: Option<&str>) -> Option<(String, String)> {
        let mut headers = HeaderMap::new();
        if let Some(header) = header {
            headers.insert(AUTHORIZATION, header.parse().unwrap());
        }
        let credentials = Credentials {
            id: id.map(str::to_owned),
            secret: secret.map(str::to_owned),
        };
        credentials.with(&headers).ok()
    }

    #[test]
    fn a_client_gives_its_secret_in_one_way() {
        let both = Some(("me".to_owned(), "s:ecret".to_owned()));
        let basic = format!("Basic {}", STANDARD.encode("me:s:ecret"));
        assert_eq!(read(Some(&basic), None, None), both);
        assert_eq!(read(Some(&basic), Some("me"), None), both);
        assert_eq!(read(None, Some("me"), Some("s:ecret")), both);
        for (header, id, secret) in [
            (Some(basic.as_str()), Some("me"), Some("s:ecret")),
            (Some(basic.as_str()), Some("you"), None),
            (Some("Basic !"), None, None),
            (Some("Bearer bWU6cw=="), None, None),
            (None, Some("me"), None),
            (None, None, Some("s:ecret")),
        ] {
            assert_eq!(read(header, id, secret), None, "{header:?} {id:?} {secret:?}");
        }
    }
}
