//! The part of a line that says which of its fields are metrics.

use jiff::Timestamp;
use serde::Serialize;

use super::metric::{Metric, NAMESPACE};

/// The member `_aws`. Its members are spelled as CloudWatch wants them.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Embedded {
    /// In milliseconds since 1970.
    timestamp: i64,
    cloud_watch_metrics: Vec<Directive>,
}

/// Metrics with the same dimensions.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Directive {
    namespace: &'static str,
    dimensions: [&'static [&'static str]; 1],
    metrics: Vec<Definition>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Definition {
    name: &'static str,
    unit: &'static str,
}

impl Embedded {
    /// Says that a line has these metrics. `None` if it has none.
    pub(super) fn of(metrics: &[Metric], at: Timestamp) -> Option<Self> {
        let mut directives: Vec<Directive> = Vec::new();
        for metric in metrics {
            let definition = Definition {
                name: metric.name,
                unit: metric.unit,
            };
            match directives
                .iter_mut()
                .find(|one| one.dimensions == [metric.dimensions])
            {
                Some(directive) => directive.metrics.push(definition),
                None => directives.push(Directive {
                    namespace: NAMESPACE,
                    dimensions: [metric.dimensions],
                    metrics: vec![definition],
                }),
            }
        }
        (!directives.is_empty()).then(|| Self {
            timestamp: at.as_millisecond(),
            cloud_watch_metrics: directives,
        })
    }
}
