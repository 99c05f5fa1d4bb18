//! How stored values are written as text, for serde's `with`.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serializer};

use crate::id::{CompanyId, Digest, Reference, RequestId};

/// Values with exactly one text form.
pub(crate) trait Spelled: Sized + std::fmt::Display {
    fn read(text: &str) -> Option<Self>;
}

impl Spelled for RequestId {
    fn read(text: &str) -> Option<Self> {
        Self::parse(text)
    }
}

impl Spelled for CompanyId {
    fn read(text: &str) -> Option<Self> {
        Self::parse(text)
    }
}

impl Spelled for Digest {
    fn read(text: &str) -> Option<Self> {
        Self::parse(text)
    }
}

impl Spelled for Reference {
    fn read(text: &str) -> Option<Self> {
        Self::parse(text)
    }
}

fn unreadable<E: serde::de::Error>() -> E {
    E::custom("not a value that is kept so")
}

pub(crate) mod text {
    use super::{Deserialize, Deserializer, Serializer, Spelled, unreadable};

    pub(crate) fn serialize<T: Spelled, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub(crate) fn deserialize<'de, T: Spelled, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        T::read(&String::deserialize(deserializer)?).ok_or_else(unreadable)
    }
}

pub(crate) mod optional_text {
    use super::{Deserialize, Deserializer, Serializer, Spelled, unreadable};

    #[expect(clippy::ref_option, reason = "serde calls it with a reference to the field")]
    pub(crate) fn serialize<T: Spelled, S: Serializer>(
        value: &Option<T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => serializer.collect_str(value),
            None => serializer.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, T: Spelled, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<T>, D::Error> {
        let Some(text) = Option::<String>::deserialize(deserializer)? else {
            return Ok(None);
        };
        T::read(&text).ok_or_else(unreadable).map(Some)
    }
}

pub(crate) mod instant {
    use super::{Deserialize, Deserializer, Serializer, Timestamp, unreadable};
    use crate::time;

    pub(crate) fn serialize<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&time::stored(*at))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        time::parse(&String::deserialize(deserializer)?).ok_or_else(unreadable)
    }
}
