//! Identifiers. Their types hold only well-formed values.

use std::fmt;

use serde::{Deserialize, Serialize};
use ulid::Ulid;

use crate::eservice::EServiceId;

/// A request's internal ID: a ULID. People see the [`Reference`] instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(Ulid);

impl RequestId {
    /// Makes an ID from milliseconds since 1970 and 80 random bits.
    pub fn from_parts(milliseconds: u64, random: u128) -> Self {
        Self(Ulid::from_parts(milliseconds, random))
    }

    /// Makes an ID from 16 bytes, e.g. of a hash: the same bytes always give the same ID.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Ulid::from_bytes(bytes))
    }

    /// Parses the canonical text: 26 upper-case characters of Crockford's base 32. `None` for anything else, so that
    /// each request has one address.
    pub fn parse(text: &str) -> Option<Self> {
        let id = Self(Ulid::from_string(text).ok()?);
        (id.to_string() == text).then_some(id)
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The most octets.
            pub const MAX_OCTETS: usize = 128;

            /// Accepts 1 to 128 visible ASCII characters except `#`, which separates the parts of storage keys.
            pub fn parse(text: &str) -> Option<Self> {
                let fits = (1..=Self::MAX_OCTETS).contains(&text.len());
                (fits && text.bytes().all(|b| b.is_ascii_graphic() && b != b'#')).then(|| Self(text.to_owned()))
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id! {
    /// A company in the portal.
    CompanyId
}
text_id! {
    /// A person, by the ID that the directory has for them.
    PersonId
}
text_id! {
    /// A participant's ID at a clearing house, e.g. `B01234`.
    ParticipantId
}

impl PersonId {
    /// The clock's ID in the history. People have UUIDs, so nobody else has it.
    pub const CLOCK: &'static str = "clock";

    /// The clock's ID.
    pub fn clock() -> Self {
        Self(Self::CLOCK.to_owned())
    }
}

impl CompanyId {
    /// The company that the exchange's officers belong to.
    pub const EXCHANGE: &'static str = "EXCHANGE";

    /// The exchange itself.
    pub fn exchange() -> Self {
        Self(Self::EXCHANGE.to_owned())
    }

    /// Whether this is the exchange itself.
    pub fn is_exchange(&self) -> bool {
        self.0 == Self::EXCHANGE
    }
}

/// A request's reference number as people see it: the eService's code, an underscore and 8 digits, as in
/// `DA3_00013361`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    eservice: EServiceId,
    number: u32,
}

impl Reference {
    /// The largest number that 8 digits hold.
    pub const MAX: u32 = 99_999_999;

    /// A reference number of an eService; `None` for 0 and for more than 8 digits.
    pub fn new(eservice: EServiceId, number: u32) -> Option<Self> {
        (1..=Self::MAX)
            .contains(&number)
            .then_some(Self { eservice, number })
    }

    /// The eService whose request it names.
    pub fn eservice(&self) -> EServiceId {
        self.eservice
    }

    /// Parses a reference number such as `DA3_00013361`.
    pub fn parse(text: &str) -> Option<Self> {
        let (code, digits) = text.split_once('_')?;
        Self::of_parts(EServiceId::parse(code)?, digits)
    }

    /// Parses what a person typed, in upper or lower case.
    pub fn parse_typed(text: &str) -> Option<Self> {
        let (code, digits) = text.split_once('_')?;
        let mut eservices = EServiceId::ALL.into_iter();
        Self::of_parts(eservices.find(|id| id.code().eq_ignore_ascii_case(code))?, digits)
    }

    fn of_parts(eservice: EServiceId, digits: &str) -> Option<Self> {
        let numeric = digits.len() == 8 && digits.bytes().all(|b| b.is_ascii_digit());
        Self::new(eservice, digits.parse().ok().filter(|_| numeric)?)
    }

    /// The number without the eService's code.
    pub fn number(&self) -> u32 {
        self.number
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{:08}", self.eservice.code(), self.number)
    }
}

/// A SHA-256 digest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest before the first row of a history.
    pub const ZERO: Self = Self([0; 32]);

    /// Hashes bytes.
    pub fn of(bytes: &[u8]) -> Self {
        use sha2::Digest as _;
        Self(sha2::Sha256::digest(bytes).into())
    }

    /// Makes a digest from its 32 bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Returns its 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Parses 64 lower-case hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.as_bytes();
        if digits.len() != 64 || !digits.iter().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_eservices_reference_reads_back_what_it_shows() {
        for id in EServiceId::ALL {
            let reference = Reference::new(id, 13361).unwrap();
            let shown = reference.to_string();
            assert_eq!(shown, format!("{}_00013361", id.code()));
            assert_eq!(Reference::parse(&shown), Some(reference.clone()));
            assert_eq!(
                Reference::parse_typed(&shown.to_ascii_lowercase()),
                Some(reference)
            );
        }
        assert_eq!(Reference::parse("SCARD3_00013361"), None);
    }

    #[test]
    fn a_reference_has_an_eservices_code_and_eight_digits() {
        for bad in [
            "DA3_13361",
            "DA3-00013361",
            "_00013361",
            "DA9_00013361",
            "DA3_0001336x",
            "DA3_+0013361",
            "DA3_00000000",
        ] {
            assert_eq!(Reference::parse(bad), None, "{bad}");
            assert_eq!(Reference::parse_typed(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_request_id_has_one_spelling() {
        let id = RequestId::from_parts(1_675_737_780_000, 7);
        assert_eq!(RequestId::parse(&id.to_string()), Some(id));
        assert_eq!(RequestId::parse(&id.to_string().to_lowercase()), None);
        assert_eq!(RequestId::parse("../etc/passwd"), None);
        assert_eq!(RequestId::parse(""), None);
    }

    #[test]
    fn an_id_cannot_hold_what_parts_storage_keys() {
        assert_eq!(CompanyId::parse("abc#PROFILE"), None);
        assert_eq!(CompanyId::parse(""), None);
        assert!(CompanyId::parse("abc").is_some());
    }

    #[test]
    fn a_digest_reads_back_what_it_shows() {
        let digest = Digest::of(b"countersign");
        assert_eq!(Digest::parse(&digest.to_string()), Some(digest));
        assert_eq!(Digest::parse(&digest.to_string().to_uppercase()), None);
    }
}
