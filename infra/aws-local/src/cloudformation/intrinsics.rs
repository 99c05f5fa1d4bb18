//! CloudFormation's intrinsic functions, resolved for a stack on this machine.
//!
//! What CloudFormation would only know after it created a resource (names, ARNs) is made from the logical ID, so that
//! the same reference gives the same value in every place.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};
use serde_norway::{Mapping, Value};

use super::{TemplateError, content, section};
use crate::{ACCOUNT, REGION};

/// What an ARN on this machine starts with, before the resource's name.
const ARN_PREFIX: &str = "arn:aws:local:ap-southeast-1:000000000000:";

/// How deep a template may nest; a condition that names itself ends here.
const DEPTH_LIMIT: usize = 64;

pub(super) struct Resolver<'a> {
    stack: &'a str,
    parameters: BTreeMap<String, String>,
    conditions: &'a Mapping,
    resources: &'a Mapping,
}

/// A value, or nothing: `AWS::NoValue` takes the member that it stands for away.
type Resolved = Result<Option<Json>, String>;

impl<'a> Resolver<'a> {
    pub(super) fn new(document: &'a Value, stack: &'a str, parameters: BTreeMap<String, String>) -> Self {
        Self {
            stack,
            parameters,
            conditions: section(document, "Conditions"),
            resources: section(document, "Resources"),
        }
    }

    /// The name that a resource has on this machine.
    pub(super) fn name(&self, resource: &str) -> String {
        format!("{}-{resource}", self.stack)
    }

    /// The ARN that a resource has on this machine.
    pub(super) fn arn(&self, resource: &str) -> String {
        format!("{ARN_PREFIX}{}", self.name(resource))
    }

    /// Resolves a part of the template; `place` names it in an error.
    pub(super) fn at(&self, place: &str, value: &Value) -> Result<Json, TemplateError> {
        self.resolve(value, DEPTH_LIMIT)
            .map(Option::unwrap_or_default)
            .map_err(|reason| content(place, reason))
    }

    fn resolve(&self, value: &Value, depth: usize) -> Resolved {
        let depth = depth.checked_sub(1).ok_or("it is nested too deeply")?;
        match value {
            Value::Null => Ok(Some(Json::Null)),
            Value::Bool(flag) => Ok(Some(Json::Bool(*flag))),
            Value::Number(_) => serde_json::to_value(value)
                .map(Some)
                .map_err(|error| error.to_string()),
            Value::String(text) => Ok(Some(Json::String(text.clone()))),
            Value::Sequence(members) => self.members(members, depth).map(Json::Array).map(Some),
            Value::Mapping(mapping) => match function_of(mapping) {
                Some((name, argument)) => self.call(name, argument, depth),
                None => self.mapping(mapping, depth).map(Json::Object).map(Some),
            },
            Value::Tagged(tagged) => {
                let tag = tagged.tag.to_string();
                self.call(tag.trim_start_matches('!'), &tagged.value, depth)
            }
        }
    }

    fn members(&self, members: &[Value], depth: usize) -> Result<Vec<Json>, String> {
        members
            .iter()
            .filter_map(|member| self.resolve(member, depth).transpose())
            .collect()
    }

    fn mapping(&self, mapping: &Mapping, depth: usize) -> Result<Map<String, Json>, String> {
        let mut object = Map::new();
        for (key, value) in mapping {
            let key = key.as_str().ok_or("a key has to be text")?;
            if let Some(value) = self.resolve(value, depth)? {
                object.insert(key.to_owned(), value);
            }
        }
        Ok(object)
    }

    fn call(&self, name: &str, argument: &Value, depth: usize) -> Resolved {
        match name.strip_prefix("Fn::").unwrap_or(name) {
            "Ref" => self.reference(argument.as_str().ok_or("!Ref takes a name")?),
            "GetAtt" => self.attribute(argument, depth),
            "Sub" => self.substitute(argument, depth),
            "If" => self.choose(argument, depth),
            "Join" => self.join(argument, depth),
            "Split" => self.split(argument, depth),
            "Select" => self.select(argument, depth),
            "Equals" | "And" | "Or" | "Not" | "Condition" => {
                self.holds(name, argument, depth).map(Json::Bool).map(Some)
            }
            other => Err(format!("the intrinsic function {other} is not understood here")),
        }
    }

