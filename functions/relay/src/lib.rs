//! Puts what happens on the event bus: each new row of the history, and each company that is entered in the directory.
//!
//! The table's stream calls it, so a step never waits for it, and the stream retries what could not be published. An
//! event may be published more than once, and in another order than it happened in (`docs/EVENTS.md`).

use std::collections::BTreeMap;

use countersign_domain::event::Event;
use countersign_domain::id::{CompanyId, RequestId};
use countersign_platform::App;
use countersign_platform::lambda::Failure;
use countersign_platform::store::StoreError;
use countersign_platform::stream;
use serde_json::{Value, json};

mod bus;
mod record;

use bus::Bus;
use record::News;

/// Answers a batch of the table's stream with the records to retry.
///
/// A record that can't be turned into an event fails the whole call, before anything is published. The stream then
/// halves the batch until that record is alone, so nothing is published twice on its account.
pub async fn handle(app: App, event: Value) -> Result<Value, Failure> {
    let Some(name) = &app.config().event_bus else {
        tracing::error!("no event bus");
        return Err(Failure);
    };
    let Some(records) = event["Records"].as_array() else {
        tracing::error!("the event is no batch of a stream");
        return Err(Failure);
    };
    let events = events(&app, records).await?;
    let unpublished = Bus::new(&app, name).publish(&events).await;
    let failures = unpublished.into_iter().map(|index| {
        log(&records[index], "an event was not published");
        json!({ "itemIdentifier": stream::sequence_number(&records[index]) })
    });
    Ok(json!({ "batchItemFailures": failures.collect::<Value>() }))
}

/// The event of each record.
async fn events(app: &App, records: &[Value]) -> Result<Vec<Event>, Failure> {
    let mut news = Vec::with_capacity(records.len());
    for record in records {
        news.push(record::read(record).map_err(|error| {
            log(record, &error.to_string());
            Failure
        })?);
    }
    let companies = companies(app, &news).await.map_err(|error| {
        tracing::error!(%error, "the requests of a batch");
        Failure
    })?;
    let event = |(news, record): (News, &Value)| match news {
        News::Step(row) => {
            let company = companies.get(&row.request).cloned();
            let event = company.map(|company| Event::of_step(&row, company));
            event.ok_or_else(|| {
                log(record, "a request has a history and no head");
                Failure
            })
        }
        News::Company(company) => Ok(Event::of_company(company, app.now())),
    };
    news.into_iter().zip(records).map(event).collect()
}

/// The companies of requests. A history row does not name its company. The heads do, and one call reads them for the
/// whole batch.
async fn companies(app: &App, news: &[News]) -> Result<BTreeMap<RequestId, CompanyId>, StoreError> {
    let request = |news: &News| match news {
        News::Step(row) => Some(row.request),
        News::Company(_) => None,
    };
    let requests = news.iter().filter_map(request).collect();
    app.store().companies_of(&requests).await
}

/// Logs what happened to a record. Its key is a request's ID and a version, or a company's ID: no personal data.
fn log(record: &Value, what: &str) {
    let key = &record["dynamodb"]["Keys"];
    let (request, row) = (key["pk"]["S"].as_str(), key["sk"]["S"].as_str());
    tracing::error!(request, row, "{what}");
}
