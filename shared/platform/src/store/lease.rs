//! Claims that end: found by when they do, without a look at any other request.

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::request::StateName;
use countersign_domain::time;
use jiff::Timestamp;

use super::condition::Expressions;
use super::item::StoredHead;
use super::page::{Cursor, Page};
use super::requests::BY_LEASE;
use super::{Store, StoreError};

/// The name of the list, to which its cursors are bound.
const LIST: &str = "leases";

impl Store {
    /// A page of the requests whose lease ends by an instant, the first to end first. One that can't be read keeps none of
    /// the others from being found. What the index says may be out of date by a moment.
    pub async fn leases_through(
        &self,
        last: Timestamp,
        limit: usize,
        start: Option<Cursor>,
    ) -> Result<Page<Result<StoredHead, StoreError>>, StoreError> {
        let claimed = StateName::Claimed.as_str();
        let start = start.and_then(|cursor| cursor.index_start((BY_LEASE.partition, claimed), BY_LEASE.sort));
        let mut expressions = Expressions::default();
        let (state, ends) = (
            expressions.name(BY_LEASE.partition),
            expressions.name(BY_LEASE.sort),
        );
        let claimed = expressions.value(AttributeValue::S(claimed.to_owned()));
        let last = expressions.value(AttributeValue::S(time::stored(last)));
        let answer = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(BY_LEASE.name)
            .key_condition_expression(format!("{state} = {claimed} AND {ends} <= {last}"))
            .set_expression_attribute_names(expressions.names())
            .set_expression_attribute_values(expressions.values())
            .limit(i32::try_from(limit).unwrap_or(i32::MAX))
            .set_exclusive_start_key(start)
            .send()
            .await?;
        let next = answer
            .last_evaluated_key
            .and_then(|last| Cursor::after(LIST, &last, Some(BY_LEASE.sort)));
        let items = answer.items.unwrap_or_default();
        Ok(Page {
            items: items.iter().map(StoredHead::read).collect(),
            next,
        })
    }
}