    fn reference(&self, name: &str) -> Resolved {
        let text = match name {
            "AWS::NoValue" => return Ok(None),
            "AWS::Region" => REGION,
            "AWS::AccountId" => ACCOUNT,
            "AWS::Partition" => "aws",
            "AWS::URLSuffix" => "amazonaws.com",
            "AWS::StackName" => self.stack,
            "AWS::StackId" => {
                let id = "00000000-0000-4000-8000-000000000000";
                let stack = self.stack;
                let arn = format!("arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{stack}/{id}");
                return Ok(Some(Json::String(arn)));
            }
            _ => {
                if let Some(value) = self.parameters.get(name) {
                    return Ok(Some(Json::String(value.clone())));
                }
                self.known(name)?;
                return Ok(Some(Json::String(self.name(name))));
            }
        };
        Ok(Some(Json::String(text.to_owned())))
    }

    fn attribute(&self, argument: &Value, depth: usize) -> Resolved {
        let path = match self.resolve(argument, depth)? {
            Some(Json::String(path)) => path,
            Some(Json::Array(parts)) => texts(&parts)?.join("."),
            _ => return Err("!GetAtt takes a resource and an attribute".to_owned()),
        };
        let (resource, attribute) = path
            .split_once('.')
            .ok_or("!GetAtt takes a resource and an attribute")?;
        self.known(resource)?;
        Ok(Some(Json::String(match attribute {
            "Arn" => self.arn(resource),
            other => format!("{}-{other}", self.name(resource)),
        })))
    }

    /// SAM makes further resources out of a function or an API, whose names start with its logical ID.
    fn known(&self, resource: &str) -> Result<(), String> {
        let mut names = self.resources.keys().filter_map(Value::as_str);
        if names.any(|name| resource.starts_with(name)) {
            Ok(())
        } else {
            Err(format!("there is no parameter or resource {resource}"))
        }
    }

    fn substitute(&self, argument: &Value, depth: usize) -> Resolved {
        let (text, own) = match argument {
            Value::String(text) => (text.as_str(), Map::new()),
            Value::Sequence(parts) => match parts.as_slice() {
                [Value::String(text), Value::Mapping(own)] => (text.as_str(), self.mapping(own, depth)?),
                _ => return Err("!Sub takes a text and a mapping".to_owned()),
            },
            _ => return Err("!Sub takes a text".to_owned()),
        };
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, after) = after.split_once('}').ok_or("!Sub has an open ${")?;
            filled.push_str(before);
            if let Some(literal) = name.strip_prefix('!') {
                filled.extend(["${", literal, "}"]);
            } else {
                let value = match own.get(name) {
                    Some(value) => Some(value.clone()),
                    None if name.contains('.') => self.attribute(&Value::from(name), depth)?,
                    None => self.reference(name)?,
                };
                filled.push_str(&text_of(&value.unwrap_or_default())?);
            }
            rest = after;
        }
        filled.push_str(rest);
        Ok(Some(Json::String(filled)))
    }

    fn choose(&self, argument: &Value, depth: usize) -> Resolved {
        match argument.as_sequence().map(Vec::as_slice) {
            Some([condition, yes, no]) => {
                let chosen = if self.holds("Condition", condition, depth)? {
                    yes
                } else {
                    no
                };
                self.resolve(chosen, depth)
            }
            _ => Err("!If takes a condition and two values".to_owned()),
        }
    }

    fn holds(&self, name: &str, argument: &Value, depth: usize) -> Result<bool, String> {
        if name == "Condition" {
            let name = argument.as_str().ok_or("a condition goes by its name")?;
            let condition = self
                .conditions
                .get(name)
                .ok_or_else(|| format!("there is no condition {name}"))?;
            return truth(self.resolve(condition, depth)?.as_ref());
        }
        let operands = match argument {
            Value::Sequence(members) => self.members(members, depth)?,
            other => vec![self.resolve(other, depth)?.unwrap_or_default()],
        };
        let mut truths = operands.iter().map(|operand| truth(Some(operand)));
        match name.strip_prefix("Fn::").unwrap_or(name) {
            "Equals" => Ok(operands.first() == operands.get(1)),
            "And" => truths.try_fold(true, |all, next| Ok(all && next?)),
            "Or" => truths.try_fold(false, |any, next| Ok(any || next?)),
            _ => truths.next().unwrap_or(Ok(false)).map(|holds| !holds),
        }
    }

    fn join(&self, argument: &Value, depth: usize) -> Resolved {
        match self
            .resolve(argument, depth)?
            .as_ref()
            .and_then(Json::as_array)
            .map(Vec::as_slice)
        {
            Some([Json::String(between), Json::Array(parts)]) => {
                Ok(Some(Json::String(texts(parts)?.join(between))))
            }
            _ => Err("!Join takes a delimiter and a list".to_owned()),
        }
    }

    fn split(&self, argument: &Value, depth: usize) -> Resolved {
        match self
            .resolve(argument, depth)?
            .as_ref()
            .and_then(Json::as_array)
            .map(Vec::as_slice)
        {
            Some([Json::String(at), Json::String(text)]) if !at.is_empty() => {
                Ok(Some(text.split(at.as_str()).map(Json::from).collect()))
            }
            _ => Err("!Split takes a delimiter and a text".to_owned()),
        }
    }

    fn select(&self, argument: &Value, depth: usize) -> Resolved {
        let resolved = self.resolve(argument, depth)?;
        let chosen = match resolved.as_ref().and_then(Json::as_array).map(Vec::as_slice) {
            Some([index, Json::Array(members)]) => {
                let index = text_of(index)?.parse::<usize>().ok();
                index.and_then(|index| members.get(index)).cloned()
            }
            _ => None,
        };
        chosen
            .map(Some)
            .ok_or_else(|| "!Select takes an index and a list that has it".to_owned())
    }
}

