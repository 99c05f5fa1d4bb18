//! Writes many requests directly into the table: lists must cope with what years of use leave there.

use std::collections::HashMap;
use std::ops::Range;

use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use countersign_domain::id::RequestId;
use jiff::{Span, Timestamp};
use serde_json::Value;

use crate::{World, form_for};

/// Items in one `BatchWriteItem`.
const BATCH: usize = 25;
/// Batches that are sent in parallel.
const LANES: usize = 4;

/// An item of the table.
pub type Item = HashMap<String, AttributeValue>;

/// Writes `count` open requests that differ from a submitted one only in ID, reference and time. Each is older than the
/// one before; every three have the same millisecond.
pub async fn open_requests_like(world: &World, id: &str, count: usize) {
    let client = world.local.dynamodb();
    let answer = client
        .get_item()
        .table_name(world.local.table_name())
        .key("pk", text(format!("REQ#{id}")))
        .key("sk", text("HEAD"))
        .send()
        .await
        .unwrap_or_else(|error| panic!("{error:?}"));
    let head = answer.item.unwrap_or_else(|| panic!("there is no request {id}"));
    let since = instant(&head, "desk_since");
    items(
        world,
        (1..=count).map(|number| copy(&head, since, number)).collect(),
    )
    .await;
}

/// Enters ABC Company's administrators with these numbers into the register. [`crate::form_for`] makes forms for them.
pub async fn administrators(world: &World, numbers: Range<usize>) {
    for number in numbers {
        administrators_of(world, &form_for(number)).await;
    }
}

/// Enters every administrator whom a form changes into the register.
pub async fn administrators_of(world: &World, form: &Value) {
    let participant = form["participantship"]["id"].as_str().unwrap_or_default();
    let rows = form["changes"].as_array().map(Vec::as_slice).unwrap_or_default();
    for user_id in rows.iter().filter_map(|row| row["userId"].as_str()) {
        // An update, so that an existing entry keeps its address.
        let update = world.local.dynamodb().update_item();
        let update = update
            .table_name(world.local.table_name())
            .key("pk", text(format!("DA#{participant}")))
            .key("sk", text(format!("USER#{user_id}")))
            .update_expression("SET user_id = :user_id")
            .expression_attribute_values(":user_id", text(user_id));
        update.send().await.unwrap_or_else(|error| panic!("{error:?}"));
    }
}

/// Sets whether ABC Company's audit also has who saw what.
pub async fn records_views(world: &World, records: bool) {
    let update = world.local.dynamodb().update_item();
    let update = update
        .table_name(world.local.table_name())
        .key("pk", text("COMPANY#abc"))
        .key("sk", text("PROFILE"))
        .update_expression("SET records_views = :records")
        .expression_attribute_values(":records", AttributeValue::Bool(records));
    update.send().await.unwrap_or_else(|error| panic!("{error:?}"));
}

/// Everything in the table.
pub async fn everything(world: &World) -> Vec<Item> {
    let scan = world.local.dynamodb().scan().table_name(world.local.table_name());
    let items: Result<Vec<_>, _> = scan.into_paginator().items().send().collect().await;
    items.unwrap_or_else(|error| panic!("{error:?}"))
}

/// Takes items out of the table.
pub async fn lose(world: &World, items: &[Item]) {
    for item in items {
        let delete = world.local.dynamodb().delete_item();
        let delete = delete.table_name(world.local.table_name());
        let delete = delete.key("pk", item["pk"].clone()).key("sk", item["sk"].clone());
        delete.send().await.unwrap_or_else(|error| panic!("{error:?}"));
    }
}

/// Writes items as they are.
pub async fn items(world: &World, items: Vec<Item>) {
    let client = world.local.dynamodb();
    let lane = items.len().div_ceil(LANES).max(1);
    let lanes = items.chunks(lane).map(|items| {
        let (client, table) = (client.clone(), world.local.table_name().to_owned());
        let items = items.to_vec();
        tokio::spawn(async move {
            for batch in items.chunks(BATCH) {
                write(&client, &table, batch).await;
            }
        })
    });
    for lane in lanes.collect::<Vec<_>>() {
        lane.await.unwrap_or_else(|error| panic!("{error}"));
    }
}

async fn write(client: &aws_sdk_dynamodb::Client, table: &str, items: &[Item]) {
    let put = |item: &Item| {
        let put = PutRequest::builder().set_item(Some(item.clone())).build();
        let put = put.unwrap_or_else(|error| panic!("{error}"));
        WriteRequest::builder().put_request(put).build()
    };
    let answer = client
        .batch_write_item()
        .request_items(table, items.iter().map(put).collect())
        .send()
        .await
        .unwrap_or_else(|error| panic!("{error:?}"));
    let left = answer.unprocessed_items().is_none_or(HashMap::is_empty);
    assert!(left, "the table took a part of a batch");
}

fn copy(head: &Item, since: Timestamp, number: usize) -> Item {
    let step = i64::try_from(number.div_ceil(3)).unwrap_or(i64::MAX);
    let at = since - Span::new().milliseconds(step);
    let milliseconds = u64::try_from(at.as_millisecond()).unwrap_or_default();
    let id = RequestId::from_parts(milliseconds, number as u128);
    let stored = countersign_domain::time::stored(at);
    let mut item = head.clone();
    item.extend([
        ("pk".to_owned(), text(format!("REQ#{id}"))),
        ("id".to_owned(), text(id.to_string())),
        (
            "head_reference".to_owned(),
            text(format!("DA3_{:08}", 20_000 + number)),
        ),
        ("desk_since".to_owned(), text(&stored)),
        ("submitted_at".to_owned(), text(&stored)),
        ("created_at".to_owned(), text(&stored)),
        ("updated_at".to_owned(), text(&stored)),
    ]);
    item
}

fn instant(head: &Item, name: &str) -> Timestamp {
    let text = head.get(name).and_then(|value| value.as_s().ok());
    text.and_then(|text| countersign_domain::time::parse(text))
        .unwrap_or_else(|| panic!("the request has no {name}"))
}

fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}
