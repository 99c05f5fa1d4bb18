//! Reads a record of the table's stream, and tells whose counts it may change.

use countersign_domain::history::HistoryRow;
use countersign_domain::id::{CompanyId, RequestId};
use countersign_platform::store::key;
use serde::Deserialize;
use serde_json::Value;

/// Whose counts a record may change.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Touched {
    /// Those of the company whose request it is.
    CompanyOf(RequestId),
    /// Those of a new company.
    Company(CompanyId),
    /// Nobody's.
    Nobody,
}

/// A record that can't be read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unreadable;

/// The part of a record that matters here.
#[derive(Deserialize)]
struct Change {
    #[serde(rename = "NewImage")]
    new: serde_dynamo::Item,
}

/// A record's place in its stream, which tells Lambda what to retry.
pub(crate) fn sequence_number(record: &Value) -> Option<&str> {
    record["dynamodb"]["SequenceNumber"].as_str()
}

/// Reads a record. The template's filter lets through only what this function is for; anything else is unreadable.
pub(crate) fn read(record: &Value) -> Result<Touched, Unreadable> {
    let keys = &record["dynamodb"]["Keys"];
    let (pk, sk) = (keys["pk"]["S"].as_str(), keys["sk"]["S"].as_str());
    let sk = sk.unwrap_or_default();
    if pk == Some(key::COMPANIES) {
        let company = sk.strip_prefix(key::LISTED).and_then(CompanyId::parse);
        return company.map(Touched::Company).ok_or(Unreadable);
    }
    if !sk.starts_with("EVT#") {
        return Err(Unreadable);
    }
    let change = Change::deserialize(&record["dynamodb"]).map_err(|_| Unreadable)?;
    let row: HistoryRow = serde_dynamo::from_item(change.new).map_err(|_| Unreadable)?;
    Ok(if row.opens_or_closes() {
        Touched::CompanyOf(row.request)
    } else {
        Touched::Nobody
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sample(from: &str, to: &str) -> Value {
        let text = include_str!("../../../events/readiness.json");
        let mut event: Value = serde_json::from_str(text).unwrap();
        let image = &mut event["Records"][0]["dynamodb"]["NewImage"];
        image["from"] = json!({ "S": from });
        image["to"] = json!({ "S": to });
        event["Records"][0].take()
    }

    #[test]
    fn a_step_that_opens_or_closes_a_request_touches_its_company_and_any_other_nobody() {
        for (from, to, touches) in [
            ("Draft", "ReadyToSend", true),
            ("ReadyToSend", "Draft", true),
            ("Claimed", "Draft", true),
            ("Processing", "Completed", true),
            ("Processing", "Rejected", true),
            ("ReadyToSend", "Claimed", false),
            ("Claimed", "Sent", false),
            ("Draft", "Draft", false),
            ("Draft", "Discarded", false),
        ] {
            let touched = read(&sample(from, to)).unwrap();
            assert_eq!(
                matches!(touched, Touched::CompanyOf(_)),
                touches,
                "{from} to {to}"
            );
        }
    }

    #[test]
    fn an_entered_company_is_itself_and_what_is_neither_is_unreadable() {
        let listed = |sk: &str| json!({"dynamodb": {"Keys": {"pk": {"S": "COMPANIES"}, "sk": {"S": sk}}}});
        let abc = CompanyId::parse("abc").map(Touched::Company).ok_or(Unreadable);
        assert_eq!(read(&listed("COMPANY#abc")), abc);
        let row = json!({"dynamodb": {"Keys": {"pk": {"S": "REQ#1"}, "sk": {"S": "EVT#0000000001"}}}});
        for record in [json!({}), listed("COMPANY#"), listed("x"), row] {
            assert_eq!(read(&record), Err(Unreadable), "{record}");
        }
    }
}
