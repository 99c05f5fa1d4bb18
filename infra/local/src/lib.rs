//! The whole product on this machine: what `cargo run` starts, and what the tests start by the dozen.
//!
//! [`Local::start`] reads template.yaml and puts the stand-ins of [`aws_local`] around the very functions that run on AWS,
//! with the demonstration's people and companies.

#![allow(missing_docs, reason = "read by this workspace alone")]

pub mod demonstration;
pub mod options;
pub mod template;

mod client;
mod clock;
mod data;
mod error;
mod event_sources;
mod functions;
mod layout;
mod pages;
mod wires;

use std::sync::Arc;

use aws_local::api_gateway::{self, ApiGateway, Authorizer};
use aws_local::cognito::{self, Branding, Clients, Cognito, SigningKey, Users};
use aws_local::dynamodb::{Engine, Stream};
use aws_local::lambda::event_source_mapping::{EventSourceMappings, Wake};
use aws_local::lambda::{FunctionError, Functions, Invoke};
use aws_local::origin::Origins;
use aws_local::scheduler::ScheduleRunner;
use aws_local::server::{STOP_WITHIN, Server};
use aws_local::sqs::Queues;
use axum::Router;
use countersign_platform::Clock;
use serde_json::Value as Json;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::task::JoinSet;

pub use aws_local::eventbridge::EventFaults;
pub use aws_local::iam;
pub use aws_local::lambda::runtime_api::LOG_TARGET as PROGRAMS_LOG;
pub use aws_local::scheduler::{ScheduleError, ScheduleRun};
pub use aws_local::ses::{Attachment, DeliveryOutcome, Fault, Header, Mail, Outgoing, SesFaults};
pub use error::StartError;
pub use functions::{access_key, binaries};
pub use options::Options;

use data::Folder;
use event_sources::{EventSources, Parts};
use functions::{Endpoints, Programs};
use options::Data;
use pages::deployment::Deployment;
use pages::{PROBLEM_TYPES, Pages, STYLE_PATH};
use template::Template;
use wires::{Listeners, listen};

/// The running product. Dropping it stops it too, without waiting for what is under way.
pub struct Local {
    url: String,
    clock: Clock,
    notice: Option<String>,
    template: Template,
    functions: Functions,
    /// The functions' own programs, where they don't run in this process.
    programs: Programs,
    server: Server,
    mappings: EventSourceMappings,
    queues: Arc<Queues>,
    sources: EventSources,
    schedules: ScheduleRunner,
    /// What runs schedules by the clock, if they are.
    run_by_clock: Option<JoinSet<()>>,
    endpoints: Endpoints,
    wires: Vec<Server>,
    keeper: Option<clock::Keeper>,
    engine: Engine,
    folder: Option<Folder>,
}

impl Local {
    /// Starts everything and returns once it answers.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let listener = listen(options.port).await?;
        let address = listener.local_addr();
        let port = address.map_or(options.port, |address| address.port());
        let url = format!("http://localhost:{port}");
        let (template, folder, started) = prepare(&options, &url)?;
        let (engine, stream) = table(&template, &options, folder.as_ref(), &started.clock).await?;
        let keeper = folder
            .as_ref()
            .map(|folder| clock::Keeper::start(&started, folder.clock()))
            .transpose()?;

