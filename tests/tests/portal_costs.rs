//! What each page of the portal costs at a company with some work on: its calls to the table, how many of them wait for
//! one another, and its read and write units, as the engine counts them.

use std::time::Duration;

use countersign_domain::request::StateName;
use countersign_tests::portal::Browser;
use countersign_tests::seed::open_requests_like;
use countersign_tests::stage::Stage;
use countersign_tests::wire::{RoundTrip, depth, told};
use countersign_tests::{Reply, form_for};

/// How long every call is delayed, so that parallel calls are sure to overlap.
const HELD: Duration = Duration::from_millis(60);

/// What a page may cost at most.
struct Budget {
    calls: usize,
    round_trips: usize,
    read_units: f64,
    write_units: f64,
}

fn budget(calls: usize, round_trips: usize, read_units: f64, write_units: f64) -> Budget {
    Budget {
        calls,
        round_trips,
        read_units,
        write_units,
    }
}

/// The read and the write units of a call.
fn units(call: &RoundTrip) -> (f64, f64) {
    let consumed = &call.response["ConsumedCapacity"];
    // A batch has a list of tables; there is only one.
    let consumed = consumed.get(0).unwrap_or(consumed);
    let units = consumed["CapacityUnits"].as_f64().unwrap_or_default();
    if matches!(call.operation.as_str(), "BatchGetItem" | "GetItem" | "Query") {
        (units, 0.0)
    } else {
        (0.0, units)
    }
}

/// Opens a page and holds it to its budget.
async fn costs(stage: &Stage, who: &Browser, path: &str, most: Budget) {
    stage.world.local.settle().await;
    stage.wire.hold(HELD);
    let (page, calls) = stage.wire.during(who.get(path)).await;
    stage.wire.hold(Duration::ZERO);
    let page = page.expect(200);
    assert!(page.shows("</html>"), "{path}");
    let own: Vec<RoundTrip> = calls
        .into_iter()
        .filter(|call| call.function == "portal")
        .collect();
    let (reads, writes): (Vec<f64>, Vec<f64>) = own.iter().map(units).unzip();
    let (reads, writes): (f64, f64) = (reads.iter().sum(), writes.iter().sum());
    let is_within = own.len() <= most.calls
        && depth(&own) <= most.round_trips
        && reads > 0.0
        && reads <= most.read_units
        && writes <= most.write_units;
    let cost = format!(
        "{path}: {} calls, {} round trips, {reads} read units, {writes} write units",
        own.len(),
        depth(&own)
    );
    println!("{cost}");
    assert!(is_within, "{cost}\n{}", told(&own));
}

fn page_of(request: &Reply) -> String {
    format!("/portal/requests/{}", request.id())
}

/// A company with thirty requests on the checkers' desk, and one in each state that somebody works on.
#[tokio::test(flavor = "multi_thread")]
async fn no_page_costs_more_than_its_budget_at_a_company_with_work_on() {
    let stage = Stage::set().await;
    let draft = stage.request(&form_for(1), StateName::Draft).await;
    let taken = stage.request(&form_for(2), StateName::Claimed).await;
    let returned = stage
        .checker
        .act_saying(&taken, "return", "The address is not ours.");
    let _ = returned.await.expect(200);
    let claimed = stage.request(&form_for(3), StateName::Claimed).await;
    let completed = stage.request(&form_for(4), StateName::Completed).await;
    let processing = stage.request(&form_for(5), StateName::Processing).await;
    let ready = stage.request(&form_for(6), StateName::ReadyToSend).await;
    open_requests_like(&stage.world, &ready.id(), 30).await;
    stage.wire.ask_for_capacity();

    let maker = stage.world.browser("maker@abc.example").await;
    costs(&stage, &maker, "/", budget(7, 2, 12.0, 0.0)).await;
    costs(&stage, &maker, "/portal/requests", budget(3, 1, 6.5, 0.0)).await;
    costs(&stage, &maker, "/portal/requests/new", budget(6, 4, 19.5, 0.0)).await;
    let edit = format!("{}/edit", page_of(&draft));
    costs(&stage, &maker, &edit, budget(7, 5, 20.5, 0.0)).await;
    costs(&stage, &maker, &page_of(&completed), budget(7, 2, 7.5, 1.0)).await;
    let record = format!("{}/record", page_of(&completed));
    costs(&stage, &maker, &record, budget(4, 1, 5.5, 0.0)).await;

    let checker = stage.world.browser("checker@abc.example").await;
    costs(&stage, &checker, "/", budget(6, 1, 11.0, 0.0)).await;
    costs(&stage, &checker, "/portal/tasks", budget(3, 1, 6.0, 0.0)).await;
    // The first time, the page remembers what was seen.
    costs(&stage, &checker, &page_of(&claimed), budget(9, 2, 9.5, 1.0)).await;
    costs(&stage, &checker, &page_of(&claimed), budget(8, 2, 9.5, 0.0)).await;

    let officer = stage.world.browser("officer@exchange.example").await;
    // The officer manages users, and has two desks.
    costs(&stage, &officer, "/", budget(5, 1, 2.5, 0.0)).await;
    costs(&stage, &officer, "/portal/tasks", budget(5, 1, 3.0, 0.0)).await;
    costs(&stage, &officer, &page_of(&processing), budget(10, 3, 8.0, 1.0)).await;
    stage.strike().await;
}
