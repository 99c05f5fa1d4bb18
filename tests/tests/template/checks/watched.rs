//! Everything that can fail unseen has an alarm.

use std::collections::{BTreeMap, BTreeSet};

use countersign_local::template::{Schedule, Template};
use countersign_tests::grants::granted;
use jiff::Timestamp;

use super::super::alarm::{Alarm, alarm_of, alarms};
use super::super::document::{Document, File, named, none, references};

fn template(document: &Document) -> Result<Template, String> {
    document.template(&BTreeMap::new())
}

/// Alarms that together watch a metric of each function, and each of them once.
fn watch_every_function(document: &Document, metric: &str, alarms: &[&str]) -> Result<(), String> {
    let mut watched = Vec::new();
    for alarm in alarms {
        let alarm = alarm_of(document, alarm)?;
        watched.extend(alarm.values_of("AWS/Lambda", metric, "FunctionName"));
    }
    let functions = template(document)?
        .functions
        .into_iter()
        .map(|function| function.logical_id);
    none(functions.filter_map(|id| {
        let times = watched.iter().filter(|watched| **watched == id).count();
        (times != 1).then(|| format!("{times} alarms watch the {metric} of {id}"))
    }))
}

pub(super) fn the_errors_of_every_function_are_watched(document: &Document) -> Result<(), String> {
    let alarms = ["CallErrorsAlarm", "BackgroundErrorsAlarm", "SignInErrorsAlarm"];
    watch_every_function(document, "Errors", &alarms)
}

pub(super) fn the_throttles_of_every_function_are_watched(document: &Document) -> Result<(), String> {
    watch_every_function(
        document,
        "Throttles",
        &["CallThrottlesAlarm", "BackgroundThrottlesAlarm"],
    )
}

/// An alarm that watches one metric, which fires from some value on.
fn fires_from(
    document: &Document,
    (namespace, name, dimensions): (&str, &str, &[(&str, &str)]),
    limits: std::ops::RangeInclusive<f64>,
) -> Result<(), String> {
    let metric = |alarm: &Alarm<'_>| {
        alarm
            .metrics
            .iter()
            .any(|one| one.is(namespace, name, dimensions))
    };
    let mut found = alarms(document).into_iter().filter(metric);
    let place = format!("{name} of {dimensions:?}");
    let alarm = found.next().ok_or_else(|| format!("no alarm watches {place}"))?;
    if alarm.says("ComparisonOperator") != "GreaterThanOrEqualToThreshold" {
        return Err(format!("{} fires below its threshold", alarm.id));
    }
    let threshold = alarm.number("Threshold");
    if limits.contains(&threshold) {
        return Ok(());
    }
    Err(format!(
        "{} fires from {threshold} on, which is not from {limits:?}",
        alarm.id
    ))
}

pub(super) fn a_reader_of_the_stream_that_falls_behind_is_noticed(document: &Document) -> Result<(), String> {
    let functions = template(document)?.functions.into_iter();
    let readers = functions.filter(|function| !function.streams.is_empty());
    // The stream keeps its records for a day.
    let faults = readers.filter_map(|reader| {
        let metric = (
            "AWS/Lambda",
            "IteratorAge",
            &[("FunctionName", reader.logical_id.as_str())][..],
        );
        fires_from(document, metric, 60_000.0..=6.0 * 3_600_000.0).err()
    });
    none(faults.collect::<Vec<_>>())
}

pub(super) fn what_a_failure_queue_holds_is_noticed_and_never_forgotten(
    document: &Document,
) -> Result<(), String> {
    let template = template(document)?;
    let read: BTreeSet<&str> = template
        .functions
        .iter()
        .flat_map(|function| function.queues.iter().map(|mapping| mapping.queue.as_str()))
        .collect();
    let forgotten = alarm_of(document, "ForgottenFailuresAlarm")?;
    let remembered = forgotten.values_of("AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName");
    let mut faults = Vec::new();
    for queue in &template.queues {
        let id = queue.logical_id.as_str();
        let queue = [("QueueName", id)];
        if read.contains(id) {
            let metric = ("AWS/SQS", "ApproximateAgeOfOldestMessage", &queue[..]);
            faults.extend(fires_from(document, metric, 60.0..=6.0 * 3600.0).err());
            continue;
        }
        let metric = ("AWS/SQS", "ApproximateNumberOfMessagesVisible", &queue[..]);
        faults.extend(fires_from(document, metric, 1.0..=1.0).err());
        if !remembered.contains(id) {
            faults.push(format!("nobody is told before {id} drops a message"));
        }
    }
    let kept = document.of_kind("AWS::SQS::Queue").into_iter();
    let kept = kept.filter_map(|(_, queue)| queue["Properties"]["MessageRetentionPeriod"].as_f64());
    let shortest = kept.fold(f64::INFINITY, f64::min);
    let threshold = forgotten.number("Threshold");
    if !(threshold > 0.0 && threshold <= shortest - 48.0 * 3600.0) {
        faults.push(format!(
            "{threshold} s leave no two days until a message is dropped"
        ));
    }
    none(faults)
}

