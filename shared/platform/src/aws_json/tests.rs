use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::{Credentials, Region, SharedCredentialsProvider};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use super::*;

/// An answer: its status, the header that names an exception, and its body.
type Answer = (u16, Option<&'static str>, &'static str);

/// A service that gives these answers, and keeps what it was sent.
#[derive(Debug, Clone, Default)]
struct Scripted {
    answers: Arc<Mutex<VecDeque<Answer>>>,
    sent: Arc<Mutex<Vec<HttpRequest>>>,
}

impl HttpConnector for Scripted {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        self.sent.lock().unwrap().push(request);
        let (status, kind, body) = self.answers.lock().unwrap().pop_front().unwrap();
        let mut answer = HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body));
        if let Some(kind) = kind {
            answer.headers_mut().insert("x-amzn-errortype", kind);
        }
        HttpConnectorFuture::ready(Ok(answer))
    }
}

/// Calls `AdminGetUser` with these answers waiting; returns what came of it, and what was sent.
async fn called<A: DeserializeOwned>(answers: &[Answer]) -> (Result<A, CallError>, Vec<HttpRequest>) {
    let scripted = Scripted::default();
    scripted.answers.lock().unwrap().extend(answers);
    let wire = SharedHttpConnector::new(scripted.clone());
    let sdk = SdkConfig::builder()
        .region(Region::new("ap-southeast-1"))
        .credentials_provider(SharedCredentialsProvider::new(Credentials::for_tests()))
        .retry_config(RetryConfig::standard().with_initial_backoff(Duration::from_millis(1)))
        .http_client(http_client_fn(move |_, _| wire.clone()))
        .build();
    let client = Client::new(&sdk, COGNITO);
    let answer = client
        .call("AdminGetUser", &json!({ "Username": "a@b.example" }))
        .await;
    let sent = scripted.sent.lock().unwrap().drain(..).collect();
    (answer, sent)
}

#[tokio::test]
async fn a_call_names_its_operation_is_signed_and_reads_its_answer() {
    let (answer, sent) = called::<Value>(&[(200, None, r#"{"Enabled":true}"#)]).await;
    assert_eq!(answer, Ok(json!({ "Enabled": true })));
    let [call] = sent.as_slice() else {
        panic!("{sent:?}")
    };
    assert_eq!(
        (call.method(), call.uri()),
        ("POST", "https://cognito-idp.ap-southeast-1.amazonaws.com/")
    );
    let header = |name| call.headers().get(name).unwrap_or_default();
    assert_eq!(
        header("x-amz-target"),
        "AWSCognitoIdentityProviderService.AdminGetUser"
    );
    assert_eq!(header("content-type"), "application/x-amz-json-1.1");
    let signature = header("authorization");
    assert!(
        signature.contains("/ap-southeast-1/cognito-idp/aws4_request"),
        "{signature}"
    );
    assert!(
        signature.contains("SignedHeaders=content-type;host;x-amz-date;x-amz-target,"),
        "{signature}"
    );
    assert_eq!(call.body().bytes(), Some(&br#"{"Username":"a@b.example"}"#[..]));
}

#[tokio::test]
async fn an_operation_without_an_output_may_answer_nothing() {
    for body in ["", "{}"] {
        let (answer, _) = called::<IgnoredAny>(&[(200, None, body)]).await;
        assert_eq!(answer.map(|_| ()), Ok(()), "{body:?}");
    }
}

/// The cases of Smithy's specification of the protocol.
#[tokio::test]
async fn a_refusal_has_the_exceptions_name_wherever_the_service_writes_it() {
    for (kind, body) in [
        (
            None,
            r#"{"__type":"UserNotFoundException","message":"No a@b.example."}"#,
        ),
        (
            None,
            r#"{"__type":"com.amazonaws.cognito#UserNotFoundException:http://internal.example/","Message":"No a@b.example."}"#,
        ),
        (
            None,
            r#"{"code":"UserNotFoundException","message":"No a@b.example."}"#,
        ),
        (
            Some("UserNotFoundException:http://internal.example/"),
            r#"{"message":"No a@b.example."}"#,
        ),
    ] {
        let (answer, sent) = called::<IgnoredAny>(&[(400, kind, body)]).await;
        let error = answer.unwrap_err();
        assert_eq!(error.code(), Some("UserNotFoundException"), "{body}");
        assert_eq!(error.to_string(), "UserNotFoundException", "no address in a log");
        assert_eq!(error.with_message(), "UserNotFoundException: No a@b.example.");
        assert_eq!(sent.len(), 1, "it is not tried again");
    }
    let (answer, _) = called::<IgnoredAny>(&[(403, None, "<html>Forbidden</html>")]).await;
    assert_eq!(answer.unwrap_err().code(), Some("403"));
}

#[tokio::test]
async fn a_busy_service_is_asked_again_and_not_without_end() {
    let busy = (400, None, r#"{"__type":"TooManyRequestsException"}"#);
    let down = (503, None, "");
    let (answer, sent) = called::<Value>(&[busy, down, (200, None, "{}")]).await;
    assert_eq!((answer, sent.len()), (Ok(json!({})), 3));
    let (answer, sent) = called::<Value>(&[busy, busy, busy]).await;
    assert_eq!(answer.unwrap_err().code(), Some("TooManyRequestsException"));
    assert_eq!(sent.len(), 3);
}

#[tokio::test]
async fn an_answer_that_is_none_of_the_services_is_an_error() {
    for body in ["<html>", "[]", r#"{"Enabled":"#] {
        let (answer, _) = called::<std::collections::BTreeMap<String, Value>>(&[(200, None, body)]).await;
        assert_eq!(answer, Err(CallError::Unreadable), "{body}");
    }
}
