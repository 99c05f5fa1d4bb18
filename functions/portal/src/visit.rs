//! One call: who asks, in which language, with which cookies.

use cookie::time::Duration;
use cookie::{Cookie, SameSite};
use countersign_application::access::{AccessError, Caller};
use countersign_domain::actor::Actor;
use countersign_platform::App;
use countersign_platform::config::FooterLink;
use countersign_platform::identity::{Claims, Identity, SignInError, Tokens};
use jiff::{SignedDuration, Timestamp};
use lambda_http::http::Method;
use lambda_http::http::header::{ACCEPT_LANGUAGE, COOKIE};
use lambda_http::{Request, RequestExt as _};

use crate::done::JustDone;
use crate::reply::Stop;
use crate::wording::{Language, Words, words};

/// The session: an access token. `__Host-` ties it to this very host; `Lax` and not `Strict`, because one comes from
/// the hosted sign-in, which is another site, and would arrive without it.
const SESSION: &str = "__Host-session";
/// A token that can be exchanged for a new access token.
const REFRESH: &str = "__Host-refresh";
/// When the session ends, in seconds since 1970. It is no secret, and the script that warns before the end reads it.
const SESSION_ENDS: &str = "__Host-session-ends";
/// Until when the session goes on if no page is opened, in seconds since 1970. Each call moves it. Whoever changes it
/// only prolongs their own session, and never past what the pool allows; the script that warns reads it as well.
const IDLE_ENDS: &str = "__Host-idle-ends";
/// That keyboard shortcuts are turned off in this browser.
const SHORTCUTS: &str = "shortcuts";
/// What was just done, until a page has told it.
const DONE: &str = "__Host-done";
/// How many seconds a page has to tell it.
const DONE_LASTS: i64 = 60;
/// The language that was chosen in this browser.
const LANGUAGE: &str = "language";

/// Who asks.
enum Session {
    /// Nobody; the flag says whether there was a session once.
    None(bool),
    /// Nobody can tell: the hosted sign-in does not answer. Signing in again would not help.
    Unknowable,
    /// Someone the directory does not know.
    Stranger,
    /// Someone of the directory.
    Member(Box<Caller>),
}

/// One call.
pub(crate) struct Visit {
    pub(crate) app: App,
    pub(crate) request: Request,
    pub(crate) language: Language,
    pub(crate) now: Timestamp,
    session: Session,
    /// What gets new access tokens for this session.
    refresh_token: Option<String>,
    renewed: Vec<String>,
}

impl Visit {
    pub(crate) async fn begin(app: App, request: Request) -> Self {
        let language = language(&request);
        let mut visit = Self {
            now: app.now(),
            app,
            request,
            language,
            session: Session::None(false),
            refresh_token: None,
            renewed: Vec::new(),
        };
        visit.session = visit.session().await;
        visit
    }

