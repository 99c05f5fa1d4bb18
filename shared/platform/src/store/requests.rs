//! Reads requests, and the marks that commands leave at them.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::audit::Attempt;
use countersign_domain::commitment::Salt;
use countersign_domain::fact::Attribute;
use countersign_domain::form::{Form, FormSeal};
use countersign_domain::history::HistoryRow;
use countersign_domain::id::{CompanyId, Digest, RequestId};
use countersign_domain::language::Language;
use countersign_domain::wording::ERASED;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use serde_json::value::RawValue;

use super::audit::Trail;
use super::item::{self, Item, StoredHead, text};
use super::key::{self, PK, SK};
use super::{Store, StoreError};

/// How often a request is read before its parts agree.
pub(super) const MAX_READS: usize = 3;

/// A request with its form and its history.
#[derive(Debug)]
pub struct StoredRequest {
    /// The head.
    pub stored: StoredHead,
    /// The form.
    pub form: StoredForm,
    /// The history, oldest first.
    pub history: Vec<HistoryRow>,
    /// The attempts that were refused, in no particular order.
    pub attempts: Vec<Attempt>,
}

/// A form as it was stored: JSON text and what seals it. Its hash is in the head.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StoredForm {
    /// The JSON text.
    form: String,
    /// What keeps the form verifiable.
    #[serde(flatten)]
    seal: FormSeal,
}

impl StoredForm {
    /// Writes a form as text, sealed with a random secret.
    pub fn of(form: &Form, secret: Salt) -> Self {
        Self::of_text(form.text(), secret)
    }

    /// Seals a form's text with a random secret.
    pub fn of_text(form: String, secret: Salt) -> Self {
        let seal = FormSeal::Whole { secret };
        Self { form, seal }
    }

    /// Reads a form, with the version that saved it.
    pub(super) fn read(item: Item) -> Result<(u32, Self), StoreError> {
        let version = text(&item, SK).and_then(|sk| sk.strip_prefix(key::FORM)?.parse().ok());
        let version = version.ok_or_else(|| StoreError::Corrupt("a form without a version".to_owned()))?;
        Ok((version, item::read(item)?))
    }

    /// The form's hash. Fails if the text and its seal don't belong together.
    pub fn hash(&self) -> Result<Digest, StoreError> {
        let hash = self.seal.hash(&self.json()?);
        hash.ok_or_else(|| StoreError::Corrupt("a form that its seal does not fit".to_owned()))
    }

    /// Whether this is the form with that hash.
    pub fn has(&self, hash: &Digest) -> bool {
        self.hash().is_ok_and(|own| own == *hash)
    }

    /// The same form with empty texts at these pointers, and the commitments to those that stood there.
    pub fn erased(&self, pointers: &BTreeSet<String>) -> Result<Self, StoreError> {
        let mut form = self.json()?;
        let seal = self.seal.erase(&mut form, pointers);
        let seal = seal.ok_or_else(|| StoreError::Corrupt("a form that its seal does not fit".to_owned()))?;
        Ok(Self {
            form: form.to_string(),
            seal,
        })
    }

    /// The JSON text.
    pub fn text(&self) -> &str {
        &self.form
    }

    /// What keeps the form verifiable.
    pub fn seal(&self) -> &FormSeal {
        &self.seal
    }

    /// Whether the form says the same as another.
    pub fn says(&self, form: &Form) -> bool {
        self.form == form.text()
    }

    /// Returns the text as JSON, as it was stored.
    pub fn raw(&self) -> Result<&RawValue, StoreError> {
        serde_json::from_str(&self.form)
            .map_err(|_| StoreError::Corrupt("a form that is not JSON".to_owned()))
    }

    /// Parses the text as JSON.
    pub fn json(&self) -> Result<Json, StoreError> {
        serde_json::from_str(&self.form)
            .map_err(|_| StoreError::Corrupt("a form that is not JSON".to_owned()))
    }

    /// Parses the text as JSON to be compared, with what people read in place of what is erased.
    pub fn shown(&self, language: Language) -> Result<Json, StoreError> {
        let mut form = self.json()?;
        for pointer in self.seal.erased() {
            if let Some(value) = form.pointer_mut(pointer) {
                *value = Json::String(ERASED.text(language).to_owned());
            }
        }
        Ok(form)
    }

