//! Reads a record of the table's stream, as Lambda delivers it.

use countersign_domain::daily::DailyDigest;
use countersign_domain::history::HistoryRow;
use countersign_domain::id::RequestId;
use countersign_domain::reminder::Digest;
use countersign_domain::time;
use countersign_platform::store::approval::Inbound;
use countersign_platform::store::key;
use countersign_platform::store::notice::{Notice, NoticeKind};
use countersign_platform::stream;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What a record asks this function to announce.
#[derive(Debug)]
pub(crate) enum Intent {
    /// A step was taken.
    Step(Box<HistoryRow>),
    /// No checker could be reached about the step that made this version.
    CheckersUnreachable(RequestId, u32),
    /// The claim that made this version ends soon.
    ClaimEndsSoon(RequestId, u32),
    /// Mail to an address comes back that the step which made this version registered.
    AddressBounced(RequestId, u32, String),
    /// A reply arrived for a request.
    Inbound(Box<Inbound>),
    /// A person is to read the news of a day.
    Daily(Box<DailyDigest>),
    /// A person is to be reminded.
    Reminder(Box<Digest>),
}

/// A record that can't be read, and what is wrong with it.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Unreadable(pub(crate) &'static str);

/// Reads a record; `None` if its item was restored. The template's filter passes only the kinds of item that this function
/// announces.
pub(crate) fn read(record: &Value) -> Result<Option<Intent>, Unreadable> {
    let (intent, made_at) = dated(record)?;
    Ok(Some(intent).filter(|_| !stream::is_restored(record, made_at)))
}

/// What a record asks for, and when its item was made.
fn dated(record: &Value) -> Result<(Intent, Timestamp), Unreadable> {
    let sort = record["dynamodb"]["Keys"]["sk"]["S"].as_str().unwrap_or_default();
    if sort.starts_with(key::HISTORY) {
        let row: HistoryRow = item(record, "it is no row of the history")?;
        let at = row.at;
        return Ok((Intent::Step(Box::new(row)), at));
    }
    if sort.starts_with(key::NOTICE) {
        let notice: Notice = item(record, "it is no notice")?;
        let request = RequestId::parse(&notice.request).ok_or(Unreadable("it names no request"))?;
        let intent = match notice.kind {
            NoticeKind::NobodyTold => Intent::CheckersUnreachable(request, notice.version),
            NoticeKind::ClaimEndsSoon => Intent::ClaimEndsSoon(request, notice.version),
            NoticeKind::AddressBounced => {
                let address = notice.address.ok_or(Unreadable("it names no address"))?;
                Intent::AddressBounced(request, notice.version, address)
            }
        };
        return Ok((intent, made_at(&notice.at)?));
    }
    if sort.starts_with(key::RECEIVED) {
        let inbound: Inbound = item(record, "it is no mail that came in")?;
        let at = made_at(&inbound.at)?;
        return Ok((Intent::Inbound(Box::new(inbound)), at));
    }
    let partition = record["dynamodb"]["Keys"]["pk"]["S"].as_str().unwrap_or_default();
    if sort == key::DIGEST && partition.starts_with(key::DAILY) {
        let digest: DailyDigest = item(record, "it is no digest of a day's news")?;
        let at = digest.as_of;
        return Ok((Intent::Daily(Box::new(digest)), at));
    }
    if sort == key::DIGEST {
        let digest: Digest = item(record, "it is no digest")?;
        let at = digest.as_of;
        return Ok((Intent::Reminder(Box::new(digest)), at));
    }
    Err(Unreadable("it is of no kind that is announced"))
}

fn made_at(stored: &str) -> Result<Timestamp, Unreadable> {
    time::parse(stored).ok_or(Unreadable("it has no time"))
}

fn item<T: DeserializeOwned>(record: &Value, otherwise: &'static str) -> Result<T, Unreadable> {
    stream::new_image(record).ok_or(Unreadable(otherwise))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_record_that_says_nothing_is_unreadable() {
        for record in [
            json!({}),
            json!({"dynamodb": {"Keys": {"sk": {"S": "EVT#0000000001"}}}}),
            json!({"dynamodb": {"Keys": {"sk": {"S": "EVT#0000000001"}}, "NewImage": {"version": {"S": "x"}}}}),
            json!({"dynamodb": {"Keys": {"sk": {"S": "DIGEST"}}, "NewImage": {"day": {"S": "2023-04-25"}}}}),
            json!({"dynamodb": {"Keys": {"sk": {"S": "HEAD"}}, "NewImage": {"version": {"N": "1"}}}}),
            json!({"dynamodb": {"Keys": {"sk": {"S": "NOTICE#1"}}, "NewImage": {"request": {"S": "x"}, "version": {"N": "1"}}}}),
        ] {
            assert!(read(&record).is_err(), "{record}");
        }
    }

    #[test]
    fn a_notice_is_read() {
        let record = json!({"dynamodb": {
            "Keys": {"pk": {"S": "REQ#01GRMVYYK0NWNXQRDAKDQC3RND"}, "sk": {"S": "NOTICE#0000000002"}},
            "ApproximateCreationDateTime": 1_675_737_901,
            "NewImage": {
                "request": {"S": "01GRMVYYK0NWNXQRDAKDQC3RND"},
                "version": {"N": "2"},
                "at": {"S": "2023-02-07T02:45:00.000Z"},
            },
        }});
        assert!(matches!(
            read(&record),
            Ok(Some(Intent::CheckersUnreachable(_, 2)))
        ));
        let with_kind = |kind: &str| {
            let mut record = record.clone();
            record["dynamodb"]["NewImage"]["kind"] = json!({ "S": kind });
            read(&record)
        };
        assert!(matches!(
            with_kind("nobody-told"),
            Ok(Some(Intent::CheckersUnreachable(_, 2)))
        ));
        assert!(matches!(
            with_kind("claim-ends-soon"),
            Ok(Some(Intent::ClaimEndsSoon(_, 2)))
        ));
        assert!(with_kind("another").is_err());
    }

    #[test]
    fn what_came_into_the_table_long_after_it_was_made_is_not_announced() {
        // 02:45:00 on that day, in seconds.
        let made = 1_675_737_900;
        for (written, is_announced) in [(made, true), (made + 15 * 60, true), (made + 15 * 60 + 1, false)] {
            let record = json!({"dynamodb": {
                "Keys": {"pk": {"S": "REQ#01GRMVYYK0NWNXQRDAKDQC3RND"}, "sk": {"S": "NOTICE#0000000002"}},
                "ApproximateCreationDateTime": written,
                "NewImage": {
                    "request": {"S": "01GRMVYYK0NWNXQRDAKDQC3RND"},
                    "version": {"N": "2"},
                    "at": {"S": "2023-02-07T02:45:00.000Z"},
                },
            }});
            assert_eq!(read(&record).unwrap().is_some(), is_announced, "{written}");
        }
    }
}