/// The long form of a function: a mapping with one key that names it.
fn function_of(mapping: &Mapping) -> Option<(&str, &Value)> {
    let mut entries = mapping.iter();
    let (key, argument) = entries.next()?;
    let name = key.as_str()?;
    let is_function = name == "Ref" || name.starts_with("Fn::");
    (is_function && entries.next().is_none()).then_some((name, argument))
}

fn truth(value: Option<&Json>) -> Result<bool, String> {
    value
        .and_then(Json::as_bool)
        .ok_or_else(|| "a condition has to be true or false".to_owned())
}

fn texts(values: &[Json]) -> Result<Vec<String>, String> {
    values.iter().map(text_of).collect()
}

pub(super) fn text_of(value: &Json) -> Result<String, String> {
    match value {
        Json::String(text) => Ok(text.clone()),
        Json::Number(number) => Ok(number.to_string()),
        Json::Bool(flag) => Ok(flag.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => Err("a text was expected".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(yaml: &str) -> Result<Json, String> {
        let document: Value = serde_norway::from_str(yaml).unwrap();
        let values = [("Size".to_owned(), "big".to_owned())].into();
        let resolver = Resolver::new(&document, "stack", values);
        resolver
            .at("Value", &document["Value"])
            .map_err(|error| error.to_string())
    }

    const PARTS: &str = "
Conditions:
  IsBig: !Equals [!Ref Size, big]
  IsSmall: !Not [!Condition IsBig]
  Loop: !Not [!Condition Loop]
Resources:
  Table: { Type: AWS::DynamoDB::Table }
";

    #[test]
    fn every_intrinsic_function_that_a_template_may_use_is_resolved() {
        for (value, expected) in [
            ("!Ref Size", "big"),
            ("{ Ref: Size }", "big"),
            ("!Ref Table", "stack-Table"),
            (
                "!GetAtt Table.Arn",
                "arn:aws:local:ap-southeast-1:000000000000:stack-Table",
            ),
            ("{ 'Fn::GetAtt': [Table, StreamArn] }", "stack-Table-StreamArn"),
            (
                "!Sub 'a-${Size}-${!Size}-${Table}-${Table.StreamArn}'",
                "a-big-${Size}-stack-Table-stack-Table-StreamArn",
            ),
            (
                "!Sub ['${Own}/${AWS::Region}', { Own: !Ref Size }]",
                "big/ap-southeast-1",
            ),
            ("!If [IsBig, yes-it-is, no-it-is-not]", "yes-it-is"),
            ("!If [IsSmall, yes-it-is, no-it-is-not]", "no-it-is-not"),
            ("!Join ['-', [a, !Ref Size]]", "a-big"),
            ("!Select [1, !Split ['/', a/b/c]]", "b"),
        ] {
            let yaml = format!("{PARTS}\nValue: {value}");
            assert_eq!(resolved(&yaml), Ok(Json::from(expected)), "{value}");
        }
    }

    #[test]
    fn no_value_takes_its_member_away() {
        let yaml = format!("{PARTS}\nValue: {{ a: !Ref AWS::NoValue, b: [!Ref AWS::NoValue, 1] }}");
        assert_eq!(resolved(&yaml), Ok(serde_json::json!({ "b": [1] })));
    }

    #[test]
    fn what_cannot_be_resolved_is_named() {
        for (value, named) in [
            ("!Ref Missing", "Missing"),
            ("!GetAtt Missing.Arn", "Missing"),
            ("!Sub '${Missing}'", "Missing"),
            ("!ImportValue x", "ImportValue"),
            ("!If [IsHuge, 1, 2]", "IsHuge"),
            ("!If [Loop, 1, 2]", "nested"),
            ("!Select [3, [a]]", "!Select"),
        ] {
            let refusal = resolved(&format!("{PARTS}\nValue: {value}")).unwrap_err();
            assert!(refusal.contains(named), "{value}: {refusal}");
        }
    }
}
