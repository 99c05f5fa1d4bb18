//! Whether a form was sent from the portal's own pages.

use lambda_http::http::Method;
use lambda_http::http::header::ORIGIN;

use crate::reply::Stop;
use crate::visit::Visit;

/// Refuses a POST that another site's page sent. The session's cookie is `SameSite=Lax` already; this holds for
/// browsers that don't know that, and for sister sites. A browser that says neither where a form comes from is not
/// believed.
pub(crate) fn check(visit: &Visit) -> Result<(), Stop> {
    if visit.request.method() == Method::GET {
        return Ok(());
    }
    let header = |name: &str| {
        let value = visit.request.headers().get(name);
        value.map(|value| value.to_str().unwrap_or_default())
    };
    let site = header("sec-fetch-site");
    let origin = header(ORIGIN.as_str());
    let own = visit
        .identity()
        .map(|identity| identity.settings().portal_url.as_str());
    let is_own = match (site, origin) {
        (None, None) => false,
        (site, origin) => {
            site.is_none_or(|site| site == "same-origin") && origin.is_none_or(|origin| Some(origin) == own)
        }
    };
    if is_own { Ok(()) } else { Err(Stop::OtherOrigin) }
}
