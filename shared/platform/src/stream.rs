//! Records of the table's stream, as Lambda delivers them (JSON, with the table's items in DynamoDB's attribute notation).

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The position of a record in its stream, which tells Lambda where to retry.
pub fn sequence_number(record: &Value) -> Option<&str> {
    record["dynamodb"]["SequenceNumber"].as_str()
}

/// Reads the item that a record put into the table; `None` if it is of another kind or not in the record.
pub fn new_image<T: DeserializeOwned>(record: &Value) -> Option<T> {
    let item = serde_dynamo::Item::deserialize(&record["dynamodb"]["NewImage"]).ok()?;
    serde_dynamo::from_item(item).ok()
}
