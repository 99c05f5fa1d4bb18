//! The stand-in for SES, through the real SDK and with functions that record what they are called with.

mod attached;
mod kept;
mod refused;
mod told;

use std::collections::BTreeMap;
use std::sync::Mutex;

use aws_sdk_sesv2::config::retry::RetryConfig;
use aws_sdk_sesv2::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_sesv2::error::SdkError;
use aws_sdk_sesv2::operation::send_email::SendEmailError;
use aws_sdk_sesv2::operation::send_email::builders::SendEmailFluentBuilder;
use aws_sdk_sesv2::types::{
    Attachment as Given, AttachmentContentDisposition, AttachmentContentTransferEncoding, Body, Content,
    Destination, EmailContent, Message, MessageHeader, MessageTag, RawMessage,
};
use aws_sdk_sesv2::{Client, primitives::Blob};
use serde_json::{Value as Json, json};

use super::*;
use crate::REGION;
use crate::clock::tests::TestClock;
use crate::cloudformation::EventDestination;
use crate::server::Server;
use crate::sqs::Queues;
use crate::testing::{QUEUE, queues, recorder, target};

const FROM: &str = "Example <no-reply@mail.example>";
const SET: &str = "MailConfiguration";

/// SES with one function that listens to what it tells.
struct Stage {
    ses: Arc<Ses>,
    queues: Arc<Queues>,
    client: Client,
    told: Arc<Mutex<Vec<Json>>>,
    failing_calls: usize,
    _server: Server,
}

/// How a stage is set.
#[derive(Default)]
struct Setting {
    faults: Option<SesFaults>,
    /// How many calls of the function fail before one succeeds.
    failing_calls: usize,
    folder: Option<PathBuf>,
}

fn settings() -> Settings {
    Settings {
        domain: "mail.example".to_owned(),
        configuration_set: SET.to_owned(),
        suppressed_reasons: vec!["BOUNCE".to_owned(), "COMPLAINT".to_owned()],
        destinations: vec![EventDestination {
            events: ["BOUNCE", "COMPLAINT", "DELIVERY_DELAY"]
                .map(str::to_owned)
                .to_vec(),
            topic: "Topic".to_owned(),
        }],
    }
}

async fn stage(setting: Setting) -> Stage {
    let told = Arc::default();
    let clock = TestClock::at("2023-02-07T02:43:00Z").clock();
    let queues = queues();
    let subscriber = target(
        "Feedback",
        recorder(&told, setting.failing_calls, Json::Null),
        &queues,
        &clock,
    );
    let topics = Topics::new(
        BTreeMap::from([("Topic".to_owned(), vec![subscriber])]),
        clock.clone(),
    );
    let files = setting
        .folder
        .map(|folder| (folder.join("mails.jsonl"), folder.join("suppressed.json")));
    let ses = Ses::open(settings(), topics, clock, setting.faults, files).unwrap();
    ses.resume();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = client(&format!("http://{}", listener.local_addr().unwrap()));
    Stage {
        _server: Server::start(listener, router(ses.clone())),
        ses,
        queues,
        client,
        told,
        failing_calls: setting.failing_calls,
    }
}

fn client(endpoint: &str) -> Client {
    let config = aws_sdk_sesv2::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static(REGION))
        .endpoint_url(endpoint)
        .credentials_provider(Credentials::new("notify", "local", None, None, "test"))
        .retry_config(RetryConfig::disabled())
        .http_client(aws_smithy_http_client::Builder::new().build_http());
    Client::from_conf(config.build())
}

fn text(data: &str) -> Content {
    Content::builder().data(data).charset("UTF-8").build().unwrap()
}

fn content(headers: &[(&str, &str)]) -> EmailContent {
    let headers = headers.iter().map(|(name, value)| {
        MessageHeader::builder()
            .name(*name)
            .value(*value)
            .build()
            .unwrap()
    });
    let body = Body::builder()
        .text(text("Guten Tag — 你好"))
        .html(text("<p>Hello</p>"));
    let message = Message::builder()
        .subject(text("Claimed – 已認領"))
        .body(body.build())
        .set_headers(Some(headers.collect()));
    EmailContent::builder().simple(message.build()).build()
}

impl Stage {
    fn mail(&self, to: &[&str]) -> SendEmailFluentBuilder {
        let to = to.iter().map(|&to| to.to_owned()).collect();
        self.client
            .send_email()
            .from_email_address(FROM)
            .destination(Destination::builder().set_to_addresses(Some(to)).build())
            .content(content(&[("Auto-Submitted", "auto-generated")]))
            .configuration_set_name(SET)
    }

    async fn send(&self, to: &[&str]) -> String {
        let sent = self.mail(to).send().await.unwrap();
        sent.message_id().unwrap().to_owned()
    }

    /// The events that the function was told of, when there is nothing left to tell.
    async fn told(&self) -> Vec<Json> {
        self.ses.under_way().quiet().await;
        let told = self.told.lock().unwrap();
        let message = |event: &Json| {
            let message = event["Records"][0]["Sns"]["Message"].as_str().unwrap();
            serde_json::from_str(message).unwrap()
        };
        told.iter().skip(self.failing_calls).map(message).collect()
    }
}

/// The exception that a mail is refused with, and what it says.
async fn refusal(mail: SendEmailFluentBuilder) -> (String, String) {
    match mail.send().await {
        Err(SdkError::ServiceError(error)) => {
            let meta = error.err().meta();
            (
                meta.code().unwrap_or_default().to_owned(),
                meta.message().unwrap_or_default().to_owned(),
            )
        }
        other => panic!("{other:?}"),
    }
}

/// A mail that was sent, and asks for answers.
pub(crate) fn mail(subject: &str, text: &str) -> Mail {
    Mail {
        id: "0100-1-000000".to_owned(),
        sent_at: "2023-02-07T02:43:00Z".parse().unwrap(),
        message: Outgoing {
            from: FROM.to_owned(),
            to: vec!["D Wong <bob@abc.example>".to_owned()],
            reply_to: vec!["answers@mail.example".to_owned()],
            subject: subject.to_owned(),
            text: Some(text.to_owned()),
            html: None,
            attachments: Vec::new(),
            headers: vec![Header {
                name: "References".to_owned(),
                value: "<first@a.example> <second@a.example>".to_owned(),
            }],
            tags: BTreeMap::new(),
            configuration_set: None,
        },
        outcomes: vec![DeliveryOutcome::Delivered],
    }
}
