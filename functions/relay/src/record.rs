//! Reads a record of the table's stream, as Lambda delivers it.

use countersign_domain::history::HistoryRow;
use countersign_domain::id::CompanyId;
use countersign_platform::store::key;
use countersign_platform::stream;
use serde_json::Value;

/// What a record reports.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum News {
    /// A step was taken.
    Step(Box<HistoryRow>),
    /// A company was entered.
    Company(CompanyId),
}

/// A record that can't be read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a record can't be read")]
pub(crate) struct Unreadable;

/// Reads a record. The template's filter passes only the kinds of item that there are events for.
pub(crate) fn read(record: &Value) -> Result<News, Unreadable> {
    let keys = &record["dynamodb"]["Keys"];
    let sort = keys["sk"]["S"].as_str().unwrap_or_default();
    if keys["pk"]["S"] == key::COMPANIES {
        let company = sort.strip_prefix(key::LISTED).and_then(CompanyId::parse);
        return company.map(News::Company).ok_or(Unreadable);
    }
    if !sort.starts_with(key::HISTORY) {
        return Err(Unreadable);
    }
    let row = stream::new_image(record).ok_or(Unreadable)?;
    Ok(News::Step(Box::new(row)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_row_of_the_history_is_a_step_and_a_company_of_the_list_is_one_that_was_entered() {
        let text = include_str!("../../../events/relay.json");
        let sample: Value = serde_json::from_str(text).unwrap();
        let read = |number: usize| read(&sample["Records"][number]);
        assert!(matches!(read(0), Ok(News::Step(row)) if row.version == 2));
        assert_eq!(
            read(1),
            CompanyId::parse("abc").map(News::Company).ok_or(Unreadable)
        );
    }

    #[test]
    fn a_record_of_another_kind_is_unreadable() {
        let of = |pk: &str, sk: &str| json!({"dynamodb": {"Keys": {"pk": {"S": pk}, "sk": {"S": sk}}}});
        let mut image = of("REQ#1", "EVT#0000000001");
        image["dynamodb"]["NewImage"] = json!({"version": {"S": "x"}});
        for record in [
            json!({}),
            of("COMPANIES", "COMPANY#"),
            of("COMPANIES", "x"),
            of("REQ#1", "HEAD"),
            of("REQ#1", "EVT#0000000001"),
            image,
        ] {
            assert_eq!(read(&record), Err(Unreadable), "{record}");
        }
    }
}
