//! Services that speak the AWS JSON 1.1 protocol, on the SDK's own runtime, with its signature, retries and time limits.
//!
//! For services of which the product needs a few operations. Their generated clients have hundreds, and Cognito's alone would
//! take a sixth of a build. A call names its operation and its members as the service's API reference does.

use std::fmt;

use aws_runtime::auth::SigningOptions;
use aws_runtime::retries::classifiers::AwsErrorCodeClassifier;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime::client::retries::classifiers::{HttpStatusCodeClassifier, TransientErrorClassifier};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::client::runtime_plugin::SharedRuntimePlugin;
use aws_smithy_runtime_api::http::HttpError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::error::metadata::{ErrorMetadata, ProvideErrorMetadata};
use aws_types::SdkConfig;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::aws::signed_calls;

#[cfg(test)]
mod tests;

/// A service, as its API reference describes it.
#[derive(Debug, Clone, Copy)]
pub struct Service {
    /// What logs and messages call it.
    pub name: &'static str,
    /// What its host's name begins with, and what a call is signed for.
    id: &'static str,
    /// What its operations' names are prefixed with in `X-Amz-Target`.
    target: &'static str,
}

/// Amazon Cognito user pools.
pub const COGNITO: Service = Service {
    name: "Cognito",
    id: "cognito-idp",
    target: "AWSCognitoIdentityProviderService",
};

/// Amazon EventBridge.
pub const EVENTBRIDGE: Service = Service {
    name: "EventBridge",
    id: "events",
    target: "AWSEvents",
};

/// AWS CodeDeploy.
pub const CODEDEPLOY: Service = Service {
    name: "CodeDeploy",
    id: "codedeploy",
    target: "CodeDeploy_20141006",
};

/// Calls one service.
#[derive(Debug, Clone)]
pub struct Client {
    service: Service,
    endpoint: String,
    calls: SharedRuntimePlugin,
}

/// Why a call has no answer. Its text leaves out the service's message, which may repeat a person's address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallError {
    /// The service refused.
    Refused {
        /// The exception's name, such as `UserNotFoundException`, or the status of an answer that names none.
        code: String,
        /// What the service says of it.
        message: Option<String>,
    },
    /// The call can't be written as JSON.
    Malformed,
    /// No answer came in time.
    Late,
    /// The answer is not what the API reference says.
    Unreadable,
    /// The service could not be reached.
    NotReached,
}

/// A refusal, as the runtime's rules for retries read it.
#[derive(Debug)]
struct Refusal(ErrorMetadata);

/// The members of a refusal. Services write them in different cases.
#[derive(Default, Deserialize)]
struct RefusalBody {
    #[serde(rename = "__type", alias = "code")]
    kind: Option<String>,
    #[serde(alias = "Message")]
    message: Option<String>,
}

impl Client {
    /// Calls the service at the configuration's endpoint, or in its region. Shares the configuration's connections.
    pub fn new(sdk: &SdkConfig, service: Service) -> Self {
        Self {
            service,
            endpoint: sdk
                .endpoint_url()
                .map_or_else(|| endpoint(sdk, service), str::to_owned),
            calls: signed_calls(sdk, service.id, SigningOptions::default()),
        }
    }

    /// The same service at another endpoint, if there is one: that of a stand-in.
    #[must_use]
    pub fn at(mut self, endpoint: Option<&str>) -> Self {
        if let Some(endpoint) = endpoint {
            endpoint.clone_into(&mut self.endpoint);
        }
        self
    }

    /// Calls an operation, and reads what is asked of its answer.
    pub async fn call<A: DeserializeOwned>(
        &self,
        operation: &'static str,
        members: &impl Serialize,
    ) -> Result<A, CallError> {
        let members = serde_json::to_vec(members).map_err(|_| CallError::Malformed)?;
        let request = self
            .request(operation, members)
            .map_err(|_| CallError::Malformed)?;
        let answer = self.operation(operation).invoke(request).await?;
        serde_json::from_slice(&answer).map_err(|_| CallError::Unreadable)
    }

