//! Stands in for Cognito: a signing key, its public half for whoever verifies, and tokens for the demonstration's
//! people.
//!
//! Cognito signs with RSA. This signs with ES256, whose keys are made in no time; whoever verifies by the published
//! key set notices no difference.

mod key;
mod token;
mod trigger;

use std::sync::Arc;

use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use countersign_platform::Clock;
use countersign_platform::lambda::Invoke;
use serde::Deserialize;
use serde_json::json;
use subtle::ConstantTimeEq;

use crate::demonstration::{PASSWORD, PEOPLE, Person};
use crate::template::UserPool;

pub(crate) use key::SigningKey;

/// The user pool of the template, on this machine.
pub(crate) struct SignIn {
    pub(crate) key: SigningKey,
    pub(crate) pool: UserPool,
    /// What tokens name as their issuer: an address of this runner.
    pub(crate) issuer: String,
    /// The runner's own address.
    pub(crate) base: String,
    /// The function that is asked before a token is issued.
    pub(crate) trigger: Option<Invoke>,
    pub(crate) clock: Clock,
}

/// The endpoints: the issuer's own, at its address and at the root, and the token endpoint.
pub(crate) fn router(sign_in: Arc<SignIn>) -> Router {
    let mut router = Router::new().route("/oauth2/token", post(token));
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

/// Why no token is issued (RFC 6749, section 5.2).
#[derive(Debug, Clone, Copy)]
enum TokenError {
    Malformed,
    WrongClient,
    WrongPassword,
    GrantType,
    /// The trigger failed, as it does for a person whom the directory doesn't have.
    Trigger,
    /// The token could not be signed.
    Signature,
}

#[derive(Deserialize)]
struct TokenRequest {
    grant_type: String,
    username: Option<String>,
    password: Option<String>,
    client_id: Option<String>,
}

async fn token(
    State(sign_in): State<Arc<SignIn>>,
    form: Result<Form<TokenRequest>, FormRejection>,
) -> Result<Response, TokenError> {
    let Form(request) = form.map_err(|_| TokenError::Malformed)?;
    if request
        .client_id
        .as_ref()
        .is_some_and(|client| *client != sign_in.pool.client)
    {
        return Err(TokenError::WrongClient);
    }
    if request.grant_type != "password" {
        return Err(TokenError::GrantType);
    }
    let (Some(user), Some(password)) = (request.username, request.password) else {
        return Err(TokenError::Malformed);
    };
    let person = person(&user, &password).ok_or(TokenError::WrongPassword)?;
    let answer = json!({
        "access_token": sign_in.access_token(person).await?,
        "token_type": "Bearer",
        "expires_in": sign_in.pool.access_token_validity.as_secs(),
    });
    Ok(([(CACHE_CONTROL, "no-store")], Json(answer)).into_response())
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
    let SignIn { issuer, base, .. } = sign_in.as_ref();
    Json(json!({
        "issuer": issuer,
        "jwks_uri": format!("{issuer}/.well-known/jwks.json"),
        "token_endpoint": format!("{base}/oauth2/token"),
        "grant_types_supported": ["password"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "subject_types_supported": ["public"],
    }))
    .into_response()
}

impl IntoResponse for TokenError {
    fn into_response(self) -> Response {
        let (status, error, description) = match self {
            Self::Malformed => (
                StatusCode::BAD_REQUEST,
                "invalid_request",
                "send a form with grant_type=password, username and password",
            ),
            Self::WrongClient => (
                StatusCode::BAD_REQUEST,
                "invalid_client",
                "there is no such client",
            ),
            Self::WrongPassword => (
                StatusCode::BAD_REQUEST,
                "invalid_grant",
                "user name or password is wrong",
            ),
            Self::GrantType => (
                StatusCode::BAD_REQUEST,
                "unsupported_grant_type",
                "grant_type has to be password",
            ),
            Self::Trigger => (
                StatusCode::BAD_REQUEST,
                "invalid_request",
                "the function sign-in failed; see its log",
            ),
            Self::Signature => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "server_error",
                "the token could not be signed",
            ),
        };
        let answer = json!({ "error": error, "error_description": description });
        (status, [(CACHE_CONTROL, "no-store")], Json(answer)).into_response()
    }
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
