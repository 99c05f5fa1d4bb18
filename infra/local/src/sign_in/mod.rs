//! Stands in for Cognito: a signing key, its public half for whoever verifies, the hosted pages, and tokens for the
//! demonstration's people.
//!
//! Cognito signs with RSA. This signs with ES256, whose keys are made in no time; whoever verifies by the published
//! key set notices no difference. It remembers sessions, codes and refresh tokens until it stops.

mod authorization;
mod endpoint;
mod hosted;
mod kept;
mod key;
mod page;
mod parameters;
mod registered;
mod token;
mod trigger;
mod words;

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use countersign_platform::Clock;
use countersign_platform::lambda::Invoke;
use serde_json::json;
use subtle::ConstantTimeEq;

use crate::demonstration::{PASSWORD, PEOPLE, Person};
use crate::template::UserPool;

pub(crate) use key::SigningKey;
pub(crate) use page::STYLE_PATH;

use endpoint::{Refresh, TokenError};
use hosted::{Code, Session};
use kept::Kept;

/// The user pool of the template, on this machine.
pub(crate) struct SignIn {
    key: SigningKey,
    pool: UserPool,
    /// What tokens name as their issuer: an address of this runner.
    issuer: String,
    /// The runner's own address.
    base: String,
    /// The function that is asked before a token is issued.
    trigger: Option<Invoke>,
    clock: Clock,
    sessions: Kept<Session>,
    codes: Kept<Code>,
    refreshes: Kept<Refresh>,
}

impl SignIn {
    /// The pool, with nobody signed in.
    pub(crate) fn new(
        key: SigningKey,
        pool: UserPool,
        (issuer, base): (String, String),
        trigger: Option<Invoke>,
        clock: Clock,
    ) -> Self {
        Self {
            key,
            pool,
            issuer,
            base,
            trigger,
            clock,
            sessions: Kept::default(),
            codes: Kept::default(),
            refreshes: Kept::default(),
        }
    }
}

/// The endpoints: the issuer's own, at its address and at the root, and those of the pool's domain.
pub(crate) fn router(sign_in: Arc<SignIn>) -> Router {
    let mut router = Router::new()
        .route("/oauth2/authorize", get(hosted::authorize))
        .route("/oauth2/token", post(endpoint::token))
        .route("/login", get(hosted::login_page).post(hosted::login))
        .route(page::STYLE_PATH, get(page::style))
        .route("/logout", get(hosted::logout))
        .route("/forgotPassword", get(hosted::forgotten));
    for prefix in [format!("/{}", sign_in.pool.id), String::new()] {
        router = router
            .route(&format!("{prefix}/.well-known/jwks.json"), get(key_set))
            .route(
                &format!("{prefix}/.well-known/openid-configuration"),
                get(configuration),
            );
    }
    router.with_state(sign_in)
}

/// The person with that name, in any case, and that password. An unknown name takes as long as a wrong password.
fn person(user: &str, password: &str) -> Option<&'static Person> {
    let right = bool::from(password.as_bytes().ct_eq(PASSWORD.as_bytes()));
    let person = PEOPLE
        .iter()
        .find(|person| person.user.eq_ignore_ascii_case(user));
    person.filter(|_| right)
}

async fn key_set(State(sign_in): State<Arc<SignIn>>) -> Response {
    Json(json!({ "keys": [sign_in.key.public()] })).into_response()
}

async fn configuration(State(sign_in): State<Arc<SignIn>>) -> Response {
    let SignIn {
        issuer, base, pool, ..
    } = sign_in.as_ref();
    Json(json!({
        "issuer": issuer,
        "jwks_uri": format!("{issuer}/.well-known/jwks.json"),
        "authorization_endpoint": format!("{base}/oauth2/authorize"),
        "token_endpoint": format!("{base}/oauth2/token"),
        "end_session_endpoint": format!("{base}/logout"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", "password"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "scopes_supported": pool.scopes,
        "claims_supported": ["sub", "email", "email_verified", "cognito:groups"],
        "ui_locales_supported": ["en", "zh-HK", "zh-TW"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "subject_types_supported": ["public"],
    }))
    .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_names_are_found_in_any_case_and_passwords_are_not() {
        assert_eq!(
            person("Checker@ABC.example", PASSWORD).map(|person| person.name),
            Some("D Wong")
        );
        for (user, password) in [
            ("checker@abc.example", "COUNTERSIGN-DEMO"),
            ("checker@abc.example", ""),
            ("nobody@abc.example", PASSWORD),
        ] {
            assert!(person(user, password).is_none(), "{user}");
        }
    }
}
