//! The token endpoint (RFC 6749, sections 4.1.3, 4.3, 4.4 and 6), and revocation (RFC 7009).

use std::sync::Arc;

use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Form, Json};
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Cognito;
use super::client_credentials::Credentials;
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
    /// The password is temporary: the page asks for a new one.
    NewPasswordRequired,
    /// The user was deleted or disabled since signing in.
    NoSuchUser,
    /// The code is unknown, used, too old, or somebody else's; whoever asks doesn't learn which.
    WrongCode,
    WrongRefreshToken,
    /// A scope that the client does not have.
    Scope,
    /// A call to revoke without a token or a client.
    NothingToRevoke,
    /// A call to revoke something else than a refresh token.
    TokenType,
    GrantType,
    /// The trigger failed, as it does for a person whom it does not know.
    Trigger,
    /// Something of this machine failed.
    Failed,
}

#[derive(Deserialize)]
#[serde(tag = "grant_type", rename_all = "snake_case")]
pub(super) enum TokenRequest {
    /// For scripts, which have no page to type into. It needs no client's name.
    Password {
        username: String,
        password: String,
        client_id: Option<String>,
    },
    AuthorizationCode {
        client_id: String,
        redirect_uri: String,
        code: String,
        code_verifier: String,
    },
    RefreshToken {
        client_id: String,
        refresh_token: String,
    },
    ClientCredentials {
        client_id: Option<String>,
        client_secret: Option<String>,
        scope: Option<String>,
    },
    #[serde(other)]
    Unknown,
}

