//! The table: its keys, indexes, stream and time to live.

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::{Reader, TemplateError};

#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Its name, as the functions get it.
    pub name: String,
    /// Its key: hash first, then range.
    pub keys: Vec<Key>,
    pub attributes: Vec<Attribute>,
    pub indexes: Vec<Index>,
    /// What the stream shows of a change, e.g. `NEW_AND_OLD_IMAGES`; `None` without a stream.
    pub stream: Option<String>,
    /// The attribute that holds when an item expires.
    pub time_to_live: Option<String>,
}

/// An attribute of a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Key {
    pub attribute_name: String,
    /// `HASH` or `RANGE`.
    pub key_type: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Attribute {
    pub attribute_name: String,
    /// `S`, `N` or `B`.
    pub attribute_type: String,
}

/// A global secondary index.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Index {
    pub index_name: String,
    /// Its key: hash first, then range.
    pub key_schema: Vec<Key>,
    /// What it holds beside its keys, as CloudFormation and DynamoDB say it.
    pub projection: Json,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Properties {
    attribute_definitions: Vec<Attribute>,
    key_schema: Vec<Key>,
    #[serde(default)]
    global_secondary_indexes: Vec<Index>,
    stream_specification: Option<StreamSpecification>,
    time_to_live_specification: Option<TimeToLiveSpecification>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct StreamSpecification {
    stream_view_type: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TimeToLiveSpecification {
    attribute_name: String,
    enabled: bool,
}

impl Table {
    /// The request that creates it.
    pub(crate) fn create_request(&self) -> Json {
        let mut request = json!({
            "TableName": self.name,
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": self.attributes,
            "KeySchema": self.keys,
            "GlobalSecondaryIndexes": self.indexes,
        });
        if let Some(view) = &self.stream {
            request["StreamSpecification"] = json!({ "StreamEnabled": true, "StreamViewType": view });
        }
        request
    }
}

pub(super) fn read(reader: &Reader<'_>) -> Result<Table, TemplateError> {
    let (logical_id, properties) = reader.one::<Properties>("AWS::DynamoDB::Table")?;
    let stream = properties.stream_specification;
    let time_to_live = properties.time_to_live_specification;
    Ok(Table {
        name: reader.resolver.name(&logical_id),
        keys: properties.key_schema,
        attributes: properties.attribute_definitions,
        indexes: properties.global_secondary_indexes,
        stream: stream.map(|stream| stream.stream_view_type),
        time_to_live: time_to_live
            .filter(|time_to_live| time_to_live.enabled)
            .map(|time_to_live| time_to_live.attribute_name),
    })
}
