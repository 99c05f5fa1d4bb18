//! Reading requests, and the marks that commands leave at them.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::eservice::EServiceId;
use countersign_domain::fact::Attribute;
use countersign_domain::form::Form;
use countersign_domain::history::HistoryRow;
use countersign_domain::id::{CompanyId, Digest, Reference, RequestId};
use countersign_domain::request::{Desk, StateName};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use serde_json::value::RawValue;

use super::condition::Expressions;
use super::item::{self, Item, StoredHead, text};
use super::key::{self, SK};
use super::page::{Cursor, Page};
use super::{SortKeys, Store, StoreError};

/// Times that a request is read while saves come in between.
const MAX_READS: usize = 3;

/// The table's indexes.
pub const INDEXES: [Index; 3] = [BY_DESK, BY_COMPANY, BY_LEASE];

/// The index of what each desk has.
const BY_DESK: Index = Index {
    name: "by_desk",
    partition: "desk",
    sort: "desk_since",
};
/// The index of what each company has.
const BY_COMPANY: Index = Index {
    name: "by_company",
    partition: "company",
    sort: "created_at",
};
/// The index of claims that end.
pub(super) const BY_LEASE: Index = Index {
    name: "by_lease",
    partition: "state",
    sort: "lease_ends",
};

/// An index of the table.
#[derive(Debug, Clone, Copy)]
pub struct Index {
    /// Its name.
    pub name: &'static str,
    /// The attribute that is its partition key.
    pub partition: &'static str,
    /// The attribute that is its sort key.
    pub sort: &'static str,
}

/// A request with everything about it.
#[derive(Debug)]
pub struct StoredRequest {
    /// The head.
    pub stored: StoredHead,
    /// The form.
    pub form: StoredForm,
    /// The history, oldest first.
    pub history: Vec<HistoryRow>,
}

/// A form as it was written: JSON text, of which the head holds the digest.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StoredForm {
    /// The text.
    form: String,
}

impl StoredForm {
    /// Of a form.
    pub fn of(form: &Form) -> Self {
        Self { form: form.text() }
    }

    /// The SHA-256 of the text.
    pub fn digest(&self) -> Digest {
        Digest::of(self.form.as_bytes())
    }

    /// The text as JSON, to the letter, so that whoever reads it can take its digest again.
    pub fn raw(&self) -> Result<&RawValue, StoreError> {
        serde_json::from_str(&self.form)
            .map_err(|_| StoreError::Corrupt("a form that is not JSON".to_owned()))
    }

    /// The form as JSON.
    pub fn json(&self) -> Result<Json, StoreError> {
        serde_json::from_str(&self.form)
            .map_err(|_| StoreError::Corrupt("a form that is not JSON".to_owned()))
    }
}

/// What a reference number leads to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Pointer {
    /// The request's ID.
    pub(super) request: String,
}

/// Who has the lock of a User ID. A request that was submitted again with another form has left the locks of the one before
/// behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockHolder {
    /// The request that took it last.
    pub request: RequestId,
    /// The digest of the form that the User ID was in then.
    pub form_hash: Digest,
}

/// The lock of a User ID: the request that took it last, and the digest of the form that the User ID was in then.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Lock {
    /// The request's ID.
    pub(super) request: String,
    /// The form's digest.
    pub(super) form_hash: String,
}

/// The mark of a command that came with an idempotency key.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct CommandMark {
    /// The version that the command made.
    pub version: u32,
}

impl Store {
    /// A request's head.
    pub async fn head(&self, id: RequestId) -> Result<Option<StoredHead>, StoreError> {
        self.get(key::head(id))
            .await?
            .as_ref()
            .map(StoredHead::read)
            .transpose()
    }

    /// The heads of some requests, in no order. Those that don't exist are left out.
    pub async fn heads(&self, ids: &BTreeSet<RequestId>) -> Result<Vec<StoredHead>, StoreError> {
        let items = self
            .get_all(ids.iter().map(|id| key::head(*id)).collect())
            .await?;
        items.iter().map(StoredHead::read).collect()
    }

