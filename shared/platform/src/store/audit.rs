//! What an audit reads of a request, and the entries that are kept for it beside the history.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign_domain::actor::{Member, Person};
use countersign_domain::audit::{Attempt, Reason, View};
use countersign_domain::history::HistoryRow;
use countersign_domain::id::{Digest, RequestId};
use countersign_domain::time;
use countersign_domain::trail::Kept;
use countersign_domain::workflow::Action;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::condition::Expressions;
use super::item::{self, Item, StoredHead, text};
use super::key::{self, Key, SK};
use super::requests::{MAX_READS, StoredForm};
use super::{SortKeys, Store, StoreError};

/// A request's history with what is kept for audits beside it.
#[derive(Debug, Default)]
pub struct Trail {
    /// The history, oldest first.
    pub history: Vec<HistoryRow>,
    /// The attempts that were refused, in no particular order.
    pub attempts: Vec<Attempt>,
    /// Who opened which version, in no particular order.
    pub views: Vec<View>,
}

/// Where an audit goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Which of the caller's lists of requests, counted from 0.
    pub list: usize,
    /// Where the block of requests starts in that list, as the list's own cursor. `None` at its beginning.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub block: Option<String>,
    /// The last entry that was shown of this block. `None` before the first.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub after: Option<Position>,
}

/// The position of an entry among those of its block. The later comes first; entries of one time have an order too.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position {
    /// When it happened, in milliseconds since 1970.
    pub at: i64,
    /// Tells it from others of that time.
    pub key: String,
}

impl Trail {
    /// Takes an item with this sort key. Others that stand between these are not part of it.
    fn take(&mut self, sk: &str, item: Item) -> Result<(), StoreError> {
        if sk.starts_with(key::HISTORY) {
            self.history.push(item::read_history(item)?);
        } else if sk.starts_with(key::ATTEMPT) {
            self.attempts.push(item::read(item)?);
        } else if sk.starts_with(key::ACCESS) {
            self.views.push(item::read(item)?);
        }
        Ok(())
    }
}

impl Place {
    /// Encodes the place for clients.
    pub fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_string(self).unwrap_or_default())
    }

    /// Reads what [`Self::encode`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
    }
}

impl Store {
    /// Reads a request's history and the attempts that were refused, by one query; with `views`, also who opened what.
    pub async fn trail(&self, id: RequestId, views: bool) -> Result<Trail, StoreError> {
        let first = if views { key::ACCESS } else { key::ATTEMPT };
        let range = SortKeys::Between(first, key::AFTER_HISTORY);
        let mut trail = Trail::default();
        for item in self.partition(key::request(id), range).await? {
            let sk = text(&item, SK).unwrap_or_default().to_owned();
            trail.take(&sk, item)?;
        }
        Ok(trail)
    }

    /// Reads everything that an audit has of a request, by one query. A step that comes between two of its pages is not
    /// in all of them, and then all are read again.
    pub async fn kept(&self, id: RequestId) -> Result<Option<Kept>, StoreError> {
        for _ in 0..MAX_READS {
            let range = SortKeys::Between(key::ACCESS, key::HEAD);
            let items = self.partition(key::request(id), range).await?;
            let Some(kept) = gather(items)? else {
                return Ok(None);
            };
            let last = kept.history.last().map(|row| row.version);
            if last == Some(kept.head.version) {
                return Ok(Some(kept));
            }
        }
        Err(StoreError::Busy)
    }

    /// Counts an attempt that was refused.
    pub async fn record_attempt(
        &self,
        id: RequestId,
        member: &Member,
        (action, reason): (Action, Reason),
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let who = key::whose(&member.company, &member.person.id);
        let what = Digest::of(format!("{who} {} {}", action.as_str(), reason.as_str()).as_bytes());
        let named = |name: &str| AttributeValue::S(name.to_owned());
        let about = [
            ("action", named(action.as_str())),
            ("reason", named(reason.as_str())),
        ];
        self.count(key::attempt(id, &what), member, about, now).await
    }

    /// Counts a view of a version.
    pub async fn record_view(
        &self,
        id: RequestId,
        member: &Member,
        version: u32,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let who = key::whose(&member.company, &member.person.id);
        let about = [("version", AttributeValue::N(version.to_string()))];
        self.count(key::view(id, version, &who), member, about, now).await
    }

    /// Counts something that a member did, and keeps when they did it first and last.
    async fn count(
        &self,
        key: Key,
        member: &Member,
        about: impl IntoIterator<Item = (&str, AttributeValue)>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut expressions = Expressions::default();
        let at = expressions.value(AttributeValue::S(time::stored(now)));
        let [first, last] = ["first", "last"].map(|name| expressions.name(name));
        let mut set = vec![
            format!("{first} = if_not_exists({first}, {at})"),
            format!("{last} = {at}"),
        ];
        let who = [
            ("actor", person(&member.person)?),
            ("company", AttributeValue::S(member.company.to_string())),
        ];
        for (name, value) in who.into_iter().chain(about) {
            set.push(format!(
                "{} = {}",
                expressions.name(name),
                expressions.value(value)
            ));
        }
        let times = expressions.name("times");
        let one = expressions.value(AttributeValue::N("1".to_owned()));
        self.client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key.into_attributes()))
            .update_expression(format!("SET {} ADD {times} {one}", set.join(", ")))
            .set_expression_attribute_names(expressions.names())
            .set_expression_attribute_values(expressions.values())
            .send()
            .await?;
        Ok(())
    }
}

/// Sorts the items of a request. `None` if its head is not among them.
fn gather(items: Vec<Item>) -> Result<Option<Kept>, StoreError> {
    let (mut head, mut forms, mut trail) = (None, BTreeMap::new(), Trail::default());
    for item in items {
        let sk = text(&item, SK).unwrap_or_default().to_owned();
        if sk == key::HEAD {
            head = Some(StoredHead::read(&item)?.head);
        } else if sk.starts_with(key::FORM) {
            let (version, form) = StoredForm::read(item)?;
            forms.insert(version, (form.json()?, form.seal().clone()));
        } else {
            trail.take(&sk, item)?;
        }
    }
    let Trail {
        history,
        attempts,
        views,
    } = trail;
    Ok(head.map(|head| Kept {
        head,
        history,
        forms,
        attempts,
        views,
    }))
}

fn person(person: &Person) -> Result<AttributeValue, StoreError> {
    serde_dynamo::to_attribute_value(person).map_err(|error| StoreError::Corrupt(error.to_string()))
}
