//! What a command works on: a stack on AWS, a table alone, or the runner of this machine.

use std::collections::BTreeMap;

use aws_config::{BehaviorVersion, SdkConfig};
use aws_sdk_dynamodb::config::{Credentials, Region, SharedCredentialsProvider};
use clap::Args;
use countersign_platform::aws::http_client;
use countersign_platform::outgoing::{Outgoing, Unanswered};
use countersign_platform::store::Store;
use jiff::Timestamp;
use serde::Deserialize;

use crate::error::AdminError;

/// Which deployment to work on.
#[derive(Debug, Clone, Args)]
pub struct Target {
    /// The stack's name; its region and credentials come from the environment, as for the AWS CLI
    #[arg(long, global = true, default_value = "countersign", conflicts_with_all = ["table", "endpoint"])]
    pub stack: String,
    /// A table without its stack
    #[arg(long, global = true, value_name = "NAME")]
    pub table: Option<String>,
    /// The runner's address, such as `http://localhost:9000`; together with --table, an endpoint of DynamoDB
    #[arg(long, global = true, value_name = "URL")]
    pub endpoint: Option<String>,
}

/// A part of a deployment, as CloudFormation lists it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Resource {
    /// Its name in template.yaml, or the one that SAM makes from it.
    pub logical_id: String,
    /// Its type, such as `AWS::SQS::Queue`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What AWS knows it by: a name, a URL or an ARN.
    pub physical_id: String,
}

/// A deployment and the connections to it.
pub struct Deployment {
    /// What people call it.
    pub name: String,
    /// Its table.
    pub store: Store,
    /// The table's name.
    pub table: String,
    /// What it is made of. Empty if only a table was named.
    pub resources: Vec<Resource>,
    /// The parameters of template.yaml that it was deployed with. Empty if only a table was named.
    pub parameters: BTreeMap<String, String>,
    /// The address of its API, without a slash at its end. `None` if only a table was named.
    pub api: Option<String>,
    sdk: SdkConfig,
    local: Option<Runner>,
}

/// What the runner answers at `/deployment`.
#[derive(Debug, Clone, Default, Deserialize)]
struct Runner {
    #[serde(default)]
    resources: Vec<Resource>,
    #[serde(default)]
    parameters: BTreeMap<String, String>,
    /// Where each service is, by its name in the SDK.
    endpoints: BTreeMap<String, String>,
    /// What its clock shows.
    now: Option<Timestamp>,
}

impl Deployment {
    /// Finds a deployment and connects to it.
    pub async fn connect(target: &Target) -> Result<Self, AdminError> {
        match (&target.table, &target.endpoint) {
            (None, None) => Self::stack(&target.stack).await,
            (None, Some(endpoint)) => Self::runner(endpoint).await,
            (Some(table), None) => {
                let sdk = cloud().await?;
                Ok(Self::new(table, table, Vec::new(), BTreeMap::new(), sdk, None))
            }
            (Some(table), Some(endpoint)) => {
                let endpoints = BTreeMap::from([("dynamodb".to_owned(), endpoint.clone())]);
                let local = Runner {
                    endpoints,
                    ..Runner::default()
                };
                Ok(Self::new(
                    table,
                    table,
                    Vec::new(),
                    BTreeMap::new(),
                    here(),
                    Some(local),
                ))
            }
        }
    }

    async fn stack(name: &str) -> Result<Self, AdminError> {
        let sdk = cloud().await?;
        let client = aws_sdk_cloudformation::Client::new(&sdk);
        let described = client.describe_stacks().stack_name(name).send().await;
        let described = described.map_err(|error| AdminError::aws("CloudFormation", &error))?;
        let mut parameters = BTreeMap::new();
        for parameter in described
            .stacks()
            .iter()
            .flat_map(aws_sdk_cloudformation::types::Stack::parameters)
        {
            if let (Some(name), Some(value)) = (parameter.parameter_key(), parameter.parameter_value()) {
                parameters.insert(name.to_owned(), value.to_owned());
            }
        }
        let outputs = described
            .stacks()
            .iter()
            .flat_map(aws_sdk_cloudformation::types::Stack::outputs);
        let mut api = outputs.filter(|output| output.output_key() == Some("ApiUrl"));
        let api = api
            .next()
            .and_then(|output| output.output_value().map(str::to_owned));
        let mut resources = Vec::new();
        let mut pages = client
            .list_stack_resources()
            .stack_name(name)
            .into_paginator()
            .items()
            .send();
        while let Some(resource) = pages.next().await {
            let resource = resource.map_err(|error| AdminError::aws("CloudFormation", &error))?;
            let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
            resources.push(Resource {
                logical_id: text(resource.logical_resource_id()),
                kind: text(resource.resource_type()),
                physical_id: text(resource.physical_resource_id()),
            });
        }
        let table = table(&resources, name)?;
        let name = format!("stack {name}");
        let mut deployment = Self::new(&name, &table, resources, parameters, sdk, None);
        deployment.api = api;
        Ok(deployment)
    }

