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
use countersign_platform::lambda::{Failure, Invoke};
use serde_json::{Value as Json, json};

use super::*;
use crate::callee::Callee;
use crate::server::Server;
use crate::template::{REGION, Unattended};
use crate::unattended::Subscriber;

const FROM: &str = "Countersign <no-reply@countersign.example>";
const SET: &str = "countersign-MailConfiguration";

/// SES with one function that listens to what it tells.
struct Stage {
    ses: Arc<Ses>,
    queues: Arc<Queues>,
    client: Client,
    told: Arc<Mutex<Vec<Json>>>,
    _server: Server,
}

/// How a stage is set.
#[derive(Default)]
struct Setting {
    faults: Option<SesFaults>,
    /// How many calls of the function fail before one succeeds.
    failing_calls: usize,
    folder: Option<Folder>,
}

fn settings() -> Settings {
    Settings {
        domain: "countersign.example".to_owned(),
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

/// A function that notes what it is called with, and fails so many times before.
fn recorder(told: &Arc<Mutex<Vec<Json>>>, failing_calls: usize) -> Invoke {
    let (told, failed) = (told.clone(), Mutex::new(0));
    Arc::new(move |event| {
        let mut failed = failed.lock().unwrap();
        let answer = if *failed < failing_calls {
            *failed += 1;
            Err(Failure)
        } else {
            told.lock().unwrap().push(event);
            Ok(Json::Null)
        };
        Box::pin(async { answer })
    })
}

async fn stage(setting: Setting) -> Stage {
    let told = Arc::default();
    let clock = Clock::starting_at("2023-02-07T02:43:00Z".parse().unwrap());
    let queues = Arc::new(Queues::open(&["Unread".to_owned()], None).unwrap());
    let subscriber = Subscriber {
        callee: Callee::new(
            "Feedback",
            recorder(&told, setting.failing_calls),
            Duration::from_secs(5),
        ),
        unattended: Unattended {
            retries: 2,
            on_failure: Some("Unread".to_owned()),
        },
        longest_pause: Duration::from_millis(20),
    };
    let subscribers = BTreeMap::from([("Topic".to_owned(), vec![subscriber])]);
    let topics = Topics::new(subscribers, queues.clone(), clock.clone());
    let folder = setting.folder.as_ref();
    let ses = Ses::open(settings(), topics, queues.clone(), clock, setting.faults, folder).unwrap();
    let ses = Arc::new(ses);
    ses.resume();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = client(&format!("http://{}", listener.local_addr().unwrap()));
    Stage {
        _server: Server::start(listener, router(ses.clone())),
        ses,
        queues,
        client,
        told,
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
        self.ses.quiet().await;
        let told = self.told.lock().unwrap();
        let message = |event: &Json| {
            let message = event["Records"][0]["Sns"]["Message"].as_str().unwrap();
            serde_json::from_str(message).unwrap()
        };
        told.iter().map(message).collect()
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
