//! Everything that a function needs to run, and no business rule: configuration, clock, store, HTTP, start-up.

use std::sync::Arc;

use jiff::Timestamp;

pub mod clock;
pub mod command;
pub mod config;
pub mod http;
pub mod lambda;
pub mod store;
pub mod view;

pub use clock::Clock;
pub use config::Config;

use store::Store;

/// What a function is given: built once, cheap to clone.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    config: Config,
    store: Store,
    clock: Clock,
}

impl App {
    /// Builds the clients that the configuration asks for. Opens no connection yet.
    pub fn new(config: Config, clock: Clock) -> Self {
        let store = Store::new(&config);
        Self {
            inner: Arc::new(Inner { config, store, clock }),
        }
    }

    /// The configuration.
    pub fn config(&self) -> &Config {
        &self.inner.config
    }

    /// The table.
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// The time now, to the millisecond that storage keeps.
    pub fn now(&self) -> Timestamp {
        countersign_domain::time::to_milliseconds(self.inner.clock.now())
    }
}
