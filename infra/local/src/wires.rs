//! The wires of AWS's services that the functions call, each at a port of its own.

use std::net::Ipv4Addr;
use std::sync::Arc;

use aws_local::cognito::{Cognito, administration};
use aws_local::dynamodb::Engine;
use aws_local::s3::Storage;
use aws_local::server::Server;
use aws_local::{eventbridge, s3, ses};
use tokio::net::TcpListener;

use crate::error::StartError;
use crate::event_sources::EventSources;
use crate::functions::Endpoints;
use crate::options::Options;

/// Where each service will answer. DynamoDB has its own place.
pub(crate) struct Listeners {
    ses: TcpListener,
    storage: TcpListener,
    events: TcpListener,
    users: TcpListener,
}

impl Listeners {
    pub(crate) async fn open() -> Result<Self, StartError> {
        Ok(Self {
            ses: listen(0).await?,
            storage: listen(0).await?,
            events: listen(0).await?,
            users: listen(0).await?,
        })
    }

    /// Where the functions find AWS's services.
    pub(crate) fn endpoints(&self, options: &Options, engine: &Engine) -> Result<Endpoints, StartError> {
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
    ) -> [Server; 4] {
        [
            Server::start(self.ses, ses::router(sources.ses.clone())),
            Server::start(self.storage, s3::router(storage)),
            Server::start(self.events, eventbridge::router(sources.events.clone())),
            Server::start(self.users, administration::router(cognito)),
        ]
    }
}

pub(crate) async fn listen(port: u16) -> Result<TcpListener, StartError> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::AddrInUse => StartError::PortInUse(port),
            _ => StartError::Port(port, error),
        })
}
