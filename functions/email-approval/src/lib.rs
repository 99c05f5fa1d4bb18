//! Lets a checker approve by replying: SES stores the reply and calls this function with its verdicts.
//!
//! Every reply has exactly one result: the step is taken, the sender is told why not, or the reply is ignored. Only a sender
//! whom SES vouches for, and who is the token's checker in the directory, gets an answer. The result is recorded beside the
//! request. This function sends nothing: `notify` reads the table's stream and answers the checker.

use countersign_domain::approval::{Ignored, InboundResult, MAX_MAILS, MailToken};
use countersign_domain::receipt::Receipt;
use countersign_domain::time;
use countersign_platform::App;
use countersign_platform::lambda::Failure;
use countersign_platform::store::StoreError;
use countersign_platform::store::approval::{Inbound, Offer};
use serde_json::Value;

mod approval;
mod bucket;
pub mod message;
mod receipt;

use approval::Approval;
use bucket::{Bucket, BucketError};
use receipt::Arrival;

/// Why a reply has no result yet. A retry may succeed.
#[derive(Debug, thiserror::Error)]
enum MailError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Bucket(#[from] BucketError),
}

/// Processes replies. SES delivers each at least once; a recorded result prevents a second one.
pub async fn handle(app: App, event: Value) -> Result<Value, Failure> {
    let Some(settings) = &app.config().inbound else {
        tracing::error!("no settings for mail that comes in");
        return Err(Failure);
    };
    let records = event["Records"].as_array().map(Vec::as_slice).unwrap_or_default();
    let bucket = Bucket::new(&app, settings);
    for record in records {
        let Some(arrival) = Arrival::read(record) else {
            tracing::error!("the event is none of a mail that came in");
            return Err(Failure);
        };
        // SES's ID of a message does not reveal its sender.
        let mail = arrival.message();
        let Some(token) = arrival.token(&settings.domain) else {
            tracing::info!(mail, result = "no-token", "mail came in");
            continue;
        };
        match Box::pin(deal_with(&app, &bucket, &arrival, &token)).await {
            Ok(result) => tracing::info!(mail, result, "mail came in"),
            Err(error) => {
                tracing::error!(mail, %error, "mail that came in");
                return Err(Failure);
            }
        }
    }
    Ok(Value::Null)
}

/// Processes one reply and returns its result for the log.
async fn deal_with(
    app: &App,
    bucket: &Bucket<'_>,
    arrival: &Arrival,
    token: &MailToken,
) -> Result<&'static str, MailError> {
    let store = app.store();
    let digest = token.digest();
    let Some(offer) = store.offer(&digest).await? else {
        return Ok("unknown-token");
    };
    if store.is_on_record(offer.request, arrival.message()).await? {
        return Ok("on-record");
    }
    if store.count_mail(&digest).await? > MAX_MAILS {
        return Ok("too-many");
    }
    let mut inbound = record(app, arrival, &offer);
    let result = if arrival.is_authenticated() {
        match bucket.message(arrival.message()).await? {
            None => Some(InboundResult::Ignored(Ignored::Unreadable)),
            Some(message) if arrival.has_no_sender() || message.is_automatic => {
                Some(InboundResult::Ignored(Ignored::Automatic))
            }
            Some(message) => {
                inbound.message_id.clone_from(&message.message_id);
                let approval = Approval {
                    app,
                    token: &digest,
                    offer: &offer,
                    message: &message,
                    inbound: &inbound,
                };
                approval.take().await?
            }
        }
    } else {
        Some(InboundResult::Ignored(Ignored::NotAuthenticated))
    };
    match result {
        None => Ok("on-record"),
        // The step's own transaction has recorded it.
        Some(result @ InboundResult::Taken) => Ok(result.as_str()),
        Some(result) => {
            store.record(offer.request, &inbound.that_was(result)).await?;
            Ok(result.as_str())
        }
    }
}

fn record(app: &App, arrival: &Arrival, offer: &Offer) -> Inbound {
    Inbound {
        request: offer.request.to_string(),
        version: Receipt::parse(&offer.tag).map_or(0, |receipt| receipt.version),
        message: arrival.message().to_owned(),
        checker: offer.checker.clone(),
        at: time::stored(app.now()),
        result: String::new(),
        message_id: None,
    }
}
