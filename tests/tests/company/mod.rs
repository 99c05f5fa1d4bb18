//! The company's page, and people of one name told apart wherever they are named.

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_tests::World;
use countersign_tests::seed::Item;

mod addresses;
mod namesakes;
mod page;

const PATH: &str = "/portal/company";

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

/// Sets attributes of an item of a company's partition, as a request that changed it would.
async fn set(world: &World, (company, sk): (&str, &str), attributes: &[(&str, AttributeValue)]) {
    for (name, value) in attributes {
        let update = world.local.dynamodb().update_item();
        let update = update
            .table_name(world.local.table_name())
            .key("pk", text(&format!("COMPANY#{company}")))
            .key("sk", text(sk))
            .update_expression("SET #name = :value")
            .expression_attribute_names("#name", *name)
            .expression_attribute_values(":value", value.clone());
        update.send().await.unwrap();
    }
}

/// The sort key of a person of ABC Company, by the last digits of their ID in the demonstration.
fn person(number: &str) -> String {
    format!("PERSON#0f2c8a51-6b1e-4d0a-9c57-1a4be0d35e{number}")
}

/// A person of a company, as a directory from before names were unique may have them.
fn entry(company: &str, id: &str, name: &str, right: &str) -> Item {
    Item::from([
        ("pk".to_owned(), text(&format!("COMPANY#{company}"))),
        ("sk".to_owned(), text(&format!("PERSON#{id}"))),
        ("name".to_owned(), text(name)),
        ("email".to_owned(), text(&format!("{id}@{company}.example"))),
        ("rights".to_owned(), AttributeValue::Ss(vec![right.to_owned()])),
    ])
}
