//! The whole product on this machine: what `cargo run` starts, and what the tests start by the dozen.
//!
//! It reads template.yaml and stands in for the cloud around the very functions that run there: [`template`] is what
//! the file says, `gateway` stands in for API Gateway, `engine` for DynamoDB (on its real wire), `sign_in` for Cognito,
//! `stream` for Lambda's reading of the table's stream, `mail` for SES (on its real wire) and SNS, `storage` for S3 (on its real wire),
//! `queue` for SQS, `schedule` for EventBridge Scheduler.
//! [`Local::start`] puts them together.

pub mod demonstration;
pub mod options;
pub mod template;

mod callee;
mod callers;
mod clock;
mod data;
mod engine;
mod error;
mod functions;
mod gateway;
mod html;
mod mail;
mod origin;
mod post;
mod queue;
mod random;
mod schedule;
mod server;
mod sign_in;
mod storage;
mod stream;
mod table;
mod unattended;

use std::net::Ipv4Addr;
use std::sync::Arc;

use axum::Router;
use countersign_platform::Clock;
use countersign_platform::lambda::{Failure, Invoke};
use serde_json::Value as Json;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

pub use error::StartError;
pub use functions::binaries;
pub use mail::{Attachment, Fate, Fault, Header, Mail, Outgoing, SesFaults};
pub use options::Options;
pub use schedule::{ScheduleError, ScheduleRun};

use callers::Callers;
use data::Folder;
use engine::Engine;
use functions::{Endpoints, Functions};
use gateway::{Authorizer, Gateway, VerificationKey};
use mail::inbound;
use options::Data;
use post::Post;
use queue::Queues;
use schedule::Desk;
use server::{STOP_WITHIN, Server};
use sign_in::{SignIn, SigningKey};
use stream::{Streams, Wake};
use template::Template;

/// The running product. Dropping it stops it too, without waiting for what is under way.
pub struct Local {
    url: String,
    clock: Clock,
    notice: Option<String>,
    template: Template,
    functions: Functions,
    server: Server,
    streams: Streams,
    queues: Arc<Queues>,
    callers: Callers,
    desk: Desk,
    /// What runs schedules by the clock, if they are.
    by_the_clock: Option<JoinSet<()>>,
    ses_endpoint: String,
    ses_server: Server,
    storage_server: Server,
    keeper: Option<clock::Keeper>,
    engine: Engine,
    folder: Option<Folder>,
}

impl Local {
    /// Starts everything and returns once it answers.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let listener = listen(options.port).await?;
        let port = listener
            .local_addr()
            .map_or(options.port, |address| address.port());
        let url = format!("http://localhost:{port}");
        // What was asked for is checked before anything is written.
        Template::load(&options.settings)?;
        let folder = match &options.data {
            Data::Folder(path) => Some(Folder::open(path)?),
            Data::InMemory => None,
        };
        let memory = folder.as_ref().map(Folder::clock);
        let started = clock::start(options.clock, memory.as_deref())?;
        let template = Template::load(&settings(&options, &started.clock, &url))?;

        let engine = Engine::start(folder.as_ref().map(Folder::table))?;
        let keeper = memory
            .map(|path| clock::Keeper::start(&started, path))
            .transpose()?;
        fill(&engine, &template, &options).await?;

