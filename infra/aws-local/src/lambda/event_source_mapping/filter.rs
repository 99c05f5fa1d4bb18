//! Which records a function wants: the event patterns that Lambda documents for its event sources.
//!
//! A pattern mirrors the record's nesting. Its leaves are arrays of what a value may be: a string, a number, a truth or
//! null to be equal to, or an object with one operator. Of the operators there is `prefix`; another one is refused, or it
//! would seem to filter and not do so.

use serde_json::{Map, Value as Json};

/// What a record has to match: any of these patterns, or nothing in particular if there are none.
#[derive(Debug)]
pub(crate) struct Filter(Vec<Map<String, Json>>);

impl Filter {
    /// Reads the patterns, each of which is JSON in a text.
    pub(crate) fn parse(patterns: &[String]) -> Result<Self, String> {
        let read = |text: &String| {
            let pattern = serde_json::from_str(text).map_err(|error| error.to_string())?;
            check(&pattern)?;
            Ok(pattern)
        };
        patterns.iter().map(read).collect::<Result<_, String>>().map(Self)
    }

    /// Whether the function wants a record.
    pub(crate) fn takes(&self, record: &Json) -> bool {
        self.0.is_empty() || self.0.iter().any(|pattern| matches(pattern, Some(record)))
    }
}

fn check(pattern: &Map<String, Json>) -> Result<(), String> {
    if pattern.is_empty() {
        return Err("an object in a pattern has to have members".to_owned());
    }
    for (name, value) in pattern {
        match value {
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

/// The one operator that is understood, `{"prefix": …}`.
fn prefix_of(test: &Json) -> Option<&str> {
    let operator = test.as_object().filter(|operator| operator.len() == 1)?;
    operator.get("prefix")?.as_str()
}

/// Whether each member of a pattern fits.
fn matches(pattern: &Map<String, Json>, value: Option<&Json>) -> bool {
    pattern.iter().all(|(name, pattern)| {
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
            (r#"{"dynamodb":{"SizeBytes":[26]}}"#, true),
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
            (r#"["a"]"#, "map"),
            ("{", "EOF"),
        ] {
            let refusal = Filter::parse(&[pattern.to_owned()]).unwrap_err();
            assert!(refusal.contains(named), "{pattern}: {refusal}");
        }
    }
}
