//! What Lambda polls for a function: the table's stream, and queues.

use std::time::Duration;

use serde::Deserialize;

use super::function::DestinationConfig;
use super::{Queue, Reader, Table, TemplateError, content};

/// A stream that calls a function with batches of its records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventSourceMapping {
    /// Its name in the template, which is the function's logical ID with the event's name.
    pub name: String,
    pub starting_position: StartingPosition,
    /// The most records of one call.
    pub batch_size: usize,
    /// How long records are gathered before a call.
    pub batching_window: Duration,
    /// Patterns, of which a record has to match one; without any, each record is meant.
    pub patterns: Vec<String>,
    /// Whether the function's answer names the records that it failed at.
    pub reports_batch_item_failures: bool,
    pub bisects_batch_on_function_error: bool,
    /// How often a batch is tried again; `None` for as long as the stream holds it.
    pub maximum_retry_attempts: Option<u32>,
    /// The logical ID of the queue for batches that were given up.
    pub on_failure: Option<String>,
}

/// A queue that calls a function with batches of its messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueMapping {
    /// The queue's logical ID.
    pub queue: String,
    /// The most messages of one call.
    pub batch_size: usize,
    /// How long messages are gathered before a call.
    pub batching_window: Duration,
    /// Whether the function's answer names the messages that it failed at.
    pub reports_batch_item_failures: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StartingPosition {
    TrimHorizon,
    Latest,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Stream {
    #[serde(rename = "Stream")]
    arn: String,
    starting_position: StartingPosition,
    batch_size: Option<usize>,
    #[serde(default)]
    maximum_batching_window_in_seconds: u64,
    #[serde(default)]
    filter_criteria: FilterCriteria,
    #[serde(default)]
    function_response_types: Vec<ResponseType>,
    #[serde(default)]
    bisect_batch_on_function_error: bool,
    maximum_retry_attempts: Option<i64>,
    #[serde(default)]
    destination_config: DestinationConfig,
}

#[derive(Deserialize)]
enum ResponseType {
    ReportBatchItemFailures,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct FilterCriteria {
    #[serde(default)]
    filters: Vec<Filter>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Filter {
    pattern: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Sqs {
    queue: String,
    batch_size: Option<usize>,
    #[serde(default)]
    maximum_batching_window_in_seconds: u64,
    #[serde(default)]
    function_response_types: Vec<ResponseType>,
    scaling_config: Option<ScalingConfig>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct ScalingConfig {
    maximum_concurrency: u16,
}

/// Lambda's own defaults and limits.
const DEFAULT_STREAM_BATCH: usize = 100;
const DEFAULT_QUEUE_BATCH: usize = 10;
const LARGEST_BATCH: usize = 10_000;

fn batch_size(given: Option<usize>, default: usize, place: &str) -> Result<usize, TemplateError> {
    let size = given.unwrap_or(default);
    if (1..=LARGEST_BATCH).contains(&size) {
        return Ok(size);
    }
    Err(content(place, "BatchSize has to be from 1 to 10,000"))
}

pub(super) fn stream(
    reader: &Reader<'_>,
    name: String,
    event: Stream,
    place: &str,
    table: &Table,
) -> Result<EventSourceMapping, TemplateError> {
    if table.stream_specification.is_none() || event.arn != format!("{}-StreamArn", table.name) {
        return Err(content(place, "it has to read the stream of the table"));
    }
    let maximum_retry_attempts = match event.maximum_retry_attempts {
        None | Some(-1) => None,
        Some(number) => {
            let number = u32::try_from(number);
            Some(number.map_err(|_| content(place, "MaximumRetryAttempts is below -1"))?)
        }
    };
    let filters = event.filter_criteria.filters.into_iter();
    Ok(EventSourceMapping {
        name,
        starting_position: event.starting_position,
        batch_size: batch_size(event.batch_size, DEFAULT_STREAM_BATCH, place)?,
        batching_window: Duration::from_secs(event.maximum_batching_window_in_seconds),
        patterns: filters.map(|filter| filter.pattern).collect(),
        reports_batch_item_failures: !event.function_response_types.is_empty(),
        bisects_batch_on_function_error: event.bisect_batch_on_function_error,
        maximum_retry_attempts,
        on_failure: event.destination_config.queue(reader, place)?,
    })
}

/// A queue that calls a function, whose calls may take so long.
pub(super) fn sqs(
    reader: &Reader<'_>,
    event: &Sqs,
    place: &str,
    (queues, timeout): (&[Queue], Duration),
) -> Result<QueueMapping, TemplateError> {
    let queue = reader.named("AWS::SQS::Queue", &event.queue, place)?;
    let mut found = queues.iter().filter(|found| found.logical_id == queue);
    if found.any(|found| found.visibility_timeout < timeout) {
        let reason = format!("the VisibilityTimeout of {queue} is less than the function's Timeout");
        return Err(content(place, reason));
    }
    let batch_size = batch_size(event.batch_size, DEFAULT_QUEUE_BATCH, place)?;
    if batch_size > DEFAULT_QUEUE_BATCH && event.maximum_batching_window_in_seconds == 0 {
        let reason = "a BatchSize of more than 10 needs MaximumBatchingWindowInSeconds";
        return Err(content(place, reason));
    }
    // A queue calls its function one batch after the other here, which is within every limit.
    let concurrency = event
        .scaling_config
        .as_ref()
        .map(|scaling| scaling.maximum_concurrency);
    if concurrency.is_some_and(|most| !(2..=1_000).contains(&most)) {
        return Err(content(place, "MaximumConcurrency has to be from 2 to 1,000"));
    }
    Ok(QueueMapping {
        queue,
        batch_size,
        batching_window: Duration::from_secs(event.maximum_batching_window_in_seconds),
        reports_batch_item_failures: !event.function_response_types.is_empty(),
    })
}
