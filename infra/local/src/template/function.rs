//! The functions: what they run, with which environment, and what calls them.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::intrinsics::text_of;
use super::{Reader, TemplateError, content, typed};

/// A function.
#[derive(Debug, Clone, PartialEq)]
pub struct Function {
    /// Its name in the template, e.g. `HandBackFunction`.
    pub logical_id: String,
    /// The package, folder and program that it runs, e.g. `hand-back`.
    pub binary: String,
    /// Where its code is, e.g. `functions/hand-back`.
    pub code: String,
    /// Its environment, the one that all functions have included.
    pub environment: BTreeMap<String, String>,
    /// The HTTP routes that call it.
    pub routes: Vec<Route>,
    /// What else calls it: streams, schedules, mail.
    pub triggers: Vec<Trigger>,
}

/// A route of the HTTP API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// The method in upper case; `ANY` for every method.
    pub method: String,
    /// The path with its parameters, e.g. `/requests/{id}`.
    pub path: String,
    /// Who may call it.
    pub access: Access,
}

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Whoever the API's authorizer lets in.
    SignedIn,
    /// Anybody.
    Open,
}

/// An event other than a route, as the template says it.
#[derive(Debug, Clone, PartialEq)]
pub struct Trigger {
    /// Its name in the template.
    pub name: String,
    /// Its type, e.g. `DynamoDB` or `ScheduleV2`.
    pub kind: String,
    /// Its properties.
    pub properties: Json,
}

impl Route {
    /// As API Gateway names it: `POST /requests/{id}/claim`.
    pub fn key(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Resource {
    #[serde(default)]
    metadata: Metadata,
    properties: Properties,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Metadata {
    build_properties: BuildProperties,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct BuildProperties {
    binary: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Properties {
    code_uri: String,
    #[serde(default)]
    environment: Environment,
    #[serde(default)]
    events: Map<String, Json>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Environment {
    variables: Map<String, Json>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Event {
    #[serde(rename = "Type")]
    kind: String,
    #[serde(default)]
    properties: Json,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct HttpApi {
    method: String,
    path: String,
    #[serde(default)]
    auth: Auth,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Auth {
    authorizer: Option<String>,
}

pub(super) fn read(reader: &Reader<'_>, globals: &Json) -> Result<Vec<Function>, TemplateError> {
    let shared: Environment = match globals.pointer("/Function/Environment") {
        Some(environment) => typed("Globals.Function.Environment", environment.clone())?,
        None => Environment::default(),
    };
    reader
        .all("AWS::Serverless::Function")?
        .into_iter()
        .map(|(logical_id, resource)| function(logical_id, resource, &shared))
        .collect()
}

fn function(logical_id: String, resource: Resource, shared: &Environment) -> Result<Function, TemplateError> {
    let place = format!("Resources.{logical_id}");
    let Properties {
        code_uri,
        environment,
        events,
    } = resource.properties;
    let binary = resource
        .metadata
        .build_properties
        .binary
        .ok_or_else(|| content(&place, "Metadata.BuildProperties.Binary is missing"))?;
    let mut variables = BTreeMap::new();
    for (name, value) in shared.variables.iter().chain(&environment.variables) {
        let value = text_of(value).map_err(|reason| content(format!("{place}, {name}"), reason))?;
        variables.insert(name.clone(), value);
    }
    let mut routes = Vec::new();
    let mut triggers = Vec::new();
    for (name, event) in events {
        let place = format!("{place}.Events.{name}");
        let Event { kind, properties } = typed(&place, event)?;
        if kind == "HttpApi" {
            routes.push(route(typed(&place, properties)?));
        } else {
            triggers.push(Trigger {
                name,
                kind,
                properties,
            });
        }
    }
    Ok(Function {
        logical_id,
        binary,
        code: code_uri,
        environment: variables,
        routes,
        triggers,
    })
}

/// A route asks for the API's default authorizer unless its event turns that off.
fn route(event: HttpApi) -> Route {
    Route {
        method: event.method.to_ascii_uppercase(),
        path: event.path,
        access: match event.auth.authorizer.as_deref() {
            Some("NONE") => Access::Open,
            _ => Access::SignedIn,
        },
    }
}
