//! Converts between the table's items and their types.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::fact::{Attribute, Fact, Facts};
use countersign_domain::history::HistoryRow;
use countersign_domain::request::Head;

use super::StoreError;
use super::key::Key;

/// An item in the SDK's form.
pub type Item = HashMap<String, AttributeValue>;

/// A request's head as it was read, both as a type and as the facts that tests compare.
#[derive(Debug, Clone)]
pub struct StoredHead {
    /// The head as a type.
    pub head: Head,
    /// The head as flat facts.
    pub facts: Facts,
}

impl StoredHead {
    /// Reads a head from its item, whole or as an index projects it.
    pub fn read(item: &Item) -> Result<Self, StoreError> {
        let facts = facts(item);
        Ok(Self {
            head: Head::from_facts(&facts)?,
            facts,
        })
    }
}

/// Converts a fact to an attribute's value.
pub fn value(fact: &Fact) -> AttributeValue {
    match fact {
        Fact::Text(text) => AttributeValue::S(text.clone()),
        Fact::Number(number) => AttributeValue::N(number.to_string()),
        Fact::Flag(flag) => AttributeValue::Bool(*flag),
        Fact::Set(members) => AttributeValue::Ss(members.iter().cloned().collect()),
    }
}

/// Makes the item of a new head.
pub fn head(key: Key, facts: &Facts) -> Item {
    let mut item = key.into_attributes();
    item.extend(
        facts
            .iter()
            .map(|(attribute, fact)| (attribute.name().to_owned(), value(fact))),
    );
    item
}

/// Reads the facts of an item. Leaves out values of a type that no fact has, so reading the head fails.
pub fn facts(item: &Item) -> Facts {
    let fact = |attribute: Attribute| match item.get(attribute.name())? {
        AttributeValue::S(text) => Some(Fact::Text(text.clone())),
        AttributeValue::N(number) => number.parse().ok().map(Fact::Number),
        AttributeValue::Bool(flag) => Some(Fact::Flag(*flag)),
        AttributeValue::Ss(members) => Some(Fact::Set(members.iter().cloned().collect())),
        _ => None,
    };
    Attribute::ALL
        .iter()
        .filter_map(|attribute| Some((*attribute, fact(*attribute)?)))
        .collect()
}

/// Makes the item of a history row, with the row's digest in the attribute `hash`.
pub fn history(key: Key, row: &HistoryRow) -> Result<Item, StoreError> {
    let mut item = write(key, row)?;
    item.insert("hash".to_owned(), AttributeValue::S(row.digest().to_string()));
    Ok(item)
}

/// Makes the item of a value with this key.
pub fn write<T: serde::Serialize>(key: Key, value: &T) -> Result<Item, StoreError> {
    let mut item: Item =
        serde_dynamo::to_item(value).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    item.extend(key.into_attributes());
    Ok(item)
}

/// Reads a history row's item.
pub fn read_history(item: Item) -> Result<HistoryRow, StoreError> {
    read(item)
}

/// Reads an item into its type.
pub fn read<T: serde::de::DeserializeOwned>(item: Item) -> Result<T, StoreError> {
    serde_dynamo::from_item(item).map_err(|error| StoreError::Corrupt(error.to_string()))
}

/// Returns a text attribute.
pub(super) fn text<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name)
        .and_then(|value| value.as_s().ok())
        .map(String::as_str)
}
