//! The table: its keys, indexes, stream and time to live.

use serde::Deserialize;

use super::intrinsics::local_name;
use super::{Reader, TemplateError, content};

/// The table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name, as the functions get it.
    pub name: String,
    /// Its key: hash first, then range.
    pub keys: Vec<Key>,
    /// Its global indexes.
    pub indexes: Vec<Index>,
    /// What the stream shows of a change, e.g. `NEW_AND_OLD_IMAGES`; `None` without a stream.
    pub stream: Option<String>,
    /// The attribute that holds when an item expires.
    pub time_to_live: Option<String>,
}

/// An attribute of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The attribute.
    pub attribute: String,
    /// `HASH` or `RANGE`.
    pub role: String,
    /// `S`, `N` or `B`.
    pub kind: String,
}

/// A global index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// Its key: hash first, then range.
    pub keys: Vec<Key>,
    /// What it holds beside its keys.
    pub projection: Projection,
}

/// What an index holds beside its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Projection {
    /// The whole item.
    All,
    /// Nothing more.
    KeysOnly,
    /// These attributes.
    Include(Vec<String>),
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Resource {
    properties: Properties,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Properties {
    attribute_definitions: Vec<AttributeDefinition>,
    key_schema: Vec<KeyElement>,
    #[serde(default)]
    global_secondary_indexes: Vec<GlobalIndex>,
    stream_specification: Option<StreamSpecification>,
    time_to_live_specification: Option<TimeToLiveSpecification>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AttributeDefinition {
    attribute_name: String,
    attribute_type: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct KeyElement {
    attribute_name: String,
    key_type: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GlobalIndex {
    index_name: String,
    key_schema: Vec<KeyElement>,
    projection: ProjectionElement,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ProjectionElement {
    projection_type: String,
    #[serde(default)]
    non_key_attributes: Vec<String>,
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

pub(super) fn read(reader: &Reader<'_>) -> Result<Table, TemplateError> {
    let (logical_id, Resource { properties }) = reader.one::<Resource>("AWS::DynamoDB::Table")?;
    let place = format!("Resources.{logical_id}");
    let definitions = properties.attribute_definitions;
    let keys = |schema: Vec<KeyElement>| -> Result<Vec<Key>, TemplateError> {
        schema
            .into_iter()
            .map(|element| key(&place, element, &definitions))
            .collect()
    };
    let indexes = properties
        .global_secondary_indexes
        .into_iter()
        .map(|index| {
            Ok(Index {
                keys: keys(index.key_schema)?,
                projection: projection(&place, index.projection)?,
                name: index.index_name,
            })
        })
        .collect::<Result<_, TemplateError>>()?;
    Ok(Table {
        name: local_name(&logical_id),
        keys: keys(properties.key_schema)?,
        indexes,
        stream: properties
            .stream_specification
            .map(|stream| stream.stream_view_type),
        time_to_live: properties
            .time_to_live_specification
            .filter(|time_to_live| time_to_live.enabled)
            .map(|time_to_live| time_to_live.attribute_name),
    })
}

fn key(place: &str, element: KeyElement, definitions: &[AttributeDefinition]) -> Result<Key, TemplateError> {
    let definition = definitions
        .iter()
        .find(|definition| definition.attribute_name == element.attribute_name)
        .ok_or_else(|| content(place, format!("{} has no definition", element.attribute_name)))?;
    Ok(Key {
        kind: definition.attribute_type.clone(),
        attribute: element.attribute_name,
        role: element.key_type,
    })
}

fn projection(place: &str, element: ProjectionElement) -> Result<Projection, TemplateError> {
    match element.projection_type.as_str() {
        "ALL" => Ok(Projection::All),
        "KEYS_ONLY" => Ok(Projection::KeysOnly),
        "INCLUDE" => Ok(Projection::Include(element.non_key_attributes)),
        other => Err(content(place, format!("there is no projection {other}"))),
    }
}
