//! The intrinsic functions of CloudFormation that the template uses, resolved for a stack on this machine.
//!
//! What CloudFormation would only know after it created a resource (names, ARNs) is made from the logical ID, so that
//! the same reference gives the same value in every place.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};
use serde_norway::{Mapping, Value};

use super::{TemplateError, content};
use crate::{ACCOUNT, REGION};

/// The ARN on this machine of the resource with that name.
pub(crate) fn arn_of(name: &str) -> String {
    format!("arn:aws:local:{REGION}:{ACCOUNT}:{name}")
}

pub(super) struct Resolver<'a> {
    stack: &'a str,
    /// The values of parameters and pseudo parameters.
    parameters: BTreeMap<String, String>,
    conditions: BTreeMap<String, bool>,
    resources: &'a Mapping,
}

type Resolved = Result<Json, String>;

impl<'a> Resolver<'a> {
    pub(super) fn new(
        resources: &'a Mapping,
        stack: &'a str,
        mut parameters: BTreeMap<String, String>,
        conditions: BTreeMap<String, bool>,
    ) -> Self {
        let id = "00000000-0000-4000-8000-000000000000";
        let pseudo = [
            ("Region", REGION.to_owned()),
            ("AccountId", ACCOUNT.to_owned()),
            ("Partition", "aws".to_owned()),
            ("URLSuffix", "amazonaws.com".to_owned()),
            ("StackName", stack.to_owned()),
            (
                "StackId",
                format!("arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{stack}/{id}"),
            ),
        ];
        parameters.extend(pseudo.map(|(name, value)| (format!("AWS::{name}"), value)));
        Self {
            stack,
            parameters,
            conditions,
            resources,
        }
    }

    /// The name that a resource has on this machine.
    pub(super) fn name(&self, resource: &str) -> String {
        format!("{}-{resource}", self.stack)
    }

    /// The ARN that a resource has on this machine.
    pub(super) fn arn(&self, resource: &str) -> String {
        arn_of(&self.name(resource))
    }

    /// Resolves a part of the template; `place` names it in an error.
    pub(super) fn at(&self, place: &str, value: &Value) -> Result<Json, TemplateError> {
        self.resolve(value).map_err(|reason| content(place, reason))
    }

    pub(super) fn resolve(&self, value: &Value) -> Resolved {
        match value {
            Value::Sequence(members) => {
                let chosen = members.iter().map(|member| self.chosen(member));
                let present = chosen.filter_map(Result::transpose);
                present.map(|member| self.resolve(member?)).collect()
            }
            Value::Mapping(mapping) => self.mapping(mapping).map(Json::Object),
            Value::Tagged(tagged) => {
                let tag = tagged.tag.to_string();
                self.call(tag.trim_start_matches('!'), &tagged.value)
            }
            scalar => serde_json::to_value(scalar).map_err(|error| error.to_string()),
        }
    }

    fn mapping(&self, mapping: &Mapping) -> Result<Map<String, Json>, String> {
        let member = |(key, value): (&Value, &Value)| {
            let key = key.as_str().ok_or("a key has to be text")?;
            if key == "Ref" || key.starts_with("Fn::") {
                return Err(format!("{key} has to be the only member of its mapping"));
            }
            let Some(value) = self.chosen(value)? else {
                return Ok(None);
            };
            Ok(Some((key.to_owned(), self.resolve(value)?)))
        };
        mapping.iter().map(member).filter_map(Result::transpose).collect()
    }

