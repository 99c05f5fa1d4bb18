//! The adapters that a function runs on: configuration, clock, DynamoDB store, HTTP events, start-up. No rule is here.

use std::sync::Arc;

use aws_config::SdkConfig;
use countersign_domain::form::Terms;
use jiff::Timestamp;

mod aws;
pub mod clock;
pub mod config;
pub mod csv;
pub mod http;
pub mod identity;
pub mod lambda;
pub mod store;

pub use clock::Clock;
pub use config::Config;

use identity::Identity;
use store::{Store, StoreError};

/// What a function is given: built once, cheap to clone.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    config: Config,
    sdk: SdkConfig,
    store: Store,
    clock: Clock,
    identity: Option<Identity>,
}

impl App {
    /// Builds the clients that the configuration asks for. Opens no connection yet.
    pub fn new(config: Config, clock: Clock) -> Self {
        let sdk = aws::sdk_config(&config.aws);
        let inner = Inner {
            store: Store::new(&config, &sdk),
            identity: config.sign_in.clone().map(Identity::new),
            config,
            sdk,
            clock,
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// Builds the clients and opens the connection to the table. A table of another layout is refused.
    pub async fn open(config: Config, clock: Clock) -> Result<Self, StoreError> {
        let app = Self::new(config, clock);
        app.store().open().await?;
        Ok(app)
    }

    /// The configuration.
    pub fn config(&self) -> &Config {
        &self.inner.config
    }

    /// What a form is read by that somebody fills in now.
    pub fn terms(&self) -> Terms<'_> {
        let config = self.config();
        Terms::filled_in(&config.user_id_rule, &config.campaign, self.now())
    }

    /// What a form is read by that was kept at its time.
    pub fn kept_terms(&self) -> Terms<'_> {
        Terms::kept(&self.config().user_id_rule)
    }

    /// What clients of AWS's other services are built from; see [`Config`] for their endpoints. They share the
    /// connections of all clients that were built from it.
    pub fn sdk(&self) -> &SdkConfig {
        &self.inner.sdk
    }

    /// The table.
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// The hosted sign-in; `None` for a function that nobody signs in to.
    pub fn identity(&self) -> Option<&Identity> {
        self.inner.identity.as_ref()
    }

    /// The time now, to the millisecond that storage keeps.
    pub fn now(&self) -> Timestamp {
        countersign_domain::time::to_milliseconds(self.inner.clock.now())
    }
}
