//! An engine elsewhere, which here is the embedded one behind its own wire.

use serde_json::json;

use super::stream::Start;
use super::*;
use crate::clock::tests::TestClock;

fn table() -> Table {
    let table = json!({
        "TableName": "table",
        "KeySchema": [{ "AttributeName": "pk", "KeyType": "HASH" }],
        "AttributeDefinitions": [
            { "AttributeName": "pk", "AttributeType": "S" },
            { "AttributeName": "desk", "AttributeType": "S" },
        ],
        "GlobalSecondaryIndexes": [{
            "IndexName": "by_desk",
            "KeySchema": [{ "AttributeName": "desk", "KeyType": "HASH" }],
            "Projection": { "ProjectionType": "KEYS_ONLY" },
        }],
        "StreamSpecification": { "StreamViewType": "NEW_AND_OLD_IMAGES" },
    });
    serde_json::from_value(table).unwrap()
}

async fn put(engine: &Engine, pk: &str) {
    let item = json!({ "TableName": "table", "Item": { "pk": { "S": pk } } });
    engine.wire.table("PutItem", &item).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_reads_the_same_over_the_wire_as_through_the_handle() {
    let engine = Engine::start(None).unwrap();
    let elsewhere = Engine::elsewhere(engine.endpoint());
    elsewhere.ensure(&table()).await.unwrap();
    for pk in ["a", "b", "c"] {
        put(&engine, pk).await;
    }
    let clock = TestClock::at("2023-02-07T02:43:00Z").clock();
    let mut read = Vec::new();
    for engine in [&engine, &elsewhere] {
        let stream = engine.stream("table", clock.clone()).await.unwrap();
        let begin = stream.iterator(Start::Oldest).await.unwrap();
        let (records, _) = stream.poll(&begin).await.unwrap();
        let second = Start::After(&records[1].sequence_number);
        let rest = stream.iterator(second).await.unwrap();
        let (rest, _) = stream.poll(&rest).await.unwrap();
        assert_eq!(rest.len(), 1);
        assert_eq!(rest[0].json["dynamodb"]["Keys"]["pk"]["S"], "c");
        read.push(records.into_iter().map(|record| record.json).collect::<Vec<_>>());
    }
    assert_eq!(read[0].len(), 3);
    assert_eq!(read[0], read[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_is_there_is_taken_unless_it_has_another_shape() {
    let engine = Engine::start(None).unwrap();
    engine.ensure(&table()).await.unwrap();
    put(&engine, "kept").await;
    engine.ensure(&table()).await.unwrap();
    let kept = json!({ "TableName": "table", "Key": { "pk": { "S": "kept" } } });
    let found = engine.wire.table("GetItem", &kept).await.unwrap();
    assert_eq!(found["Item"]["pk"]["S"], "kept");
    let mut other = table();
    other.indexes[0].projection = json!({ "ProjectionType": "ALL" });
    let refusal = engine.ensure(&other).await.unwrap_err().to_string();
    assert!(refusal.contains("another version of template.yaml"), "{refusal}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_where_no_dynamodb_answers_is_an_error() {
    let engine = Engine::start(None).unwrap();
    let gone = engine.endpoint().to_owned();
    tokio::task::spawn_blocking(|| engine.stop()).await.unwrap();
    let refusal = Engine::elsewhere(&gone).ensure(&table()).await.unwrap_err();
    assert!(refusal.to_string().contains("can't be used"), "{refusal}");
}
