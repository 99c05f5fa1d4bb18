//! `countersign-admin doctor`: says of a deployment what is not as it should be, a line for each check.

use std::io::Write;
use std::process::ExitCode;

use clap::Args;

use crate::{AdminError, Deployment};

mod directory;
pub mod finding;
mod mail;
mod monitoring;
mod table;
mod time;

use finding::{Finding, report};

/// How to check.
#[derive(Debug, Clone, Args)]
pub struct Arguments {
    /// Answer with JSON
    #[arg(long)]
    pub json: bool,
    /// Leave a check out, by its name; may be given several times
    #[arg(long, value_name = "CHECK")]
    pub except: Vec<String>,
    /// Check only whether the functions would start with these parameters of template.yaml, before they are deployed; those
    /// that are left out are the deployment's
    #[arg(long, value_name = "NAME=VALUE", num_args = 1.., value_parser = setting)]
    pub parameters: Vec<(String, String)>,
}

fn setting(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("must be NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

/// What a check says of a service that the runner has no stand-in for.
pub(crate) const NO_STAND_IN: &str = "the runner has no stand-in that knows";

/// Checks everything. Fails if anything is not ok, or if a deployment on AWS did not answer.
pub async fn run(
    deployment: &Deployment,
    arguments: Arguments,
    out: &mut (dyn Write + Send),
) -> Result<ExitCode, AdminError> {
    let mut findings = if arguments.parameters.is_empty() {
        Box::pin(findings(deployment)).await
    } else {
        time::proposed(deployment, arguments.parameters)
    };
    findings.retain(|finding| !arguments.except.iter().any(|name| name == finding.check));
    report(deployment, &findings, arguments.json, out)
}

/// The findings of all checks.
pub async fn findings(deployment: &Deployment) -> Vec<Finding> {
    let (table, mail, monitoring, directory, time) = tokio::join!(
        table::check(deployment),
        mail::check(deployment),
        monitoring::check(deployment),
        directory::check(deployment),
        time::check(deployment),
    );
    [table, mail, monitoring, directory, time].concat()
}
