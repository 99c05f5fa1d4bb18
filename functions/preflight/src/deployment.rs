//! Which version of which function CodeDeploy is about to move calls to.

use std::collections::BTreeMap;
use std::fmt;

use countersign_platform::aws_json::{CallError, Client};
use serde::Deserialize;
use serde_json::{Value, json};

/// A version of a function.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Version {
    pub(crate) function: String,
    pub(crate) number: String,
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "version {} of {}", self.number, self.function)
    }
}

/// Why the new version is unknown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unknown {
    /// CodeDeploy did not say.
    #[error("CodeDeploy: {0}")]
    CodeDeploy(#[from] CallError),
    /// The deployment is not for exactly one function of Lambda.
    #[error("the deployment is not for exactly one function")]
    OtherDeployment,
}

/// What CodeDeploy says of a deployment.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    deployment_info: Info,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Info {
    application_name: String,
    revision: Value,
}

/// What CodeDeploy says of a revision.
#[derive(Deserialize)]
struct FoundRevision {
    revision: Revision,
}

/// CloudFormation's deployments have their text in `string`, which is deprecated.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Revision {
    app_spec_content: Option<Text>,
    string: Option<Text>,
}

#[derive(Deserialize)]
struct Text {
    content: Option<String>,
}

/// What a deployment of a function says, as CodeDeploy's guide describes it (its specification's `resources`).
#[derive(Deserialize)]
struct AppSpec {
    #[serde(alias = "Resources")]
    resources: Vec<BTreeMap<String, Resource>>,
}

#[derive(Deserialize)]
struct Resource {
    #[serde(alias = "Properties")]
    properties: Properties,
}

#[derive(Deserialize)]
struct Properties {
    #[serde(alias = "Name")]
    name: String,
    #[serde(alias = "TargetVersion")]
    target_version: String,
}

/// Asks CodeDeploy. A deployment names its revision by a digest alone, and the application has the revision's text.
pub(crate) async fn new_version(client: &Client, deployment: &str) -> Result<Version, Unknown> {
    let asked = json!({ "deploymentId": deployment });
    let found: Found = client.call("GetDeployment", &asked).await?;
    let asked = json!({
        "applicationName": found.deployment_info.application_name,
        "revision": found.deployment_info.revision,
    });
    let found: FoundRevision = client.call("GetApplicationRevision", &asked).await?;
    let texts = [found.revision.app_spec_content, found.revision.string];
    let text = texts.into_iter().flatten().find_map(|text| text.content);
    text.as_deref().and_then(read).ok_or(Unknown::OtherDeployment)
}

fn read(text: &str) -> Option<Version> {
    let spec: AppSpec = serde_json::from_str(text).ok()?;
    let mut resources = spec.resources.into_iter().flat_map(BTreeMap::into_values);
    let (Some(only), None) = (resources.next(), resources.next()) else {
        return None;
    };
    Some(Version {
        function: only.properties.name,
        number: only.properties.target_version,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deployment_of_one_function_names_its_new_version() {
        let spec = r#"{"version":0.0,"Resources":[{"claim":{"Type":"AWS::Lambda::Function","Properties":
            {"Name":"countersign-ClaimFunction-1","Alias":"live","CurrentVersion":"4","TargetVersion":"5"}}}]}"#;
        let version = read(spec).map(|version| version.to_string());
        assert_eq!(
            version.as_deref(),
            Some("version 5 of countersign-ClaimFunction-1")
        );
        assert_eq!(
            read(&spec.replace("Resources", "resources")).map(|version| version.number),
            Some("5".to_owned())
        );
        assert_eq!(read(r#"{"Resources":[]}"#), None);
        assert_eq!(read("version: 0.0"), None);
    }
}
