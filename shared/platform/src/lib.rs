//! The adapters that every function runs on: configuration, clock, DynamoDB store, objects of S3, HTTP events, start-up.
//! They know no business rule.

use std::sync::Arc;

use aws_types::SdkConfig;
use countersign_domain::form::Terms;
use jiff::Timestamp;

pub mod aws;
pub mod aws_json;
pub mod clock;
pub mod config;
pub mod csv;
pub mod decode;
mod edge;
pub mod http;
pub mod identity;
pub mod lambda;
pub mod log;
pub mod outgoing;
pub mod queue;
pub mod s3;
pub mod start_up_check;
pub mod store;
pub mod stream;
pub mod telemetry;

pub use clock::Clock;
pub use config::Config;

use identity::{Identity, Issuer};
use store::{Store, StoreError};

/// What a function works with. Built once at start-up; cheap to clone.
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
    issuer: Option<Issuer>,
}

impl App {
    /// Builds the clients that the configuration asks for. Opens no connection.
    pub fn new(config: Config, clock: Clock) -> Self {
        let sdk = aws::sdk_config(&config.aws);
        let inner = Inner {
            store: Store::new(&config, &sdk),
            identity: config.sign_in.clone().map(Identity::new),
            issuer: config.token_issuer.clone().map(Issuer::new),
            config,
            sdk,
            clock,
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// Builds the clients and opens the connection to the table. Fails if the table's items are in another layout.
    pub async fn open(config: Config, clock: Clock) -> Result<Self, StoreError> {
        let app = Self::new(config, clock);
        app.store().open().await?;
        Ok(app)
    }

    /// The configuration that was checked at start-up.
    pub fn config(&self) -> &Config {
        &self.inner.config
    }

    /// The rules for reading a form that someone is filling in now: only options that are offered today are accepted.
    pub fn terms(&self) -> Terms<'_> {
        let config = self.config();
        Terms::filled_in(&config.user_id_rule, &config.campaign, self.now())
    }

    /// The rules for reading a stored form: every option of its definition is accepted.
    pub fn kept_terms(&self) -> Terms<'_> {
        Terms::kept(&self.config().user_id_rule)
    }

    /// The SDK configuration for clients of other AWS services; see [`Config`] for their endpoints. All clients built
    /// from it share their connections.
    pub fn sdk(&self) -> &SdkConfig {
        &self.inner.sdk
    }

    /// The DynamoDB table.
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// The hosted sign-in. `None` for a function that nobody signs in to.
    pub fn identity(&self) -> Option<&Identity> {
        self.inner.identity.as_ref()
    }

    /// The issuer of tokens. `None` for a function that verifies none.
    pub fn issuer(&self) -> Option<&Issuer> {
        self.inner.issuer.as_ref()
    }

    /// The current time, to the millisecond, as the table stores it.
    pub fn now(&self) -> Timestamp {
        countersign_domain::time::to_milliseconds(self.inner.clock.now())
    }
}