        let (ses_listener, storage_listener) = (listen(0).await?, listen(0).await?);
        let endpoints = endpoints(&options, &engine, (&ses_listener, &storage_listener))?;
        let wake = Wake::new(());
        let functions = functions::build(&template, &started.clock, &endpoints, &url, &wake)?;
        let clock = started.clock;
        let queues = Arc::new(Queues::open(
            &template.queues,
            folder.as_ref().map(Folder::queues),
        )?);
        let router = router(&url, &template, &functions, &clock, folder.as_ref())?;
        let mailing = Post {
            template: &template,
            functions: &functions,
            queues: &queues,
            clock: &clock,
            options: &options,
            folder: folder.as_ref(),
        };
        let (callers, streams, storage) = Callers::start(&mailing, &engine, &wake)?;
        let desk = callers.desk();
        let pages = pages(&callers, &desk, port);
        Ok(Self {
            server: Server::start(listener, pages.fallback_service(router)),
            ses_server: Server::start(ses_listener, mail::router(callers.ses.clone())),
            storage_server: Server::start(storage_listener, storage::router(storage)),
            by_the_clock: options.run_schedules.then(|| callers.schedules.by_the_clock()),
            callers,
            desk,
            url,
            clock,
            notice: started.notice,
            template,
            functions,
            streams,
            queues,
            ses_endpoint: endpoints.mail,
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

    /// The embedded engine's own endpoint, with nothing between.
    pub fn dynamodb_endpoint(&self) -> &str {
        self.engine.endpoint()
    }

    /// A client of the table, for whoever looks behind the product.
    pub fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        table::client(self.engine.endpoint())
    }

    /// The mails that were sent so far, newest first.
    pub fn mailbox(&self) -> Vec<Mail> {
        self.callers.ses.mails()
    }

    /// Where SES is, on its real wire.
    pub fn ses_endpoint(&self) -> &str {
        &self.ses_endpoint
    }

    /// What a queue of the template holds, by its logical ID, oldest first.
    pub fn queue(&self, name: &str) -> Vec<Json> {
        self.queues.messages(name)
    }

    /// Waits until the mails that came in so far have been dealt with, the runs of schedules that began have ended,
    /// everything that has been written has been handed to the functions that the table's stream calls, what became of
    /// their mails has been told, and what that wrote has been handed over as well.
    pub async fn settle(&self) {
        self.callers.settle().await;
    }

    /// Runs a schedule of the template now, by the event's name in kebab case, and settles (for half a minute at most).
    /// The function is called once, whether the schedule is enabled or not.
    pub async fn run_schedule(&self, name: &str) -> Result<ScheduleRun, ScheduleError> {
        self.desk.run(name).await
    }

    /// Calls a function by its package with an event, as AWS would.
    pub async fn invoke(&self, function: &str, event: Json) -> Result<Json, Failure> {
        match self.functions.get(function) {
            Some(invoke) => invoke(event).await,
            None => Err(Failure),
        }
    }

    /// Finishes what is under way, closes the data and returns.
    pub async fn stop(self) {
        drop(self.by_the_clock);
        self.server.stop().await;
        let Callers {
            inbound,
            schedules,
            ses,
            ..
        } = self.callers;
        if !within(schedules.quiet()).await {
            tracing::warn!("a run of a schedule was not waited for");
        }
        if !within(inbound.quiet()).await {
            tracing::info!("some mails that came in will be dealt with after the next start");
        }
        self.streams.stop().await;
        if !within(ses.quiet()).await {
            tracing::info!("what became of some mails will be told after the next start");
        }
        self.ses_server.stop().await;
        self.storage_server.stop().await;
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

async fn listen(port: u16) -> Result<TcpListener, StartError> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::AddrInUse => StartError::PortInUse(port),
            _ => StartError::Port(port, error),
        })
}

/// Where the functions find AWS's services.
fn endpoints(
    options: &Options,
    engine: &Engine,
    (ses, storage): (&TcpListener, &TcpListener),
) -> Result<Endpoints, StartError> {
    let url = |listener: &TcpListener| {
        let address = listener.local_addr();
        address
            .map(|address| format!("http://{address}"))
            .map_err(|error| StartError::Port(0, error))
    };
    Ok(Endpoints {
        table: match &options.endpoint_override {
            Some(endpoint) => endpoint(engine.endpoint()),
            None => engine.endpoint().to_owned(),
        },
        mail: url(ses)?,
        storage: url(storage)?,
    })
}

/// What was set, the portal at the runner's own address, and without a clock of its own a campaign around today.
fn settings(options: &Options, clock: &Clock, url: &str) -> std::collections::BTreeMap<String, String> {
    let mut settings = options.settings.clone();
    settings
        .entry("PortalUrl".to_owned())
        .or_insert_with(|| url.to_owned());
    if options.clock.is_none()
        && let Some((opens, deadline)) = clock::campaign_around(clock.now())
    {
        settings.entry("CampaignOpens".to_owned()).or_insert(opens);
        settings.entry("CampaignDeadline".to_owned()).or_insert(deadline);
    }
    settings
}

/// Makes the table and what a newcomer finds in it.
async fn fill(engine: &Engine, template: &Template, options: &Options) -> Result<(), StartError> {
    let client = table::client(engine.endpoint());
    table::ensure(&client, &template.table).await?;
    demonstration::write(&client, &template.table.name).await?;
    for (eservice, first) in &options.first_references {
        demonstration::first_reference(&client, &template.table.name, *eservice, *first).await?;
    }
    Ok(())
}

/// The mailbox, where mail comes in, and the schedules.
fn pages(callers: &Callers, desk: &Desk, port: u16) -> Router {
    let Callers {
        inbound,
        schedules,
        ses,
        ..
    } = callers;
    mail::page::router(ses.clone(), schedules.clone())
        .merge(inbound::router(inbound.clone(), ses.clone(), port))
        .merge(schedule::router(desk.clone(), port))
}

fn router(
    url: &str,
    template: &Template,
    functions: &Functions,
    clock: &Clock,
    folder: Option<&Folder>,
) -> Result<Router, StartError> {
    let key = match folder {
        Some(folder) => SigningKey::load(&folder.signing_key())?,
        None => SigningKey::generate()?,
    };
    // The runner answers at its own address where Cognito would at its, so tokens name that as their issuer.
    let issuer = functions::here(&template.authorizer.issuer, url);
    let verification = VerificationKey::new(&key.public()).into_iter().collect();
    let authorizer = Authorizer::new(issuer.clone(), template.authorizer.audience.clone(), verification);
    let gateway = Gateway::new(template, functions, authorizer, clock.clone());
    let sign_in = SignIn::new(
        key,
        template.user_pool.clone(),
        (issuer, url.to_owned()),
        trigger(template, functions),
        clock.clone(),
    );
    let gateway = Router::new()
        .fallback(gateway::serve)
        .with_state(Arc::new(gateway));
    Ok(sign_in::router(Arc::new(sign_in)).fallback_service(gateway))
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
