//! Parses JSON and refuses objects with a repeated member. Readers disagree on what such an object means (RFC 8259,
//! section 4), so a checker could be shown something other than what is stored.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Why a text was refused.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum JsonFault {
    /// It is not JSON.
    NotJson,
    /// A member of an object occurs twice. Holds the member's JSON Pointer.
    Repeated(String),
}

/// Parses a JSON text.
pub(super) fn parse(text: &[u8]) -> Result<Value, JsonFault> {
    let repeated = RefCell::new(None);
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let place = Place {
        pointer: String::new(),
        repeated: &repeated,
    };
    let read = place
        .deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value));
    read.map_err(|_| repeated.take().map_or(JsonFault::NotJson, JsonFault::Repeated))
}

/// Escapes a member's or an item's name for a JSON Pointer (RFC 6901, section 3).
pub(super) fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// The JSON Pointer of a value, and the place to note the first repeated member.
struct Place<'n> {
    pointer: String,
    repeated: &'n RefCell<Option<String>>,
}

impl Place<'_> {
    fn below(&self, name: &str) -> Self {
        Self {
            pointer: format!("{}/{}", self.pointer, escaped(name)),
            repeated: self.repeated,
        }
    }
}

impl<'de> DeserializeSeed<'de> for Place<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Place<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut read = Vec::new();
        while let Some(item) = items.next_element_seed(self.below(&read.len().to_string()))? {
            read.push(item);
        }
        Ok(Value::Array(read))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut read = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let place = self.below(&name);
            if read.contains_key(&name) {
                self.repeated.replace(Some(place.pointer));
                return Err(A::Error::custom("a repeated member"));
            }
            let value = members.next_value_seed(place)?;
            read.insert(name, value);
        }
        Ok(Value::Object(read))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_reads_as_serde_json_reads_it() {
        for text in [
            "null",
            "[]",
            "{}",
            r#" {"a": [1, -2, 0.5, true, false, null, "\u00e9\n"], "b": {"a": {}}} "#,
            "18446744073709551615",
        ] {
            let expected: Value = serde_json::from_str(text).unwrap();
            assert_eq!(parse(text.as_bytes()), Ok(expected), "{text}");
        }
        for text in ["", "{", "{} {}", "NaN", "'x'", "[1,]", r#"{"a"}"#, "1e999"] {
            assert_eq!(parse(text.as_bytes()), Err(JsonFault::NotJson), "{text}");
        }
        let deep = "[".repeat(100_000);
        assert_eq!(parse(deep.as_bytes()), Err(JsonFault::NotJson));
    }

    #[test]
    fn a_repeated_member_is_named_by_its_json_pointer() {
        for (text, pointer) in [
            (r#"{"a": 1, "a": 1}"#, "/a"),
            (
                r#"{"changes": [{}, {"email": "x", "email": "y"}]}"#,
                "/changes/1/email",
            ),
            (r#"{"a/b": {"m~n": 1, "m~n": 2}}"#, "/a~1b/m~0n"),
            (r#"{"a": 1, "\u0061": 2}"#, "/a"),
            (r#"{"": 1, "": 2}"#, "/"),
        ] {
            assert_eq!(
                parse(text.as_bytes()),
                Err(JsonFault::Repeated(pointer.to_owned())),
                "{text}"
            );
        }
    }
}
