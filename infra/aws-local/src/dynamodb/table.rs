//! Makes the table that the template describes.

use serde_json::{Value as Json, json};

use super::wire::Wire;
use crate::Error;
use crate::cloudformation::Table;

/// Makes the table unless it is there; one of another shape is refused.
pub(super) async fn ensure(wire: &Wire, table: &Table) -> Result<(), Error> {
    let named = json!({ "TableName": table.name });
    let found = match wire.table("DescribeTable", &named).await {
        Ok(found) => found,
        Err(refusal) if refusal.contains("ResourceNotFoundException") => return create(wire, table).await,
        Err(refusal) => return Err(Error::Engine(refusal)),
    };
    if shape(&found["Table"]) == shape(&table.create_request()) {
        return Ok(());
    }
    let reason = "the data was made by another version of template.yaml: name another folder with --data, or \
                  another stack with --stack, or delete this one";
    Err(Error::Engine(reason.to_owned()))
}

async fn create(wire: &Wire, table: &Table) -> Result<(), Error> {
    wire.table("CreateTable", &table.create_request())
        .await
        .map_err(Error::Engine)?;
    if let Some(specification) = &table.time_to_live_specification {
        let enable = json!({ "TableName": table.name, "TimeToLiveSpecification": specification });
        wire.table("UpdateTimeToLive", &enable)
            .await
            .map_err(Error::Engine)?;
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
