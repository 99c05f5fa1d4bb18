//! Calls a reader of the table's stream with records that are made anew from the table.

use std::io::Write;

use countersign_platform::store::key;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};

use super::function::{invoke, is_handled};
use crate::{AdminError, Deployment};

/// How many records a call has, as in template.yaml.
const BATCH: usize = 10;

/// How much earlier than a record came into the stream its row may have been dated, and how much later.
const LEEWAY: SignedDuration = SignedDuration::from_mins(1);

/// A reader of the table's stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    /// Sends mails.
    Notify,
    /// Publishes events.
    Relay,
}

impl Reader {
    fn function(self) -> &'static str {
        match self {
            Self::Notify => "NotifyFunction",
            Self::Relay => "RelayFunction",
        }
    }

    /// Whether the filter of its event source lets a record through.
    pub(super) fn reads(self, record: &Json) -> bool {
        let keys = &record["dynamodb"]["Keys"];
        let is_company = keys["pk"]["S"] == key::COMPANIES;
        match self {
            Self::Notify => !is_company,
            Self::Relay => {
                is_company
                    || keys["sk"]["S"]
                        .as_str()
                        .is_some_and(|sk| sk.starts_with(key::HISTORY))
            }
        }
    }
}

/// Calls the reader with what came into the stream in the time that a message of its failure queue names. Returns whether
/// everything was handled.
pub(super) async fn batch(
    deployment: &Deployment,
    reader: Reader,
    message: &Json,
    out: &mut (dyn Write + Send),
) -> Result<bool, AdminError> {
    let info = &message["DDBStreamBatchInfo"];
    let time = |name: &str| {
        info[name]
            .as_str()
            .and_then(|time| time.parse::<Timestamp>().ok())
    };
    let span = time("approximateArrivalOfFirstRecord").zip(time("approximateArrivalOfLastRecord"));
    let span = span
        .and_then(|(first, last)| Some((first.checked_sub(LEEWAY).ok()?, last.checked_add(LEEWAY).ok()?)));
    let Some((from, until)) = span else {
        writeln!(out, "a message does not say when its records came in")?;
        return Ok(false);
    };
    let mut all = deployment.store.announced_between(from, until).await?;
    all.retain(|record| reader.reads(record));
    let expected = info["batchSize"]
        .as_u64()
        .and_then(|size| usize::try_from(size).ok());
    if all.len() < expected.unwrap_or(1) {
        writeln!(
            out,
            "the table has {} of {} rows of that time",
            all.len(),
            info["batchSize"]
        )?;
        return Ok(false);
    }
    Ok(records(deployment, reader, &all, out).await? == 0)
}

/// Calls the reader with records, and returns how many failed.
pub(super) async fn records(
    deployment: &Deployment,
    reader: Reader,
    records: &[Json],
    out: &mut (dyn Write + Send),
) -> Result<usize, AdminError> {
    let mut failed = 0;
    for batch in records.chunks(BATCH) {
        if is_handled(
            invoke(deployment, reader.function(), &json!({ "Records": batch }))
                .await?
                .as_ref(),
        ) {
            continue;
        }
        // One that can't be handled keeps the others of its batch back, so each goes by itself.
        for record in batch {
            let answer = invoke(deployment, reader.function(), &json!({ "Records": [record] })).await?;
            if !is_handled(answer.as_ref()) {
                failed += 1;
                let place = record["dynamodb"]["SequenceNumber"].as_str().unwrap_or_default();
                writeln!(out, "{place} failed again")?;
            }
        }
    }
    Ok(failed)
}
