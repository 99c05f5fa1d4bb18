//! `countersign-admin credentials`: prints what a company's system gets tokens with, to be handed over to the company. It
//! is read with the operator's own permissions, printed once, and kept nowhere.

use std::io::Write;
use std::process::ExitCode;

use aws_sdk_cognitoidentityprovider::Client;
use clap::Args;
use countersign_domain::directory::name_digest;
use countersign_domain::id::CompanyId;
use countersign_platform::identity::SYSTEM_SCOPE;

use crate::export::company;
use crate::{AdminError, Deployment};

/// Cognito's name in messages, and in the runner's list of services.
const COGNITO: &str = "Cognito";
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
                client: Client::new(&config),
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

    async fn secret(&self, client: &str) -> Result<Option<String>, AdminError> {
        let call = self.client.describe_user_pool_client();
        let answer = call.user_pool_id(&self.id).client_id(client).send().await;
        let answer = answer.map_err(|error| AdminError::aws(COGNITO, &error))?;
        Ok(answer.user_pool_client.and_then(|client| client.client_secret))
    }

    /// Makes a new secret. Of two that there are, the older one goes first.
    async fn renew(&self, client: &str) -> Result<Option<String>, AdminError> {
        let call = self.client.list_user_pool_client_secrets();
        let listed = call.user_pool_id(&self.id).client_id(client).send().await;
        let listed = listed.map_err(|error| AdminError::aws(COGNITO, &error))?;
        let mut secrets = listed.client_secrets.unwrap_or_default();
        secrets.sort_by_key(|secret| {
            let created = secret.client_secret_create_date;
            created.map(|at| (at.secs(), at.subsec_nanos()))
        });
        let oldest = secrets.first().filter(|_| secrets.len() >= MOST_SECRETS);
        if let Some(oldest) = oldest.and_then(|secret| secret.client_secret_id.as_deref()) {
            let call = self.client.delete_user_pool_client_secret();
            let call = call.user_pool_id(&self.id).client_id(client);
            let deleted = call.client_secret_id(oldest).send().await;
            deleted.map_err(|error| AdminError::aws(COGNITO, &error))?;
        }
        let call = self.client.add_user_pool_client_secret();
        let added = call.user_pool_id(&self.id).client_id(client).send().await;
        let added = added.map_err(|error| AdminError::aws(COGNITO, &error))?;
        Ok(added
            .client_secret_descriptor
            .and_then(|secret| secret.client_secret_value))
    }
}
