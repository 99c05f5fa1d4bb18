//! Sign-in for the portal's pages: calls to the user pool's hosted sign-in, and verification of sessions.
//!
//! It uses OAuth 2.0's authorization code with PKCE (RFC 7636). The session is the access token itself. Each call
//! verifies it against the pool's published keys. They are fetched once, and again when a token names an unknown key.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign_domain::id::Digest;
use jiff::Timestamp;
use serde::Deserialize;

use crate::config::SignInSettings;
use crate::outgoing::{Outgoing, Unanswered};

mod issuer;
mod key;

pub use issuer::{Issuer, SYSTEM_SCOPE};

/// A client of the hosted sign-in.
pub struct Identity {
    settings: SignInSettings,
    outgoing: Outgoing,
    issuer: Issuer,
}

/// The claims of a verified token, in the form of API Gateway's authorizer.
pub type Claims = HashMap<String, String>;

/// Why a sign-in or a session was not accepted.
#[derive(Debug)]
pub enum SignInError {
    /// The token or the code is invalid or no longer valid.
    Refused(&'static str),
    /// The hosted sign-in could not be reached or its answer not read. Holds the cause, for the log.
    Unavailable(String),
}

impl From<Unanswered> for SignInError {
    fn from(error: Unanswered) -> Self {
        Self::Unavailable(error.0)
    }
}

/// What one sign-in has to remember while the person is at the hosted pages.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// Matches the hosted sign-in's answer to this attempt.
    pub state: String,
    /// Comes back in the ID token.
    pub nonce: String,
    /// Proves that the code is redeemed by the same client that asked for it.
    pub verifier: String,
}

/// The token endpoint's answer to a code or a refresh token.
#[derive(Debug, Deserialize)]
pub struct Tokens {
    /// The access token, which is the session.
    pub access_token: String,
    /// Names the person who signed in and repeats the attempt's nonce.
    pub id_token: Option<String>,
    /// Gets a new access token later. `None` if the present refresh token stays valid.
    pub refresh_token: Option<String>,
}

impl Attempt {
    /// Starts an attempt. Fails without a source of randomness.
    pub fn new() -> Result<Self, SignInError> {
        let random = || -> Result<String, SignInError> {
            let mut octets = [0; 32];
            getrandom::fill(&mut octets).map_err(|error| SignInError::Unavailable(error.to_string()))?;
            Ok(URL_SAFE_NO_PAD.encode(octets))
        };
        Ok(Self {
            state: random()?,
            nonce: random()?,
            verifier: random()?,
        })
    }

    /// The verifier's digest, which is sent before the verifier itself (RFC 7636, section 4.2).
    fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Digest::of(self.verifier.as_bytes()).as_bytes())
    }
}

impl Identity {
    pub(crate) fn new(settings: SignInSettings) -> Self {
        Self {
            outgoing: Outgoing::default(),
            issuer: Issuer::new(settings.issuer.clone()),
            settings,
        }
    }

    /// The settings it was built from.
    pub fn settings(&self) -> &SignInSettings {
        &self.settings
    }

    /// The address of the page where a person enters their name and password. `language` has to be one that the hosted
    /// pages support.
    pub fn authorize_url(&self, attempt: &Attempt, language: &str) -> String {
        let query = query(&[
            ("response_type", "code"),
            ("client_id", &self.settings.client),
            ("redirect_uri", &self.callback()),
            ("scope", "openid"),
            ("state", &attempt.state),
            ("nonce", &attempt.nonce),
            ("code_challenge", &attempt.challenge()),
            ("code_challenge_method", "S256"),
            ("lang", language),
        ]);
        format!("{}/oauth2/authorize?{query}", self.settings.sign_in_url)
    }

    /// The address of the page where a person sets a new password.
    pub fn forgotten_url(&self, language: &str) -> String {
        let query = query(&[
            ("response_type", "code"),
            ("client_id", &self.settings.client),
            ("redirect_uri", &self.callback()),
            ("scope", "openid"),
            ("lang", language),
        ]);
        format!("{}/forgotPassword?{query}", self.settings.sign_in_url)
    }

    /// The address that ends the hosted session and leads back to the portal's sign-in page.
    pub fn sign_out_url(&self) -> String {
        let back = format!("{}/sign-in", self.settings.portal_url);
        let query = query(&[("client_id", &self.settings.client), ("logout_uri", &back)]);
        format!("{}/logout?{query}", self.settings.sign_in_url)
    }

