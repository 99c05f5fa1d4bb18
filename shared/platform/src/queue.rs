//! Batches of a queue that the event bus sends to.

use std::collections::BTreeMap;

use countersign_domain::event::Event;
use countersign_domain::id::CompanyId;
use serde_json::{Value, json};

/// Messages of a queue by the companies that their events are about. Each message is given as its ID.
#[derive(Debug, Default)]
pub struct CompanyBatch<'m> {
    /// The companies, each once, with the messages about it.
    pub companies: BTreeMap<CompanyId, Vec<Option<&'m str>>>,
    /// The messages that can't be read.
    pub failures: Vec<Option<&'m str>>,
}

impl<'m> CompanyBatch<'m> {
    /// Reads a batch.
    pub fn read(messages: &'m [Value]) -> Self {
        let mut batch = Self::default();
        for message in messages {
            let id = message["messageId"].as_str();
            let body = message["body"].as_str().unwrap_or_default();
            match serde_json::from_str::<Event>(body) {
                Ok(event) => {
                    let of_company = batch.companies.entry(event.company().clone());
                    of_company.or_default().push(id);
                }
                Err(error) => {
                    // It says which member is wrong, and events contain no personal data.
                    tracing::error!(%error, message = id, "an event can't be read");
                    batch.failures.push(id);
                }
            }
        }
        batch
    }
}

/// The answer that has the queue deliver these messages again.
pub fn to_retry(failures: Vec<Option<&str>>) -> Value {
    let failures = failures.into_iter().map(|id| json!({ "itemIdentifier": id }));
    json!({ "batchItemFailures": failures.collect::<Value>() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_about_one_company_are_taken_together_and_the_unreadable_ones_fail() {
        let text = include_str!("../../../events/readiness.json");
        let mut sample: Value = serde_json::from_str(text).unwrap();
        let message = sample["Records"][0].take();
        let with = |id: &str, body: &str| json!({"messageId": id, "body": body});
        let body = message["body"].as_str().unwrap();
        let newer = body.replace("\"schemaVersion\":1", "\"schemaVersion\":2");
        let messages = [
            with("1", body),
            with("2", "x"),
            with("3", body),
            with("4", &newer),
        ];
        let batch = CompanyBatch::read(&messages);
        let abc = CompanyId::parse("abc").unwrap();
        assert_eq!(batch.companies, [(abc, vec![Some("1"), Some("3")])].into());
        assert_eq!(batch.failures, [Some("2"), Some("4")]);
        let again = json!({"batchItemFailures": [{"itemIdentifier": "2"}, {"itemIdentifier": "4"}]});
        assert_eq!(to_retry(batch.failures), again);
    }
}
