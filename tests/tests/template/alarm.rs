//! The template's alarms, read into what the checks ask of them.

use std::collections::{BTreeMap, BTreeSet};

use serde_norway::Value;

use super::document::{Document, items, named, references};

/// An alarm.
pub(super) struct Alarm<'a> {
    pub(super) id: &'a str,
    pub(super) properties: &'a Value,
    /// What it watches.
    pub(super) metrics: Vec<Metric>,
    /// What it makes of the metrics, unless it watches one as it is.
    pub(super) expression: Option<String>,
}

/// A metric that an alarm watches.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Metric {
    pub(super) id: String,
    pub(super) namespace: String,
    pub(super) name: String,
    /// The values of the dimensions by their names; the logical ID where a value refers to a resource.
    pub(super) dimensions: BTreeMap<String, String>,
    pub(super) statistic: String,
    pub(super) period: u64,
}

impl Metric {
    /// Whether it is this metric with these dimensions and no others.
    pub(super) fn is(&self, namespace: &str, name: &str, dimensions: &[(&str, &str)]) -> bool {
        let own = self
            .dimensions
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        self.namespace == namespace && self.name == name && own.eq(dimensions.iter().copied())
    }
}

impl Alarm<'_> {
    pub(super) fn number(&self, property: &str) -> f64 {
        self.properties[property].as_f64().unwrap_or(f64::NAN)
    }

    pub(super) fn says(&self, property: &str) -> &str {
        self.properties[property].as_str().unwrap_or_default()
    }

    /// How far back it looks, in seconds.
    pub(super) fn range(&self) -> u64 {
        let period = self.metrics.first().map_or(0, |metric| metric.period);
        period * self.properties["EvaluationPeriods"].as_u64().unwrap_or(0)
    }

    /// The values of a dimension of the metrics of that name.
    pub(super) fn values_of(&self, namespace: &str, name: &str, dimension: &str) -> BTreeSet<String> {
        let metrics = self.metrics.iter();
        let named = metrics.filter(|metric| metric.namespace == namespace && metric.name == name);
        named
            .filter_map(|metric| metric.dimensions.get(dimension).cloned())
            .collect()
    }
}

/// Every alarm, as it is where everything conditional is there.
pub(super) fn alarms(document: &Document) -> Vec<Alarm<'_>> {
    let all = document.of_kind("AWS::CloudWatch::Alarm").into_iter();
    all.map(|(id, resource)| alarm(id, &resource["Properties"]))
        .collect()
}

/// The alarm of that name.
pub(super) fn alarm_of<'a>(document: &'a Document, id: &str) -> Result<Alarm<'a>, String> {
    let mut all = alarms(document).into_iter();
    all.find(|alarm| alarm.id == id)
        .ok_or_else(|| format!("there is no {id}"))
}

fn alarm<'a>(id: &'a str, properties: &'a Value) -> Alarm<'a> {
    if properties.get("Metrics").is_none() {
        return Alarm {
            id,
            properties,
            metrics: vec![metric("", properties, properties)],
            expression: None,
        };
    }
    let mut metrics = Vec::new();
    let mut expressions = Vec::new();
    for part in items(&properties["Metrics"]).map(there) {
        if let Some(expression) = part.get("Expression") {
            expressions.push(text(expression));
        } else {
            let of_part = &part["MetricStat"];
            metrics.push(metric(&text(&part["Id"]), &of_part["Metric"], of_part));
        }
    }
    Alarm {
        id,
        properties,
        metrics,
        expression: expressions.pop(),
    }
}

/// What `!If` gives if its condition is true.
fn there(value: &Value) -> &Value {
    match value {
        Value::Tagged(tagged) if tagged.tag == "If" => &tagged.value[1],
        other => other,
    }
}

fn text(value: &Value) -> String {
    let value = match value {
        Value::Tagged(tagged) => &tagged.value,
        other => other,
    };
    value.as_str().unwrap_or_default().to_owned()
}

/// The logical ID of what a value is made of.
pub(super) fn source(value: &Value) -> String {
    let id = named(value);
    if id.is_empty() {
        references(value, "").pop_first().unwrap_or_default()
    } else {
        id
    }
}

fn metric(id: &str, names: &Value, statistics: &Value) -> Metric {
    let dimensions = items(&names["Dimensions"]);
    let dimensions = dimensions.map(|one| (text(&one["Name"]), source(&one["Value"])));
    let statistic = ["Stat", "Statistic", "ExtendedStatistic"].map(|member| text(&statistics[member]));
    Metric {
        id: id.to_owned(),
        namespace: text(&names["Namespace"]),
        name: text(&names["MetricName"]),
        dimensions: dimensions.collect(),
        statistic: statistic.concat(),
        period: statistics["Period"].as_u64().unwrap_or(0),
    }
}
