//! One batch of records, until each of them has been handled or given up: Lambda's rules for a stream.
//!
//! - An answer that names failed records moves the position to the lowest of them; it and everything after it is tried
//!   again.
//! - An error, or an answer that can't be understood, halves the batch where the template says so. Halving is no retry
//!   ("splitting a batch does not consume the retry quota"), so one bad record ends up alone.
//! - What has been tried again as often as the template allows goes to the failure queue as a whole, as a message that
//!   names its place in the stream, and the stream goes on.
//!
//! AWS doesn't say whether progress within a batch begins the count anew. Here it does: the records that are left
//! haven't failed as often as the count would say.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::Stopped;
use super::position::Position;
use crate::Clock;
use crate::cloudformation::EventSourceMapping;
use crate::dynamodb::stream::{Record, Stream};
use crate::lambda::EventTarget;
use crate::sqs::Queues;

/// The first pause after a failure. Lambda's are longer; here nobody shall wait for them.
const FIRST_PAUSE: Duration = Duration::from_millis(20);

/// Who handles batches and what becomes of those that can't be.
#[derive(Clone)]
pub struct BatchTarget {
    pub mapping: EventSourceMapping,
    pub target: EventTarget,
    pub queues: std::sync::Arc<Queues>,
    pub clock: Clock,
    /// The longest pause after a failure.
    pub longest_pause: Duration,
}

/// Records that are handed over together.
struct Part {
    records: Vec<Record>,
    retries: u32,
}

/// How a call went.
enum CallOutcome {
    /// Everything was handled.
    Done,
    /// Everything before this record was.
    From(usize),
    /// Nothing was, as far as anybody knows.
    Failed,
}

impl BatchTarget {
    /// Handles a batch to its end, or until the runner stops: then what is left is read again after the next start.
    pub(super) async fn handle(
        &self,
        batch: Vec<Record>,
        stream: &Stream,
        position: &mut Position,
        stopped: &mut Stopped,
    ) {
        let mut parts = VecDeque::from([Part {
            records: batch,
            retries: 0,
        }]);
        let mut failures = 0;
        while let Some(part) = parts.pop_front() {
            let from = match self.call(&part.records).await {
                CallOutcome::Done => {
                    failures = 0;
                    advance(position, &part.records).await;
                    continue;
                }
                CallOutcome::From(from) => Some(from),
                CallOutcome::Failed => None,
            };
            failures += 1;
            match from {
                None if self.mapping.bisects_batch_on_function_error && part.records.len() > 1 => {
                    halve(part, &mut parts);
                }
                from => {
                    let from = from.unwrap_or(0);
                    let mut handled = part.records;
                    let left = handled.split_off(from);
                    advance(position, &handled).await;
                    let retries = if from > 0 { 0 } else { part.retries };
                    if self
                        .mapping
                        .maximum_retry_attempts
                        .is_some_and(|limit| retries >= limit)
                    {
                        self.give_up(&left, retries, stream);
                        advance(position, &left).await;
                        failures = 0;
                        continue;
                    }
                    parts.push_front(Part {
                        records: left,
                        retries: retries + 1,
                    });
                }
            }
            if stopped.within(pause(failures, self.longest_pause)).await {
                return;
            }
        }
    }

    async fn call(&self, records: &[Record]) -> CallOutcome {
        let event: Vec<&Json> = records.iter().map(|record| &record.json).collect();
        match self.target.call(json!({ "Records": event })).await {
            Ok(answer) if self.mapping.reports_batch_item_failures => outcome_of(&answer, records),
            Ok(_) => CallOutcome::Done,
            Err(_) => CallOutcome::Failed,
        }
    }

    fn give_up(&self, records: &[Record], retries: u32, stream: &Stream) {
        let (Some(first), Some(last)) = (records.first(), records.last()) else {
            return;
        };
        tracing::warn!(
            mapping = self.mapping.name,
            records = records.len(),
            from = first.sequence_number,
            "records of the stream were given up"
        );
        let Some(queue) = &self.mapping.on_failure else {
            return;
        };
        let message = json!({
            "requestContext": self.target.request_context("RetryAttemptsExhausted", retries + 1),
            "responseContext": EventTarget::response_context(),
            "version": "1.0",
            "timestamp": self.clock.now().to_string(),
            "DDBStreamBatchInfo": {
                "shardId": stream.shard_id(),
                "startSequenceNumber": first.sequence_number,
                "endSequenceNumber": last.sequence_number,
                "approximateArrivalOfFirstRecord": self.arrival(first),
                "approximateArrivalOfLastRecord": self.arrival(last),
                "batchSize": records.len(),
                "streamArn": stream.arn(),
            },
        });
        self.queues.send(queue, message);
    }

    /// When a record came into the stream, by the stand-ins' clock: the engine stamps records with the system's.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "whole seconds of this age of the world"
    )]
    fn arrival(&self, record: &Record) -> String {
        let ahead = self.clock.now().duration_since(Timestamp::now());
        let created = Timestamp::from_second(record.created as i64).unwrap_or_default();
        created.checked_add(ahead).unwrap_or(created).to_string()
    }
}

/// Puts both halves back, the first one first.
fn halve(part: Part, parts: &mut VecDeque<Part>) {
    let Part { mut records, retries } = part;
    let second = records.split_off(records.len() / 2);
    for records in [second, records] {
        parts.push_front(Part { records, retries });
    }
}

async fn advance(position: &mut Position, handled: &[Record]) {
    if let Some(last) = handled.last() {
        position.advance(&last.sequence_number).await;
    }
}

/// What an answer says. Nothing at all is success; a name that none of the records has is none of Lambda's business to
/// guess at, and everything is tried again.
fn outcome_of(answer: &Json, records: &[Record]) -> CallOutcome {
    let failures = match answer {
        Json::Null => return CallOutcome::Done,
        Json::Object(members) => match members.get("batchItemFailures") {
            None | Some(Json::Null) => return CallOutcome::Done,
            Some(Json::Array(failures)) => failures,
            Some(_) => return CallOutcome::Failed,
        },
        Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => return CallOutcome::Failed,
    };
    let mut lowest = records.len();
    for failure in failures {
        let named = failure.get("itemIdentifier").and_then(Json::as_str);
        let index = records
            .iter()
            .position(|record| Some(record.sequence_number.as_str()) == named);
        match index {
            Some(index) => lowest = lowest.min(index),
            None => return CallOutcome::Failed,
        }
    }
    if lowest == records.len() {
        CallOutcome::Done
    } else {
        CallOutcome::From(lowest)
    }
}

/// How long to wait after so many failures in a row.
pub(super) fn pause(failures: u32, longest: Duration) -> Duration {
    let doubled =
        FIRST_PAUSE.saturating_mul(1_u32.checked_shl(failures.saturating_sub(1)).unwrap_or(u32::MAX));
    doubled.min(longest)
}
