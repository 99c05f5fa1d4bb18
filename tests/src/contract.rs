//! Checks every reply against the API's own description, [`requests::openapi`].

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use jsonschema::{Registry, Validator};
use serde_json::Value;

/// The URI under which schemas refer to the document.
const DOCUMENT: &str = "urn:countersign:openapi";

/// The problems with which API Gateway refuses a call before it finds a route, by status. In the cloud, the body is
/// only its message.
const WITHOUT_A_ROUTE: [(u16, &str); 3] = [
    (400, "/components/schemas/MalformedProblem"),
    (404, "/components/schemas/NotFoundProblem"),
    (431, "/components/schemas/HeadersTooLargeProblem"),
];

/// The schema of API Gateway's own message.
const GATEWAY: &str = "/components/schemas/GatewayMessage";

/// An operation of the document.
struct Operation {
    method: String,
    path: String,
    statuses: Vec<u16>,
}

static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(operations);
static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// The template's default.
pub const USER_ID_SUFFIX: &str = "[A-Z0-9]{1,4}";

/// The parsed document.
pub fn document() -> &'static Value {
    static PARSED: LazyLock<Value> = LazyLock::new(|| {
        let text = requests::openapi::description(USER_ID_SUFFIX, "");
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("openapi.json is not JSON: {error}"))
    });
    &PARSED
}

/// The document with the rules that its schemas only describe in words, because generators of clients can't handle
/// conditions: which status text belongs to which state, and when an answer has which members.
fn strict() -> Value {
    let rules: Value = serde_json::from_str(include_str!("contract_rules.json"))
        .unwrap_or_else(|error| panic!("contract_rules.json is not JSON: {error}"));
    let mut strict = document().clone();
    let schemas = &mut strict["components"]["schemas"];
    for (name, rule) in rules.as_object().into_iter().flatten() {
        let Some(schema) = schemas.get_mut(name) else {
            schemas[name] = rule.clone();
            continue;
        };
        let more = rule["allOf"].as_array().into_iter().flatten().cloned();
        match schema["allOf"].as_array_mut() {
            Some(all) => all.extend(more),
            None => schema["allOf"] = more.collect(),
        }
    }
    strict
}

/// Every operation of the document: method, path template, documented statuses.
pub fn documented() -> impl Iterator<Item = (&'static str, &'static str, &'static [u16])> {
    OPERATIONS.iter().map(|operation| {
        (
            operation.method.as_str(),
            operation.path.as_str(),
            &*operation.statuses,
        )
    })
}

/// Checks a reply against the document. A call that the document does not have must be refused as API Gateway refuses
/// it.
///
/// # Panics
///
/// Panics if the document has no such reply for the call, with the reason.
pub fn check(method: &str, path: &str, status: u16, content_type: Option<&str>, body: &Value) {
    let call = format!("{method} {path}");
    let Some(operation) = find(method, path) else {
        return check_turned_away(&call, method, status, content_type, body);
    };
    assert!(
        operation.statuses.contains(&status),
        "{call}: {status} is not documented for {} {}, only {:?} are; the body is {body}",
        operation.method,
        operation.path,
        operation.statuses,
    );
    let pointer = format!(
        "/paths/{}/{}/responses/{status}",
        escaped(&operation.path),
        operation.method.to_lowercase()
    );
    check_response(&call, &pointer, status, content_type, body);
}

/// The compiled validator of the schema at a JSON Pointer. Each is compiled once.
pub fn validator(pointer: &str) -> Arc<Validator> {
    let known = || VALIDATORS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(validator) = known().get(pointer) {
        return validator.clone();
    }
    let validator = Arc::new(compiled(pointer));
    known().insert(pointer.to_owned(), validator.clone());
    validator
}

/// A member name, escaped for a JSON Pointer (RFC 6901, section 3).
pub fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// The JSON Pointer after following the node's `$ref`, or the same pointer if it has none.
pub fn followed(pointer: &str) -> String {
    let node = document().pointer(pointer);
    let reference = node.and_then(|node| node.get("$ref")).and_then(Value::as_str);
    match reference.and_then(|reference| reference.strip_prefix('#')) {
        Some(target) => followed(target),
        None => pointer.to_owned(),
    }
}

