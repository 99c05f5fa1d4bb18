//! The operator's tool against a world, and folders of CSV files for it.

use countersign_admin::{Cli, Parser as _};

use crate::World;

/// What a command came to: whether it succeeded, and what it wrote.
#[derive(Debug)]
pub struct Outcome {
    /// Whether its exit code is 0.
    pub is_success: bool,
    /// What it wrote.
    pub output: String,
}

/// Runs a command of the tool against a world.
pub async fn admin(world: &World, arguments: &[&str]) -> Outcome {
    let all = ["countersign-admin", "--endpoint", world.local.url()]
        .into_iter()
        .chain(arguments.iter().copied());
    let cli = Cli::try_parse_from(all).unwrap_or_else(|error| panic!("{error}"));
    let mut output = Vec::new();
    let code = cli.run(&mut output).await;
    let code = code.unwrap_or_else(|error| panic!("{error}"));
    Outcome {
        // An exit code can't be compared, but shown.
        is_success: format!("{code:?}") == format!("{:?}", std::process::ExitCode::SUCCESS),
        output: String::from_utf8_lossy(&output).into_owned(),
    }
}
