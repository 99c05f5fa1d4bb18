//! The pages that people sign in and out with, at the addresses of Cognito's hosted UI. They work without scripts.

use std::convert::Infallible;
use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::extract::FromRequestParts;
use axum::extract::rejection::FormRejection;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, COOKIE, HeaderName, LOCATION, REFERRER_POLICY,
    SET_COOKIE, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::authorization::{Authorization, Parameters, Reason, Refusal, with_parameters};
use super::users::PasswordError;
use super::words::{Language, Words};
use super::{Branding, Cognito, KnownUser, TokenError};

/// How long a code waits to be exchanged, as Cognito has it.
const CODE_LASTS: SignedDuration = SignedDuration::from_mins(5);

/// How long nobody is asked again for name and password, as Cognito has it.
const SESSION_LASTS: SignedDuration = SignedDuration::from_hours(1);

/// How long somebody may take to choose a password.
const CHOOSING_LASTS: SignedDuration = SignedDuration::from_mins(15);

/// The session's cookie. Browsers differ on whether a plain `http` page of this machine may have a `Secure` one, so it
/// is not.
const SESSION: &str = "sign-in-session";

/// Somebody who gave the right name and password, and when.
#[derive(Debug, Clone)]
pub(super) struct Session {
    /// The user's ID.
    pub(super) sub: String,
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
    /// The e-mail address of the person who was clicked on.
    known: Option<String>,
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct Page<'a> {
    branding: Branding,
    language: Language,
    words: &'static Words,
    title: String,
    /// The same page in the other language.
    other_address: String,
    content: Content<'a>,
}

pub(super) enum Content<'a> {
    /// Asks for name and password.
    Form {
        query: String,
        user: &'a str,
        error: Option<&'static str>,
        /// Whom one click signs in, by company.
        companies: Vec<&'a [KnownUser]>,
    },
    /// Asks somebody who gave a temporary password for one of their own.
    NewPassword {
        query: String,
        choosing: &'a str,
        error: Option<&'static str>,
    },
    /// Says something, and may lead back to the form.
    Text {
        text: &'static str,
        back: Option<String>,
    },
}

/// A call of a page.
pub(super) struct Visit {
    pub(super) cognito: Arc<Cognito>,
    path: String,
    parameters: Parameters,
    pub(super) language: Language,
    pub(super) headers: HeaderMap,
}

impl FromRequestParts<Arc<Cognito>> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, cognito: &Arc<Cognito>) -> Result<Self, Infallible> {
        let parameters = Parameters::read(parts.uri.query().unwrap_or_default());
        Ok(Self {
            cognito: cognito.clone(),
            path: parts.uri.path().to_owned(),
            language: Language::of(parameters.get("lang"), &parts.headers),
            parameters,
            headers: parts.headers.clone(),
        })
    }
}

impl Visit {
    pub(super) fn authorization(&self) -> Result<Authorization, Refusal> {
        Authorization::read(&self.parameters, &self.cognito.setup.pool)
    }

    pub(super) fn now(&self) -> Timestamp {
        self.cognito.setup.clock.now()
    }

    fn session_key(&self) -> Option<&str> {
        let cookies = self.headers.get_all(COOKIE).iter();
        let mut pairs = cookies
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(name, _)| *name == SESSION).map(|(_, value)| value)
    }

    /// Sends a person back to the client with a code.
    fn send_back(&self, authorization: Authorization, session: Session) -> Result<Response, TokenError> {
        let (redirect_uri, state) = (authorization.redirect_uri.clone(), authorization.state.clone());
        let code = Code {
            authorization,
            session,
        };
        let code = self.cognito.codes.put(code, CODE_LASTS, self.now());
        let code = code.ok_or(TokenError::Failed)?;
        let back = [("code", Some(code.as_str())), ("state", state.as_deref())];
        Ok(found(&with_parameters(&redirect_uri, &back)))
    }

    /// The same query in a language.
    pub(super) fn query_in(&self, language: Language) -> String {
        self.parameters.with("lang", language.tag())
    }

    /// Asks who it is, once more after an error. It doesn't tell whether the name or the password was wrong.
    fn form(&self, authorization: &Authorization, user: &str, error: Option<PasswordError>) -> Response {
        let words = self.language.words();
        let error = error.map(|error| match error {
            PasswordError::Wrong => words.wrong,
            PasswordError::AttemptsExceeded => words.attempts_exceeded,
            PasswordError::Expired => words.expired,
        });
        let (status, prefix) = match error {
            Some(_) => (StatusCode::UNAUTHORIZED, words.error_prefix),
            None => (StatusCode::OK, ""),
        };
        let content = Content::Form {
            query: self.query_in(self.language),
            user,
            error,
            companies: self
                .cognito
                .setup
                .known
                .chunk_by(|one, next| one.company == next.company)
                .collect(),
        };
        let title = format!("{prefix}{}", words.sign_in);
        self.page(status, title, content, origin(&authorization.redirect_uri))
    }

    /// Remembers who signed in, and sends them back to the client.
    pub(super) fn signed_in(
        &self,
        authorization: Authorization,
        sub: String,
    ) -> Result<Response, TokenError> {
        let at = self.now();
        let session = Session { sub, at };
        let key = self.cognito.sessions.put(session.clone(), SESSION_LASTS, at);
        let key = key.ok_or(TokenError::Failed)?;
        let cookie = format!("{SESSION}={key}; Path=/; HttpOnly; SameSite=Lax");
        let response = self.send_back(authorization, session)?;
        Ok(([(SET_COOKIE, cookie)], response).into_response())
    }

    fn text(&self, status: StatusCode, title: &str, text: &'static str, back: Option<String>) -> Response {
        self.page(status, title.to_owned(), Content::Text { text, back }, "")
    }

    pub(super) fn refused(&self, refusal: Refusal) -> Response {
        let reason = match refusal {
            Refusal::Sent(to) => return found(&to),
            Refusal::Shown(reason) => reason,
        };
        let status = match reason {
            Reason::UnknownClient | Reason::UnknownAddress => StatusCode::BAD_REQUEST,
            Reason::OtherOrigin => StatusCode::FORBIDDEN,
        };
        let words = self.language.words();
        self.text(status, words.refused, words.reason(reason), None)
    }

    /// A page whose form may lead back to the client's origin.
    pub(super) fn page(
        &self,
        status: StatusCode,
        title: String,
        content: Content<'_>,
        client: &str,
    ) -> Response {
        let page = Page {
            branding: self.cognito.setup.branding,
            language: self.language,
            words: self.language.words(),
            title,
            other_address: format!("{}?{}", self.path, self.query_in(self.language.other())),
            content,
        };
        // A browser holds the redirect that follows a form to `form-action` too.
        let policy = format!(
            "default-src 'none'; style-src 'self'; font-src 'self'; img-src data:; form-action 'self' {client}; \
             base-uri 'none'; frame-ancestors 'none'"
        );
        let headers = [
            (CACHE_CONTROL, "no-store"),
            (CONTENT_LANGUAGE, self.language.tag()),
            (CONTENT_SECURITY_POLICY, &policy),
            // Without an origin in it, the form would look like a stranger's.
            (REFERRER_POLICY, "same-origin"),
            (VARY, "accept-language"),
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (HeaderName::from_static("x-frame-options"), "DENY"),
        ];
        // Writing to a text does not fail.
        (status, headers, Html(page.render().unwrap_or_default())).into_response()
    }
}