        let listeners = Listeners::open(&options, &template, &engine).await?;
        let endpoints = listeners.endpoints()?;
        let wake = Wake::default();
        let sam_build = options.sam_build.as_deref();
        let surroundings = (&endpoints, url.as_str(), &wake);
        let (functions, programs) =
            functions::start(&template, sam_build, &started.clock, surroundings).await?;
        let clock = started.clock;
        let aws_clock = aws_clock(&clock);
        let queues = Arc::new(Queues::open(
            &template.queues,
            folder.as_ref().map(Folder::queues),
            aws_clock.clone(),
            options.longest_retry_pause,
        )?);
        let origins = Origins::on(port);
        let (gateway, cognito) = gateway_and_pool(
            &url,
            &template,
            &functions,
            (&aws_clock, &origins),
            folder.as_ref(),
        )?;
        let router = cognito::router(cognito.clone()).fallback_service(gateway);
        let parts = Parts {
            template: &template,
            functions: &functions,
            queues: &queues,
            clock: &aws_clock,
            options: &options,
            folder: folder.as_ref(),
        };
        let (sources, mappings, storage) = parts.start(&stream, &wake)?;
        let schedules = sources.schedule_runner();
        let deployment = Deployment::of(&template, &endpoints, &url, &clock);
        let pages = pages((&sources, &functions), &schedules, &queues, (origins, deployment));
        let pages = pages.fallback_service(router);
        let server = serve(listener, pages, options.http.as_ref());
        Ok(Self {
            server: server.map_err(|error| StartError::Port(port, error))?,
            wires: listeners.serve(&sources, storage, cognito),
            run_by_clock: options.run_schedules.then(|| sources.scheduler.run_by_clock()),
            sources,
            schedules,
            url,
            clock,
            notice: started.notice,
            template,
            functions,
            programs,
            mappings,
            queues,
            endpoints,
            keeper,
            engine,
            folder,
        })
    }

    /// Where it listens, e.g. `http://localhost:9000`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The clock that every function reads.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// What a newcomer should know about how it started, if anything.
    pub fn notice(&self) -> Option<&str> {
        self.notice.as_deref()
    }

    /// What it was built from.
    pub fn template(&self) -> &Template {
        &self.template
    }

    /// The table's name.
    pub fn table_name(&self) -> &str {
        &self.template.table.name
    }

    /// The engine's own endpoint, with nothing between.
    pub fn dynamodb_endpoint(&self) -> &str {
        self.engine.endpoint()
    }

    /// A client of the table, for a test that inspects the store.
    pub fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        client::client(self.engine.endpoint())
    }

    /// The mails that were sent so far, newest first.
    pub fn mailbox(&self) -> Vec<Mail> {
        self.sources.ses.mails()
    }

    /// Where SES is, on its real wire.
    pub fn ses_endpoint(&self) -> &str {
        &self.endpoints.mail
    }

    /// Where Cognito's API for administrators is, on its real wire.
    pub fn users_endpoint(&self) -> &str {
        &self.endpoints.users
    }

    /// The newest events on the bus, the last one first, as rules send them on.
    pub fn events(&self) -> Vec<Json> {
        self.sources.events.events()
    }

    /// What a queue of the template holds, by its logical ID, oldest first.
    pub fn queue(&self, name: &str) -> Vec<Json> {
        self.queues.messages(name)
    }

    /// Waits until the mails that came in so far have been dealt with, the runs of schedules that began have ended,
    /// everything that has been written has been handed to the functions that the table's stream and queues call, what
    /// became of their mails has been told, and what that wrote has been handed over as well.
    pub async fn settle(&self) {
        self.sources.settle().await;
    }

    /// Runs a schedule of the template now, by the event's name in kebab case, and settles (for half a minute at most).
    /// The function is called once, whether the schedule is enabled or not.
    pub async fn run_schedule(&self, name: &str) -> Result<ScheduleRun, ScheduleError> {
        self.schedules.run(name).await
    }

    /// Calls a function by its package with an event, as AWS would.
    pub async fn invoke(&self, function: &str, event: Json) -> Result<Json, FunctionError> {
        match self.functions.get(function) {
            Some(invoke) => invoke(event).await,
            None => Err(FunctionError),
        }
    }

    /// Finishes what is under way, closes the data and returns.
    pub async fn stop(self) {
        drop(self.run_by_clock);
        self.server.stop().await;
        let EventSources {
            receiving,
            scheduler,
            ses,
            ..
        } = self.sources;
        if !within(scheduler.under_way().quiet()).await {
            tracing::warn!("a run of a schedule was not waited for");
        }
        if !within(receiving.under_way().quiet()).await {
            tracing::info!("some mails that came in will be dealt with after the next start");
        }
        self.mappings.stop().await;
        if !within(ses.under_way().quiet()).await {
            tracing::info!("what became of some mails will be told after the next start");
        }
        self.programs.iter().for_each(|processes| processes.stop());
        for wire in self.wires {
            wire.stop().await;
        }
        let (keeper, engine, folder) = (self.keeper, self.engine, self.folder);
        let closed = tokio::task::spawn_blocking(move || {
            engine.stop();
            if let Some(keeper) = keeper {
                keeper.stop();
            }
            drop(folder);
        });
        if let Err(error) = closed.await {
            tracing::error!(%error, "the data was not closed in order");
        }
    }
}

/// Whether it ends while a stop waits.
async fn within(work: impl Future<Output = ()>) -> bool {
    tokio::time::timeout(STOP_WITHIN, work).await.is_ok()
}

