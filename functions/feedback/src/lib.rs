//! What became of mails after SES took them: bounced, complained about, delayed, rejected.
//!
//! SES tells the topic of its configuration set, and the topic calls this function. The ledger of mails then says so, and
//! an address that mail can't or shan't reach is not tried again. When that leaves a request without any checker who
//! could be told, a notice beside the request has its maker told.

use countersign_domain::contact::EmailAddress;
use countersign_domain::mail;
use countersign_domain::workflow::Audience;
use countersign_platform::App;
use countersign_platform::lambda::Failure;
use countersign_platform::store::StoreError;
use countersign_platform::store::mail::MailId;
use serde_json::Value;

mod event;

use event::Feedback;

/// Records what SES says of mails. What it says comes at least once and in any order, so all of it can be recorded twice.
pub async fn handle(app: App, event: Value) -> Result<Value, Failure> {
    let Some(records) = event["Records"].as_array() else {
        tracing::error!("the event is none of a topic");
        return Err(Failure);
    };
    for record in records {
        let message = record["Sns"]["Message"].as_str().unwrap_or_default();
        // What is none of ours can't become ours by another try.
        let Some(feedback) = event::read(message) else {
            tracing::warn!("feedback on no mail of the ledger");
            continue;
        };
        // A request's ID and a version, or a day and a digest: nobody's data.
        tracing::info!(mail = ?feedback.mail, status = feedback.status.as_str(), "feedback");
        take(&app, &feedback).await.map_err(|error| {
            tracing::error!(%error, mail = ?feedback.mail, "feedback");
            Failure
        })?;
    }
    Ok(Value::Null)
}

async fn take(app: &App, feedback: &Feedback) -> Result<(), StoreError> {
    let (store, id) = (app.store(), &feedback.mail);
    store.mail_noticed(id, feedback.status, app.now()).await?;
    if feedback.is_lasting {
        let addresses = feedback.recipients.iter();
        for address in addresses.filter_map(|address| EmailAddress::parse(address).ok()) {
            store.suppress(&address, feedback.status, app.now()).await?;
        }
    }
    match *id {
        MailId::Step { request, version, .. } if feedback.status.is_undelivered() => {
            // Asked even where the mark was there already: the notice may be what the last try failed at.
            let mails = store.mails(request).await?;
            if mail::nobody_reached(&mails, version, Audience::Checkers) {
                store.leave_notice(request, version).await?;
            }
            Ok(())
        }
        MailId::Step { .. } | MailId::Reminder { .. } => Ok(()),
    }
}
