//! The stand-in for SES, through the real SDK and with functions that record what they are called with.

use std::collections::BTreeMap;
use std::sync::Mutex;

use aws_sdk_sesv2::config::retry::RetryConfig;
use aws_sdk_sesv2::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_sesv2::error::SdkError;
use aws_sdk_sesv2::operation::send_email::SendEmailError;
use aws_sdk_sesv2::operation::send_email::builders::SendEmailFluentBuilder;
use aws_sdk_sesv2::types::{
    Body, Content, Destination, EmailContent, Message, MessageHeader, MessageTag, RawMessage,
};
use aws_sdk_sesv2::{Client, primitives::Blob};
use countersign_platform::lambda::{Failure, Invoke};
use serde_json::{Value as Json, json};

use super::topic::Subscriber;
use super::*;
use crate::callee::Callee;
use crate::server::Server;
use crate::template::{REGION, Unattended};

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

#[tokio::test]
async fn a_mail_that_the_sdk_sends_is_in_the_mailbox_as_it_was_sent() {
    let stage = stage(Setting::default()).await;
    let tag = MessageTag::builder()
        .name("request")
        .value("01ABC")
        .build()
        .unwrap();
    let sent = stage
        .mail(&["maker@abc.example"])
        .reply_to_addresses("desk@exchange.example")
        .email_tags(tag)
        .send()
        .await
        .unwrap();
    let id = sent.message_id().unwrap();
    let form = regex_lite::Regex::new("^[0-9a-f]{16}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-000000$");
    assert!(form.unwrap().is_match(id), "{id}");
    let mails = stage.ses.mails();
    let mail = &mails[0];
    assert_eq!((mails.len(), mail.id.as_str()), (1, id));
    assert_eq!(mail.message.subject, "Claimed – 已認領");
    assert_eq!(mail.message.text.as_deref(), Some("Guten Tag — 你好"));
    assert_eq!(mail.message.html.as_deref(), Some("<p>Hello</p>"));
    assert_eq!(mail.message.reply_to, ["desk@exchange.example"]);
    assert_eq!(mail.message.tags["request"], "01ABC");
    assert_eq!(mail.fates, [Fate::Delivered]);
    assert!(mail.sent_at.to_string().starts_with("2023-02-07T02:43:"));
    assert_eq!(stage.told().await, Vec::<Json>::new());
}

#[tokio::test]
async fn what_ses_refuses_is_refused_with_its_exceptions() {
    let stage = stage(Setting::default()).await;
    let to = ["maker@abc.example"];
    let from = |from: &str| stage.mail(&to).from_email_address(from);
    let many = ["a@b.example"; 51];
    let tag = |name: &str| MessageTag::builder().name(name).value("x").build().unwrap();
    let raw = RawMessage::builder().data(Blob::new("x")).build().unwrap();
    for (mail, kind, said) in vec![
        (from("no-reply@other.example"), "MessageRejected", "not verified"),
        (
            from("no-reply@mail.countersign.example"),
            "MessageRejected",
            "not verified",
        ),
        (from("no-reply"), "BadRequestException", "Missing final '@domain'"),
        (
            stage.mail(&to).set_from_email_address(None),
            "BadRequestException",
            "FromEmailAddress",
        ),
        (
            stage.mail(&to).configuration_set_name("other"),
            "NotFoundException",
            "<other>",
        ),
        (stage.mail(&many), "BadRequestException", "exceeds 50"),
        (stage.mail(&[]), "BadRequestException", "recipient"),
        (stage.mail(&["mäker@abc.example"]), "BadRequestException", "ASCII"),
        (
            stage.mail(&["maker@abc.example\r\nBcc: x@y.example"]),
            "BadRequestException",
            "control",
        ),
        (
            stage.mail(&["a@b.example, c@d.example"]),
            "BadRequestException",
            "Local",
        ),
        (stage.mail(&["a@b.example,c"]), "BadRequestException", "Domain"),
        (
            stage.mail(&["a b@c.example"]),
            "BadRequestException",
            "whitespace",
        ),
        (stage.mail(&["@c.example"]), "BadRequestException", "Local"),
        (
            stage.mail(&to).reply_to_addresses("nobody"),
            "BadRequestException",
            "Missing final",
        ),
        (
            stage.mail(&to).email_tags(tag("a b")),
            "BadRequestException",
            "tag",
        ),
        (
            stage.mail(&to).email_tags(tag("a")).email_tags(tag("a")),
            "BadRequestException",
            "twice",
        ),
        (
            stage.mail(&to).content(EmailContent::builder().raw(raw).build()),
            "BadRequestException",
            "Raw",
        ),
    ] {
        let (code, message) = refusal(mail).await;
        assert_eq!(code, kind, "{message}");
        assert!(message.contains(said), "{message}");
    }
    assert!(stage.ses.mails().is_empty());
}