    /// The branch that conditions choose of a value; `None` for `AWS::NoValue`, which takes the member out.
    fn chosen<'v>(&self, value: &'v Value) -> Result<Option<&'v Value>, String> {
        let mut value = value;
        while let Value::Tagged(tagged) = value
            && tagged.tag == "If"
        {
            value = self.branch(&tagged.value)?;
        }
        let is_none =
            matches!(value, Value::Tagged(tagged) if tagged.tag == "Ref" && tagged.value == "AWS::NoValue");
        Ok((!is_none).then_some(value))
    }

    fn branch<'v>(&self, argument: &'v Value) -> Result<&'v Value, String> {
        let parts = argument.as_sequence().map_or(&[][..], Vec::as_slice);
        let [Value::String(condition), then, otherwise] = parts else {
            return Err("!If takes a condition and two values".to_owned());
        };
        match self.conditions.get(condition) {
            Some(true) => Ok(then),
            Some(false) => Ok(otherwise),
            None => Err(format!("!If: there is no condition {condition}")),
        }
    }

    fn call(&self, name: &str, argument: &Value) -> Resolved {
        match name {
            "Sub" => return self.substitute(argument).map(Json::String),
            "If" => return self.resolve(self.branch(argument)?),
            _ => {}
        }
        let argument = self.resolve(argument)?;
        match (name, argument.as_array().map_or(&[][..], Vec::as_slice)) {
            ("Ref", _) => self.reference(&text_of(&argument)?).map(Json::String),
            ("GetAtt", _) => self.attribute(&text_of(&argument)?).map(Json::String),
            ("Join", [Json::String(between), Json::Array(parts)]) => {
                let parts: Vec<String> = parts.iter().map(text_of).collect::<Result<_, _>>()?;
                Ok(Json::String(parts.join(between)))
            }
            ("Split", [Json::String(at), Json::String(text)]) if !at.is_empty() => {
                Ok(text.split(at.as_str()).map(Json::from).collect())
            }
            ("Select", [index, Json::Array(members)]) => {
                let index = text_of(index)?.parse::<usize>().ok();
                let chosen = index.and_then(|index| members.get(index)).cloned();
                chosen.ok_or_else(|| "!Select takes an index that the list has".to_owned())
            }
            _ => Err(format!("the intrinsic function {name} is not understood here")),
        }
    }

    fn reference(&self, name: &str) -> Result<String, String> {
        if let Some(value) = self.parameters.get(name) {
            return Ok(value.clone());
        }
        self.known(name)?;
        if name.ends_with(".Alias") {
            return self.attribute(name);
        }
        Ok(self.name(name))
    }

    fn attribute(&self, path: &str) -> Result<String, String> {
        let (resource, attribute) = path
            .split_once('.')
            .ok_or("!GetAtt takes a resource and an attribute")?;
        self.known(resource)?;
        Ok(match attribute {
            // SAM's way to the alias of a function. Here a function has one version, and no alias besides it.
            "Arn" | "Alias" => self.arn(resource),
            other => format!("{}-{other}", self.name(resource)),
        })
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

    fn substitute(&self, argument: &Value) -> Result<String, String> {
        let parts = argument.as_sequence().map(Vec::as_slice);
        let (text, own) = match (argument, parts) {
            (Value::String(text), _) => (text, Map::new()),
            (_, Some([Value::String(text), Value::Mapping(own)])) => (text, self.mapping(own)?),
            _ => return Err("!Sub takes a text, or a text and a mapping".to_owned()),
        };
        let mut filled = String::new();
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once("${") {
            let (name, after) = after.split_once('}').ok_or("!Sub has an open ${")?;
            filled.push_str(before);
            filled.push_str(&match own.get(name) {
                Some(value) => text_of(value)?,
                None if name.contains('.') => self.attribute(name)?,
                None => self.reference(name)?,
            });
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }
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
        let conditions = [("IsBig".to_owned(), true), ("IsSmall".to_owned(), false)].into();
        let resources = document["Resources"].as_mapping().unwrap();
        let resolver = Resolver::new(resources, "stack", values, conditions);
        resolver
            .at("Value", &document["Value"])
            .map_err(|error| error.to_string())
    }

    const RESOURCES: &str = "Resources: { Table: { Type: AWS::DynamoDB::Table } }";

    #[test]
    fn every_intrinsic_function_that_the_template_uses_is_resolved() {
        for (value, expected) in [
            ("!Ref Size", "big"),
            ("!Ref Table", "stack-Table"),
            (
                "!Ref Table.Alias",
                "arn:aws:local:ap-southeast-1:000000000000:stack-Table",
            ),
            (
                "!GetAtt Table.Arn",
                "arn:aws:local:ap-southeast-1:000000000000:stack-Table",
            ),
            (
                "!Sub 'a-${Size}-${Table}-${Table.StreamArn}'",
                "a-big-stack-Table-stack-Table-StreamArn",
            ),
            (
                "!Sub ['${Own}/${AWS::Region}', { Own: !Ref Size }]",
                "big/ap-southeast-1",
            ),
            ("!Join ['-', [a, !Ref Size]]", "a-big"),
            ("!Select [1, !Split ['/', a/b/c]]", "b"),
            ("!If [IsBig, !Ref Size, !Ref Missing]", "big"),
            ("!If [IsSmall, x, !If [IsBig, y, z]]", "y"),
        ] {
            let yaml = format!("{RESOURCES}\nValue: {value}");
            assert_eq!(resolved(&yaml), Ok(Json::from(expected)), "{value}");
        }
    }

    #[test]
    fn a_member_without_a_value_is_left_out() {
        let yaml = format!(
            "{RESOURCES}\nValue: {{ A: [1, !If [IsSmall, 2, !Ref AWS::NoValue], 3], B: !Ref AWS::NoValue, C: !If [IsBig, 4, 5] }}"
        );
        assert_eq!(resolved(&yaml), Ok(serde_json::json!({ "A": [1, 3], "C": 4 })));
    }

    #[test]
    fn what_cannot_be_resolved_is_named() {
        for (value, named) in [
            ("!Ref Missing", "Missing"),
            ("!Ref AWS::NoValue", "AWS::NoValue"),
            ("!GetAtt Missing.Arn", "Missing"),
            ("!Sub '${Missing}'", "Missing"),
            ("!ImportValue x", "ImportValue"),
            ("!If [IsHuge, 1, 2]", "IsHuge"),
            ("!If [IsBig, 1]", "!If"),
            ("{ 'Fn::GetAtt': [Table, Arn], Other: 1 }", "Fn::GetAtt"),
            ("!Select [3, [a]]", "!Select"),
        ] {
            let refusal = resolved(&format!("{RESOURCES}\nValue: {value}")).unwrap_err();
            assert!(refusal.contains(named), "{value}: {refusal}");
        }
    }
}
