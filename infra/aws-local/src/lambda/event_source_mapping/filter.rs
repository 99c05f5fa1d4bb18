//! Which records a function wants: the event patterns that Lambda documents for its event sources.
//!
//! A pattern mirrors the record's nesting. Its leaves are arrays of what a value may be: a string, a number, a truth or
//! null to be equal to, or an object with one operator. Of the operators there is `prefix`; another one is refused, or it
//! would seem to filter and not do so.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

/// What a record has to match: any of these patterns, or nothing in particular if there are none.
#[derive(Debug)]
pub(crate) struct Filter(Vec<Pattern>);

#[derive(Debug)]
enum Pattern {
    /// Each of these members has to match.
    Members(BTreeMap<String, Pattern>),
    /// One of these has to be so.
    AnyOf(Vec<Test>),
}

#[derive(Debug)]
enum Test {
    Equals(Json),
    Prefix(String),
}

impl Filter {
    /// Reads the patterns, each of which is JSON in a text.
    pub(crate) fn parse(patterns: &[String]) -> Result<Self, String> {
        let read = |text: &String| {
            let pattern: Json = serde_json::from_str(text).map_err(|error| error.to_string())?;
            match pattern {
                Json::Object(members) => Pattern::members(members),
                _ => Err("a pattern has to be an object".to_owned()),
            }
        };
        patterns.iter().map(read).collect::<Result<_, _>>().map(Self)
    }

    /// Whether the function wants a record.
    pub(crate) fn takes(&self, record: &Json) -> bool {
        self.0.is_empty() || self.0.iter().any(|pattern| pattern.matches(Some(record)))
    }
}

impl Pattern {
    fn members(members: Map<String, Json>) -> Result<Self, String> {
        if members.is_empty() {
            return Err("an object in a pattern has to have members".to_owned());
        }
        let mut patterns = BTreeMap::new();
        for (name, value) in members {
            let pattern = match value {
                Json::Object(members) => Self::members(members)?,
                Json::Array(tests) => {
                    Self::AnyOf(tests.into_iter().map(Test::parse).collect::<Result<_, _>>()?)
                }
                _ => return Err(format!("{name} has to be an object or an array")),
            };
            patterns.insert(name, pattern);
        }
        Ok(Self::Members(patterns))
    }

    fn matches(&self, value: Option<&Json>) -> bool {
        match self {
            Self::Members(members) => members
                .iter()
                .all(|(name, pattern)| pattern.matches(value.and_then(|value| value.get(name)))),
            // Of an array any element will do.
            Self::AnyOf(tests) => match value {
                Some(Json::Array(elements)) => elements
                    .iter()
                    .any(|element| tests.iter().any(|test| test.holds(Some(element)))),
                value => tests.iter().any(|test| test.holds(value)),
            },
        }
    }
}

impl Test {
    fn parse(value: Json) -> Result<Self, String> {
        match &value {
            Json::Array(_) => Err("an array in a pattern can't hold another".to_owned()),
            Json::Object(operator) => match operator.get("prefix") {
                Some(Json::String(prefix)) if operator.len() == 1 => Ok(Self::Prefix(prefix.clone())),
                _ => Err(format!("the operator {value} is not understood here")),
            },
            _ => Ok(Self::Equals(value)),
        }
    }

    fn holds(&self, value: Option<&Json>) -> bool {
        match self {
            Self::Equals(expected) => value.is_some_and(|value| equal(value, expected)),
            Self::Prefix(prefix) => value
                .and_then(Json::as_str)
                .is_some_and(|text| text.starts_with(prefix)),
        }
    }
}

/// Numbers are equal by value, however they are written.
fn equal(one: &Json, other: &Json) -> bool {
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => one.total_cmp(&other).is_eq(),
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn takes(patterns: &[&str], record: &Json) -> bool {
        let patterns: Vec<String> = patterns.iter().map(|&pattern| pattern.to_owned()).collect();
        Filter::parse(&patterns).unwrap().takes(record)
    }

    fn record() -> Json {
        json!({
            "eventName": "INSERT",
            "dynamodb": {
                "Keys": { "pk": { "S": "REQ#1" }, "sk": { "S": "EVT#000001" } },
                "NewImage": { "count": { "N": "7" }, "open": { "BOOL": true }, "tags": { "SS": ["a", "b"] } },
                "SizeBytes": 26,
            },
        })
    }

    #[test]
    fn a_record_has_to_match_every_member_of_a_pattern() {
        let sk = |test: &str| {
            format!(r#"{{"eventName":["INSERT"],"dynamodb":{{"Keys":{{"sk":{{"S":[{test}]}}}}}}}}"#)
        };
        for (test, expected) in [
            (r#"{"prefix":"EVT#"}"#, true),
            (r#"{"prefix":"HEAD"}"#, false),
            (r#""HEAD",{"prefix":"EVT#"}"#, true),
            (r#""EVT#000001""#, true),
            (r#""EVT#""#, false),
        ] {
            assert_eq!(takes(&[&sk(test)], &record()), expected, "{test}");
        }
        let modified = r#"{"eventName":["MODIFY"],"dynamodb":{"Keys":{"sk":{"S":[{"prefix":"EVT#"}]}}}}"#;
        assert!(!takes(&[modified], &record()));
    }

    #[test]
    fn values_of_other_kinds_are_compared_too() {
        for (pattern, expected) in [
            (r#"{"dynamodb":{"NewImage":{"open":{"BOOL":[true]}}}}"#, true),
            (r#"{"dynamodb":{"NewImage":{"open":{"BOOL":[false]}}}}"#, false),
            (r#"{"dynamodb":{"SizeBytes":[26.0]}}"#, true),
            (r#"{"dynamodb":{"NewImage":{"tags":{"SS":["b"]}}}}"#, true),
            (r#"{"dynamodb":{"NewImage":{"missing":{"S":[null]}}}}"#, false),
        ] {
            assert_eq!(takes(&[pattern], &record()), expected, "{pattern}");
        }
    }

    #[test]
    fn of_several_patterns_one_has_to_match_and_without_any_every_record_is_taken() {
        let (no, yes) = (r#"{"eventName":["REMOVE"]}"#, r#"{"eventName":["INSERT"]}"#);
        assert!(takes(&[no, yes], &record()));
        assert!(!takes(&[no], &record()));
        assert!(takes(&[], &record()));
    }

    #[test]
    fn what_a_pattern_says_and_this_does_not_understand_is_refused() {
        for (pattern, named) in [
            (r#"{"a":[{"numeric":["=",1]}]}"#, "numeric"),
            (r#"{"a":[{"exists":true}]}"#, "exists"),
            (r#"{"a":[{"prefix":1}]}"#, "prefix"),
            (r#"{"a":[{"prefix":"x","suffix":"y"}]}"#, "prefix"),
            (r#"{"$or":[{"a":["x"]}]}"#, "operator"),
            (r#"{"a":"x"}"#, "array"),
            (r#"{"a":{}}"#, "members"),
            (r#"["a"]"#, "object"),
            ("{", "EOF"),
        ] {
            let refusal = Filter::parse(&[pattern.to_owned()]).unwrap_err();
            assert!(refusal.contains(named), "{pattern}: {refusal}");
        }
    }
}
