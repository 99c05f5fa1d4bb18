//! The document is valid OpenAPI 3.1, as far as a test can tell without network access.

use std::collections::BTreeSet;

use countersign_tests::contract::{document, documented, escaped, validator};
use serde_json::Value;

use super::{node, operation, texts};

/// Every node of the document with its JSON Pointer.
fn nodes() -> Vec<(String, &'static Value)> {
    let mut nodes = vec![(String::new(), document())];
    let mut next = 0;
    while let Some((pointer, node)) = nodes.get(next).cloned() {
        let below = |name: &str| format!("{pointer}/{}", escaped(name));
        match node {
            Value::Object(members) => nodes.extend(members.iter().map(|(name, node)| (below(name), node))),
            Value::Array(items) => {
                nodes.extend(
                    items
                        .iter()
                        .enumerate()
                        .map(|(index, node)| (below(&index.to_string()), node)),
                );
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
        next += 1;
    }
    nodes
}

/// All schemas: those in the components, and those in members called `schema`.
fn schemas() -> Vec<(String, &'static Value)> {
    let is_schema = |pointer: &str| {
        let parent = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
        let is_example = pointer.contains("/examples/");
        (parent == "/components/schemas" || pointer.ends_with("/schema")) && !is_example
    };
    nodes()
        .into_iter()
        .filter(|(pointer, _)| is_schema(pointer))
        .collect()
}

fn references() -> BTreeSet<&'static str> {
    let nodes = nodes().into_iter();
    nodes
        .filter(|(pointer, _)| pointer.ends_with("/$ref"))
        .filter_map(|(_, target)| target.as_str())
        .collect()
}

#[test]
fn the_document_says_which_version_of_openapi_it_is() {
    assert!(document()["openapi"].as_str().unwrap().starts_with("3.1."));
    assert_eq!(
        document()["jsonSchemaDialect"],
        "https://json-schema.org/draft/2020-12/schema"
    );
    assert_eq!(document()["info"]["version"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn every_reference_leads_somewhere() {
    for reference in references() {
        let target = reference
            .strip_prefix('#')
            .and_then(|pointer| document().pointer(pointer));
        assert!(target.is_some(), "{reference}");
    }
}

#[test]
fn no_component_lies_about_unused() {
    let used = references();
    for kind in ["schemas", "responses", "parameters", "headers", "links"] {
        for name in node("/components")[kind].as_object().unwrap().keys() {
            let reference = format!("#/components/{kind}/{name}");
            assert!(used.contains(reference.as_str()), "{reference}");
        }
    }
}

#[test]
fn every_schema_compiles() {
    let schemas = schemas();
    assert!(schemas.len() > 100, "{}", schemas.len());
    for (pointer, _) in schemas {
        validator(&pointer);
    }
}

#[test]
fn every_example_is_as_its_schema_says() {
    for (pointer, schema) in schemas() {
        for example in schema["examples"].as_array().into_iter().flatten() {
            let faults: Vec<_> = validator(&pointer)
                .iter_errors(example)
                .map(|fault| fault.to_string())
                .collect();
            assert!(faults.is_empty(), "{pointer}: {faults:?}");
        }
    }
}

#[test]
fn every_object_is_closed_and_says_what_it_needs() {
    for (pointer, schema) in nodes() {
        let is_object = schema["type"] == "object" && schema.get("properties").is_some();
        // The document's description of itself allows further members.
        let is_open = pointer.starts_with("/paths/~1openapi.json/");
        if is_object && !is_open && !pointer.contains("/examples/") {
            let closed = [&schema["additionalProperties"], &schema["unevaluatedProperties"]];
            assert!(closed.contains(&&Value::Bool(false)), "{pointer} is open");
        }
        let needed = schema["required"].as_array().into_iter().flatten();
        let has = |name: &Value| {
            name.as_str()
                .is_some_and(|name| schema["properties"].get(name).is_some())
        };
        if is_object {
            assert!(
                needed.into_iter().all(has),
                "{pointer} needs what it does not have"
            );
        }
    }
}

#[test]
fn every_operation_has_an_id_of_its_own_a_known_tag_and_words() {
    let tags: Vec<_> = document()["tags"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tag| &tag["name"])
        .collect();
    let mut ids = BTreeSet::new();
    for (method, path, _) in documented() {
        let operation = operation(method, path);
        let id = operation["operationId"].as_str().unwrap();
        assert!(
            id.bytes().all(|b| b.is_ascii_alphanumeric()) && ids.insert(id),
            "{id}"
        );
        assert!(
            operation["tags"]
                .as_array()
                .unwrap()
                .iter()
                .all(|tag| tags.contains(&tag)),
            "{id}"
        );
        for words in ["summary", "description"] {
            assert!(
                operation[words].as_str().is_some_and(|words| !words.is_empty()),
                "{id}: {words}"
            );
        }
    }
}

#[test]
fn every_path_parameter_is_declared_and_every_parameter_is_whole() {
    for (method, path, _) in documented() {
        let shared = document()["paths"][path]["parameters"].as_array();
        let own = operation(method, path)["parameters"].as_array();
        let parameters: Vec<_> = shared
            .into_iter()
            .chain(own)
            .flatten()
            .map(|parameter| node(&parameter["$ref"].as_str().unwrap()[1..]))
            .collect();
        let in_template: Vec<_> = path
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
            .collect();
        let in_path: Vec<_> = parameters
            .iter()
            .filter(|parameter| parameter["in"] == "path")
            .map(|parameter| parameter["name"].as_str().unwrap())
            .collect();
        assert_eq!(in_path, in_template, "{method} {path}");
        let names: BTreeSet<_> = parameters
            .iter()
            .map(|parameter| parameter["name"].as_str())
            .collect();
        assert_eq!(
            names.len(),
            parameters.len(),
            "{method} {path} has a parameter twice"
        );
        for parameter in parameters {
            assert!(
                parameter["required"] == true || parameter["in"] != "path",
                "{parameter}"
            );
            assert!(
                parameter["schema"].is_object() && parameter["description"].is_string(),
                "{parameter}"
            );
        }
    }
}

#[test]
fn every_answer_says_what_it_is_and_what_it_holds() {
    for (method, path, statuses) in documented() {
        assert!(
            statuses.iter().any(|status| (200..300).contains(status)),
            "{method} {path}"
        );
        for status in statuses {
            let pointer = format!(
                "/paths/{}/{}/responses/{status}",
                escaped(path),
                method.to_lowercase()
            );
            let answer = node(&pointer);
            assert!(
                answer["description"]
                    .as_str()
                    .is_some_and(|words| !words.is_empty()),
                "{pointer}"
            );
            if *status == 304 {
                assert!(answer.get("content").is_none(), "{pointer}");
                continue;
            }
            let content = answer["content"].as_object().unwrap();
            assert!(
                content.values().all(|held| held["schema"].is_object()),
                "{pointer}"
            );
            let types: Vec<_> = content.keys().map(String::as_str).collect();
            let file_type = path.rsplit_once('.').map(|(_, file_type)| file_type);
            match status {
                200..300 if file_type == Some("csv") => assert_eq!(types, ["text/csv"], "{pointer}"),
                200..300 if file_type == Some("jsonl") => {
                    assert_eq!(types, ["application/jsonl"], "{pointer}");
                }
                200..300 => assert_eq!(types, ["application/json"], "{pointer}"),
                429 => assert!(
                    types.contains(&"application/json"),
                    "{pointer}: API Gateway says so"
                ),
                _ => assert!(types.contains(&"application/problem+json"), "{pointer}"),
            }
        }
    }
}

#[test]
fn what_changes_a_request_gives_its_tag_and_what_is_new_its_address() {
    for (method, path, statuses) in documented().filter(|(_, path, _)| path.starts_with("/requests")) {
        let responses = &operation(method, path)["responses"];
        let headers = |status: &str| -> Vec<&str> {
            let headers = responses[status]["headers"].as_object();
            let names: BTreeSet<_> = headers
                .into_iter()
                .flatten()
                .map(|(name, _)| name.as_str())
                .collect();
            Vec::from_iter(names)
        };
        match (method, path, statuses.first()) {
            ("GET", "/requests", _) => assert_eq!(headers("200"), ["Link"]),
            ("GET", _, _) => assert_eq!(headers("200"), ["ETag"], "{method} {path}"),
            (_, _, Some(201)) => {
                let expected = ["ETag", "Idempotent-Replayed", "Location"];
                assert_eq!(headers("201"), expected, "{method} {path}");
            }
            _ => assert_eq!(headers("200"), ["ETag", "Idempotent-Replayed"], "{method} {path}"),
        }
    }
    assert_eq!(
        texts(&node("/components/schemas/StepResult")["required"]).first(),
        Some(&"id")
    );
}

#[test]
fn no_two_schemas_have_the_same_title_and_a_pattern_comes_with_its_type() {
    let mut titles = BTreeSet::new();
    for (pointer, node) in nodes() {
        if pointer.contains("/examples/") || !pointer.starts_with("/components/schemas/") {
            continue;
        }
        if let Some(title) = node["title"].as_str() {
            assert!(titles.insert(title), "{pointer}: {title}");
        }
        if node["pattern"].is_string() {
            assert!(
                !node["type"].is_null() || pointer.contains("/allOf/"),
                "{pointer}"
            );
        }
    }
}

#[test]
fn what_one_of_several_problems_is_says_its_type() {
    for (pointer, node) in nodes() {
        let Some(branches) = node["oneOf"].as_array() else {
            continue;
        };
        let mapping = &node["discriminator"]["mapping"];
        if !branches.iter().any(|branch| {
            branch["$ref"]
                .as_str()
                .is_some_and(|name| name.ends_with("Problem"))
        }) {
            continue;
        }
        assert_eq!(node["discriminator"]["propertyName"], "type", "{pointer}");
        let mapped: BTreeSet<_> = mapping
            .as_object()
            .unwrap()
            .values()
            .filter_map(Value::as_str)
            .collect();
        let listed: BTreeSet<_> = branches
            .iter()
            .filter_map(|branch| branch["$ref"].as_str())
            .collect();
        assert_eq!(mapped, listed, "{pointer}");
        for (kind, target) in mapping.as_object().unwrap() {
            let target = super::node(&target.as_str().unwrap()[1..]);
            assert_eq!(target["properties"]["type"]["const"], *kind, "{pointer}");
        }
    }
}

#[test]
fn every_link_leads_to_an_operation_and_gives_it_parameters_that_it_has() {
    let links = node("/components/links").as_object().unwrap();
    for (name, link) in links {
        let id = link["operationId"].as_str().unwrap();
        let (method, path, _) = documented()
            .find(|(method, path, _)| operation(method, path)["operationId"] == id)
            .unwrap_or_else(|| panic!("{name} leads nowhere: {id}"));
        let shared = document()["paths"][path]["parameters"].as_array();
        let own = operation(method, path)["parameters"].as_array();
        let known: Vec<_> = shared
            .into_iter()
            .chain(own)
            .flatten()
            .filter_map(|parameter| node(&parameter["$ref"].as_str()?[1..])["name"].as_str())
            .collect();
        for parameter in link["parameters"].as_object().unwrap().keys() {
            assert!(known.contains(&parameter.as_str()), "{name}: {parameter}");
        }
    }
}

#[test]
fn a_request_says_whatever_it_says_in_a_list_in_the_same_words() {
    let summary = node("/components/schemas/RequestSummary")["properties"]
        .as_object()
        .unwrap();
    let whole = &node("/components/schemas/Request")["properties"];
    for (name, said) in summary {
        assert_eq!(whole[name], *said, "{name}");
    }
}
