//! `countersign-admin credentials`: prints what a company's system gets tokens with, to be handed over to the company. It
//! is read with the operator's own permissions, printed once, and kept nowhere.

use std::io::Write;
use std::process::ExitCode;

use clap::Args;
use countersign_domain::directory::name_digest;
use countersign_domain::id::CompanyId;
use countersign_platform::aws_json::{COGNITO, Client};
use countersign_platform::identity::SYSTEM_SCOPE;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::json;

use crate::export::company;
use crate::{AdminError, Deployment};

/// Cognito's name in the runner's list of services.
const SERVICE: &str = "cognito-idp";

/// The most secrets that a client has at a time.
const MOST_SECRETS: usize = 2;

/// Whose credentials.
#[derive(Debug, Clone, Args)]
pub struct Arguments {
    /// The company
    #[arg(long, value_name = "ID", value_parser = company)]
    pub company: CompanyId,
    /// The system, by its name
    #[arg(long, value_name = "NAME")]
    pub system: String,
    /// Make a new secret; the one before it works until the next renewal
    #[arg(long)]
    pub renew: bool,
}

/// Prints a system's credentials.
pub async fn run(
    deployment: &Deployment,
    arguments: Arguments,
    out: &mut (dyn Write + Send),
) -> Result<ExitCode, AdminError> {
    let Some(client) = client_of(deployment, &arguments).await? else {
        writeln!(
            out,
            "{} has no system {} with a client. A client follows a minute after the request that adds the system.",
            arguments.company, arguments.system
        )?;
        return Ok(ExitCode::FAILURE);
    };
    let pool = Pool::of(deployment)?;
    let secret = if arguments.renew {
        pool.renew(&client).await?
    } else {
        pool.secret(&client).await?
    };
    let Some(secret) = secret else {
        writeln!(out, "The user pool has no secret for {client}.")?;
        return Ok(ExitCode::FAILURE);
    };
    writeln!(out, "client_id       {client}")?;
    writeln!(out, "client_secret   {secret}")?;
    writeln!(out, "token_endpoint  {}", pool.token_endpoint)?;
    writeln!(out, "scope           {SYSTEM_SCOPE}")?;
    Ok(ExitCode::SUCCESS)
}

/// The client of the company's system of that name.
async fn client_of(deployment: &Deployment, arguments: &Arguments) -> Result<Option<String>, AdminError> {
    let roster = deployment.store.roster(&arguments.company).await?;
    let named = name_digest(&arguments.system);
    let people = roster.into_iter().flat_map(|roster| roster.people);
    let mut systems = people.filter(|(person, _)| person.is_system && !person.is_removed());
    let system = systems.find(|(system, _)| name_digest(&system.name) == named);
    Ok(system.and_then(|(_, record)| record.user))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Described {
    user_pool_client: DescribedClient,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribedClient {
    client_secret: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Listed {
    #[serde(default)]
    client_secrets: Vec<Secret>,
}

/// A secret that a client has.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Secret {
    client_secret_id: String,
    /// In seconds since 1970.
    #[serde(default)]
    client_secret_create_date: f64,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Added {
    client_secret_descriptor: NewSecret,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct NewSecret {
    client_secret_value: Option<String>,
}

/// The user pool.
struct Pool {
    client: Client,
    id: String,
    token_endpoint: String,
}

impl Pool {
    fn of(deployment: &Deployment) -> Result<Self, AdminError> {
        let known = || {
            let config = deployment.service(SERVICE)?;
            let id = deployment.physical("UserPool")?.to_owned();
            let origin = if deployment.is_local() {
                deployment.name.clone()
            } else {
                let (domain, region) = (deployment.physical("UserPoolDomain")?, config.region()?);
                format!("https://{domain}.auth.{region}.amazoncognito.com")
            };
            Some(Self {
                client: Client::new(&config, COGNITO),
                id,
                token_endpoint: format!("{origin}/oauth2/token"),
            })
        };
        known().ok_or_else(|| {
            AdminError::Deployment(format!(
                "{} has no user pool that can be reached",
                deployment.name
            ))
        })
    }

    /// Calls an operation on a client of the pool.
    async fn call<A: DeserializeOwned>(
        &self,
        operation: &'static str,
        client: &str,
        secret: Option<&str>,
    ) -> Result<A, AdminError> {
        let mut members = json!({ "UserPoolId": self.id, "ClientId": client });
        if let Some(secret) = secret {
            members["ClientSecretId"] = json!(secret);
        }
        let answer = self.client.call(operation, &members).await;
        answer.map_err(|error| AdminError::call(COGNITO, &error))
    }

    async fn secret(&self, client: &str) -> Result<Option<String>, AdminError> {
        let answer: Described = self.call("DescribeUserPoolClient", client, None).await?;
        Ok(answer.user_pool_client.client_secret)
    }

    /// Makes a new secret. Of two that there are, the older one goes first.
    async fn renew(&self, client: &str) -> Result<Option<String>, AdminError> {
        let listed: Listed = self.call("ListUserPoolClientSecrets", client, None).await?;
        let mut secrets = listed.client_secrets;
        secrets.sort_by(|one, other| {
            let created = |secret: &Secret| secret.client_secret_create_date;
            created(one).total_cmp(&created(other))
        });
        if let Some(oldest) = secrets.first().filter(|_| secrets.len() >= MOST_SECRETS) {
            let id = Some(oldest.client_secret_id.as_str());
            let _: IgnoredAny = self.call("DeleteUserPoolClientSecret", client, id).await?;
        }
        let added: Added = self.call("AddUserPoolClientSecret", client, None).await?;
        Ok(added.client_secret_descriptor.client_secret_value)
    }
}
