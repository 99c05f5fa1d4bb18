use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, SystemTime};

use aws_sdk_dynamodb::config::{Credentials, Region, SharedCredentialsProvider};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_types::sdk_config::TimeSource;

use super::*;

/// A wire that shows what is sent, and answers with an empty object.
#[derive(Debug, Clone)]
struct Wire(Sender<HttpRequest>);

impl HttpConnector for Wire {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        self.0.send(request).unwrap();
        HttpConnectorFuture::ready(Ok(HttpResponse::new(200.try_into().unwrap(), SdkBody::empty())))
    }
}

/// 24 May 2013, 0:00 UTC.
#[derive(Debug)]
struct DayOfTheExample;

impl TimeSource for DayOfTheExample {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_hours(380_376)
    }
}

/// What is sent for a request by the keys of AWS's examples.
async fn sent(request: HttpRequest, session_token: Option<&str>) -> HttpRequest {
    let (wire, sent) = channel();
    let credentials = Credentials::new(
        "AKIAIOSFODNN7EXAMPLE",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        session_token.map(str::to_owned),
        None,
        "test",
    );
    let wire = SharedHttpConnector::new(Wire(wire));
    let sdk = SdkConfig::builder()
        .region(Region::new("us-east-1"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .time_source(DayOfTheExample)
        .http_client(http_client_fn(move |_, _| wire.clone()))
        .build();
    let operation = operation(&sdk, "https://examplebucket.s3.amazonaws.com");
    operation.invoke(request).await.unwrap();
    sent.recv().unwrap()
}

/// "Signature Calculations for the Authorization Header: Transferring Payload in a Single Chunk", Amazon S3 API Reference.
#[tokio::test]
async fn a_call_is_signed_as_in_the_example_of_s3s_reference() {
    let mut request = HttpRequest::get("/test.txt").unwrap();
    request.headers_mut().insert("range", "bytes=0-9");
    let sent = sent(request, None).await;
    assert_eq!(sent.uri(), "https://examplebucket.s3.amazonaws.com/test.txt");
    assert_eq!(
        sent.headers().get("x-amz-content-sha256"),
        Some("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    );
    assert_eq!(
        sent.headers().get("authorization"),
        Some(
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, \
             SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, \
             Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
        )
    );
}

#[tokio::test]
async fn a_functions_session_token_is_sent_and_signed() {
    let sent = sent(HttpRequest::get("/test.txt").unwrap(), Some("session")).await;
    assert_eq!(sent.headers().get("x-amz-security-token"), Some("session"));
    let signature = sent.headers().get("authorization").unwrap();
    assert!(
        signature.contains("x-amz-date;x-amz-security-token,"),
        "{signature}"
    );
}

#[test]
fn a_bucket_has_its_own_host_and_on_this_machine_a_path() {
    let mut aws = Aws {
        region: "ap-southeast-1".to_owned(),
        access_key: String::new(),
        secret_key: String::new(),
        session_token: None,
        dynamodb_endpoint: None,
        ses_endpoint: None,
        s3_endpoint: None,
        eventbridge_endpoint: None,
        cognito_endpoint: None,
    };
    assert_eq!(
        endpoint(&aws, "mail"),
        "https://mail.s3.ap-southeast-1.amazonaws.com"
    );
    aws.s3_endpoint = Some("http://127.0.0.1:1".to_owned());
    assert_eq!(endpoint(&aws, "mail"), "http://127.0.0.1:1/mail");
}

#[test]
fn a_key_is_encoded_but_for_what_s3_leaves_as_it_is() {
    let encoded = utf8_percent_encode("a/B-._~9 +&?Ä", IN_KEY).to_string();
    assert_eq!(encoded, "a/B-._~9%20%2B%26%3F%C3%84");
}

#[test]
fn the_code_of_a_refusal_is_read_and_nothing_else_is_taken_for_one() {
    for (document, code) in [
        (
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>NoSuchKey</Code><Message>x</Message></Error>",
            Some("NoSuchKey"),
        ),
        ("<Error><Code>NoSuch\nKey</Code></Error>", None),
        ("<Error><Code>NoSuchKey", None),
        ("<html>Bad Gateway</html>", None),
        ("", None),
    ] {
        assert_eq!(code_in(document), code, "{document}");
    }
}
