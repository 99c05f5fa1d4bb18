//! The table: its keys, indexes, stream and time to live.

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::{Reader, TemplateError};

/// The table as CloudFormation describes it, which is nearly how DynamoDB is asked to create it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Table {
    /// Its name, as the functions get it.
    #[serde(default, rename = "TableName")]
    pub name: String,
    /// Its key: hash first, then range.
    #[serde(rename = "KeySchema")]
    pub keys: Vec<Key>,
    #[serde(rename = "AttributeDefinitions")]
    pub attributes: Vec<Attribute>,
    #[serde(default, rename = "GlobalSecondaryIndexes")]
    pub indexes: Vec<Index>,
    pub stream_specification: Option<StreamSpecification>,
    #[serde(skip_serializing)]
    pub time_to_live_specification: Option<TimeToLiveSpecification>,
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

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct StreamSpecification {
    /// What the stream shows of a change, e.g. `NEW_AND_OLD_IMAGES`.
    pub stream_view_type: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TimeToLiveSpecification {
    /// The attribute that holds when an item expires.
    pub attribute_name: String,
    pub enabled: bool,
}

impl Table {
    /// The request that creates it.
    pub(crate) fn create_request(&self) -> Json {
        let mut request = json!(self);
        request["BillingMode"] = "PAY_PER_REQUEST".into();
        if self.stream_specification.is_some() {
            request["StreamSpecification"]["StreamEnabled"] = true.into();
        }
        request
    }
}

pub(super) fn read(reader: &Reader<'_>) -> Result<Table, TemplateError> {
    let (logical_id, mut table) = reader.one::<Table>("AWS::DynamoDB::Table")?;
    table.name = reader.resolver.name(&logical_id);
    Ok(table)
}
