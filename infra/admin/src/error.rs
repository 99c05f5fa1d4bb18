//! Why a command could not go on.

use aws_smithy_runtime_api::client::result::SdkError;
use countersign_platform::aws_json::{CallError, Service};
use countersign_platform::log::causes;
use countersign_platform::store::StoreError;

/// Why a command could not go on. A finding is no error: commands report it and set the exit code.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// The deployment could not be found or reached.
    #[error("{0}")]
    Deployment(String),
    /// The table did not answer, or answered something impossible.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// A service of AWS refused a call or did not answer. Holds the service and the reason.
    #[error("{0}: {1}")]
    Aws(&'static str, String),
    /// A file could not be read or written. Holds its name.
    #[error("{0}: {1}")]
    File(String, std::io::Error),
    /// The output could not be written.
    #[error("the output could not be written: {0}")]
    Output(#[from] std::io::Error),
}

impl AdminError {
    /// An error of an SDK's client, with its causes: its own text names the kind alone.
    pub fn aws<E, R>(service: &'static str, error: &SdkError<E, R>) -> Self
    where
        E: std::error::Error + 'static,
        R: std::fmt::Debug + 'static,
    {
        Self::Aws(service, causes(error))
    }

    /// An error of a service that is called without a generated client.
    pub(crate) fn call(service: Service, error: &CallError) -> Self {
        Self::Aws(service.name, error.with_message())
    }
}
