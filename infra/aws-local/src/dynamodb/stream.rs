//! Reads the table's stream: the embedded engine's through its handle, since an idle poll then takes some microseconds;
//! another engine's over its wire.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dynoxide::Database;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

use super::wire::Wire;
use crate::{ACCOUNT, Clock, REGION, one_line};

/// The most records of one poll.
const MOST_RECORDS: usize = 250;

/// A record of the stream.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    /// Where it is in the stream.
    pub(crate) sequence_number: String,
    /// When it was written, in seconds of the system's clock.
    pub(crate) created: f64,
    /// The record as Lambda hands it over.
    pub(crate) json: Json,
}

/// Where to begin to read.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Start<'a> {
    Oldest,
    Next,
    After(&'a str),
}

/// The one shard of the table's stream. An engine that closes a shard after some hours ends the reading with it.
#[derive(Clone)]
pub struct Stream {
    source: Source,
    shard: Arc<Shard>,
    clock: Clock,
    readings: Arc<Mutex<Readings>>,
}

/// How far the shared clock has been ahead of the system's, by which the engine dates records: since when, and how far.
#[derive(Debug, Default)]
struct Readings(Vec<(Timestamp, SignedDuration)>);

impl Readings {
    /// Reads the clocks. Called before each poll, so that a clock that is set moves no record that was written before.
    fn read(&mut self, clock: &Clock) {
        let now = Timestamp::now();
        let ahead = clock.now().duration_since(now);
        let last = self.0.last();
        if last.is_none_or(|&(_, before)| (ahead - before).abs() > SignedDuration::from_secs(1)) {
            self.0.push((now, ahead));
        }
    }

    /// What the shared clock showed at a time of the system's, in seconds. `None` for a time before the first reading, when
    /// another runner may have had another clock.
    fn shared(&self, seconds: f64) -> Option<f64> {
        let behind = self
            .0
            .partition_point(|(since, _)| since.as_duration().as_secs_f64() <= seconds);
        let (_, ahead) = self.0.get(behind.checked_sub(1)?)?;
        // A clock that was set back since the reading may have been so before the record.
        let ahead = self.0.get(behind).map_or(*ahead, |(_, next)| *ahead.min(next));
        Some(seconds + ahead.as_secs_f64())
    }
}

/// What answers the calls of the API of streams.
#[derive(Clone)]
enum Source {
    Embedded(Database),
    Wire(Box<Wire>),
}

#[derive(Clone, Copy, strum::IntoStaticStr)]
enum Operation {
    ListStreams,
    DescribeStream,
    GetShardIterator,
    GetRecords,
}

struct Shard {
    /// The stream's name to the engine.
    engine_arn: String,
    /// The stream's name to the functions.
    arn: String,
    id: String,
}

impl Stream {
    /// Finds the table's stream in the embedded engine. It blocks for a moment.
    pub(crate) fn of_database(database: &Database, table: &str, clock: Clock) -> Result<Self, String> {
        let listed = ask(database, Operation::ListStreams, of_table(table))?;
        let described = ask(database, Operation::DescribeStream, found_in(&listed)?)?;
        Self::described(Source::Embedded(database.clone()), table, clock, &described)
    }

    /// Finds the table's stream over the wire.
    pub(super) async fn on_wire(wire: Wire, table: &str, clock: Clock) -> Result<Self, String> {
        let source = Source::Wire(Box::new(wire));
        let listed = source.ask(Operation::ListStreams, of_table(table)).await?;
        let described = source.ask(Operation::DescribeStream, found_in(&listed)?).await?;
        Self::described(source, table, clock, &described)
    }

    fn described(source: Source, table: &str, clock: Clock, described: &Json) -> Result<Self, String> {
        let stream = &described["StreamDescription"];
        let shard = &stream["Shards"][0]["ShardId"];
        let (engine_arn, label) = (text(&stream["StreamArn"])?, text(&stream["StreamLabel"])?);
        Ok(Self {
            source,
            shard: Arc::new(Shard {
                engine_arn,
                arn: format!("arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{table}/stream/{label}"),
                id: text(shard).map_err(|_| "the stream has no shard")?,
            }),
            clock,
            readings: Arc::default(),
        })
    }

    /// The stream's ARN as the functions get it.
    pub(crate) fn arn(&self) -> &str {
        &self.shard.arn
    }

    /// The shard's ID.
    pub(crate) fn shard_id(&self) -> &str {
        &self.shard.id
    }

