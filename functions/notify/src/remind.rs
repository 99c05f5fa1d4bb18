//! Turns a day's digest into the e-mail that reminds its person.

use countersign_domain::reminder::Digest;
use countersign_platform::App;
use countersign_platform::store::directory::{Company, DirectoryPerson};
use countersign_platform::store::mail::MailId;

use crate::digest;
use crate::error::NotifyError;
use crate::letter::{Reminder, remind};
use crate::recipients::language;
use crate::ses::Ses;

/// Reminds a person, at their current address and in their current language in the directory. Sends nothing to someone who
/// has left it or is away, who has lost the right that the reminder depends on, or who has switched reminders off.
pub(crate) async fn remind_person(app: &App, ses: &Ses<'_>, digest: &Digest) -> Result<(), NotifyError> {
    let store = app.store();
    let (person, company) = tokio::join!(
        store.person(&digest.company, &digest.person),
        store.company(&digest.company)
    );
    let (Some(person), Some(company)) = (person?, company?) else {
        return Ok(());
    };
    let is_there = !person.is_away(app.now()) && !person.is_removed();
    match digest.now_with(&person.rights) {
        Some(digest) if person.mail.reminders && is_there => {
            Box::pin(send(app, ses, &digest, &person, &company)).await
        }
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
    let reminder = Reminder {
        digest,
        name: &person.name,
        company: &company.name,
        language: language(person),
        campaign: &app.config().campaign,
        portal_url: ses.portal_url(),
        mail_domain: ses.domain(),
    };
    let id = MailId::of(digest);
    digest::send(app, ses, &id, person, reminder.conversation(), || {
        remind(&reminder)
    })
    .await
}
