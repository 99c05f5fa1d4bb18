//! The HTTP API's authorizer, and the user pool whose tokens it takes.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;

use super::{Reader, TemplateError, content};

/// Who is let in at the HTTP API.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Authorizer {
    pub issuer: String,
    /// Whom a token has to be for; any of them.
    pub audience: Vec<String>,
}

/// Who issues tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserPool {
    pub id: String,
    /// The client that tokens are issued to.
    pub client: String,
    /// Where the client has people sent back to with a code.
    pub callbacks: Vec<String>,
    /// Where the client has people sent back to who signed out.
    pub logouts: Vec<String>,
    /// The scopes that the client may ask for.
    pub scopes: Vec<String>,
    /// The scopes of resource servers, each with its server's identifier, as in `api/read`.
    pub resource_scopes: Vec<String>,
    pub access_token_validity: Duration,
    pub id_token_validity: Duration,
    pub refresh_token_validity: Duration,
    /// The logical ID of the function that is asked before a token is issued.
    pub trigger: Option<String>,
    /// The names of the pool's own attributes, without `custom:`.
    pub attributes: Vec<String>,
    pub password_policy: PasswordPolicy,
}

/// What passwords have to be like.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[expect(clippy::struct_excessive_bools, reason = "as CloudFormation has them")]
pub struct PasswordPolicy {
    pub minimum_length: usize,
    pub require_lowercase: bool,
    pub require_uppercase: bool,
    pub require_numbers: bool,
    pub require_symbols: bool,
    #[serde(deserialize_with = "days")]
    pub temporary_password_validity_days: u32,
}

fn days<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let Count(days) = Count::deserialize(deserializer)?;
    Ok(days)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Api {
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
    jwt_configuration: Authorizer,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Pool {
    lambda_config: LambdaConfig,
    schema: Vec<OwnAttribute>,
    policies: Policies,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OwnAttribute {
    name: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Policies {
    password_policy: PasswordPolicy,
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
struct Client {
    #[serde(default, rename = "CallbackURLs")]
    callback_urls: Vec<String>,
    #[serde(default, rename = "LogoutURLs")]
    logout_urls: Vec<String>,
    #[serde(default, rename = "AllowedOAuthScopes")]
    scopes: Vec<String>,
    access_token_validity: Option<Count>,
    id_token_validity: Option<Count>,
    refresh_token_validity: Option<Count>,
    #[serde(default)]
    token_validity_units: BTreeMap<String, Unit>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ResourceServer {
    identifier: String,
    scopes: Vec<ResourceScope>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ResourceScope {
    scope_name: String,
}

/// A number. What refers to a parameter is a text, as in CloudFormation.
#[derive(Deserialize, Clone, Copy)]
#[serde(try_from = "CountText")]
struct Count(u32);

#[derive(Deserialize)]
#[serde(untagged)]
enum CountText {
    Number(u32),
    Text(String),
}

impl TryFrom<CountText> for Count {
    type Error = std::num::ParseIntError;

    fn try_from(count: CountText) -> Result<Self, Self::Error> {
        match count {
            CountText::Number(number) => Ok(Self(number)),
            CountText::Text(text) => text.parse().map(Self),
        }
    }
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Unit {
    Seconds,
    Minutes,
    Hours,
    Days,
}

pub(super) fn read_authorizer(reader: &Reader<'_>) -> Result<Authorizer, TemplateError> {
    let (name, Api { mut auth }) = reader.one("AWS::Serverless::HttpApi")?;
    let place = format!("Resources.{name}.Properties.Auth");
    let default = auth
        .authorizers
        .remove(&auth.default_authorizer)
        .ok_or_else(|| content(&place, "there is no such default authorizer"))?;
    if default.identity_source != "$request.header.Authorization" {
        return Err(content(&place, "the token has to be in the header Authorization"));
    }
    Ok(default.jwt_configuration)
}

pub(super) fn read(reader: &Reader<'_>) -> Result<UserPool, TemplateError> {
    let (pool_id, pool) = reader.one::<Pool>("AWS::Cognito::UserPool")?;
    let (client_id, client) = reader.one::<Client>("AWS::Cognito::UserPoolClient")?;
    let place = format!("Resources.{pool_id}.Properties.LambdaConfig");
    let trigger = match pool.lambda_config.pre_token_generation_config {
        Some(trigger) if trigger.lambda_version == "V3_0" => {
            let function = reader.named("AWS::Serverless::Function", &trigger.lambda_arn, &place)?;
            Some(function)
        }
        Some(_) => return Err(content(place, "the token trigger has to be of version V3_0")),
        None => None,
    };
    let servers = reader.all::<ResourceServer>("AWS::Cognito::UserPoolResourceServer")?;
    let resource_scopes = servers.iter().flat_map(|(_, server)| {
        let scopes = server.scopes.iter();
        scopes.map(|scope| format!("{}/{}", server.identifier, scope.scope_name))
    });
    let units = &client.token_validity_units;
    let unit = |token: &str, default| units.get(token).copied().unwrap_or(default);
    // What is left out is as Cognito has it: an hour, and 30 days.
    let (short, long) = (client.access_token_validity, client.refresh_token_validity);
    Ok(UserPool {
        id: reader.resolver.name(&pool_id),
        client: reader.resolver.name(&client_id),
        access_token_validity: validity(short.unwrap_or(Count(1)), unit("AccessToken", Unit::Hours)),
        id_token_validity: validity(
            client.id_token_validity.unwrap_or(Count(1)),
            unit("IdToken", Unit::Hours),
        ),
        refresh_token_validity: validity(long.unwrap_or(Count(30)), unit("RefreshToken", Unit::Days)),
        callbacks: client.callback_urls,
        logouts: client.logout_urls,
        resource_scopes: resource_scopes.collect(),
        scopes: client.scopes,
        trigger,
        attributes: pool.schema.into_iter().map(|attribute| attribute.name).collect(),
        password_policy: pool.policies.password_policy,
    })
}

fn validity(Count(count): Count, unit: Unit) -> Duration {
    let seconds = match unit {
        Unit::Seconds => 1,
        Unit::Minutes => 60,
        Unit::Hours => 60 * 60,
        Unit::Days => 24 * 60 * 60,
    };
    Duration::from_secs(u64::from(count) * seconds)
}