#[tokio::test]
async fn headers_outside_of_sess_limits_are_refused_and_those_within_are_taken() {
    let stage = stage(Setting::default()).await;
    let to = ["maker@abc.example"];
    let (long_name, long_value) = ("x".repeat(126), "v".repeat(870));
    let at_the_limit = content(&[(&long_name, &long_value), ("X-Odd!#$%", "~ a b")]);
    stage.mail(&to).content(at_the_limit).send().await.unwrap();
    for (name, value) in [
        ("x".repeat(127).as_str(), "v"),
        ("", "v"),
        ("X Y", "v"),
        ("X:Y", "v"),
        ("X-Ümlaut", "v"),
        ("X-A", "v".repeat(871).as_str()),
        ("X-A", "a\r\nBcc: x@y.example"),
        ("X-A", "ü"),
        ("Bcc", "x@y.example"),
    ] {
        let (code, message) = refusal(stage.mail(&to).content(content(&[(name, value)]))).await;
        assert_eq!(code, "BadRequestException", "{name}: {message}");
        assert!(message.contains("header"), "{name}: {message}");
    }
    let sixteen = content(&[("X-A", "v"); 16]);
    assert_eq!(
        refusal(stage.mail(&to).content(sixteen)).await.0,
        "BadRequestException"
    );
}

#[tokio::test]
async fn content_that_would_arrive_broken_is_refused() {
    let stage = stage(Setting::default()).await;
    let plain = |data: &str| Content::builder().data(data).build().unwrap();
    let with = |subject: Content, body: Body| {
        let message = Message::builder().subject(subject).body(body).build();
        stage
            .mail(&["maker@abc.example"])
            .content(EmailContent::builder().simple(message).build())
    };
    let body = |data: &str| Body::builder().text(plain(data)).build();
    with(plain("plain"), body("plain")).send().await.unwrap();
    for (mail, said) in [
        (with(plain("ü"), body("plain")), "Charset"),
        (with(plain("plain"), body("ü")), "Charset"),
        (with(text("a\nBcc: x@y.example"), body("plain")), "control"),
        (with(plain("plain"), Body::builder().build()), "body"),
    ] {
        let (code, message) = refusal(mail).await;
        assert_eq!(code, "BadRequestException");
        assert!(message.contains(said), "{message}");
    }
}

