//! What the table's stream brought, read from the table again: rows that are the order to send an e-mail or to publish an
//! event are never changed, so the record of their insertion can be made anew.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::id::RequestId;
use countersign_domain::time;
use jiff::Timestamp;
use serde_json::{Map, Value as Json, json};

use super::condition::Expressions;
use super::item::{Item, text};
use super::key::{self, PK, SK};
use super::{SortKeys, Store, StoreError};

impl Store {
    /// Reads everything about a request that is announced, as records of the stream, in the order of the keys.
    pub async fn announced_of(&self, request: RequestId) -> Result<Vec<Json>, StoreError> {
        let mut records = Vec::new();
        for prefix in key::ANNOUNCED {
            let items = self
                .partition(key::request(request), SortKeys::StartingWith(prefix))
                .await?;
            records.extend(items.iter().map(record));
        }
        Ok(records)
    }

    /// Reads everything that is announced and was written in a span of time, both ends included, and
    /// every company of the list. Reads the whole table, once.
    pub async fn announced_between(
        &self,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Json>, StoreError> {
        let mut expressions = Expressions::default();
        let (sk, at, as_of) = (
            expressions.name(SK),
            expressions.name("at"),
            expressions.name("as_of"),
        );
        let mut value = |text: String| expressions.value(AttributeValue::S(text));
        let starts: Vec<String> = key::ANNOUNCED
            .iter()
            .map(|prefix| format!("begins_with({sk}, {})", value((*prefix).to_owned())))
            .collect();
        let (from, until) = (value(time::stored(from)), value(time::stored(until)));
        let companies = value(key::COMPANIES.to_owned());
        let filter = format!(
            "(({}) AND ({at} BETWEEN {from} AND {until} OR {as_of} BETWEEN {from} AND {until})) OR {} = {companies}",
            starts.join(" OR "),
            expressions.name(PK)
        );
        let (mut records, mut start) = (Vec::new(), None);
        loop {
            let answer = self
                .client
                .scan()
                .table_name(&self.table)
                .filter_expression(&filter)
                .set_expression_attribute_names(expressions.names())
                .set_expression_attribute_values(expressions.values())
                .set_exclusive_start_key(start)
                .send()
                .await?;
            records.extend(answer.items.unwrap_or_default().iter().map(record));
            start = answer.last_evaluated_key;
            if start.is_none() {
                records.sort_by_key(place);
                return Ok(records);
            }
        }
    }
}

/// Where a record's item is.
fn place(record: &Json) -> (String, String) {
    let keys = &record["dynamodb"]["Keys"];
    let text = |name: &str| keys[name]["S"].as_str().unwrap_or_default().to_owned();
    (text(PK), text(SK))
}

/// The record of an item's insertion, as Lambda delivers it. Its position is the item's own place.
fn record(item: &Item) -> Json {
    let text = |name| text(item, name).unwrap_or_default();
    json!({
        "eventName": "INSERT",
        "dynamodb": {
            "Keys": { PK: { "S": text(PK) }, SK: { "S": text(SK) } },
            "NewImage": attributes(item),
            "SequenceNumber": format!("{} {}", text(PK), text(SK)),
        },
    })
}

fn attributes(item: &HashMap<String, AttributeValue>) -> Json {
    let all = item.iter().map(|(name, value)| (name.clone(), attribute(value)));
    Json::Object(all.collect::<Map<_, _>>())
}

/// A value in DynamoDB's notation. The table holds no binary values.
fn attribute(value: &AttributeValue) -> Json {
    match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(number) => json!({ "N": number }),
        AttributeValue::Bool(flag) => json!({ "BOOL": flag }),
        AttributeValue::Ss(texts) => json!({ "SS": texts }),
        AttributeValue::Ns(numbers) => json!({ "NS": numbers }),
        AttributeValue::L(values) => json!({ "L": values.iter().map(attribute).collect::<Vec<_>>() }),
        AttributeValue::M(values) => json!({ "M": attributes(values) }),
        _ => json!({ "NULL": true }),
    }
}