    /// A request's head and form, in one call: they are the last two items of that part of its partition.
    pub async fn head_and_form(&self, id: RequestId) -> Result<Option<(StoredHead, StoredForm)>, StoreError> {
        let (mut head, mut form) = (None, None);
        for item in self.last_items(id, (key::FORM, key::HEAD), 2).await? {
            if text(&item, SK) == Some(key::HEAD) {
                head = Some(StoredHead::read(&item)?);
            } else {
                form = Some(item::read(item)?);
            }
        }
        Ok(head.zip(form))
    }

    /// A request with its form and history: two queries side by side. If a save comes in between, its form is not the
    /// head's, and both are read again.
    pub async fn request(&self, id: RequestId) -> Result<Option<StoredRequest>, StoreError> {
        for _ in 0..MAX_READS {
            let history = self.partition(key::request(id), SortKeys::StartingWith(key::HISTORY));
            let (history, now) = tokio::join!(history, self.head_and_form(id));
            let Some((stored, form)) = now? else {
                return Ok(None);
            };
            let history: Vec<HistoryRow> = history?
                .into_iter()
                .map(item::read_history)
                .collect::<Result<_, _>>()?;
            let is_one = history
                .last()
                .is_some_and(|row| row.version == stored.head.version);
            if is_one && form.digest() == stored.head.form_hash {
                return Ok(Some(StoredRequest {
                    stored,
                    form,
                    history,
                }));
            }
        }
        Err(StoreError::Throttled)
    }

    /// The last items of a part of a request's partition, the last first.
    async fn last_items(
        &self,
        id: RequestId,
        (low, high): (&str, &str),
        limit: i32,
    ) -> Result<Vec<Item>, StoreError> {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let answer = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("#pk = :pk AND #sk BETWEEN :low AND :high")
            .expression_attribute_names("#pk", key::PK)
            .expression_attribute_names("#sk", SK)
            .expression_attribute_values(":pk", text(&key::request(id)))
            .expression_attribute_values(":low", text(low))
            .expression_attribute_values(":high", text(high))
            .consistent_read(true)
            .scan_index_forward(false)
            .limit(limit)
            .send()
            .await?;
        Ok(answer.items.unwrap_or_default())
    }

    /// A history row.
    pub async fn history_row(&self, id: RequestId, version: u32) -> Result<Option<HistoryRow>, StoreError> {
        self.get(key::history(id, version))
            .await?
            .map(item::read_history)
            .transpose()
    }

    /// The mark that a command with this key left at a request.
    pub async fn command_mark(&self, id: RequestId, key: &Digest) -> Result<Option<CommandMark>, StoreError> {
        self.get(key::command(id, key)).await?.map(item::read).transpose()
    }

    /// A request's form as the save of that version left it. The history row of that version holds its digest.
    pub async fn form_of_version(
        &self,
        id: RequestId,
        version: u32,
    ) -> Result<Option<StoredForm>, StoreError> {
        self.get(key::form(id, version))
            .await?
            .map(item::read)
            .transpose()
    }

    /// How many requests a desk has, counted up to a number.
    pub async fn desk_count(&self, desk: &Desk, most: usize) -> Result<usize, StoreError> {
        let mut expressions = Expressions::default();
        let name = expressions.name(BY_DESK.partition);
        let value = expressions.value(AttributeValue::S(desk.to_string()));
        let answer = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(BY_DESK.name)
            .key_condition_expression(format!("{name} = {value}"))
            .set_expression_attribute_names(expressions.names())
            .set_expression_attribute_values(expressions.values())
            .select(aws_sdk_dynamodb::types::Select::Count)
            .limit(i32::try_from(most).unwrap_or(i32::MAX))
            .send()
            .await?;
        Ok(usize::try_from(answer.count()).unwrap_or_default())
    }

    /// The request that a reference number names.
    pub async fn by_reference(&self, reference: &Reference) -> Result<Option<RequestId>, StoreError> {
        let item = self.get(key::reference(reference)).await?;
        Ok(item
            .as_ref()
            .and_then(|item| text(item, "request"))
            .and_then(RequestId::parse))
    }

    /// What a desk has, longest waiting first.
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

