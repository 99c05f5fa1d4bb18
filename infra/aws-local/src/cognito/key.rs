//! The key that signs tokens.

use std::path::Path;

use jsonwebtoken::jwk::{Jwk, JwkSet, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use p256::SecretKey;
use p256::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use serde_json::Value as Json;

use crate::files;
use crate::{Error, one_line};

/// A private key with its public half.
pub struct SigningKey {
    key: EncodingKey,
    public: Jwk,
    id: String,
}

impl SigningKey {
    /// The key of the file; one is made and written there the first time.
    pub fn load(path: &Path) -> Result<Self, Error> {
        let refusal = |reason| Error::File(path.to_owned(), reason);
        if let Some(der) = files::read(path)? {
            let secret = SecretKey::from_pkcs8_der(&der)
                .map_err(|error| Error::Damaged(path.to_owned(), one_line(&error)))?;
            return Self::new(&secret).map_err(refusal);
        }
        let secret = generate().map_err(refusal)?;
        let der = secret
            .to_pkcs8_der()
            .map_err(|error| refusal(error.to_string()))?;
        files::replace(path, der.as_bytes()).map_err(|error| refusal(error.to_string()))?;
        Self::new(&secret).map_err(refusal)
    }

    /// A key that is kept nowhere.
    pub fn generate() -> Result<Self, Error> {
        generate()
            .and_then(|secret| Self::new(&secret))
            .map_err(|reason| Error::Engine(format!("no signing key could be made: {reason}")))
    }

    /// The public half in a key set, as the pool publishes it.
    pub fn public(&self) -> JwkSet {
        let keys = vec![self.public.clone()];
        JwkSet { keys }
    }

    /// A token with these claims; `None` if it can't be signed.
    pub fn sign(&self, claims: &Json) -> Option<String> {
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some(self.id.clone());
        encode(&header, claims, &self.key).ok()
    }

    fn new(secret: &SecretKey) -> Result<Self, String> {
        let der = secret.to_pkcs8_der().map_err(|error| error.to_string())?;
        let key = EncodingKey::from_ec_der(der.as_bytes());
        let mut public = Jwk::from_encoding_key(&key, Algorithm::ES256).map_err(|error| error.to_string())?;
        let id = public
            .thumbprint(ThumbprintHash::SHA256)
            .map_err(|error| error.to_string())?;
        public.common.key_id = Some(id.clone());
        public.common.public_key_use = Some(PublicKeyUse::Signature);
        Ok(Self { key, public, id })
    }
}

/// Nearly every 32 octets are a key; a system without randomness is the only lasting failure.
fn generate() -> Result<SecretKey, String> {
    loop {
        let mut random = [0; 32];
        getrandom::fill(&mut random).map_err(|error| error.to_string())?;
        if let Ok(secret) = SecretKey::from_slice(&random) {
            return Ok(secret);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_restart_finds_the_key_that_the_first_start_made() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("signing-key.der");
        let first = SigningKey::load(&path).unwrap();
        assert_eq!(SigningKey::load(&path).unwrap().public(), first.public());
    }

    #[test]
    fn a_file_that_is_no_key_is_refused_in_one_line() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("signing-key.der");
        files::replace(&path, b"no key").unwrap();
        let refusal = SigningKey::load(&path).err().unwrap().to_string();
        assert!(
            refusal.contains("signing-key.der") && !refusal.contains('\n'),
            "{refusal}"
        );
    }
}
