//! The operator's tool, against the running product.

mod credentials;
mod doctor;
mod import;
mod import_again;
mod import_refuses;
mod resend;
mod smoke;
mod smoke_pages;
mod story;

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_tests::{World, seed};

/// Every item of the table once it has settled, by its key.
async fn items(world: &World) -> BTreeMap<(String, String), String> {
    world.local.settle().await;
    let mut items = BTreeMap::new();
    for item in seed::everything(world).await {
        let key = |name: &str| item[name].as_s().unwrap().clone();
        let sorted: BTreeMap<_, _> = item.iter().map(|(name, value)| (name, shown(value))).collect();
        items.insert((key("pk"), key("sk")), format!("{sorted:?}"));
    }
    items
}

/// A value in which the order of a set or of a map does not matter.
fn shown(value: &AttributeValue) -> String {
    match value {
        AttributeValue::Ss(texts) => format!("{:?}", texts.iter().collect::<BTreeSet<_>>()),
        AttributeValue::M(values) => {
            let values: BTreeMap<_, _> = values.iter().map(|(name, value)| (name, shown(value))).collect();
            format!("{values:?}")
        }
        value => format!("{value:?}"),
    }
}
