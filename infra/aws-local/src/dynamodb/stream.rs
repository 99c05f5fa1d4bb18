//! Reads the table's stream from the embedded engine, through its handle: its records come out as DynamoDB's wire has
//! them, an idle poll takes some microseconds, and no further SDK is needed.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dynoxide::Database;
use dynoxide::actions::describe_stream::DescribeStreamRequest;
use dynoxide::actions::get_records::{GetRecordsRequest, Record as EngineRecord};
use dynoxide::actions::get_shard_iterator::GetShardIteratorRequest;
use dynoxide::actions::list_streams::ListStreamsRequest;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value as Json;

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

/// The one shard of the table's stream.
#[derive(Clone)]
pub(crate) struct Stream {
    database: Database,
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

    /// What the shared clock showed at a time of the system's, in seconds.
    fn shared(&self, seconds: f64) -> f64 {
        let behind = self
            .0
            .partition_point(|(since, _)| since.as_duration().as_secs_f64() <= seconds);
        let ahead = self.0.get(behind.saturating_sub(1));
        ahead.map_or(seconds, |(_, ahead)| seconds + ahead.as_secs_f64())
    }
}

struct Shard {
    /// The stream's name to the engine.
    engine_arn: String,
    /// The stream's name to the functions.
    arn: String,
    id: String,
}

impl Stream {
    /// Finds the table's stream.
    pub(crate) fn open(database: Database, table: &str, clock: Clock) -> Result<Self, String> {
        let request = ListStreamsRequest {
            table_name: Some(table.to_owned()),
            ..ListStreamsRequest::default()
        };
        let listed = database.list_streams(request).map_err(|error| one_line(&error))?;
        let stream = listed
            .streams
            .into_iter()
            .next()
            .ok_or("the table has no stream")?;
        let request = DescribeStreamRequest {
            stream_arn: stream.stream_arn.clone(),
            ..DescribeStreamRequest::default()
        };
        let described = database
            .describe_stream(request)
            .map_err(|error| one_line(&error))?;
        let shards = described.stream_description.shards;
        let shard = shards.into_iter().next().ok_or("the stream has no shard")?;
        let label = stream.stream_label;
        Ok(Self {
            database,
            shard: Arc::new(Shard {
                engine_arn: stream.stream_arn,
                arn: format!("arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{table}/stream/{label}"),
                id: shard.shard_id,
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
        let (kind, sequence_number) = match start {
            Start::Oldest => ("TRIM_HORIZON", None),
            Start::Next => ("LATEST", None),
            Start::After(sequence_number) => ("AFTER_SEQUENCE_NUMBER", Some(sequence_number.to_owned())),
        };
        let request = GetShardIteratorRequest {
            stream_arn: self.shard.engine_arn.clone(),
            shard_id: self.shard.id.clone(),
            shard_iterator_type: kind.to_owned(),
            sequence_number,
        };
        let answer = self
            .blocking(|database| database.get_shard_iterator(request))
            .await?;
        answer
            .shard_iterator
            .ok_or_else(|| "there is no iterator".to_owned())
    }

    /// The next records, and the iterator after them.
    pub(crate) async fn poll(&self, iterator: &str) -> Result<(Vec<Record>, String), String> {
        let request = GetRecordsRequest {
            shard_iterator: iterator.to_owned(),
            limit: Some(MOST_RECORDS),
        };
        self.readings().read(&self.clock);
        let answer = self.blocking(|database| database.get_records(request)).await?;
        let next = answer.next_shard_iterator.ok_or("the shard has ended")?;
        let records = answer.records.into_iter().map(|record| self.record(record));
        Ok((records.collect::<Result<_, _>>()?, next))
    }

    fn readings(&self) -> MutexGuard<'_, Readings> {
        self.readings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The engine names itself as region, leaves out which stream a record is of, and dates it by the system's clock.
    fn record(&self, record: EngineRecord) -> Result<Record, String> {
        let mut json = serde_json::to_value(&record).map_err(|error| error.to_string())?;
        json["awsRegion"] = REGION.into();
        json["eventSourceARN"] = self.arn().into();
        let created = record.dynamodb.approximate_creation_date_time;
        json["dynamodb"]["ApproximateCreationDateTime"] = self.readings().shared(created).floor().into();
        Ok(Record {
            sequence_number: record.dynamodb.sequence_number,
            created,
            json,
        })
    }

    /// The engine blocks the thread that it works on.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(Database) -> Result<T, dynoxide::DynoxideError> + Send + 'static,
    ) -> Result<T, String> {
        let database = self.database.clone();
        let done = tokio::task::spawn_blocking(move || work(database)).await;
        done.map_err(|error| error.to_string())?
            .map_err(|error| one_line(&error))
    }
}
