//! What a call needs to be allowed, as the services' authorization references have it.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::{Method, Uri};
use serde_json::Value as Json;

use super::Access;
use crate::cloudformation::{Table, arn_of};
use crate::{ACCOUNT, REGION};

/// The condition key of partition keys.
pub const LEADING_KEYS: &str = "dynamodb:LeadingKeys";

/// The condition key of attributes.
pub const ATTRIBUTES: &str = "dynamodb:Attributes";

/// What a call on the wire of a service needs. `operation` is the one that the call's header names, if it has that header.
/// Returns `None` for an unknown call, which the guard refuses.
pub fn accesses(
    table: &Table,
    service: &str,
    (method, uri): (&Method, &Uri),
    operation: &str,
    body: &[u8],
) -> Option<Vec<Access>> {
    if service == "s3" {
        let (bucket, key) = uri.path().strip_prefix('/')?.split_once('/')?;
        let resource = format!("{}/{key}", arn_of(bucket));
        return (method == Method::GET).then(|| vec![plain("s3:GetObject", resource)]);
    }
    let request: Json = serde_json::from_slice(body).ok()?;
    match service {
        "dynamodb" => of_dynamodb(table, operation, &request),
        "cognito-idp" => {
            let pool = arn_of(request["UserPoolId"].as_str()?);
            Some(vec![plain(&format!("cognito-idp:{operation}"), pool)])
        }
        "events" if operation == "PutEvents" => of_events(&request),
        "ses" => of_ses(&request),
        _ => None,
    }
}

fn plain(action: &str, resource: String) -> Access {
    Access {
        action: action.to_owned(),
        resource,
        context: BTreeMap::new(),
    }
}

/// What a call of the table needs. A transaction needs what each of its elements does.
pub fn of_dynamodb(table: &Table, operation: &str, request: &Json) -> Option<Vec<Access>> {
    let on = |action: &str, key: &str, said: &Json| {
        let name = said["TableName"].as_str().or(request["TableName"].as_str())?;
        Some(item(action, arn_of(name), key, said))
    };
    match operation {
        "GetItem" | "PutItem" | "UpdateItem" | "DeleteItem" => {
            Some(vec![on(operation, partition_key(table, request)?, request)?])
        }
        "TransactWriteItems" => {
            let elements = request["TransactItems"].as_array()?.iter();
            let element = |element: &Json| {
                let (kind, said) = element.as_object()?.iter().next()?;
                let action = match kind.as_str() {
                    kind @ ("Put" | "Update" | "Delete") => format!("{kind}Item"),
                    "ConditionCheck" => "ConditionCheckItem".to_owned(),
                    _ => return None,
                };
                on(&action, partition_key(table, said)?, said)
            };
            elements.map(element).collect()
        }
        "BatchGetItem" => {
            let mut all = Vec::new();
            for (name, asked) in request["RequestItems"].as_object()? {
                for key in asked["Keys"].as_array()? {
                    let key = key[hash_key(&table.keys)?]["S"].as_str()?;
                    all.push(item("BatchGetItem", arn_of(name), key, asked));
                }
            }
            Some(all)
        }
        "Query" => {
            let mut resource = arn_of(request["TableName"].as_str()?);
            if let Some(index) = request["IndexName"].as_str() {
                resource = format!("{resource}/index/{index}");
            }
            Some(vec![item(
                "Query",
                resource,
                queried_key(table, request)?,
                request,
            )])
        }
        _ => None,
    }
}

fn item(action: &str, resource: String, key: &str, said: &Json) -> Access {
    Access {
        action: format!("dynamodb:{action}"),
        resource,
        context: BTreeMap::from([
            (LEADING_KEYS, BTreeSet::from([key.to_owned()])),
            (ATTRIBUTES, attributes(said)),
        ]),
    }
}

/// The attributes that a call names: of its key, its item, and its expressions, which name each by a placeholder.
fn attributes(said: &Json) -> BTreeSet<String> {
    let members = |part: &str| said[part].as_object().into_iter().flatten();
    let own = ["Key", "Item"].into_iter().flat_map(members);
    let own = own.map(|(name, _)| name.clone());
    let placeholders = members("ExpressionAttributeNames");
    let placed = placeholders.filter_map(|(_, name)| name.as_str().map(str::to_owned));
    own.chain(placed).collect()
}

fn hash_key(keys: &[crate::cloudformation::Key]) -> Option<&str> {
    let mut keys = keys.iter();
    let key = keys.find(|key| key.key_type == "HASH")?;
    Some(&key.attribute_name)
}

/// The partition key of a call about one item.
fn partition_key<'a>(table: &Table, said: &'a Json) -> Option<&'a str> {
    let key = said.get("Key").or_else(|| said.get("Item"))?;
    key[hash_key(&table.keys)?]["S"].as_str()
}

/// The partition key in a query's key condition.
fn queried_key<'a>(table: &Table, request: &'a Json) -> Option<&'a str> {
    let keys = match request["IndexName"].as_str() {
        None => &table.keys,
        Some(name) => {
            let mut indexes = table.indexes.iter();
            &indexes.find(|index| index.index_name == name)?.key_schema
        }
    };
    let partition = hash_key(keys)?;
    let condition = request["KeyConditionExpression"].as_str()?;
    condition.split(" AND ").find_map(|part| {
        let (name, value) = part.split_once(" = ")?;
        let name = request["ExpressionAttributeNames"][name].as_str().unwrap_or(name);
        (name == partition).then_some(value)?;
        request["ExpressionAttributeValues"][value]["S"].as_str()
    })
}

/// Each event of a call has its own bus and source.
fn of_events(request: &Json) -> Option<Vec<Access>> {
    let entries = request["Entries"].as_array()?.iter();
    let entry = |entry: &Json| {
        let of_entry = |key| {
            entry[key]
                .as_str()
                .map(|value| BTreeSet::from([value.to_owned()]))
        };
        Some(Access {
            action: "events:PutEvents".to_owned(),
            resource: arn_of(entry["EventBusName"].as_str()?),
            context: BTreeMap::from([
                ("events:source", of_entry("Source")?),
                ("events:detail-type", of_entry("DetailType")?),
            ]),
        })
    };
    entries.map(entry).collect()
}

/// SES asks for the sender's identity and for the configuration set. A raw message is an action of its own.
fn of_ses(request: &Json) -> Option<Vec<Access>> {
    let from = request["FromEmailAddress"].as_str()?;
    let address = match from.rsplit_once('<') {
        Some((_, address)) => address.strip_suffix('>')?,
        None => from,
    };
    let (_, domain) = address.rsplit_once('@')?;
    let action = if request["Content"]["Raw"].is_null() {
        "ses:SendEmail"
    } else {
        "ses:SendRawEmail"
    };
    let set = request["ConfigurationSetName"].as_str();
    let identity = format!("identity/{domain}");
    let resources = [Some(identity), set.map(|set| format!("configuration-set/{set}"))];
    let of_resource = |resource: String| Access {
        action: action.to_owned(),
        resource: format!("arn:aws:ses:{REGION}:{ACCOUNT}:{resource}"),
        context: BTreeMap::from([("ses:FromAddress", BTreeSet::from([address.to_owned()]))]),
    };
    Some(resources.into_iter().flatten().map(of_resource).collect())
}
