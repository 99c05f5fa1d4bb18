//! What a call did and what it cost: one line of the log for each call of a function, and one for each step of the
//! workflow that the call asked for.
//!
//! A line is one JSON object in CloudWatch's [embedded metric format]: its fields can be searched, and CloudWatch makes
//! the metrics that it names under `_aws`. Nothing calls CloudWatch, and no line names a person: an actor is the ID that
//! the directory gave them. docs/RUNBOOK.md, *Who did what, and what did it cost*, asks the lines questions.
//!
//! The crates that write this format keep the metrics of a whole process in one recorder and write them after each call.
//! Here calls overlap, since the runner serves all functions in one process, and a call may take several steps.
//!
//! [embedded metric format]: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format.html

mod call;
mod embedded;
mod line;
mod metric;
mod usage;

pub(crate) use call::{Call, End, observe};
pub use call::{acts, count};
pub use line::{milliseconds, write};
pub use metric::{Count, Metric, NAMESPACE, Outcome, STEP_TIME, STEPS};
pub(crate) use usage::add;
pub use usage::{Usage, measure};

/// The target of these lines, so that a subscriber can write them as they are, whatever else it writes.
pub const TARGET: &str = "countersign::telemetry";
