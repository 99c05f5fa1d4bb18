//! DynamoDB: the embedded engine on its real wire, at a port of its own, in a thread of its own; or another engine that
//! answers on that wire elsewhere, such as AWS's DynamoDB Local.

mod sqlite;
pub(crate) mod stream;
mod table;
#[cfg(test)]
mod tests;
mod wire;

use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use dynoxide::Database;
use tokio::sync::oneshot;

pub use stream::Stream;

use crate::cloudformation::Table;
use crate::{Clock, Error, one_line};
use wire::Wire;

/// Threads that serve the wire. The engine itself does one thing at a time.
const WORKERS: usize = 2;

/// A running engine. Dropping it stops the embedded one, without waiting; one elsewhere runs on.
pub struct Engine {
    wire: Wire,
    embedded: Option<Embedded>,
}

struct Embedded {
    database: Database,
    stop: oneshot::Sender<()>,
    thread: thread::JoinHandle<()>,
}

impl Engine {
    /// An engine that already answers at this address.
    pub fn elsewhere(endpoint: &str) -> Self {
        Self {
            wire: Wire::to(endpoint),
            embedded: None,
        }
    }

    /// Opens the table's file, or a store in memory without one, and serves it on a free port.
    pub fn start(file: Option<PathBuf>) -> Result<Self, Error> {
        let database = open(file)?;
        let failed = |error: std::io::Error| Error::Engine(error.to_string());
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(WORKERS)
            .thread_name("table")
            .enable_all()
            .build()
            .map_err(failed)?;
        let (stop, stopped) = oneshot::channel::<()>();
        let served = database.clone();
        // The engine blocks the thread that it works on, so it gets a runtime of its own.
        let thread = thread::spawn(move || {
            let ended = runtime.block_on(async move {
                let listener =
                    tokio::net::TcpListener::from_std(listener).map_err(|error| error.to_string())?;
                let stopped = async move {
                    // A sender that was dropped says the same as one that spoke.
                    let _ = stopped.await;
                };
                dynoxide::server::serve_with_shutdown(listener, served, stopped).await
            });
            if let Err(error) = ended {
                tracing::error!(%error, "the embedded table stopped");
            }
        });
        Ok(Self {
            wire: Wire::to(&format!("http://{address}")),
            embedded: Some(Embedded {
                database,
                stop,
                thread,
            }),
        })
    }

    /// Where the wire is.
    pub fn endpoint(&self) -> &str {
        self.wire.endpoint()
    }

    /// Makes the table unless it is there; one of another shape is refused.
    pub async fn ensure(&self, table: &Table) -> Result<(), Error> {
        table::ensure(&self.wire, table).await
    }

    /// The stream of a table that is there; its records are dated by this clock.
    pub async fn stream(&self, table: &str, clock: Clock) -> Result<Stream, Error> {
        let stream = match &self.embedded {
            Some(embedded) => Stream::of_database(&embedded.database, table, clock),
            None => Stream::on_wire(self.wire.clone(), table, clock).await,
        };
        stream.map_err(Error::Engine)
    }

    /// Finishes what is under way, closes the file and returns. It blocks.
    pub fn stop(self) {
        let Some(embedded) = self.embedded else { return };
        drop(embedded.stop);
        if embedded.thread.join().is_err() {
            tracing::error!("the embedded table did not stop in order");
        }
    }
}

fn open(file: Option<PathBuf>) -> Result<Database, Error> {
    let Some(file) = file else {
        let name = memory();
        let failed = |error: &dyn std::error::Error| Error::Engine(error.to_string());
        let database = Database::new(&name).map_err(|error| failed(&error))?;
        sqlite::ensure_index(&name).map_err(|error| failed(&error))?;
        return Ok(database);
    };
    let refusal = |reason: String| Error::File(file.clone(), reason);
    let name = file
        .to_str()
        .ok_or_else(|| refusal("its name is no Unicode text".to_owned()))?;
    if file.try_exists().map_err(|error| refusal(error.to_string()))? {
        sqlite::check(&file)?;
    }
    let database = Database::new(name).map_err(|error| refusal(one_line(&error)))?;
    sqlite::ensure_index(name).map_err(|error| refusal(one_line(&error)))?;
    Ok(database)
}

/// A name in memory that a second connection of this process can open too, which [`sqlite`] needs.
fn memory() -> String {
    static STARTED: AtomicUsize = AtomicUsize::new(0);
    let number = STARTED.fetch_add(1, Ordering::Relaxed);
    format!("file:/aws-local-{number}?vfs=memdb")
}
