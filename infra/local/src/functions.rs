//! The product's functions, each with an environment of its own, as the template gives it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use aws_local::REGION;
use aws_local::lambda::event_source_mapping::Wake;
use aws_local::lambda::runtime_api::{Processes, Program};
use aws_local::lambda::{FunctionError, Functions, Invoke};
use countersign_platform::lambda::{event_function, http_function};
use countersign_platform::{App, Clock, Config};

use crate::error::StartError;
use crate::template::{Function, Template, TemplateError};

/// Makes a function ready to be called.
type Construct = fn(&str, App) -> countersign_platform::lambda::Invoke;

/// Every function that this program holds, by its package.
const ALL: [(&str, Construct); 17] = [
    ("claim", |name, app| http_function(name, app, claim::handle)),
    ("confirm", |name, app| http_function(name, app, confirm::handle)),
    ("drafts", |name, app| http_function(name, app, drafts::handle)),
    ("email-approval", |name, app| {
        event_function(name, app, email_approval::handle)
    }),
    ("feedback", |name, app| {
        event_function(name, app, feedback::handle)
    }),
    ("hand-back", |name, app| {
        http_function(name, app, hand_back::handle)
    }),
    ("list-tasks", |name, app| {
        http_function(name, app, list_tasks::handle)
    }),
    ("notify", |name, app| event_function(name, app, notify::handle)),
    ("portal", |name, app| http_function(name, app, portal::handle)),
    ("process", |name, app| http_function(name, app, process::handle)),
    ("provision", |name, app| {
        event_function(name, app, provision::handle)
    }),
    ("readiness", |name, app| {
        event_function(name, app, readiness::handle)
    }),
    ("relay", |name, app| event_function(name, app, relay::handle)),
    ("remind", |name, app| event_function(name, app, remind::handle)),
    ("requests", |name, app| http_function(name, app, requests::handle)),
    ("sign-in", |name, app| event_function(name, app, sign_in::handle)),
    ("submit", |name, app| http_function(name, app, submit::handle)),
];

/// The packages of the functions that this program holds.
pub fn binaries() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|(binary, _)| *binary)
}

/// The access key that a function signs with: its name, in the letters and digits that an access key may have.
pub fn access_key(binary: &str) -> String {
    binary.replace('-', "0")
}

/// Where AWS's services are on this machine.
pub(crate) struct Endpoints {
    /// DynamoDB.
    pub(crate) table: String,
    /// SES.
    pub(crate) mail: String,
    /// S3.
    pub(crate) storage: String,
    /// EventBridge.
    pub(crate) events: String,
    /// Cognito's API for administrators.
    pub(crate) users: String,
}

/// The functions' processes, by function. There are none where the functions run in this process.
pub(crate) type Programs = Vec<Arc<Processes>>;

/// Starts every function of the template: its program that `sam build` left in this folder, or the one that this program
/// holds.
pub(crate) async fn start(
    template: &Template,
    sam_build: Option<&Path>,
    clock: &Clock,
    (endpoints, url, wake): (&Endpoints, &str, &Wake),
) -> Result<(Functions, Programs), StartError> {
    let (mut functions, mut programs) = (Functions::new(), Programs::new());
    for function in &template.functions {
        let (binary, construct) = known(function)?;
        let environment = environment(&function.environment, binary, endpoints, url);
        let refusal = |reason| StartError::Function(function.binary.clone(), reason);
        let invoke = if let Some(folder) = sam_build {
            let path = folder.join(&function.code).join("bootstrap");
            let program = Program::new(function, path, environment);
            let processes = Processes::start(program).await.map_err(refusal)?;
            programs.push(processes.clone());
            processes.function()
        } else {
            let config = Config::from_vars(|name| environment.get(name).cloned());
            let config = config.map_err(|error| refusal(error.to_string()))?;
            in_this_process(construct(binary, App::new(config, clock.clone())))
        };
        functions.insert(binary, waking(invoke, wake.clone()));
    }
    Ok((functions, programs))
}

/// The platform's function as Lambda sees it.
fn in_this_process(invoke: countersign_platform::lambda::Invoke) -> Invoke {
    Arc::new(move |event| {
        let running = invoke(event);
        Box::pin(async move { running.await.map_err(|_| FunctionError) })
    })
}

/// The function of this workspace that a function of the template runs.
fn known(function: &Function) -> Result<(&'static str, Construct), StartError> {
    let mut all = ALL.iter();
    let found = all.find(|(binary, _)| *binary == function.binary);
    found.copied().ok_or_else(|| {
        StartError::Template(TemplateError::Content {
            place: format!("Resources.{}", function.logical_id),
            reason: format!("this program has no function {}", function.binary),
        })
    })
}

/// The function for the stand-ins; whoever reads the stream looks as soon as a call has ended.
fn waking(invoke: Invoke, wake: Wake) -> Invoke {
    Arc::new(move |event| {
        let (running, wake) = (invoke(event), wake.clone());
        Box::pin(async move {
            let answer = running.await;
            wake.wake();
            answer
        })
    })
}

/// An address of Cognito's as the runner's own, where it answers in Cognito's place: the pool's, from which tokens are
/// issued, and the hosted sign-in's.
pub(crate) fn here(value: &str, url: &str) -> String {
    let pool = format!("https://cognito-idp.{REGION}.amazonaws.com");
    if value.starts_with(&pool) {
        return value.replace(&pool, url);
    }
    let hosted = format!(".auth.{REGION}.amazoncognito.com");
    if value.starts_with("https://") && value.ends_with(&hosted) {
        return url.to_owned();
    }
    value.to_owned()
}

/// The template's environment and what Lambda and the SDK add. The access key is the function's name, by which
/// the guard and a test's proxy tell callers apart.
fn environment(
    of_template: &BTreeMap<String, String>,
    binary: &str,
    endpoints: &Endpoints,
    url: &str,
) -> BTreeMap<String, String> {
    let access_key = access_key(binary);
    let added = [
        ("AWS_REGION", REGION),
        ("AWS_ACCESS_KEY_ID", access_key.as_str()),
        ("AWS_SECRET_ACCESS_KEY", "local"),
        ("AWS_ENDPOINT_URL_DYNAMODB", endpoints.table.as_str()),
        ("AWS_ENDPOINT_URL_SESV2", &endpoints.mail),
        ("AWS_ENDPOINT_URL_S3", &endpoints.storage),
        ("AWS_ENDPOINT_URL_EVENTBRIDGE", &endpoints.events),
        ("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", &endpoints.users),
    ];
    let added = added.map(|(name, value)| (name.to_owned(), value.to_owned()));
    of_template
        .iter()
        .map(|(name, value)| (name.clone(), here(value, url)))
        .chain(added)
        .collect()
}
