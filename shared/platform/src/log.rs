//! What is logged: no word that a person typed, whatever the level.

use tracing::{Level, Subscriber};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::{MakeWriter, layer};
use tracing_subscriber::prelude::*;

use crate::telemetry::TARGET;

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

/// What a function writes: its messages down to a level as JSON, and the lines of [`crate::telemetry`] as they are, at
/// whatever level, since metrics come from them.
pub(crate) fn subscriber<W>(level: Level, function: &str, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'w> MakeWriter<'w> + Clone + Send + Sync + 'static,
{
    let messages = layer()
        .json()
        .with_target(false)
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_writer(writer.clone())
        .with_filter(targets(level, [function]).with_target(TARGET, LevelFilter::OFF));
    let lines = layer()
        .without_time()
        .with_level(false)
        .with_target(false)
        .with_ansi(false)
        .with_writer(writer)
        .with_filter(Targets::new().with_target(TARGET, LevelFilter::INFO));
    tracing_subscriber::registry().with(messages).with(lines)
}

/// An error and what caused it, in one line.
pub fn causes(error: &(dyn std::error::Error + 'static)) -> String {
    let mut all = vec![error.to_string()];
    let mut source = error.source();
    while let Some(cause) = source {
        let text = cause.to_string();
        if all.last() != Some(&text) {
            all.push(text);
        }
        source = cause.source();
    }
    all.join(": ").replace(['\r', '\n'], " ")
}

#[cfg(test)]
pub(crate) mod tests {
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};

    use serde_json::{Value, json};

    use super::*;

    #[derive(Clone, Default)]
    pub(crate) struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Lines {
        pub(crate) fn written(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    impl Write for Lines {
        fn write(&mut self, text: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend(text);
            Ok(text.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn the_line_of_a_call_is_written_as_it_is_once_and_at_every_level() {
        let call = json!({ "message": "call", "_aws": { "Timestamp": 1 } });
        for (level, more) in [(Level::ERROR, 0), (Level::TRACE, 1)] {
            let written = Lines::default();
            let lines = written.clone();
            let subscriber = subscriber(level, "claim", move || lines.clone());
            tracing::subscriber::with_default(subscriber, || {
                let _span =
                    tracing::info_span!(target: "lambda_runtime", "invoke", requestId = "x").entered();
                tracing::info!(target: TARGET, "{call}");
                tracing::info!(target: "claim", number = 1, "a message");
            });
            let written = written.written();
            let mut lines = written.lines();
            assert_eq!(lines.next(), Some(call.to_string().as_str()));
            let others: Vec<Value> = lines.map(|line| serde_json::from_str(line).unwrap()).collect();
            assert_eq!(others.len(), more, "{level}: {others:?}");
            assert!(others.iter().all(|line| line["message"] == "a message"));
        }
    }

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
