//! Runs the function on Lambda.

use std::process::ExitCode;

fn main() -> ExitCode {
    countersign_platform::lambda::run_http(module_path!(), drafts::handle)
}
