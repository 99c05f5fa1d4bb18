//! Why a stand-in can't start, in one line each.

use std::path::PathBuf;

use crate::cloudformation::TemplateError;

/// Why a stand-in can't start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("can't use {path}: {1}", path = .0.display())]
    File(PathBuf, String),
    /// A file does not hold what was kept in it, and why.
    #[error("{path} is damaged: {1}", path = .0.display())]
    Damaged(PathBuf, String),
    /// DynamoDB or something else of this process fails.
    #[error("the table can't be used: {0}")]
    Engine(String),
    /// The template says something that can't be built here.
    #[error(transparent)]
    Template(#[from] TemplateError),
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
