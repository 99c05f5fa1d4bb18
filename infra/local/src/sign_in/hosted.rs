//! The pages that people sign in and out with, at the addresses of Cognito's hosted UI.

use std::sync::Arc;

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{RawQuery, State};
use axum::http::header::{CACHE_CONTROL, COOKIE, HOST, HeaderName, LOCATION, ORIGIN, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::authorization::{Authorization, Reason, Refusal};
use super::page::Frame;
use super::parameters::{Parameters, address};
use super::registered::{is_registered, origin};
use super::words::Language;
use super::{SignIn, TokenError, person};
use crate::demonstration::Person;

/// How long a code waits to be exchanged, as Cognito has it.
const CODE_LASTS: SignedDuration = SignedDuration::from_mins(5);

/// How long nobody is asked again for name and password, as Cognito has it.
const SESSION_LASTS: SignedDuration = SignedDuration::from_hours(1);

/// The session's cookie. Browsers differ on whether a plain `http` page of this machine may have a `Secure` one, so it
/// is not.
const SESSION: &str = "sign-in-session";

/// Somebody who gave the right name and password.
#[derive(Debug, Clone, Copy)]
pub(super) struct Session {
    pub(super) person: &'static Person,
    pub(super) at: Timestamp,
}

/// What a code stands for.
#[derive(Debug, Clone)]
pub(super) struct Code {
    pub(super) authorization: Authorization,
    pub(super) session: Session,
}

#[derive(Deserialize)]
pub(super) struct Credentials {
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
}

/// A call, as far as the pages need it.
struct Visit {
    path: &'static str,
    parameters: Parameters,
    language: Language,
}

impl Visit {
    fn new(path: &'static str, query: Option<String>, headers: &HeaderMap) -> Self {
        let parameters = Parameters::read(&query.unwrap_or_default());
        Self {
            path,
            language: Language::of(parameters.get("lang"), headers),
            parameters,
        }
    }

    fn frame(&self) -> Frame<'_> {
        Frame {
            language: self.language,
            other: format!("{}?{}", self.path, self.query_in(self.language.other())),
            client: None,
        }
    }

    /// Asks who it is, for a client whose address is known.
    fn login(&self, authorization: &Authorization, wrong_for: Option<&str>) -> Response {
        let frame = Frame {
            client: origin(&authorization.redirect_uri),
            ..self.frame()
        };
        frame.login(&self.query_in(self.language), wrong_for)
    }

    /// The same query in a language.
    fn query_in(&self, language: Language) -> String {
        self.parameters.with("lang", language.tag())
    }

    fn refused(&self, refusal: Refusal) -> Response {
        match refusal {
            Refusal::Shown(reason) => self.frame().refused(reason),
            Refusal::Sent(to) => found(&to),
        }
    }
}

