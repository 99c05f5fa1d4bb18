//! Records of the table's stream, as Lambda delivers them (JSON, with the table's items in DynamoDB's attribute notation).

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// How long after it was made an item can come into the table for the first time: longer than any call lasts.
const LONGEST_WRITE: SignedDuration = SignedDuration::from_mins(15);

/// The position of a record in its stream, which tells Lambda where to retry.
pub fn sequence_number(record: &Value) -> Option<&str> {
    record["dynamodb"]["SequenceNumber"].as_str()
}

/// Whether the item of a record came into the table long after it was made, as the items of a backup do. Whatever it
/// announced has been announced.
pub fn is_restored(record: &Value, made_at: Timestamp) -> bool {
    // Seconds since 1970, in whole seconds.
    let written = record["dynamodb"]["ApproximateCreationDateTime"].as_f64();
    let written = written
        .and_then(|seconds| Timestamp::from_duration(SignedDuration::try_from_secs_f64(seconds).ok()?).ok());
    written.is_some_and(|written| written.duration_since(made_at) > LONGEST_WRITE)
}

/// Reads the item that a record put into the table; `None` if it is of another kind or not in the record.
pub fn new_image<T: DeserializeOwned>(record: &Value) -> Option<T> {
    let item = serde_dynamo::Item::deserialize(&record["dynamodb"]["NewImage"]).ok()?;
    serde_dynamo::from_item(item).ok()
}
