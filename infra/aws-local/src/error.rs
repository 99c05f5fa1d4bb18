//! Why a stand-in can't start, in one line each.

use std::fmt;
use std::path::PathBuf;

use crate::cloudformation::TemplateError;

/// Why a stand-in can't start.
#[derive(Debug)]
pub enum Error {
    /// A file can't be used, and why.
    File(PathBuf, String),
    /// A file does not hold what was kept in it, and why.
    Damaged(PathBuf, String),
    /// The embedded DynamoDB or something else of this process fails.
    Engine(String),
    /// The template says something that can't be built here.
    Template(TemplateError),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path, reason) => write!(f, "can't use {}: {reason}", path.display()),
            Self::Damaged(path, reason) => write!(f, "{} is damaged: {reason}", path.display()),
            Self::Engine(reason) => write!(f, "the embedded table can't be used: {reason}"),
            Self::Template(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

impl From<TemplateError> for Error {
    fn from(error: TemplateError) -> Self {
        Self::Template(error)
    }
}

/// Puts an error with all that caused it on one line.
pub fn one_line(error: &(dyn std::error::Error + 'static)) -> String {
    let chain = std::iter::successors(Some(error), |error| error.source());
    let mut parts: Vec<String> = Vec::new();
    for error in chain {
        let text = error.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
        if !parts.iter().any(|part| part.contains(&text)) {
            parts.push(text);
        }
    }
    parts.join(": ")
}
