//! Create, submit, claim and confirm over HTTP, as a ratio to bare transactions of the same shape as a claim's on the
//! same engine, alternating in one run. In memory only processor time counts; in a file the disk counts too.

#![allow(clippy::panic, reason = "a benchmark that cannot go on says why and ends")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem, Update};
use countersign_domain::id::RequestId;
use countersign_local::Options;
use countersign_local::options::Data;
use countersign_tests::cast::Cast;
use countersign_tests::measure::rate;
use countersign_tests::seed;
use countersign_tests::stage::form_with;
use countersign_tests::{World, guideline_day};
use reqwest::Method;

/// Rounds of commands and transactions.
const TURNS: usize = 8;
/// Requests that all clients together take through the four commands in a round.
const REQUESTS: usize = 24;
/// Bare transactions that all clients together make in a round.
const TRANSACTIONS: usize = 120;

/// Creates, submits, claims and confirms one request.
async fn lead_through(cast: &Cast, number: usize) {
    let draft = cast
        .maker
        .swiftly(Method::POST, "/requests", None, Some(&form_with(number, 1)))
        .await;
    let path = |action: &str| format!("/requests/{}/{action}", draft.id);
    let mut etag = draft.etag.clone();
    for (user, action) in [
        (&cast.maker, "submit"),
        (&cast.checker, "claim"),
        (&cast.checker, "confirm"),
    ] {
        etag = user
            .swiftly(Method::POST, &path(action), Some(&etag), None)
            .await
            .etag;
    }
}

fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

/// A conditional update of a head and a new history row, as every step writes them: of the same size, with the same
/// indexes and the same stream.
async fn transact(client: &aws_sdk_dynamodb::Client, table: &str, client_number: usize, version: usize) {
    let id = RequestId::from_parts(0, client_number as u128);
    let stored = format!("2023-02-07T02:43:00.{:03}Z-{version:08}", version % 1000);
    let update = Update::builder()
        .table_name(table)
        .key("pk", text(format!("REQ#{id}")))
        .key("sk", text("HEAD"))
        .update_expression("SET version = :next, updated_at = :now, company = :company, padding = :padding")
        .condition_expression("attribute_not_exists(version) OR version = :version")
        .expression_attribute_values(":version", AttributeValue::N(version.to_string()))
        .expression_attribute_values(":next", AttributeValue::N((version + 1).to_string()))
        .expression_attribute_values(":now", text(&stored))
        .expression_attribute_values(":company", text("bare"))
        .expression_attribute_values(":padding", text("x".repeat(500)))
        .build();
    let put = Put::builder()
        .table_name(table)
        .item("pk", text(format!("REQ#{id}")))
        .item("sk", text(format!("EVT#{version:010}")))
        .item("padding", text("x".repeat(400)))
        .condition_expression("attribute_not_exists(pk)")
        .build();
    let (Ok(update), Ok(put)) = (update, put) else {
        panic!("a malformed transaction");
    };
    client
        .transact_write_items()
        .transact_items(TransactWriteItem::builder().update(update).build())
        .transact_items(TransactWriteItem::builder().put(put).build())
        .send()
        .await
        .unwrap_or_else(|error| panic!("{error:?}"));
}

/// Runs the work of this many clients in parallel until all are done.
async fn side_by_side<F>(clients: usize, work: impl Fn(usize) -> F) -> Duration
where
    F: Future<Output = ()> + Send + 'static,
{
    let start = Instant::now();
    let tasks: Vec<_> = (0..clients).map(|client| tokio::spawn(work(client))).collect();
    for task in tasks {
        task.await.unwrap_or_else(|error| panic!("{error}"));
    }
    start.elapsed()
}

/// How many commands and how many bare transactions this many clients complete per second.
async fn rates(world: &World, cast: &Cast, clients: usize) -> [f64; 2] {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let (mut commands, mut transactions) = (Duration::ZERO, Duration::ZERO);
    let client = world.local.dynamodb();
    for turn in 0..TURNS {
        commands += side_by_side(clients, |_| {
            let cast = cast.clone();
            async move {
                for _ in 0..REQUESTS / clients {
                    lead_through(&cast, NUMBER.fetch_add(1, Ordering::Relaxed)).await;
                }
            }
        })
        .await;
        transactions += side_by_side(clients, |number| {
            let (client, table) = (client.clone(), world.local.table_name().to_owned());
            async move {
                let each = TRANSACTIONS / clients;
                for version in turn * each..(turn + 1) * each {
                    transact(&client, &table, clients * 100 + number, version).await;
                }
            }
        })
        .await;
    }
    let count = |of_a_turn: usize| u32::try_from(of_a_turn * TURNS).unwrap_or(u32::MAX);
    [
        rate(count(REQUESTS * 4), commands),
        rate(count(TRANSACTIONS), transactions),
    ]
}

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
    let places = [
        ("memory", Data::InMemory),
        ("file", Data::Folder(folder.path().to_owned())),
    ];
    println!("| table in | clients | commands a second, as a ratio to bare transactions a second |");
    println!("| --- | ---: | ---: |");
    for (place, (name, data)) in places.into_iter().enumerate() {
        let options = Options {
            data,
            ..guideline_day()
        };
        let world = World::with(options).await;
        let cast = Cast::sign_in(&world).await;
        let of_a_place = 2 * TURNS * REQUESTS;
        seed::administrators_of(&world, &form_with(place * of_a_place, of_a_place)).await;
        seed::administrators_of(&world, &form_with(9_000, 10)).await;
        for number in 9_000..9_010 {
            lead_through(&cast, number).await;
        }
        for clients in [1, 8] {
            let [commands, transactions] = rates(&world, &cast, clients).await;
            println!("| {name} | {clients} | {:.2} |", commands / transactions);
            eprintln!(
                "{name}, {clients} clients: {commands:.0} commands/s, {transactions:.0} transactions/s"
            );
        }
        world.local.stop().await;
    }
}
