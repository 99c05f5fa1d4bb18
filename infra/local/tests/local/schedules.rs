//! Schedules, as a runner has them.

use countersign_local::options::Options;
use countersign_local::{Local, ScheduleError};
use serde_json::{Value as Json, json};

use super::support::{Caller, Error};

#[tokio::test]
async fn the_runner_lists_the_templates_schedules_and_knows_no_other() -> Result<(), Error> {
    let local = Local::start(Options::in_memory()).await?;
    let caller = Caller::new(local.url());
    let listed = caller.get("/schedules").await?;
    assert_eq!(listed.status, 200);
    let functions = local.template().functions.iter();
    let names = functions.flat_map(|function| &function.schedules);
    let names: Vec<Json> = names.map(|schedule| json!(schedule.name)).collect();
    let all = listed.body.as_array().ok_or("no list")?.iter();
    let found: Vec<Json> = all.map(|schedule| schedule["name"].clone()).collect();
    assert_eq!(found, names);

    let unknown = caller
        .send("POST", "/schedules/nothing/run", "", &json!({}))
        .await?;
    assert_eq!((unknown.status, &unknown.body["schedules"]), (404, &json!(names)));
    let error = local.run_schedule("nothing").await;
    assert!(matches!(error, Err(ScheduleError::Unknown { .. })), "{error:?}");
    local.stop().await;
    Ok(())
}

#[tokio::test]
async fn a_world_of_a_test_runs_schedules_by_the_clock_only_if_it_asks() {
    assert!(Options::default().run_schedules);
    assert!(!Options::in_memory().run_schedules);
    let options = Options {
        run_schedules: true,
        ..Options::in_memory()
    };
    let local = Local::start(options).await.unwrap();
    local.settle().await;
    local.stop().await;
}
