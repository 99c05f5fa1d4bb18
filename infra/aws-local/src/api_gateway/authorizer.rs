//! API Gateway's JWT authorizer.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use jiff::Timestamp;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Map, Value as Json};

/// Lets in whoever has a token that was issued by the issuer, for the audience, and is in time.
pub struct Authorizer {
    issuer: String,
    audience: Vec<String>,
    /// The keys that the issuer signs with, by ES256, each by its ID.
    keys: HashMap<String, DecodingKey>,
    /// Claims of tokens whose signature has been verified: whoever calls again is spared that. Whether a token is in time
    /// is checked on each call.
    verified: Mutex<HashMap<String, Map<String, Json>>>,
}

/// How many verified tokens are remembered.
const REMEMBERED: usize = 1_000;

/// Why nobody is let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unauthorized {
    /// There is no token.
    Missing,
    /// It is no token, or its signature doesn't fit.
    Invalid,
    /// Somebody else issued it.
    Issuer,
    /// It was issued for somebody else.
    Audience,
    /// It is not valid any more, or not yet.
    Time,
}

impl Unauthorized {
    /// The header that says how to sign in (RFC 6750, section 3).
    pub(super) fn challenge(self) -> &'static str {
        match self {
            Self::Missing => "Bearer",
            Self::Invalid => {
                r#"Bearer error="invalid_token", error_description="the token can't be verified""#
            }
            Self::Issuer => r#"Bearer error="invalid_token", error_description="the issuer is not trusted""#,
            Self::Audience => {
                r#"Bearer error="invalid_token", error_description="the token is for another audience""#
            }
            Self::Time => r#"Bearer error="invalid_token", error_description="the token is not in time""#,
        }
    }
}

impl Authorizer {
    pub fn new(issuer: String, audience: Vec<String>, keys: JwkSet) -> Self {
        jws::install();
        let key = |jwk: Jwk| Some((jwk.common.key_id.clone()?, DecodingKey::from_jwk(&jwk).ok()?));
        Self {
            issuer,
            audience,
            keys: keys.keys.into_iter().filter_map(key).collect(),
            verified: Mutex::default(),
        }
    }

    /// The claims as the function gets them.
    pub(super) fn authorize(
        &self,
        headers: &HeaderMap,
        now: Timestamp,
    ) -> Result<Map<String, Json>, Unauthorized> {
        let token = bearer(headers)?;
        let claims = self.verify(token).ok_or(Unauthorized::Invalid)?;
        self.check(&claims, now)?;
        Ok(claims
            .into_iter()
            .map(|(name, value)| (name, flat(&value)))
            .collect())
    }

    fn verify(&self, token: &str) -> Option<Map<String, Json>> {
        let verified = || self.verified.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(claims) = verified().get(token) {
            return Some(claims.clone());
        }
        let claims = self.decode(token)?;
        let mut verified = verified();
        if verified.len() >= REMEMBERED {
            verified.clear();
        }
        verified.insert(token.to_owned(), claims.clone());
        Some(claims)
    }

    fn decode(&self, token: &str) -> Option<Map<String, Json>> {
        let id = decode_header(token).ok()?.kid?;
        let key = self.keys.get(&id)?;
        let mut validation = Validation::new(Algorithm::ES256);
        // Issuer, audience and times are checked below, by API Gateway's rules and this runner's clock.
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_aud = false;
        Some(decode(token, key, &validation).ok()?.claims)
    }

    fn check(&self, claims: &Map<String, Json>, now: Timestamp) -> Result<(), Unauthorized> {
        if claims.get("iss").and_then(Json::as_str) != Some(self.issuer.as_str()) {
            return Err(Unauthorized::Issuer);
        }
        // `client_id` counts only where there is no `aud`; Cognito's access tokens have just the former.
        let audience = claims.get("aud").or_else(|| claims.get("client_id"));
        let is_ours = |value: &Json| {
            value
                .as_str()
                .is_some_and(|name| self.audience.iter().any(|one| one == name))
        };
        let ours = match audience {
            Some(Json::Array(names)) => names.iter().any(is_ours),
            Some(name) => is_ours(name),
            None => false,
        };
        if !ours {
            return Err(Unauthorized::Audience);
        }
        let now = now.as_second();
        let time = |name: &str| claims.get(name).map(Json::as_i64);
        let expires_later = time("exp").flatten().is_some_and(|expires| expires > now);
        let not_in_future = |name| time(name).is_none_or(|at| at.is_some_and(|at| at <= now));
        if expires_later && not_in_future("nbf") && not_in_future("iat") {
            Ok(())
        } else {
            Err(Unauthorized::Time)
        }
    }
}

fn bearer(headers: &HeaderMap) -> Result<&str, Unauthorized> {
    let header = headers.get(AUTHORIZATION).ok_or(Unauthorized::Missing)?;
    let (scheme, token) = header
        .to_str()
        .ok()
        .and_then(|text| text.trim().split_once(' '))
        .ok_or(Unauthorized::Invalid)?;
    if scheme.eq_ignore_ascii_case("bearer") {
        Ok(token.trim())
    } else {
        Err(Unauthorized::Invalid)
    }
}

