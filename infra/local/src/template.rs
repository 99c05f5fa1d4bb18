//! The workspace's template.yaml.

use std::collections::BTreeMap;

pub use aws_local::cloudformation::*;

/// template.yaml, as of the build.
pub const SOURCE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../template.yaml"));

/// The stack's name, which the names of its resources start with.
const STACK: &str = "countersign";

/// Reads it with the given values for its parameters.
pub fn load(settings: &BTreeMap<String, String>) -> Result<Template, TemplateError> {
    parse(SOURCE, settings)
}

fn parse(source: &str, settings: &BTreeMap<String, String>) -> Result<Template, TemplateError> {
    Template::parse(source, STACK, settings)
}

#[cfg(test)]
mod tests;
