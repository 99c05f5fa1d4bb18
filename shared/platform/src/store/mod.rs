//! The DynamoDB table. There is no other store: a local run and the tests only set another endpoint.

use std::fmt;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes, ReturnValuesOnConditionCheckFailure};
use aws_types::SdkConfig;
use countersign_domain::request::Impossible;
use serde::Serialize;

use crate::Config;

pub mod accounts;
pub mod approval;
pub mod audit;
pub mod calls;
pub mod companies;
pub mod condition;
pub mod daily;
pub mod directory;
pub mod erase;
pub mod import;
pub mod index;
pub mod item;
pub mod key;
pub mod layout;
pub mod mail;
mod metering;
pub mod notice;
pub mod page;
pub mod people;
pub mod person;
pub mod readiness;
pub mod reference;
pub mod register;
pub mod reminder;
pub mod replay;
pub mod requests;
pub mod restore;
pub mod seen;
pub mod staging;
pub mod suppression;
pub mod transaction;

/// The most items that one call reads (DynamoDB, `BatchGetItem`).
const MAX_BATCH: usize = 100;
/// How often a read pauses while DynamoDB has no capacity for the rest of a batch.
const MAX_PAUSES: u32 = 5;
/// The first pause. Each further pause is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(50);

/// A client of the table.
pub struct Store {
    client: Client,
    table: String,
}

/// Why the store gave no answer. A failed condition is an answer and not one of these.
#[derive(Debug)]
pub enum StoreError {
    /// The store is over capacity, or a transaction works on the same items. A later retry may succeed.
    Busy,
    /// The store could not be reached, or failed. Holds the error's code, for the log. A retry may succeed.
    Unavailable(String),
    /// The store refused the call because a permission, the table or an expression is wrong. A retry does not help.
    Refused(String),
    /// The table holds something that no command can have written.
    Corrupt(String),
    /// The table's items are not in this release's layout. Holds the layout that the table names, if it names one.
    OtherLayout(Option<u32>),
}

impl StoreError {
    /// The kind in a word. A problem, the line of its call and the line of its step name it alike.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Busy => "busy",
            Self::Unavailable(_) => "unavailable",
            Self::Refused(_) => "store-refuses",
            Self::Corrupt(_) => "corrupt",
            Self::OtherLayout(_) => "other-layout",
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy => f.write_str("the store is busy"),
            Self::Unavailable(code) => write!(f, "the store is unavailable: {code}"),
            Self::Refused(code) => write!(f, "the store refuses the call: {code}"),
            Self::Corrupt(what) => write!(f, "the store holds something impossible: {what}"),
            Self::OtherLayout(found) => layout::explain(*found, f),
        }
    }
}

impl std::error::Error for StoreError {}

impl From<Impossible> for StoreError {
    fn from(impossible: Impossible) -> Self {
        Self::Corrupt(impossible.to_string())
    }
}

impl<E: ProvideErrorMetadata, R> From<SdkError<E, R>> for StoreError {
    fn from(error: SdkError<E, R>) -> Self {
        match error.code() {
            Some(
                "ThrottlingException"
                | "ProvisionedThroughputExceededException"
                | "RequestLimitExceeded"
                | "TransactionConflictException"
                | "TransactionInProgressException",
            ) => Self::Busy,
            Some(code @ ("InternalServerError" | "InternalFailure" | "ServiceUnavailable")) => {
                Self::Unavailable(code.to_owned())
            }
            Some(code) => Self::Refused(code.to_owned()),
            None => Self::Unavailable(
                match error {
                    SdkError::ConstructionFailure(_) => "construction failure",
                    SdkError::TimeoutError(_) => "timeout",
                    SdkError::DispatchFailure(_) => "dispatch failure",
                    SdkError::ResponseError(_) => "unreadable response",
                    _ => "service error without a code",
                }
                .to_owned(),
            ),
        }
    }
}

/// A range of sort keys in a partition.
#[derive(Debug, Clone, Copy)]
enum SortKeys<'a> {
    /// The keys that start with this text.
    StartingWith(&'a str),
    /// The keys from the first to the second, both included.
    Between(&'a str, &'a str),
}

impl Store {
    pub(crate) fn new(config: &Config, sdk: &SdkConfig) -> Self {
        let mut client = aws_sdk_dynamodb::config::Builder::from(sdk).interceptor(metering::Metering);
        client.set_endpoint_url(config.aws.dynamodb_endpoint.clone());
        Self {
            client: Client::from_conf(client.build()),
            table: config.table.clone(),
        }
    }

