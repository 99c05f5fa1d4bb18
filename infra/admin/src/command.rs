//! The command line.

use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::deployment::{Deployment, Target};
use crate::error::AdminError;
use crate::{credentials, doctor, erase, export, import, resend, restore, smoke, verify};

/// Works on a deployment of Countersign, or on the runner of this machine.
#[derive(Debug, Parser)]
#[command(name = "countersign-admin", version)]
pub struct Cli {
    #[command(flatten)]
    pub target: Target,
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Enters companies, administrators and first people from CSV files; shows what it would enter unless told to.
    Import(import::Arguments),
    /// Sends again what failed; shows what it would send unless told to.
    Resend(resend::Arguments),
    /// Says what of a deployment is not as it should be.
    Doctor(doctor::Arguments),
    /// Calls a deployment's functions and pages to see whether they answer; changes nothing.
    Smoke(smoke::Arguments),
    /// Prints what a company's system gets tokens with.
    Credentials(credentials::Arguments),
    /// Writes a company's audit trail to a file.
    Export(export::Arguments),
    /// Verifies such a file, without a network.
    Verify(verify::Arguments),
    /// Puts back what the table lacks, from a restored backup; only counts it unless told to.
    Restore(restore::Arguments),
    /// Erases a person who has been removed; shows what it would erase unless told to.
    Erase(erase::Arguments),
}

impl Cli {
    /// Does what the command line asks for.
    pub async fn run(self, out: &mut (dyn Write + Send)) -> Result<ExitCode, AdminError> {
        match self.command {
            Command::Import(arguments) => {
                import::run(&Deployment::connect(&self.target).await?, arguments, out).await
            }
            Command::Resend(arguments) => {
                resend::run(&Deployment::connect(&self.target).await?, arguments, out).await
            }
            Command::Doctor(arguments) => {
                Box::pin(doctor::run(
                    &Deployment::connect(&self.target).await?,
                    arguments,
                    out,
                ))
                .await
            }
            Command::Smoke(arguments) => {
                smoke::run(&Deployment::connect(&self.target).await?, arguments, out).await
            }
            Command::Credentials(arguments) => {
                credentials::run(&Deployment::connect(&self.target).await?, arguments, out).await
            }
            Command::Export(arguments) => {
                export::run(&Deployment::connect(&self.target).await?, arguments, out).await
            }
            Command::Verify(arguments) => verify::run(&arguments, out),
            Command::Restore(arguments) => {
                restore::run(&Deployment::connect(&self.target).await?, arguments, out).await
            }
            Command::Erase(arguments) => {
                erase::run(&Deployment::connect(&self.target).await?, arguments, out).await
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_contradicts_itself_nowhere() {
        Cli::command().debug_assert();
    }
}
