//! Reads the mailbox, and edits the directory directly in the table.

use std::collections::HashMap;
use std::hash::BuildHasher;

use aws_sdk_dynamodb::types::AttributeValue;
use countersign_local::Mail;
use countersign_local::demonstration::PEOPLE;

use serde_json::{Value, json};

use crate::World;

/// An e-mail's recipient and subject.
pub type Told = (String, String);

impl World {
    /// Recipients and subjects of the e-mails after the first `skip`, oldest first, once everything has settled.
    pub async fn told_since(&self, skip: usize) -> Vec<Told> {
        let mut told: Vec<Told> = self.mails_since(skip).await.iter().map(told).collect();
        told.sort();
        told
    }

    /// The e-mails after the first `skip`, oldest first, once everything has settled.
    pub async fn mails_since(&self, skip: usize) -> Vec<Mail> {
        self.local.settle().await;
        let mut mails = self.local.mailbox();
        mails.reverse();
        mails.split_off(skip.min(mails.len()))
    }

    /// The event of a row of a request's history, as the table's stream sends it.
    pub async fn row(&self, request: &str, version: u32) -> Value {
        let answer = self
            .local
            .dynamodb()
            .get_item()
            .table_name(self.local.table_name())
            .key("pk", AttributeValue::S(format!("REQ#{request}")))
            .key("sk", AttributeValue::S(format!("EVT#{version:010}")))
            .send()
            .await
            .unwrap_or_else(|error| panic!("{error:?}"));
        inserted(&answer.item.unwrap_or_else(|| panic!("there is no row {version}")))
    }

    /// Sets an attribute of one of the demonstration's people in the directory.
    pub async fn edit_person(&self, user: &str, attribute: &str, value: AttributeValue) {
        let person = PEOPLE.iter().find(|person| person.user == user);
        let person = person.unwrap_or_else(|| panic!("there is no {user}"));
        let (pk, sk) = (
            format!("COMPANY#{}", person.company),
            format!("PERSON#{}", person.id),
        );
        self.edit((pk, sk), attribute, value).await;
    }

    /// Sets an attribute of an item.
    pub async fn edit(&self, (pk, sk): (String, String), attribute: &str, value: AttributeValue) {
        self.local
            .dynamodb()
            .update_item()
            .table_name(self.local.table_name())
            .key("pk", AttributeValue::S(pk))
            .key("sk", AttributeValue::S(sk))
            .update_expression("SET #name = :value")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_names("#name", attribute)
            .expression_attribute_values(":value", value)
            .send()
            .await
            .unwrap_or_else(|error| panic!("{error:?}"));
    }

    /// Deletes an item from the table.
    pub async fn take_out(&self, (pk, sk): (String, String)) {
        let delete = self.local.dynamodb().delete_item();
        let delete = delete
            .table_name(self.local.table_name())
            .key("pk", AttributeValue::S(pk))
            .key("sk", AttributeValue::S(sk))
            .condition_expression("attribute_exists(pk)");
        delete.send().await.unwrap_or_else(|error| panic!("{error:?}"));
    }
}

/// An e-mail's recipient and subject.
pub fn told(mail: &Mail) -> Told {
    (mail.message.to.join(", "), mail.message.subject.clone())
}

/// A string as an attribute's value.
pub fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

/// The stream's record of a new item.
pub fn inserted<S: BuildHasher>(item: &HashMap<String, AttributeValue, S>) -> Value {
    let image: Value = item
        .iter()
        .map(|(name, value)| (name.clone(), on_the_wire(value)))
        .collect();
    json!({
        "eventName": "INSERT",
        "dynamodb": {
            "Keys": {"pk": image["pk"], "sk": image["sk"]},
            "NewImage": image,
            "SequenceNumber": image["version"]["N"],
        },
    })
}

fn on_the_wire(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(number) => json!({ "N": number }),
        AttributeValue::Bool(flag) => json!({ "BOOL": flag }),
        AttributeValue::Ss(members) => json!({ "SS": members }),
        AttributeValue::Null(_) => json!({ "NULL": true }),
        AttributeValue::L(members) => {
            json!({ "L": members.iter().map(on_the_wire).collect::<Vec<_>>() })
        }
        AttributeValue::M(members) => {
            let members = members
                .iter()
                .map(|(name, value)| (name.clone(), on_the_wire(value)));
            json!({ "M": members.collect::<Value>() })
        }
        other => panic!("no item of the product has {other:?}"),
    }
}
