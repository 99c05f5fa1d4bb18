//! What is stored, and how the function is told of it.

use super::*;

#[tokio::test]
async fn the_function_is_told_in_sess_shape_and_finds_the_message_stored() {
    let place = tempfile::tempdir().unwrap();
    let stage = stage(Setting {
        folder: Some(place.path()),
        ..Setting::default()
    });
    let id = stage.taken(ENVELOPE, MESSAGE);
    let told = stage.told().await;
    assert_eq!(told.len(), 1);
    let record = &told[0]["Records"][0];
    assert_eq!(
        (&record["eventSource"], &record["eventVersion"]),
        (&json!("aws:ses"), &json!("1.0"))
    );
    let mail = &record["ses"]["mail"];
    let at = mail["timestamp"].as_str().unwrap();
    assert!(at.starts_with("2023-02-07T02:45:") && at.len() == "2023-02-07T02:45:00.000Z".len());
    assert_eq!(mail["source"], "bob@abc.example");
    assert_eq!(mail["messageId"], id.as_str());
    let named = ["answers@mail.example", "other@abc.example"];
    assert_eq!(mail["destination"], json!(named));
    assert_eq!(mail["headersTruncated"], false);
    let headers: Vec<_> = mail["headers"].as_array().unwrap().iter().collect();
    assert_eq!(
        headers[0],
        &json!({"name": "Return-Path", "value": "<bob@abc.example>"})
    );
    let subject = json!({"name": "Subject", "value": "Re: =?utf-8?Q?=E5=B7=B2?= folded"});
    assert!(headers.contains(&&subject), "{headers:?}");
    assert_eq!(
        mail["commonHeaders"],
        json!({
            "returnPath": "bob@abc.example",
            "from": ["Wong, D <bob@abc.example>"],
            "date": "Tue, 7 Feb 2023 10:45:00 +0800",
            "to": ["Example <answers@mail.example>"],
            "cc": ["other@abc.example"],
            "messageId": "<reply-1@abc.example>",
            "subject": "Re: 已 folded",
        })
    );
    let pass = json!({"status": "PASS"});
    assert_eq!(
        record["ses"]["receipt"],
        json!({
            "timestamp": at,
            "processingTimeMillis": 1,
            "recipients": [TOKEN],
            "spamVerdict": pass,
            "virusVerdict": pass,
            "spfVerdict": pass,
            "dkimVerdict": pass,
            "dmarcVerdict": pass,
            "action": {
                "type": "Lambda",
                "functionArn":
                    "arn:aws:lambda:ap-southeast-1:000000000000:function:InboundFunction",
                "invocationType": "Event",
            },
        })
    );
    let stored = std::fs::read(place.path().join("objects").join(BUCKET).join(&id)).unwrap();
    let stored = String::from_utf8(stored).unwrap();
    assert!(stored.starts_with("Return-Path: <bob@abc.example>\r\nReceived: from "));
    assert!(stored.ends_with(MESSAGE), "{stored}");
}

#[tokio::test]
async fn a_message_whose_lines_end_as_a_files_do_is_stored_as_smtp_would_carry_it() {
    let place = tempfile::tempdir().unwrap();
    let stage = stage(Setting {
        folder: Some(place.path()),
        ..Setting::default()
    });
    let id = stage.taken(ENVELOPE, &MESSAGE.replace("\r\n", "\n"));
    let path = place.path().join("objects").join(BUCKET).join(&id);
    assert!(std::fs::read_to_string(path).unwrap().ends_with(MESSAGE));
    let mixed = MESSAGE.replacen("\r\n", "\n", 1);
    let id = stage.taken(ENVELOPE, &mixed);
    let path = place.path().join("objects").join(BUCKET).join(&id);
    assert!(std::fs::read_to_string(path).unwrap().ends_with(&mixed));
}

#[tokio::test]
async fn each_verdict_can_be_chosen_or_left_out() {
    let stage = stage(Setting::default());
    for check in ["spam", "virus", "spf", "dkim", "dmarc"] {
        let verdict = format!("{check}Verdict");
        for word in ["PASS", "FAIL", "GRAY", "PROCESSING_FAILED", "DISABLED"] {
            stage.taken(&format!("{ENVELOPE}&{check}={word}"), MESSAGE);
            let receipt = stage.receipt().await;
            assert_eq!(receipt[&verdict], json!({"status": word}));
            let has_policy = receipt.get("dmarcPolicy").is_some();
            assert_eq!(has_policy, (check, word) == ("dmarc", "FAIL"), "{receipt}");
        }
        for word in ["NONE"] {
            stage.taken(&format!("{ENVELOPE}&{check}={word}"), MESSAGE);
            assert_eq!(stage.receipt().await.get(&verdict), None);
        }
    }
}

