//! Mail that comes in, with functions that record what they are called with.

mod refused;
mod told;

use std::path::Path;

use serde_json::json;

use super::*;
use crate::clock::tests::TestClock;
use crate::cloudformation::Bucket;
use crate::sqs::Queues;
use crate::testing::{QUEUE, queues, recorder, target};

const BUCKET: &str = "InboundMail";
const DOMAIN: &str = "mail.example";
const TOKEN: &str = "answers+abcdefghijklmnopqrstuvwxyz@mail.example";
const ENVELOPE: &str = "from=bob@abc.example&to=answers%2Babcdefghijklmnopqrstuvwxyz@mail.example";

const MESSAGE: &str = "From: \"Wong, D\" <bob@abc.example>\r\nTo: Example <answers@mail.example>\r\n\
     Cc: other@abc.example\r\nSubject: Re: =?utf-8?Q?=E5=B7=B2?=\r\n folded\r\nDate: Tue, 7 Feb 2023 10:45:00 +0800\r\n\
     Message-ID: <reply-1@abc.example>\r\n\r\nYES 13361\r\n";

/// Receiving with one rule, whose function notes what it is called with.
struct Stage {
    receiving: Arc<Receiving>,
    queues: Arc<Queues>,
    told: Arc<Mutex<Vec<Json>>>,
    failing_calls: usize,
}

/// How a stage is set.
#[derive(Clone, Copy)]
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
        function: "InboundFunction".to_owned(),
    }
}

fn stage(setting: Setting<'_>) -> Stage {
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
    let function = target("InboundFunction", invoke, &queues, &clock);
    let file = setting.folder.map(|folder| folder.join("inbound.json"));
    let rules = vec![(rule(&setting), function)];
    let receiving = Receiving::open(rules, DOMAIN, storage, clock.clone(), file).unwrap();
    receiving.resume();
    Stage {
        receiving,
        queues,
        told,
        failing_calls: setting.failing_calls,
    }
}

impl Stage {
    fn receive(&self, query: &str, message: &str) -> Result<String, ReceiveError> {
        let envelope = Envelope::parse(form_urlencoded::parse(query.as_bytes())).unwrap();
        self.receiving.receive(&envelope, message.as_bytes())
    }

    /// The ID of a message that is taken.
    fn taken(&self, query: &str, message: &str) -> String {
        self.receive(query, message).unwrap()
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
