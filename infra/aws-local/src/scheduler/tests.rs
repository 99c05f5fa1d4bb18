//! Schedules by the clock and by hand, with functions that record what they are called with.

use serde_json::json;

use super::*;
use crate::clock::tests::TestClock;
use crate::cloudformation::Times;
use crate::sqs::Queues;
use crate::testing::{QUEUE, queues, recorder, target};

const ARN: &str = "arn:aws:scheduler:ap-southeast-1:000000000000:schedule/default/DailyFunctionDaily";
const INPUT: &str = r#"{"task":"daily","at":"<aws.scheduler.scheduled-time>","from":"<aws.scheduler.schedule-arn>",
    "run":"<aws.scheduler.execution-id>","attempt":"<aws.scheduler.attempt-number>"}"#;

/// Schedules with one function, which notes what it is called with.
struct Stage {
    scheduler: Arc<Scheduler>,
    runner: ScheduleRunner,
    queues: Arc<Queues>,
    clock: TestClock,
    told: Arc<Mutex<Vec<Json>>>,
    settled: Arc<Mutex<usize>>,
}

fn schedule(name: &str, expression: &str, input: Option<&str>) -> Schedule {
    let timezone = "Asia/Hong_Kong";
    Schedule {
        name: name.to_lowercase(),
        logical_id: format!("DailyFunction{name}"),
        expression: expression.to_owned(),
        timezone: timezone.to_owned(),
        times: Times::parse(expression, timezone).unwrap(),
        input: input.map(str::to_owned),
        enabled: name != "Paused",
    }
}

/// Schedules at this time, of which the function fails so many times first.
fn stage(now: &str, failing_calls: usize) -> Stage {
    let told = Arc::default();
    let clock = TestClock::at(now);
    let queues = queues();
    let invoke = recorder(&told, failing_calls, json!({ "sent": "<2>" }));
    let function = target("DailyFunction", invoke, &queues, &clock.clock());
    let all = [
        schedule("Daily", "cron(00 09 * * ? *)", Some(INPUT)),
        schedule("Often", "rate(5 minutes)", None),
        schedule("Paused", "rate(1 minute)", None),
    ]
    .map(|schedule| ScheduleTarget {
        schedule,
        function: "daily".to_owned(),
        target: function.clone(),
    });
    let scheduler = Scheduler::new(all.into(), clock.clock());
    let settled: Arc<Mutex<usize>> = Arc::default();
    let settle = {
        let settled = settled.clone();
        move || {
            *settled.lock().unwrap() += 1;
            Box::pin(async {}) as _
        }
    };
    Stage {
        runner: ScheduleRunner::new(scheduler.clone(), Arc::new(settle)),
        scheduler,
        queues,
        clock,
        told,
        settled,
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

impl Stage {
    fn told(&self) -> Vec<Json> {
        self.told.lock().unwrap().clone()
    }
}

#[tokio::test]
async fn each_time_of_a_schedule_calls_its_function_once_and_a_disabled_one_calls_nothing() {
    let stage = stage("2023-04-25T00:57:30Z", 0);
    stage
        .scheduler
        .run_due(at("2023-04-25T00:57:30Z"), at("2023-04-25T00:59:59.9Z"));
    stage
        .scheduler
        .run_due(at("2023-04-25T00:59:59.9Z"), at("2023-04-25T01:00:00Z"));
    stage
        .scheduler
        .run_due(at("2023-04-25T01:00:00Z"), at("2023-04-25T01:02:29Z"));
    stage.scheduler.under_way().quiet().await;
    let told = stage.told();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0]["at"], "2023-04-25T01:00:00Z");
    assert_eq!(
        (&told[0]["task"], &told[0]["from"], &told[0]["attempt"]),
        (&json!("daily"), &json!(ARN), &json!("1"))
    );
    assert_eq!(told[0]["run"].as_str().unwrap().len(), 16);

    // Twelve minutes that did pass, with two times of the rate, which counts from the start.
    stage
        .scheduler
        .run_due(at("2023-04-25T01:02:29Z"), at("2023-04-25T01:14:29Z"));
    stage.scheduler.under_way().quiet().await;
    let times = |event: &Json| event["time"].as_str().unwrap().to_owned();
    let mut times: Vec<String> = stage.told()[1..].iter().map(times).collect();
    times.sort();
    assert_eq!(
        times,
        [
            "2023-04-25T01:02:30Z",
            "2023-04-25T01:07:30Z",
            "2023-04-25T01:12:30Z"
        ]
    );
}

