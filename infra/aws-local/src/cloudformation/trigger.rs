//! What calls a function besides HTTP: a table's stream, a topic, a schedule.

use serde::Deserialize;

use super::intrinsics::local_name;
use super::mail::queue_of;
use super::{Function, Table, TemplateError, Trigger, content, schedule, typed};

/// A stream that calls a function with batches of its records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamTrigger {
    /// Its name in the template, which is the function's logical ID with the event's name.
    pub name: String,
    /// Whether it starts with the oldest record that there is, or with the next one.
    pub from_oldest: bool,
    /// The most records of one call.
    pub batch_size: usize,
    /// Patterns, of which a record has to match one; without any, each record is meant.
    pub patterns: Vec<String>,
    /// Whether the function's answer names the records that it failed at.
    pub reports_failures: bool,
    /// Whether a batch that failed is tried again in two halves.
    pub bisects: bool,
    /// How often a batch is tried again; `None` for as long as the stream holds it.
    pub retries: Option<u32>,
    /// The logical ID of the queue that is told of batches that were given up.
    pub on_failure: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Stream {
    #[serde(rename = "Stream")]
    arn: String,
    starting_position: String,
    #[serde(default = "default_batch_size")]
    batch_size: usize,
    #[serde(default)]
    filter_criteria: FilterCriteria,
    #[serde(default)]
    function_response_types: Vec<String>,
    #[serde(default)]
    bisect_batch_on_function_error: bool,
    #[serde(default = "default_retries")]
    maximum_retry_attempts: i64,
    #[serde(default)]
    destination_config: DestinationConfig,
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

/// Where what could not be handled goes.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct DestinationConfig {
    on_failure: Option<OnFailure>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct OnFailure {
    #[serde(rename = "Type")]
    kind: String,
    destination: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Topic {
    topic: String,
    redrive_policy: Option<RedrivePolicy>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RedrivePolicy {
    dead_letter_target_arn: String,
}

/// Lambda's own default for streams.
fn default_batch_size() -> usize {
    100
}

/// For as long as the stream holds the records.
fn default_retries() -> i64 {
    -1
}

/// Reads each function's triggers. One of a kind that this program has no stand-in for is refused, or what it calls
/// would seem to be there and never run.
pub(super) fn fill(
    functions: &mut [Function],
    table: &Table,
    topics: &[String],
    queues: &[String],
) -> Result<(), TemplateError> {
    for function in functions {
        for trigger in std::mem::take(&mut function.triggers) {
            let place = format!("Resources.{}.Events.{}", function.logical_id, trigger.name);
            match trigger.kind.as_str() {
                "DynamoDB" => function
                    .streams
                    .push(stream(&trigger, &place, function, table, queues)?),
                "ScheduleV2" => {
                    let schedule = schedule::read(&trigger, &place, function, queues)?;
                    function.schedules.push(schedule);
                }
                "SNS" => function.topics.push(topic(&trigger, &place, topics, queues)?),
                other => return Err(content(place, format!("an event {other} is not understood here"))),
            }
            function.triggers.push(trigger);
        }
    }
    Ok(())
}

impl DestinationConfig {
    /// The queue, if one is named.
    pub(super) fn queue(self, queues: &[String], place: &str) -> Result<Option<String>, TemplateError> {
        match self.on_failure {
            Some(on_failure) if on_failure.kind == "SQS" => {
                queue_of(&on_failure.destination, queues, place).map(Some)
            }
            Some(other) => Err(content(
                place,
                format!("a destination {} is not understood here", other.kind),
            )),
            None => Ok(None),
        }
    }
}

fn stream(
    trigger: &Trigger,
    place: &str,
    function: &Function,
    table: &Table,
    queues: &[String],
) -> Result<StreamTrigger, TemplateError> {
    let stream: Stream = typed(place, trigger.properties.clone())?;
    if table.stream.is_none() || stream.arn != format!("{}-StreamArn", table.name) {
        return Err(content(place, "it has to read the stream of the table"));
    }
    let from_oldest = match stream.starting_position.as_str() {
        "TRIM_HORIZON" => true,
        "LATEST" => false,
        other => return Err(content(place, format!("there is no starting position {other}"))),
    };
    let reports_failures = match stream.function_response_types.as_slice() {
        [] => false,
        [one] if one == "ReportBatchItemFailures" => true,
        _ => return Err(content(place, "FunctionResponseTypes is not understood")),
    };
    if !(1..=10_000).contains(&stream.batch_size) {
        return Err(content(place, "BatchSize has to be from 1 to 10,000"));
    }
    let retries = match stream.maximum_retry_attempts {
        -1 => None,
        number => {
            Some(u32::try_from(number).map_err(|_| content(place, "MaximumRetryAttempts is below -1"))?)
        }
    };
    let filters = stream.filter_criteria.filters;
    Ok(StreamTrigger {
        name: format!("{}{}", function.logical_id, trigger.name),
        from_oldest,
        batch_size: stream.batch_size,
        patterns: filters.into_iter().map(|filter| filter.pattern).collect(),
        reports_failures,
        bisects: stream.bisect_batch_on_function_error,
        retries,
        on_failure: stream.destination_config.queue(queues, place)?,
    })
}

/// The logical ID of the topic that a trigger listens to.
///
/// A redrive policy has to name a queue that exists, and that is all: a call of a function on this machine is never
/// turned away, which is what it is there for.
fn topic(
    trigger: &Trigger,
    place: &str,
    topics: &[String],
    queues: &[String],
) -> Result<String, TemplateError> {
    let event: Topic = typed(place, trigger.properties.clone())?;
    if let Some(policy) = event.redrive_policy {
        queue_of(&policy.dead_letter_target_arn, queues, place)?;
    }
    let topic = topics.iter().find(|topic| local_name(topic) == event.topic);
    topic
        .cloned()
        .ok_or_else(|| content(place, "there is no such topic"))
}
