//! Mail that comes in, over the runner's own wire and with functions that record what they are called with.

mod refused;
mod told;

use std::path::Path;

use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum::response::Response;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::json;

use super::*;
use crate::clock::tests::TestClock;
use crate::cloudformation::Bucket;
use crate::console;
use crate::server::Server;
use crate::sqs::Queues;
use crate::testing::{QUEUE, console_of, queues, recorder, target};

const BUCKET: &str = "InboundMail";
const DOMAIN: &str = "mail.example";
const TOKEN: &str = "approve+abcdefghijklmnopqrstuvwxyz@mail.example";
const ENVELOPE: &str = "from=checker@abc.example&to=approve%2Babcdefghijklmnopqrstuvwxyz@mail.example";

const MESSAGE: &str = "From: \"Wong, D\" <checker@abc.example>\r\nTo: Example <approve@mail.example>\r\n\
     Cc: other@abc.example\r\nSubject: Re: =?utf-8?Q?=E5=B7=B2?=\r\n folded\r\nDate: Tue, 7 Feb 2023 10:45:00 +0800\r\n\
     Message-ID: <reply-1@abc.example>\r\n\r\nYES 13361\r\n";

/// Receiving with one rule, whose function notes what it is called with.
struct Stage {
    receiving: Arc<Receiving>,
    queues: Arc<Queues>,
    told: Arc<Mutex<Vec<Json>>>,
    failing_calls: usize,
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

fn rule(setting: &Setting<'_>) -> ReceiptRule {
    let recipients = setting.recipients.iter();
    ReceiptRule {
        logical_id: "MailRule".to_owned(),
        recipients: recipients.map(|&one| one.to_owned()).collect(),
        scans: setting.scans,
        bucket: BUCKET.to_owned(),
        function: "EmailApprovalFunction".to_owned(),
    }
}

async fn stage(setting: Setting<'_>) -> Stage {
    let told = Arc::default();
    let clock = TestClock::at("2023-02-07T02:45:00Z").clock();
    let buckets = [Bucket {
        name: BUCKET.to_owned(),
        days: Some(30),
    }];
    let objects = setting.folder.map(|folder| folder.join("objects"));
    let storage = Arc::new(Storage::open(&buckets, objects, clock.clone()).unwrap());
    let queues = queues();
    let invoke = recorder(&told, setting.failing_calls, Json::Null);
    let function = target("EmailApprovalFunction", invoke, &queues, &clock);
    let file = setting.folder.map(|folder| folder.join("inbound.json"));
    let rules = vec![(rule(&setting), function)];
    let receiving = Receiving::open(rules, DOMAIN, storage, clock.clone(), file).unwrap();
    receiving.resume();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut console = console_of(&clock, &queues, port);
    console.receiving = receiving.clone();
    Stage {
        _server: Server::start(listener, console::router(console)),
        url: format!("http://127.0.0.1:{port}"),
        receiving,
        queues,
        told,
        failing_calls: setting.failing_calls,
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
        self.receiving.under_way().quiet().await;
        let told = self.told.lock().unwrap();
        told.iter().skip(self.failing_calls).cloned().collect()
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