#[tokio::test]
async fn a_bounce_is_told_to_the_function_in_the_shape_that_lambda_has_it() {
    let stage = stage(Setting::default()).await;
    let tag = MessageTag::builder()
        .name("request")
        .value("01ABC")
        .build()
        .unwrap();
    let sent = stage
        .mail(&["bounce+1@abc.example"])
        .email_tags(tag)
        .send()
        .await
        .unwrap();
    let told = stage.told().await;
    assert_eq!(told.len(), 1);
    let event = &told[0];
    assert_eq!(event["eventType"], "Bounce");
    assert_eq!(event["bounce"]["bounceType"], "Permanent");
    assert_eq!(event["bounce"]["bounceSubType"], "General");
    let recipient = &event["bounce"]["bouncedRecipients"][0];
    assert_eq!(recipient["emailAddress"], "bounce+1@abc.example");
    assert_eq!(
        (&recipient["action"], &recipient["status"]),
        (&json!("failed"), &json!("5.1.1"))
    );
    let mail = &event["mail"];
    assert_eq!(mail["messageId"], sent.message_id().unwrap());
    assert_eq!(mail["destination"], json!(["bounce+1@abc.example"]));
    assert_eq!(mail["tags"]["ses:configuration-set"], json!([SET]));
    assert_eq!(mail["tags"]["request"], json!(["01ABC"]));
    assert_eq!(mail["commonHeaders"]["subject"], "Claimed – 已認領");
    assert_eq!(mail["headersTruncated"], false);
    let timestamp = mail["timestamp"].as_str().unwrap();
    assert!(
        timestamp.starts_with("2023-02-07T02:43:") && timestamp.len() == "2023-02-07T02:43:00.000Z".len()
    );

    let record = stage.told.lock().unwrap()[0]["Records"][0].clone();
    assert_eq!(record["EventSource"], "aws:sns");
    assert_eq!(record["Sns"]["Type"], "Notification");
    assert_eq!(
        record["Sns"]["TopicArn"],
        "arn:aws:sns:ap-southeast-1:000000000000:countersign-Topic"
    );
    assert_eq!(record["Sns"]["Subject"], "Amazon SES Email Event Notification");
}

#[tokio::test]
async fn every_simulated_recipient_gets_its_event_and_only_those_that_the_configuration_asks_for() {
    let stage = stage(Setting::default()).await;
    let complaint = ["complaint@abc.example", "maker@abc.example"];
    for to in [
        &complaint[..],
        &["delay@abc.example"],
        &["suppressed@abc.example"],
    ] {
        stage.send(to).await;
        stage.told().await;
    }
    let told = stage.told().await;
    let kinds: Vec<_> = told
        .iter()
        .map(|event| event["eventType"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["Complaint", "DeliveryDelay", "Bounce"]);
    let complained = &told[0]["complaint"]["complainedRecipients"];
    assert_eq!(*complained, json!([{ "emailAddress": "complaint@abc.example" }]));
    assert_eq!(
        told[1]["deliveryDelay"]["delayedRecipients"][0]["emailAddress"],
        "delay@abc.example"
    );
    assert_eq!(told[2]["bounce"]["bounceSubType"], "OnAccountSuppressionList");

    // REJECT is none of this configuration's event types.
    stage.send(&["reject@abc.example"]).await;
    assert_eq!(stage.told().await.len(), 3);
    assert_eq!(
        stage.ses.mails().len(),
        2,
        "neither the suppressed nor the rejected one was sent"
    );
}

#[tokio::test]
async fn an_address_that_bounced_is_sent_nothing_more_and_each_try_bounces() {
    let stage = stage(Setting::default()).await;
    stage.send(&["bounce@abc.example"]).await;
    stage.send(&["Bounce@ABC.example", "maker@abc.example"]).await;
    let told = stage.told().await;
    let kinds: Vec<_> = told
        .iter()
        .map(|event| event["bounce"]["bounceSubType"].clone())
        .collect();
    assert_eq!(kinds, ["General", "OnAccountSuppressionList"]);
    let mails = stage.ses.mails();
    assert_eq!(mails[0].fates, [Fate::Suppressed, Fate::Delivered]);
    assert!(!mails[0].was_sent_to("bounce@abc.example") && mails[0].was_sent_to("maker@abc.example"));
}

#[tokio::test]
async fn a_function_that_fails_is_called_twice_more_and_then_the_queue_is_told() {
    let twice = stage(Setting {
        failing_calls: 2,
        ..Setting::default()
    })
    .await;
    twice.send(&["bounce@abc.example"]).await;
    assert_eq!(twice.told().await.len(), 1);
    assert!(twice.queues.messages("Unread").is_empty());

    let thrice = stage(Setting {
        failing_calls: 3,
        ..Setting::default()
    })
    .await;
    thrice.send(&["bounce@abc.example"]).await;
    assert!(thrice.told().await.is_empty());
    let messages = thrice.queues.messages("Unread");
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0]["requestContext"]["condition"], "RetriesExhausted");
    assert_eq!(messages[0]["requestContext"]["approximateInvokeCount"], 3);
    let payload = &messages[0]["requestPayload"]["Records"][0]["Sns"];
    assert!(
        payload["Message"]
            .as_str()
            .unwrap()
            .contains("bounce@abc.example")
    );
}

