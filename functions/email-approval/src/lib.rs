//! Lets a checker approve by replying: SES stores the reply and calls this function with its verdicts.
//!
//! Every reply has exactly one result: the step is taken, the sender is told why not, or the reply is ignored. A sender whom
//! SES vouches for, and who is the token's checker in the directory, always gets an answer, up to a number a day; nobody else
//! gets one. What is answered is recorded beside the request. This function sends nothing: `notify` reads the table's stream
//! and answers the checker. A reply that is ignored leaves nothing but a line in the log.

use countersign_domain::approval::{Declined, Ignored, InboundResult, MAX_ANSWERS};
use countersign_domain::contact::EmailAddress;
use countersign_domain::receipt::Receipt;
use countersign_domain::time;
use countersign_platform::App;
use countersign_platform::lambda::Failure;
use countersign_platform::store::StoreError;
use countersign_platform::store::approval::Inbound;
use countersign_platform::telemetry::{self, Count};
use countersign_reply::Message;
use serde_json::Value;

mod approval;
mod bucket;
mod receipt;

use approval::{Approval, Asked};
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

/// What came of a reply.
enum Dealt {
    /// It has this result.
    Now(InboundResult),
    /// It was sent to no address that a token can belong to.
    NoToken,
    /// Its address belongs to no token that we issued.
    UnknownToken,
    /// It has a result already.
    Before,
}

impl Dealt {
    /// The result in the log.
    fn as_str(&self) -> &'static str {
        match self {
            Self::Now(result) => result.as_str(),
            Self::NoToken => "no-token",
            Self::UnknownToken => "unknown-token",
            Self::Before => "on-record",
        }
    }

    /// What it counts as. A reply that comes again counts once.
    fn count(&self) -> Option<Count> {
        match self {
            Self::Now(InboundResult::Taken) => Some(Count::RepliesTaken),
            Self::Now(InboundResult::Declined(_)) => Some(Count::RepliesDeclined),
            Self::Now(InboundResult::Ignored(_)) | Self::NoToken | Self::UnknownToken => {
                Some(Count::RepliesIgnored)
            }
            Self::Before => None,
        }
    }
}

/// Processes replies. SES delivers each at least once; a recorded result prevents a second one.
pub async fn handle(app: App, event: Value) -> Result<Value, Failure> {
    let Some(settings) = &app.config().inbound else {
        tracing::error!("no settings for mail that comes in");
        return Err(Failure);
    };
    let records = event["Records"].as_array().map(Vec::as_slice).unwrap_or_default();
    let bucket = Bucket { app: &app, settings };
    for record in records {
        let Some(arrival) = Arrival::read(record) else {
            tracing::error!("the event is none of a mail that came in");
            return Err(Failure);
        };
        // SES's ID of a message does not reveal its sender.
        let mail = arrival.message();
        match Box::pin(deal_with(&app, &bucket, &arrival, &settings.domain)).await {
            Ok(dealt) => {
                if let Some(what) = dealt.count() {
                    telemetry::count(what, 1);
                }
                tracing::info!(mail, result = dealt.as_str(), "mail came in");
            }
            Err(error) => {
                tracing::error!(mail, %error, "mail that came in");
                return Err(Failure);
            }
        }
    }
    Ok(Value::Null)
}

/// Processes one reply.
async fn deal_with(
    app: &App,
    bucket: &Bucket<'_>,
    arrival: &Arrival,
    domain: &str,
) -> Result<Dealt, MailError> {
    let ignored = |why| Ok(Dealt::Now(InboundResult::Ignored(why)));
    if !arrival.is_authenticated() {
        return ignored(Ignored::NotAuthenticated);
    }
    if arrival.has_no_sender() {
        return ignored(Ignored::Automatic);
    }
    let tokens = arrival.tokens(domain);
    if tokens.is_empty() {
        return Ok(Dealt::NoToken);
    }
    let mut asked = Vec::new();
    for token in &tokens {
        asked.extend(Asked::by(app, token).await?);
    }
    if asked.is_empty() {
        return Ok(Dealt::UnknownToken);
    }
    for one in &asked {
        if app
            .store()
            .is_on_record(one.offer.request, arrival.message())
            .await?
        {
            return Ok(Dealt::Before);
        }
    }
    let is_expected = |author: &EmailAddress| asked.iter().any(|one| one.has_address(author));
    let Ok(message) = bucket.message(arrival.message(), is_expected).await? else {
        return ignored(Ignored::Unreadable);
    };
    let Some(asked) = asked.iter().find(|one| one.has_address(&message.from)) else {
        return ignored(Ignored::OtherSender);
    };
    if message.is_automatic {
        return ignored(Ignored::Automatic);
    }
    let inbound = record(app, arrival, asked, &message);
    let approval = Approval {
        app,
        asked,
        message: &message,
        inbound: &inbound,
    };
    let result = if tokens.len() > 1 {
        Some(InboundResult::Declined(Declined::SeveralTokens))
    } else {
        approval.take().await?
    };
    match result {
        None => Ok(Dealt::Before),
        Some(InboundResult::Declined(why)) => answer(app, asked, &inbound, why).await,
        // The step's own transaction has recorded it.
        Some(result @ (InboundResult::Taken | InboundResult::Ignored(_))) => Ok(Dealt::Now(result)),
    }
}

/// Records why a reply took no step, which starts the answer, if the checker has an answer left today.
async fn answer(app: &App, asked: &Asked, inbound: &Inbound, why: Declined) -> Result<Dealt, MailError> {
    let result = InboundResult::Declined(why);
    let day = time::day_of(app.now());
    let is_answered = app
        .store()
        .record_answer(&asked.offer, &inbound.that_was(result), (day, MAX_ANSWERS))
        .await?;
    let no_more = InboundResult::Ignored(Ignored::NoAnswerLeft);
    Ok(Dealt::Now(if is_answered { result } else { no_more }))
}

fn record(app: &App, arrival: &Arrival, asked: &Asked, message: &Message) -> Inbound {
    let offer = &asked.offer;
    Inbound {
        request: offer.request.to_string(),
        version: Receipt::parse(&offer.tag).map_or(0, |receipt| receipt.version),
        message: arrival.message().to_owned(),
        checker: offer.checker.clone(),
        at: time::stored(app.now()),
        result: String::new(),
        message_id: message.message_id.clone(),
        is_last_answer: false,
    }
}
