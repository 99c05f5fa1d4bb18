//! Which version of a request a person last opened.

use std::collections::{BTreeSet, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::id::{CompanyId, PersonId, RequestId};
use serde::{Deserialize, Serialize};

use super::condition::Expressions;
use super::item::{self, Item, text};
use super::key::{self, Key, PK};
use super::{Store, StoreError};

/// What a person last saw of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// The request's version.
    pub version: u32,
    /// The version that saved the form which they saw.
    pub form: u32,
    /// The version that saved the other form which they saw before it. `None` if they saw no other form.
    pub form_before: Option<u32>,
}

#[derive(Serialize, Deserialize)]
struct SeenItem {
    version: u32,
    form: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    form_before: Option<u32>,
}

impl Seen {
    fn read(item: Item) -> Result<Self, StoreError> {
        let read: SeenItem = item::read(item)?;
        Ok(Self {
            version: read.version,
            form: read.form,
            form_before: read.form_before,
        })
    }
}

fn key_of(id: RequestId, company: &CompanyId, person: &PersonId) -> Key {
    key::seen(id, &key::whose(company, person))
}

impl Store {
    /// Reads what a person last saw of a request.
    pub async fn seen(
        &self,
        id: RequestId,
        company: &CompanyId,
        person: &PersonId,
    ) -> Result<Option<Seen>, StoreError> {
        let item = self.get(key_of(id, company, person)).await?;
        item.map(Seen::read).transpose()
    }

    /// Reads what a person last saw of each of these requests. Leaves out those that they never opened.
    pub async fn seen_of_each(
        &self,
        ids: &BTreeSet<RequestId>,
        company: &CompanyId,
        person: &PersonId,
    ) -> Result<HashMap<RequestId, Seen>, StoreError> {
        let keys = ids.iter().map(|id| key_of(*id, company, person));
        let items = self.get_all(keys.collect()).await?;
        let named = |item: Item| {
            let id = text(&item, PK).and_then(key::request_id);
            let id = id.ok_or_else(|| StoreError::Corrupt("a view of no request".to_owned()))?;
            Ok((id, Seen::read(item)?))
        };
        items.into_iter().map(named).collect()
    }

    /// Records what a person saw of a request, unless they saw a later version in the meantime.
    pub async fn record_seen(
        &self,
        id: RequestId,
        company: &CompanyId,
        person: &PersonId,
        seen: &Seen,
    ) -> Result<(), StoreError> {
        let mut expressions = Expressions::default();
        let (pk, version) = (expressions.name(PK), expressions.name("version"));
        let new = expressions.value(AttributeValue::N(seen.version.to_string()));
        let condition = format!("attribute_not_exists({pk}) OR {version} < {new}");
        let item = SeenItem {
            version: seen.version,
            form: seen.form,
            form_before: seen.form_before,
        };
        let key = key_of(id, company, person);
        self.put_where(key, &item, condition, &expressions)
            .await
            .map(|_| ())
    }
}
