//! `countersign-admin doctor`: says of a deployment what is not as it should be, a line for each check.

use std::io::Write;
use std::process::ExitCode;

use clap::Args;
use serde::Serialize;

use crate::{AdminError, Deployment};

mod directory;
mod mail;
mod monitoring;
mod table;
mod time;

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

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The check's name.
    pub check: &'static str,
    pub result: Verdict,
    /// What was found, in a sentence or less.
    pub found: String,
    /// What to do, and the page and section that say more. Empty if nothing has to be done.
    #[serde(rename = "do", skip_serializing_if = "str::is_empty")]
    pub remedy: &'static str,
}

/// Whether something is as it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It is.
    Ok,
    /// It is not.
    NotOk,
    /// The service that knows did not say.
    NotAnswered,
}

impl Finding {
    pub(crate) fn ok(check: &'static str, found: impl Into<String>) -> Self {
        Self {
            check,
            result: Verdict::Ok,
            found: found.into(),
            remedy: "",
        }
    }

    pub(crate) fn not_ok(check: &'static str, found: impl Into<String>, remedy: &'static str) -> Self {
        Self {
            check,
            result: Verdict::NotOk,
            found: found.into(),
            remedy,
        }
    }

    pub(crate) fn not_answered(check: &'static str, why: impl Into<String>) -> Self {
        Self {
            check,
            result: Verdict::NotAnswered,
            found: why.into(),
            remedy: "",
        }
    }

    /// Not ok with what is wrong, or ok.
    pub(crate) fn of(
        check: &'static str,
        wrong: &[String],
        fine: impl Into<String>,
        remedy: &'static str,
    ) -> Self {
        if wrong.is_empty() {
            Self::ok(check, fine)
        } else {
            Self::not_ok(check, wrong.join("; "), remedy)
        }
    }
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

/// Writes findings. The exit code fails if anything is not ok, or if a deployment on AWS did not answer.
pub(crate) fn report(
    deployment: &Deployment,
    findings: &[Finding],
    is_json: bool,
    out: &mut (dyn Write + Send),
) -> Result<ExitCode, AdminError> {
    if is_json {
        let written = serde_json::to_string_pretty(findings).unwrap_or_default();
        writeln!(out, "{written}")?;
    } else {
        show(findings, out)?;
    }
    let is_bad = |finding: &Finding| match finding.result {
        Verdict::Ok => false,
        Verdict::NotOk => true,
        // The stand-ins answer as far as they go.
        Verdict::NotAnswered => !deployment.is_local(),
    };
    Ok(if findings.iter().any(is_bad) {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
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

fn show(findings: &[Finding], out: &mut (dyn Write + Send)) -> Result<(), AdminError> {
    for Finding {
        check,
        result,
        found,
        remedy,
    } in findings
    {
        let verdict = match result {
            Verdict::Ok => "ok",
            Verdict::NotOk => "NOT OK",
            Verdict::NotAnswered => "not answered",
        };
        write!(out, "{verdict:<14}{check:<20}{found}")?;
        if !remedy.is_empty() {
            write!(out, ". {remedy}")?;
        }
        writeln!(out)?;
    }
    Ok(())
}
