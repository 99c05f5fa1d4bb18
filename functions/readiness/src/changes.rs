//! Counts the companies that a batch of events is about, each once.
//!
//! A count reads what the table holds now, so events that come twice, late or in another order lead to the same counts.

use std::collections::BTreeMap;

use countersign_domain::event::Event;
use countersign_domain::id::CompanyId;
use countersign_platform::App;
use futures_util::StreamExt as _;
use serde_json::{Value, json};

use crate::LANES;

/// Messages of the queue by the companies that they are about. Each message is given as its ID.
#[derive(Default)]
struct Batch<'m> {
    companies: BTreeMap<CompanyId, Vec<Option<&'m str>>>,
    failures: Vec<Option<&'m str>>,
}

/// Counts the companies that a batch is about, and answers with the messages to retry. A company that can't be counted
/// does not block the rest.
pub(crate) async fn count(app: &App, messages: &[Value]) -> Value {
    let Batch {
        companies,
        mut failures,
    } = read(messages);
    let lanes: Vec<_> = companies
        .into_iter()
        .map(|(company, messages)| async move { (crate::count(app, &company).await, company, messages) })
        .collect();
    let mut lanes = futures_util::stream::iter(lanes).buffer_unordered(LANES);
    while let Some((counted, company, messages)) = lanes.next().await {
        if let Err(error) = counted {
            tracing::error!(%error, %company, "a company was not counted");
            failures.extend(messages);
        }
    }
    let failures = failures.into_iter().map(|id| json!({ "itemIdentifier": id }));
    json!({ "batchItemFailures": failures.collect::<Value>() })
}

fn read(messages: &[Value]) -> Batch<'_> {
    let mut batch = Batch::default();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_about_one_company_are_counted_together_and_the_unreadable_ones_fail() {
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
        let batch = read(&messages);
        let abc = CompanyId::parse("abc").unwrap();
        assert_eq!(batch.companies, [(abc, vec![Some("1"), Some("3")])].into());
        assert_eq!(batch.failures, [Some("2"), Some("4")]);
    }
}