#[tokio::test]
async fn a_test_makes_it_throttle_fail_and_lose_its_answer() {
    let next = Arc::new(Mutex::new(vec![
        Fault::Deliver,
        Fault::TakeThenDrop,
        Fault::FailBefore,
        Fault::Throttle,
    ]));
    let stage = stage(Setting {
        faults: Some(Arc::new(move |_| next.lock().unwrap().pop().unwrap())),
        ..Setting::default()
    })
    .await;
    let to = ["maker@abc.example"];
    let throttled = stage.mail(&to).send().await.unwrap_err();
    assert!(matches!(
        throttled.as_service_error(),
        Some(SendEmailError::TooManyRequestsException(_))
    ));
    assert_eq!(refusal(stage.mail(&to)).await.0, "InternalFailure");
    assert!(stage.ses.mails().is_empty());
    let lost = stage.mail(&to).send().await.unwrap_err();
    assert!(lost.as_service_error().is_none(), "{lost:?}");
    assert_eq!(stage.ses.mails().len(), 1);
    stage.send(&to).await;
    assert_eq!(stage.ses.mails().len(), 2);
}

#[tokio::test]
async fn mails_the_suppression_list_and_what_is_untold_survive_a_restart_and_a_torn_line_does_not() {
    let place = tempfile::tempdir().unwrap();
    let setting = |failing_calls| Setting {
        failing_calls,
        folder: Some(Folder::open(place.path()).unwrap()),
        ..Setting::default()
    };
    let first = stage(setting(0)).await;
    let id = first.send(&["bounce@abc.example"]).await;
    // The process ends before the function is told.
    drop(first);
    let journal = place.path().join("mails.jsonl");
    let mut torn = std::fs::read(&journal).unwrap();
    torn.extend_from_slice(br#"{"mail":{"id":"0100"#);
    std::fs::write(&journal, torn).unwrap();

    let second = stage(setting(0)).await;
    assert_eq!(second.ses.mails().len(), 1);
    let told = second.told().await;
    assert_eq!(told[0]["mail"]["messageId"], id.as_str());
    second.send(&["bounce@abc.example"]).await;
    assert_eq!(
        second.told().await[1]["bounce"]["bounceSubType"],
        "OnAccountSuppressionList"
    );

    let third = stage(setting(0)).await;
    assert_eq!(
        third.told().await,
        Vec::<Json>::new(),
        "what was told is not told again"
    );
    assert_eq!(third.ses.mails().len(), 1);
}

#[test]
fn a_journal_that_is_damaged_in_its_middle_is_a_start_error() {
    let place = tempfile::tempdir().unwrap();
    let journal = place.path().join("mails.jsonl");
    std::fs::write(&journal, "{\"mail\":\n{\"told\":\"x\"}\n").unwrap();
    let refused = Mailbox::open(Vec::new(), Some(&journal), None);
    assert!(matches!(refused, Err(StartError::Data(..))));
}

#[tokio::test]
async fn the_raw_mail_is_what_a_mail_server_gets() {
    let stage = stage(Setting::default()).await;
    stage.send(&["A Maker <maker@abc.example>"]).await;
    let mail = &stage.ses.mails()[0];
    let raw = raw::rendered(mail).unwrap();
    let (headers, body) = raw.split_once("\r\n\r\n").unwrap();
    for header in [
        "From: \"Countersign\" <no-reply@countersign.example>",
        "To: \"A Maker\" <maker@abc.example>",
        "Date: Tue, 7 Feb 2023 02:43:",
        "Auto-Submitted: auto-generated",
        "Subject: =?utf-8?",
        "Content-Type: multipart/alternative",
        "MIME-Version: 1.0",
    ] {
        assert!(headers.contains(header), "{header}: {headers}");
    }
    assert!(headers.contains(&format!("Message-ID: <{}@ap-southeast-1.amazonses.com>", mail.id)));
    assert!(body.contains("<p>Hello</p>"), "{body}");
    assert!(raw.is_ascii());
}
