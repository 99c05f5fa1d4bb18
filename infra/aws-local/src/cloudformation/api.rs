//! The HTTP API's authorizer, and the user pool whose tokens it takes.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;

use super::intrinsics::{local_name, logical_id};
use super::{Reader, TemplateError, content};

/// How long an access token or an ID token lasts unless the pool's client says otherwise.
const DEFAULT_VALIDITY: Duration = Duration::from_hours(1);

/// How long a refresh token lasts unless the pool's client says otherwise.
const DEFAULT_REFRESH_VALIDITY: Duration = Duration::from_hours(30 * 24);

/// Who is let in at the HTTP API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorizer {
    /// Where the token is.
    pub identity_source: String,
    /// Who has to have issued it.
    pub issuer: String,
    /// Whom it has to be for; any of them.
    pub audience: Vec<String>,
}

/// Who issues tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserPool {
    /// The pool's ID.
    pub id: String,
    /// The client that tokens are issued to.
    pub client: String,
    /// Where the client has people sent back to with a code.
    pub callbacks: Vec<String>,
    /// Where the client has people sent back to who signed out.
    pub logouts: Vec<String>,
    /// The scopes that the client may ask for.
    pub scopes: Vec<String>,
    /// How long an access token lasts.
    pub access_token_validity: Duration,
    /// How long an ID token lasts.
    pub id_token_validity: Duration,
    /// How long a refresh token lasts.
    pub refresh_token_validity: Duration,
    /// The logical ID of the function that is asked before a token is issued.
    pub trigger: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Api {
    properties: ApiProperties,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ApiProperties {
    auth: ApiAuth,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ApiAuth {
    default_authorizer: String,
    authorizers: BTreeMap<String, JwtAuthorizer>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct JwtAuthorizer {
    identity_source: String,
    jwt_configuration: JwtConfiguration,
}

#[derive(Deserialize)]
struct JwtConfiguration {
    issuer: String,
    audience: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Pool {
    #[serde(default)]
    properties: PoolProperties,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct PoolProperties {
    lambda_config: LambdaConfig,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct LambdaConfig {
    pre_token_generation_config: Option<PreTokenGeneration>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PreTokenGeneration {
    lambda_arn: String,
    lambda_version: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PoolClient {
    properties: PoolClientProperties,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PoolClientProperties {
    #[serde(default, rename = "CallbackURLs")]
    callback_urls: Vec<String>,
    #[serde(default, rename = "LogoutURLs")]
    logout_urls: Vec<String>,
    #[serde(default, rename = "AllowedOAuthScopes")]
    scopes: Vec<String>,
    access_token_validity: Option<u32>,
    id_token_validity: Option<u32>,
    refresh_token_validity: Option<u32>,
    #[serde(default)]
    token_validity_units: TokenValidityUnits,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct TokenValidityUnits {
    #[serde(rename = "AccessToken")]
    access: Option<String>,
    #[serde(rename = "IdToken")]
    id: Option<String>,
    #[serde(rename = "RefreshToken")]
    refresh: Option<String>,
}

pub(super) fn read_authorizer(reader: &Reader<'_>) -> Result<Authorizer, TemplateError> {
    let (name, api) = reader.one::<Api>("AWS::Serverless::HttpApi")?;
    let mut auth = api.properties.auth;
    let place = format!("Resources.{name}.Properties.Auth");
    let default = auth
        .authorizers
        .remove(&auth.default_authorizer)
        .ok_or_else(|| content(&place, "there is no such default authorizer"))?;
    if default.identity_source != "$request.header.Authorization" {
        return Err(content(&place, "the token has to be in the header Authorization"));
    }
    Ok(Authorizer {
        identity_source: default.identity_source,
        issuer: default.jwt_configuration.issuer,
        audience: default.jwt_configuration.audience,
    })
}

pub(super) fn read_user_pool(reader: &Reader<'_>) -> Result<UserPool, TemplateError> {
    let (pool_id, pool) = reader.one::<Pool>("AWS::Cognito::UserPool")?;
    let (client_id, client) = reader.one::<PoolClient>("AWS::Cognito::UserPoolClient")?;
    let trigger = match pool.properties.lambda_config.pre_token_generation_config {
        Some(trigger) if trigger.lambda_version == "V2_0" => Some(trigger.lambda_arn),
        Some(_) => {
            let place = format!("Resources.{pool_id}.Properties.LambdaConfig");
            return Err(content(place, "the token trigger has to be of version V2_0"));
        }
        None => None,
    };
    let of = client.properties;
    let units = &of.token_validity_units;
    let validity = |count, unit: &Option<String>, default| match count {
        Some(count) => validity(&client_id, count, unit.as_deref().unwrap_or(default)),
        None if default == "days" => Ok(DEFAULT_REFRESH_VALIDITY),
        None => Ok(DEFAULT_VALIDITY),
    };
    Ok(UserPool {
        id: local_name(&pool_id),
        client: local_name(&client_id),
        access_token_validity: validity(of.access_token_validity, &units.access, "hours")?,
        id_token_validity: validity(of.id_token_validity, &units.id, "hours")?,
        refresh_token_validity: validity(of.refresh_token_validity, &units.refresh, "days")?,
        callbacks: of.callback_urls,
        logouts: of.logout_urls,
        scopes: of.scopes,
        trigger: trigger.and_then(|arn| logical_id(&arn).map(str::to_owned)),
    })
}

/// How long a token lasts that the client gives so many of a unit.
fn validity(client_id: &str, count: u32, unit: &str) -> Result<Duration, TemplateError> {
    let unit_seconds = match unit {
        "seconds" => 1,
        "minutes" => 60,
        "hours" => 60 * 60,
        "days" => 24 * 60 * 60,
        other => {
            let place = format!("Resources.{client_id}.Properties.TokenValidityUnits");
            return Err(content(place, format!("there is no unit {other}")));
        }
    };
    Ok(Duration::from_secs(u64::from(count) * unit_seconds))
}
