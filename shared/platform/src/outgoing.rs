//! HTTP calls that the SDK has no client for: the hosted sign-in, and a deployment's own addresses. Uses the SDK's HTTP client,
//! so that the binary needs no second one.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext};
use aws_smithy_runtime_api::client::http::HttpConnector as _;
use aws_smithy_runtime_api::http::Request;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;

use crate::aws::tls_context;
use crate::log::causes;

#[cfg(test)]
mod tests;

/// The longest wait for an answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(4);

/// The HTTP client for both schemes. Only what runs on this machine uses plain `http`.
pub struct Outgoing {
    plain: Connector,
    secure: Connector,
}

/// Why no answer came, for the log or the operator.
#[derive(Debug)]
pub struct Unanswered(pub String);

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The headers by their names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body as it came.
    pub body: Vec<u8>,
}

impl Default for Outgoing {
    /// Trusts the roots of AWS's endpoints alone, which saves a function from reading a store.
    fn default() -> Self {
        Self::with(tls_context(false))
    }
}

impl Outgoing {
    /// Trusts this machine's root certificates as well, or those in the file that `SSL_CERT_FILE` names: a deployment's own
    /// domain may have a certificate of any authority.
    pub fn trusting_this_machine() -> Self {
        Self::with(tls_context(true))
    }

    fn with(context: TlsContext) -> Self {
        Self {
            plain: Connector::builder().build_http(),
            secure: Connector::builder()
                .tls_provider(Provider::Rustls(CryptoMode::Ring))
                .tls_context(context)
                .build(),
        }
    }

    /// Gets an address. Follows no redirect.
    pub async fn get(&self, url: &str) -> Result<Answer, Unanswered> {
        let request = Request::get(url).map_err(|error| Unanswered(causes(&error)))?;
        self.send(request).await
    }

    /// Posts a form.
    pub async fn post(&self, url: &str, form: String) -> Result<Answer, Unanswered> {
        let mut request = Request::new(SdkBody::from(form));
        request
            .set_method("POST")
            .map_err(|error| Unanswered(causes(&error)))?;
        request
            .set_uri(url.to_owned())
            .map_err(|error| Unanswered(causes(&error)))?;
        request
            .headers_mut()
            .insert("content-type", "application/x-www-form-urlencoded");
        self.send(request).await
    }

    async fn send(&self, request: Request) -> Result<Answer, Unanswered> {
        let is_secure = request.uri().starts_with("https:");
        let connector = if is_secure { &self.secure } else { &self.plain };
        let answered = async {
            let response = connector
                .call(request)
                .await
                .map_err(|error| Unanswered(causes(&error)))?;
            let status = response.status().as_u16();
            let headers = response.headers().iter();
            let headers = headers
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect();
            let body = ByteStream::new(response.into_body()).collect().await;
            let body = body.map_err(|error| Unanswered(causes(&error)))?;
            Ok(Answer {
                status,
                headers,
                body: body.to_vec(),
            })
        };
        tokio::time::timeout(ANSWER_WITHIN, answered)
            .await
            .unwrap_or_else(|_| Err(Unanswered("it takes too long".to_owned())))
    }
}