#[tokio::test]
async fn a_rule_that_does_not_scan_finds_neither_spam_nor_viruses() {
    let stage = stage(Setting {
        scans: false,
        ..Setting::default()
    });
    stage.taken(ENVELOPE, MESSAGE);
    let receipt = stage.receipt().await;
    let disabled = json!({"status": "DISABLED"});
    assert_eq!(
        (&receipt["spamVerdict"], &receipt["virusVerdict"]),
        (&disabled, &disabled)
    );
    assert_eq!(receipt["dmarcVerdict"]["status"], "PASS");
}

#[tokio::test]
async fn headers_are_left_out_when_they_are_long_or_when_it_is_asked_for() {
    let stage = stage(Setting::default());
    stage.taken(&format!("{ENVELOPE}&truncated=true"), MESSAGE);
    let long = format!("X-Long: {}\r\nX-Behind: x\r\n{MESSAGE}", "x".repeat(10 * 1024));
    stage.taken(ENVELOPE, &long);
    for event in stage.told().await {
        assert_eq!(event["Records"][0]["ses"]["mail"]["headersTruncated"], true);
        assert!(!event.to_string().contains("X-Behind"));
    }
}

#[tokio::test]
async fn a_bounce_has_no_sender() {
    let stage = stage(Setting::default());
    for from in ["", "%3C%3E"] {
        let query = format!("from={from}&to=no-reply@mail.example");
        stage.taken(&query, "Subject: Undelivered\r\n\r\nx\r\n");
        let mail = stage.told().await.pop().unwrap()["Records"][0]["ses"]["mail"].clone();
        assert_eq!(
            (&mail["source"], &mail["commonHeaders"]["returnPath"]),
            (&json!(""), &json!(""))
        );
        assert_eq!(mail["headers"][0]["value"], "<>");
        assert_eq!(mail["destination"], json!(["no-reply@mail.example"]));
    }
}

#[tokio::test]
async fn a_plus_sign_that_a_query_turned_into_a_blank_is_one_again() {
    let stage = stage(Setting::default());
    stage.taken(&ENVELOPE.replace("%2B", "+"), MESSAGE);
    assert_eq!(stage.receipt().await["recipients"], json!([TOKEN]));
}

#[tokio::test]
async fn a_function_that_fails_is_called_twice_more_and_then_the_queue_is_told() {
    for (failing_calls, told, queued) in [(2, 1, 0), (3, 0, 1)] {
        let stage = stage(Setting {
            failing_calls,
            ..Setting::default()
        });
        stage.taken(ENVELOPE, MESSAGE);
        assert_eq!(stage.told().await.len(), told);
        let messages = stage.queues.messages(QUEUE);
        assert_eq!(messages.len(), queued);
        for message in messages {
            assert_eq!(message["requestContext"]["approximateInvokeCount"], 3);
            let payload = &message["requestPayload"]["Records"][0];
            assert_eq!(payload["eventSource"], "aws:ses");
        }
    }
}

#[tokio::test]
async fn a_mail_that_no_function_was_told_of_is_told_after_a_restart_and_once() {
    let place = tempfile::tempdir().unwrap();
    let setting = |failing_calls| Setting {
        folder: Some(place.path()),
        failing_calls,
        ..Setting::default()
    };
    let first = stage(setting(1));
    let id = first.taken(ENVELOPE, MESSAGE);
    // The process ends between two tries.
    drop(first);
    let kept = std::fs::read_to_string(place.path().join("inbound.json")).unwrap();
    assert!(kept.contains(&id), "{kept}");
    let second = stage(setting(0));
    let told = second.told().await;
    assert_eq!(told[0]["Records"][0]["ses"]["mail"]["messageId"], id.as_str());
    drop(second);
    let third = stage(setting(0));
    assert_eq!(third.told().await, Vec::<Json>::new());
}
