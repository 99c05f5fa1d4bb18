//! Event patterns: which events a rule of EventBridge sends on, and which records of a source a function wants.
//!
//! A pattern mirrors the event's nesting. Its leaves are arrays of what a value may be: a string, a number, a truth or
//! null to be equal to, or an object with one operator. Of the operators there are `prefix`, and `$or` in place of a
//! member; another one is refused, or it would seem to filter and not do so.

use serde_json::{Map, Value as Json};

/// What an event has to match.
#[derive(Debug, Clone, PartialEq)]
pub struct EventPattern(Map<String, Json>);

impl EventPattern {
    pub(crate) fn new(pattern: Map<String, Json>) -> Result<Self, String> {
        check(&pattern)?;
        Ok(Self(pattern))
    }

    /// Reads a pattern that is JSON in a text.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        Self::new(serde_json::from_str(text).map_err(|error| error.to_string())?)
    }

    pub fn matches(&self, event: &Json) -> bool {
        matches(&self.0, Some(event))
    }
}

fn check(pattern: &Map<String, Json>) -> Result<(), String> {
    if pattern.is_empty() {
        return Err("an object in a pattern has to have members".to_owned());
    }
    for (name, value) in pattern {
        match value {
            Json::Array(choices) if name == OR => {
                if choices.len() < 2 {
                    return Err(format!("{OR} has to have two choices or more"));
                }
                for choice in choices {
                    let choice = choice.as_object();
                    check(choice.ok_or_else(|| format!("each choice of {OR} has to be an object"))?)?;
                }
            }
            Json::Object(members) => check(members)?,
            Json::Array(tests) => {
                let unknown = tests
                    .iter()
                    .find(|test| test.is_array() || (test.is_object() && prefix_of(test).is_none()));
                if let Some(test) = unknown {
                    return Err(format!("the operator {test} is not understood here"));
                }
            }
            _ => return Err(format!("{name} has to be an object or an array")),
        }
    }
    Ok(())
}

/// In place of a member's name: the event has to match one of these.
const OR: &str = "$or";

/// The one operator on values that is understood, `{"prefix": …}`.
fn prefix_of(test: &Json) -> Option<&str> {
    let operator = test.as_object().filter(|operator| operator.len() == 1)?;
    operator.get("prefix")?.as_str()
}

/// Whether each member of a pattern fits.
fn matches(pattern: &Map<String, Json>, value: Option<&Json>) -> bool {
    pattern.iter().all(|(name, pattern)| {
        if name == OR {
            let mut choices = pattern.as_array().into_iter().flatten();
            return choices.any(|choice| choice.as_object().is_some_and(|choice| matches(choice, value)));
        }
        let value = value.and_then(|value| value.get(name));
        let is_one_of = |value: &Json| {
            let mut tests = pattern.as_array().into_iter().flatten();
            tests.any(|test| match prefix_of(test) {
                Some(prefix) => value.as_str().is_some_and(|text| text.starts_with(prefix)),
                None => test == value,
            })
        };
        match (pattern, value) {
            (Json::Object(members), value) => matches(members, value),
            // Of an array any element will do.
            (_, Some(Json::Array(elements))) => elements.iter().any(is_one_of),
            (_, value) => value.is_some_and(is_one_of),
        }
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn matches(pattern: &str, record: &Json) -> bool {
        EventPattern::parse(pattern).unwrap().matches(record)
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
            assert_eq!(matches(&sk(test), &record()), expected, "{test}");
        }
        let modified = r#"{"eventName":["MODIFY"],"dynamodb":{"Keys":{"sk":{"S":[{"prefix":"EVT#"}]}}}}"#;
        assert!(!matches(modified, &record()));
    }

    #[test]
    fn values_of_other_kinds_are_compared_too() {
        for (pattern, expected) in [
            (r#"{"dynamodb":{"NewImage":{"open":{"BOOL":[true]}}}}"#, true),
            (r#"{"dynamodb":{"NewImage":{"open":{"BOOL":[false]}}}}"#, false),
            (r#"{"dynamodb":{"SizeBytes":[26]}}"#, true),
            (r#"{"dynamodb":{"NewImage":{"tags":{"SS":["b"]}}}}"#, true),
            (r#"{"dynamodb":{"NewImage":{"missing":{"S":[null]}}}}"#, false),
        ] {
            assert_eq!(matches(pattern, &record()), expected, "{pattern}");
        }
    }

    #[test]
    fn one_choice_of_several_has_to_match_beside_everything_else() {
        for (pattern, expected) in [
            (
                r#"{"$or":[{"eventName":["REMOVE"]},{"dynamodb":{"SizeBytes":[26]}}]}"#,
                true,
            ),
            (
                r#"{"$or":[{"eventName":["REMOVE"]},{"dynamodb":{"SizeBytes":[27]}}]}"#,
                false,
            ),
            (
                r#"{"eventName":["REMOVE"],"$or":[{"eventName":["INSERT"]},{"dynamodb":{"SizeBytes":[26]}}]}"#,
                false,
            ),
        ] {
            assert_eq!(matches(pattern, &record()), expected, "{pattern}");
        }
    }

    #[test]
    fn what_a_pattern_says_and_this_does_not_understand_is_refused() {
        for (pattern, named) in [
            (r#"{"a":[{"numeric":["=",1]}]}"#, "numeric"),
            (r#"{"a":[{"exists":true}]}"#, "exists"),
            (r#"{"a":[{"prefix":1}]}"#, "prefix"),
            (r#"{"a":[{"prefix":"x","suffix":"y"}]}"#, "prefix"),
            (r#"{"$or":[{"a":["x"]}]}"#, "two choices"),
            (r#"{"$or":[{"a":["x"]},["b"]]}"#, "an object"),
            (r#"{"$or":[{"a":["x"]},{"b":[{"suffix":"x"}]}]}"#, "suffix"),
            (r#"{"a":"x"}"#, "array"),
            (r#"{"a":{}}"#, "members"),
            (r#"["a"]"#, "map"),
            ("{", "EOF"),
        ] {
            let refusal = EventPattern::parse(pattern).unwrap_err();
            assert!(refusal.contains(named), "{pattern}: {refusal}");
        }
    }
}
