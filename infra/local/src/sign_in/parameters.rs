//! The parameters of a call's query.

use std::collections::BTreeMap;

/// Parameters by their names; one without a value counts as left out (RFC 6749, section 3.1).
pub(super) struct Parameters {
    values: BTreeMap<String, String>,
    /// A parameter that is there more than once, which none may be.
    pub(super) repeated: bool,
}

impl Parameters {
    /// Reads a query.
    pub(super) fn read(query: &str) -> Self {
        let mut all = Self {
            values: BTreeMap::new(),
            repeated: false,
        };
        for (name, value) in form_urlencoded::parse(query.as_bytes()).filter(|(_, value)| !value.is_empty()) {
            let before = all.values.insert(name.into_owned(), value.into_owned());
            all.repeated |= before.is_some();
        }
        all
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// The same query with another value for one parameter.
    pub(super) fn with(&self, name: &str, value: &str) -> String {
        let others = self.values.iter().filter(|(other, _)| *other != name);
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(others)
            .append_pair(name, value)
            .finish()
    }
}

/// An address with more parameters at its end.
pub(super) fn address(base: &str, parameters: &[(&str, Option<&str>)]) -> String {
    let mark = if base.contains('?') { '&' } else { '?' };
    let given = parameters
        .iter()
        .filter_map(|(name, value)| Some((name, (*value)?)));
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(given)
        .finish();
    format!("{base}{mark}{query}")
}
