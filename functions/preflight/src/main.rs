//! Runs the function on Lambda.

use std::process::ExitCode;

fn main() -> ExitCode {
    countersign_platform::lambda::run_hook(module_path!(), preflight::handle)
}
