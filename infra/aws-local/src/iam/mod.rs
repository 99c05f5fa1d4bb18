//! Stands in for IAM: what the policies of functions' roles allow, and whether a call needs more than that.
//!
//! It knows the conditions that the template uses and refuses to read any other, so that no permission is understood as more
//! or less than it is.

mod access;
mod guard;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Map, Value as Json};

pub use access::{ATTRIBUTES, LEADING_KEYS, accesses, of_dynamodb};
pub use guard::{Guard, guarded, table};

/// A statement that allows something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Statement {
    /// Such as `dynamodb:PutItem`.
    pub actions: Vec<String>,
    /// ARNs; `*` stands for any text.
    pub resources: Vec<String>,
    pub conditions: Vec<Condition>,
}

/// What has to hold for a statement to count.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Condition {
    pub operator: Operator,
    /// Such as `dynamodb:LeadingKeys`.
    pub key: String,
    pub values: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub enum Operator {
    StringEquals,
    #[serde(rename = "ForAllValues:StringEquals")]
    ForAllValuesStringEquals,
    #[serde(rename = "ForAllValues:StringLike")]
    ForAllValuesStringLike,
}

/// One thing that a call needs to be allowed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Access {
    /// Such as `dynamodb:PutItem`.
    pub action: String,
    /// Its ARN.
    pub resource: String,
    /// The values of condition keys.
    pub context: BTreeMap<&'static str, BTreeSet<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Fields {
    #[serde(rename = "Sid")]
    _sid: Option<String>,
    effect: String,
    action: OneOrMany,
    resource: OneOrMany,
    #[serde(default)]
    condition: Map<String, Json>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl From<OneOrMany> for Vec<String> {
    fn from(value: OneOrMany) -> Self {
        match value {
            OneOrMany::One(one) => vec![one],
            OneOrMany::Many(many) => many,
        }
    }
}

impl Statement {
    /// Reads a statement in which every reference has been filled in.
    pub(crate) fn read(statement: &Json) -> Result<Self, String> {
        let fields = Fields::deserialize(statement).map_err(|error| error.to_string())?;
        if fields.effect != "Allow" {
            return Err("a function's policies can only allow".to_owned());
        }
        let actions: Vec<String> = fields.action.into();
        if let Some(action) = actions.iter().find(|action| action.contains(['*', '?'])) {
            return Err(format!("{action} names more than one action"));
        }
        let mut conditions = Vec::new();
        for (operator, keys) in &fields.condition {
            let operator = Operator::deserialize(Json::from(operator.as_str()))
                .map_err(|_| format!("the condition {operator} is not understood here"))?;
            let keys: BTreeMap<String, OneOrMany> =
                BTreeMap::deserialize(keys).map_err(|error| error.to_string())?;
            conditions.extend(keys.into_iter().map(|(key, values)| Condition {
                operator,
                key,
                values: values.into(),
            }));
        }
        Ok(Self {
            actions,
            resources: fields.resource.into(),
            conditions,
        })
    }

    /// Whether the statement alone allows the access.
    pub fn allows(&self, access: &Access) -> bool {
        self.actions.contains(&access.action)
            && self
                .resources
                .iter()
                .any(|resource| is_like(resource, &access.resource))
            && self.conditions.iter().all(|condition| condition.holds(access))
    }
}

impl Condition {
    fn holds(&self, access: &Access) -> bool {
        let values = access.context.get(self.key.as_str());
        let is_like_any = |value: &String| self.values.iter().any(|pattern| is_like(pattern, value));
        match (self.operator, values) {
            // As IAM has it: a condition on all values holds for a call that has none.
            (Operator::ForAllValuesStringEquals | Operator::ForAllValuesStringLike, None) => true,
            (Operator::StringEquals, None) => false,
            (Operator::ForAllValuesStringLike, Some(values)) => values.iter().all(is_like_any),
            (Operator::ForAllValuesStringEquals | Operator::StringEquals, Some(values)) => {
                values.iter().all(|value| self.values.contains(value))
            }
        }
    }
}

/// Whether a text fits a pattern, in which `*` stands for any text and `?` for one character.
fn is_like(pattern: &str, text: &str) -> bool {
    let mut pattern_rest = pattern.chars();
    match pattern_rest.next() {
        None => text.is_empty(),
        Some('*') => {
            let rest = pattern_rest.as_str();
            let mut tails = text.char_indices().map(|(at, _)| &text[at..]).chain([""]);
            tails.any(|tail| is_like(rest, tail))
        }
        Some(first) => {
            let mut text_rest = text.chars();
            text_rest.next().is_some_and(|found| {
                (first == '?' || first == found) && is_like(pattern_rest.as_str(), text_rest.as_str())
            })
        }
    }
}
