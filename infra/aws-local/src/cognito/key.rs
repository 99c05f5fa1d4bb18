//! The key that signs tokens.

use std::path::Path;

use jsonwebtoken::jwk::{Jwk, JwkSet, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use jws::generate_es256;
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
            return Self::new(&der).map_err(|error| Error::Damaged(path.to_owned(), one_line(&error)));
        }
        let der = generate_es256().ok_or_else(|| refusal("the system has no randomness".to_owned()))?;
        files::replace(path, &der).map_err(|error| refusal(error.to_string()))?;
        Self::new(&der).map_err(|error| refusal(error.to_string()))
    }

    /// A key that is kept nowhere.
    pub fn generate() -> Result<Self, Error> {
        let key = generate_es256().and_then(|der| Self::new(&der).ok());
        key.ok_or_else(|| Error::Engine("no signing key could be made".to_owned()))
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

    /// The key of a PKCS #8 document.
    fn new(der: &[u8]) -> Result<Self, jsonwebtoken::errors::Error> {
        jws::install();
        let key = EncodingKey::from_ec_der(der);
        let mut public = Jwk::from_encoding_key(&key, Algorithm::ES256)?;
        let id = public.thumbprint(ThumbprintHash::SHA256)?;
        public.common.key_id = Some(id.clone());
        public.common.public_key_use = Some(PublicKeyUse::Signature);
        Ok(Self { key, public, id })
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
