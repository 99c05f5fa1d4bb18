//! Counts the companies that a batch of the table's stream is about, each once.

use std::collections::{BTreeMap, BTreeSet};

use countersign_domain::id::{CompanyId, RequestId};
use countersign_platform::App;
use countersign_platform::lambda::Failure;
use countersign_platform::store::StoreError;
use futures_util::StreamExt as _;
use serde_json::{Value, json};

use crate::LANES;
use crate::record::{self, Touched};

/// The records of a batch by what they touch. Each record is given as its place in the stream.
#[derive(Default)]
struct Batch<'r> {
    requests: BTreeMap<RequestId, Vec<Option<&'r str>>>,
    companies: BTreeMap<CompanyId, Vec<Option<&'r str>>>,
    failures: Vec<Option<&'r str>>,
}

/// Counts the companies that a batch is about. A company that can't be counted does not block the rest.
pub(crate) async fn count(app: &App, records: &[Value]) -> Result<Value, Failure> {
    let mut batch = read(records);
    if let Err(error) = name_companies(app, &mut batch).await {
        tracing::error!(%error, "the requests of a batch");
        return Err(Failure);
    }
    let Batch {
        companies,
        mut failures,
        ..
    } = batch;
    let lanes: Vec<_> = companies
        .into_iter()
        .map(|(company, records)| async move { (crate::count(app, &company).await, company, records) })
        .collect();
    let mut lanes = futures_util::stream::iter(lanes).buffer_unordered(LANES);
    while let Some((counted, company, records)) = lanes.next().await {
        if let Err(error) = counted {
            tracing::error!(%error, %company, "a company was not counted");
            failures.extend(records);
        }
    }
    let failures: Vec<Value> = failures
        .into_iter()
        .map(|place| json!({ "itemIdentifier": place }))
        .collect();
    Ok(json!({ "batchItemFailures": failures }))
}

fn read(records: &[Value]) -> Batch<'_> {
    let mut batch = Batch::default();
    for record in records {
        let place = record::sequence_number(record);
        match record::read(record) {
            Ok(Touched::CompanyOf(request)) => batch.requests.entry(request).or_default().push(place),
            Ok(Touched::Company(company)) => batch.companies.entry(company).or_default().push(place),
            Ok(Touched::Nobody) => {}
            Err(record::Unreadable) => {
                // The key holds a request's ID and a version, or a company's ID: no personal data.
                let key = &record["dynamodb"]["Keys"];
                let (pk, sk) = (key["pk"]["S"].as_str(), key["sk"]["S"].as_str());
                tracing::error!(pk, sk, "a record can't be read");
                batch.failures.push(place);
            }
        }
    }
    batch
}

/// Finds the companies of requests. A history row does not name the company. The heads do, and one call reads them for
/// the whole batch.
async fn name_companies(app: &App, batch: &mut Batch<'_>) -> Result<(), StoreError> {
    let mut requests = std::mem::take(&mut batch.requests);
    let ids: BTreeSet<RequestId> = requests.keys().copied().collect();
    for stored in app.store().heads(&ids).await? {
        if let Some(records) = requests.remove(&stored.head.id) {
            batch
                .companies
                .entry(stored.head.company)
                .or_default()
                .extend(records);
        }
    }
    for (request, records) in requests {
        tracing::error!(%request, "a request has a history and no head");
        batch.failures.extend(records);
    }
    Ok(())
}
