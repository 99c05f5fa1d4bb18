//! The workspace's template.yaml.

use std::collections::BTreeMap;

pub use aws_local::cloudformation::*;

/// template.yaml, as of the build.
pub const SOURCE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../template.yaml"));

/// Reads it with the given values for its parameters.
pub fn load(settings: &BTreeMap<String, String>) -> Result<Template, TemplateError> {
    parse(SOURCE, settings)
}

fn parse(source: &str, settings: &BTreeMap<String, String>) -> Result<Template, TemplateError> {
    Template::parse(source, settings)
}

#[cfg(test)]
mod tests;
