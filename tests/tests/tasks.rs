//! The Tasks list costs the same however many requests are on the desk (the benchmark `task_list` times it with
//! 100,000).

use std::collections::BTreeSet;

use countersign_domain::request::StateName;
use countersign_tests::guideline_form;
use countersign_tests::seed::open_requests_like;
use countersign_tests::stage::Stage;
use countersign_tests::wire::RoundTrip;
use serde_json::{Value, json};

/// A page's call to the table: its operation, the number of items read, and the consumed capacity.
type Cost = (String, Value, Value);

fn cost(call: RoundTrip) -> Cost {
    let RoundTrip {
        operation, response, ..
    } = call;
    let capacity = &response["ConsumedCapacity"];
    let units = capacity["GlobalSecondaryIndexes"]["by_desk"]["CapacityUnits"].clone();
    (operation, response["ScannedCount"].clone(), units)
}

/// A world whose checkers' desk has this many requests.
async fn desk_with(count: usize) -> Stage {
    let stage = Stage::set().await;
    let first = stage.request(&guideline_form(), StateName::ReadyToSend).await;
    open_requests_like(&stage.world, &first.id(), count - 1).await;
    stage.wire.ask_for_capacity();
    stage
}

/// The cost of the desk's first pages, with ten rows each.
async fn first_pages(stage: &Stage) -> Vec<Vec<Cost>> {
    let mut path = "/tasks?limit=10".to_owned();
    let mut costs = Vec::new();
    for _ in 0..2 {
        let (page, calls) = stage.wire.during(stage.checker.get(&path)).await;
        assert_eq!(page["items"].as_array().map(Vec::len), Some(10), "{}", page.body);
        let own = calls.into_iter().filter(|call| call.function == "list-tasks");
        costs.push(own.map(cost).collect());
        let cursor = page["nextCursor"].as_str().unwrap_or_default();
        path = format!("/tasks?limit=10&cursor={cursor}");
    }
    costs
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_a_desk_with_3000_requests_takes_the_calls_and_reads_the_items_of_one_with_30() {
    let (small, large) = (desk_with(30).await, desk_with(3_000).await);
    let of_small = first_pages(&small).await;
    assert_eq!(of_small, first_pages(&large).await);
    for calls in &of_small {
        let [(operation, read, units)] = calls.as_slice() else {
            panic!("not one call: {calls:?}");
        };
        assert_eq!((operation.as_str(), read), ("Query", &json!(10)));
        assert!(units.as_f64().is_some_and(|units| units > 0.0), "{calls:?}");
    }
    small.strike().await;
    large.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_request_of_a_long_desk_is_on_exactly_one_page_longest_waiting_first() {
    let stage = desk_with(730).await;
    let mut path = "/tasks?limit=100".to_owned();
    let (mut seen, mut waiting_since, mut pages) = (BTreeSet::new(), Vec::new(), 0);
    loop {
        let page = stage.checker.get(&path).await.expect(200);
        pages += 1;
        for row in page["items"].as_array().unwrap() {
            assert!(seen.insert(row["id"].to_string()), "twice: {row}");
            waiting_since.push(row["waitingSince"].to_string());
        }
        match page["nextCursor"].as_str() {
            Some(cursor) => path = format!("/tasks?limit=100&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!((seen.len(), pages), (730, 8));
    assert!(waiting_since.is_sorted());
    stage.strike().await;
}