#[tokio::test]
async fn without_an_input_a_function_gets_the_event_that_scheduler_sends() {
    let stage = stage("2023-04-25T00:57:30.7Z", 0);
    stage.runner.run("often").await.unwrap();
    let event = &stage.told()[0];
    assert_eq!(event["source"], "aws.scheduler");
    assert_eq!(event["detail-type"], "Scheduled Event");
    assert_eq!(event["detail"], "{}");
    assert_eq!(event["time"], "2023-04-25T00:57:30Z");
    let arn = ARN.replace("FunctionDaily", "FunctionOften");
    assert_eq!(event["resources"], json!([arn]));
}

#[tokio::test]
async fn a_clock_that_comes_to_a_time_runs_its_schedule_and_one_that_is_set_past_it_does_not() {
    let stage = stage("2023-04-25T00:30:00Z", 0);
    let running = stage.scheduler.run_by_clock();
    for (set, runs) in [
        // Past 09:00 in Hong Kong, and past many times of the rate.
        ("2023-04-25T01:03:00Z", 0),
        ("2023-04-26T00:59:59.8Z", 1),
    ] {
        stage.clock.set(at(set));
        tokio::time::sleep(POLL_EVERY * 5).await;
        stage.scheduler.under_way().quiet().await;
        let told = stage.told();
        assert_eq!(
            told.iter().filter(|event| event["task"] == "daily").count(),
            runs,
            "{set}"
        );
    }
    let told = stage.told();
    assert!(
        told.iter().any(|event| event["at"] == "2023-04-26T01:00:00Z"),
        "{told:?}"
    );
    drop(running);
    stage.clock.set(at("2023-04-27T00:59:59.9Z"));
    tokio::time::sleep(POLL_EVERY * 3).await;
    assert_eq!(
        stage.told().len(),
        2,
        "with the rate's, and no more once it has stopped"
    );
}

#[tokio::test]
async fn a_call_by_the_clock_that_fails_is_tried_again_and_at_last_goes_to_the_failure_queue() {
    for (failing_calls, calls, given_up) in [(2, 3, 0), (9, 3, 1)] {
        let stage = stage("2023-04-25T00:59:00Z", failing_calls);
        stage
            .scheduler
            .run_due(at("2023-04-25T00:59:00Z"), at("2023-04-25T01:00:30Z"));
        assert!(!stage.scheduler.under_way().is_quiet());
        stage.scheduler.under_way().quiet().await;
        let told = stage.told();
        assert_eq!(told.len(), calls);
        assert!(told.iter().all(|event| event == &told[0]), "{told:?}");
        let queue = stage.queues.messages(QUEUE);
        assert_eq!(queue.len(), given_up);
        for message in queue {
            assert_eq!(message["requestPayload"], told[0]);
            assert_eq!(message["requestContext"]["condition"], "RetriesExhausted");
        }
    }
}

#[tokio::test]
async fn a_run_by_hand_ends_when_everything_that_it_caused_is_done() {
    let stage = stage("2023-04-25T00:30:00.5Z", 0);
    let run = stage.runner.run("daily").await.unwrap();
    let expected = json!({
        "schedule": "daily", "function": "daily", "scheduledTime": "2023-04-25T00:30:00Z",
        "answer": { "sent": "<2>" },
    });
    assert_eq!(json!(run), expected);
    assert_eq!(json!(stage.runner.last_run("daily").unwrap().unwrap()), expected);
    assert_eq!(*stage.settled.lock().unwrap(), 1);
    assert_eq!(stage.told()[0]["at"], "2023-04-25T00:30:00Z");
    let paused = stage.runner.run("paused").await;
    assert!(paused.is_ok(), "a disabled one can be run too");
}

#[tokio::test]
async fn a_run_by_hand_that_fails_is_not_tried_again_and_an_unknown_name_is_told_the_known_ones() {
    let stage = stage("2023-04-25T00:30:00Z", 1);
    let failed = Err(ScheduleError::Failed("daily".to_owned()));
    assert_eq!(stage.runner.run("daily").await.map(|_| ()), failed);
    assert_eq!(stage.told().len(), 1);
    assert!(stage.queues.messages(QUEUE).is_empty());
    let unknown = stage.runner.run("nothing").await.unwrap_err();
    assert_eq!(
        unknown.to_string(),
        "There is no schedule nothing; there is daily, often, paused."
    );
}
