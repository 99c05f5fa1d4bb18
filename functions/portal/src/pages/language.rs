//! Choosing the language.

use countersign_application::people;

use crate::body::Fields;
use crate::reply::{Answer, Reply, Stop};
use crate::visit::{Visit, language_cookie, own_address};
use crate::wording::Language;

/// `POST /portal/language`: anybody. Kept in this browser and, for someone of the directory, with them.
pub(crate) async fn choose(visit: &Visit) -> Answer {
    let fields = Fields::read(&visit.request).await?;
    let language = Language::parse(fields.get("language")).ok_or(Stop::Malformed)?;
    remember(visit, language).await;
    let back = fields.get("back");
    let back = if back.starts_with("/sign-in") && !back.contains("//") {
        back
    } else {
        own_address(back).unwrap_or("/")
    };
    Ok(Reply::see(back).with_cookie(language_cookie(language)))
}

/// Keeps a language with someone of the directory. The cookie serves here and now; the directory, another browser.
pub(super) async fn remember(visit: &Visit, language: Language) {
    if let Ok(caller) = visit.caller()
        && let Err(error) = people::choose_language(&visit.app, caller, language.tag()).await
    {
        tracing::warn!(%error, "keeping a language");
    }
}
