//! Items of a table that a backup was restored into, as they stand.

use std::collections::HashMap;

use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;

use super::condition::Expressions;
use super::item::{Item, text};
use super::key::{self, PK, SK};
use super::{Store, StoreError};

/// When DynamoDB deletes an item, in seconds since 1970.
const EXPIRES_AT: &str = "expires_at";

/// What is never deleted in service: requests with their history, forms, replies and the keys of their commands, the numbers
/// that were given, companies and their people. Anything else that is missing may have been deleted on purpose.
const NEVER_DELETED: [&str; 11] = [
    "REQ HEAD",
    "REQ EVT",
    "REQ FORM",
    "REQ KEY",
    "REQ RECEIVED",
    "SEQ SEQ",
    "COMPANIES COMPANY",
    "COMPANY PROFILE",
    "COMPANY PERSON",
    "COMPANY ACCOUNT",
    "LAYOUT LAYOUT",
];

/// An item of a backup.
#[derive(Debug, Clone)]
pub struct BackupItem(Item);

/// What a table has of an item of a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Found {
    /// The same.
    Same,
    /// Nothing.
    Missing,
    /// Another item under the same key.
    Different,
}

impl BackupItem {
    /// What the item is: the starts of its keys, such as `REQ EVT`, without anybody's ID.
    pub fn kind(&self) -> String {
        let starts = [PK, SK].map(|name| {
            let key = text(&self.0, name).unwrap_or_default();
            key.split('#').next().unwrap_or_default().to_owned()
        });
        starts.join(" ")
    }

    /// Whether items of its kind are never deleted in service, so that it was lost if it is missing.
    pub fn is_never_deleted(&self) -> bool {
        NEVER_DELETED.contains(&self.kind().as_str())
    }

    /// Whether the table's stream is read for it.
    pub fn is_announced(&self) -> bool {
        let sort = text(&self.0, SK).unwrap_or_default();
        key::ANNOUNCED.iter().any(|start| sort.starts_with(start))
    }

    fn is_expired(&self, now: Timestamp) -> bool {
        let at = self
            .0
            .get(EXPIRES_AT)
            .and_then(|at| at.as_n().ok()?.parse::<i64>().ok());
        at.is_some_and(|at| at <= now.as_second())
    }

    fn key(&self) -> HashMap<String, AttributeValue> {
        let part = |name: &str| Some((name.to_owned(), self.0.get(name)?.clone()));
        [PK, SK].into_iter().filter_map(part).collect()
    }
}

impl Store {
    /// Reads every item that has not expired. Reads the whole table, once.
    pub async fn backup_items(&self, now: Timestamp) -> Result<Vec<BackupItem>, StoreError> {
        let (mut all, mut start) = (Vec::new(), None);
        loop {
            let scan = self.client.scan().table_name(&self.table);
            let answer = scan.set_exclusive_start_key(start).send().await?;
            let items = answer.items.unwrap_or_default().into_iter().map(BackupItem);
            all.extend(items.filter(|item| !item.is_expired(now)));
            start = answer.last_evaluated_key;
            if start.is_none() {
                return Ok(all);
            }
        }
    }

    /// Compares an item of a backup with the table.
    pub async fn find(&self, item: &BackupItem) -> Result<Found, StoreError> {
        let get = self.client.get_item().table_name(&self.table);
        let answer = get.set_key(Some(item.key())).consistent_read(true).send().await?;
        Ok(match answer.item {
            None => Found::Missing,
            Some(there) if there == item.0 => Found::Same,
            Some(_) => Found::Different,
        })
    }

    /// Puts an item of a backup where there is still none.
    pub async fn put_back(&self, item: &BackupItem) -> Result<(), StoreError> {
        let mut expressions = Expressions::default();
        let condition = format!("attribute_not_exists({})", expressions.name(PK));
        let put = self.client.put_item().table_name(&self.table);
        let answer = put
            .set_item(Some(item.0.clone()))
            .condition_expression(condition)
            .set_expression_attribute_names(expressions.names())
            .send()
            .await;
        match answer {
            Err(error)
                if matches!(
                    error.as_service_error(),
                    Some(PutItemError::ConditionalCheckFailedException(_))
                ) =>
            {
                Ok(())
            }
            answer => Ok(answer.map(|_| ())?),
        }
    }
}
