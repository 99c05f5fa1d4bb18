//! What SES takes, and what is kept of it.

use super::*;

#[tokio::test]
async fn a_mail_that_the_sdk_sends_is_in_the_mailbox_as_it_was_sent() {
    let stage = stage(Setting::default()).await;
    let tag = MessageTag::builder()
        .name("request")
        .value("01ABC")
        .build()
        .unwrap();
    let sent = stage
        .mail(&["ann@abc.example"])
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
    assert_eq!(mail.outcomes, [DeliveryOutcome::Delivered]);
    assert!(mail.sent_at.to_string().starts_with("2023-02-07T02:43:"));
    assert_eq!(stage.told().await, Vec::<Json>::new());
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
    let to = ["ann@abc.example"];
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
        folder: Some(place.path().to_owned()),
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
    let refused = Mailbox::open(Vec::new(), Some((journal, place.path().join("suppressed.json"))));
    assert!(matches!(refused, Err(Error::Damaged(..))));
}

#[tokio::test]
async fn the_raw_mail_is_what_a_mail_server_gets() {
    let stage = stage(Setting::default()).await;
    stage.send(&["Ann <ann@abc.example>"]).await;
    let mail = &stage.ses.mails()[0];
    let raw = raw::rendered(mail).unwrap();
    let (headers, body) = raw.split_once("\r\n\r\n").unwrap();
    for header in [
        "From: \"Example\" <no-reply@mail.example>",
        "To: \"Ann\" <ann@abc.example>",
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
