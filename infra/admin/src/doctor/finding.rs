//! What a check found, and the report of all findings: a line for each, or JSON.

use std::io::Write;
use std::process::ExitCode;

use serde::Serialize;

use crate::{AdminError, Deployment};

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