/// Reads the template and the data folder, and starts the clock. Whatever was asked for is checked before anything is
/// written.
fn prepare(options: &Options, url: &str) -> Result<(Template, Option<Folder>, clock::Start), StartError> {
    let written = template::written(options.sam_build.as_deref())?;
    written.values(&options.settings)?;
    let folder = match &options.data {
        Data::Folder(path) => Some(Folder::open(path)?),
        Data::InMemory | Data::Elsewhere(_) => None,
    };
    let memory = folder.as_ref().map(Folder::clock);
    let started = clock::start(options.clock, memory.as_deref())?;
    if options.sam_build.is_some() && !started.system {
        return Err(StartError::Clock);
    }
    let template = written.template(&options.stack, &template::settings(options, &started.clock, url))?;
    Ok((template, folder, started))
}

/// Opens the table's engine, and makes the table and what a newcomer finds in it. Returns the table's stream as well.
async fn table(
    template: &Template,
    options: &Options,
    folder: Option<&Folder>,
    clock: &Clock,
) -> Result<(Engine, Stream), StartError> {
    let engine = match &options.data {
        Data::Elsewhere(endpoint) => Engine::elsewhere(endpoint),
        Data::Folder(_) | Data::InMemory => Engine::start(folder.map(Folder::table))?,
    };
    engine.ensure(&template.table).await?;
    let client = client::client(engine.endpoint());
    layout::ensure(&client, &template.table.name).await?;
    demonstration::write(&client, &template.table.name, &template.user_pool.id).await?;
    for (eservice, first) in &options.first_references {
        demonstration::first_reference(&client, &template.table.name, *eservice, *first).await?;
    }
    let stream = engine.stream(&template.table.name, aws_clock(clock)).await?;
    Ok((engine, stream))
}

/// Pages and calls to look into the stand-ins.
fn pages(
    (sources, functions): (&EventSources, &Functions),
    schedules: &ScheduleRunner,
    queues: &Arc<Queues>,
    (origins, deployment): (Origins, Deployment),
) -> Router {
    let pages = Pages {
        deployment: Arc::new(deployment),
        ses: sources.ses.clone(),
        events: sources.events.clone(),
        receiving: sources.receiving.clone(),
        schedules: schedules.clone(),
        queues: queues.clone(),
        origins,
    };
    pages::router(pages, functions.clone())
}

/// Answers calls in this runtime, or in the caller's.
fn serve(listener: TcpListener, router: Router, runtime: Option<&Handle>) -> std::io::Result<Server> {
    let _entered = runtime.map(Handle::enter);
    // Connections wake the runtime that registered the socket.
    let listener = TcpListener::from_std(listener.into_std()?)?;
    Ok(Server::start(listener, router))
}

/// The same clock for the stand-ins.
fn aws_clock(clock: &Clock) -> aws_local::Clock {
    let clock = clock.clone();
    aws_local::Clock::new(move || clock.now())
}

/// The HTTP API, and the user pool whose tokens it takes.
fn gateway_and_pool(
    url: &str,
    template: &Template,
    functions: &Functions,
    (clock, origins): (&aws_local::Clock, &Origins),
    folder: Option<&Folder>,
) -> Result<(Router, Arc<Cognito>), StartError> {
    let key = match folder {
        Some(folder) => SigningKey::load(&folder.signing_key())?,
        None => SigningKey::generate()?,
    };
    // The runner answers at its own address where Cognito would at its, so tokens name that as their issuer.
    let issuer = functions::here(&template.authorizer.issuer, url);
    let audience = template.authorizer.audience.clone();
    let authorizer = Authorizer::new(issuer.clone(), audience, key.public());
    let gateway = ApiGateway::new(template, functions, authorizer, clock.clone(), PROBLEM_TYPES)?;
    let file = folder.map(Folder::users);
    let users = Users::open(demonstration::users(), file.as_ref(), clock.now())?;
    let cognito = Cognito::new(cognito::Setup {
        key,
        pool: template.user_pool.clone(),
        issuer,
        base: url.to_owned(),
        trigger: trigger(template, functions),
        users,
        clients: Clients::open(folder.map(Folder::clients))?,
        known: demonstration::known_users(),
        clock: clock.clone(),
        branding: Branding {
            name: "Countersign",
            style: STYLE_PATH,
        },
        origins: origins.clone(),
    });
    Ok((api_gateway::router(gateway), cognito))
}

/// The function that the user pool asks before it issues a token.
fn trigger(template: &Template, functions: &Functions) -> Option<Invoke> {
    let logical_id = template.user_pool.trigger.as_deref()?;
    let function = template
        .functions
        .iter()
        .find(|function| function.logical_id == logical_id)?;
    functions.get(function.binary.as_str()).cloned()
}
