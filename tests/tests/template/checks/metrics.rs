//! The product's own metrics: what is shown or watched is what the code writes.

use std::collections::{BTreeMap, BTreeSet};

use countersign_domain::workflow::Action;
use countersign_platform::telemetry::{Metric, NAMESPACE, Outcome};

use super::super::alarm::alarms;
use super::super::document::{Document, named, none};
use super::dashboard;

/// A metric of the product's as the template names it, with the values that it gives of dimensions.
struct Named {
    place: String,
    name: String,
    dimensions: BTreeSet<String>,
    values: BTreeMap<String, String>,
}

pub(super) fn the_products_metrics_are_those_that_the_code_writes(document: &Document) -> Result<(), String> {
    let shown = shown(document)?;
    let watched = alarms(document).into_iter().flat_map(|alarm| {
        let own = alarm
            .metrics
            .into_iter()
            .filter(|metric| metric.namespace == NAMESPACE);
        let own = own.map(|metric| Named {
            place: alarm.id.to_owned(),
            name: metric.name,
            dimensions: metric.dimensions.keys().cloned().collect(),
            values: metric.dimensions,
        });
        own.collect::<Vec<_>>()
    });
    let seen: BTreeSet<String> = shown.iter().map(|metric| metric.name.clone()).collect();
    let mut faults: Vec<String> = shown
        .into_iter()
        .chain(watched)
        .flat_map(|metric| of_one(&metric))
        .collect();
    let unseen = Metric::all().filter(|metric| !seen.contains(metric.name));
    faults.extend(
        unseen.map(|metric| format!("{} is written, and the dashboard does not show it", metric.name)),
    );
    none(faults)
}

/// What is wrong with one.
fn of_one(metric: &Named) -> Vec<String> {
    let place = format!("{} in {}", metric.name, metric.place);
    let Some(written) = Metric::all().find(|written| written.name == metric.name) else {
        return vec![format!("no line has the metric {place}")];
    };
    let written: BTreeSet<String> = written.dimensions.iter().map(|&name| name.to_owned()).collect();
    if metric.dimensions != written {
        return vec![format!(
            "{place} has the dimensions {:?}, and lines have {written:?}",
            metric.dimensions
        )];
    }
    let is_written = |(dimension, value): &(&String, &String)| match dimension.as_str() {
        "Stack" => *value == "AWS::StackName",
        "Action" => Action::parse(value).is_some(),
        "Outcome" => Outcome::ALL.iter().any(|outcome| outcome.as_str() == *value),
        _ => false,
    };
    let others = metric.values.iter().filter(|value| !is_written(value));
    others
        .map(|(dimension, value)| format!("{place} has {value:?} for {dimension}"))
        .collect()
}

/// Those on the dashboard: one by one, or found by a search.
fn shown(document: &Document) -> Result<Vec<Named>, String> {
    let one = |(_, name, values): dashboard::Shown| Named {
        place: "the dashboard".to_owned(),
        name,
        dimensions: values.keys().cloned().collect(),
        values,
    };
    let own = dashboard::metrics(document)?.into_iter();
    let mut all: Vec<Named> = own
        .filter(|(namespace, ..)| namespace == NAMESPACE)
        .map(one)
        .collect();
    for search in dashboard::searches(document)? {
        all.extend(searched(&search)?);
    }
    Ok(all)
}

/// What `SEARCH('{Namespace,Dimension,…} MetricName="…" Dimension="…" Dimension=("…" OR "…")', …)` looks for: one for each
/// value that it gives of some dimension.
fn searched(search: &str) -> Result<Vec<Named>, String> {
    let unclear = || format!("the search {search} is of another form");
    let (schema, query) = search
        .strip_prefix("SEARCH('{")
        .and_then(|rest| rest.split_once("} "))
        .ok_or_else(unclear)?;
    let (query, _) = query.split_once('\'').ok_or_else(unclear)?;
    let mut schema = schema.split(',').map(str::to_owned);
    if schema.next().as_deref() != Some(NAMESPACE) {
        return Err(unclear());
    }
    let dimensions: BTreeSet<String> = schema.collect();
    let mut asked: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut key = String::new();
    for (place, part) in query.split('"').enumerate() {
        match (place % 2, part.trim_matches([' ', '(', ')', '='])) {
            (1, value) => asked.entry(key.clone()).or_default().push(value.to_owned()),
            (_, "" | "OR") => {}
            (_, name) => name.clone_into(&mut key),
        }
    }
    let name = asked
        .remove("MetricName")
        .and_then(|mut names| names.pop())
        .ok_or_else(unclear)?;
    let found = asked.into_iter().flat_map(|(dimension, values)| {
        let one = |value| Named {
            place: "a search of the dashboard".to_owned(),
            name: name.clone(),
            dimensions: dimensions.clone(),
            values: BTreeMap::from([(dimension.clone(), value)]),
        };
        values.into_iter().map(one).collect::<Vec<_>>()
    });
    Ok(found.collect())
}

pub(super) fn nothing_is_traced_unless_it_is_asked_for(document: &Document) -> Result<(), String> {
    let parameters = document.section("Parameters");
    let parameter = parameters.iter().find(|(name, _)| *name == "Tracing");
    let default = parameter.map(|(_, parameter)| named(&parameter["Default"]));
    // Of any other value, SAM gives every role the right to send traces.
    if default.as_deref() != Some("Disabled") {
        return Err(format!("calls are traced by default: {default:?}"));
    }
    // In Globals, a change of the parameter would publish no version.
    let functions = document.of_kind("AWS::Serverless::Function").into_iter();
    let others = functions.filter(|(_, function)| named(&function["Properties"]["Tracing"]) != "Tracing");
    none(others.map(|(id, _)| format!("{id} is not traced as the parameter says")))
}
