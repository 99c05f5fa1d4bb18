//! The table's indexes: requests by desk, by company and by reference number.

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, Select};
use countersign_domain::fact::{Attribute, Test};
use countersign_domain::id::{CompanyId, Reference, RequestId};
use countersign_domain::request::{Desk, StateName};

use super::condition::Expressions;
use super::item::{Item, StoredHead, text};
use super::key;
use super::page::{Cursor, Page};
use super::{Store, StoreError};

/// The table's indexes.
pub const INDEXES: [Index; 3] = [BY_DESK, BY_COMPANY, BY_REFERENCE];

/// Finds the requests on a desk.
const BY_DESK: Index = Index {
    name: "by_desk",
    partition: "desk",
    sort: Some("desk_since"),
};
/// Finds a company's requests.
const BY_COMPANY: Index = Index {
    name: "by_company",
    partition: "company",
    sort: Some("created_at"),
};
/// Finds a request by its reference number. It projects only keys, so only the step that assigns a number writes to it.
const BY_REFERENCE: Index = Index {
    name: "by_reference",
    partition: "head_reference",
    sort: None,
};

/// A global secondary index of the table.
#[derive(Debug, Clone, Copy)]
pub struct Index {
    /// Its name.
    pub name: &'static str,
    /// The attribute that is its partition key.
    pub partition: &'static str,
    /// The attribute that is its sort key. `None` if it has no sort key.
    pub sort: Option<&'static str>,
}

impl Store {
    /// Reads a page of the requests on a desk, longest waiting first.
    pub async fn desk(
        &self,
        desk: &Desk,
        limit: usize,
        start: Option<Cursor>,
    ) -> Result<Page<StoredHead>, StoreError> {
        let list = desk_list(desk);
        self.index_page(&BY_DESK, &desk.to_string(), &list, limit, start, true)
            .await
    }

    /// Reads a page of a company's requests, newest first. No step changes that order.
    pub async fn company_requests(
        &self,
        company: &CompanyId,
        limit: usize,
        start: Option<Cursor>,
    ) -> Result<Page<StoredHead>, StoreError> {
        let list = company_list(company);
        self.index_page(&BY_COMPANY, company.as_str(), &list, limit, start, false)
            .await
    }

    /// Counts those among the first `most` requests on a desk that pass every test of one of these groups, and says
    /// whether there are further requests on the desk. DynamoDB reads the others too, but sends none of them.
    pub async fn desk_count(
        &self,
        desk: &Desk,
        groups: &[Vec<Test>],
        most: usize,
    ) -> Result<(usize, bool), StoreError> {
        let mut expressions = Expressions::default();
        let filter = expressions.any_of(groups);
        let answer = self
            .of_partition(&BY_DESK, &desk.to_string(), expressions)
            .filter_expression(filter)
            .select(Select::Count)
            .limit(i32::try_from(most).unwrap_or(i32::MAX))
            .send()
            .await?;
        let count = usize::try_from(answer.count()).unwrap_or_default();
        Ok((count, answer.last_evaluated_key.is_some()))
    }

    /// Reads all requests of a company in one of these states, newest first. DynamoDB reads the company's other
    /// requests too, but does not send them.
    pub async fn company_requests_in(
        &self,
        company: &CompanyId,
        states: &[StateName],
    ) -> Result<Vec<StoredHead>, StoreError> {
        let mut expressions = Expressions::default();
        let state = expressions.name(Attribute::State.name());
        let states: Vec<String> = states
            .iter()
            .map(|state| expressions.value(AttributeValue::S(state.as_str().to_owned())))
            .collect();
        let filter = format!("{state} IN ({})", states.join(", "));
        let items = self
            .filtered(&BY_COMPANY, company.as_str(), expressions, filter, false)
            .await?;
        items.iter().map(StoredHead::read).collect()
    }

    /// Reads the requests on a desk that someone holds. A request that can't be read does not hide the rest. DynamoDB
    /// reads the desk's other requests too, but does not send them.
    pub async fn claims(&self, desk: &Desk) -> Result<Vec<Result<StoredHead, StoreError>>, StoreError> {
        let mut expressions = Expressions::default();
        let filter = format!("attribute_exists({})", expressions.name(Attribute::Holder.name()));
        let items = self
            .filtered(&BY_DESK, &desk.to_string(), expressions, filter, true)
            .await?;
        Ok(items.iter().map(StoredHead::read).collect())
    }

    /// Reads all items in a partition of an index that pass a filter.
    async fn filtered(
        &self,
        index: &Index,
        partition: &str,
        expressions: Expressions,
        filter: String,
        forward: bool,
    ) -> Result<Vec<Item>, StoreError> {
        let query = self
            .of_partition(index, partition, expressions)
            .filter_expression(filter)
            .scan_index_forward(forward);
        let (mut items, mut start) = (Vec::new(), None);
        loop {
            let answer = query.clone().set_exclusive_start_key(start).send().await?;
            items.extend(answer.items.unwrap_or_default());
            start = answer.last_evaluated_key;
            if start.is_none() {
                return Ok(items);
            }
        }
    }

    /// Returns the request with this reference number. A number that was just assigned may take a moment to be found.
    pub async fn by_reference(&self, reference: &Reference) -> Result<Option<RequestId>, StoreError> {
        let answer = self
            .of_partition(&BY_REFERENCE, &reference.to_string(), Expressions::default())
            .send()
            .await?;
        let items = answer.items.unwrap_or_default();
        Ok(items
            .first()
            .and_then(|item| key::request_id(text(item, key::PK)?)))
    }

    async fn index_page(
        &self,
        index: &Index,
        partition: &str,
        list: &str,
        limit: usize,
        start: Option<Cursor>,
        forward: bool,
    ) -> Result<Page<StoredHead>, StoreError> {
        let start = start.and_then(|cursor| cursor.index_start((index.partition, partition), index.sort?));
        let answer = self
            .of_partition(index, partition, Expressions::default())
            .scan_index_forward(forward)
            .limit(i32::try_from(limit).unwrap_or(i32::MAX))
            .set_exclusive_start_key(start)
            .send()
            .await?;
        let next = answer
            .last_evaluated_key
            .and_then(|last| Cursor::after(list, &last, index.sort));
        let items = answer.items.unwrap_or_default();
        let items = items.iter().map(StoredHead::read).collect::<Result<_, _>>()?;
        Ok(Page { items, next })
    }

    /// Starts a query of a partition of an index.
    fn of_partition(
        &self,
        index: &Index,
        partition: &str,
        mut expressions: Expressions,
    ) -> QueryFluentBuilder {
        let name = expressions.name(index.partition);
        let value = expressions.value(AttributeValue::S(partition.to_owned()));
        self.client
            .query()
            .table_name(&self.table)
            .index_name(index.name)
            .key_condition_expression(format!("{name} = {value}"))
            .set_expression_attribute_names(expressions.names())
            .set_expression_attribute_values(expressions.values())
    }
}

/// The name of a desk's list. Its cursors work for no other list.
pub fn desk_list(desk: &Desk) -> String {
    format!("tasks {desk}")
}

/// The name of a company's list. Its cursors work for no other list.
pub fn company_list(company: &CompanyId) -> String {
    format!("requests {company}")
}
