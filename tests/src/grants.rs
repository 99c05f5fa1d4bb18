//! What template.yaml lets each function do to the table, and what a recorded call did to it, in comparable form.

use std::collections::BTreeSet;

use countersign_local::template::Template;
use serde_json::Value as Json;
use serde_norway::Value as Yaml;

use crate::wire::RoundTrip;

/// The base table, as a resource.
const TABLE: &str = "table";

/// A single permission. A statement with several actions, resources or keys becomes several of these.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grant {
    /// The function's package.
    pub function: String,
    /// The action, such as `PutItem`.
    pub action: String,
    /// `table`, or an index such as `index/by_desk`.
    pub resource: String,
    /// The pattern of partition keys, such as `REQ#*`.
    pub keys: String,
    /// The attributes to which it is limited. Empty if it is limited to none.
    pub attributes: BTreeSet<String>,
}

/// Something that a function did to the table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Use {
    /// The function's package.
    pub function: String,
    /// The action, such as `PutItem`, inside a transaction or not.
    pub action: String,
    /// `table`, or an index such as `index/by_desk`.
    pub resource: String,
    /// The partition key.
    pub key: String,
    /// The attributes that the call names, as the condition key `dynamodb:Attributes` has them.
    pub attributes: BTreeSet<String>,
}

impl Grant {
    /// Whether the permission covers a use, as IAM would decide.
    pub fn covers(&self, done: &Use) -> bool {
        let is_same =
            self.function == done.function && self.action == done.action && self.resource == done.resource;
        is_same
            && (self.attributes.is_empty() || done.attributes.is_subset(&self.attributes))
            && match self.keys.strip_suffix('*') {
                Some(prefix) => done.key.starts_with(prefix),
                None => done.key == self.keys,
            }
    }
}

/// Everything that a template lets its functions do to the table. Panics at anything that it can't read, so that no
/// permission goes unnoticed.
pub fn granted(source: &str) -> BTreeSet<Grant> {
    let mut document: Yaml = serde_norway::from_str(source).unwrap_or_else(|error| panic!("{error}"));
    document.apply_merge().unwrap_or_else(|error| panic!("{error}"));
    let resources = document["Resources"]
        .as_mapping()
        .unwrap_or_else(|| panic!("no Resources"));
    let functions = resources
        .values()
        .filter(|resource| text(&resource["Type"]) == "AWS::Serverless::Function");
    functions.flat_map(of_function).collect()
}

fn of_function(resource: &Yaml) -> Vec<Grant> {
    let function = text(&resource["Metadata"]["BuildProperties"]["Binary"]);
    let statements = list(&resource["Properties"]["Policies"])
        .iter()
        .flat_map(|policy| list(&policy["Statement"]));
    let mut grants = Vec::new();
    for statement in statements {
        assert_eq!(text(&statement["Effect"]), "Allow", "{function}");
        let of_dynamodb = |action: &Yaml| text(action).strip_prefix("dynamodb:").map(str::to_owned);
        let actions: Vec<String> = list(&statement["Action"])
            .iter()
            .filter_map(of_dynamodb)
            .collect();
        if actions.is_empty() {
            continue;
        }
        let resources: Vec<String> = list(&statement["Resource"]).iter().map(resource_name).collect();
        let (keys, attributes) = (keys(statement), attributes(statement));
        for action in &actions {
            assert!(!action.contains('*'), "{function} is granted {action}");
            for resource in &resources {
                grants.extend(keys.iter().map(|keys| Grant {
                    function: function.to_owned(),
                    action: action.clone(),
                    resource: resource.clone(),
                    keys: keys.clone(),
                    attributes: attributes.clone(),
                }));
            }
        }
    }
    grants
}

/// The partition keys to which a statement is limited.
fn keys(statement: &Yaml) -> Vec<String> {
    let Some(condition) = statement.get("Condition") else {
        return vec!["*".to_owned()];
    };
    let narrowed = condition.get("ForAllValues:StringEquals");
    assert!(
        narrowed.is_none_or(|narrowed| narrowed.get("dynamodb:Attributes").is_some()),
        "{condition:?}"
    );
    let members = condition.as_mapping().map_or(0, serde_norway::Mapping::len);
    assert_eq!(
        members,
        1 + usize::from(narrowed.is_some()),
        "a condition of another kind: {condition:?}"
    );
    let only = |value: &Yaml, name: &str| {
        let is_only = value.as_mapping().is_some_and(|members| members.len() == 1);
        assert!(
            is_only && value.get(name).is_some(),
            "a condition of another kind: {value:?}"
        );
        value[name].clone()
    };
    let keys = only(&condition["ForAllValues:StringLike"], "dynamodb:LeadingKeys");
    let keys: Vec<String> = list(&keys).iter().map(|key| text(key).to_owned()).collect();
    for key in &keys {
        let inner = key.strip_suffix('*').unwrap_or(key);
        assert!(!inner.contains(['*', '?', '$']), "a key of another kind: {key}");
    }
    keys
}

