//! What policies allow, as the checks ask it.

use serde_norway::Value;

use super::document::items;

/// The statements of a policy that allow something, conditional ones included.
pub(super) fn allowing(policy: &Value) -> Vec<&Value> {
    match policy {
        Value::Sequence(all) => all.iter().flat_map(allowing).collect(),
        Value::Tagged(tagged) => allowing(&tagged.value),
        Value::Mapping(all) if all.contains_key("Effect") => {
            let is_allowing = policy["Effect"] == "Allow";
            is_allowing.then_some(policy).into_iter().collect()
        }
        Value::Mapping(all) => all.values().flat_map(allowing).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

/// The actions that a statement names, or patterns of them.
pub(super) fn actions(statement: &Value) -> impl Iterator<Item = &str> {
    let named = &statement["Action"];
    items(named).chain([named]).filter_map(Value::as_str)
}

/// Whether a statement names an action, by its name or by a pattern, as IAM reads it.
pub(super) fn names(statement: &Value, action: &str) -> bool {
    let action = action.to_lowercase();
    actions(statement).any(|pattern| matches(&pattern.to_lowercase(), &action))
}

fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, rest)) => text
            .strip_prefix(start)
            .is_some_and(|tail| (0..=tail.len()).any(|at| matches(rest, &tail[at..]))),
    }
}
