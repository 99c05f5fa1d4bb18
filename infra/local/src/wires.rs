//! The wires of AWS's services that the functions call, each at a port of its own.

use std::net::Ipv4Addr;
use std::sync::Arc;

use aws_local::cognito::{Cognito, administration};
use aws_local::dynamodb::Engine;
use aws_local::iam::Guard;
use aws_local::s3::Storage;
use aws_local::server::Server;
use aws_local::{eventbridge, iam, s3, ses};
use tokio::net::TcpListener;

use crate::error::StartError;
use crate::event_sources::EventSources;
use crate::functions::{Endpoints, access_key};
use crate::options::Options;
use crate::template::Template;

/// Where each service will answer.
pub(crate) struct Listeners {
    ses: TcpListener,
    storage: TcpListener,
    events: TcpListener,
    users: TcpListener,
    /// Where the functions find the table.
    table: String,
    /// What stands before each service, if the functions have their own grants alone.
    guard: Option<Guard>,
    /// The table behind the guard. It answers at once, since functions that start read from it.
    guarded_table: Option<Server>,
}

impl Listeners {
    pub(crate) async fn open(
        options: &Options,
        template: &Template,
        engine: &Engine,
    ) -> Result<Self, StartError> {
        let mut table = match &options.endpoint_override {
            Some(endpoint) => endpoint(engine.endpoint()),
            None => engine.endpoint().to_owned(),
        };
        let is_guarded = options.sam_build.is_some();
        let guard = is_guarded.then(|| Guard::of(template.table.clone(), &template.functions, access_key));
        let mut guarded_table = None;
        if let Some(guard) = &guard {
            let listener = listen(0).await?;
            let behind = std::mem::replace(&mut table, url(&listener)?);
            let router = iam::guarded(iam::table(&behind), guard.clone());
            guarded_table = Some(Server::start(listener, router));
        }
        Ok(Self {
            ses: listen(0).await?,
            storage: listen(0).await?,
            events: listen(0).await?,
            users: listen(0).await?,
            table,
            guard,
            guarded_table,
        })
    }

    /// Where the functions find AWS's services.
    pub(crate) fn endpoints(&self) -> Result<Endpoints, StartError> {
        Ok(Endpoints {
            table: self.table.clone(),
            mail: url(&self.ses)?,
            storage: url(&self.storage)?,
            events: url(&self.events)?,
            users: url(&self.users)?,
        })
    }

    pub(crate) fn serve(
        self,
        sources: &EventSources,
        storage: Arc<Storage>,
        cognito: Arc<Cognito>,
    ) -> Vec<Server> {
        let guard = self.guard;
        let serve = |listener, router| {
            let router = match &guard {
                Some(guard) => iam::guarded(router, guard.clone()),
                None => router,
            };
            Server::start(listener, router)
        };
        let mut servers = vec![
            serve(self.ses, ses::router(sources.ses.clone())),
            serve(self.storage, s3::router(storage)),
            serve(self.events, eventbridge::router(sources.events.clone())),
            serve(self.users, administration::router(cognito)),
        ];
        servers.extend(self.guarded_table);
        servers
    }
}

fn url(listener: &TcpListener) -> Result<String, StartError> {
    let address = listener.local_addr();
    address
        .map(|address| format!("http://{address}"))
        .map_err(|error| StartError::Port(0, error))
}

pub(crate) async fn listen(port: u16) -> Result<TcpListener, StartError> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::AddrInUse => StartError::PortInUse(port),
            _ => StartError::Port(port, error),
        })
}
