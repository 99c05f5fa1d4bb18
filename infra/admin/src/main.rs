//! `countersign-admin`: enters companies, hands out the credentials of their systems, sends again what failed, and says
//! what is not as it should be.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser as _;
use countersign_admin::Cli;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return refused(&error),
    };
    match runtime.block_on(cli.run(&mut io::stdout())) {
        Ok(code) => code,
        Err(error) => refused(&error),
    }
}

fn refused(error: &dyn std::error::Error) -> ExitCode {
    let _ = writeln!(io::stderr().lock(), "countersign-admin: {error}");
    ExitCode::FAILURE
}