    pub(crate) fn words(&self) -> &'static Words {
        words(self.language)
    }

    /// The hosted sign-in. The template gives the portal its settings, so it is there.
    pub(crate) fn identity(&self) -> Option<&Identity> {
        self.app.identity()
    }

    pub(crate) fn sign_in_origin(&self) -> &str {
        self.identity()
            .map_or("", |identity| &identity.settings().sign_in_url)
    }

    /// The operator's own link in the footer.
    pub(crate) fn footer_link(&self) -> Option<FooterLink> {
        self.identity()?.settings().footer_link.clone()
    }

    /// Cookies of a session that went on, was renewed or has ended with this call.
    pub(crate) fn renewed_cookies(&self) -> impl Iterator<Item = &String> {
        self.renewed.iter()
    }

    async fn session(&mut self) -> Session {
        let token = cookie(&self.request, SESSION);
        self.refresh_token = cookie(&self.request, REFRESH);
        let had_one = token.is_some() || self.refresh_token.is_some();
        let app = self.app.clone();
        let Some(identity) = app.identity() else {
            return Session::None(false);
        };
        let idle_ends = self.idle_ends();
        if had_one && idle_ends.is_some_and(|ends| ends <= self.now) {
            self.end_session().await;
            self.renewed = no_session_cookies().to_vec();
            return Session::None(true);
        }
        let verified = match &token {
            Some(token) => identity.session(token, self.now).await,
            None => Err(SignInError::Refused("there is no session")),
        };
        // A browser that does not say how long the session was idle renews none.
        let refresh = self.refresh_token.clone().filter(|_| idle_ends.is_some());
        let verified = match (verified, refresh) {
            (Err(SignInError::Refused(_)), Some(refresh)) => self.renew(identity, &refresh).await,
            (verified, _) => verified,
        };
        let claims = match verified {
            Ok(claims) => Some(claims),
            Err(SignInError::Refused(why)) => {
                if had_one {
                    tracing::info!(why, "session");
                }
                None
            }
            Err(SignInError::Unavailable(what)) => {
                tracing::error!(what, "the hosted sign-in");
                return Session::Unknowable;
            }
        };
        if claims.is_some() {
            self.renewed.extend(idle_ends_cookie(identity, self.now));
        }
        match claims.as_ref().map(Caller::of_claims) {
            None => Session::None(had_one),
            Some(Ok(caller)) => Session::Member(Box::new(caller)),
            Some(Err(_)) => Session::Stranger,
        }
    }

    /// A session for a refresh token; its cookies go out with the answer.
    async fn renew(&mut self, identity: &Identity, refresh: &str) -> Result<Claims, SignInError> {
        let tokens = identity.refresh(refresh).await?;
        let claims = identity.session(&tokens.access_token, self.now).await?;
        self.renewed = session_cookies(&tokens);
        self.refresh_token = tokens.refresh_token.or(self.refresh_token.take());
        Ok(claims)
    }

    /// Ends the session at the user pool, so that nobody goes on with a copy of its refresh token. A pool that can't be
    /// reached keeps nobody from signing out: the cookies go all the same.
    pub(crate) async fn end_session(&mut self) {
        let refresh = self.refresh_token.take();
        let (Some(identity), Some(refresh)) = (self.identity(), refresh) else {
            return;
        };
        if let Err(SignInError::Unavailable(what)) = identity.revoke(&refresh).await {
            tracing::error!(what, "a refresh token was not revoked");
        }
    }

    /// When the session ends if no page is opened.
    fn idle_ends(&self) -> Option<Timestamp> {
        let seconds = self.cookie(IDLE_ENDS)?.parse().ok()?;
        Timestamp::from_second(seconds).ok()
    }

    /// Someone of the directory, with or without a right.
    pub(crate) fn caller(&self) -> Result<&Caller, Stop> {
        match &self.session {
            Session::None(_) => Err(Stop::NoSession),
            Session::Unknowable => Err(Stop::Busy),
            Session::Stranger => Err(Stop::NotInDirectory),
            Session::Member(caller) => Ok(caller),
        }
    }

    /// Someone who may see requests.
    pub(crate) fn caller_with_a_right(&self) -> Result<&Caller, Stop> {
        let caller = self.caller()?;
        caller.clone().with_a_right()?;
        Ok(caller)
    }

    pub(crate) fn actor(&self) -> Result<Actor, Stop> {
        Ok(self.caller_with_a_right()?.actor())
    }

    /// Whether there was a session that is over now.
    pub(crate) fn session_is_over(&self) -> bool {
        matches!(self.session, Session::None(true))
    }

    /// A parameter of the query, trimmed; `None` if it is empty.
    pub(crate) fn query(&self, name: &str) -> Option<String> {
        let parameters = self.request.query_string_parameters();
        let value = parameters.first(name)?.trim();
        (!value.is_empty()).then(|| value.to_owned())
    }

    /// Every value of a parameter of the query.
    pub(crate) fn queries(&self, name: &str) -> Vec<String> {
        let parameters = self.request.query_string_parameters();
        let all = parameters.all(name).unwrap_or_default();
        all.into_iter().map(str::to_owned).collect()
    }

    /// The part of the path in that place of the route.
    pub(crate) fn path(&self, name: &str) -> Option<String> {
        self.request.path_parameters().first(name).map(str::to_owned)
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        cookie(&self.request, name)
    }

    /// What the reader has just done, if the page that is asked for is the one to tell it.
    pub(crate) fn just_done(&self) -> Option<JustDone> {
        let told = self.request.method() == Method::GET;
        let done = self.cookie(DONE).filter(|_| told)?;
        JustDone::read(&done, self.request.uri().path())
    }

    /// When the session ends, as this browser was told at sign-in.
    pub(crate) fn session_ends(&self) -> Option<Timestamp> {
        let seconds = self.cookie(SESSION_ENDS)?.parse().ok()?;
        Timestamp::from_second(seconds).ok()
    }

    /// Whether keyboard shortcuts work in this browser.
    pub(crate) fn has_shortcuts(&self) -> bool {
        self.cookie(SHORTCUTS).is_none()
    }

    /// The address of the page that is asked for, to come back to it.
    pub(crate) fn address(&self) -> String {
        let uri = self.request.uri();
        let address = match uri.query() {
            Some(query) => format!("{}?{query}", uri.path()),
            None => uri.path().to_owned(),
        };
        own_address(&address).unwrap_or("/").to_owned()
    }
}

