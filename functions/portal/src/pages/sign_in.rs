//! Signing in and out (guideline, step a). Name and password are typed at the hosted sign-in, never here.

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign_application::access::Caller;
use countersign_application::people;
use countersign_platform::http::percent_encoded;
use countersign_platform::identity::{Attempt, SignInError};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};

use crate::body::Fields;
use crate::frame::{Frame, Place};
use crate::reply::{Answer, Reply, Stop};
use crate::visit::{
    Visit, host_cookie, idle_ends_cookie, language_cookie, no_session_cookies, own_address, session_cookies,
    session_ends_cookie,
};
use crate::wording::{Language, Words};

/// How many seconds the browser remembers an attempt to sign in.
const ATTEMPT: &str = "__Host-sign-in";
const ATTEMPT_SECONDS: u32 = 600;

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn {
    frame: Frame,
    w: &'static Words,
    to: String,
    forgotten: String,
    notice: Option<(&'static str, &'static str)>,
}

/// `GET /sign-in`: anybody.
pub(crate) async fn page(visit: &Visit) -> Answer {
    let w = visit.words();
    let to = visit
        .query("to")
        .and_then(|to| own_address(&to).map(str::to_owned));
    let notice = match visit.query("notice").as_deref() {
        Some("over") => Some((w.session_over_title, w.session_over_text)),
        Some("again") => Some((w.attempt_over_title, w.attempt_over_text)),
        _ => None,
    };
    let identity = visit.identity().ok_or(Stop::Failed)?;
    let mut frame = Frame::of(visit, Place::Elsewhere).await;
    let to = to.unwrap_or_else(|| "/".to_owned());
    frame.back = match to.as_str() {
        "/" => "/sign-in".to_owned(),
        to => format!("/sign-in?to={}", percent_encoded(to)),
    };
    Reply::page(&SignIn {
        frame,
        w,
        to,
        forgotten: identity.forgotten_url(hosted(visit.language)),
        notice,
    })
}

/// `POST /sign-in`: anybody. Leads to the hosted sign-in.
pub(crate) async fn leave(visit: &Visit) -> Answer {
    let fields = Fields::read(&visit.request).await?;
    let identity = visit.identity().ok_or(Stop::Failed)?;
    let attempt = Attempt::new().map_err(failed)?;
    let to = own_address(fields.get("to")).unwrap_or("/");
    let kept =
        json!({"state": attempt.state, "nonce": attempt.nonce, "verifier": attempt.verifier, "to": to});
    let cookie = host_cookie(
        ATTEMPT,
        &URL_SAFE_NO_PAD.encode(kept.to_string()),
        Some(ATTEMPT_SECONDS),
    );
    let url = identity.authorize_url(&attempt, hosted(visit.language));
    Ok(Reply::see(url).with_cookie(cookie))
}

/// `GET /signed-in`: anyone who returns from the hosted sign-in with a code, in the same browser.
pub(crate) async fn come_back(visit: &Visit) -> Answer {
    let again = || Ok(Reply::see("/sign-in?notice=again").with_cookie(host_cookie(ATTEMPT, "", Some(0))));
    let Some((attempt, to)) = attempt(visit) else {
        return again();
    };
    let (Some(code), Some(state)) = (visit.query("code"), visit.query("state")) else {
        return again();
    };
    if state != attempt.state {
        return again();
    }
    let identity = visit.identity().ok_or(Stop::Failed)?;
    let tokens = match identity.exchange(&code, &attempt, visit.now).await {
        Ok(tokens) => tokens,
        Err(SignInError::Refused(why)) => {
            tracing::info!(why, "signing in");
            return again();
        }
        Err(error) => return Err(failed(error)),
    };
    let claims = identity
        .session(&tokens.access_token, visit.now)
        .await
        .map_err(failed)?;
    let mut reply = Reply::see(to).with_cookie(host_cookie(ATTEMPT, "", Some(0)));
    for cookie in session_cookies(&tokens) {
        reply = reply.with_cookie(cookie);
    }
    if let Some(cookie) = idle_ends_cookie(identity, visit.now) {
        reply = reply.with_cookie(cookie);
    }
    let lasts = SignedDuration::from_hours(identity.settings().session_hours.into());
    if let Ok(ends) = visit.now.checked_add(lasts) {
        reply = reply.with_cookie(session_ends_cookie(ends));
    }
    if let Ok(caller) = Caller::of_claims(&claims) {
        let at = claims.get("auth_time").and_then(|at| at.parse().ok());
        let at = at.and_then(|at| Timestamp::from_second(at).ok());
        let chosen = people::sign_in(&visit.app, &caller, at.unwrap_or(visit.now)).await;
        // The code is spent. Only the page's language waits for what can't be read.
        let chosen = chosen.unwrap_or_else(|error| {
            tracing::error!(%error, "remembering a sign-in");
            None
        });
        if let Some(language) = chosen.and_then(|tag| Language::parse(&tag)) {
            reply = reply.with_cookie(language_cookie(language));
        }
    }
    Ok(reply)
}

/// `POST /sign-out`: anybody. Ends the session at the user pool, here, and at the hosted sign-in.
pub(crate) async fn sign_out(visit: &mut Visit) -> Answer {
    visit.end_session().await;
    let identity = visit.identity().ok_or(Stop::Failed)?;
    let mut reply = Reply::see(identity.sign_out_url());
    for cookie in no_session_cookies() {
        reply = reply.with_cookie(cookie);
    }
    Ok(reply)
}

fn attempt(visit: &Visit) -> Option<(Attempt, String)> {
    let kept = URL_SAFE_NO_PAD.decode(visit.cookie(ATTEMPT)?).ok()?;
    let kept: Json = serde_json::from_slice(&kept).ok()?;
    let text = |name: &str| kept[name].as_str().map(str::to_owned);
    let attempt = Attempt {
        state: text("state")?,
        nonce: text("nonce")?,
        verifier: text("verifier")?,
    };
    // The cookie is the browser's own, but what it holds is held to the same rule as any other address.
    let to = own_address(&text("to")?).unwrap_or("/").to_owned();
    Some((attempt, to))
}

fn failed(error: SignInError) -> Stop {
    match error {
        SignInError::Refused(why) => {
            tracing::error!(why, "signing in");
            Stop::Failed
        }
        SignInError::Unavailable(what) => {
            tracing::error!(what, "the hosted sign-in");
            Stop::Busy
        }
    }
}

#[derive(Template)]
#[template(path = "terms.html")]
struct Terms {
    frame: Frame,
    w: &'static Words,
}

/// `GET /portal/terms`: anybody.
pub(crate) async fn terms(visit: &Visit) -> Answer {
    Reply::page(&Terms {
        frame: Frame::of(visit, Place::Elsewhere).await,
        w: visit.words(),
    })
}

/// A language as the hosted sign-in names it.
pub(super) fn hosted(language: Language) -> &'static str {
    match language {
        Language::English => "en",
        Language::TraditionalChinese => "zh-TW",
    }
}
