//! Pages of lists, and the cursors that lead from one to the next.

use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign_domain::id::Digest;
use serde::{Deserialize, Serialize};

use super::item::{Item, text};

/// Rows of a page at most.
pub const MAX_LIMIT: usize = 100;
/// Rows of a page when nothing else is asked for.
pub const DEFAULT_LIMIT: usize = 50;

/// A part of a list.
#[derive(Debug)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next part starts; none at the end.
    pub next: Option<Cursor>,
}

/// Where a part of a list starts: right after an item. It names the list that it belongs to, so that it is of no use
/// with another one; and the key that it is turned into holds the caller's own partition, never one that it brings.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cursor {
    /// The beginning of the digest of the list's name.
    list: String,
    /// The last item's partition key.
    pk: String,
    /// The last item's sort key.
    sk: String,
    /// The last item's sort key in the index, if the list is of one.
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<String>,
}

impl Cursor {
    /// After an item of a list. `at` is the index's sort key.
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

    /// As clients carry it.
    pub fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_string(self).unwrap_or_default())
    }

    /// Reads a cursor of this list. `None` for one of another list, for one that no list gives, or for none at all.
    pub fn parse(text: &str, list: &str) -> Option<Self> {
        let cursor: Self = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        (cursor.list == mark(list) && cursor.is_possible()).then_some(cursor)
    }

    /// Whether an item of a list can have these keys. The store takes no empty ones, and none outside of the list.
    fn is_possible(&self) -> bool {
        if let Some(at) = &self.at {
            return self.pk.starts_with("REQ#") && self.sk == super::key::HEAD && !at.is_empty();
        }
        let of_register = self.pk.starts_with("DA#") && self.sk.starts_with(super::key::USER);
        let of_companies = self.pk == super::key::COMPANIES && self.sk.starts_with(super::key::LISTED);
        of_register || of_companies
    }

    /// The last item's sort key.
    pub(super) fn sort_key(&self) -> &str {
        &self.sk
    }

    /// The start key in an index whose keys have these names, in the caller's own partition.
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

fn mark(list: &str) -> String {
    Digest::of(list.as_bytes()).to_string().chars().take(16).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_of_no_use_with_another_list() {
        let item = Item::from([
            ("pk".to_owned(), AttributeValue::S("REQ#1".into())),
            ("sk".to_owned(), AttributeValue::S("HEAD".into())),
            ("desk_since".to_owned(), AttributeValue::S("2023".into())),
        ]);
        let cursor = Cursor::after("tasks COMPANY#abc", &item, Some("desk_since"))
            .unwrap()
            .encode();
        assert!(Cursor::parse(&cursor, "tasks COMPANY#abc").is_some());
        assert!(Cursor::parse(&cursor, "tasks COMPANY#bank").is_none());
        assert!(Cursor::parse("x", "tasks COMPANY#abc").is_none());
        let impossible = Cursor::after("tasks COMPANY#abc", &item, None).unwrap().encode();
        assert!(Cursor::parse(&impossible, "tasks COMPANY#abc").is_none());
    }
}
