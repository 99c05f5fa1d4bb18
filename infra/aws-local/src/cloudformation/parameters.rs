//! The template's parameters and the values that `--set` gives them.

use std::collections::BTreeMap;

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

/// Gives every parameter its value, or says which one can't take the value that it was given.
pub(super) fn fill(
    parameters: &BTreeMap<String, Parameter>,
    settings: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, TemplateError> {
    if let Some(name) = settings.keys().find(|name| !parameters.contains_key(*name)) {
        let known = parameters.keys().cloned().collect::<Vec<_>>().join(", ");
        let reason = format!("--set {name}: template.yaml has no such parameter; it has {known}");
        return Err(TemplateError::Setting(reason));
    }
    let value = |(name, parameter): (&String, &Parameter)| {
        let value = settings.get(name).or(parameter.default.as_ref()).ok_or_else(|| {
            let reason = format!("template.yaml's parameter {name} has no default: give it with --set");
            TemplateError::Setting(reason)
        })?;
        if parameter.takes(value).unwrap_or(false) {
            return Ok((name.clone(), value.clone()));
        }
        let constraint = match (&parameter.constraint, parameter.allowed_values.as_slice()) {
            (Some(constraint), _) => constraint.clone(),
            (None, []) => "does not match what the template allows".to_owned(),
            (None, values) => format!("must be one of {}", values.join(", ")),
        };
        let reason = format!("--set {name}={value}: the value {constraint}");
        Err(TemplateError::Setting(reason))
    };
    parameters.iter().map(value).collect()
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Sequence(_) | Value::Mapping(_) | Value::Tagged(_) => None,
    }
}
