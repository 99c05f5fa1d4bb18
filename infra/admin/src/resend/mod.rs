//! `countersign-admin resend`.

use std::io::Write;
use std::process::ExitCode;

use clap::Args;

use crate::{AdminError, Deployment};

/// What to resend.
#[derive(Debug, Clone, Args)]
pub struct Arguments {}

/// Runs it.
pub async fn run(
    deployment: &Deployment,
    _arguments: Arguments,
    out: &mut (dyn Write + Send),
) -> Result<ExitCode, AdminError> {
    writeln!(out, "{}", deployment.name)?;
    Ok(ExitCode::SUCCESS)
}
