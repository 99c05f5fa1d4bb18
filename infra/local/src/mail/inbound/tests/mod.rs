//! Mail that comes in, over the runner's own wire and with functions that record what they are called with.

mod refused;
mod told;

use std::path::Path;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum::response::Response;
use countersign_platform::lambda::{Failure, Invoke};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::json;

use super::*;
use crate::callee::Callee;
use crate::mail::{Ses, Topics};
use crate::server::Server;
use crate::template::{Bucket, Unattended};

const BUCKET: &str = "countersign-InboundMail";
const DOMAIN: &str = "countersign.example";
const TOKEN: &str = "approve+abcdefghijklmnopqrstuvwxyz@countersign.example";
const ENVELOPE: &str = "from=checker@abc.example&to=approve%2Babcdefghijklmnopqrstuvwxyz@countersign.example";

const MESSAGE: &str = "From: \"Wong, D\" <checker@abc.example>\r\nTo: Countersign <approve@countersign.example>\r\n\
     Cc: other@abc.example\r\nSubject: Re: =?utf-8?Q?=E5=B7=B2?=\r\n folded\r\nDate: Tue, 7 Feb 2023 10:45:00 +0800\r\n\
     Message-ID: <reply-1@abc.example>\r\n\r\nCONFIRM DA3_00013361\r\n";

/// Receiving with one rule, whose function notes what it is called with.
struct Stage {
    inbound: Arc<Inbound>,
    queues: Arc<Queues>,
    told: Arc<Mutex<Vec<Json>>>,
    url: String,
    _server: Server,
}

/// How a stage is set.
struct Setting<'a> {
    recipients: &'a [&'a str],
    scans: bool,
    /// How many calls of the function fail before one succeeds.
    failing_calls: usize,
    folder: Option<&'a Path>,
}

impl Default for Setting<'_> {
    fn default() -> Self {
        Self {
            recipients: &[DOMAIN],
            scans: true,
            failing_calls: 0,
            folder: None,
        }
    }
}

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

fn rule(setting: &Setting<'_>, invoke: Invoke) -> Rule {
    let recipients = setting.recipients.iter();
    Rule {
        rule: ReceiptRule {
            logical_id: "MailRule".to_owned(),
            recipients: recipients.map(|&one| one.to_owned()).collect(),
            scans: setting.scans,
            bucket: BUCKET.to_owned(),
            function: "EmailApprovalFunction".to_owned(),
        },
        subscriber: Subscriber {
            callee: Callee::new("EmailApprovalFunction", invoke, Duration::from_secs(5)),
            unattended: Unattended {
                retries: 2,
                on_failure: Some("UnreadMail".to_owned()),
            },
            longest_pause: Duration::from_millis(20),
        },
    }
}

async fn stage(setting: Setting<'_>) -> Stage {
    let told = Arc::default();
    let clock = Clock::starting_at("2023-02-07T02:45:00Z".parse().unwrap());
    let buckets = [Bucket {
        name: BUCKET.to_owned(),
        days: Some(30),
    }];
    let objects = setting.folder.map(|folder| folder.join("objects"));
    let storage = Arc::new(Storage::open(&buckets, objects, clock.clone()).unwrap());
    let queues = Arc::new(Queues::open(&["UnreadMail".to_owned()], None).unwrap());
    let rules = vec![rule(&setting, recorder(&told, setting.failing_calls))];
    let file = setting.folder.map(|folder| folder.join("inbound.json"));
    let inbound = Inbound::open(rules, DOMAIN, storage, queues.clone(), clock.clone(), file).unwrap();
    let inbound = Arc::new(inbound);
    inbound.resume();
    let topics = Topics::new(BTreeMap::new(), queues.clone(), clock.clone());
    let settings = Template::load(&BTreeMap::new()).unwrap().mail;
    let ses = Ses::open(settings, topics, queues.clone(), clock, None, None).unwrap();
    let ses = Arc::new(ses);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    Stage {
        _server: Server::start(listener, router(inbound.clone(), ses, port)),
        url: format!("http://127.0.0.1:{port}"),
        inbound,
        queues,
        told,
    }
}

impl Stage {
    async fn call(&self, query: &str, headers: &[(&str, &str)], message: impl Into<Body>) -> Response {
        let mut request = Request::post(format!("{}/mailbox/inbound?{query}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let client = Client::builder(TokioExecutor::new()).build_http();
        let answer = client.request(request.body(message.into()).unwrap()).await;
        answer.unwrap().map(Body::new)
    }

    /// The status and the body that a message is answered with.
    async fn post(&self, query: &str, message: impl Into<Body>) -> (u16, Json) {
        answer(self.call(query, &[], message).await).await
    }

    /// The ID of a message that is taken.
    async fn taken(&self, query: &str, message: &str) -> String {
        let (status, body) = self.post(query, message.to_owned()).await;
        assert_eq!(status, 202, "{body}");
        body["messageId"].as_str().unwrap().to_owned()
    }

    /// The events that the function was told of, when no call is under way.
    async fn told(&self) -> Vec<Json> {
        self.inbound.quiet().await;
        self.told.lock().unwrap().clone()
    }

    /// The receipt of the one mail that the function was told of last.
    async fn receipt(&self) -> Json {
        self.told().await.last().unwrap()["Records"][0]["ses"]["receipt"].clone()
    }
}

async fn answer(response: Response) -> (u16, Json) {
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap_or_default())
}
