//! The workspace's template.yaml.

use std::collections::BTreeMap;

pub use aws_local::cloudformation::*;

/// template.yaml, as of the build.
pub const SOURCE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../template.yaml"));

/// The stack's name unless another one is given.
pub const STACK: &str = "countersign";

/// Reads it with the given values for its parameters.
pub fn load(settings: &BTreeMap<String, String>) -> Result<Template, TemplateError> {
    load_stack(STACK, settings)
}

/// Reads it for a stack of that name, which the names of its resources start with.
pub fn load_stack(stack: &str, settings: &BTreeMap<String, String>) -> Result<Template, TemplateError> {
    Template::parse(SOURCE, stack, settings)
}

#[cfg(test)]
mod tests;
