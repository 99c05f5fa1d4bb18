//! The whole product on this machine: what `cargo run` starts, and what the tests start by the dozen.
//!
//! It reads template.yaml and stands in for the cloud around the very functions that run there: [`template`] is what
//! the file says, `gateway` stands in for API Gateway, `engine` for DynamoDB (on its real wire), `sign_in` for Cognito.
//! [`Local::start`] puts them together.

pub mod demonstration;
pub mod options;
pub mod template;

mod clock;
mod data;
mod engine;
mod error;
mod functions;
mod gateway;
mod sign_in;
mod table;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use countersign_platform::Clock;
use countersign_platform::lambda::{Failure, Invoke};
use serde_json::Value as Json;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub use error::StartError;
pub use functions::binaries;
pub use options::Options;

use data::Folder;
use engine::Engine;
use functions::Functions;
use gateway::{Authorizer, Gateway, VerificationKey};
use options::Data;
use sign_in::{SignIn, SigningKey};
use template::Template;

/// How long a stop waits for calls that are under way.
const STOP_WITHIN: Duration = Duration::from_secs(5);

/// The running product. Dropping it stops it too, without waiting for what is under way.
pub struct Local {
    url: String,
    clock: Clock,
    notice: Option<String>,
    template: Template,
    functions: Functions,
    server: Server,
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

        let seen_by_functions = match &options.endpoint_override {
            Some(endpoint) => endpoint(engine.endpoint()),
            None => engine.endpoint().to_owned(),
        };
        let functions = functions::build(&template, &started.clock, &seen_by_functions, &url)?;
        let router = router(&url, &template, &functions, &started.clock, folder.as_ref())?;
        Ok(Self {
            server: Server::start(listener, router),
            url,
            clock: started.clock,
            notice: started.notice,
            template,
            functions,
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

    /// Calls a function by its package with an event, as AWS would.
    pub async fn invoke(&self, function: &str, event: Json) -> Result<Json, Failure> {
        match self.functions.get(function) {
            Some(invoke) => invoke(event).await,
            None => Err(Failure),
        }
    }

    /// Finishes what is under way, closes the data and returns.
    pub async fn stop(self) {
        self.server.stop().await;
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

async fn listen(port: u16) -> Result<TcpListener, StartError> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::AddrInUse => StartError::PortInUse(port),
            _ => StartError::Port(port, error),
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

/// The HTTP server.
struct Server {
    stop: oneshot::Sender<()>,
    task: JoinHandle<std::io::Result<()>>,
}

impl Server {
    fn start(listener: TcpListener, router: Router) -> Self {
        let (stop, stopped) = oneshot::channel::<()>();
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let server = axum::serve(listener, service).with_graceful_shutdown(async {
            // A sender that was dropped says the same as one that spoke.
            let _ = stopped.await;
        });
        Self {
            stop,
            task: tokio::spawn(server.into_future()),
        }
    }

    async fn stop(mut self) {
        drop(self.stop);
        if tokio::time::timeout(STOP_WITHIN, &mut self.task).await.is_err() {
            self.task.abort();
        }
    }
}