/// `POST /oauth2/token`.
pub(super) async fn token(
    State(cognito): State<Arc<Cognito>>,
    headers: HeaderMap,
    form: Result<Form<TokenRequest>, FormRejection>,
) -> Result<Response, TokenError> {
    let Form(request) = form.map_err(|_| TokenError::Malformed)?;
    let answer = match request {
        TokenRequest::Password {
            username,
            password,
            client_id,
        } => {
            client_id.map_or(Ok(()), |client| cognito.check_client(&client))?;
            cognito.for_password(&username, &password).await?
        }
        TokenRequest::AuthorizationCode {
            client_id,
            redirect_uri,
            code,
            code_verifier,
        } => {
            cognito.check_client(&client_id)?;
            cognito.for_code(&code, &redirect_uri, &code_verifier).await?
        }
        TokenRequest::RefreshToken {
            client_id,
            refresh_token,
        } => {
            cognito.check_client(&client_id)?;
            cognito.for_refresh_token(&refresh_token).await?
        }
        TokenRequest::ClientCredentials {
            client_id: id,
            client_secret: secret,
            scope,
        } => {
            let credentials = Credentials { id, secret };
            cognito
                .for_client(credentials, scope.as_deref(), &headers)
                .await?
        }
        TokenRequest::Unknown => return Err(TokenError::GrantType),
    };
    Ok(([(CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}

#[derive(Deserialize)]
pub(super) struct Revocation {
    client_id: String,
    token: String,
}

/// `POST /oauth2/revoke`: the refresh token gets no more access tokens. Those that it got last until their own end, as
/// API Gateway asks nobody about them. A token that is not known, or any more, is as good as revoked (RFC 7009, 2.2).
pub(super) async fn revoke(
    State(cognito): State<Arc<Cognito>>,
    form: Result<Form<Revocation>, FormRejection>,
) -> Result<Response, TokenError> {
    let Form(Revocation { client_id, token }) = form.map_err(|_| TokenError::NothingToRevoke)?;
    cognito.check_client(&client_id)?;
    // Cognito revokes by the refresh token alone. An access token is a JWT; the refresh tokens here are none.
    if token.contains('.') {
        return Err(TokenError::TokenType);
    }
    cognito.refreshes.take(&token, cognito.setup.clock.now());
    Ok(([(CACHE_CONTROL, "no-store")], StatusCode::OK).into_response())
}

impl Cognito {
    fn check_client(&self, client: &str) -> Result<(), TokenError> {
        if client == self.setup.pool.client {
            Ok(())
        } else {
            Err(TokenError::WrongClient)
        }
    }

    async fn for_password(&self, email: &str, password: &str) -> Result<Value, TokenError> {
        let at = self.setup.clock.now();
        let user = self.setup.users.check(email, password, at);
        let user = user.map_err(TokenError::Password)?;
        if user.temporary_until.is_some() {
            return Err(TokenError::NewPasswordRequired);
        }
        let grant = Grant {
            session: Session { sub: user.sub, at },
            scope: PASSWORD_SCOPE.to_owned(),
            nonce: None,
        };
        let mut answer = self.answer(&grant, "TokenGeneration_Authentication").await?;
        answer.as_object_mut().map(|answer| answer.remove("id_token"));
        Ok(answer)
    }

    /// A code is good for one try: a try that fails uses it up, so that nobody can guess its verifier.
    async fn for_code(&self, code: &str, redirect_uri: &str, verifier: &str) -> Result<Value, TokenError> {
        let now = self.setup.clock.now();
        let code = self.codes.take(code, now).ok_or(TokenError::WrongCode)?;
        let authorization = code.authorization;
        if authorization.redirect_uri != redirect_uri || !authorization.was_asked_with(verifier) {
            return Err(TokenError::WrongCode);
        }
        let mut grant = Grant {
            session: code.session,
            scope: authorization.scope,
            nonce: authorization.nonce,
        };
        let mut answer = self.answer(&grant, "TokenGeneration_HostedAuth").await?;
        grant.nonce = None;
        let lasts = self.setup.pool.refresh_token_validity;
        let lasts = SignedDuration::try_from(lasts).unwrap_or(SignedDuration::MAX);
        let refresh = self.refreshes.put(grant, lasts, now);
        answer["refresh_token"] = json!(refresh.ok_or(TokenError::Failed)?);
        Ok(answer)
    }

    /// The refresh token stays the same and is good until its own end, so none is in the answer.
    async fn for_refresh_token(&self, token: &str) -> Result<Value, TokenError> {
        let grant = self.refreshes.get(token, self.setup.clock.now());
        let grant = grant.ok_or(TokenError::WrongRefreshToken)?;
        self.answer(&grant, "TokenGeneration_RefreshTokens").await
    }

    /// `occasion` is Cognito's name for why tokens are issued, which the trigger is told.
    async fn answer(&self, grant: &Grant, occasion: &str) -> Result<Value, TokenError> {
        let (access, id) = self.tokens(grant, occasion).await?;
        Ok(json!({
            "access_token": access,
            "id_token": id,
            "token_type": "Bearer",
            "expires_in": self.setup.pool.access_token_validity.as_secs(),
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
                 refresh_token; or with grant_type=client_credentials and a client's ID and secret, there or by HTTP Basic",
            ),
            Self::WrongClient => (
                "invalid_client",
                "there is no such client, or its secret is another",
            ),
            Self::Password(PasswordError::Wrong) => ("invalid_grant", "user name or password is wrong"),
            Self::Password(PasswordError::AttemptsExceeded) => {
                ("invalid_grant", "Password attempts exceeded")
            }
            Self::Password(PasswordError::Expired) => ("invalid_grant", "the temporary password has expired"),
            Self::NewPasswordRequired => (
                "invalid_grant",
                "the password is temporary; sign in on the page to choose another",
            ),
            Self::NoSuchUser => ("invalid_grant", "the user is disabled or deleted"),
            Self::WrongCode => (
                "invalid_grant",
                "the code is not known, used, out of date, or was asked for with another redirect_uri or code_verifier",
            ),
            Self::WrongRefreshToken => ("invalid_grant", "the refresh token is not known or out of date"),
            Self::Scope => ("invalid_scope", "the client does not have that scope"),
            Self::NothingToRevoke => ("invalid_request", "send a form with token and client_id"),
            Self::TokenType => ("unsupported_token_type", "only refresh tokens can be revoked"),
            Self::GrantType => (
                "unsupported_grant_type",
                "grant_type has to be password, authorization_code, refresh_token or client_credentials",
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
