//! The HTTP API's authorizer, and the user pool whose tokens it takes.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;

use super::intrinsics::{local_name, logical_id};
use super::{Reader, TemplateError, content};

/// How long an access token lasts unless the pool's client says otherwise.
const DEFAULT_VALIDITY: Duration = Duration::from_hours(1);

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
    /// How long an access token lasts.
    pub access_token_validity: Duration,
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
    access_token_validity: Option<u32>,
    #[serde(default)]
    token_validity_units: TokenValidityUnits,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct TokenValidityUnits {
    access_token: Option<String>,
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
    Ok(UserPool {
        id: local_name(&pool_id),
        client: local_name(&client_id),
        access_token_validity: validity(&client_id, &client.properties)?,
        trigger: trigger.and_then(|arn| logical_id(&arn).map(str::to_owned)),
    })
}

/// The validity counts hours unless the client names another unit.
fn validity(client_id: &str, client: &PoolClientProperties) -> Result<Duration, TemplateError> {
    let Some(count) = client.access_token_validity else {
        return Ok(DEFAULT_VALIDITY);
    };
    let unit_seconds = match client.token_validity_units.access_token.as_deref() {
        Some("seconds") => 1,
        Some("minutes") => 60,
        Some("hours") | None => 60 * 60,
        Some("days") => 24 * 60 * 60,
        Some(other) => {
            let place = format!("Resources.{client_id}.Properties.TokenValidityUnits");
            return Err(content(place, format!("there is no unit {other}")));
        }
    };
    Ok(Duration::from_secs(u64::from(count) * unit_seconds))
}
