//! Query parameters. Each has to be one that the operation has, occur once, and have a value.

use lambda_http::{Request, RequestExt as _};

use super::problem::{HttpError, ParameterFault, Problem};

/// How many characters of an unknown parameter's name the answer repeats at most.
const MAX_NAME_CHARS: usize = 64;

/// A call's query parameters by name.
#[derive(Debug)]
pub struct Query(Vec<(&'static str, String)>);

impl Query {
    /// Reads the operation's parameters. Refuses by name a parameter that the operation does not have, that is empty,
    /// or that occurs twice. To ignore it would answer a different question from the one asked.
    pub fn read(request: &Request, known: &[&'static str]) -> Result<Self, Problem> {
        let given = request.query_string_parameters();
        let mut names: Vec<&str> = given.iter().map(|(name, _)| name).collect();
        names.sort_unstable();
        names.dedup();
        let mut read = Vec::with_capacity(names.len());
        for name in names {
            let refuse = |fault| Problem::from(HttpError::Parameter(shown(name), fault));
            let Some(known) = known.iter().find(|known| **known == name) else {
                return Err(refuse(ParameterFault::Unknown));
            };
            match given.all(name).unwrap_or_default().as_slice() {
                [value] if value.trim().is_empty() => return Err(refuse(ParameterFault::Empty)),
                [value] => read.push((*known, (*value).to_owned())),
                _ => return Err(refuse(ParameterFault::Repeated)),
            }
        }
        Ok(Self(read))
    }

    /// Returns a parameter's value, if it was given.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(given, _)| *given == name);
        found.map(|(_, value)| value.as_str())
    }
}

fn shown(name: &str) -> String {
    name.chars()
        .filter(|c| !c.is_control())
        .take(MAX_NAME_CHARS)
        .collect()
}
