//! What is read, in which order, and from where.

use super::*;

#[tokio::test]
async fn records_come_in_order_filtered_and_in_batches() {
    let database = database();
    for number in 0..6 {
        put(&database, &format!("EVT#{number}"));
        put(&database, &format!("HEAD#{number}"));
    }
    let stage = Stage::start(&database, mapping(), None, |_, _| Ok(done()));
    let expected = [vec!["EVT#0", "EVT#1", "EVT#2", "EVT#3"], vec!["EVT#4", "EVT#5"]];
    assert_eq!(stage.calls().await, expected);
    put(&database, "EVT#6");
    assert_eq!(stage.calls().await[2..], [["EVT#6"]]);
    stage.mappings.stop().await;
}

#[tokio::test]
async fn a_poller_polls_each_period_and_at_once_for_somebody_who_waits() {
    for period in [Duration::from_hours(1), POLL_PERIOD] {
        let database = database();
        let stage = Stage::start_polling(&database, mapping(), None, period, |_, _| Ok(done()));
        stage.mappings.progress.drained().await;
        let mut progress = stage.mappings.progress.all[0].clone();
        put(&database, "EVT#0");
        if period > POLL_PERIOD {
            stage.mappings.progress.drained().await;
        }
        progress.wait_for(|progress| progress.batches == 1).await.unwrap();
        stage.mappings.stop().await;
    }
}

#[tokio::test]
async fn a_record_has_the_shape_that_lambda_gives_it() {
    let database = database();
    let stage = Stage::start(&database, mapping(), None, |_, _| Ok(Json::Null));
    stage.mappings.progress.drained().await;
    // The engine dates records by the second, and those from before the first poll have no date.
    tokio::time::sleep(Duration::from_secs(1)).await;
    put(&database, "EVT#0");
    stage.mappings.progress.drained().await;
    let record = stage.calls.lock().unwrap()[0]["Records"][0].clone();
    let change = &record["dynamodb"];
    assert_eq!(record["eventName"], "INSERT");
    assert_eq!(record["eventVersion"], "1.1");
    assert_eq!(record["eventSource"], "aws:dynamodb");
    assert_eq!(record["awsRegion"], "ap-southeast-1");
    assert!(record["eventID"].is_string());
    let arn = record["eventSourceARN"].as_str().unwrap();
    assert!(
        arn.starts_with("arn:aws:dynamodb:ap-southeast-1:000000000000:table/table/stream/"),
        "{arn}"
    );
    assert_eq!(change["Keys"], json!({ "pk": { "S": "EVT#0" } }));
    assert_eq!(change["NewImage"]["n"], json!({ "N": "7" }));
    assert!(change.get("OldImage").is_none());
    assert_eq!(change["StreamViewType"], "NEW_AND_OLD_IMAGES");
    assert_eq!(change["SequenceNumber"].as_str().unwrap().len(), 21);
    assert!(change["SizeBytes"].is_number());
    let created = change["ApproximateCreationDateTime"].as_f64().unwrap();
    let created = Timestamp::from_duration(jiff::SignedDuration::from_secs_f64(created)).unwrap();
    let shown: Timestamp = "2023-02-07T02:43:00Z".parse().unwrap();
    assert!(created.duration_since(shown).as_secs().abs() < 60, "{created}");
    stage.mappings.stop().await;
}

#[tokio::test]
async fn a_restart_goes_on_behind_the_last_batch_that_was_handled() {
    let place = tempfile::tempdir().unwrap();
    let file = Some(place.path().join("stream.json"));
    let database = database();
    for number in 0..6 {
        put(&database, &format!("EVT#{number}"));
    }
    let stage = Stage::start(&database, mapping(), file.clone(), |_, event| {
        if keys(event).contains(&"EVT#4".to_owned()) {
            Err(FunctionError)
        } else {
            Ok(done())
        }
    });
    while stage.calls.lock().unwrap().len() < 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    stage.mappings.stop().await;

    let stage = Stage::start(&database, mapping(), file, |_, _| Ok(done()));
    assert_eq!(stage.calls().await, [["EVT#4", "EVT#5"]]);
    assert!(stage.queues.messages(QUEUE).is_empty());
    stage.mappings.stop().await;
}

#[tokio::test]
async fn a_stop_finishes_the_call_that_is_under_way_and_keeps_that() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("stream.json");
    let database = database();
    put(&database, "EVT#0");
    let (begun, ended) = (Arc::new(Notify::new()), Arc::new(Mutex::new(false)));
    let slow: Invoke = Arc::new({
        let (begun, ended) = (begun.clone(), ended.clone());
        move |_| {
            let (begun, ended) = (begun.clone(), ended.clone());
            Box::pin(async move {
                begun.notify_one();
                tokio::time::sleep(Duration::from_millis(100)).await;
                *ended.lock().unwrap() = true;
                Ok(done())
            })
        }
    });
    let targets = vec![(batch_target(mapping(), slow, &queues()), Some(file.clone()))];
    let mappings =
        EventSourceMappings::start(targets, Vec::new(), &stream(&database), &Wake::default()).unwrap();
    begun.notified().await;
    mappings.stop().await;
    assert!(*ended.lock().unwrap());
    assert!(Position::open(Some(file)).unwrap().get().is_some());
}

#[tokio::test]
async fn a_first_start_passes_over_what_dynamodb_would_have_dropped_and_a_later_one_does_not() {
    let now = u64::try_from(Timestamp::now().as_second()).unwrap();
    let kept = u64::try_from(KEPT_SECONDS).unwrap();
    let clock = Arc::new(ManualClock::new(now - kept - 60));
    let database = database_with(Database::memory_with_clock(clock.clone()).unwrap());
    put(&database, "EVT#old");
    clock.set(now);
    put(&database, "EVT#new");
    let stage = Stage::start(&database, mapping(), None, |_, _| Ok(done()));
    assert_eq!(stage.calls().await, [["EVT#new"]]);
    stage.mappings.stop().await;

    // The machine was switched off for a day: nobody else could have handled what waits.
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("stream.json");
    std::fs::write(&file, r#"{"sequence_number":"100000000000000000001"}"#).unwrap();
    let stage = Stage::start(&database, mapping(), Some(file), |_, _| Ok(done()));
    assert_eq!(stage.calls().await, [["EVT#old", "EVT#new"]]);
    stage.mappings.stop().await;
}

#[tokio::test]
async fn a_pattern_that_is_not_understood_is_a_start_error() {
    let mapping = EventSourceMapping {
        patterns: vec![r#"{"eventName":[{"wildcard":"*"}]}"#.to_owned()],
        ..mapping()
    };
    let echo: Invoke = Arc::new(|event| Box::pin(async { Ok(event) }));
    let targets = vec![(batch_target(mapping, echo, &queues()), None)];
    match EventSourceMappings::start(targets, Vec::new(), &stream(&database()), &Wake::default()) {
        Err(error) => assert!(error.to_string().contains("wildcard"), "{error}"),
        Ok(_) => panic!("it was understood"),
    }
}