pub(super) fn a_message_stays_hidden_for_six_calls(document: &Document) -> Result<(), String> {
    let template = template(document)?;
    let mut faults = Vec::new();
    for function in &template.functions {
        for mapping in &function.queues {
            let queue = template
                .queues
                .iter()
                .find(|queue| queue.logical_id == mapping.queue);
            let queue = queue.ok_or_else(|| format!("there is no queue {}", mapping.queue))?;
            if queue.visibility_timeout < function.timeout * 6 {
                faults.push(format!(
                    "{} shows a message before six calls could have ended",
                    mapping.queue
                ));
            }
            if queue
                .redrive
                .as_ref()
                .is_none_or(|redrive| redrive.max_receive_count < 5)
            {
                faults.push(format!(
                    "{} gives a message up before the fifth try",
                    mapping.queue
                ));
            }
        }
    }
    none(faults)
}

/// The longest time between two runs, in seconds, over four weeks.
fn longest_pause(schedule: &Schedule) -> Option<i64> {
    let start: Timestamp = "2023-03-20T00:00:00Z".parse().ok()?;
    let end: Timestamp = "2023-04-17T00:00:00Z".parse().ok()?;
    let (mut last, mut longest) = (schedule.times.next(start, start)?, 0);
    while last < end {
        let next = schedule.times.next(last, start)?;
        longest = longest.max(next.as_second() - last.as_second());
        last = next;
    }
    Some(longest)
}

/// Scheduler publishes by group, so each schedule has its own.
pub(super) fn a_schedule_that_does_not_run_is_noticed(document: &Document) -> Result<(), String> {
    let template = template(document)?;
    let groups: BTreeSet<&str> = document
        .of_kind("AWS::Scheduler::ScheduleGroup")
        .into_iter()
        .map(|(id, _)| id)
        .collect();
    let mut used = BTreeSet::new();
    let mut faults = Vec::new();
    for function in &template.functions {
        let events = document.of_kind("AWS::Serverless::Function");
        let events = events.iter().find(|(id, _)| *id == function.logical_id);
        let events = events.map(|(_, resource)| &resource["Properties"]["Events"]);
        for schedule in &function.schedules {
            let name = schedule
                .logical_id
                .strip_prefix(&function.logical_id)
                .unwrap_or_default();
            let group = events
                .map(|events| named(&events[name]["Properties"]["GroupName"]))
                .unwrap_or_default();
            if !groups.contains(group.as_str()) || !used.insert(group.clone()) {
                faults.push(format!("{} has no group of its own", schedule.logical_id));
                continue;
            }
            let metric = |alarm: &Alarm<'_>| {
                let of_group = [("ScheduleGroup", group.as_str())];
                alarm
                    .metrics
                    .iter()
                    .any(|one| one.is("AWS/Scheduler", "InvocationAttemptCount", &of_group))
            };
            let Some(alarm) = alarms(document).into_iter().find(metric) else {
                faults.push(format!("no alarm watches {}", schedule.logical_id));
                continue;
            };
            if alarm.says("TreatMissingData") != "breaching"
                || alarm.says("ComparisonOperator") != "LessThanThreshold"
            {
                faults.push(format!("{} does not fire if there are no data", alarm.id));
            }
            let pause = longest_pause(schedule)
                .and_then(|pause| u64::try_from(pause).ok())
                .unwrap_or(u64::MAX);
            if alarm.range() <= pause || alarm.range() > pause.saturating_mul(6) {
                faults.push(format!(
                    "{} looks back {} s, and {pause} s may pass",
                    alarm.id,
                    alarm.range()
                ));
            }
        }
    }
    none(faults)
}

pub(super) fn a_failing_or_slow_api_is_noticed(document: &Document) -> Result<(), String> {
    let api = [("ApiId", "Api")];
    fires_from(document, ("AWS/ApiGateway", "5xx", &api), 1.0..=10.0)?;
    // A caller gives up, and so does the gateway, well after this.
    fires_from(document, ("AWS/ApiGateway", "Latency", &api), 1000.0..=10_000.0)?;
    let slow = alarm_of(document, "ApiLatencyAlarm")?;
    let statistics = slow.metrics.iter().filter(|metric| metric.statistic != "p99");
    none(statistics.map(|metric| format!("ApiLatencyAlarm watches {}", metric.statistic)))
}