/// The attributes to which a statement is limited, if it is.
fn attributes(statement: &Yaml) -> BTreeSet<String> {
    let narrowed = &statement["Condition"]["ForAllValues:StringEquals"]["dynamodb:Attributes"];
    let names = narrowed.as_sequence().into_iter().flatten();
    names.map(|name| text(name).to_owned()).collect()
}

fn resource_name(resource: &Yaml) -> String {
    let Yaml::Tagged(tagged) = resource else {
        panic!("a resource of another kind: {resource:?}");
    };
    let said = text(&tagged.value);
    if tagged.tag == "GetAtt" && said == "Table.Arn" {
        return TABLE.to_owned();
    }
    let index = said.strip_prefix("${Table.Arn}/index/");
    match index.filter(|index| tagged.tag == "Sub" && !index.contains('*')) {
        Some(index) => format!("index/{index}"),
        None => panic!("a resource of another kind: {resource:?}"),
    }
}

fn text(value: &Yaml) -> &str {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value:?}"))
}

fn list(value: &Yaml) -> &[Yaml] {
    value
        .as_sequence()
        .unwrap_or_else(|| panic!("not a list: {value:?}"))
}

/// What a call did. A transaction counts as what each of its elements does.
pub fn used(template: &Template, round_trip: &RoundTrip) -> Vec<Use> {
    let done = |action: &str, resource: String, key: String, said: &Json| Use {
        function: round_trip.function.clone(),
        action: action.to_owned(),
        resource,
        key,
        attributes: named(said),
    };
    let request = &round_trip.request;
    match round_trip.operation.as_str() {
        operation @ ("GetItem" | "PutItem" | "UpdateItem" | "DeleteItem") => {
            vec![done(operation, TABLE.to_owned(), partition_key(request), request)]
        }
        "TransactWriteItems" => {
            let elements = request["TransactItems"]
                .as_array()
                .map(Vec::as_slice)
                .unwrap_or_default();
            let element = |element: &Json| {
                let (kind, said) = element
                    .as_object()
                    .and_then(|members| members.iter().next())
                    .unwrap_or_else(|| panic!("an empty element: {request}"));
                done(
                    &format!("{kind}Item"),
                    TABLE.to_owned(),
                    partition_key(said),
                    said,
                )
            };
            elements.iter().map(element).collect()
        }
        "BatchGetItem" => {
            let tables = request["RequestItems"].as_object().into_iter().flatten();
            let keys = tables.filter_map(|(_, asked)| asked["Keys"].as_array()).flatten();
            let key = |key: &Json| key["pk"]["S"].as_str().unwrap_or_default().to_owned();
            keys.map(|asked| done("BatchGetItem", TABLE.to_owned(), key(asked), request))
                .collect()
        }
        "Query" => {
            let index = request["IndexName"].as_str();
            let resource = index.map_or(TABLE.to_owned(), |index| format!("index/{index}"));
            vec![done(
                "Query",
                resource,
                queried_key(template, index, request),
                request,
            )]
        }
        other => panic!(
            "{} did what this reader doesn't know: {other}",
            round_trip.function
        ),
    }
}

/// The attributes that a call names: of its key, its item, and its expressions, which name each by a placeholder.
fn named(request: &Json) -> BTreeSet<String> {
    let members = |part: &str| request[part].as_object().into_iter().flatten();
    let own = ["Key", "Item"].into_iter().flat_map(members);
    let own = own.map(|(name, _)| name.clone());
    let placeholders = members("ExpressionAttributeNames");
    let placed = placeholders.filter_map(|(_, name)| name.as_str().map(str::to_owned));
    own.chain(placed).collect()
}

/// The partition key of a call about one item.
fn partition_key(request: &Json) -> String {
    let key = request.get("Key").or_else(|| request.get("Item"));
    let value = key.and_then(|key| key["pk"]["S"].as_str());
    value
        .unwrap_or_else(|| panic!("a call without a key: {request}"))
        .to_owned()
}

/// The partition key in a query's key condition.
fn queried_key(template: &Template, index: Option<&str>, request: &Json) -> String {
    let keys = match index {
        None => &template.table.keys,
        Some(name) => {
            let index = template
                .table
                .indexes
                .iter()
                .find(|index| index.index_name == name);
            &index.unwrap_or_else(|| panic!("no index {name}")).key_schema
        }
    };
    let partition = keys
        .iter()
        .find(|key| key.key_type == "HASH")
        .map(|key| key.attribute_name.as_str());
    let condition = request["KeyConditionExpression"].as_str().unwrap_or_default();
    let value = condition.split(" AND ").find_map(|part| {
        let (name, value) = part.split_once(" = ")?;
        let name = request["ExpressionAttributeNames"][name].as_str().unwrap_or(name);
        (Some(name) == partition).then_some(value)?;
        request["ExpressionAttributeValues"][value]["S"].as_str()
    });
    value
        .unwrap_or_else(|| panic!("a query without a partition key: {request}"))
        .to_owned()
}