/// An address of the portal's own pages. Anything that could lead elsewhere is refused.
pub(crate) fn own_address(address: &str) -> Option<&str> {
    let is_page = address == "/" || address.starts_with("/?") || address.starts_with("/portal/");
    // Two slashes lead to another site where a path begins, and are text in a query.
    let path = address.split('?').next().unwrap_or_default();
    let is_plain = address.bytes().all(|b| b.is_ascii_graphic() && b != b'\\') && !path.contains("//");
    (is_page && is_plain && address.len() <= 2_000).then_some(address)
}

/// The language chosen in this browser, else the one that it asks for.
fn language(request: &Request) -> Language {
    let accepted = || {
        let header = request
            .headers()
            .get(ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok());
        Language::accepted(header.unwrap_or_default())
    };
    cookie(request, LANGUAGE)
        .and_then(|tag| Language::parse(&tag))
        .unwrap_or_else(accepted)
}

fn cookie(request: &Request, name: &str) -> Option<String> {
    let headers = request.headers().get_all(COOKIE).iter();
    let mut cookies = headers
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok);
    let found = cookies.find(|cookie| cookie.name() == name && !cookie.value().is_empty())?;
    Some(found.value().to_owned())
}

/// A cookie that no script sees and no other host sets or gets. Without an age it ends with the browser.
pub(crate) fn host_cookie(name: &str, value: &str, seconds: Option<u32>) -> String {
    cookie_with(name, value, seconds, true)
}

/// The cookie that says when the session ends.
pub(crate) fn session_ends_cookie(ends: Timestamp) -> String {
    cookie_with(SESSION_ENDS, &ends.as_second().to_string(), None, false)
}

/// The cookie that says until when the session goes on without a call.
pub(crate) fn idle_ends_cookie(identity: &Identity, now: Timestamp) -> Option<String> {
    let lasts = SignedDuration::from_mins(identity.settings().idle_minutes.into());
    let ends = now.checked_add(lasts).ok()?;
    Some(cookie_with(IDLE_ENDS, &ends.as_second().to_string(), None, false))
}

/// The cookie that says what was just done. No other site can set it, and none gets it sent along, so what a page tells
/// has happened in this browser.
pub(crate) fn done_cookie(value: &str) -> String {
    let cookie = Cookie::build((DONE, value))
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Strict)
        .max_age(Duration::seconds(if value.is_empty() { 0 } else { DONE_LASTS }));
    cookie.build().to_string()
}

fn cookie_with(name: &str, value: &str, seconds: Option<u32>, is_hidden: bool) -> String {
    let mut cookie = Cookie::build((name, value))
        .path("/")
        .secure(true)
        .http_only(is_hidden)
        .same_site(SameSite::Lax)
        .build();
    cookie.set_max_age(seconds.map(|seconds| Duration::seconds(seconds.into())));
    cookie.to_string()
}

/// The cookies of a session. They end with the browser; the tokens in them end sooner.
pub(crate) fn session_cookies(tokens: &Tokens) -> Vec<String> {
    let session = host_cookie(SESSION, &tokens.access_token, None);
    let refresh = tokens
        .refresh_token
        .as_ref()
        .map(|token| host_cookie(REFRESH, token, None));
    [Some(session), refresh].into_iter().flatten().collect()
}

/// The cookies that end a session.
pub(crate) fn no_session_cookies() -> [String; 4] {
    [SESSION, REFRESH, SESSION_ENDS, IDLE_ENDS].map(|name| host_cookie(name, "", Some(0)))
}

/// The cookie that keeps a language for a year. It holds no secret.
pub(crate) fn language_cookie(language: Language) -> String {
    host_cookie(LANGUAGE, language.tag(), Some(31_536_000))
}

/// The cookie that turns keyboard shortcuts off for a year, or on again.
pub(crate) fn shortcuts_cookie(are_on: bool) -> String {
    if are_on {
        host_cookie(SHORTCUTS, "", Some(0))
    } else {
        host_cookie(SHORTCUTS, "off", Some(31_536_000))
    }
}

impl From<AccessError> for Stop {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::NotSignedIn => Self::NoSession,
            AccessError::NotInDirectory => Self::NotInDirectory,
            AccessError::RightMissing(right) => Self::RightMissing(right),
            AccessError::NotFound => Self::NotFound,
            AccessError::Store(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_portals_own_pages_are_come_back_to() {
        for good in ["/", "/?x=1", "/portal/tasks", "/portal/requests?q=a//b"] {
            assert_eq!(own_address(good), Some(good));
        }
        for bad in [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/portal//evil.example",
            "/portal//evil.example?x=1",
            "//evil.example?q=/portal/",
            "/portal/\n",
            "javascript:alert(1)",
            "/sign-out",
            "/portalx",
            "portal/tasks",
            "/portal/a b",
        ] {
            assert_eq!(own_address(bad), None, "{bad}");
        }
    }
}
