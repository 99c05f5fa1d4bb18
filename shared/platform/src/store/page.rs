//! Pages of lists, and the cursors that link them.

use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign_domain::id::{Digest, ParticipantId};
use countersign_domain::time;
use serde::{Deserialize, Serialize};

use super::item::{Item, text};

/// The most rows on a page.
pub const MAX_LIMIT: usize = 100;
/// The rows on a page if the call names no limit.
pub const DEFAULT_LIMIT: usize = 50;

/// A page of a list.
#[derive(Debug)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page starts. `None` on the last page.
    pub next: Option<Cursor>,
}

/// Where a page starts: right after this item. A cursor names its list and works for no other. The start key made from
/// it takes the index's partition from the caller, never from the cursor.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cursor {
    /// The start of the digest of the list's name.
    list: String,
    /// The last item's partition key.
    pk: String,
    /// The last item's sort key.
    sk: String,
    /// The last item's sort key in the index, if the list is read from one.
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<String>,
}

impl Cursor {
    /// Makes the cursor that starts after an item. `at` names the index's sort key.
    pub(super) fn after(list: &str, item: &Item, at: Option<&str>) -> Option<Self> {
        Some(Self {
            list: mark(list),
            pk: text(item, super::key::PK)?.to_owned(),
            sk: text(item, super::key::SK)?.to_owned(),
            at: match at {
                Some(at) => Some(text(item, at)?.to_owned()),
                None => None,
            },
        })
    }

    /// Encodes the cursor for clients.
    pub fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_string(self).unwrap_or_default())
    }

    /// Reads a cursor of this list. `None` for a cursor of another list, for one that no list issues, and for any other
    /// text.
    pub fn parse(text: &str, list: &str) -> Option<Self> {
        let cursor: Self = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        (cursor.is_of(list) && cursor.is_possible()).then_some(cursor)
    }

    /// Whether it is a cursor of this list.
    pub fn is_of(&self, list: &str) -> bool {
        self.list == mark(list)
    }

    /// Whether an item of a list can have these keys. DynamoDB rejects a start key that is empty or outside the list.
    fn is_possible(&self) -> bool {
        if let Some(at) = &self.at {
            let id = super::key::request_id(&self.pk);
            let is_instant = time::parse(at).is_some_and(|instant| time::stored(instant) == *at);
            return id.is_some() && self.sk == super::key::HEAD && is_instant;
        }
        let participant = self.pk.strip_prefix("DA#").and_then(ParticipantId::parse);
        let of_register = participant.is_some() && follows(&self.sk, super::key::USER);
        let of_companies = self.pk == super::key::COMPANIES && follows(&self.sk, super::key::LISTED);
        of_register || of_companies
    }

    /// The last item's sort key.
    pub(super) fn sort_key(&self) -> &str {
        &self.sk
    }

    /// Builds the start key for an index, in the caller's own partition. `partition` is the name and value of the
    /// partition key, `sort` the name of the sort key.
    pub(super) fn index_start(&self, partition: (&str, &str), sort: &str) -> Option<Item> {
        let pair = |name: &str, value: &str| (name.to_owned(), AttributeValue::S(value.to_owned()));
        Some(Item::from([
            pair(super::key::PK, &self.pk),
            pair(super::key::SK, &self.sk),
            pair(partition.0, partition.1),
            pair(sort, self.at.as_deref()?),
        ]))
    }
}

/// Whether a key starts with the prefix and continues.
fn follows(key: &str, prefix: &str) -> bool {
    key.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty())
}

fn mark(list: &str) -> String {
    Digest::of(list.as_bytes()).to_string().chars().take(16).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "tasks COMPANY#abc";

    fn cursor(pk: &str, at: Option<&str>) -> String {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let item = Item::from([
            ("pk".to_owned(), text(pk)),
            ("sk".to_owned(), text("HEAD")),
            ("desk_since".to_owned(), text(at.unwrap_or_default())),
        ]);
        Cursor::after(LIST, &item, at.map(|_| "desk_since"))
            .unwrap()
            .encode()
    }

    #[test]
    fn a_cursor_is_of_no_use_with_another_list() {
        let cursor = cursor("REQ#01GRMW2Q3W0MT199G0RMWHG5EN", Some("2023-02-07T02:43:03.434Z"));
        assert!(Cursor::parse(&cursor, LIST).is_some());
        assert!(Cursor::parse(&cursor, "tasks COMPANY#bank").is_none());
        assert!(Cursor::parse("x", LIST).is_none());
    }

    #[test]
    fn a_cursor_with_a_position_that_no_item_has_is_none() {
        let (request, since) = ("REQ#01GRMW2Q3W0MT199G0RMWHG5EN", "2023-02-07T02:43:03.434Z");
        for (pk, at) in [
            (request, None),
            (request, Some("")),
            (request, Some("x")),
            (request, Some("2023")),
            (request, Some("2023-02-07T02:43:03Z")),
            (request, Some("2023-02-07T10:43:03.434+08:00")),
            ("REQ#1", Some(since)),
            ("REQ#", Some(since)),
            ("DA#B01234", Some(since)),
        ] {
            assert!(Cursor::parse(&cursor(pk, at), LIST).is_none(), "{pk} {at:?}");
        }
    }
}
