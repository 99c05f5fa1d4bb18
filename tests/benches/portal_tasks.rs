//! Server time of a Tasks page with 50 rows, compared to the API's list of the same rows: medians of alternating calls
//! in one run.
//!
//! Both go through the gateway, the function and the embedded engine over the same loopback. So the ratio shows what
//! the page adds: verifying the session, counting the tasks for the navigation, rendering and compressing the HTML.

use std::time::{Duration, Instant};

use countersign_tests::measure::{median, timed};
use countersign_tests::{World, form_for, seed};
use reqwest::Method;
use serde_json::json;

const ROWS: usize = 50;
const ROUNDS: usize = 200;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    match runtime {
        Ok(runtime) => runtime.block_on(measure()),
        Err(error) => eprintln!("{error}"),
    }
}

async fn measure() {
    let world = World::start().await;
    let maker = world.sign_in("maker@abc.example").await;
    for number in 0..ROWS {
        let mut form = form_for(1);
        form["changes"][0]["userId"] = json!(format!("B01234Y{number}"));
        seed::administrators_of(&world, &form).await;
        let _ = maker.submit(&form).await;
    }
    let checker = world.sign_in("checker@abc.example").await;
    let browser = world.browser("checker@abc.example").await;
    let (mut list, mut page) = (Vec::new(), Vec::new());
    let mut octets = 0;
    for _ in 0..ROUNDS {
        list.push(timed(checker.swiftly(Method::GET, "/tasks", None, None)).await);
        let start = Instant::now();
        octets = browser.get("/portal/tasks").await.expect(200).wire;
        page.push(start.elapsed());
    }
    let (list, page) = (median(list), median(page));
    println!("GET /tasks         {:>8.2} ms", milliseconds(list));
    println!(
        "GET /portal/tasks  {:>8.2} ms, {octets} octets",
        milliseconds(page)
    );
    println!(
        "ratio              {:>8.2}",
        page.as_secs_f64() / list.as_secs_f64()
    );
    world.local.stop().await;
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
