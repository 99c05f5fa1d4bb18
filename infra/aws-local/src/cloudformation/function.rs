//! The functions: what they run, with which environment, and what calls them.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::intrinsics::text_of;
use super::trigger::DestinationConfig;
use super::{Reader, Schedule, StreamTrigger, TemplateError, content, typed};

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
    /// How long a call may take.
    pub timeout: Duration,
    /// The HTTP routes that call it.
    pub routes: Vec<Route>,
    /// What else calls it, as the template says it.
    pub triggers: Vec<Trigger>,
    /// The streams among its triggers.
    pub streams: Vec<StreamTrigger>,
    /// The logical IDs of the topics among its triggers.
    pub topics: Vec<String>,
    /// The schedules among its triggers.
    pub schedules: Vec<Schedule>,
    /// What becomes of a call that nobody waits for and that fails.
    pub async_config: EventInvokeConfig,
}

/// What becomes of a call that nobody waits for and that fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventInvokeConfig {
    /// How often it is tried again.
    pub retries: u32,
    /// The logical ID of the queue that is told of a call that failed each time.
    pub on_failure: Option<String>,
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
    timeout: Option<u64>,
    #[serde(default)]
    event_invoke_config: EventInvokeConfigProperties,
    #[serde(default)]
    environment: Environment,
    #[serde(default)]
    events: Map<String, Json>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default, deny_unknown_fields)]
struct EventInvokeConfigProperties {
    maximum_retry_attempts: Option<u32>,
    destination_config: DestinationConfig,
}

/// What all functions have.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Shared {
    environment: Environment,
    timeout: Option<u64>,
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

/// What Lambda does unless it is told otherwise.
const DEFAULT_TIMEOUT_SECONDS: u64 = 3;

/// What Lambda does unless it is told otherwise.
const DEFAULT_RETRIES: u32 = 2;

pub(super) fn read(
    reader: &Reader<'_>,
    globals: &Json,
    queues: &[String],
) -> Result<Vec<Function>, TemplateError> {
    let shared: Shared = match globals.get("Function") {
        Some(function) => typed("Globals.Function", function.clone())?,
        None => Shared::default(),
    };
    reader
        .all("AWS::Serverless::Function")?
        .into_iter()
        .map(|(logical_id, resource)| function(logical_id, resource, &shared, queues))
        .collect()
}

fn function(
    logical_id: String,
    resource: Resource,
    shared: &Shared,
    queues: &[String],
) -> Result<Function, TemplateError> {
    let place = format!("Resources.{logical_id}");
    let Properties {
        code_uri,
        timeout,
        event_invoke_config,
        environment,
        events,
    } = resource.properties;
    let timeout = timeout.or(shared.timeout).unwrap_or(DEFAULT_TIMEOUT_SECONDS);
    let async_config = EventInvokeConfig {
        retries: event_invoke_config
            .maximum_retry_attempts
            .unwrap_or(DEFAULT_RETRIES),
        on_failure: event_invoke_config.destination_config.queue(queues, &place)?,
    };
    let binary = resource
        .metadata
        .build_properties
        .binary
        .ok_or_else(|| content(&place, "Metadata.BuildProperties.Binary is missing"))?;
    let variables = variables(&place, shared, &environment)?;
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
        timeout: Duration::from_secs(timeout),
        routes,
        triggers,
        // Filled in when the table and the topics are known.
        streams: Vec::new(),
        topics: Vec::new(),
        schedules: Vec::new(),
        async_config,
    })
}

/// The environment that all functions have, and the function's own on top.
fn variables(
    place: &str,
    shared: &Shared,
    own: &Environment,
) -> Result<BTreeMap<String, String>, TemplateError> {
    let mut variables = BTreeMap::new();
    for (name, value) in shared.environment.variables.iter().chain(&own.variables) {
        let value = text_of(value).map_err(|reason| content(format!("{place}, {name}"), reason))?;
        variables.insert(name.clone(), value);
    }
    Ok(variables)
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
