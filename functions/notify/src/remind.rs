//! Turns a day's digest into the e-mail that reminds its person.

use countersign_domain::contact::EmailAddress;
use countersign_domain::mail::MailStatus;
use countersign_domain::reminder::Digest;
use countersign_platform::App;
use countersign_platform::store::directory::{Company, DirectoryPerson};
use countersign_platform::store::mail::{Entry, MailId};

use crate::error::NotifyError;
use crate::ledger;
use crate::letter::{Reminder, remind};
use crate::recipients::language;
use crate::ses::{Envelope, Ses};

/// Reminds a person, at their current address and in their current language in the directory. Sends nothing to someone who
/// has left it, who has lost the right that the reminder depends on, or who has switched reminders off.
pub(crate) async fn remind_person(app: &App, ses: &Ses<'_>, digest: &Digest) -> Result<(), NotifyError> {
    let store = app.store();
    let (person, company) = tokio::join!(
        store.person(&digest.company, &digest.person),
        store.company(&digest.company)
    );
    let (Some(person), Some(company)) = (person?, company?) else {
        return Ok(());
    };
    match digest.now_with(&person.rights) {
        Some(digest) if person.mail.reminders => Box::pin(send(app, ses, &digest, &person, &company)).await,
        Some(_) | None => Ok(()),
    }
}

async fn send(
    app: &App,
    ses: &Ses<'_>,
    digest: &Digest,
    person: &DirectoryPerson,
    company: &Company,
) -> Result<(), NotifyError> {
    let id = MailId::of(digest);
    let entry = |status| Entry::Digest {
        name: person.name.clone(),
        address: person.email.clone(),
        status,
    };
    let Ok(to) = EmailAddress::parse(&person.email) else {
        let suppressed = entry(MailStatus::Suppressed);
        return Ok(app.store().enter_mail(&id, &suppressed, app.now()).await?);
    };
    let sending = async {
        let reminder = Reminder {
            digest,
            name: &person.name,
            company: &company.name,
            language: language(person),
            campaign: &app.config().campaign,
            portal_url: ses.portal_url(),
            mail_domain: ses.domain(),
        };
        let letter = remind(&reminder).map_err(NotifyError::Letter)?;
        let envelope = Envelope {
            id: &id,
            conversation: reminder.conversation(),
            to: &to,
            reply_to: None,
            in_reply_to: None,
        };
        ses.send(&envelope, &letter).await.map_err(NotifyError::Ses)
    };
    let to = ledger::To {
        address: &to,
        registered: None,
    };
    ledger::send_once(app, &id, &to, entry, Box::pin(sending))
        .await
        .map(|_| ())
}
