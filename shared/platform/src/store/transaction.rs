//! One conditional transaction: all of a command, or nothing.

use std::time::Duration;

use aws_sdk_dynamodb::error::ProvideErrorMetadata as _;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{
    CancellationReason, ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem,
    Update,
};
use countersign_domain::id::{Digest, RequestId};

use super::condition::Expressions;
use super::item::{self, Item, StoredHead};
use super::key::{Key, PK};
use super::requests::{CommandMark, Lock, LockHolder};
use super::{Store, StoreError};

/// Operations that one transaction takes (DynamoDB, `TransactWriteItems`).
pub const MAX_OPERATIONS: usize = 100;
/// Tries when another transaction is under way on the same items.
const MAX_CONFLICTS: u32 = 7;

/// What an operation of a transaction is there for, to tell which one was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The mark of an idempotency key.
    Command,
    /// The request's head.
    Head,
    /// The history row.
    History,
    /// The form.
    Form,
    /// The lock of the registration at this index.
    Lock(usize),
    /// The head of the request that holds the lock of the registration at this index.
    Blocker(usize),
    /// The token of an approval by reply.
    Token,
    /// The record of a mail that came in.
    Inbound,
    /// The register's row for the registration at this index.
    Register(usize),
}

/// How a transaction ended.
#[derive(Debug)]
pub enum Outcome {
    /// All of it is done.
    Committed,
    /// Nothing is done.
    Refused(Refused),
}

/// The parts whose conditions failed, and what stood there.
#[derive(Debug)]
pub struct Refused(Vec<(Part, Option<Item>)>);

impl Refused {
    /// Whether this part's condition failed.
    pub fn has(&self, part: Part) -> bool {
        self.0.iter().any(|(failed, _)| *failed == part)
    }

    fn old(&self, part: Part) -> Option<&Item> {
        let failed = self.0.iter().find(|(failed, _)| *failed == part);
        failed.and_then(|(_, item)| item.as_ref())
    }

    /// The head that failed the step's tests, if there is one.
    pub fn head(&self) -> Result<Option<StoredHead>, StoreError> {
        self.old(Part::Head).map(StoredHead::read).transpose()
    }

    /// The mark that a command with this key left before.
    pub fn mark(&self) -> Result<Option<CommandMark>, StoreError> {
        self.old(Part::Command).cloned().map(item::read).transpose()
    }

    /// Which request holds the locks that were not free, by the index of the registration.
    pub fn lock_holders(&self) -> Result<Vec<(usize, LockHolder)>, StoreError> {
        let mut holders = Vec::new();
        for (part, item) in &self.0 {
            if let (Part::Lock(index), Some(item)) = (part, item) {
                let lock: Lock = item::read(item.clone())?;
                let holder = RequestId::parse(&lock.request).zip(Digest::parse(&lock.form_hash));
                holders
                    .extend(holder.map(|(request, form_hash)| (*index, LockHolder { request, form_hash })));
            }
        }
        Ok(holders)
    }

    /// The open requests that locks can't be taken from.
    pub fn blockers(&self) -> Result<Vec<StoredHead>, StoreError> {
        let mut blockers = Vec::new();
        for (part, item) in &self.0 {
            if let (Part::Blocker(_), Some(item)) = (part, item) {
                blockers.push(StoredHead::read(item)?);
            }
        }
        Ok(blockers)
    }
}

/// A transaction being put together.
pub struct Transaction<'a> {
    store: &'a Store,
    parts: Vec<Part>,
    operations: Vec<TransactWriteItem>,
    malformed: Option<String>,
}

impl Store {
    /// An empty transaction.
    pub fn transaction(&self) -> Transaction<'_> {
        Transaction {
            store: self,
            parts: Vec::new(),
            operations: Vec::new(),
            malformed: None,
        }
    }
}

