//! The token endpoint (RFC 6749, sections 4.1.3, 4.3 and 6).

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use axum::{Form, Json};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::Cognito;
use super::hosted::Session;
use super::tokens::Grant;
use super::users::PasswordError;

/// The scope of a token that was issued for a password.
const PASSWORD_SCOPE: &str = "aws.cognito.signin.user.admin";

/// Why no token is issued (RFC 6749, section 5.2).
#[derive(Debug, Clone, Copy)]
pub(super) enum TokenError {
    Malformed,
    WrongClient,
    Password(PasswordError),
    /// The code is unknown, used, too old, or somebody else's; whoever asks doesn't learn which.
    WrongCode,
    WrongRefreshToken,
    GrantType,
    /// The trigger failed, as it does for a person whom it does not know.
    Trigger,
    /// Something of this machine failed.
    Failed,
}

/// What a refresh token stands for.
#[derive(Debug, Clone)]
pub(super) struct Refresh {
    session: Session,
    scope: String,
}

/// The parameters of a call; one that is there twice is refused.
struct TokenRequest(HashMap<String, String>);

impl TokenRequest {
    fn read(pairs: Vec<(String, String)>) -> Result<Self, TokenError> {
        let mut parameters = HashMap::new();
        for (name, value) in pairs {
            if parameters.insert(name, value).is_some() {
                return Err(TokenError::Malformed);
            }
        }
        Ok(Self(parameters))
    }

    fn get(&self, name: &str) -> Result<&str, TokenError> {
        self.0.get(name).map(String::as_str).ok_or(TokenError::Malformed)
    }
}

/// `POST /oauth2/token`.
pub(super) async fn token(
    State(cognito): State<Arc<Cognito>>,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Result<Response, TokenError> {
    let Form(pairs) = form.map_err(|_| TokenError::Malformed)?;
    let request = TokenRequest::read(pairs)?;
    if request
        .get("client_id")
        .is_ok_and(|client| client != cognito.pool.client)
    {
        return Err(TokenError::WrongClient);
    }
    let answer = match request.get("grant_type")? {
        "password" => cognito.for_password(&request).await?,
        "authorization_code" => cognito.for_code(&request).await?,
        "refresh_token" => cognito.for_refresh_token(&request).await?,
        _ => return Err(TokenError::GrantType),
    };
    Ok(([(CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}

impl Cognito {
    /// For scripts, which have no page to type into. It needs no client's name.
    async fn for_password(&self, request: &TokenRequest) -> Result<Value, TokenError> {
        let (email, password) = (request.get("username")?, request.get("password")?);
        let at = self.clock.now();
        let user = self
            .users
            .check(email, password, at)
            .map_err(TokenError::Password)?;
        let grant = Grant {
            session: &Session { user, at },
            scope: PASSWORD_SCOPE,
            source: "TokenGeneration_Authentication",
            nonce: None,
        };
        let mut answer = self.answer(&grant).await?;
        answer.as_object_mut().map(|answer| answer.remove("id_token"));
        Ok(answer)
    }

    /// A code is good for one try: a try that fails uses it up, so that nobody can guess its verifier.
    async fn for_code(&self, request: &TokenRequest) -> Result<Value, TokenError> {
        request.get("client_id")?;
        let (redirect_uri, verifier) = (request.get("redirect_uri")?, request.get("code_verifier")?);
        let now = self.clock.now();
        let code = self.codes.take(request.get("code")?, now);
        let code = code.ok_or(TokenError::WrongCode)?;
        let authorization = &code.authorization;
        if authorization.redirect_uri != redirect_uri || !authorization.was_asked_with(verifier) {
            return Err(TokenError::WrongCode);
        }
        let grant = Grant {
            session: &code.session,
            scope: &authorization.scope,
            source: "TokenGeneration_HostedAuth",
            nonce: authorization.nonce.as_deref(),
        };
        let mut answer = self.answer(&grant).await?;
        let refresh = Refresh {
            session: code.session.clone(),
            scope: authorization.scope.clone(),
        };
        let lasts = SignedDuration::try_from(self.pool.refresh_token_validity).unwrap_or(SignedDuration::MAX);
        let refresh = self.refreshes.put(refresh, lasts, now);
        answer["refresh_token"] = json!(refresh.ok_or(TokenError::Failed)?);
        Ok(answer)
    }

    /// The refresh token stays the same and is good until its own end, so none is in the answer.
    async fn for_refresh_token(&self, request: &TokenRequest) -> Result<Value, TokenError> {
        request.get("client_id")?;
        let refresh = self
            .refreshes
            .get(request.get("refresh_token")?, self.clock.now());
        let refresh = refresh.ok_or(TokenError::WrongRefreshToken)?;
        let grant = Grant {
            session: &refresh.session,
            scope: &refresh.scope,
            source: "TokenGeneration_RefreshTokens",
            nonce: None,
        };
        self.answer(&grant).await
    }

    async fn answer(&self, grant: &Grant<'_>) -> Result<Value, TokenError> {
        let (access, id) = self.tokens(grant).await?;
        Ok(json!({
            "access_token": access,
            "id_token": id,
            "token_type": "Bearer",
            "expires_in": self.pool.access_token_validity.as_secs(),
        }))
    }
}

impl IntoResponse for TokenError {
    fn into_response(self) -> Response {
        let (error, description) = match self {
            Self::Malformed => (
                "invalid_request",
                "send a form with grant_type=password, username and password; or with grant_type=authorization_code, \
                 client_id, code, redirect_uri and code_verifier; or with grant_type=refresh_token, client_id and \
                 refresh_token",
            ),
            Self::WrongClient => ("invalid_client", "there is no such client"),
            Self::Password(PasswordError::Wrong) => ("invalid_grant", "user name or password is wrong"),
            Self::Password(PasswordError::AttemptsExceeded) => {
                ("invalid_grant", "Password attempts exceeded")
            }
            Self::WrongCode => (
                "invalid_grant",
                "the code is not known, used, out of date, or was asked for with another redirect_uri or code_verifier",
            ),
            Self::WrongRefreshToken => ("invalid_grant", "the refresh token is not known or out of date"),
            Self::GrantType => (
                "unsupported_grant_type",
                "grant_type has to be password, authorization_code or refresh_token",
            ),
            Self::Trigger => (
                "invalid_request",
                "the pre-token-generation trigger failed; see its log",
            ),
            Self::Failed => ("server_error", "this machine failed; see the log"),
        };
        let status = match self {
            Self::Failed => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        };
        let answer = json!({ "error": error, "error_description": description });
        (status, [(CACHE_CONTROL, "no-store")], Json(answer)).into_response()
    }
}
