//! The keys that tokens are verified with.

use jiff::Timestamp;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Map, Value as Json};

use super::Claims;

/// A key that the user pool publishes.
pub(super) struct Key {
    id: String,
    algorithm: Algorithm,
    verifier: DecodingKey,
}

/// Why a token was not verified.
pub(super) struct Unverified(pub(super) &'static str);

/// Returns the ID of the key that the token claims to be signed with.
pub(super) fn id_of(token: &str) -> Result<String, Unverified> {
    let header = decode_header(token).map_err(|_| Unverified("it is no token"))?;
    header.kid.ok_or(Unverified("the token names no key"))
}

/// Reads the keys of a key set, without those of other algorithms. `None` if the body is not a key set.
pub(super) fn read_set(body: &[u8]) -> Option<Vec<Key>> {
    jws::install();
    let set: JwkSet = serde_json::from_slice(body).ok()?;
    Some(set.keys.iter().filter_map(Key::new).collect())
}

impl Key {
    fn new(jwk: &Jwk) -> Option<Self> {
        use jsonwebtoken::jwk::KeyAlgorithm::{ES256, RS256};
        let algorithm = match jwk.common.key_algorithm? {
            // Cognito signs with RS256, the local stand-in with ES256.
            RS256 => Algorithm::RS256,
            ES256 => Algorithm::ES256,
            _ => return None,
        };
        Some(Self {
            id: jwk.common.key_id.clone()?,
            algorithm,
            verifier: DecodingKey::from_jwk(jwk).ok()?,
        })
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Returns a token's claims if this key signed it, `issuer` issued it, and it has not expired.
    pub(super) fn claims(&self, token: &str, issuer: &str, now: Timestamp) -> Result<Claims, Unverified> {
        let mut validation = Validation::new(self.algorithm);
        // Issuer and expiry are checked below, against the function's own clock, which a local run may set.
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_aud = false;
        let claims: Map<String, Json> = decode(token, &self.verifier, &validation)
            .map_err(|_| Unverified("the token's signature doesn't fit"))?
            .claims;
        if claims.get("iss").and_then(Json::as_str) != Some(issuer) {
            return Err(Unverified("somebody else issued the token"));
        }
        let expires = claims.get("exp").and_then(Json::as_i64);
        if expires.is_none_or(|expires| expires <= now.as_second()) {
            return Err(Unverified("the token has expired"));
        }
        Ok(claims
            .iter()
            .map(|(name, value)| (name.clone(), flat(value)))
            .collect())
    }
}

/// Formats a claim as API Gateway does: as text, a list as `[a b]`. So the same code reads both.
fn flat(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Array(members) => {
            let members: Vec<String> = members.iter().map(flat).collect();
            format!("[{}]", members.join(" "))
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Object(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::{EncodingKey, Header, encode};
    use serde_json::json;

    use super::*;

    const ISSUER: &str = "https://issuer.example";
    const NOW: i64 = 1_675_737_780;
    /// A P-256 key published as a sample. It protects nothing.
    const SECRET: &str = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgevZzL1gdAFr88hb2OF_2NxApJCzGCEDdfSp6VQO30hyhRANCAAQ\
        RWz-jn65BtOMvdyHKcvjBeBSDZH2r1RTwjmYSi9R_zpBnuQ4EiMnCqfMPWiZqB4QdbAd0E7oH50VpuZ1P087G";

    fn secret() -> EncodingKey {
        use base64::Engine as _;
        jws::install();
        let der = base64::engine::general_purpose::URL_SAFE_NO_PAD
            .decode(SECRET)
            .unwrap();
        EncodingKey::from_ec_der(&der)
    }

    fn key() -> Key {
        let mut jwk = Jwk::from_encoding_key(&secret(), Algorithm::ES256).unwrap();
        jwk.common.key_id = Some("k".into());
        let set = serde_json::to_vec(&json!({"keys": [jwk]})).unwrap();
        read_set(&set).unwrap().pop().unwrap()
    }

    fn token(claims: &Json) -> String {
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some("k".into());
        encode(&header, claims, &secret()).unwrap()
    }

    fn read(token: &str) -> Result<Claims, &'static str> {
        let now = Timestamp::from_second(NOW).unwrap();
        key().claims(token, ISSUER, now).map_err(|Unverified(why)| why)
    }

    #[test]
    fn claims_come_as_api_gateway_hands_them_over() {
        let claims = json!({"iss": ISSUER, "exp": NOW + 1, "cognito:groups": ["A", "B"], "level": 1});
        let read = read(&token(&claims)).unwrap();
        assert_eq!(
            (read["cognito:groups"].as_str(), read["level"].as_str()),
            ("[A B]", "1")
        );
    }

    #[test]
    fn a_token_that_is_late_of_another_issuer_or_changed_proves_nothing() {
        let good = token(&json!({"iss": ISSUER, "exp": NOW + 1}));
        assert_eq!(id_of(&good).map_err(|Unverified(why)| why), Ok("k".to_owned()));
        let mut changed = good.clone();
        changed.replace_range(
            good.len() - 6..good.len() - 5,
            if good.as_bytes()[good.len() - 6] == b'A' {
                "B"
            } else {
                "A"
            },
        );
        for bad in [
            token(&json!({"iss": ISSUER, "exp": NOW})),
            token(&json!({"iss": ISSUER})),
            token(&json!({"iss": "https://other.example", "exp": NOW + 1})),
            changed,
            "x".to_owned(),
        ] {
            assert!(read(&bad).is_err(), "{bad}");
        }
        assert!(id_of("x").is_err());
    }
}
