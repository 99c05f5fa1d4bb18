//! The dashboard shows what the alarms watch.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;
use serde_norway::Value;

use super::super::alarm::{alarms, source};
use super::super::document::{Document, members, none};

/// A metric: its namespace, its name, and its dimensions.
pub(super) type Shown = (String, String, BTreeMap<String, String>);

pub(super) fn the_dashboard_shows_what_the_alarms_watch(document: &Document) -> Result<(), String> {
    let body = body(document)?;
    let widgets = body["widgets"].as_array().map(Vec::as_slice).unwrap_or_default();
    let of_alarms = widgets
        .iter()
        .flat_map(|widget| list(&widget["properties"]["alarms"]));
    let states: BTreeSet<&str> = of_alarms.filter_map(Json::as_str).collect();
    let shown = metrics(document)?;
    let mut faults = Vec::new();
    for alarm in alarms(document) {
        if !states.contains(alarm.id) {
            faults.push(format!("the dashboard does not show the state of {}", alarm.id));
        }
        let watched = alarm.metrics.into_iter();
        let watched = watched.map(|metric| (metric.namespace, metric.name, metric.dimensions));
        let hidden = watched.filter(|metric| !shown.contains(metric));
        faults.extend(hidden.map(|metric| format!("the dashboard does not show {metric:?} of {}", alarm.id)));
    }
    none(faults)
}

/// The metrics that it shows one by one.
pub(super) fn metrics(document: &Document) -> Result<BTreeSet<Shown>, String> {
    let mut shown = BTreeSet::new();
    for widget in list(&body(document)?["widgets"]) {
        let mut before = Vec::new();
        for metric in list(&widget["properties"]["metrics"]) {
            shown.extend(expand(&mut before, metric));
        }
    }
    Ok(shown)
}

/// The expressions by which it searches for metrics.
pub(super) fn searches(document: &Document) -> Result<Vec<String>, String> {
    let body = body(document)?;
    let metrics = list(&body["widgets"]).flat_map(|widget| list(&widget["properties"]["metrics"]));
    let expressions = metrics.filter_map(|metric| metric[0]["expression"].as_str());
    Ok(expressions.map(str::to_owned).collect())
}

/// Its JSON, in which a resource goes by its logical ID and everything conditional is there.
fn body(document: &Document) -> Result<Json, String> {
    let boards = document.of_kind("AWS::CloudWatch::Dashboard");
    let [(_, board)] = boards.as_slice() else {
        return Err("there is no dashboard".to_owned());
    };
    let text = filled(&board["Properties"]["DashboardBody"]);
    serde_json::from_str(&text).map_err(|error| format!("the dashboard is no JSON: {error}"))
}

fn filled(value: &Value) -> String {
    let Value::Tagged(call) = value else {
        return value.as_str().unwrap_or_default().to_owned();
    };
    match call.tag.to_string().trim_start_matches('!') {
        "If" => filled(&call.value[1]),
        "Sub" => {
            let text = call.value.as_str().or_else(|| call.value[0].as_str());
            let values: BTreeMap<&str, &Value> = members(&call.value[1]).into_iter().collect();
            let mut parts = text.unwrap_or_default().split("${");
            let mut whole = parts.next().unwrap_or_default().to_owned();
            for part in parts {
                let (name, rest) = part.split_once('}').unwrap_or((part, ""));
                let id = || name.split('.').next().unwrap_or_default().to_owned();
                whole.push_str(&values.get(name).map_or_else(id, |value| filled(value)));
                whole.push_str(rest);
            }
            whole
        }
        _ => source(value),
    }
}

fn list(value: &Json) -> impl Iterator<Item = &Json> {
    value.as_array().into_iter().flatten()
}

/// A metric, whose `...` stands for what the one before it starts with.
fn expand(before: &mut Vec<String>, metric: &Json) -> Option<Shown> {
    let own: Vec<String> = list(metric)
        .filter_map(|part| part.as_str().map(str::to_owned))
        .collect();
    let whole = match own.split_first() {
        Some((first, rest)) if first == "..." => {
            let same = before.len().checked_sub(rest.len())?;
            [&before[..same], rest].concat()
        }
        _ => own,
    };
    whole.clone_into(before);
    let [namespace, name, dimensions @ ..] = whole.as_slice() else {
        return None;
    };
    let dimensions = dimensions
        .chunks(2)
        .filter_map(|pair| Some((pair.first()?.clone(), pair.get(1)?.clone())));
    Some((namespace.clone(), name.clone(), dimensions.collect()))
}
