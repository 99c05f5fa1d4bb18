//! Makes the table that the template describes, through the real SDK.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::describe_table::DescribeTableError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType,
    Projection as SdkProjection, ProjectionType, ScalarAttributeType, StreamSpecification, StreamViewType,
    TableDescription, TimeToLiveSpecification,
};

use crate::cloudformation::{Key, Projection, Table};
use crate::{Error, REGION, one_line};

/// A client of the embedded engine for what the runner itself writes.
pub fn client(endpoint: &str) -> Client {
    let credentials = Credentials::new("runner", "local", None, None, "aws-local");
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static(REGION))
        .endpoint_url(endpoint)
        .credentials_provider(credentials)
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    Client::from_conf(config)
}

/// Makes the table unless it is there; one of another shape is refused.
pub async fn ensure(client: &Client, table: &Table) -> Result<(), Error> {
    match client.describe_table().table_name(&table.name).send().await {
        Ok(answer) if answer.table().is_some_and(|found| has_shape(found, table)) => Ok(()),
        Ok(_) => Err(Error::Engine(
            "the data was made by another version of template.yaml: name another folder with --data, or delete this one"
                .to_owned(),
        )),
        Err(SdkError::ServiceError(error)) if is_missing(error.err()) => create(client, table).await,
        Err(error) => Err(failed(&error)),
    }
}

fn is_missing(error: &DescribeTableError) -> bool {
    error.is_resource_not_found_exception()
}

async fn create(client: &Client, table: &Table) -> Result<(), Error> {
    let request = client
        .create_table()
        .table_name(&table.name)
        .billing_mode(BillingMode::PayPerRequest)
        .set_attribute_definitions(Some(attributes(table)?))
        .set_key_schema(Some(schema(&table.keys)?))
        .set_global_secondary_indexes(Some(indexes(table)?))
        .set_stream_specification(table.stream.as_deref().map(stream).transpose()?);
    request.send().await.map_err(|error| failed(&error))?;
    if let Some(attribute) = &table.time_to_live {
        let specification = TimeToLiveSpecification::builder()
            .attribute_name(attribute)
            .enabled(true)
            .build()
            .map_err(|error| failed(&error))?;
        let request = client
            .update_time_to_live()
            .table_name(&table.name)
            .time_to_live_specification(specification);
        request.send().await.map_err(|error| failed(&error))?;
    }
    Ok(())
}

/// Whether a table has the template's keys and indexes.
fn has_shape(found: &TableDescription, table: &Table) -> bool {
    let has_keys = |found: &[KeySchemaElement], keys: &[Key]| {
        found.len() == keys.len()
            && found.iter().zip(keys).all(|(found, key)| {
                found.attribute_name() == key.attribute && found.key_type().as_str() == key.role
            })
    };
    let has_index = |index: &crate::cloudformation::Index| {
        found
            .global_secondary_indexes()
            .iter()
            .filter(|found| found.index_name() == Some(index.name.as_str()))
            .any(|found| {
                has_keys(found.key_schema(), &index.keys)
                    && found
                        .projection()
                        .is_some_and(|found| has_projection(found, &index.projection))
            })
    };
    has_keys(found.key_schema(), &table.keys)
        && found.global_secondary_indexes().len() == table.indexes.len()
        && table.indexes.iter().all(has_index)
}

fn has_projection(found: &SdkProjection, projection: &Projection) -> bool {
    match projection {
        Projection::All => found.projection_type() == Some(&ProjectionType::All),
        Projection::KeysOnly => found.projection_type() == Some(&ProjectionType::KeysOnly),
        Projection::Include(attributes) => {
            let sorted = |attributes: &[String]| {
                let mut attributes = attributes.to_vec();
                attributes.sort();
                attributes
            };
            sorted(found.non_key_attributes()) == sorted(attributes)
        }
    }
}

fn attributes(table: &Table) -> Result<Vec<AttributeDefinition>, Error> {
    let mut keys: Vec<&Key> = table.keys.iter().collect();
    keys.extend(table.indexes.iter().flat_map(|index| &index.keys));
    keys.sort_by_key(|key| &key.attribute);
    keys.dedup_by_key(|key| &key.attribute);
    keys.into_iter()
        .map(|key| {
            AttributeDefinition::builder()
                .attribute_name(&key.attribute)
                .attribute_type(ScalarAttributeType::from(key.kind.as_str()))
                .build()
                .map_err(|error| failed(&error))
        })
        .collect()
}

fn schema(keys: &[Key]) -> Result<Vec<KeySchemaElement>, Error> {
    keys.iter()
        .map(|key| {
            KeySchemaElement::builder()
                .attribute_name(&key.attribute)
                .key_type(KeyType::from(key.role.as_str()))
                .build()
                .map_err(|error| failed(&error))
        })
        .collect()
}

fn indexes(table: &Table) -> Result<Vec<GlobalSecondaryIndex>, Error> {
    table
        .indexes
        .iter()
        .map(|index| {
            let projection = match &index.projection {
                Projection::All => SdkProjection::builder().projection_type(ProjectionType::All),
                Projection::KeysOnly => SdkProjection::builder().projection_type(ProjectionType::KeysOnly),
                Projection::Include(attributes) => SdkProjection::builder()
                    .projection_type(ProjectionType::Include)
                    .set_non_key_attributes(Some(attributes.clone())),
            };
            GlobalSecondaryIndex::builder()
                .index_name(&index.name)
                .set_key_schema(Some(schema(&index.keys)?))
                .projection(projection.build())
                .build()
                .map_err(|error| failed(&error))
        })
        .collect()
}

fn stream(view: &str) -> Result<StreamSpecification, Error> {
    StreamSpecification::builder()
        .stream_enabled(true)
        .stream_view_type(StreamViewType::from(view))
        .build()
        .map_err(|error| failed(&error))
}

/// An SDK error with what caused it: its own text names the kind alone.
pub fn failed(error: &(dyn std::error::Error + 'static)) -> Error {
    Error::Engine(one_line(error))
}
