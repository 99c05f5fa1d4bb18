//! Makes the table that the template describes.

use dynoxide::Database;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

use crate::cloudformation::Table;
use crate::{Error, one_line};

/// Makes the table unless it is there; one of another shape is refused. It blocks.
pub fn ensure(database: &Database, table: &Table) -> Result<(), Error> {
    let names = database.list_tables(request(json!({}))?).map_err(failed)?;
    if !names.table_names.contains(&table.name) {
        return create(database, table);
    }
    let described = request(json!({ "TableName": table.name }))?;
    let found = database.describe_table(described).map_err(failed)?;
    let found = serde_json::to_value(found.table).map_err(failed)?;
    if shape(&found) == shape(&table.create_request()) {
        return Ok(());
    }
    let reason = "the data was made by another version of template.yaml: name another folder with --data, or delete \
                  this one";
    Err(Error::Engine(reason.to_owned()))
}

fn create(database: &Database, table: &Table) -> Result<(), Error> {
    database
        .create_table(request(table.create_request())?)
        .map_err(failed)?;
    if let Some(specification) = &table.time_to_live_specification {
        let enable = json!({ "TableName": table.name, "TimeToLiveSpecification": specification });
        database.update_time_to_live(request(enable)?).map_err(failed)?;
    }
    Ok(())
}

/// The keys of a table and its indexes, and what each index holds.
fn shape(table: &Json) -> Json {
    let indexes = table["GlobalSecondaryIndexes"].as_array().into_iter().flatten();
    let mut indexes: Vec<Json> = indexes
        .map(|index| {
            let mut attributes = index["Projection"]["NonKeyAttributes"].clone();
            if let Some(attributes) = attributes.as_array_mut() {
                attributes.sort_by_key(Json::to_string);
            }
            let projection = &index["Projection"]["ProjectionType"];
            json!([index["IndexName"], index["KeySchema"], projection, attributes])
        })
        .collect();
    indexes.sort_by_key(Json::to_string);
    json!([table["KeySchema"], indexes])
}

/// A request as it would be on the wire.
fn request<T: DeserializeOwned>(json: Json) -> Result<T, Error> {
    serde_json::from_value(json).map_err(failed)
}

fn failed(error: impl std::error::Error + 'static) -> Error {
    Error::Engine(one_line(&error))
}
