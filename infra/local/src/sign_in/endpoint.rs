//! The token endpoint (RFC 6749, sections 4.1.3, 4.3 and 6).

use std::sync::Arc;

use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use axum::{Form, Json};
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::{Value, json};

use super::hosted::{Session, after};
use super::token::Occasion;
use super::{SignIn, person};

/// The scope of a token that was issued for a password.
const PASSWORD_SCOPE: &str = "aws.cognito.signin.user.admin";

/// Why no token is issued (RFC 6749, section 5.2).
#[derive(Debug, Clone, Copy)]
pub(super) enum TokenError {
    Malformed,
    WrongClient,
    WrongPassword,
    /// The code is unknown, used, too old, or somebody else's; whoever asks doesn't learn which.
    WrongCode,
    WrongRefreshToken,
    GrantType,
    /// The trigger failed, as it does for a person whom the directory doesn't have.
    Trigger,
    /// The token could not be signed.
    Signature,
    /// The system gives no random octets.
    Randomness,
}

/// What a refresh token stands for.
#[derive(Debug, Clone)]
pub(super) struct Refresh {
    session: Session,
    scope: String,
}

#[derive(Deserialize)]
pub(super) struct TokenRequest {
    grant_type: String,
    client_id: Option<String>,
    username: Option<String>,
    password: Option<String>,
    code: Option<String>,
    redirect_uri: Option<String>,
    code_verifier: Option<String>,
    refresh_token: Option<String>,
}

/// `POST /oauth2/token`.
pub(super) async fn token(
    State(sign_in): State<Arc<SignIn>>,
    form: Result<Form<TokenRequest>, FormRejection>,
) -> Result<Response, TokenError> {
    let Form(request) = form.map_err(|_| TokenError::Malformed)?;
    let is_client = |client: &String| *client == sign_in.pool.client;
    if request
        .client_id
        .as_ref()
        .is_some_and(|client| !is_client(client))
    {
        return Err(TokenError::WrongClient);
    }
    let answer = match request.grant_type.as_str() {
        "password" => sign_in.for_password(&request).await?,
        "authorization_code" => sign_in.for_code(&request).await?,
        "refresh_token" => sign_in.for_refresh_token(&request).await?,
        _ => return Err(TokenError::GrantType),
    };
    Ok(([(CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}

impl SignIn {
    /// For scripts, which have no page to type into. It needs no client's name.
    async fn for_password(&self, request: &TokenRequest) -> Result<Value, TokenError> {
        let (Some(user), Some(password)) = (&request.username, &request.password) else {
            return Err(TokenError::Malformed);
        };
        let occasion = Occasion {
            person: person(user, password).ok_or(TokenError::WrongPassword)?,
            scope: PASSWORD_SCOPE,
            source: "TokenGeneration_Authentication",
            authenticated: self.clock.now(),
            nonce: None,
        };
        Ok(self.answer(&self.tokens(&occasion).await?.access))
    }

    /// A code is good for one try: a try that fails uses it up, so that nobody can guess its verifier.
    async fn for_code(&self, request: &TokenRequest) -> Result<Value, TokenError> {
        let (Some(_), Some(code), Some(redirect_uri), Some(verifier)) = (
            &request.client_id,
            &request.code,
            &request.redirect_uri,
            &request.code_verifier,
        ) else {
            return Err(TokenError::Malformed);
        };
        let now = self.clock.now();
        let code = self.codes.take(code, now).ok_or(TokenError::WrongCode)?;
        if code.authorization.redirect_uri != *redirect_uri || !code.authorization.was_asked_with(verifier) {
            return Err(TokenError::WrongCode);
        }
        let occasion = Occasion {
            person: code.session.person,
            scope: &code.authorization.scope,
            source: "TokenGeneration_HostedAuth",
            authenticated: code.session.at,
            nonce: code.authorization.nonce.as_deref(),
        };
        let tokens = self.tokens(&occasion).await?;
        let refresh = Refresh {
            session: code.session,
            scope: code.authorization.scope.clone(),
        };
        let validity = SignedDuration::try_from(self.pool.refresh_token_validity);
        let until = after(now, validity.unwrap_or(SignedDuration::MAX));
        let refresh = self.refreshes.put(refresh, until, now);
        let mut answer = self.answer(&tokens.access);
        answer["id_token"] = json!(tokens.id);
        answer["refresh_token"] = json!(refresh.ok_or(TokenError::Randomness)?);
        Ok(answer)
    }

    /// The refresh token stays the same and is good until its own end, so none is in the answer.
    async fn for_refresh_token(&self, request: &TokenRequest) -> Result<Value, TokenError> {
        let (Some(_), Some(token)) = (&request.client_id, &request.refresh_token) else {
            return Err(TokenError::Malformed);
        };
        let refresh = self.refreshes.get(token, self.clock.now());
        let refresh = refresh.ok_or(TokenError::WrongRefreshToken)?;
        let occasion = Occasion {
            person: refresh.session.person,
            scope: &refresh.scope,
            source: "TokenGeneration_RefreshTokens",
            authenticated: refresh.session.at,
            nonce: None,
        };
        let tokens = self.tokens(&occasion).await?;
        let mut answer = self.answer(&tokens.access);
        answer["id_token"] = json!(tokens.id);
        Ok(answer)
    }

    fn answer(&self, access_token: &str) -> Value {
        json!({
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": self.pool.access_token_validity.as_secs(),
        })
    }
}

impl TokenError {
    fn told(self) -> (StatusCode, &'static str, &'static str) {
        let refused = |error, description| (StatusCode::BAD_REQUEST, error, description);
        let failed = |description| (StatusCode::INTERNAL_SERVER_ERROR, "server_error", description);
        match self {
            Self::Malformed => refused(
                "invalid_request",
                "send a form with grant_type=password, username and password; or with grant_type=authorization_code, \
                 client_id, code, redirect_uri and code_verifier; or with grant_type=refresh_token, client_id and \
                 refresh_token",
            ),
            Self::WrongClient => refused("invalid_client", "there is no such client"),
            Self::WrongPassword => refused("invalid_grant", "user name or password is wrong"),
            Self::WrongCode => refused(
                "invalid_grant",
                "the code is not known, used, out of date, or was asked for with another redirect_uri or code_verifier",
            ),
            Self::WrongRefreshToken => {
                refused("invalid_grant", "the refresh token is not known or out of date")
            }
            Self::GrantType => refused(
                "unsupported_grant_type",
                "grant_type has to be password, authorization_code or refresh_token",
            ),
            Self::Trigger => refused("invalid_request", "the function sign-in failed; see its log"),
            Self::Signature => failed("the token could not be signed"),
            Self::Randomness => failed("the system has no random numbers"),
        }
    }
}

impl IntoResponse for TokenError {
    fn into_response(self) -> Response {
        let (status, error, description) = self.told();
        let answer = json!({ "error": error, "error_description": description });
        (status, [(CACHE_CONTROL, "no-store")], Json(answer)).into_response()
    }
}
