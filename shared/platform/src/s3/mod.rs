//! Objects of S3, by one call on the SDK's own runtime, with its signature, retries and time limits. The generated client has
//! a hundred operations, which would make it one of the largest crates of a build.

use std::fmt;
use std::future::ready;
use std::mem;

use aws_runtime::auth::SigningOptions;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime::client::retries::classifiers::{HttpStatusCodeClassifier, TransientErrorClassifier};
use aws_smithy_runtime::client::stalled_stream_protection::StalledStreamProtectionInterceptor;
use aws_smithy_runtime_api::client::interceptors::context::{Error, Output};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::client::ser_de::DeserializeResponse;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use aws_smithy_types::config_bag::ConfigBag;
use aws_types::SdkConfig;
use futures_util::StreamExt as _;
use http_body_util::{BodyStream, StreamBody};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::App;
use crate::aws::signed_calls;
use crate::config::Aws;

#[cfg(test)]
mod tests;

/// What S3 wants percent-encoded in a key, and signs as it was sent.
const IN_KEY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'/')
    .remove(b'_')
    .remove(b'~');

/// How much of a refusal is read. S3's own are far shorter.
const MAX_REFUSAL: usize = 16 * 1024;

/// Why there is no object: S3's code for the log, or the status of an answer that has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectError(String);

impl fmt::Display for ObjectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ObjectError {}

/// Asks for an object, which arrives as it is read. Shares the connections of the app's other clients.
pub async fn get_object(app: &App, bucket: &str, key: &str) -> Result<ByteStream, ObjectError> {
    let path = format!("/{}", utf8_percent_encode(key, IN_KEY));
    let request = HttpRequest::get(path).map_err(|error| ObjectError(error.to_string()))?;
    let endpoint = endpoint(&app.config().aws, bucket);
    let answer = operation(app.sdk(), &endpoint).invoke(request).await;
    answer.map_err(|error| match error {
        SdkError::ServiceError(refused) => refused.into_err(),
        _ => ObjectError("no answer".to_owned()),
    })
}

/// The bucket's own address. None of China's regions, whose names end otherwise, receives e-mail.
fn endpoint(aws: &Aws, bucket: &str) -> String {
    match &aws.s3_endpoint {
        // A stand-in has no host name for each bucket.
        Some(local) => format!("{local}/{bucket}"),
        None => format!("https://{bucket}.s3.{}.amazonaws.com", aws.region),
    }
}

/// What the generated client does with a request, given its path below the endpoint.
fn operation(sdk: &SdkConfig, endpoint: &str) -> Operation<HttpRequest, ByteStream, ObjectError> {
    Operation::builder()
        .service_name("S3")
        .operation_name("GetObject")
        .endpoint_url(endpoint)
        .runtime_plugin(signed_calls(sdk, "s3", signing()))
        .interceptor(StalledStreamProtectionInterceptor::default())
        .with_connection_poisoning()
        .retry_classifier(TransientErrorClassifier::<ObjectError>::new())
        .retry_classifier(HttpStatusCodeClassifier::default())
        .serializer(|request: HttpRequest| Ok(request))
        .deserializer_impl(Answer)
        .build()
}

/// How S3 wants a call signed.
fn signing() -> SigningOptions {
    let mut signing = SigningOptions::default();
    signing.double_uri_encode = false;
    signing.normalize_uri_path = false;
    signing.content_sha256_header = true;
    signing
}

/// Reads S3's answer: an object, which is left to the caller, or a refusal, the start of whose body is read first.
#[derive(Debug)]
struct Answer;

impl DeserializeResponse for Answer {
    fn deserialize_streaming_with_config(
        &self,
        response: &mut HttpResponse,
        _: &ConfigBag,
    ) -> Option<Result<Output, OrchestratorError<Error>>> {
        let body = mem::replace(response.body_mut(), SdkBody::taken());
        if response.status().is_success() {
            return Some(Ok(Output::erase(ByteStream::new(body))));
        }
        // The body that stands here then is read in full before the other method gets it.
        *response.body_mut() = start_of(body);
        None
    }

    fn deserialize_nonstreaming_with_config(
        &self,
        response: &HttpResponse,
        _: &ConfigBag,
    ) -> Result<Output, OrchestratorError<Error>> {
        let body = String::from_utf8_lossy(response.body().bytes().unwrap_or_default());
        let code = code_in(&body).map_or_else(|| response.status().as_u16().to_string(), str::to_owned);
        Err(OrchestratorError::operation(Error::erase(ObjectError(code))))
    }
}

/// As much of a body as a refusal may have. Whatever answers in S3's place may do so without end.
fn start_of(body: SdkBody) -> SdkBody {
    let mut read = 0;
    let frames = BodyStream::new(body).take_while(move |frame| {
        let is_wanted = read < MAX_REFUSAL;
        if let Ok(frame) = frame
            && let Some(data) = frame.data_ref()
        {
            read += data.len();
        }
        ready(is_wanted)
    });
    SdkBody::from_body_1_x(StreamBody::new(frames))
}

/// The code of an error document. S3 writes it once, on one line, and without a character that XML escapes.
fn code_in(document: &str) -> Option<&str> {
    let (_, rest) = document.split_once("<Code>")?;
    let (code, _) = rest.split_once("</Code>")?;
    code.bytes()
        .all(|byte| byte.is_ascii_alphanumeric())
        .then_some(code)
}
