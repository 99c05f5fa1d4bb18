//! How long after a step SES has its e-mails, compared to how long the step takes, one step after another.
//!
//! Everything is local: the stream's stand-in polls as soon as a function has written, while Lambda polls four times a
//! second.

use std::time::{Duration, Instant};

use countersign_tests::World;
use countersign_tests::measure::percentile;
use countersign_tests::seed;
use countersign_tests::stage::form_with;
use reqwest::Method;

const SUBMITS: usize = 300;

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
    let (mut submits, mut mails) = (Vec::new(), Vec::new());
    for number in 0..SUBMITS {
        let form = form_with(number, 1);
        seed::administrators_of(&world, &form).await;
        let draft = maker.swiftly(Method::POST, "/requests", None, Some(&form)).await;
        let submit = format!("/requests/{}/submit", draft.id);
        let start = Instant::now();
        maker
            .swiftly(Method::POST, &submit, Some(&draft.etag), None)
            .await;
        let answered = Instant::now();
        // Each submission notifies two checkers.
        while world.local.mailbox().len() < 2 * (number + 1) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        submits.push(answered - start);
        mails.push(answered.elapsed());
    }
    let unit = percentile(submits.clone(), 50).as_secs_f64();
    println!("| | median | 99 % |");
    println!("| --- | ---: | ---: |");
    let rows = [
        ("a submit, until it is answered", submits),
        ("from its answer until SES has both mails", mails),
    ];
    for (what, times) in rows {
        let [median, most] = [50, 99].map(|percent| percentile(times.clone(), percent).as_secs_f64() / unit);
        println!("| {what} | {median:.1} | {most:.1} |");
    }
    println!("1.0 is {:.2} ms", unit * 1_000.0);
    world.local.stop().await;
}
