//! Turns a day's digest of news into the e-mail to its person.

use countersign_domain::daily::DailyDigest;
use countersign_platform::App;
use countersign_platform::store::mail::MailId;

use crate::digest;
use crate::error::NotifyError;
use crate::letter::{Daily, daily};
use crate::recipients::language;
use crate::ses::Ses;

/// Tells a person the news of a day, at their current address and in their current language in the directory. Sends nothing
/// to someone who has left it.
pub(crate) async fn tell_person(app: &App, ses: &Ses<'_>, digest: &DailyDigest) -> Result<(), NotifyError> {
    let person = app.store().person(&digest.company, &digest.person).await?;
    let Some(person) = person.filter(|person| !person.is_removed()) else {
        return Ok(());
    };
    let news = Daily {
        digest,
        name: &person.name,
        language: language(&person),
        portal_url: ses.portal_url(),
    };
    let id = MailId::of_daily(digest);
    digest::send(app, ses, &id, &person, news.conversation(), || daily(&news)).await
}