    /// Whether something filled in contains a text, which is in lower case.
    pub fn contains(&self, text: &str) -> Result<bool, StoreError> {
        Ok(contains(&self.json()?, text))
    }
}

/// Whether a text among the values contains this one, which is in lower case.
fn contains(value: &Json, text: &str) -> bool {
    match value {
        Json::String(value) => value.to_lowercase().contains(text),
        Json::Array(values) => values.iter().any(|value| contains(value, text)),
        Json::Object(members) => members.values().any(|value| contains(value, text)),
        Json::Null | Json::Bool(_) | Json::Number(_) => false,
    }
}

/// Who holds the lock of a User ID. A request that was submitted again with another form no longer needs the locks of
/// its earlier form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockHolder {
    /// The request that last took the lock.
    pub request: RequestId,
    /// The digest of the form that named the User ID at that time.
    pub form_hash: Digest,
}

/// The lock of a User ID: the request that last took it, and the digest of the form that named the User ID at that
/// time.
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
    /// Reads a request's head.
    pub async fn head(&self, id: RequestId) -> Result<Option<StoredHead>, StoreError> {
        self.get(key::head(id))
            .await?
            .as_ref()
            .map(StoredHead::read)
            .transpose()
    }

    /// Reads the heads of some requests, in no particular order. Leaves out those that don't exist.
    pub async fn heads(&self, ids: &BTreeSet<RequestId>) -> Result<Vec<StoredHead>, StoreError> {
        let items = self
            .get_all(ids.iter().map(|id| key::head(*id)).collect())
            .await?;
        items.iter().map(StoredHead::read).collect()
    }

    /// Reads which companies some requests belong to. Leaves out those that don't exist.
    pub async fn companies_of(
        &self,
        ids: &BTreeSet<RequestId>,
    ) -> Result<BTreeMap<RequestId, CompanyId>, StoreError> {
        let items = self
            .get_all(ids.iter().map(|id| key::head(*id)).collect())
            .await?;
        let company = |head: &Item| {
            let request = key::request_id(text(head, PK)?)?;
            Some((request, CompanyId::parse(text(head, Attribute::Company.name())?)?))
        };
        Ok(items.iter().filter_map(company).collect())
    }

    /// Reads a request's head and current form, in one call: they are the last two items of that range of its
    /// partition.
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

    /// Reads a request with its form and history, by two queries side by side. If a save comes between them, the parts
    /// don't agree, and both are read again.
    pub async fn request(&self, id: RequestId) -> Result<Option<StoredRequest>, StoreError> {
        for _ in 0..MAX_READS {
            let (trail, now) = tokio::join!(self.trail(id, false), self.head_and_form(id));
            let Some((stored, form)) = now? else {
                return Ok(None);
            };
            let Trail {
                history, attempts, ..
            } = trail?;
            let is_one = history
                .last()
                .is_some_and(|row| row.version == stored.head.version);
            if is_one && form.has(&stored.head.form_hash) {
                return Ok(Some(StoredRequest {
                    stored,
                    form,
                    history,
                    attempts,
                }));
            }
        }
        Err(StoreError::Busy)
    }

    /// Reads the last items of a range of a request's partition, last first.
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

    /// Reads one history row.
    pub async fn history_row(&self, id: RequestId, version: u32) -> Result<Option<HistoryRow>, StoreError> {
        self.get(key::history(id, version))
            .await?
            .map(item::read_history)
            .transpose()
    }

    /// Reads one history row of each of these requests, in no particular order.
    pub async fn history_rows(&self, rows: Vec<(RequestId, u32)>) -> Result<Vec<HistoryRow>, StoreError> {
        let keys = rows.into_iter().map(|(id, version)| key::history(id, version));
        let items = self.get_all(keys.collect()).await?;
        items.into_iter().map(item::read_history).collect()
    }

    /// Reads the mark that a command with this idempotency key left at a request.
    pub async fn command_mark(&self, id: RequestId, key: &Digest) -> Result<Option<CommandMark>, StoreError> {
        self.get(key::command(id, key)).await?.map(item::read).transpose()
    }

    /// Reads a request's form as that version saved it. That version's history row holds its digest.
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
}