impl Transaction<'_> {
    /// Operations so far.
    pub fn len(&self) -> usize {
        self.operations.len()
    }

    /// Whether there is nothing to do yet.
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty()
    }

    /// Puts an item where there is none.
    pub(super) fn put_new(&mut self, part: Part, item: Item) {
        let mut expressions = Expressions::default();
        let condition = format!("attribute_not_exists({})", expressions.name(PK));
        self.put_if(part, item, condition, &expressions);
    }

    /// Puts an item, whatever stands there.
    pub(super) fn put(&mut self, part: Part, item: Item) {
        let put = Put::builder()
            .table_name(&self.store.table)
            .set_item(Some(item))
            .build();
        self.push(part, put.map(|put| TransactWriteItem::builder().put(put).build()));
    }

    /// Puts an item on a condition.
    pub(super) fn put_if(&mut self, part: Part, item: Item, condition: String, expressions: &Expressions) {
        let put = Put::builder()
            .table_name(&self.store.table)
            .set_item(Some(item))
            .condition_expression(condition)
            .set_expression_attribute_names(expressions.names())
            .set_expression_attribute_values(expressions.values())
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build();
        self.push(part, put.map(|put| TransactWriteItem::builder().put(put).build()));
    }

    /// Updates an item, on a condition if there is one.
    pub(super) fn update_if(
        &mut self,
        part: Part,
        key: Key,
        update: String,
        condition: Option<String>,
        expressions: &Expressions,
    ) {
        let update = Update::builder()
            .table_name(&self.store.table)
            .set_key(Some(key.into_attributes()))
            .update_expression(update)
            .set_condition_expression(condition)
            .set_expression_attribute_names(expressions.names())
            .set_expression_attribute_values(expressions.values())
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build();
        self.push(
            part,
            update.map(|update| TransactWriteItem::builder().update(update).build()),
        );
    }

    /// Deletes an item on a condition.
    pub(super) fn delete_if(&mut self, part: Part, key: Key, condition: String, expressions: &Expressions) {
        let delete = Delete::builder()
            .table_name(&self.store.table)
            .set_key(Some(key.into_attributes()))
            .condition_expression(condition)
            .set_expression_attribute_names(expressions.names())
            .set_expression_attribute_values(expressions.values())
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build();
        self.push(
            part,
            delete.map(|delete| TransactWriteItem::builder().delete(delete).build()),
        );
    }

    /// Holds an item to a condition without changing it.
    pub(super) fn check(&mut self, part: Part, key: Key, condition: String, expressions: &Expressions) {
        let check = ConditionCheck::builder()
            .table_name(&self.store.table)
            .set_key(Some(key.into_attributes()))
            .condition_expression(condition)
            .set_expression_attribute_names(expressions.names())
            .set_expression_attribute_values(expressions.values())
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build();
        self.push(
            part,
            check.map(|check| TransactWriteItem::builder().condition_check(check).build()),
        );
    }

    fn push<E: std::fmt::Display>(&mut self, part: Part, operation: Result<TransactWriteItem, E>) {
        match operation {
            Ok(operation) => {
                self.parts.push(part);
                self.operations.push(operation);
            }
            Err(error) => self.malformed = Some(error.to_string()),
        }
    }

    /// Does all of it, or nothing. While another transaction is under way on the same items it tries again; the SDK
    /// gives every send the same client request token in its own retries, so none is done twice.
    pub async fn commit(self) -> Result<Outcome, StoreError> {
        if let Some(malformed) = self.malformed {
            return Err(StoreError::Unavailable(malformed));
        }
        for conflicts in 0..MAX_CONFLICTS {
            let call = self
                .store
                .client
                .transact_write_items()
                .set_transact_items(Some(self.operations.clone()));
            let Err(error) = call.send().await else {
                return Ok(Outcome::Committed);
            };
            let reasons = match error.as_service_error() {
                Some(TransactWriteItemsError::TransactionCanceledException(canceled)) => {
                    canceled.cancellation_reasons()
                }
                Some(error) if error.code() == Some("TransactionInProgressException") => &[],
                _ => return Err(error.into()),
            };
            let refused = refused(&self.parts, reasons);
            if !refused.is_empty() {
                return Ok(Outcome::Refused(Refused(refused)));
            }
            if reasons.iter().any(|reason| is_throttle(reason.code())) {
                return Err(StoreError::Throttled);
            }
            if !reasons.is_empty()
                && reasons
                    .iter()
                    .all(|reason| reason.code() != Some("TransactionConflict"))
            {
                return Err(StoreError::Unavailable(
                    "a transaction was cancelled for another reason".to_owned(),
                ));
            }
            tokio::time::sleep(pause(conflicts)).await;
        }
        Err(StoreError::Throttled)
    }
}

fn refused(parts: &[Part], reasons: &[CancellationReason]) -> Vec<(Part, Option<Item>)> {
    let failed = parts
        .iter()
        .zip(reasons)
        .filter(|(_, reason)| reason.code() == Some("ConditionalCheckFailed"));
    failed
        .map(|(part, reason)| (*part, reason.item().filter(|item| !item.is_empty()).cloned()))
        .collect()
}

fn is_throttle(code: Option<&str>) -> bool {
    matches!(code, Some("ThrottlingError" | "ProvisionedThroughputExceeded"))
}

/// 20 ms doubled with each conflict, less a random half, so that those who met don't meet again.
fn pause(conflicts: u32) -> Duration {
    let most = 20_u64 << conflicts;
    let random = getrandom::u64().unwrap_or_default() % most.div_ceil(2);
    Duration::from_millis(most - random)
}
