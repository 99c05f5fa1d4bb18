//! What is logged: no word that a person typed, whatever the level.

use tracing::Level;
use tracing_subscriber::filter::{LevelFilter, Targets};

/// The shared crates' names start with this.
const SHARED: &str = "countersign";

/// Lets the messages of the product's own crates through down to a level, and of others warnings and errors alone: below
/// those, the clients of AWS and Lambda's runtime log whole events, bodies and credentials.
pub fn targets<'a>(level: Level, functions: impl IntoIterator<Item = &'a str>) -> Targets {
    let level = LevelFilter::from(level);
    Targets::new()
        .with_default(level.min(LevelFilter::WARN))
        .with_target(SHARED, level)
        .with_targets(functions.into_iter().map(|function| (function.to_owned(), level)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_log_warnings_and_errors_alone_however_much_the_product_logs() {
        let all = targets(Level::TRACE, ["claim"]);
        for own in ["claim", "claim::form", "countersign_platform::store"] {
            assert!(all.would_enable(own, &Level::TRACE), "{own}");
        }
        for other in ["aws_smithy_runtime::client", "lambda_runtime", "hyper::proto"] {
            assert!(all.would_enable(other, &Level::WARN), "{other}");
            assert!(!all.would_enable(other, &Level::INFO), "{other}");
        }
        let errors = targets(Level::ERROR, ["claim"]);
        for target in ["claim", "hyper::proto"] {
            assert!(!errors.would_enable(target, &Level::WARN), "{target}");
        }
    }
}
