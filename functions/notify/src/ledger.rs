//! Sends an e-mail once: it is marked in the ledger before and after it is handed to SES.

use countersign_domain::contact::EmailAddress;
use countersign_domain::mail::MailStatus;
use countersign_platform::App;
use countersign_platform::store::StoreError;
use countersign_platform::store::mail::{Begun, Entry, MailId};
use countersign_platform::store::suppression::Suppression;
use countersign_platform::telemetry::{self, Count};
use jiff::Timestamp;

use crate::error::NotifyError;
use crate::ses::SesError;

/// How often writing the mark after an e-mail is tried. Without the mark, the e-mail would be sent again.
const MARK_TRIES: u32 = 4;

/// Whom an e-mail is for.
pub(crate) struct To<'a> {
    /// The address.
    pub(crate) address: &'a EmailAddress,
    /// When the address was registered, if the e-mail says so. What bounced before that says nothing about it any more.
    pub(crate) registered: Option<Timestamp>,
    /// Why no e-mail goes to the address, if none does.
    pub(crate) suppression: Option<Suppression>,
}

/// Sends an e-mail unless it was sent before, or its address is known to bounce, and returns whether it did. `entry` is
/// its entry in the ledger; `send` hands it to SES and returns SES's ID.
pub(crate) async fn send_once(
    app: &App,
    id: &MailId,
    to: &To<'_>,
    entry: impl Fn(MailStatus) -> Entry,
    send: impl Future<Output = Result<String, NotifyError>>,
) -> Result<bool, NotifyError> {
    let store = app.store();
    if is_suppressed(app, to).await? {
        hold(app, id, &entry(MailStatus::Suppressed)).await?;
        return Ok(false);
    }
    let sending = entry(MailStatus::Sending);
    let claim = match store.begin_mail(id, &sending, app.now()).await? {
        Begun::Send(claim) => claim,
        Begun::Done => return Ok(false),
        Begun::InProgress => return Err(NotifyError::InProgress),
    };
    match send.await {
        Ok(message) => {
            telemetry::count(Count::MailsSent, 1);
            mark(app, id, &message).await?;
            Ok(true)
        }
        // Without an answer the mail may be out: the claim stays, and its end is waited for.
        Err(error @ NotifyError::Ses(SesError::Unknown(_))) => {
            telemetry::count(Count::MailsFailed, 1);
            Err(error)
        }
        Err(error) => {
            telemetry::count(Count::MailsFailed, 1);
            store.give_mail_up(id, &claim, app.now()).await?;
            Err(error)
        }
    }
}

/// Enters an e-mail that is not sent, since nothing can be sent to its address.
pub(crate) async fn hold(app: &App, id: &MailId, entry: &Entry) -> Result<(), StoreError> {
    if app.store().enter_mail(id, entry, app.now()).await? {
        telemetry::count(Count::MailsHeld, 1);
    }
    Ok(())
}

/// Whether no e-mail goes to an address. An address that bounced is tried again once it is registered anew; one whose owner
/// complained is not, since a registration says nothing about what they want.
async fn is_suppressed(app: &App, to: &To<'_>) -> Result<bool, StoreError> {
    let Some(suppression) = to.suppression else {
        return Ok(false);
    };
    let bounced_before =
        |registered: &Timestamp| suppression.why == MailStatus::Bounced && suppression.since <= *registered;
    match to.registered.filter(bounced_before) {
        Some(registered) => {
            if app.store().lift_suppression(to.address, registered).await? {
                return Ok(false);
            }
            // It bounced again, or another e-mail has lifted it in the meantime.
            let now = app.store().suppressions(std::slice::from_ref(to.address)).await?;
            Ok(now.of(to.address)?.is_some())
        }
        None => Ok(true),
    }
}

async fn mark(app: &App, id: &MailId, message: &str) -> Result<(), StoreError> {
    for _ in 1..MARK_TRIES {
        if app.store().mail_sent(id, message, app.now()).await.is_ok() {
            return Ok(());
        }
    }
    app.store().mail_sent(id, message, app.now()).await
}
