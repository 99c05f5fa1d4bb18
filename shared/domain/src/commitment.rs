//! Salted commitments: what a hash covers in place of personal data, so that the data can be erased and the hash still
//! verifies.
//!
//! A commitment is the SHA-256 of a salt and a value. Value and salt stand beside the commitment. With both, anybody
//! can compute it; without the salt, nobody can test a guess. Erasing removes value and salt and keeps the commitment.

use std::fmt;

use hmac::{Hmac, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::id::Digest;
use crate::spelled::text;

/// 128 random bits, written as 32 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Salt(u128);

impl fmt::Display for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl From<Salt> for String {
    fn from(salt: Salt) -> Self {
        salt.to_string()
    }
}

impl TryFrom<String> for Salt {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let salt = u128::from_str_radix(&text, 16).map(Self);
        // Only the digits that `Display` writes, so that a salt has one spelling.
        salt.ok()
            .filter(|salt| salt.to_string() == text)
            .ok_or("not a salt")
    }
}

impl Salt {
    /// Makes a salt from random bits.
    pub fn from_bits(bits: u128) -> Self {
        Self(bits)
    }

    /// Commits to a value's JSON text: the SHA-256 of the salt's digits and the text.
    pub fn commit(&self, json: &str) -> Digest {
        Digest::of(format!("{self}{json}").as_bytes())
    }

    /// Derives the salt of the place that a JSON pointer names: the first half of the HMAC-SHA256 of the pointer, with
    /// this salt's digits as the key.
    #[must_use]
    pub fn derive(&self, pointer: &str) -> Self {
        // HMAC takes a key of any length, so there is always a code.
        let code = Hmac::<Sha256>::new_from_slice(self.to_string().as_bytes()).map(|mut mac| {
            mac.update(pointer.as_bytes());
            mac.finalize().into_bytes()
        });
        let mut half = [0; 16];
        half.copy_from_slice(&code.unwrap_or_default()[..16]);
        Self::from_bits(u128::from_be_bytes(half))
    }
}

/// What keeps a value verifiable: its salt, or, once the value is erased, the commitment to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Seal {
    /// The value is there, and this is its salt.
    Salt(Salt),
    /// The value is erased, and this was the commitment to it.
    Commitment(#[serde(with = "text")] Digest),
}

impl Seal {
    /// The commitment to a text.
    pub fn commitment(&self, value: &str) -> Digest {
        match self {
            // A text is always JSON.
            Self::Salt(salt) => salt.commit(&serde_json::to_string(value).unwrap_or_default()),
            Self::Commitment(commitment) => *commitment,
        }
    }

    /// Whether the value is erased.
    pub fn is_erased(&self) -> bool {
        matches!(self, Self::Commitment(_))
    }

    /// The same seal once the value is erased.
    #[must_use]
    pub fn erased(&self, value: &str) -> Self {
        Self::Commitment(self.commitment(value))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_commitment_is_the_digest_of_the_salts_digits_and_the_values_json() {
        let salt = Salt::from_bits(0xab);
        let said = "000000000000000000000000000000ab\"D Wong\"";
        assert_eq!(Seal::Salt(salt).commitment("D Wong"), Digest::of(said.as_bytes()));
    }

    #[test]
    fn an_erased_value_keeps_its_commitment_whatever_stands_in_its_place() {
        let seal = Seal::Salt(Salt::from_bits(1));
        let erased = seal.erased("D Wong");
        assert_eq!(erased.commitment(""), seal.commitment("D Wong"));
        assert_ne!(seal.commitment("D Wong"), seal.commitment("E Wong"));
        assert!(erased.is_erased() && !seal.is_erased());
    }

    #[test]
    fn a_place_has_a_salt_of_its_own_that_openssl_finds_too() {
        // printf /eService | openssl dgst -sha256 -mac HMAC -macopt key:000000000000000000000000000000ab
        let secret = Salt::from_bits(0xab);
        assert_eq!(
            serde_json::to_value(secret.derive("/eService")).unwrap(),
            json!("cc0201de41ca659f48ce1541766450c0")
        );
        assert_ne!(secret.derive("/a"), secret.derive("/b"));
    }

    #[test]
    fn a_seal_has_one_spelling() {
        let salted = json!({"salt": "000000000000000000000000000000ab"});
        assert_eq!(
            serde_json::from_value::<Seal>(salted).unwrap(),
            Seal::Salt(Salt::from_bits(0xab))
        );
        for bad in [
            "AB",
            "000000000000000000000000000000AB",
            "+00000000000000000000000000000ab",
        ] {
            assert!(
                serde_json::from_value::<Seal>(json!({"salt": bad})).is_err(),
                "{bad}"
            );
        }
    }
}