    /// What a company has, newest first: an order that no step moves.
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

    /// Everything of a company that is in one of some states, newest first. What is in another one is read too, but
    /// does not travel.
    pub async fn company_requests_in(
        &self,
        company: &CompanyId,
        states: &[StateName],
    ) -> Result<Vec<StoredHead>, StoreError> {
        let mut expressions = Expressions::default();
        let name = expressions.name(BY_COMPANY.partition);
        let value = expressions.value(AttributeValue::S(company.to_string()));
        let state = expressions.name(Attribute::State.name());
        let states: Vec<String> = states
            .iter()
            .map(|state| expressions.value(AttributeValue::S(state.as_str().to_owned())))
            .collect();
        let (mut heads, mut start) = (Vec::new(), None);
        loop {
            let answer = self
                .client
                .query()
                .table_name(&self.table)
                .index_name(BY_COMPANY.name)
                .key_condition_expression(format!("{name} = {value}"))
                .filter_expression(format!("{state} IN ({})", states.join(", ")))
                .set_expression_attribute_names(expressions.names())
                .set_expression_attribute_values(expressions.values())
                .scan_index_forward(false)
                .set_exclusive_start_key(start)
                .send()
                .await?;
            for item in answer.items.unwrap_or_default() {
                heads.push(StoredHead::read(&item)?);
            }
            start = answer.last_evaluated_key;
            if start.is_none() {
                return Ok(heads);
            }
        }
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
        let start = start.and_then(|cursor| cursor.index_start((index.partition, partition), index.sort));
        let mut expressions = Expressions::default();
        let name = expressions.name(index.partition);
        let value = expressions.value(AttributeValue::S(partition.to_owned()));
        let answer = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(index.name)
            .key_condition_expression(format!("{name} = {value}"))
            .set_expression_attribute_names(expressions.names())
            .set_expression_attribute_values(expressions.values())
            .scan_index_forward(forward)
            .limit(i32::try_from(limit).unwrap_or(i32::MAX))
            .set_exclusive_start_key(start)
            .send()
            .await?;
        let next = answer
            .last_evaluated_key
            .and_then(|last| Cursor::after(list, &last, Some(index.sort)));
        let items = answer.items.unwrap_or_default();
        let items = items.iter().map(StoredHead::read).collect::<Result<_, _>>()?;
        Ok(Page { items, next })
    }

    /// Gives a number back that was drawn and not used, unless others have drawn since.
    pub async fn give_back(&self, eservice: EServiceId, reference: &Reference) -> Result<(), StoreError> {
        let number = |number: u32| AttributeValue::N(number.to_string());
        let mut expressions = Expressions::default();
        let last = expressions.name("last");
        let drawn = expressions.value(number(reference.number()));
        let before = expressions.value(number(reference.number().saturating_sub(1)));
        self.update_where(
            key::counter(eservice),
            format!("SET {last} = {before}"),
            format!("{last} = {drawn}"),
            &expressions,
        )
        .await
        .map(|_| ())
    }

    /// Draws the next reference number of an eService. Numbers have gaps, never twins.
    pub async fn next_reference(&self, eservice: EServiceId) -> Result<Reference, StoreError> {
        let answer = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key::counter(eservice).into_attributes()))
            .update_expression("ADD #last :one")
            .expression_attribute_names("#last", "last")
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .return_values(aws_sdk_dynamodb::types::ReturnValue::UpdatedNew)
            .send()
            .await?;
        let last = answer.attributes.as_ref().and_then(|item| item.get("last"));
        let number = last
            .and_then(|last| last.as_n().ok())
            .and_then(|last| last.parse().ok());
        number
            .and_then(|number| Reference::new(eservice, number))
            .ok_or_else(|| StoreError::Corrupt("the reference counter has run past its 8 digits".to_owned()))
    }
}

/// The name of a desk's list, to which its cursors are bound.
pub fn desk_list(desk: &Desk) -> String {
    format!("tasks {desk}")
}

/// The name of a company's list, to which its cursors are bound.
pub fn company_list(company: &CompanyId) -> String {
    format!("requests {company}")
}