fn operations() -> Vec<Operation> {
    let mut operations = Vec::new();
    for (path, item) in members(&document()["paths"]) {
        for (method, operation) in members(item).filter(|(name, _)| *name != "parameters") {
            let statuses = members(&operation["responses"]).filter_map(|(status, _)| status.parse().ok());
            operations.push(Operation {
                method: method.to_uppercase(),
                path: path.to_owned(),
                statuses: statuses.collect(),
            });
        }
    }
    operations
}

fn members(node: &'static Value) -> impl Iterator<Item = (&'static str, &'static Value)> {
    node.as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.as_str(), value))
}

/// The operation that a call reaches. The path is normalised as a client does it, without `.` and `..`.
fn find(method: &str, path: &str) -> Option<&'static Operation> {
    let url = reqwest::Url::parse(&format!("http://localhost{path}")).ok()?;
    let parts: Vec<&str> = url.path().split('/').collect();
    let fits = |template: &str| {
        let template: Vec<&str> = template.split('/').collect();
        let fits = |(template, part): (&&str, &&str)| {
            template == part || (template.starts_with('{') && !part.is_empty())
        };
        template.len() == parts.len() && template.iter().zip(&parts).all(fits)
    };
    OPERATIONS
        .iter()
        .find(|operation| operation.method == method && fits(&operation.path))
}

fn check_turned_away(call: &str, method: &str, status: u16, content_type: Option<&str>, body: &Value) {
    let known = WITHOUT_A_ROUTE.iter().find(|(known, _)| *known == status);
    let (_, pointer) = known.unwrap_or_else(|| {
        panic!("{call}: the document has no such operation, so {status} can't be; the body is {body}")
    });
    // A reply to HEAD has no body.
    if method != "HEAD" {
        let schema = match content_type {
            Some("application/problem+json") => *pointer,
            _ => GATEWAY,
        };
        check_body(call, schema, status, body);
    }
}

fn check_response(call: &str, pointer: &str, status: u16, content_type: Option<&str>, body: &Value) {
    let pointer = followed(pointer);
    let content = &document().pointer(&pointer).unwrap_or(&Value::Null)["content"];
    if content.is_null() {
        assert!(body.is_null(), "{call}: {status} has no body, but {body} came");
        return;
    }
    let media_type = content_type.map(|value| value.split(';').next().unwrap_or_default().trim());
    let documented: Vec<&str> = members(content).map(|(media_type, _)| media_type).collect();
    let media_type = media_type
        .filter(|media_type| documented.contains(media_type))
        .unwrap_or_else(|| {
            panic!(
                "{call}: {status} came as {content_type:?}, documented are {documented:?}; the body is {body}"
            )
        });
    check_body(
        call,
        &format!("{pointer}/content/{}/schema", escaped(media_type)),
        status,
        body,
    );
    // A step's examples are named after the states that the step leads to.
    if let Some(examples) = content[media_type]["examples"].as_object() {
        let state = body["state"].as_str().unwrap_or_default();
        assert!(
            examples.contains_key(state),
            "{call}: at \"/state\": {state} is in no example of {status}; the body is {body}"
        );
    }
}

fn check_body(call: &str, schema: &str, status: u16, body: &Value) {
    let faults: Vec<String> = validator(schema)
        .iter_errors(body)
        .map(|fault| format!("at {:?}: {fault}", fault.instance_path().as_str()))
        .collect();
    assert!(
        faults.is_empty(),
        "{call}: the body of {status} is not as documented:\n{}\n{body:#}",
        faults.join("\n")
    );
}

fn compiled(pointer: &str) -> Validator {
    static REGISTRY: LazyLock<Registry<'static>> = LazyLock::new(|| {
        let registry = Registry::new().add(DOCUMENT, strict());
        let registry = registry.and_then(jsonschema::RegistryBuilder::prepare);
        registry.unwrap_or_else(|error| panic!("openapi.json can't be read for its schemas: {error}"))
    });
    let fragment = pointer.replace('{', "%7B").replace('}', "%7D");
    jsonschema::options()
        .with_registry(&REGISTRY)
        .should_validate_formats(true)
        .offline()
        .build(&serde_json::json!({ "$ref": format!("{DOCUMENT}#{fragment}") }))
        .unwrap_or_else(|error| panic!("the schema at {pointer} can't be compiled: {error}"))
}
