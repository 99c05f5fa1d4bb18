//! Sends e-mail: a new row of the history to the audiences in the workflow's table, and a day's digest to the person that
//! it reminds or tells the news.
//!
//! A row or a digest is the intent to send, committed with the step itself. The ledger beside it records what was sent, so
//! a record that arrives twice sends nothing twice. A row that was restored from a backup is old when it comes into the
//! table; it announces nothing.

use std::time::{Duration, Instant};

use countersign_platform::App;
use countersign_platform::lambda::Failure;
use countersign_platform::stream;
use serde_json::{Value, json};

mod announce;
mod daily;
mod delivery;
mod digest;
mod error;
mod ledger;
mod letter;
mod news;
mod recipients;
mod record;
mod remind;
mod ses;

use error::NotifyError;
use record::Intent;
use ses::Ses;

/// No record and no e-mail is started after this time. What is left is delivered again, and the function's timeout
/// (template.yaml) never cuts an e-mail off.
const BUDGET: Duration = Duration::from_secs(35);

/// Answers a batch of the table's stream with the records to retry. A record that fails does not block the rest.
pub async fn handle(app: App, event: Value) -> Result<Value, Failure> {
    let Some(settings) = &app.config().mail else {
        tracing::error!("no mail settings");
        return Err(Failure);
    };
    let Some(records) = event["Records"].as_array() else {
        tracing::error!("the event is no batch of a stream");
        return Err(Failure);
    };
    let ses = Ses::new(&app, settings, Instant::now() + BUDGET);
    let mut failures = Vec::new();
    for record in records {
        let outcome = if ses.has_time() {
            Box::pin(tell(&app, &ses, record)).await
        } else {
            Err(NotifyError::OutOfTime)
        };
        if let Err(error) = outcome {
            // The key is a request's ID and a version, or a day and a digest: nobody's data.
            let key = &record["dynamodb"]["Keys"];
            let (request, row) = (key["pk"]["S"].as_str(), key["sk"]["S"].as_str());
            tracing::error!(%error, request, row, "not everyone was told");
            failures.push(json!({ "itemIdentifier": stream::sequence_number(record) }));
        }
    }
    Ok(json!({ "batchItemFailures": failures }))
}

async fn tell(app: &App, ses: &Ses<'_>, record: &Value) -> Result<(), NotifyError> {
    let Some(intent) = record::read(record)? else {
        tracing::info!(
            row = record["dynamodb"]["Keys"]["sk"]["S"].as_str(),
            "restored, so not announced"
        );
        return Ok(());
    };
    match intent {
        Intent::Step(row) => announce::step(app, ses, &row).await,
        Intent::CheckersUnreachable(request, version) => {
            announce::unreachable(app, ses, request, version).await
        }
        Intent::ClaimEndsSoon(request, version) => {
            announce::claim_ends_soon(app, ses, request, version).await
        }
        Intent::AddressBounced(request, version, address) => {
            announce::address_bounced(app, ses, request, version, &address).await
        }
        Intent::Inbound(inbound) => announce::declined(app, ses, &inbound).await,
        Intent::Daily(digest) => daily::tell_person(app, ses, &digest).await,
        Intent::Reminder(digest) => remind::remind_person(app, ses, &digest).await,
    }
}
