//! The lines of calls and steps in a log: read, held to CloudWatch's embedded metric format, and to the questions that the
//! runbook asks of them.

use std::collections::BTreeSet;

use countersign_platform::telemetry::{Metric, NAMESPACE};
use serde_json::{Map, Value as Json};

/// The fields of a line.
pub(crate) type Line = Map<String, Json>;

/// The units that CloudWatch knows, as far as the product uses them.
const UNITS: [&str; 2] = ["Count", "Milliseconds"];
const MOST_METRICS: usize = 100;
const MOST_DIMENSIONS: usize = 30;
const LONGEST_NAME: usize = 1024;
const LONGEST_NAMESPACE: usize = 256;
/// The longest event of CloudWatch Logs.
const LONGEST_LINE: usize = 256 * 1024;

/// The lines of calls and steps among those of a log.
pub(crate) fn lines(log: &str) -> Vec<Line> {
    let written = log
        .lines()
        .filter_map(|line| line.find("{\"timestamp\"").map(|start| &line[start..]));
    written
        .map(|line| {
            assert!(line.len() <= LONGEST_LINE);
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
        })
        .collect()
}

/// Says what CloudWatch would not take of a line, by the format's specification: a line without `_aws` has no metrics.
pub(crate) fn faults(line: &Line) -> Vec<String> {
    let Some(embedded) = line.get("_aws") else {
        return Vec::new();
    };
    let mut faults = only(embedded, &["Timestamp", "CloudWatchMetrics"]);
    if !embedded["Timestamp"].is_u64() {
        faults.push(format!("Timestamp is {}", embedded["Timestamp"]));
    }
    let directives = embedded["CloudWatchMetrics"].as_array();
    match directives {
        Some(directives) if !directives.is_empty() => {
            faults.extend(
                directives
                    .iter()
                    .flat_map(|directive| of_directive(line, directive)),
            );
        }
        _ => faults.push("there are no CloudWatchMetrics".to_owned()),
    }
    faults
}

fn only(object: &Json, known: &[&str]) -> Vec<String> {
    let members = object.as_object().into_iter().flat_map(Map::keys);
    let others = members.filter(|name| !known.contains(&name.as_str()));
    others.map(|name| format!("{name} is no member of it")).collect()
}

fn is_name(name: &Json, longest: usize) -> bool {
    name.as_str()
        .is_some_and(|name| (1..=longest).contains(&name.len()))
}

fn of_directive(line: &Line, directive: &Json) -> Vec<String> {
    let mut faults = only(directive, &["Namespace", "Dimensions", "Metrics"]);
    if !is_name(&directive["Namespace"], LONGEST_NAMESPACE) {
        faults.push(format!("Namespace is {}", directive["Namespace"]));
    }
    let sets = directive["Dimensions"].as_array().cloned().unwrap_or_default();
    if sets.is_empty()
        || sets
            .iter()
            .any(|set| set.as_array().is_none_or(|set| set.len() > MOST_DIMENSIONS))
    {
        faults.push(format!("Dimensions are {}", directive["Dimensions"]));
    }
    for name in sets.iter().filter_map(Json::as_array).flatten() {
        let value = name
            .as_str()
            .and_then(|name| line.get(name))
            .unwrap_or(&Json::Null);
        if !is_name(value, LONGEST_NAME) {
            faults.push(format!("the dimension {name} is {value}"));
        }
    }
    let metrics = directive["Metrics"].as_array().cloned().unwrap_or_default();
    if !(1..=MOST_METRICS).contains(&metrics.len()) {
        faults.push(format!("Metrics are {}", directive["Metrics"]));
    }
    for metric in &metrics {
        faults.extend(only(metric, &["Name", "Unit"]));
        let value = metric["Name"]
            .as_str()
            .and_then(|name| line.get(name))
            .unwrap_or(&Json::Null);
        if !is_name(&metric["Name"], LONGEST_NAME) || !value.is_number() {
            faults.push(format!("the metric {} is {value}", metric["Name"]));
        }
        if !UNITS.contains(&metric["Unit"].as_str().unwrap_or_default()) {
            faults.push(format!("Unit is {}", metric["Unit"]));
        }
    }
    faults
}

