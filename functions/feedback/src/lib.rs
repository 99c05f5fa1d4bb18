//! Records what became of messages after SES took them: delivered, bounced, complained about, delayed, rejected. No ledger
//! has invitations; of these it keeps only that their address is not to be tried again.
//!
//! SES publishes to the topic of its configuration set, and the topic calls this function. It marks the ledger, and
//! suppresses an address that bounces permanently or complains. If no checker of a request can be reached any more, or if
//! an address that the request registered bounces, it leaves a notice beside the request, so that its company is notified.

use countersign_domain::mail::{self, MailStatus};
use countersign_domain::workflow::Audience;
use countersign_platform::App;
use countersign_platform::lambda::Failure;
use countersign_platform::store::StoreError;
use countersign_platform::store::mail::MailId;
use serde_json::Value;

mod event;

use event::{About, Feedback};

/// Records SES's events. They come at least once and in any order, so each can be recorded twice.
pub async fn handle(app: App, event: Value) -> Result<Value, Failure> {
    let Some(records) = event["Records"].as_array() else {
        tracing::error!("the event is none of a topic");
        return Err(Failure);
    };
    for record in records {
        let message = record["Sns"]["Message"].as_str().unwrap_or_default();
        // A retry can't make it one of ours.
        let Some(feedback) = event::read(message) else {
            tracing::warn!("feedback on no mail of ours");
            continue;
        };
        // A request's ID and a version, a day and a digest, or the directory's IDs: no personal data.
        tracing::info!(about = ?feedback.about, status = feedback.status.as_str(), "feedback");
        take(&app, &feedback).await.map_err(|error| {
            tracing::error!(%error, about = ?feedback.about, "feedback");
            Failure
        })?;
    }
    Ok(Value::Null)
}

async fn take(app: &App, feedback: &Feedback) -> Result<(), StoreError> {
    let store = app.store();
    if let About::Mail(id) = &feedback.about {
        store.mail_noticed(id, feedback.status, app.now()).await?;
    }
    if let Some(since) = feedback.lasting_since {
        for address in feedback.addresses() {
            store.suppress(&address, feedback.status, since).await?;
        }
    }
    match feedback.about {
        About::Mail(MailId::Step { request, version, .. }) if feedback.status.is_undelivered() => {
            // Also done if the ledger was marked before: the last try may have failed before it left the notice.
            let mails = store.mails(request).await?;
            if mail::nobody_reached(&mails, version, Audience::Checkers) {
                store.leave_notice(request, version, app.now()).await?;
            }
            if feedback.status == MailStatus::Bounced && feedback.lasting_since.is_some() {
                for address in feedback.addresses() {
                    if mail::told_of_registration(&mails, version, &address) {
                        store
                            .leave_bounce_notice(request, version, &address, app.now())
                            .await?;
                    }
                }
            }
            Ok(())
        }
        About::Mail(MailId::Step { .. } | MailId::Reminder { .. } | MailId::Daily { .. })
        | About::Account(..) => Ok(()),
    }
}
