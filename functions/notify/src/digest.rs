//! Sends a digest: an e-mail to one person of the directory that is about no single request.

use countersign_domain::contact::EmailAddress;
use countersign_domain::mail::MailStatus;
use countersign_platform::App;
use countersign_platform::store::directory::DirectoryPerson;
use countersign_platform::store::mail::{Entry, MailId};

use crate::error::NotifyError;
use crate::ledger;
use crate::letter::{Letter, Unwritten};
use crate::ses::{Envelope, Ses};

/// Sends a digest to a person's current address, once, by the ledger. `letter` writes it and is called only if it is sent.
pub(crate) async fn send(
    app: &App,
    ses: &Ses<'_>,
    id: &MailId,
    person: &DirectoryPerson,
    conversation: String,
    letter: impl FnOnce() -> Result<Letter, Unwritten>,
) -> Result<(), NotifyError> {
    let entry = |status| Entry::Digest {
        name: person.name.clone(),
        address: person.email.clone(),
        status,
    };
    let Ok(to) = EmailAddress::parse(&person.email) else {
        let suppressed = entry(MailStatus::Suppressed);
        return Ok(ledger::hold(app, id, &suppressed).await?);
    };
    let sending = async {
        let letter = letter().map_err(NotifyError::Letter)?;
        let envelope = Envelope {
            id,
            conversation,
            to: &to,
            reply_to: None,
            in_reply_to: None,
        };
        ses.send(&envelope, &letter).await.map_err(NotifyError::Ses)
    };
    let suppressions = app.store().suppressions(std::slice::from_ref(&to)).await?;
    let to = ledger::To {
        address: &to,
        registered: None,
        suppression: suppressions.of(&to)?,
    };
    ledger::send_once(app, id, &to, entry, Box::pin(sending))
        .await
        .map(|_| ())
}
