//! The template's parameters and the values that `--set` gives them.

use std::collections::BTreeMap;
use std::fmt;

use regex_lite::Regex;
use serde_norway::{Mapping, Value};

use super::{TemplateError, content};

/// A parameter as the template declares it.
#[derive(Debug, Clone, Default)]
pub struct Parameter {
    /// `String` or `Number`, among CloudFormation's types.
    pub kind: String,
    /// The value it has unless it is set.
    pub default: Option<String>,
    /// The values it takes; empty for any.
    pub allowed_values: Vec<String>,
    /// What a value has to match as a whole.
    pub allowed_pattern: Option<String>,
    /// What a value has to be, in words.
    pub constraint: Option<String>,
}

/// A parameter that can't take a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettingError {
    /// There is no such parameter.
    Unknown {
        /// The name that was given.
        name: String,
        /// The names there are.
        known: Vec<String>,
    },
    /// The value is outside of what the parameter takes.
    Refused {
        /// The parameter.
        name: String,
        /// The value that was given.
        value: String,
        /// What it has to be.
        constraint: String,
    },
    /// The parameter has no default and was not set.
    Missing(String),
}

impl Parameter {
    fn takes(&self, value: &str) -> Result<bool, regex_lite::Error> {
        let listed = self.allowed_values.is_empty() || self.allowed_values.iter().any(|one| one == value);
        let numeric = self.kind != "Number" || value.parse::<f64>().is_ok();
        let matches = match &self.allowed_pattern {
            Some(pattern) => Regex::new(&format!("^(?:{pattern})$"))?.is_match(value),
            None => true,
        };
        Ok(listed && numeric && matches)
    }
}

pub(super) fn read(section: &Mapping) -> Result<BTreeMap<String, Parameter>, TemplateError> {
    let mut parameters = BTreeMap::new();
    for (name, declared) in section {
        let name = name.as_str().unwrap_or_default().to_owned();
        let text = |member: &str| declared.get(member).and_then(scalar);
        let parameter = Parameter {
            kind: text("Type").unwrap_or_else(|| "String".to_owned()),
            default: text("Default"),
            allowed_values: declared
                .get("AllowedValues")
                .and_then(Value::as_sequence)
                .map(|values| values.iter().filter_map(scalar).collect())
                .unwrap_or_default(),
            allowed_pattern: text("AllowedPattern"),
            constraint: text("ConstraintDescription"),
        };
        // A pattern that can't be compiled shows here and not at a value's expense.
        parameter
            .takes("")
            .map_err(|error| content(format!("Parameters.{name}.AllowedPattern"), error.to_string()))?;
        parameters.insert(name, parameter);
    }
    Ok(parameters)
}

/// Gives every parameter its value.
pub(super) fn fill(
    parameters: &BTreeMap<String, Parameter>,
    settings: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, SettingError> {
    if let Some(name) = settings.keys().find(|name| !parameters.contains_key(*name)) {
        return Err(SettingError::Unknown {
            name: name.clone(),
            known: parameters.keys().cloned().collect(),
        });
    }
    let mut values = BTreeMap::new();
    for (name, parameter) in parameters {
        let value = settings.get(name).or(parameter.default.as_ref());
        let value = value.ok_or_else(|| SettingError::Missing(name.clone()))?;
        if !parameter.takes(value).unwrap_or(false) {
            return Err(SettingError::Refused {
                name: name.clone(),
                value: value.clone(),
                constraint: constraint(parameter),
            });
        }
        values.insert(name.clone(), value.clone());
    }
    Ok(values)
}

fn constraint(parameter: &Parameter) -> String {
    parameter
        .constraint
        .clone()
        .unwrap_or_else(|| match parameter.allowed_values.as_slice() {
            [] => "does not match what the template allows".to_owned(),
            values => format!("must be one of {}", values.join(", ")),
        })
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Sequence(_) | Value::Mapping(_) | Value::Tagged(_) => None,
    }
}

impl fmt::Display for SettingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { name, known } => write!(
                f,
                "--set {name}: template.yaml has no such parameter; it has {}",
                known.join(", ")
            ),
            Self::Refused {
                name,
                value,
                constraint,
            } => write!(f, "--set {name}={value}: the value {constraint}"),
            Self::Missing(name) => write!(
                f,
                "template.yaml's parameter {name} has no default: give it with --set"
            ),
        }
    }
}

impl std::error::Error for SettingError {}