pub(super) fn sign_ins_that_fail_are_noticed(document: &Document) -> Result<(), String> {
    let pool = template(document)?.user_pool;
    let trigger = pool.trigger.unwrap_or_default();
    fires_from(
        document,
        ("AWS/Lambda", "Errors", &[("FunctionName", &trigger)]),
        1.0..=5.0,
    )?;
    let client = [("UserPool", "UserPool"), ("UserPoolClient", "PortalClient")];
    fires_from(document, ("AWS/Cognito", "SignInSuccesses", &client), 1.0..=20.0)
}

/// A rate is a fraction: 0.05 are five percent, from which on AWS reviews an account.
pub(super) fn mail_that_comes_back_is_noticed_before_aws_stops_the_account(
    document: &Document,
) -> Result<(), String> {
    fires_from(document, ("AWS/SES", "Reputation.BounceRate", &[]), 0.01..=0.05)?;
    fires_from(
        document,
        ("AWS/SES", "Reputation.ComplaintRate", &[]),
        0.0002..=0.001,
    )?;
    // SES does not report them each hour.
    let mut faults = Vec::new();
    for id in ["BounceRateAlarm", "ComplaintRateAlarm"] {
        if alarm_of(document, id)?.says("TreatMissingData") != "ignore" {
            faults.push(format!("{id} ends when SES is silent"));
        }
    }
    none(faults)
}

pub(super) fn a_table_that_throttles_or_fails_is_noticed(document: &Document) -> Result<(), String> {
    let mut faults = Vec::new();
    let indexes = template(document)?.table.indexes;
    for metric in ["ReadThrottleEvents", "WriteThrottleEvents"] {
        let table = ("TableName", "Table");
        faults.extend(fires_from(document, ("AWS/DynamoDB", metric, &[table]), 1.0..=100.0).err());
        for index in &indexes {
            let index = ("GlobalSecondaryIndexName", index.index_name.as_str());
            faults.extend(fires_from(document, ("AWS/DynamoDB", metric, &[index, table]), 1.0..=100.0).err());
        }
    }
    let watched =
        alarm_of(document, "TableErrorsAlarm")?.values_of("AWS/DynamoDB", "SystemErrors", "Operation");
    // A condition on another item is only part of a transaction.
    let called = granted(document.text(File::Template))
        .into_iter()
        .map(|grant| grant.action);
    let called = called.filter(|action| action != "ConditionCheckItem");
    let called: BTreeSet<String> = called.chain(["TransactWriteItems".to_owned()]).collect();
    let differ = called.symmetric_difference(&watched);
    faults
        .extend(differ.map(|operation| format!("TableErrorsAlarm and the grants differ about {operation}")));
    faults.extend(fires_from(document, ("AWS/DynamoDB", "UserErrors", &[]), 1.0..=100.0).err());
    none(faults)
}

pub(super) fn the_accounts_limit_of_concurrency_is_noticed_before_it_is_reached(
    document: &Document,
) -> Result<(), String> {
    fires_from(document, ("AWS/Lambda", "ConcurrentExecutions", &[]), 50.0..=90.0)?;
    let alarm = alarm_of(document, "ConcurrencyAlarm")?;
    let expression = alarm.expression.unwrap_or_default();
    if expression == "100 * running / ${ConcurrencyLimit}" {
        return Ok(());
    }
    Err(format!("ConcurrencyAlarm compares {expression}"))
}

/// AWS Backup reports failures alone, so no data are good news. A copy counts for the vault that it goes to.
pub(super) fn a_backup_that_was_not_made_is_noticed(document: &Document) -> Result<(), String> {
    let kept = [("BackupVaultName", "BackupVault")];
    let copied = [("BackupVaultName", "BackupCopyVault")];
    for (metric, vault) in [
        ("NumberOfBackupJobsFailed", &kept),
        ("NumberOfBackupJobsExpired", &kept),
        ("NumberOfCopyJobsFailed", &copied),
    ] {
        fires_from(document, ("AWS/Backup", metric, vault), 1.0..=1.0)?;
    }
    let alarm = alarm_of(document, "FailedBackupsAlarm")?;
    let mut faults = Vec::new();
    if alarm.says("TreatMissingData") != "notBreaching" {
        faults.push("FailedBackupsAlarm takes a night without failures for a failure".to_owned());
    }
    if alarm.properties["DatapointsToAlarm"] != 1 || alarm.range() < 24 * 3600 {
        faults.push("FailedBackupsAlarm is over before the next night".to_owned());
    }
    if references(&alarm.properties["Metrics"], "CopiesBackups").contains("BackupCopyVault") {
        faults.push("FailedBackupsAlarm watches copies that nobody asked for".to_owned());
    }
    let resources = document.section("Resources").into_iter();
    let mut there = resources.filter(|(id, _)| *id == alarm.id);
    if !there.any(|(_, resource)| resource["Condition"] == "KeepsBackups") {
        faults.push("FailedBackupsAlarm is there without backups".to_owned());
    }
    none(faults)
}
