//! `countersign-admin smoke`: calls what a deployment has to answer, a line for each. It changes nothing and mails nobody.

use std::io::Write;
use std::process::ExitCode;

use clap::Args;
use countersign_platform::outgoing::Outgoing;

use crate::doctor::finding::{Finding, report};
use crate::{AdminError, Deployment};

mod functions;
mod pages;

/// How to answer.
#[derive(Debug, Clone, Args)]
pub struct Arguments {
    /// Answer with JSON
    #[arg(long)]
    pub json: bool,
}

/// Calls everything. Fails if anything does not answer as it should.
pub async fn run(
    deployment: &Deployment,
    arguments: Arguments,
    out: &mut (dyn Write + Send),
) -> Result<ExitCode, AdminError> {
    let Some(api) = &deployment.api else {
        let reason = format!(
            "{} has no API that could be called: name its stack",
            deployment.name
        );
        return Err(AdminError::Deployment(reason));
    };
    let (caller, origin) = (Outgoing::trusting_this_machine(), portal_origin(deployment, api));
    let (versions, description, locked, portal, issuer) = tokio::join!(
        functions::check(deployment),
        pages::description(&caller, api),
        pages::locked(&caller, api),
        pages::portal(&caller, &origin),
        pages::issuer(&caller, deployment.issuer()),
    );
    let mut findings: Vec<Finding> = vec![versions, description, locked];
    findings.extend(portal);
    findings.push(issuer);
    report(deployment, &findings, arguments.json, out)
}

/// Where people open the portal. Before a stack knows its own address, it is the API's.
fn portal_origin(deployment: &Deployment, api: &str) -> String {
    let set = deployment.parameters.get("PortalUrl");
    let set = set.filter(|origin| origin.starts_with("https:"));
    set.map_or_else(|| api.to_owned(), Clone::clone)
}
