//! template.yaml and the files that speak of it, as the checks read them: the real ones, or copies with a fault in them.

use std::collections::{BTreeMap, BTreeSet};

use countersign_local::template::{self, SOURCE, Template};
use serde_norway::Value;

/// A file that a check reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum File {
    Template,
    SamConfig,
    Deploy,
    Runbook,
    /// CloudFront and its firewall.
    Edge,
    /// The roles of the forge.
    Roles,
    /// The portal's colours.
    Tokens,
    /// The functions' own look at whether a call came through CloudFront.
    EdgeSource,
}

/// The files of a deployment.
pub(super) struct Document {
    files: BTreeMap<File, String>,
    yaml: Value,
}

impl Document {
    /// The files as they are.
    pub(super) fn real() -> Self {
        let files = [
            (File::Template, SOURCE),
            (File::SamConfig, include_str!("../../../samconfig.toml")),
            (File::Deploy, include_str!("../../../docs/DEPLOY.md")),
            (File::Runbook, include_str!("../../../docs/RUNBOOK.md")),
            (File::Edge, include_str!("../../../infra/edge.yaml")),
            (File::Roles, include_str!("../../../infra/deploy-role.yaml")),
            (
                File::Tokens,
                include_str!("../../../functions/portal/assets/style/tokens.css"),
            ),
            (
                File::EdgeSource,
                include_str!("../../../shared/platform/src/edge.rs"),
            ),
        ];
        Self::of(files.map(|(file, text)| (file, text.to_owned())).into())
    }

    /// A copy in which a file has one text instead of another, in the first place that has it.
    pub(super) fn with(&self, file: File, said: &str, instead: &str) -> Self {
        let text = &self.files[&file];
        assert!(text.contains(said), "{file:?} does not say {said}");
        let mut files = self.files.clone();
        files.insert(file, text.replacen(said, instead, 1));
        Self::of(files)
    }

    fn of(files: BTreeMap<File, String>) -> Self {
        let mut yaml: Value = serde_norway::from_str(&files[&File::Template]).unwrap();
        yaml.apply_merge().unwrap();
        Self { files, yaml }
    }

    pub(super) fn text(&self, file: File) -> &str {
        &self.files[&file]
    }

    /// Another file of YAML than the template.
    pub(super) fn yaml(&self, file: File) -> Value {
        serde_norway::from_str(self.text(file)).unwrap()
    }

    /// The properties of a resource of the template; null if there is no such resource.
    pub(super) fn properties(&self, id: &str) -> &Value {
        &self.yaml["Resources"][id]["Properties"]
    }

    /// A section of the template, such as `Outputs`.
    pub(super) fn section(&self, name: &str) -> Vec<(&str, &Value)> {
        members(&self.yaml[name])
    }

    /// What turns the template into CloudFormation's, in this order.
    pub(super) fn transforms(&self) -> Vec<String> {
        items(&self.yaml["Transform"]).map(named).collect()
    }

    /// The resources of a type, each with its logical ID.
    pub(super) fn of_kind<'a>(&'a self, kind: &str) -> Vec<(&'a str, &'a Value)> {
        let resources = self.section("Resources").into_iter();
        resources.filter(|(_, one)| one["Type"] == *kind).collect()
    }

    /// What the stand-ins make of the template with these parameters.
    pub(super) fn template(&self, settings: &BTreeMap<String, String>) -> Result<Template, String> {
        let document =
            template::Document::read(self.text(File::Template)).map_err(|error| error.to_string())?;
        document
            .template("countersign", settings)
            .map_err(|error| error.to_string())
    }
}

/// The members of a mapping; none of anything else.
pub(super) fn members(value: &Value) -> Vec<(&str, &Value)> {
    let mapping = value.as_mapping().into_iter().flatten();
    mapping
        .filter_map(|(name, value)| Some((name.as_str()?, value)))
        .collect()
}

/// The members of a list; none of anything else.
pub(super) fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_sequence().into_iter().flatten()
}

/// What `!Ref`, `!GetAtt` and `!Sub` name somewhere in a value, as it is written, except where `!If` asks this condition first.
pub(super) fn names<'a>(value: &'a Value, condition: &str) -> Vec<&'a str> {
    match value {
        Value::Sequence(all) => all.iter().flat_map(|one| names(one, condition)).collect(),
        Value::Mapping(all) => all.values().flat_map(|one| names(one, condition)).collect(),
        Value::Tagged(tagged) => {
            let text = tagged.value.as_str().or_else(|| tagged.value[0].as_str());
            let text = text.unwrap_or_default();
            let mut found = match tagged.tag.to_string().trim_start_matches('!') {
                "If" if text == condition => return names(&tagged.value[2], condition),
                "Ref" | "GetAtt" => vec![text],
                "Sub" => {
                    let placed = text.split("${").skip(1);
                    placed.filter_map(|rest| Some(rest.split_once('}')?.0)).collect()
                }
                _ => Vec::new(),
            };
            found.extend(names(&tagged.value, condition));
            found
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

/// The logical IDs of these names.
pub(super) fn references(value: &Value, condition: &str) -> BTreeSet<String> {
    let all = names(value, condition).into_iter();
    all.map(|name| logical_id(name).to_owned()).collect()
}

fn logical_id(name: &str) -> &str {
    name.split_once('.').map_or(name, |(id, _)| id)
}

/// The logical ID of the one resource that a value stands for; a plain text stands for itself.
pub(super) fn named(value: &Value) -> String {
    match value {
        Value::Tagged(tagged) => logical_id(tagged.value.as_str().unwrap_or_default()).to_owned(),
        other => other.as_str().unwrap_or_default().to_owned(),
    }
}

/// Holds if nothing was found.
pub(super) fn none(faults: impl IntoIterator<Item = String>) -> Result<(), String> {
    let faults: Vec<String> = faults.into_iter().collect();
    if faults.is_empty() {
        Ok(())
    } else {
        Err(faults.join("; "))
    }
}
