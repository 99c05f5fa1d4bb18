//! What an alarm has to be like to fire at all, and to be of use to whoever it wakes.

use std::collections::BTreeSet;

use serde_norway::Value;

use super::super::alarm::{Alarm, alarms};
use super::super::document::{Document, File, items, named, none};

pub(super) fn every_alarm_tells_whoever_is_on_call(document: &Document) -> Result<(), String> {
    let silent = alarms(document).into_iter().filter(|alarm| {
        let told: Vec<String> = items(&alarm.properties["AlarmActions"]).map(named).collect();
        told != ["OnCall"]
    });
    none(silent.map(|alarm| format!("nobody is told of {}", alarm.id)))
}

pub(super) fn every_alarm_has_an_entry_in_the_runbook(document: &Document) -> Result<(), String> {
    let runbook = document.text(File::Runbook);
    let mut faults = Vec::new();
    for Alarm { id, properties, .. } in alarms(document) {
        let description = properties["AlarmDescription"].as_str().unwrap_or_default();
        if !description.contains(&format!("See docs/RUNBOOK.md, {id}.")) {
            faults.push(format!("{id} does not say where to read on"));
        }
        let entry = runbook.split_once(&format!("\n## {id}\n"));
        let entry = entry.map_or("", |(_, rest)| rest.split("\n## ").next().unwrap_or_default());
        let parts = ["**Meaning**", "**Diagnose**", "**Fix**"];
        if !parts.iter().all(|part| entry.contains(part)) {
            faults.push(format!(
                "docs/RUNBOOK.md does not say what {id} means and what to do"
            ));
        }
    }
    none(faults)
}

/// The most metrics that an alarm may have.
const MOST_METRICS: usize = 10;
/// How far back an alarm may look, in seconds: with periods of less than an hour, and with longer ones.
const FURTHEST: [u64; 2] = [24 * 3600, 7 * 24 * 3600];

/// What AWS asks of an alarm and linters don't.
pub(super) fn every_alarm_can_be_made(document: &Document) -> Result<(), String> {
    let mut faults = Vec::new();
    for alarm in alarms(document) {
        let mut find = |fault: &str| faults.push(format!("{} {fault}", alarm.id));
        if alarm.metrics.len() > MOST_METRICS {
            find("has more than ten metrics");
        }
        let expression = alarm.expression.as_deref().unwrap_or_default();
        if expression.contains("SEARCH") {
            find("searches, which no alarm may");
        }
        let returned = items(&alarm.properties["Metrics"]).filter(|part| {
            let part = if let Value::Tagged(tagged) = part {
                &tagged.value[1]
            } else {
                part
            };
            part.get("ReturnData").is_none_or(|returned| *returned != false)
        });
        if alarm.properties.get("Metrics").is_some() && returned.count() != 1 {
            find("has to return one value");
        }
        let ids: BTreeSet<&str> = alarm.metrics.iter().map(|metric| metric.id.as_str()).collect();
        if ids.len() != alarm.metrics.len() {
            find("has two metrics of one name");
        }
        let is_used = |id: &&str| expression.contains("METRICS()") || expression.contains(*id);
        if alarm.expression.is_some() && !ids.iter().all(is_used) {
            find("has a metric that its expression does not use");
        }
        let periods: BTreeSet<u64> = alarm.metrics.iter().map(|metric| metric.period).collect();
        if periods.len() != 1 {
            find("has metrics of several periods");
        }
        let is_long = periods.iter().all(|period| *period >= 3600);
        if alarm.range() > FURTHEST[usize::from(is_long)] || alarm.range() == 0 {
            find("looks too far back");
        }
    }
    none(faults)
}