    async fn runner(url: &str) -> Result<Self, AdminError> {
        let url = url.trim_end_matches('/');
        let refusal =
            |reason: String| AdminError::Deployment(format!("{url} is no runner of Countersign: {reason}"));
        let asked = Outgoing::default().get(&format!("{url}/deployment")).await;
        let answer = asked.map_err(|Unanswered(reason)| refusal(reason))?;
        let runner: Runner =
            serde_json::from_slice(&answer.body).map_err(|error| refusal(error.to_string()))?;
        let table = table(&runner.resources, url)?;
        let (resources, parameters) = (runner.resources.clone(), runner.parameters.clone());
        let mut deployment = Self::new(url, &table, resources, parameters, here(), Some(runner));
        deployment.api = Some(url.to_owned());
        Ok(deployment)
    }

    fn new(
        name: &str,
        table: &str,
        resources: Vec<Resource>,
        parameters: BTreeMap<String, String>,
        sdk: SdkConfig,
        local: Option<Runner>,
    ) -> Self {
        let config = service_config(&sdk, local.as_ref(), "dynamodb").unwrap_or_else(|| sdk.clone());
        Self {
            name: name.to_owned(),
            store: Store::of(aws_sdk_dynamodb::Client::new(&config), table.to_owned()),
            table: table.to_owned(),
            resources,
            parameters,
            api: None,
            sdk,
            local,
        }
    }

    /// The issuer of its tokens.
    pub fn issuer(&self) -> Option<String> {
        let pool = self.physical("UserPool")?;
        if self.is_local() {
            return Some(format!("{}/{pool}", self.api.as_ref()?));
        }
        let region = self.sdk.region()?;
        Some(format!("https://cognito-idp.{region}.amazonaws.com/{pool}"))
    }

    /// Another table of the same account and region.
    pub fn beside(&self, table: &str) -> Store {
        let config = self.service("dynamodb").unwrap_or_else(|| self.sdk.clone());
        Store::of(aws_sdk_dynamodb::Client::new(&config), table.to_owned())
    }

    /// The configuration of a service's client. `None` for a service that the runner has no stand-in for.
    pub fn service(&self, name: &str) -> Option<SdkConfig> {
        service_config(&self.sdk, self.local.as_ref(), name)
    }

    /// Whether it is on this machine.
    pub fn is_local(&self) -> bool {
        self.local.is_some()
    }

    /// What AWS knows a part of template.yaml by.
    pub fn physical(&self, logical_id: &str) -> Option<&str> {
        let found = self.resources.iter().find(|one| one.logical_id == logical_id);
        found.map(|one| one.physical_id.as_str())
    }

    /// Its parts of a type.
    pub fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Resource> {
        self.resources.iter().filter(move |one| one.kind == kind)
    }

    /// The time there: the runner's clock may be set.
    pub fn now(&self) -> Timestamp {
        let there = self.local.as_ref().and_then(|runner| runner.now);
        there.unwrap_or_else(Timestamp::now)
    }
}

fn table(resources: &[Resource], name: &str) -> Result<String, AdminError> {
    let table = resources.iter().find(|one| one.logical_id == "Table");
    table.map(|table| table.physical_id.clone()).ok_or_else(|| {
        AdminError::Deployment(format!(
            "{name} has no table, so it is no deployment of Countersign"
        ))
    })
}

fn service_config(sdk: &SdkConfig, local: Option<&Runner>, name: &str) -> Option<SdkConfig> {
    let Some(runner) = local else {
        return Some(sdk.clone());
    };
    let endpoint = runner.endpoints.get(name)?;
    Some(sdk.to_builder().endpoint_url(endpoint).build())
}

/// How AWS is called: with the credentials and the region of the environment or of a profile.
async fn cloud() -> Result<SdkConfig, AdminError> {
    let sdk = aws_config::defaults(BehaviorVersion::latest())
        .http_client(http_client(true))
        .load()
        .await;
    if sdk.region().is_none() {
        let reason = "no region is set: name the deployment's in AWS_REGION or in the profile of AWS_PROFILE";
        return Err(AdminError::Deployment(reason.to_owned()));
    }
    Ok(sdk)
}

/// How the stand-ins on this machine are called.
fn here() -> SdkConfig {
    let credentials = Credentials::new("admin", "local", None, None, "countersign-admin");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("ap-southeast-1"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(http_client(false))
        .build()
}
