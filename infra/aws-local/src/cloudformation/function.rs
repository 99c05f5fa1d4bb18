//! The functions: what they run, with which environment, and what calls them.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::event_source::{self, EventSourceMapping, QueueMapping, Sqs, Stream};
use super::intrinsics::text_of;
use super::schedule::{self, ScheduleProperties};
use super::{Queue, Reader, Schedule, Table, TemplateError, content, typed};
use crate::iam::Statement;

const FUNCTION: &str = "AWS::Serverless::Function";

#[derive(Debug, Clone, Default, PartialEq)]
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
    /// How much memory it has, in megabytes.
    pub memory: u32,
    /// What its own policies allow. SAM adds to its role what its logs, its event sources and its failure queue need.
    pub policies: Vec<Statement>,
    /// The HTTP routes that call it.
    pub routes: Vec<Route>,
    /// The streams that call it.
    pub streams: Vec<EventSourceMapping>,
    /// The queues that call it.
    pub queues: Vec<QueueMapping>,
    /// The logical IDs of the topics that call it.
    pub topics: Vec<String>,
    /// The schedules that call it.
    pub schedules: Vec<Schedule>,
    pub async_config: EventInvokeConfig,
}

/// What becomes of an asynchronous call that fails.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventInvokeConfig {
    /// How often it is tried again.
    pub retries: u32,
    /// The logical ID of the queue for calls that failed each time.
    pub on_failure: Option<String>,
}

/// A route of the HTTP API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// The method in upper case; `ANY` for every method.
    pub method: String,
    /// The path with its parameters, e.g. `/requests/{id}`.
    pub path: String,
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

impl Route {
    /// As API Gateway names it: `POST /requests/{id}/claim`.
    pub fn key(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Properties {
    code_uri: String,
    timeout: Option<u64>,
    memory_size: Option<u32>,
    #[serde(default)]
    policies: Vec<Policy>,
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

/// Where what could not be handled goes.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct DestinationConfig {
    on_failure: Option<OnFailure>,
}

#[derive(Deserialize)]
#[serde(tag = "Type", content = "Destination")]
enum OnFailure {
    #[serde(rename = "SQS")]
    Sqs(String),
}

/// A policy of a function's role. Managed policies, and SAM's own by name, are refused: nothing here knows what they allow.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Policy {
    #[serde(rename = "Version")]
    _version: String,
    statement: Vec<Json>,
}

/// What all functions have.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Globals {
    environment: Environment,
    timeout: Option<u64>,
    memory_size: Option<u32>,
    deployment_preference: DeploymentPreference,
}

/// How calls move to a new version. Here a function has one version, so only who is called on the way matters.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct DeploymentPreference {
    hooks: Hooks,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default, deny_unknown_fields)]
