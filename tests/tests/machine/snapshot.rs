//! What commands have put into the table, read directly.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use countersign_domain::history::HistoryRow;
use countersign_domain::id::RequestId;
use countersign_domain::request::Head;
use countersign_platform::store::index::Index;
use countersign_platform::store::item::{self, Item, StoredHead};
use countersign_platform::store::key::{self, Key};
use countersign_platform::store::requests::StoredForm;
use countersign_tests::World;

/// The table's items by key.
#[derive(Debug, Default)]
pub(crate) struct Snapshot {
    items: BTreeMap<(String, String), Item>,
}

/// A client of the engine, and the table's name.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    client: Client,
    name: String,
}

impl Table {
    pub(crate) fn of(world: &World) -> Self {
        Self {
            client: world.local.dynamodb(),
            name: world.local.table_name().to_owned(),
        }
    }

    /// Reads what commands put into the table. Leaves out what e-mails leave there, which
    /// changes by itself, and which version a person last opened, which a page records, a refusal's too.
    pub(crate) async fn read(&self) -> Snapshot {
        let items = self.scan(None).await.into_iter();
        let items = items.map(|mut item| {
            // A refused command gives its number back but still counts as a draw.
            item.remove("draws");
            ((text(&item, key::PK), text(&item, key::SK)), item)
        });
        Snapshot {
            items: items.filter(|((pk, sk), _)| is_of_commands(pk, sk)).collect(),
        }
    }

    /// The requests in an index, each with the value of the index's partition key.
    pub(crate) async fn indexed(&self, index: Index) -> Vec<(String, String)> {
        let entries = self.scan(Some(index.name)).await;
        let mut entries: Vec<_> = entries
            .iter()
            .map(|item| (text(item, "pk"), text(item, index.partition)))
            .collect();
        entries.sort();
        entries
    }

    async fn scan(&self, index: Option<&str>) -> Vec<Item> {
        let (mut items, mut start) = (Vec::new(), None);
        loop {
            let scan = self
                .client
                .scan()
                .table_name(&self.name)
                .set_exclusive_start_key(start);
            let page = scan.set_index_name(index.map(str::to_owned)).send().await;
            let page = page.unwrap_or_else(|error| panic!("{error:?}"));
            items.extend(page.items.unwrap_or_default());
            start = page.last_evaluated_key;
            if start.is_none() {
                return items;
            }
        }
    }
}

fn is_of_commands(pk: &str, sk: &str) -> bool {
    let is_of_others = ["MAIL#", "NOTICE#", "RECEIVED#", "SEEN#"]
        .iter()
        .any(|kind| sk.starts_with(kind));
    let kinds = ["REQ#", "LOCK#", "SEQ#", "DA#", "COMPANY#"];
    !is_of_others && kinds.iter().any(|kind| pk.starts_with(kind))
}

fn text(item: &Item, name: &str) -> String {
    item.get(name)
        .and_then(|value| value.as_s().ok())
        .cloned()
        .unwrap_or_default()
}

impl Snapshot {
    /// The keys of the items that differ from another snapshot.
    pub(crate) fn differences(&self, other: &Self) -> Vec<(String, String)> {
        let keys: std::collections::BTreeSet<_> = self.items.keys().chain(other.items.keys()).collect();
        keys.into_iter()
            .filter(|key| self.items.get(key) != other.items.get(key))
            .cloned()
            .collect()
    }

    /// The IDs of all requests.
    pub(crate) fn requests(&self) -> Vec<RequestId> {
        let heads = self.items.keys().filter(|(_, sk)| sk == key::HEAD);
        heads
            .filter_map(|(pk, _)| RequestId::parse(pk.strip_prefix("REQ#")?))
            .collect()
    }

    pub(crate) fn head(&self, id: RequestId) -> Head {
        let item = self
            .item(key::head(id))
            .unwrap_or_else(|| panic!("{id} has no head"));
        StoredHead::read(item)
            .unwrap_or_else(|error| panic!("{id}: {error}"))
            .head
    }

    /// A request's history, oldest first.
    pub(crate) fn history(&self, id: RequestId) -> Vec<HistoryRow> {
        let (first, last) = (key::history(id, 0), key::history(id, u32::MAX));
        let rows = self.items.range((first.pk, first.sk)..=(last.pk, last.sk));
        let read =
            |item: &Item| item::read_history(item.clone()).unwrap_or_else(|error| panic!("{id}: {error}"));
        rows.map(|(_, item)| read(item)).collect()
    }

    /// The form that the save of a version stored.
    pub(crate) fn form(&self, id: RequestId, version: u32) -> StoredForm {
        let item = self.item(key::form(id, version));
        let item = item.unwrap_or_else(|| panic!("{id} has no form of version {version}"));
        item::read(item.clone()).unwrap_or_else(|error| panic!("{id}: {error}"))
    }

    /// An item's attribute, if both exist and it is a string.
    pub(crate) fn text(&self, key: Key, name: &str) -> Option<&str> {
        match self.item(key)?.get(name)? {
            AttributeValue::S(text) => Some(text),
            _ => None,
        }
    }

    fn item(&self, key: Key) -> Option<&Item> {
        self.items.get(&(key.pk, key.sk))
    }
}