    fn callback(&self) -> String {
        format!("{}/signed-in", self.settings.portal_url)
    }

    /// Exchanges the code that an attempt returned. If an ID token comes with it, it has to belong to this attempt.
    pub async fn exchange(
        &self,
        code: &str,
        attempt: &Attempt,
        now: Timestamp,
    ) -> Result<Tokens, SignInError> {
        let tokens = self
            .tokens(&[
                ("grant_type", "authorization_code"),
                ("client_id", &self.settings.client),
                ("code", code),
                ("redirect_uri", &self.callback()),
                ("code_verifier", &attempt.verifier),
            ])
            .await?;
        if let Some(id_token) = &tokens.id_token {
            let claims = self.issuer.verified(id_token, now).await?;
            let is = |name: &str, value: &str| claims.get(name).is_some_and(|claim| claim == value);
            if !is("aud", &self.settings.client) || !is("nonce", &attempt.nonce) || !is("token_use", "id") {
                return Err(SignInError::Refused("the ID token is not of this attempt"));
            }
        }
        Ok(tokens)
    }

    /// Exchanges a refresh token for a new access token.
    pub async fn refresh(&self, refresh_token: &str) -> Result<Tokens, SignInError> {
        self.tokens(&[
            ("grant_type", "refresh_token"),
            ("client_id", &self.settings.client),
            ("refresh_token", refresh_token),
        ])
        .await
    }

    /// Revokes a refresh token (RFC 7009): no access token comes from it any more. One that the pool does not know
    /// needs no revoking.
    pub async fn revoke(&self, refresh_token: &str) -> Result<(), SignInError> {
        let url = format!("{}/oauth2/revoke", self.settings.sign_in_url);
        let form = query(&[("token", refresh_token), ("client_id", &self.settings.client)]);
        match self.outgoing.post(&url, form).await?.status {
            200 => Ok(()),
            status => Err(SignInError::Unavailable(format!(
                "the revocation endpoint answers {status}"
            ))),
        }
    }

    async fn tokens(&self, form: &[(&str, &str)]) -> Result<Tokens, SignInError> {
        let url = format!("{}/oauth2/token", self.settings.sign_in_url);
        let answer = self.outgoing.post(&url, query(form)).await?;
        match answer.status {
            200 => serde_json::from_slice(&answer.body)
                .map_err(|_| SignInError::Unavailable("the token endpoint's answer is no token".to_owned())),
            400..=499 => Err(SignInError::Refused("the token endpoint refuses it")),
            other => Err(SignInError::Unavailable(format!(
                "the token endpoint answers {other}"
            ))),
        }
    }

    /// Returns the claims of an access token, if it was issued to the portal and has not expired.
    pub async fn session(&self, token: &str, now: Timestamp) -> Result<Claims, SignInError> {
        let claims = self.issuer.verified(token, now).await?;
        let is = |name: &str, value: &str| claims.get(name).is_some_and(|claim| claim == value);
        if is("token_use", "access") && is("client_id", &self.settings.client) {
            Ok(claims)
        } else {
            Err(SignInError::Refused(
                "the token is no access token of the portal's",
            ))
        }
    }
}

/// Encodes pairs as a query string or a form body.
fn query(pairs: &[(&str, &str)]) -> String {
    let encoded = |(name, value): &(&str, &str)| format!("{name}={}", crate::http::percent_encoded(value));
    pairs.iter().map(encoded).collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_shows_the_digest_of_its_verifier_and_never_the_verifier() {
        let attempt = Attempt {
            state: "s".into(),
            nonce: "n".into(),
            // RFC 7636, appendix B.
            verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".into(),
        };
        assert_eq!(attempt.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        let identity = Identity::new(SignInSettings {
            footer_link: None,
            portal_url: "https://portal.example".into(),
            sign_in_url: "https://sign-in.example".into(),
            issuer: "https://issuer.example".into(),
            client: "client".into(),
            session_hours: 10,
            idle_minutes: 30,
            needs_second_factor: true,
        });
        let url = identity.authorize_url(&attempt, "en");
        assert!(url.starts_with("https://sign-in.example/oauth2/authorize?response_type=code&"));
        assert!(
            url.contains("redirect_uri=https%3A%2F%2Fportal.example%2Fsigned-in"),
            "{url}"
        );
        assert!(
            url.contains("code_challenge_method=S256") && !url.contains(&attempt.verifier),
            "{url}"
        );
    }
}