/// `GET /oauth2/authorize`: whoever is signed in already gets a code; others are asked who they are.
pub(super) async fn authorize(
    State(sign_in): State<Arc<SignIn>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, TokenError> {
    let visit = Visit::new("/oauth2/authorize", query, &headers);
    let authorization = match Authorization::read(&visit.parameters, &sign_in.pool) {
        Ok(authorization) => authorization,
        Err(refusal) => return Ok(visit.refused(refusal)),
    };
    let session = session(&headers).and_then(|key| sign_in.sessions.get(key, sign_in.clock.now()));
    match session {
        Some(session) => sign_in.send_back(authorization, session),
        None => Ok(found(&format!("/login?{}", visit.query_in(visit.language)))),
    }
}

/// `GET /login`.
pub(super) async fn login_page(
    State(sign_in): State<Arc<SignIn>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let visit = Visit::new("/login", query, &headers);
    match Authorization::read(&visit.parameters, &sign_in.pool) {
        Ok(authorization) => visit.login(&authorization, None),
        Err(refusal) => visit.refused(refusal),
    }
}

/// `POST /login`.
pub(super) async fn login(
    State(sign_in): State<Arc<SignIn>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    credentials: Result<Form<Credentials>, FormRejection>,
) -> Result<Response, TokenError> {
    let visit = Visit::new("/login", query, &headers);
    let authorization = match Authorization::read(&visit.parameters, &sign_in.pool) {
        Ok(authorization) => authorization,
        Err(refusal) => return Ok(visit.refused(refusal)),
    };
    // Else a stranger's page could sign a person in as somebody else.
    if !is_own(&headers) {
        return Ok(visit.refused(Refusal::Shown(Reason::Origin)));
    }
    let Form(Credentials { username, password }) = credentials.map_err(|_| TokenError::Malformed)?;
    let Some(person) = person(username.trim(), &password) else {
        return Ok(visit.login(&authorization, Some(&username)));
    };
    let at = sign_in.clock.now();
    let session = Session { person, at };
    let key = sign_in.sessions.put(session, after(at, SESSION_LASTS), at);
    let key = key.ok_or(TokenError::Randomness)?;
    let cookie = format!("{SESSION}={key}; Path=/; HttpOnly; SameSite=Lax");
    let response = sign_in.send_back(authorization, session)?;
    Ok(([(SET_COOKIE, cookie)], response).into_response())
}

/// `GET /logout`: forgets who signed in, and sends the person back to the client.
pub(super) async fn logout(
    State(sign_in): State<Arc<SignIn>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let visit = Visit::new("/logout", query, &headers);
    if visit.parameters.get("client_id") != Some(sign_in.pool.client.as_str()) {
        return visit.refused(Refusal::Shown(Reason::Client));
    }
    let back = visit.parameters.get("logout_uri");
    let Some(back) = back.filter(|uri| is_registered(uri, &sign_in.pool.logouts)) else {
        return visit.refused(Refusal::Shown(Reason::Address));
    };
    if let Some(key) = session(&headers) {
        sign_in.sessions.take(key, sign_in.clock.now());
    }
    let cookie = format!("{SESSION}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    ([(SET_COOKIE, cookie)], found(back)).into_response()
}

/// `GET /forgotPassword`. It leads back to the page that it was opened from, or to the client.
pub(super) async fn forgotten(
    State(sign_in): State<Arc<SignIn>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let visit = Visit::new("/forgotPassword", query, &headers);
    let back = match Authorization::read(&visit.parameters, &sign_in.pool) {
        Ok(_) => Some(format!("/login?{}", visit.query_in(visit.language))),
        Err(Refusal::Sent(to)) => origin(&to).map(|origin| format!("{origin}/")),
        Err(Refusal::Shown(_)) => None,
    };
    visit.frame().forgotten(back.as_deref())
}

impl SignIn {
    /// Sends a person back to the client with a code.
    fn send_back(&self, authorization: Authorization, session: Session) -> Result<Response, TokenError> {
        let Authorization {
            redirect_uri, state, ..
        } = authorization.clone();
        let now = self.clock.now();
        let code = Code {
            authorization,
            session,
        };
        let code = self.codes.put(code, after(now, CODE_LASTS), now);
        let code = code.ok_or(TokenError::Randomness)?;
        let back = [("code", Some(code.as_str())), ("state", state.as_deref())];
        Ok(found(&address(&redirect_uri, &back)))
    }
}

fn found(to: &str) -> Response {
    (StatusCode::FOUND, [(LOCATION, to), (CACHE_CONTROL, "no-store")]).into_response()
}

/// The end of a span; a clock at the end of time has nothing after it.
pub(super) fn after(start: Timestamp, span: SignedDuration) -> Timestamp {
    start.checked_add(span).unwrap_or(Timestamp::MAX)
}

fn session(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(COOKIE).iter();
    let mut pairs = cookies
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == SESSION).map(|(_, value)| value)
}

/// Whether a form was sent from one of these pages, as browsers tell. Whoever is no browser sends none of these headers
/// and has nobody's session at hand either.
fn is_own(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let site = text(HeaderName::from_static("sec-fetch-site"));
    let is_same_site = site.is_none_or(|site| site == "same-origin" || site == "none");
    let own = text(HOST).map(|host| format!("http://{host}"));
    let is_same_origin = text(ORIGIN).is_none_or(|origin| own.as_deref() == Some(origin));
    is_same_site && is_same_origin
}