/// API Gateway hands every claim on as text, a list as `[a b]`.
fn flat(value: &Json) -> Json {
    fn text(value: &Json) -> String {
        match value {
            Json::String(text) => text.clone(),
            Json::Array(members) => {
                let members: Vec<String> = members.iter().map(text).collect();
                format!("[{}]", members.join(" "))
            }
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::Object(_) => value.to_string(),
        }
    }
    Json::String(text(value))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::cognito::SigningKey;

    const NOW: i64 = 1_675_737_780;

    fn claims() -> Json {
        json!({
            "iss": "https://issuer.example", "client_id": "client", "sub": "me", "exp": NOW + 60, "iat": NOW,
            "cognito:groups": ["Editors", "Operators"], "level": 1, "admin": false,
        })
    }

    fn authorized(key: &SigningKey, token: &str) -> Result<Map<String, Json>, Unauthorized> {
        let keys = key.public();
        let authorizer = Authorizer::new(
            "https://issuer.example".to_owned(),
            vec!["client".to_owned()],
            keys,
        );
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, token.parse().unwrap());
        authorizer.authorize(&headers, Timestamp::from_second(NOW).unwrap())
    }

    fn with(name: &str, value: Json) -> Result<Map<String, Json>, Unauthorized> {
        let key = SigningKey::generate().unwrap();
        let mut claims = claims();
        claims[name] = value;
        authorized(&key, &format!("Bearer {}", key.sign(&claims).unwrap()))
    }

    #[test]
    fn claims_arrive_as_text_and_lists_in_brackets() {
        let claims = with("sub", json!("me")).unwrap();
        assert_eq!(claims["cognito:groups"], "[Editors Operators]");
        assert_eq!(claims["exp"], (NOW + 60).to_string());
        assert_eq!(
            (&claims["level"], &claims["admin"]),
            (&json!("1"), &json!("false"))
        );
    }

    #[test]
    fn issuer_audience_and_times_are_checked() {
        for (name, value, expected) in [
            ("iss", json!("https://other.example"), Err(Unauthorized::Issuer)),
            ("iss", json!(null), Err(Unauthorized::Issuer)),
            ("client_id", json!("other"), Err(Unauthorized::Audience)),
            ("aud", json!("other"), Err(Unauthorized::Audience)),
            ("aud", json!(["other", "client"]), Ok(())),
            ("exp", json!(NOW), Err(Unauthorized::Time)),
            ("exp", json!(null), Err(Unauthorized::Time)),
            ("exp", json!("later"), Err(Unauthorized::Time)),
            ("nbf", json!(NOW + 1), Err(Unauthorized::Time)),
            ("nbf", json!(NOW), Ok(())),
            ("iat", json!(NOW + 1), Err(Unauthorized::Time)),
        ] {
            assert_eq!(with(name, value.clone()).map(|_| ()), expected, "{name}: {value}");
        }
    }

    #[test]
    fn a_token_that_was_let_in_once_is_refused_when_its_time_is_over() {
        let key = SigningKey::generate().unwrap();
        let issuer = "https://issuer.example".to_owned();
        let authorizer = Authorizer::new(issuer, vec!["client".to_owned()], key.public());
        let token = format!("Bearer {}", key.sign(&claims()).unwrap());
        let headers = HeaderMap::from_iter([(AUTHORIZATION, token.parse().unwrap())]);
        for (seconds, expected) in [
            (0, Ok(())),
            (59, Ok(())),
            (60, Err(Unauthorized::Time)),
            (0, Ok(())),
        ] {
            let now = Timestamp::from_second(NOW + seconds).unwrap();
            assert_eq!(
                authorizer.authorize(&headers, now).map(|_| ()),
                expected,
                "{seconds}"
            );
        }
        let forged = HeaderMap::from_iter([(AUTHORIZATION, format!("{token}A").parse().unwrap())]);
        let now = Timestamp::from_second(NOW).unwrap();
        assert_eq!(authorizer.authorize(&forged, now), Err(Unauthorized::Invalid));
    }

    #[test]
    fn a_token_that_another_key_signed_is_refused() {
        let (ours, theirs) = (SigningKey::generate().unwrap(), SigningKey::generate().unwrap());
        let token = theirs.sign(&claims()).unwrap();
        assert_eq!(
            authorized(&ours, &format!("Bearer {token}")),
            Err(Unauthorized::Invalid)
        );
    }

    #[test]
    fn what_is_no_bearer_token_is_refused() {
        let key = SigningKey::generate().unwrap();
        let token = key.sign(&claims()).unwrap();
        let (message, signature) = token.rsplit_once('.').unwrap();
        let unsigned = message.replacen(
            message.split('.').next().unwrap(),
            "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0",
            1,
        );
        for header in [
            token.clone(),
            format!("Basic {token}"),
            "Bearer".to_owned(),
            "Bearer x.y.z".to_owned(),
            format!("Bearer {message}."),
            format!("Bearer {unsigned}."),
            format!("Bearer {unsigned}.{signature}"),
        ] {
            assert_eq!(authorized(&key, &header), Err(Unauthorized::Invalid), "{header}");
        }
    }
}
