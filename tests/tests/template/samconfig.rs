//! The deployments of samconfig.toml.

use std::collections::BTreeMap;

use super::document::{Document, File};

/// A deployment.
#[derive(Default)]
pub(super) struct Environment {
    pub(super) stack: String,
    pub(super) region: String,
    /// As they are written: `product=countersign`.
    pub(super) tags: Vec<String>,
    pub(super) parameters: BTreeMap<String, String>,
}

impl Environment {
    /// The value that it gives a parameter; empty if it gives none.
    pub(super) fn parameter(&self, name: &str) -> &str {
        self.parameters.get(name).map_or("", String::as_str)
    }
}

/// All of them by their names. Reads as much of TOML as the file has: tables, texts, and lists of texts, on one line or with a
/// line for each.
pub(super) fn environments(document: &Document) -> BTreeMap<String, Environment> {
    let mut found: BTreeMap<String, Environment> = BTreeMap::new();
    let mut current = String::new();
    for line in document.text(File::SamConfig).lines().map(str::trim) {
        if let Some(table) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            table
                .split('.')
                .next()
                .unwrap_or_default()
                .clone_into(&mut current);
        }
        let environment = found.entry(current.clone()).or_default();
        let mut quoted = line.split('"').skip(1).step_by(2);
        match line.split(' ').next().unwrap_or_default() {
            "stack_name" => environment.stack.extend(quoted.next()),
            "region" => environment.region.extend(quoted.next()),
            "tags" => environment.tags.extend(quoted.map(str::to_owned)),
            word if word.starts_with('"') => {
                let set = quoted.next().and_then(|text| text.split_once('='));
                let set = set.map(|(name, value)| (name.to_owned(), value.to_owned()));
                environment.parameters.extend(set);
            }
            _ => {}
        }
    }
    found.remove("");
    found
}