    fn request(&self, operation: &str, members: Vec<u8>) -> Result<HttpRequest, HttpError> {
        let mut request = HttpRequest::new(SdkBody::from(members));
        request.set_method("POST")?;
        request.set_uri("/")?;
        let headers = request.headers_mut();
        headers.insert("content-type", "application/x-amz-json-1.1");
        headers.insert("x-amz-target", format!("{}.{operation}", self.service.target));
        Ok(request)
    }

    /// What a generated client does with a request.
    fn operation(&self, operation: &'static str) -> Operation<HttpRequest, Vec<u8>, Refusal> {
        Operation::builder()
            .service_name(self.service.name)
            .operation_name(operation)
            .endpoint_url(&self.endpoint)
            .runtime_plugin(self.calls.clone())
            .with_connection_poisoning()
            .retry_classifier(TransientErrorClassifier::<Refusal>::new())
            .retry_classifier(AwsErrorCodeClassifier::<Refusal>::new())
            .retry_classifier(HttpStatusCodeClassifier::default())
            .serializer(|request: HttpRequest| Ok(request))
            .deserializer(read)
            .build()
    }
}

/// A service's own address in a region. The names of China's regions end otherwise.
fn endpoint(sdk: &SdkConfig, service: Service) -> String {
    let region = sdk.region().map(AsRef::as_ref).unwrap_or_default();
    let end = if region.starts_with("cn-") { ".cn" } else { "" };
    format!("https://{}.{region}.amazonaws.com{end}", service.id)
}

/// Reads an answer's body. That of an operation without an output may be empty.
fn read(response: &HttpResponse) -> Result<Vec<u8>, OrchestratorError<Refusal>> {
    let body = response.body().bytes().unwrap_or_default();
    if !response.status().is_success() {
        return Err(OrchestratorError::operation(refusal(response, body)));
    }
    Ok(if body.is_empty() {
        b"{}".to_vec()
    } else {
        body.to_vec()
    })
}

/// The protocol's rules for errors: the exception's name is in a header or in the body, maybe after a namespace and before an
/// address (Smithy, "AWS JSON 1.1 protocol", Operation error serialization).
fn refusal(response: &HttpResponse, body: &[u8]) -> Refusal {
    let body: RefusalBody = serde_json::from_slice(body).unwrap_or_default();
    let header = response.headers().get("x-amzn-errortype").map(str::to_owned);
    let named = header.or(body.kind).map(|kind| {
        let end = kind.split(':').next().unwrap_or_default();
        end.rsplit('#').next().unwrap_or_default().to_owned()
    });
    let code = named.unwrap_or_else(|| response.status().as_u16().to_string());
    let mut metadata = ErrorMetadata::builder().code(code);
    if let Some(message) = body.message {
        metadata = metadata.message(message);
    }
    Refusal(metadata.build())
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Refusal {}

impl ProvideErrorMetadata for Refusal {
    fn meta(&self) -> &ErrorMetadata {
        &self.0
    }
}

impl From<SdkError<Refusal, HttpResponse>> for CallError {
    fn from(error: SdkError<Refusal, HttpResponse>) -> Self {
        match error {
            SdkError::ServiceError(refused) => Self::Refused {
                code: refused.err().code().unwrap_or("no code").to_owned(),
                message: refused.err().message().map(str::to_owned),
            },
            SdkError::TimeoutError(_) => Self::Late,
            SdkError::ResponseError(_) => Self::Unreadable,
            _ => Self::NotReached,
        }
    }
}

impl CallError {
    /// The exception's name, if the service refused.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused { code, .. } => Some(code),
            Self::Malformed | Self::Late | Self::Unreadable | Self::NotReached => None,
        }
    }

    /// Its text with the service's message, for an operator's eyes.
    pub fn with_message(&self) -> String {
        match self {
            Self::Refused {
                message: Some(message),
                ..
            } => format!("{self}: {message}"),
            _ => self.to_string(),
        }
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Refused { code, .. } => code,
            Self::Malformed => "malformed",
            Self::Late => "it took too long",
            Self::Unreadable => "its answer can't be read",
            Self::NotReached => "it was not reached",
        })
    }
}

impl std::error::Error for CallError {}
