//! One conditional transaction: writes all of a command or nothing.

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

/// The most operations in one transaction (DynamoDB, `TransactWriteItems`).
pub const MAX_OPERATIONS: usize = 100;
/// How often a transaction is tried while others conflict with it on the same items.
const MAX_CONFLICTS: u32 = 7;

/// The purpose of an operation. Tells which operation of a transaction was refused.
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
    /// The lock of the User ID in the register change at this index.
    Lock(usize),
    /// The head of the request that holds the lock for the register change at this index.
    Blocker(usize),
    /// The token of an approval by reply.
    Token,
    /// The record of a received e-mail.
    Inbound,
    /// The directory's entry of the request's maker.
    Maker,
    /// The directory's entry of the person who holds the request.
    Holder,
    /// The directory's entry of the colleague whom the request is handed to.
    Colleague,
    /// The count of a person's answers on a day.
    Answers,
    /// The register's row for the register change at this index.
    Register(usize),
    /// The mark of the table's layout.
    Layout,
    /// The actor's entry in the directory.
    Entitled,
    /// A company's profile.
    Company,
    /// A company in the list of companies.
    Listed,
    /// A person's entry in the directory.
    Person,
    /// The name of a company's person.
    PersonName,
    /// An e-mail's entry in the ledger.
    Mail,
    /// A piece of news that waits for a digest.
    News,
    /// A person's digest of a day.
    Digest,
}

/// How a transaction ended.
#[derive(Debug)]
pub enum Outcome {
    /// Everything was written.
    Committed,
    /// Nothing was written: a condition failed.
    Refused(Refused),
}

/// The parts whose conditions failed, each with the item that was there.
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

    /// Returns the head that failed the step's tests, if one did.
    pub fn head(&self) -> Result<Option<StoredHead>, StoreError> {
        self.old(Part::Head).map(StoredHead::read).transpose()
    }

    /// Returns the mark that an earlier command with the same idempotency key left.
    pub fn mark(&self) -> Result<Option<CommandMark>, StoreError> {
        self.old(Part::Command).cloned().map(item::read).transpose()
    }

    /// Returns who holds the locks that were not free, each with the index of its register change.
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

    /// Returns the heads of the open requests that did not release their locks.
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

/// A transaction in the making.
pub struct Transaction<'a> {
    store: &'a Store,
    parts: Vec<Part>,
    operations: Vec<TransactWriteItem>,
    malformed: Option<String>,
}

impl Store {
    /// Starts an empty transaction.
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
    /// How many operations it has so far.
    pub fn len(&self) -> usize {
        self.operations.len()
    }

    /// Whether it has no operations yet.
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty()
    }

    /// Puts an item if none exists with its key.
    pub(super) fn put_new(&mut self, part: Part, item: Item) {
        let mut expressions = Expressions::default();
        let condition = format!("attribute_not_exists({})", expressions.name(PK));
        self.put_if(part, item, condition, &expressions);
    }

    /// Puts an item, and replaces any that exists.
    pub(super) fn put(&mut self, part: Part, item: Item) {
        let put = Put::builder()
            .table_name(&self.store.table)
            .set_item(Some(item))
            .build();
        self.push(part, put.map(|put| TransactWriteItem::builder().put(put).build()));
    }

    /// Puts an item if a condition holds.
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

    /// Updates an item, if the condition holds or there is none.
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

    /// Deletes an item if a condition holds.
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

    /// Checks a condition on an item without changing the item.
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

    /// Writes everything or nothing. Retries while another transaction works on the same items. Within one call, the
    /// SDK's own retries repeat the same client request token, so DynamoDB never applies it twice.
    pub async fn commit(self) -> Result<Outcome, StoreError> {
        if let Some(malformed) = self.malformed {
            return Err(StoreError::Refused(malformed));
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
                return Err(StoreError::Busy);
            }
            let mut codes = reasons.iter().filter_map(CancellationReason::code);
            if let Some(code) = codes.find(|code| !matches!(*code, "None" | "TransactionConflict")) {
                return Err(StoreError::Refused(code.to_owned()));
            }
            tokio::time::sleep(pause(conflicts)).await;
        }
        Err(StoreError::Busy)
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

/// 20 ms, doubled with each conflict, less up to half of it at random, so that transactions that collided don't collide
/// again.
fn pause(conflicts: u32) -> Duration {
    let most = 20_u64 << conflicts;
    let random = getrandom::u64().unwrap_or_default() % most.div_ceil(2);
    Duration::from_millis(most - random)
}
