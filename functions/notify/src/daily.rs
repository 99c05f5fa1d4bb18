//! Turns a day's digest of news into the e-mail to its person.

use countersign_domain::contact::EmailAddress;
use countersign_domain::daily::DailyDigest;
use countersign_domain::mail::MailStatus;
use countersign_platform::App;
use countersign_platform::store::mail::{Entry, MailId};

use crate::error::NotifyError;
use crate::ledger;
use crate::letter::{Daily, daily};
use crate::recipients::language;
use crate::ses::{Envelope, Ses};

/// Tells a person the news of a day, at their current address and in their current language in the directory. Sends nothing
/// to someone who has left it.
pub(crate) async fn tell_person(app: &App, ses: &Ses<'_>, digest: &DailyDigest) -> Result<(), NotifyError> {
    let person = app.store().person(&digest.company, &digest.person).await?;
    let Some(person) = person else {
        return Ok(());
    };
    let id = MailId::of_daily(digest);
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
        let news = Daily {
            digest,
            name: &person.name,
            language: language(&person),
            portal_url: ses.portal_url(),
        };
        let letter = daily(&news).map_err(NotifyError::Letter)?;
        let envelope = Envelope {
            id: &id,
            conversation: news.conversation(),
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