struct Hooks {
    pre_traffic: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Environment {
    variables: Map<String, Json>,
}

/// What calls a function. A kind that there is no stand-in for is refused, or what it calls would seem to be there and
/// never run.
#[derive(Deserialize)]
#[serde(tag = "Type", content = "Properties")]
enum Event {
    HttpApi(HttpApi),
    DynamoDB(Box<Stream>),
    ScheduleV2(Box<ScheduleProperties>),
    #[serde(rename = "SNS")]
    Sns(Topic),
    #[serde(rename = "SQS")]
    Sqs(Sqs),
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

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Topic {
    topic: String,
    redrive_policy: Option<RedrivePolicy>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RedrivePolicy {
    dead_letter_target_arn: String,
}

/// Lambda's own defaults.
const DEFAULT_TIMEOUT_SECONDS: u64 = 3;
const DEFAULT_MEMORY_SIZE: u32 = 128;
const DEFAULT_RETRIES: u32 = 2;

impl DestinationConfig {
    pub(super) fn queue(&self, reader: &Reader<'_>, place: &str) -> Result<Option<String>, TemplateError> {
        match &self.on_failure {
            Some(OnFailure::Sqs(arn)) => reader.named("AWS::SQS::Queue", arn, place).map(Some),
            None => Ok(None),
        }
    }
}

/// Reads the functions, and apart from them the one that only a deployment calls.
pub(super) fn read(
    reader: &Reader<'_>,
    globals: &Json,
    sources: (&Table, &[Queue]),
) -> Result<(Vec<Function>, Option<Function>), TemplateError> {
    let globals: Globals = match globals.get("Function") {
        Some(function) => typed("Globals.Function", function.clone())?,
        None => Globals::default(),
    };
    let metadata = reader.member::<Json>(FUNCTION, "Metadata")?;
    let all = reader.all::<Properties>(FUNCTION)?;
    let functions = all.into_iter().zip(metadata);
    let functions: Vec<Function> = functions
        .map(|((logical_id, properties), (_, metadata))| {
            let binary = metadata["BuildProperties"]["Binary"].as_str();
            let missing = || content(format!("Resources.{logical_id}"), "Metadata names no Binary");
            let binary = binary.ok_or_else(missing)?.to_owned();
            function(reader, (logical_id, binary), properties, &globals, sources)
        })
        .collect::<Result<_, _>>()?;
    schedule::tell_apart(&functions)?;
    let hook = match &globals.deployment_preference.hooks.pre_traffic {
        Some(name) => Some(reader.named(FUNCTION, name, "Globals.Function.DeploymentPreference")?),
        None => None,
    };
    let is_hook = |function: &Function| Some(&function.logical_id) == hook.as_ref();
    let (mut hooks, functions): (Vec<_>, Vec<_>) = functions.into_iter().partition(is_hook);
    Ok((functions, hooks.pop()))
}

fn function(
    reader: &Reader<'_>,
    (logical_id, binary): (String, String),
    properties: Properties,
    globals: &Globals,
    (table, queues): (&Table, &[Queue]),
) -> Result<Function, TemplateError> {
    let place = format!("Resources.{logical_id}");
    let config = properties.event_invoke_config;
    let timeout = properties.timeout.or(globals.timeout);
    let memory = properties.memory_size.or(globals.memory_size);
    let statements = properties.policies.iter().flat_map(|policy| &policy.statement);
    let policies = statements.map(|statement| {
        Statement::read(statement).map_err(|reason| content(format!("{place}.Policies"), reason))
    });
    // The environment that all functions have, and the function's own on top.
    let mut environment = BTreeMap::new();
    for (name, value) in globals
        .environment
        .variables
        .iter()
        .chain(&properties.environment.variables)
    {
        let value = text_of(value).map_err(|reason| content(format!("{place}, {name}"), reason))?;
        environment.insert(name.clone(), value);
    }
    let mut function = Function {
        async_config: EventInvokeConfig {
            retries: config.maximum_retry_attempts.unwrap_or(DEFAULT_RETRIES),
            on_failure: config.destination_config.queue(reader, &place)?,
        },
        logical_id,
        binary,
        code: properties.code_uri,
        environment,
        timeout: Duration::from_secs(timeout.unwrap_or(DEFAULT_TIMEOUT_SECONDS)),
        memory: memory.unwrap_or(DEFAULT_MEMORY_SIZE),
        policies: policies.collect::<Result<_, _>>()?,
        routes: Vec::new(),
        streams: Vec::new(),
        queues: Vec::new(),
        topics: Vec::new(),
        schedules: Vec::new(),
    };
    for (name, event) in properties.events {
        let place = format!("{place}.Events.{name}");
        let full_name = format!("{}{name}", function.logical_id);
        match typed(&place, event)? {
            Event::HttpApi(event) => function.routes.push(route(event)),
            Event::DynamoDB(event) => {
                let stream = event_source::stream(reader, full_name, *event, &place, table)?;
                function.streams.push(stream);
            }
            Event::Sqs(event) => {
                let sources = (queues, function.timeout);
                let queue = event_source::sqs(reader, &event, &place, sources)?;
                function.queues.push(queue);
            }
            Event::ScheduleV2(event) => {
                let schedule = schedule::read(reader, (&name, full_name), *event, &place)?;
                function.schedules.push(schedule);
            }
            Event::Sns(event) => {
                // A call of a function on this machine is never turned away, so that the queue only has to be there.
                if let Some(policy) = event.redrive_policy {
                    reader.named("AWS::SQS::Queue", &policy.dead_letter_target_arn, &place)?;
                }
                function
                    .topics
                    .push(reader.named("AWS::SNS::Topic", &event.topic, &place)?);
            }
        }
    }
    Ok(function)
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