/// The metrics of a line: each has to be one of the product's list, with its unit and its dimensions.
pub(crate) fn metrics(line: &Line) -> BTreeSet<&'static str> {
    let directives = line.get("_aws").map(|embedded| &embedded["CloudWatchMetrics"]);
    let directives = directives.and_then(Json::as_array).into_iter().flatten();
    let mut found = BTreeSet::new();
    for directive in directives {
        assert_eq!(directive["Namespace"], NAMESPACE);
        for metric in directive["Metrics"].as_array().unwrap() {
            let known = Metric::all().find(|known| metric["Name"] == known.name);
            let known = known.unwrap_or_else(|| panic!("{metric} is not on the list"));
            assert_eq!(metric["Unit"], known.unit);
            assert_eq!(
                directive["Dimensions"],
                serde_json::json!([known.dimensions]),
                "{metric}"
            );
            found.insert(known.name);
        }
    }
    found
}

/// The questions of a page: the text of each call of `ask`.
pub(crate) fn questions(page: &str) -> Vec<&str> {
    let asked = page.split("\nask '").skip(1);
    asked.filter_map(|rest| rest.split('\'').next()).collect()
}

/// The words of CloudWatch Logs Insights that the questions use.
const WORDS: [&str; 22] = [
    "fields",
    "filter",
    "stats",
    "sort",
    "limit",
    "by",
    "and",
    "or",
    "not",
    "as",
    "desc",
    "asc",
    "in",
    "like",
    "count",
    "sum",
    "avg",
    "max",
    "min",
    "pct",
    "bin",
    "ispresent",
];

/// The fields that a question asks about: every word outside of quotes that is no word of the language, no number, and no
/// name that the question itself gives by `as`.
pub(crate) fn fields(question: &str) -> BTreeSet<&str> {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '@';
    let unquoted = question.split('"').step_by(2);
    let words: Vec<&str> = unquoted
        .flat_map(|part| part.split(|letter| !is_part(letter)))
        .filter(|word| !word.is_empty())
        .collect();
    let given: BTreeSet<&str> = words
        .windows(2)
        .filter_map(|pair| (pair[0] == "as").then_some(pair[1]))
        .collect();
    let is_field = |word: &&str| {
        let is_number = word.starts_with(|letter: char| letter.is_ascii_digit());
        !is_number && !WORDS.contains(word) && !given.contains(word)
    };
    words.into_iter().filter(is_field).collect()
}

#[test]
fn what_cloudwatch_would_not_take_is_found() {
    let good = r#"{"timestamp":"2023-03-20T00:00:00.000Z","Stack":"s","Steps":1,"_aws":{"Timestamp":1,"CloudWatchMetrics":[
        {"Namespace":"Countersign","Dimensions":[["Stack"]],"Metrics":[{"Name":"Steps","Unit":"Count"}]}]}}"#;
    let good = good.replace('\n', "");
    assert_eq!(faults(&lines(&good)[0]), [] as [String; 0]);
    for (said, instead, found) in [
        ("\"Steps\":1", "\"Steps\":\"1\"", "the metric \"Steps\" is \"1\""),
        (
            "\"Stack\":\"s\"",
            "\"Stack\":\"\"",
            "the dimension \"Stack\" is \"\"",
        ),
        ("\"Stack\":\"s\",", "", "the dimension \"Stack\" is null"),
        ("\"Timestamp\":1", "\"Timestamp\":\"1\"", "Timestamp is \"1\""),
        (
            "\"Namespace\":\"Countersign\"",
            "\"Namespace\":\"\"",
            "Namespace is \"\"",
        ),
        (
            "[{\"Name\":\"Steps\",\"Unit\":\"Count\"}]",
            "[]",
            "Metrics are []",
        ),
        ("[[\"Stack\"]]", "[\"Stack\"]", "Dimensions are [\"Stack\"]"),
        ("\"Unit\":\"Count\"", "\"Unit\":\"Pieces\"", "Unit is \"Pieces\""),
        (
            "\"Unit\":\"Count\"",
            "\"Unit\":\"Count\",\"Kind\":1",
            "Kind is no member of it",
        ),
    ] {
        let bad = good.replace(said, instead);
        assert_ne!(bad, good);
        assert_eq!(faults(&lines(&bad)[0]), [found], "{instead}");
    }
}

#[test]
fn a_question_is_read_into_the_fields_that_it_asks_about() {
    let question = r#"filter message = "step" and Outcome = "a word" | stats pct(StepTime, 99) as slow, count(*) as steps by Action
        | sort slow desc | limit 20"#;
    let expected = BTreeSet::from(["message", "Outcome", "StepTime", "Action"]);
    assert_eq!(fields(question), expected);
}
