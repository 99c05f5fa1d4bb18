//! The API's own description is complete and correct: it has template.yaml's routes, the domain's terms and limits and
//! the workflow table's refusals, and whatever it does not describe is refused.

mod contract;
mod domain;
mod problems;
mod routes;
mod structure;
mod workflow;

use std::collections::BTreeSet;

use countersign_tests::contract::{document, followed};
use serde_json::Value;

/// A node of the document.
fn node(pointer: &str) -> &'static Value {
    document()
        .pointer(&followed(pointer))
        .unwrap_or_else(|| panic!("the document has nothing at {pointer}"))
}

/// The schema with this name.
fn schema(name: &str) -> &'static Value {
    node(&format!("/components/schemas/{name}"))
}

/// The strings in a list.
fn texts(list: &'static Value) -> Vec<&'static str> {
    let list = list.as_array().expect("a list");
    list.iter().filter_map(Value::as_str).collect()
}

/// The operation of a route.
fn operation(method: &str, path: &str) -> &'static Value {
    &document()["paths"][path][method.to_lowercase()]
}

/// The names at the end of the problem types that an answer with this status may have.
fn problems(operation: &'static Value, status: &str) -> BTreeSet<&'static str> {
    let Some(answer) = operation["responses"].get(status) else {
        return BTreeSet::new();
    };
    let answer = answer["$ref"]
        .as_str()
        .map_or(answer, |reference| node(&reference[1..]));
    let said = &answer["content"]["application/problem+json"]["schema"];
    let kinds = said["oneOf"]
        .as_array()
        .map_or(std::slice::from_ref(said), Vec::as_slice);
    kinds
        .iter()
        .map(|kind| {
            let kind = node(&kind["$ref"].as_str().expect("a problem")[1..]);
            problem_name(&kind["properties"]["type"]["const"])
        })
        .collect()
}

/// The name at the end of a problem's type.
fn problem_name(kind: &Value) -> &str {
    let kind = kind.as_str().expect("a problem's type");
    kind.strip_prefix("urn:countersign:problem:")
        .expect("a type of this product")
}