    /// A store over a client that the caller has configured: the operator's tool has other credentials than a function.
    pub fn of(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// Reads a range of a partition consistently, in sort key order. Takes one query for each 1 MB of items.
    async fn partition(&self, pk: String, range: SortKeys<'_>) -> Result<Vec<item::Item>, StoreError> {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let (condition, low, high) = match range {
            SortKeys::StartingWith(prefix) => ("begins_with(#sk, :low)", prefix, None),
            SortKeys::Between(low, high) => ("#sk BETWEEN :low AND :high", low, Some(high)),
        };
        let mut items = Vec::new();
        let mut start = None;
        loop {
            let mut query = self
                .client
                .query()
                .table_name(&self.table)
                .key_condition_expression(format!("#pk = :pk AND {condition}"))
                .expression_attribute_names("#pk", key::PK)
                .expression_attribute_names("#sk", key::SK)
                .expression_attribute_values(":pk", text(&pk))
                .expression_attribute_values(":low", text(low))
                .consistent_read(true)
                .set_exclusive_start_key(start);
            if let Some(high) = high {
                query = query.expression_attribute_values(":high", text(high));
            }
            let answer = query.send().await?;
            items.extend(answer.items.unwrap_or_default());
            start = answer.last_evaluated_key;
            if start.is_none() {
                return Ok(items);
            }
        }
    }

    /// Reads items by their keys, which must not repeat. Leaves out items that don't exist. Returns them in no
    /// particular order.
    async fn get_all(&self, keys: Vec<key::Key>) -> Result<Vec<item::Item>, StoreError> {
        let mut left: Vec<_> = keys.into_iter().map(key::Key::into_attributes).collect();
        let (mut items, mut pauses) = (Vec::new(), 0);
        while !left.is_empty() {
            let batch = left.split_off(left.len().saturating_sub(MAX_BATCH));
            let asked = KeysAndAttributes::builder()
                .set_keys(Some(batch))
                .consistent_read(true)
                .build()
                .map_err(|error| StoreError::Refused(error.to_string()))?;
            let call = self.client.batch_get_item().request_items(&self.table, asked);
            let answer = call.send().await?;
            items.extend(
                answer
                    .responses
                    .and_then(|mut all| all.remove(&self.table))
                    .unwrap_or_default(),
            );
            let unprocessed = answer
                .unprocessed_keys
                .and_then(|mut all| all.remove(&self.table));
            let Some(unprocessed) = unprocessed else {
                continue;
            };
            // DynamoDB leaves out what it has no capacity for, and whatever exceeds 16 MB.
            if pauses == MAX_PAUSES {
                return Err(StoreError::Busy);
            }
            tokio::time::sleep(FIRST_PAUSE * (1 << pauses)).await;
            pauses += 1;
            left.extend(unprocessed.keys);
        }
        Ok(items)
    }

    async fn get(&self, key: key::Key) -> Result<Option<item::Item>, StoreError> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key.into_attributes()))
            .consistent_read(true)
            .send()
            .await?;
        Ok(answer.item)
    }

    /// Puts an item if the condition holds. Otherwise returns the item that is there.
    async fn put_where<T: Serialize + Sync>(
        &self,
        key: key::Key,
        value: &T,
        condition: String,
        expressions: &condition::Expressions,
    ) -> Result<Result<(), item::Item>, StoreError> {
        let answer = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item::write(key, value)?))
            .condition_expression(condition)
            .set_expression_attribute_names(expressions.names())
            .set_expression_attribute_values(expressions.values())
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match answer {
            Ok(_) => Ok(Ok(())),
            Err(error) => match error.as_service_error() {
                Some(PutItemError::ConditionalCheckFailedException(failed)) => {
                    Ok(Err(failed.item.clone().unwrap_or_default()))
                }
                _ => Err(error.into()),
            },
        }
    }

    /// Updates an item if the condition holds. Returns whether it did.
    async fn update_where(
        &self,
        key: key::Key,
        update: String,
        condition: String,
        expressions: &condition::Expressions,
    ) -> Result<bool, StoreError> {
        let answer = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key.into_attributes()))
            .update_expression(update)
            .condition_expression(condition)
            .set_expression_attribute_names(expressions.names())
            .set_expression_attribute_values(expressions.values())
            .send()
            .await;
        has_held(answer, UpdateItemError::is_conditional_check_failed_exception)
    }

    /// Deletes an item if the condition holds. Returns whether it did.
    async fn delete_where(
        &self,
        key: key::Key,
        condition: String,
        expressions: &condition::Expressions,
    ) -> Result<bool, StoreError> {
        let answer = self
            .client
            .delete_item()
            .table_name(&self.table)
            .set_key(Some(key.into_attributes()))
            .condition_expression(condition)
            .set_expression_attribute_names(expressions.names())
            .set_expression_attribute_values(expressions.values())
            .send()
            .await;
        has_held(answer, DeleteItemError::is_conditional_check_failed_exception)
    }
}

/// Whether the condition of a write held: false if it is the reason for a refusal.
fn has_held<T, E: ProvideErrorMetadata, R>(
    answer: Result<T, SdkError<E, R>>,
    is_of_the_condition: impl Fn(&E) -> bool,
) -> Result<bool, StoreError> {
    match answer {
        Ok(_) => Ok(true),
        Err(error) if error.as_service_error().is_some_and(is_of_the_condition) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