    /// An iterator, which is where the next poll begins.
    pub(crate) async fn iterator(&self, start: Start<'_>) -> Result<String, String> {
        let mut request = json!({ "StreamArn": self.shard.engine_arn, "ShardId": self.shard.id });
        request["ShardIteratorType"] = match start {
            Start::Oldest => "TRIM_HORIZON",
            Start::Next => "LATEST",
            Start::After(_) => "AFTER_SEQUENCE_NUMBER",
        }
        .into();
        if let Start::After(sequence_number) = start {
            request["SequenceNumber"] = sequence_number.into();
        }
        let answer = self.source.ask(Operation::GetShardIterator, request).await?;
        text(&answer["ShardIterator"]).map_err(|_| "there is no iterator".to_owned())
    }

    /// The next records, and the iterator after them.
    pub(crate) async fn poll(&self, iterator: &str) -> Result<(Vec<Record>, String), String> {
        let request = json!({ "ShardIterator": iterator, "Limit": MOST_RECORDS });
        self.readings().read(&self.clock);
        let mut answer = self.source.ask(Operation::GetRecords, request).await?;
        let next = text(&answer["NextShardIterator"]).map_err(|_| "the shard has ended")?;
        let Json::Array(records) = answer["Records"].take() else {
            return Err("the answer has no records".to_owned());
        };
        let records = records.into_iter().map(|record| self.record(record));
        Ok((records.collect::<Result<_, _>>()?, next))
    }

    fn readings(&self) -> MutexGuard<'_, Readings> {
        self.readings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An engine on this machine names itself as region, leaves out which stream a record is of, and dates it by the
    /// system's clock.
    fn record(&self, mut json: Json) -> Result<Record, String> {
        json["awsRegion"] = REGION.into();
        json["eventSourceARN"] = self.arn().into();
        let change = &mut json["dynamodb"];
        let created = change["ApproximateCreationDateTime"].as_f64();
        let created = created.ok_or("a record has no time")?;
        match (self.readings().shared(created), change.as_object_mut()) {
            (None, Some(change)) => drop(change.remove("ApproximateCreationDateTime")),
            (shared, _) => change["ApproximateCreationDateTime"] = shared.map(f64::floor).into(),
        }
        Ok(Record {
            sequence_number: text(&change["SequenceNumber"])?,
            created,
            json,
        })
    }
}

impl Source {
    async fn ask(&self, operation: Operation, request: Json) -> Result<Json, String> {
        match self {
            Self::Embedded(database) => {
                // The engine blocks the thread that it works on.
                let database = database.clone();
                let asked = tokio::task::spawn_blocking(move || ask(&database, operation, request)).await;
                asked.map_err(|error| error.to_string())?
            }
            Self::Wire(wire) => wire.streams(operation.into(), &request).await,
        }
    }
}

/// Asks the embedded engine, as its wire would.
fn ask(database: &Database, operation: Operation, request: Json) -> Result<Json, String> {
    match operation {
        Operation::ListStreams => answer(database.list_streams(typed(request)?)),
        Operation::DescribeStream => answer(database.describe_stream(typed(request)?)),
        Operation::GetShardIterator => answer(database.get_shard_iterator(typed(request)?)),
        Operation::GetRecords => answer(database.get_records(typed(request)?)),
    }
}

fn typed<T: DeserializeOwned>(request: Json) -> Result<T, String> {
    serde_json::from_value(request).map_err(|error| one_line(&error))
}

fn answer<T: Serialize>(answer: Result<T, dynoxide::DynoxideError>) -> Result<Json, String> {
    let answer = answer.map_err(|error| one_line(&error))?;
    serde_json::to_value(answer).map_err(|error| one_line(&error))
}

fn of_table(table: &str) -> Json {
    json!({ "TableName": table })
}

/// The request that describes the stream that was found.
fn found_in(listed: &Json) -> Result<Json, String> {
    let arn = text(&listed["Streams"][0]["StreamArn"]).map_err(|_| "the table has no stream")?;
    Ok(json!({ "StreamArn": arn }))
}

fn text(value: &Json) -> Result<String, String> {
    let text = value.as_str().map(str::to_owned);
    text.ok_or_else(|| "the engine's answer lacks a name".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::tests::TestClock;

    #[test]
    fn a_clock_that_is_set_redates_no_record_that_was_written_before() {
        let clock = TestClock::at("2023-02-07T02:43:00Z");
        let mut readings = Readings::default();
        readings.read(&clock.clock());
        let written = Timestamp::now().as_duration().as_secs_f64();
        let [before, after]: [Timestamp; 2] =
            ["2023-02-07T02:43:00Z", "2023-02-07T10:43:00Z"].map(|time| time.parse().unwrap());
        clock.set(after);
        readings.read(&clock.clock());
        for (seconds, shown) in [(written, before), (written + 30.0, after)] {
            let off = readings.shared(seconds).unwrap() - shown.as_duration().as_secs_f64();
            assert!((0.0..60.0).contains(&off), "{off}");
        }
        assert_eq!(readings.shared(written - 60.0), None);
    }
}