/// `GET /oauth2/authorize`: whoever is signed in already gets a code; others are asked who they are.
pub(super) async fn authorize(visit: Visit) -> Result<Response, TokenError> {
    let authorization = match visit.authorization() {
        Ok(authorization) => authorization,
        Err(refusal) => return Ok(visit.refused(refusal)),
    };
    let key = visit.session_key();
    match key.and_then(|key| visit.cognito.sessions.get(key, visit.now())) {
        Some(session) => visit.send_back(authorization, session),
        None => Ok(found(&format!("/login?{}", visit.query_in(visit.language)))),
    }
}

/// `GET /login`.
pub(super) async fn login_page(visit: Visit) -> Response {
    match visit.authorization() {
        Ok(authorization) => visit.form(&authorization, "", None),
        Err(refusal) => visit.refused(refusal),
    }
}

/// `POST /login`.
pub(super) async fn login(
    visit: Visit,
    credentials: Result<Form<Credentials>, FormRejection>,
) -> Result<Response, TokenError> {
    let authorization = match visit.authorization() {
        Ok(authorization) => authorization,
        Err(refusal) => return Ok(visit.refused(refusal)),
    };
    let setup = &visit.cognito.setup;
    // Else a stranger's page could sign a person in as somebody else.
    if setup.origins.are_foreign_to(&visit.headers) {
        return Ok(visit.refused(Refusal::Shown(Reason::OtherOrigin)));
    }
    let Form(credentials) = credentials.map_err(|_| TokenError::Malformed)?;
    let mut known = setup.known.iter();
    let (username, password) = match credentials.known {
        Some(email) => known
            .find(|known| known.email == email)
            .map(|known| (known.email.clone(), known.password.clone()))
            .unwrap_or_default(),
        None => (credentials.username, credentials.password),
    };
    let now = visit.now();
    let user = match setup.users.check(&username, &password, now) {
        Ok(user) => user,
        Err(error) => return Ok(visit.form(&authorization, &username, Some(error))),
    };
    if user.temporary_until.is_some() {
        let choosing = visit.cognito.choosing.put(user.sub, CHOOSING_LASTS, now);
        let choosing = choosing.ok_or(TokenError::Failed)?;
        return Ok(visit.ask_for_new_password(&authorization, &choosing, None));
    }
    visit.signed_in(authorization, user.sub)
}

/// `GET /logout`: forgets who signed in, and sends the person back to the client.
pub(super) async fn logout(visit: Visit) -> Response {
    let pool = &visit.cognito.setup.pool;
    if visit.parameters.get("client_id") != Some(pool.client.as_str()) {
        return visit.refused(Refusal::Shown(Reason::UnknownClient));
    }
    let back = visit.parameters.get("logout_uri");
    let Some(back) = back.filter(|uri| pool.logouts.iter().any(|own| own == uri)) else {
        return visit.refused(Refusal::Shown(Reason::UnknownAddress));
    };
    if let Some(key) = visit.session_key() {
        visit.cognito.sessions.take(key, visit.now());
    }
    let cookie = format!("{SESSION}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    ([(SET_COOKIE, cookie)], found(back)).into_response()
}

/// `GET /forgotPassword`: says what a real user pool would do.
pub(super) async fn forgot(visit: Visit) -> Response {
    let words = visit.language.words();
    let back = format!("/login?{}", visit.query_in(visit.language));
    visit.text(StatusCode::OK, words.forgot_title, words.forgot_text, Some(back))
}

pub(super) fn found(to: &str) -> Response {
    (StatusCode::FOUND, [(LOCATION, to), (CACHE_CONTROL, "no-store")]).into_response()
}

/// The scheme and the authority of an address, e.g. `http://localhost:9000`.
pub(super) fn origin(address: &str) -> &str {
    let authority = address.find("://").map_or(0, |end| end + 3);
    let end = address[authority..].find(['/', '?', '#']);
    end.map_or(address, |end| &address[..authority + end])
}
