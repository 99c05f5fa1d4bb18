//! Stands in for Cognito: a signing key, its public half for whoever verifies, the hosted pages, and tokens for the
//! users that it is given or that administrators enter.
//!
//! Cognito signs with RSA. This signs with ES256, whose keys are made in no time; whoever verifies by the published
//! key set notices no difference. It remembers sessions, codes and refresh tokens until it stops.

pub mod administration;

mod authorization;
mod client_credentials;
mod clients;
mod expiring;
mod hosted;
mod key;
mod new_password;
mod password;
mod token_endpoint;
mod tokens;
mod users;
mod words;

use std::sync::Arc;

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::Clock;
use crate::cloudformation::UserPool;
use crate::lambda::Invoke;
use crate::origin::Origins;

pub use clients::Clients;
pub use key::SigningKey;
pub use users::{KnownUser, Note, User, Users};

use expiring::Expiring;
use hosted::{Code, Session};
use token_endpoint::TokenError;
use tokens::Grant;

/// What the user pool is made of.
pub struct Setup {
    pub key: SigningKey,
    pub pool: UserPool,
    /// What tokens name as their issuer: an address below `base`.
    pub issuer: String,
    /// Where this listens.
    pub base: String,
    /// The function that is asked before a token is issued.
    pub trigger: Option<Invoke>,
    pub users: Users,
    pub clients: Clients,
    /// Whom the sign-in page offers to sign in with one click.
    pub known: Vec<KnownUser>,
    pub clock: Clock,
    pub branding: Branding,
    pub origins: Origins,
}

/// How the pages look.
#[derive(Debug, Clone, Copy)]
pub struct Branding {
    /// What people sign in to, in titles and headers.
    pub name: &'static str,
    /// The path of the style sheet.
    pub style: &'static str,
}

/// The user pool of the template, with nobody signed in at first.
pub struct Cognito {
    setup: Setup,
    sessions: Expiring<Session>,
    codes: Expiring<Code>,
    refreshes: Expiring<Grant>,
    /// The IDs of those who gave a temporary password and have to choose one of their own.
    choosing: Expiring<String>,
}

impl Cognito {
    pub fn new(setup: Setup) -> Arc<Self> {
        Arc::new(Self {
            setup,
            sessions: Expiring::default(),
            codes: Expiring::default(),
            refreshes: Expiring::default(),
            choosing: Expiring::default(),
        })
    }
}

/// The endpoints: the issuer's own, at its address and at the root, and those of the pool's domain.
pub fn router(cognito: Arc<Cognito>) -> Router {
    let mut router = Router::new()
        .route("/oauth2/authorize", get(hosted::authorize))
        .route("/oauth2/token", post(token_endpoint::token))
        .route("/oauth2/revoke", post(token_endpoint::revoke))
        .route("/login", get(hosted::login_page).post(hosted::login))
        .route("/changePassword", post(new_password::change))
        .route("/logout", get(hosted::logout))
        .route("/forgotPassword", get(hosted::forgot));
    for prefix in [format!("/{}", cognito.setup.pool.id), String::new()] {
        let (keys, configuration) = (get(key_set), get(configuration));
        router = router
            .route(&format!("{prefix}/.well-known/jwks.json"), keys)
            .route(
                &format!("{prefix}/.well-known/openid-configuration"),
                configuration,
            );
    }
    router.with_state(cognito)
}

async fn key_set(State(cognito): State<Arc<Cognito>>) -> Json<Value> {
    Json(json!(cognito.setup.key.public()))
}

async fn configuration(State(cognito): State<Arc<Cognito>>) -> Json<Value> {
    let pool = &cognito.setup.pool;
    let scopes: Vec<&String> = pool.scopes.iter().chain(&pool.resource_scopes).collect();
    let (issuer, base) = (&cognito.setup.issuer, &cognito.setup.base);
    Json(json!({
        "issuer": issuer,
        "jwks_uri": format!("{issuer}/.well-known/jwks.json"),
        "authorization_endpoint": format!("{base}/oauth2/authorize"),
        "token_endpoint": format!("{base}/oauth2/token"),
        "revocation_endpoint": format!("{base}/oauth2/revoke"),
        "end_session_endpoint": format!("{base}/logout"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", "password", "client_credentials"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none", "client_secret_basic", "client_secret_post"],
        "scopes_supported": scopes,
        "claims_supported": ["sub", "email", "email_verified", "cognito:groups"],
        "ui_locales_supported": ["en", "zh-HK", "zh-TW"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "subject_types_supported": ["public"],
    }))
}
